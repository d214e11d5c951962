"""`/metrics` for Prometheus, and what of the process itself is counted: requests, the event loop, the database."""

import asyncio
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import django
from django.conf import settings
from django.db import Error
from django.db.backends.signals import connection_created
from django.db.utils import DatabaseErrorWrapper
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, Info, generate_latest

from gemini import metrics as replies_metrics
from gemini import replies

LOOPBACK = ("127.0.0.1", "::1")
# Any of these says that somebody else stands behind the loopback peer.
PROXY_HEADERS = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# Seconds between two looks at the event loop.
LOOK_EVERY = 0.5

requests = Counter("http_requests", "Requests by the name of their route.", ["route", "method", "status"])
durations = Histogram(
    "http_request_seconds",
    "From a request's arrival in Django to its answer; of a stream, to its beginning.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
loop_lag = Histogram(
    "event_loop_lag_seconds",
    "How much later than asked for the event loop came back.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
)
database_errors = Counter("database_errors", "What the database refused, by kind.", ["kind"])
build = Info("gemini_build", "What runs here.")


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """A microsecond or two; `route` is a name of the URLconf's, never a path."""
    requests.labels(route, method if method in METHODS else "OTHER", f"{status // 100}xx").inc()
    durations.labels(route).observe(seconds)


def exposed(request: HttpRequest) -> HttpResponse | None:
    """The metrics, for those who may read them; None for everybody else, to whom there is no such page."""
    if not may_read(request):
        return None
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def may_read(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if token and constant_time_compare(given, f"Bearer {token}"):
        return True
    peer = getattr(request, "scope", {}).get("peer") or request.META.get("REMOTE_ADDR")
    return peer in LOOPBACK and not any(name in request.headers for name in PROXY_HEADERS)


def begin() -> None:
    """Once for the process, when it serves."""
    replies_metrics.watch(replies.runtime)
    connection_created.connect(count_errors_of, dispatch_uid="metrics")
    try:
        release = version("gemini-chat")
    except PackageNotFoundError:
        # Run from its folder, as `make run` does.
        release = "source"
    build.info(
        {
            "version": release,
            "engine": settings.GEMINI_ENGINE,
            "database": settings.DATABASES["default"]["ENGINE"].rpartition(".")[2],
            "django": django.get_version(),
            "python": platform.python_version(),
        }
    )


async def watch_loop() -> None:
    """For ever: sleeps, and notes by how much it overslept."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(LOOK_EVERY)
        loop_lag.observe(max(0.0, time.perf_counter() - began - LOOK_EVERY))


def count_errors_of(connection: Any, **_: Any) -> None:
    # Signalled with each connection to the database. An execute wrapper would stand in the way of every statement, and
    # keep `gemini.sql` from giving its own to SQLite itself.
    connection.wrap_database_errors = CountedErrors(connection)


class CountedErrors(DatabaseErrorWrapper):
    """Django's own, through which the errors of all that is asked of a connection pass."""

    def __exit__(self, *raised: Any) -> None:
        try:
            super().__exit__(*raised)
        except Error as error:
            database_errors.labels(type(error).__name__).inc()
            raise
