"""The counter of limits: exact when many come at once, in memory and in Redis, and never open."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import redis
from django.test import RequestFactory

from gemini import throttling
from gemini.exceptions import RateLimited
from tests.processes import ENVIRONMENT, ROOT, free_port

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/2")
# Waits for the word to start, then calls as fast as it can; prints how many calls were let through.
PROCESS = """
import sys
import django
django.setup()
from gemini import throttling
from gemini.exceptions import RateLimited
print("ready", flush=True)
sys.stdin.readline()
passed = 0
for _ in range(60):
    try:
        throttling.consume("key_test", "one caller")
        passed += 1
    except RateLimited:
        pass
print(passed, flush=True)
"""


@pytest.fixture(autouse=True)
def limits(settings):
    settings.RATE_LIMITS = {"key_test": "20 per 5 minutes"}


@pytest.fixture
def shared(settings):
    client = redis.Redis.from_url(REDIS, socket_connect_timeout=1)
    try:
        client.ping()
    except redis.ConnectionError:
        pytest.skip("no Redis at 127.0.0.1:6379")
    settings.REDIS_URL = REDIS
    forget_all(client)
    yield client
    forget_all(client)
    client.close()


def forget_all(client):
    """Of limits only: whatever else is in that Redis is somebody's."""
    for key in client.scan_iter("gemini:limit:*"):
        client.delete(key)


def passes(*whose):
    try:
        throttling.consume("key_test", *whose)
    except RateLimited:
        return False
    return True


def rush(threads=16, calls=10):
    """How many of so many calls at once are let through."""
    together = Barrier(threads)

    def call(_):
        together.wait()
        return sum(passes("one caller") for _ in range(calls))

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(call, range(threads)))


def test_of_many_threads_at_once_exactly_as_many_pass_as_there_is_room_for():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        assert rush() == 20
    finally:
        sys.setswitchinterval(interval)


def test_of_many_threads_that_meet_in_redis_exactly_as_many_pass(shared):
    assert rush() == 20


def test_of_many_processes_that_meet_in_redis_exactly_as_many_pass(shared):
    environment = {**ENVIRONMENT, "DJANGO_SETTINGS_MODULE": "config.settings", "REDIS_URL": REDIS}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS],
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    for process in started:
        assert process.stdout.readline() == "ready\n"
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    # Its own 60 seconds stand for a process that hangs.
    assert sum(int(process.communicate(timeout=60)[0]) for process in started) == 20


def test_callers_do_not_use_up_each_others_room():
    assert all(passes("alice") for _ in range(20))
    assert not passes("alice")
    assert passes("bob")
    assert passes("ali", "ce"), "the parts of a name are told apart"


def test_a_refusal_says_when_to_come_again():
    while passes("alice"):
        pass
    with pytest.raises(RateLimited) as refused:
        throttling.consume("key_test", "alice")
    assert 290 <= refused.value.retry_after <= 300
    assert refused.value.retry_after == int(refused.value.retry_after)


def test_what_is_forgotten_has_all_its_room_again(shared):
    while passes("alice"):
        pass
    throttling.forget("key_test", "alice")
    assert sum(passes("alice") for _ in range(25)) == 20


def test_without_redis_the_limit_still_holds_and_nothing_fails(settings, caplog):
    settings.REDIS_URL = f"redis://:secret-word@127.0.0.1:{free_port()}/0"
    assert rush() == 20
    assert "Redis is down" in caplog.text
    assert "secret-word" not in caplog.text


def test_redis_that_goes_away_gives_nobody_a_fresh_start(shared, settings, monkeypatch):
    assert sum(passes("alice") for _ in range(15)) == 15
    counters = throttling.counters(settings.REDIS_URL)

    def refuse(*_, **__):
        raise redis.ConnectionError

    monkeypatch.setattr(counters.shared, "hit", refuse)
    assert sum(passes("alice") for _ in range(15)) == 5
    # And when it is back, it counts again.
    monkeypatch.undo()
    monkeypatch.setattr(counters, "_down_until", 0.0)
    assert passes("bob")
    assert shared.keys("gemini:limit:*")


def test_who_is_counted_stands_in_no_key(shared):
    passes("vera@example.by")
    assert "vera" not in str(shared.keys("*"))


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("a proxy's nonsense", "unknown"),
    ],
)
def test_an_address_is_counted_as_one_however_it_is_written(address, counted):
    assert throttling.address_of(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


def test_no_limit_is_no_limit(settings):
    settings.RATE_LIMITS = {"api": ""}
    for _ in range(3):
        throttling.consume("api", 1)
        throttling.consume("unknown action", 1)
