"""The list of chats: what the URL says is what is shown, however many there are."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gemini.models import ChatMessage, ChatSession
from gemini.web.days import day_label
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

URL = "/gemini/"
HTMX = {"HX-Request": "true"}


def make(alice, *titles, **fields):
    """Sessions, the first of them the newest."""
    made = []
    for number, title in enumerate(titles):
        session = factories.make_session(alice, title, **fields)
        moment = timezone.now() - timedelta(days=number)
        ChatSession.objects.filter(pk=session.pk).update(updated_at=moment, created_at=moment)
        made.append(session)
    return made


def titles(response):
    return re.findall(r'session__title">([^<]+)<', response.content.decode())


def labels(response):
    return re.findall(r'group__label">([^<]+)<', response.content.decode())


def test_ten_thousand_sessions_are_a_small_page_and_few_queries(alices, alice, django_assert_max_num_queries):
    now = timezone.now()
    made = [ChatSession(user=alice, title=f"Достаточно длинное название чата номер {n}") for n in range(10_000)]
    ChatSession.objects.bulk_create(made, batch_size=1000)
    ChatSession.objects.filter(pk__in=[session.pk for session in made[:3]]).update(pinned_at=now)
    ChatMessage.objects.bulk_create(ChatMessage(session=session, role="user", content="?") for session in made[-50:])
    for query in ("", f"?after={made[5000].pk}", "?order=title", "?order=created", "?q=длинное"):
        with django_assert_max_num_queries(8):
            page = alices.get(URL + query)
        assert len(page.content) <= 60_000, query
        assert "Показать ещё" in page.content.decode() or "Все названия" in page.content.decode()


def test_pinned_come_first_and_the_rest_under_their_days(alices, alice):
    make(alice, "сегодня", "вчера", *(f"раньше {n}" for n in range(5)))
    ChatSession.objects.filter(title="раньше 4").update(pinned_at=timezone.now())
    page = alices.get(URL)
    assert titles(page)[:3] == ["раньше 4", "сегодня", "вчера"]
    assert labels(page)[:3] == ["Закреплённые", "Сегодня", "Вчера"]


@pytest.mark.parametrize(
    ("day", "label"),
    [(25, "Сегодня"), (26, "Сегодня"), (24, "Вчера"), (23, "На этой неделе"), (22, "Ноябрь 2026"), (1, "Ноябрь 2026")],
)
def test_days_have_the_names_that_people_give_them(day, label):
    # The 25th of November 2026 is a Wednesday.
    moment = datetime(2026, 11, day, 12, tzinfo=timezone.get_default_timezone())
    assert day_label(moment, datetime(2026, 11, 25).date()) == label


def test_the_order_is_whitelisted_and_said_by_the_url(alices, alice):
    make(alice, "вишня", "Банан", "апельсин")
    assert titles(alices.get(URL + "?order=title")) == ["апельсин", "Банан", "вишня"]
    assert titles(alices.get(URL + "?order=created")) == ["вишня", "Банан", "апельсин"]
    assert titles(alices.get(URL + "?order=user__password&after=x&part=z&archived=да")) == [
        "вишня",
        "Банан",
        "апельсин",
    ]


@pytest.mark.parametrize("order", ["updated", "created", "title"])
def test_pages_follow_each_other_without_a_gap_also_after_a_deletion(alices, alice, order):
    make(alice, *(f"Чат {n:02}" for n in range(50)))
    seen, url, removed = [], f"{URL}?order={order}", False
    while url:
        page = alices.get(url)
        seen += titles(page)
        following = page.context["page"].next
        url = following.url if following else None
        if not removed:
            removed = True
            ChatSession.objects.filter(title__in=seen[3:6] + seen[-1:]).update(deleted_at=timezone.now())
    assert seen == [f"Чат {n:02}" for n in range(50)]


def test_the_next_page_for_htmx_is_rows_alone_and_repeats_no_heading(alices, alice):
    old = timezone.now() - timedelta(days=90)
    sessions = make(alice, *(f"Чат {n:02}" for n in range(45)))
    ChatSession.objects.update(updated_at=old)
    after = f"{URL}?after={sessions[20].pk}"
    fragment = alices.get(after, headers={**HTMX, "HX-Target": "more"})
    assert "<html" not in fragment.content.decode()
    assert not labels(fragment)
    assert {"HX-Request", "HX-Target"} <= set(fragment.headers["Vary"].split(", "))
    assert labels(alices.get(after)), "a page of its own says where it is"


def test_archived_chats_have_a_view_of_their_own(alices, alice):
    make(alice, "видимый")
    make(alice, "в архиве", is_active=False)
    assert titles(alices.get(URL)) == ["видимый"]
    page = alices.get(URL + "?archived=1")
    assert titles(page) == ["в архиве"]
    assert "<title>Архив — Gemini</title>" in page.content.decode()


def test_each_empty_list_says_why(alices, alice):
    assert "Здесь появятся ваши чаты" in alices.get(URL).content.decode()
    assert "В архиве пусто" in alices.get(URL + "?archived=1").content.decode()
    [session] = make(alice, "один")
    assert "Дальше ничего нет" in alices.get(f"{URL}?after={session.pk}").content.decode()
    assert "Ничего не нашлось" in alices.get(URL + "?q=слон").content.decode()


def test_a_foreign_or_absent_cursor_is_the_beginning(alices, alice, bob):
    make(alice, "мой")
    [theirs] = make(bob, "чужой")
    for after in (theirs.pk, 10**9, "²", "9" * 30):
        assert titles(alices.get(f"{URL}?after={after}")) == ["мой"]


def test_a_search_shows_titles_and_messages_with_the_hit_marked(alices, alice, bob):
    [session] = make(alice, "Аренда складов")
    message = factories.make_message(session, "Ищу аренду <b>склада</b>")
    factories.make_message(factories.make_session(bob, "Аренда"), "аренда Боба")
    page = alices.get(URL + "?q=аренда").content.decode()
    assert "<mark>Аренда</mark> складов" in page
    assert "Ищу <mark>аренду</mark> &lt;b&gt;склада&lt;/b&gt;" in page
    assert f'href="/gemini/chat/{session.pk}/?message={message.pk}#message-{message.pk}"' in page
    assert "Боба" not in page
    assert "Поиск «аренда» — Gemini" in page


def test_a_search_by_htmx_is_the_list_alone_and_has_a_clean_url(alices, alice):
    make(alice, "Аренда")
    response = alices.get(URL, {"q": " аренда ", "part": "all"}, headers={**HTMX, "HX-Target": "sessions"})
    assert "<html" not in response.content.decode()
    assert response.headers["HX-Push-Url"] == f"{URL}?q=%D0%B0%D1%80%D0%B5%D0%BD%D0%B4%D0%B0"


def test_all_hits_are_reached_by_links(alices, alice):
    for number in range(45):
        factories.make_message(factories.make_session(alice, f"Слон {number}"), f"слон {number}")
    first = alices.get(URL + "?q=слон")
    assert len(first.context["found"].titles.hits) == 5
    for more, count in (("more_titles", 45), ("more_messages", 25)):
        url, seen = getattr(first.context["found"], more).url, 0
        while url:
            found = alices.get(url).context["found"]
            seen += len(found.titles.hits if more == "more_titles" else found.messages.hits)
            following = getattr(found, more)
            url = following.url if following else None
        assert seen == count


def test_the_sidebar_groups_and_always_holds_the_open_chat(alices, alice):
    sessions = make(alice, *(f"Чат {n}" for n in range(40)))
    ChatSession.objects.filter(pk=sessions[39].pk).update(pinned_at=timezone.now())
    page = alices.get(reverse("gemini:chat", args=[sessions[35].pk])).content.decode()
    assert page.index("Закреплённые") < page.index(">Чат 39<") < page.index("Сегодня") < page.index(">Чат 0<")
    assert f'href="/gemini/chat/{sessions[35].pk}/" aria-current="page"' in page
    assert ">Чат 34<" not in page


def test_a_sidebar_that_was_drawn_before_marks_the_chat_that_is_open_now(alices, alice):
    tricky = 'href="/gemini/chat/1/"'
    first, second = make(alice, tricky, "Второй")
    for opened in (first, second, first):
        page = alices.get(opened.get_absolute_url()).content.decode()
        sidebar = page[page.index('id="sidebar"') :].partition("</nav>")[0]
        assert re.findall(r'href="([^"]+)" aria-current', sidebar) == [opened.get_absolute_url()]
    ChatSession.objects.filter(pk=second.pk).update(title="Переименован")
    assert ">Переименован</a>" in alices.get(first.get_absolute_url()).content.decode()


def row(client, session, query=""):
    page = client.get(URL + query).text
    return page[page.index(f'id="session-{session.pk}"') :].partition("</li>")[0]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Другое"},
        {"pinned_at": datetime(2026, 5, 1, tzinfo=UTC)},
        {"updated_at": datetime(2026, 5, 1, tzinfo=UTC)},
    ],
)
def test_a_row_that_was_drawn_before_shows_what_has_changed(alices, alice, change):
    [session] = make(alice, "Одно")
    before = row(alices, session)
    assert row(alices, session) == before
    ChatSession.objects.filter(pk=session.pk).update(**change)
    assert row(alices, session) != before


def test_a_row_counts_new_messages_and_leaves_the_archive_as_another(alices, alice):
    [session] = make(alice, "Одно")
    assert "0 сообщений" in row(alices, session)
    factories.make_message(session)
    assert "1 сообщение" in row(alices, session)
    ChatSession.objects.filter(pk=session.pk).update(is_active=False)
    assert "Вернуть из архива" in row(alices, session, "?archived=1")


def test_a_row_is_kept_for_each_language_and_for_each_order(alices, alice):
    [session] = make(alice, "Одно")
    ChatSession.objects.filter(pk=session.pk).update(created_at=datetime(2020, 5, 1, tzinfo=UTC))
    assert "2020" not in row(alices, session)
    assert "2020" in row(alices, session, "?order=created")
    alices.cookies["django_language"] = "en"
    assert "0 messages" in row(alices, session)


def test_a_row_of_today_has_its_day_after_midnight(alices, alice, monkeypatch):
    [session] = make(alice, "Одно")
    now = timezone.now()
    before = row(alices, session)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=1))
    after = row(alices, session)
    assert timezone.localtime(now).strftime("%H:%M<") in before
    assert timezone.localtime(now).strftime("%H:%M<") not in after
