"""Where a call comes from, as the real server sees it."""

import httpx
import pytest

from tests.processes import Server

HEADERS = ["X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP"]


def attempts(server, name, *headers):
    """The statuses of wrong sign-ins, each with its own headers."""
    body = {"username": name, "password": "wrong"}
    url = f"{server.url}/api/v1/accounts/session/"
    return [httpx.post(url, json=body, headers=one, timeout=30).status_code for one in headers]


@pytest.fixture(scope="module")
def behind_a_proxy():
    with Server(None, TRUSTED_PROXIES="127.0.0.1,10.0.0.0/8") as server:
        yield server


@pytest.mark.parametrize("header", HEADERS)
def test_without_trusted_proxies_no_header_changes_where_a_call_comes_from(plain_server, header):
    written = "for={}" if header == "Forwarded" else "{}"
    headers = [{header: written.format(f"198.51.100.{n}")} for n in range(6)]
    assert attempts(plain_server, f"by {header}", *headers) == [401] * 5 + [429]


def test_a_trusted_proxy_says_where_a_call_comes_from(behind_a_proxy):
    headers = [{"X-Forwarded-For": f"198.51.100.{n}"} for n in range(6)]
    assert attempts(behind_a_proxy, "alice", *headers) == [401] * 6


def test_what_a_caller_wrote_before_the_proxy_did_does_not_count(behind_a_proxy):
    headers = [{"X-Forwarded-For": f"192.0.2.{n}, 198.51.100.77, 10.1.2.3"} for n in range(6)]
    assert attempts(behind_a_proxy, "bob", *headers) == [401] * 5 + [429]


def test_a_proxy_that_writes_nonsense_makes_one_caller_of_all(behind_a_proxy):
    headers = [{"X-Forwarded-For": f"nonsense{n}"} for n in range(6)]
    assert attempts(behind_a_proxy, "carol", *headers) == [401] * 5 + [429]
