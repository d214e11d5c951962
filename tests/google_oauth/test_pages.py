"""The calendar's page in each of its states: for its owner, a stranger, nobody, wrong methods and bad input."""

import pytest
from django.urls import reverse

from gemini.models import ChatSession
from google_oauth.models import GoogleCredential
from tests.google_oauth.test_listing import outdate

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

CALENDAR = "/calendar/"
# A week whose events are known: they go by the day of the week.
WEEK = f"{CALENDAR}?period=week&date=2026-11-25"
HTMX = {"HX-Request": "true"}
EVENTS = "/calendar/v3/"


def text(response):
    return " ".join(response.content.decode().split())


def test_nobody_is_led_to_the_login_page(client):
    assert client.get(CALENDAR).url == f"{reverse('account_login')}?next={CALENDAR}"
    for name in ("connect", "disconnect", "analyze"):
        assert client.post(f"{CALENDAR}{name}/").url == reverse("account_login")


def test_wrong_methods_are_refused(alices, google):
    assert alices.post(CALENDAR).status_code == 405
    for name in ("connect", "disconnect", "analyze"):
        assert alices.get(f"{CALENDAR}{name}/").status_code == 405


def test_a_site_without_google_says_what_its_operator_has_to_do(alices, settings):
    settings.SITE_URL = "https://chat.example"
    page = text(alices.get(CALENDAR))
    assert "Google на этом сайте не настроен" in page
    assert "https://chat.example/accounts/google/login/callback/" in page
    assert "GOOGLE_CLIENT_ID" in page
    assert "Подключить календарь" not in page
    assert alices.post(reverse("google_oauth:calendar-connect")).url == CALENDAR


def test_before_it_is_connected_the_page_says_what_will_be_asked_for(alices, google):
    page = text(alices.get(CALENDAR))
    assert "читать события" in page
    assert "Подключить календарь" in page
    assert "Проанализировать</button>" not in page


def test_a_week_shows_its_days_events_and_figures(credential, alices):
    page = text(alices.get(WEEK))
    assert "23–29 ноября 2026" in page
    for words in ("Встреча с клиентом", "(без названия)", "Фокус-время", "весь день", "12:00–13:30", "вы отказались"):
        assert words in page, words
    assert "Отменённая встреча" not in page
    assert "anna.k@example.com" in page
    assert "12 <" not in page
    assert "<b>12</b> встреч<" in page
    assert "9 ч 15 мин" in page


def test_the_text_of_an_event_is_text(credential, alices):
    page = alices.get(WEEK).content.decode()
    assert "Обсудить договор.\nПовестка: ссылка" in page
    assert "alert(1)" not in page
    assert "example.org/agenda" not in page


def test_htmx_gets_the_calendar_alone(credential, alices):
    part = alices.get(WEEK, headers=HTMX)
    assert part.content.decode().lstrip().startswith('<div id="calendar"')
    assert "HX-Request" in part.headers["Vary"]
    assert "HX-Request" in alices.get(WEEK).headers["Vary"]


@pytest.mark.parametrize("query", ["period=decade&date=x", "date=0000-00-00", "period=day&date=9999-99-99", "date=%00"])
def test_an_address_that_cannot_be_read_is_this_week(credential, alices, query):
    page = alices.get(f"{CALENDAR}?{query}")
    assert page.status_code == 200
    assert page.context["period"].kind in ("day", "week")


def test_an_empty_calendar_says_so(connect, alices):
    connect(alices, "empty@example.com")
    page = text(alices.get(WEEK))
    assert "Событий нет" in page
    assert "Проанализировать</button>" not in page


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("503", "Google Календарь сейчас не отвечает"),
        ("429", "Google просит подождать"),
        ("403-disabled", "Google отказал сайту"),
        ("403-scope", "Доступ к календарю закончился"),
    ],
)
def test_a_failure_is_said_in_words_with_what_can_be_done(credential, alices, google, kind, words):
    google.control(fail=kind, at=EVENTS)
    page = text(alices.get(WEEK))
    assert words in page
    assert ("Подключить заново" if kind == "403-scope" else "Попробовать ещё раз") in page


def test_a_withdrawn_permission_offers_to_connect_anew(credential, alices, google):
    google.control(revoke="anna.k@example.com")
    page = text(alices.get(WEEK))
    assert "Доступ к календарю закончился" in page
    assert "Подключить заново" in page


def test_what_is_old_is_shown_with_its_time(credential, alices, alice, google):
    alices.get(WEEK)
    outdate(alice)
    google.control(fail="503", at=EVENTS)
    page = text(alices.get(WEEK))
    assert "Показано то, что было" in page
    assert "Встреча с клиентом" in page


def test_a_stranger_sees_nothing_of_it(credential, bobs, bob):
    page = text(bobs.get(WEEK))
    assert "Подключите Google Календарь" in page
    assert "anna.k@example.com" not in page
    bobs.post(reverse("google_oauth:calendar-disconnect"))
    assert GoogleCredential.objects.exists()
    assert bobs.post(reverse("google_oauth:calendar-analyze")).url.startswith(CALENDAR)
    assert not ChatSession.objects.exists()


def test_an_analysis_that_cannot_be_made_leads_back_and_says_why(credential, alices, google):
    google.control(fail="503", at=EVENTS)
    page = alices.post(f"{CALENDAR}analyze/", {"period": "week", "date": "2026-11-25"}, follow=True)
    assert page.redirect_chain[0][0] == f"{CALENDAR}?period=week&date=2026-11-23"
    assert "сейчас не отвечает" in text(page)
    assert not ChatSession.objects.exists()


def test_a_question_that_is_too_long_is_refused_beside_its_field(credential, alices):
    page = alices.post(f"{CALENDAR}analyze/", {"question": "я" * 1_001})
    assert page.status_code == 422
    assert "я" * 1_001 in page.content.decode()


def test_pages_cost_few_queries(credential, alices, django_assert_max_num_queries):
    alices.get(WEEK)
    with django_assert_max_num_queries(6):
        alices.get(WEEK)


def test_everybody_is_told_that_an_emulator_answers(credential, alices, settings):
    assert "Отвечает эмулятор Google" in text(alices.get(WEEK))
