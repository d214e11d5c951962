"""How often a password may be tried, by the page and by REST alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db

REST = "/api/v1/accounts/session/"
HOME = "198.51.100.1"


def by_page(login="alice", password="wrong", address=HOME, **headers):
    client = Client(headers={"Host": "localhost", **headers})
    return client.post(reverse("account_login"), {"login": login, "password": password}, REMOTE_ADDR=address)


def by_rest(login="alice", password="wrong", address=HOME, **headers):
    body = {"username": login, "password": password}
    return Client(headers={"Host": "localhost", **headers}).post(
        REST, body, content_type="application/json", REMOTE_ADDR=address
    )


def refusals(answers):
    return [answer.status_code for answer in answers].count(429)


@pytest.mark.parametrize("attempt", [by_page, by_rest])
def test_the_sixth_wrong_password_is_not_looked_at_and_neither_is_the_right_one(alice, attempt):
    assert refusals([attempt() for _ in range(5)]) == 0
    refused = attempt(password="correct horse")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 300
    # Another address, and another account from here, are not held responsible.
    assert attempt(address="198.51.100.2").status_code != 429
    assert attempt("bob").status_code != 429


def test_the_page_is_in_our_look_and_rest_in_its_envelope(alice):
    for _ in range(5):
        by_rest()
    page, answer = by_page(), by_rest()
    assert "Слишком много попыток" in page.content.decode()
    assert answer.json() == {
        "error": "Слишком много запросов. Попробуйте позже.",
        "code": "rate_limited",
        "retry_after": pytest.approx(300, abs=10),
    }
    assert "Content-Security-Policy" in page.headers


def test_the_page_and_rest_and_every_way_to_write_a_name_count_together(alice):
    alice.email = "alice@example.by"
    alice.save()
    for attempt, login in (
        (by_page, "alice"),
        (by_rest, "ALICE"),
        (by_rest, "alice@example.by"),
        (by_page, "Alice@Example.BY"),
        (by_rest, " alice "),
    ):
        assert attempt(login).status_code != 429
    assert by_page("ａlice").status_code == 429


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "x-forwarded-FOR", "Forwarded", "X-Real-IP", "Client-IP", "CF-Connecting-IP", "Via"]
)
def test_no_header_makes_somebody_else_of_a_caller(alice, header):
    answers = [by_rest(**{header: f"for=192.0.2.{n}" if header == "Forwarded" else f"192.0.2.{n}"}) for n in range(6)]
    assert refusals(answers) == 1


def test_another_name_of_the_host_makes_nobody_else_of_a_caller(alice):
    hosts = ["localhost", "LOCALHOST", "127.0.0.1", "localhost:80", "[::1]", "127.0.0.1:8000"]
    assert refusals([by_rest(Host=host) for host in hosts]) == 1


def test_a_household_of_ipv6_is_one_address(alice):
    assert refusals([by_rest(address=f"2001:db8:7:7::{n:x}") for n in range(6)]) == 1
    assert by_rest(address="2001:db8:7:8::1").status_code == 401


def test_a_success_forgets_the_attempts_on_this_account_from_here(alice):
    for _ in range(3):
        for _ in range(4):
            by_rest()
        assert by_rest(password="correct horse").status_code == 201
    assert refusals([by_rest() for _ in range(6)]) == 1


def test_from_one_address_only_so_many_accounts_can_be_tried():
    assert refusals([by_rest(f"somebody{n}") for n in range(31)]) == 1
    assert by_rest("somebody", address="198.51.100.9").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_attempts_at_once_are_counted_like_attempts_in_turn(settings):
    factories.make_user("alice")

    def attempt(_):
        try:
            return by_rest().status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(attempt, range(12)))
    assert (statuses.count(401), statuses.count(429)) == (5, 7)


def test_the_admin_has_no_way_in_of_its_own(client, alice, client_of):
    factories.make_user("chief", is_staff=True, is_superuser=True)
    answer = client.post("/admin/login/?next=/admin/", {"username": "chief", "password": "correct horse"})
    assert answer.url.startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session
    assert client_of(alice).get("/admin/login/").status_code == 403
    assert by_page("chief", "correct horse").status_code == 302


def test_accounts_are_not_made_by_the_hundred(client):
    answers = [client.post(reverse("account_signup"), {"username": "x"}, REMOTE_ADDR=HOME) for _ in range(21)]
    assert refusals(answers) == 1


def test_the_old_password_cannot_be_guessed_without_end(alices, alice):
    data = {"oldpassword": "wrong", "password1": "Дождь-в-Минске-7", "password2": "Дождь-в-Минске-7"}
    assert refusals([alices.post(reverse("account_change_password"), data) for _ in range(11)]) == 1
    right = alices.post(reverse("account_change_password"), data | {"oldpassword": "correct horse"})
    assert right.status_code == 429
    alice.refresh_from_db()
    assert alice.check_password("correct horse")


def test_nobody_is_sent_letters_by_the_dozen(client, mailoutbox):
    factories.make_user("alice", email="alice@example.by")
    answers = [
        client.post(reverse("account_reset_password"), {"email": f"{'Alice' if n % 2 else 'alice'}@example.by"})
        for n in range(5)
    ]
    assert refusals(answers) == 2
    assert len(mailoutbox) == 3
