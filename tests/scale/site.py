"""One site of several worker processes: a database of PostgreSQL's, perhaps a Redis, and a port for each worker."""

import asyncio
import secrets
import shutil
import subprocess
from typing import Any, Self

import psycopg
import redis
from psycopg.rows import dict_row

from tests.processes import Emulator, Server, free_port, manage, wait_until
from tests.visitor import Screen, Visitor

POSTGRESQL = "postgres://postgres@127.0.0.1:5432"


class Redis:
    """A redis-server of the tests' own, which they may stop."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis.from_url(self.url, decode_responses=True)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.answers)
        return self

    def answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.stop()


class Database:
    """Made for these tests, and dropped after them."""

    def __init__(self) -> None:
        self.name = f"scale_{secrets.token_hex(4)}"
        self.url = f"{POSTGRESQL}/{self.name}"

    def __enter__(self) -> Self:
        self.administer(f"CREATE DATABASE {self.name}")
        return self

    def __exit__(self, *_: object) -> None:
        self.administer(f"DROP DATABASE {self.name} WITH (FORCE)")

    def administer(self, statement: str) -> None:
        with psycopg.connect(f"{POSTGRESQL}/postgres", autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def disconnect_all(self) -> None:
        """What a restart of PostgreSQL does to those who are connected."""
        self.administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'")


class Worker(Server):
    """A server process whose database others share; it migrates nothing."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def rows(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        with psycopg.connect(self.environment["DATABASE_URL"], row_factory=dict_row) as connection:
            return connection.execute(query.replace("?", "%s"), arguments).fetchall()


class Site:
    def __init__(self, upstream: Emulator, database: Database, workers: int = 2, **environment: str) -> None:
        environment |= {"DATABASE_URL": database.url, "DRAIN_SECONDS": "3"}
        self.database = database
        self.workers = [Worker(upstream, **environment) for _ in range(workers)]

    def __enter__(self) -> Self:
        manage("migrate", "--noinput", "--verbosity", "0", DATABASE_URL=self.database.url)
        for worker in self.workers:
            worker.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.__exit__()

    def visitors(self, name: str) -> list[Visitor]:
        """The same person at each worker, by the same cookie: a balancer may send each request anywhere."""
        [key] = self.workers[0].sign_in(name)
        return [Visitor(worker, key) for worker in self.workers]

    def log(self) -> str:
        return "\n".join(worker.log() for worker in self.workers)


async def watch_until(word: str, person: Visitor, reply: int, screen: Screen) -> "asyncio.Task[Screen]":
    """A task that watches a reply; returned once the word is on the screen."""
    watching = asyncio.create_task(person.watch(reply, screen))
    await asyncio.to_thread(wait_until, lambda: word in screen.text or watching.done())
    return watching


def missing() -> str:
    """Why these tests cannot run here; empty when they can."""
    if not shutil.which("redis-server"):
        return "redis-server is not installed"
    try:
        psycopg.connect(f"{POSTGRESQL}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return "no PostgreSQL at 127.0.0.1:5432"
    return ""
