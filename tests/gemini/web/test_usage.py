"""The usage page: one's own numbers, each with the way to its calls; the whole site's for the staff, without words."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gemini.models import GeminiCall, ModelPrice
from tests import factories
from tests.factories import make_call
from tests.streamed import content_of

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

USAGE, CALLS, CSV, CALLS_CSV = (
    "/gemini/usage/",
    "/gemini/usage/calls/",
    "/gemini/usage/usage.csv",
    "/gemini/usage/calls.csv",
)
PAGES = [USAGE, CALLS, CSV, CALLS_CSV]


@pytest.fixture
def staff(bob, client_of):
    bob.is_staff = True
    bob.save()
    return client_of(bob)


def body(response):
    return content_of(response).decode()


@pytest.fixture
def secret(alice):
    """A call of Alice's, with the words behind it."""
    session = factories.make_session(alice, "Тайна")
    make_call(alice, model="alices-model", message=factories.make_message(session, "Секрет"))
    return session


@pytest.mark.parametrize("url", PAGES)
def test_nothing_of_anothers_is_shown_whatever_the_address_asks(bobs, alice, secret, url):
    for query in ("?period=all", "?period=all&whole=1", "?whole=1&user=alice", f"?user={alice.pk}"):
        text = body(bobs.get(url + query))
        assert not any(word in text for word in ("alices-model", "Тайна", "Секрет", ">alice<", "alice;"))


@pytest.mark.parametrize("url", PAGES)
def test_the_staff_see_the_whole_sites_numbers_by_a_switch_and_no_words(staff, secret, url):
    assert "alices-model" not in body(staff.get(url))
    text = body(staff.get(f"{url}?whole=1"))
    assert "alices-model" in text
    assert "alice" in text.replace("alices-model", "")
    assert not any(word in text for word in ("Тайна", "Секрет", f"/chat/{secret.pk}/"))


def test_each_group_leads_to_its_calls_in_the_same_period(alices, alice):
    make_call(alice, interface="rest", code="timeout")
    make_call(alice)
    page = body(alices.get(f"{USAGE}?period=7d"))
    link = f"{CALLS}?period=7d&amp;interface=rest&amp;outcome=failed"
    assert link in page
    assert "REST API" in page
    calls = body(alices.get(link.replace("&amp;", "&")))
    assert "Gemini не ответил вовремя" in calls
    assert calls.count('<th scope="row">') == 1
    assert f"{CALLS_CSV}?period=7d&amp;interface=rest&amp;outcome=failed" in calls


def test_a_call_leads_to_its_message_as_long_as_both_it_and_its_chat_are_there(alices, alice):
    session = factories.make_session(alice)
    reply = factories.make_reply(session)
    make_call(alice, message=reply)
    link = f"/gemini/chat/{session.pk}/?message={reply.pk}#message-{reply.pk}"
    assert link in body(alices.get(CALLS))
    reply.deleted_at = timezone.now()
    reply.save()
    assert link not in body(alices.get(CALLS))
    reply.deleted_at, session.deleted_at = None, timezone.now()
    reply.save()
    session.save()
    assert link not in body(alices.get(CALLS))


def test_queries_do_not_grow_with_the_calls(alices, alice, django_assert_max_num_queries):
    session = factories.make_session(alice)
    for number in range(60):
        make_call(
            alice,
            model=f"model-{number}",
            message=factories.make_reply(session),
            created_at=timezone.now() - timedelta(hours=number),
        )
    with django_assert_max_num_queries(8):
        alices.get(USAGE)
    with django_assert_max_num_queries(6):
        alices.get(CALLS)


def test_an_impossible_period_is_said_and_the_usual_one_is_shown(alices, alice):
    make_call(alice)
    for url in (USAGE, CALLS):
        response = alices.get(f"{url}?from=2026-13-01")
        assert response.status_code == 422
        assert "Такого периода нет" in body(response)
        assert 'role="alert"' in body(response)


def test_nonsense_in_the_address_is_no_fault_of_the_server(alices, alice):
    make_call(alice)
    for query in (
        "page=x",
        "page=-1",
        "page=999",
        "sort=-nothing",
        "sort=code",
        "outcome=x",
        "model=%00",
        "per_page=9999",
    ):
        assert alices.get(f"{CALLS}?{query}").status_code == 200, query
        assert alices.get(f"{USAGE}?span-{query}&period=90d").status_code == 200, query


def test_htmx_gets_only_the_table_that_it_sorts(alices, alice):
    make_call(alice)
    headers = {"HX-Request": "true", "HX-Target": "table-model"}
    response = alices.get(f"{USAGE}?model-sort=name", headers=headers)
    assert body(response).strip().startswith('<section id="table-model"')
    assert {"HX-Request", "HX-Target"} <= {name.strip() for name in response.headers["Vary"].split(",")}
    assert "<h1" in body(alices.get(USAGE, headers={"HX-Request": "true"}))


def test_sorting_and_paging_keep_the_rest_of_the_address_and_work_without_htmx(alices, alice):
    for number in range(51):
        make_call(alice, prompt_tokens=number)
    page = body(alices.get(f"{CALLS}?period=7d&outcome=done&sort=-prompt_tokens"))
    assert 'aria-sort="descending"' in page
    address = "?period=7d&amp;outcome=done&amp;sort=-prompt_tokens&amp;page=2"
    assert page.count(f'="{address}"') == 2  # href and hx-get
    assert body(alices.get(CALLS + address.replace("&amp;", "&"))).count('<th scope="row">') == 1


def test_what_is_left_of_the_servers_key_today_is_said(alices, alice, settings):
    settings.GEMINI_API_KEY, settings.GEMINI_DAILY_TOKENS = "server-key", 1000
    make_call(alice, key_origin="server")
    make_call(alice, key_origin="server", created_at=timezone.now() - timedelta(days=2))
    assert "осталось 850 из 1\xa0000 токенов" in body(alices.get(USAGE))


def test_a_model_without_a_price_is_said_to_be_out_of_the_money(alices, alice):
    ModelPrice.objects.all().delete()
    make_call(alice, model="gemini-unheard-of")
    page = body(alices.get(USAGE))
    assert "В деньги не вошли токены моделей без цены: gemini-unheard-of." in page
    assert "нет цены" in page


def test_the_most_repeated_prompts_of_the_period_lead_to_where_they_were_asked(alices, alice):
    session = factories.make_session(alice)
    make_call(alice)
    for text in ("Курс доллара?", "курс доллара? "):
        last = factories.make_message(session, text)
    page = body(alices.get(USAGE))
    assert f"/gemini/chat/{session.pk}/?message={last.pk}#message-{last.pk}" in page


@pytest.mark.parametrize(
    "change",
    [
        {"code": "quota_exceeded"},
        {"prompt_tokens": 7},
        {"total_tokens": 98_765},
        {"duration_ms": 87_000},
        {"first_token_ms": 54_000},
    ],
)
def test_a_line_that_was_drawn_before_is_drawn_anew_when_its_numbers_change(alices, alice, change):
    call = make_call(alice, model="gemini-2.5-flash")
    line = re.compile(r"<tr>(?:(?!</tr>).)*gemini-2\.5-flash.*?</tr>", re.DOTALL)
    before = line.search(body(alices.get(USAGE)))[0]
    assert line.search(body(alices.get(USAGE)))[0] == before
    GeminiCall.objects.filter(pk=call.pk).update(**change)
    assert line.search(body(alices.get(USAGE)))[0] != before


def test_a_line_that_was_drawn_before_follows_the_prices(alices, alice):
    make_call(alice, model="someones-model")
    assert "нет цены" in body(alices.get(USAGE))
    ModelPrice.objects.create(model="someones-model", input_price="2.5", output_price="10")
    assert "нет цены" not in body(alices.get(USAGE))


def test_an_empty_page_says_what_will_be_there(alices):
    assert "запросов к Gemini не было" in body(alices.get(USAGE))


def test_names_from_people_are_text_and_not_markup(alices, alice):
    make_call(alice, model="<script>alert(1)</script>", code="<b>")
    for url in (USAGE, CALLS):
        page = body(alices.get(url))
        assert "<script>alert" not in page
        assert "<b>" not in page


def test_the_navigation_leads_here(alices):
    assert f'href="{USAGE}"' in body(alices.get(reverse("gemini:dashboard")))
