"""What is found, by whom, and how it is shown; the same on SQLite and on PostgreSQL."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gemini.search import find_messages, find_titles, parse
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def session(alice):
    return factories.make_session(alice, "Курсы валют в Ёлках")


def found(user, text):
    return [hit.message.content for hit in find_messages(user, parse(text)).hits]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Сколько стоит аренда склада?", "АРЕНДЫ складов"),
        ("Сколько стоит аренда склада?", "арен"),
        ("We were running servers", "server run"),
        ("Приехали к ёлке", "елка"),
        ("Наш до\u0301м стоит", "дом"),
        ("Цена $5 за штуку", "$5"),
        ("Скидка 50% до пятницы", "50%"),
        ("Файл snake_case.py готов", "snake_case"),
        ("Пишем на C++ и на C#", "C++"),
        ("Смотри https://example.com/path?a=1", "example.com"),
        ("Код: <div>привет</div>", "привет"),
        ("Курс 3,25 рубля", "3,25"),
        ("Он не пришёл, и мы ушли", "и не"),
        ("Он и не пришёл", "не"),
        ("-- ++ --", "++"),
        ("Это «кавычки» в тексте", "«кавычки»"),
        ("Разработчики пишут код", "разработч"),
    ],
)
def test_a_message_is_found_by_its_words_in_any_form_and_by_signs_as_they_are(alice, session, text, query):
    factories.make_message(session, "Совсем о другом")
    factories.make_message(session, text)
    assert found(alice, query) == [text]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Аренда офиса", "аренда склада"),
        ("склада аренда", '"аренда склада"'),
        ("Цена 5 рублей", "$5"),
        ("Цена $50", "$5 "),
        ("Скидка 500", "50%"),
        ("Пишем на C", "C++"),
        ("snake case", "snake_case"),
        ("валенки", "валю"),
    ],
)
def test_what_only_resembles_it_is_not_found(alice, session, text, query):
    factories.make_message(session, text)
    assert found(alice, query) == []


def test_words_in_quotes_follow_each_other(alice, session):
    factories.make_message(session, "Дорогая аренда большого склада")
    assert found(alice, '"аренда большого склада"')
    assert found(alice, "склад аренда")
    assert not found(alice, '"аренда склада"')


NASTY = [
    '"',
    '""',
    "'",
    "*",
    "a*",
    "^",
    "NEAR(a b)",
    "a OR b",
    "AND",
    "NOT",
    "text:a",
    "owner:u1",
    "-a",
    "a:*",
    "a & b",
]
NASTY += [
    "(((",
    "!!",
    "<->",
    "\\",
    "%",
    "_",
    "; DROP TABLE gemini_chatmessage",
    "\0",
    "\ud800",
    "🦊",
    "中文",
    "İ",
    "ﬁ",
    "u1",
]
NASTY += [
    "'=1'",
    "{owner} : u1",
    "я" * 300,
    "а б " * 100,
    "«",
    '"незакрытая',
    "a\tb\nc",
    "$",
    "%%s",
    "%s",
    "{}",
    "½",
    "́",
]


@pytest.mark.parametrize("query", NASTY)
def test_nothing_that_is_typed_breaks_the_search_or_finds_what_is_anothers(alice, bob, session, query):
    factories.make_message(
        factories.make_session(bob, query.replace("\0", "").replace("\ud800", "")[:200]), "a b u1 AND"
    )
    find_titles(alice, parse(query))
    assert not find_messages(alice, parse(query))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_any_text_can_be_searched_for_and_anothers_is_never_found(alice, bob, query):
    find_titles(alice, parse(query))
    for hit in find_messages(alice, parse(query)).hits:
        assert hit.session.user_id == alice.pk


def test_bob_finds_nothing_of_alices(bob, session):
    factories.make_message(session, "Тайна")
    assert not find_messages(bob, parse("тайна"))
    assert not find_titles(bob, parse("валюта"))
    # Not even by the mark that stands in the index for its owner.
    for mark in (f"u{session.user_id}", f"owner:u{session.user_id}", f"={session.user_id}"):
        assert not find_messages(bob, parse(mark))


def test_titles_are_found_in_the_archive_too(alice, session):
    session.is_active = False
    session.save()
    [hit] = find_titles(alice, parse("валюта")).hits
    assert hit.url == session.get_absolute_url()
    assert hit.snippet == "Курсы <mark>валют</mark> в Ёлках"


def test_only_what_the_reader_sees_is_found(alice, session):
    factories.make_message(session, "слон заменён", shown=False)
    factories.make_message(session, "слон удалён", deleted_at=session.created_at)
    factories.make_message(session, "слон виден")
    trashed = factories.make_session(alice, "Слон", deleted_at=session.created_at)
    factories.make_message(trashed, "слон в корзине")
    assert found(alice, "слон") == ["слон виден"]
    assert not find_titles(alice, parse("слон"))


def test_hits_come_newest_first_page_by_page_and_lead_to_the_message(alice, session, django_assert_max_num_queries):
    messages = [factories.make_message(session, f"слон {number}") for number in range(7)]
    with django_assert_max_num_queries(2):
        first = find_messages(alice, parse("слон"), limit=3)
    assert [hit.message for hit in first.hits] == messages[:3:-1]
    second = find_messages(alice, parse("слон"), before=first.more_before, limit=3)
    last = find_messages(alice, parse("слон"), before=second.more_before, limit=3)
    assert [hit.message for hit in last.hits] == messages[:1]
    assert last.more_before is None
    assert last.hits[0].url == f"{session.get_absolute_url()}?message={messages[0].pk}#message-{messages[0].pk}"


def test_a_rare_word_is_found_behind_thousands_of_newer_messages(alice, session):
    rare = factories.make_message(session, "единорог")
    type(rare).objects.bulk_create(type(rare)(session=session, role="user", content="лошадь") for _ in range(2100))
    assert found(alice, "единорога") == ["единорог"]
    assert len(found(alice, "лошади")) == 20
