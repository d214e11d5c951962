"""Pins, the archive, several at once; each with htmx and without, and never on what is another's."""

import pytest
from django.urls import reverse

from gemini.models import ChatSession
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def htmx(target, page="http://localhost/gemini/"):
    return {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": page}


@pytest.fixture
def session(alice):
    return factories.make_session(alice)


def url(name, *arguments):
    return reverse(f"gemini:{name}", args=[getattr(argument, "pk", argument) for argument in arguments])


def test_a_pin_draws_the_list_anew_with_the_focus_on_the_row(alices, session):
    before = session.updated_at
    listed = alices.post(url("session-pin", session), headers=htmx("sessions")).content.decode()
    assert listed.index("Закреплённые") < listed.index(session.title)
    assert "autofocus" in listed
    session.refresh_from_db()
    assert session.pinned_at
    assert session.updated_at == before
    assert "Закреплённые" not in alices.post(url("session-unpin", session), headers=htmx("sessions")).content.decode()


def test_the_list_is_drawn_as_its_page_shows_it(alices, alice, session):
    archived = factories.make_session(alice, "Старый", is_active=False)
    page = "http://localhost/gemini/?archived=1"
    listed = alices.post(url("session-pin", archived), headers=htmx("sessions", page)).content.decode()
    assert "Старый" in listed
    assert session.title not in listed


def test_an_archived_row_is_replaced_by_the_way_back(alices, session):
    row = f"session-{session.pk}"
    gone = alices.post(url("session-archive", session), headers=htmx(row)).content.decode()
    assert "теперь в архиве" in gone
    assert url("session-unarchive", session) in gone
    session.refresh_from_db()
    assert not session.is_active
    back = alices.post(url("session-unarchive", session), {"undo": "1"}, headers=htmx(row)).content.decode()
    assert f'href="{session.get_absolute_url()}"' in back
    session.refresh_from_db()
    assert session.is_active


@pytest.mark.parametrize("back", ["/gemini/?order=title", "/gemini/?archived=1"])
def test_without_htmx_one_comes_back_to_the_same_list(alices, session, back):
    for name in ("session-pin", "session-archive", "session-delete"):
        assert alices.post(url(name, session), {"back": back}).url == back


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/admin/", "javascript:x", "/nowhere/"])
def test_a_way_back_out_of_the_chats_is_not_taken(alices, session, back):
    assert alices.post(url("session-pin", session), {"back": back}).url == "/gemini/"


def test_the_open_chat_changes_in_its_menu_and_in_the_sidebar(alices, session):
    headers = htmx(f"session-{session.pk}-actions", f"http://localhost{session.get_absolute_url()}")
    answer = alices.post(url("session-archive", session), headers=headers).content.decode()
    assert "в архиве" in answer
    assert 'id="sidebar"' in answer
    assert "hx-swap-oob" in answer


@pytest.fixture
def three(alice):
    return [factories.make_session(alice, f"Чат {number}") for number in range(3)]


def selected(sessions):
    return [session.pk for session in sessions]


def test_several_are_archived_and_taken_back_by_the_button_offered(alices, three):
    data = {"action": "archive", "selected": selected(three[:2])}
    answer = alices.post(url("sessions-change"), data, headers=htmx("sessions"))
    assert "2 чата теперь в архиве." in answer.content.decode()
    assert ChatSession.objects.filter(is_active=True).count() == 1
    undo = answer.context["undo"]
    alices.post(undo.url, {undo.name: undo.value}, headers=htmx("sessions"))
    assert ChatSession.objects.filter(is_active=True).count() == 3


def test_several_are_deleted_and_all_of_them_come_back(alices, three):
    data = {"action": "delete", "selected": selected(three)}
    answer = alices.post(url("sessions-change"), data, headers=htmx("sessions"))
    assert "Удалено 3 чата." in answer.content.decode()
    assert not ChatSession.objects.existing().exists()
    undo = answer.context["undo"]
    back = alices.post(undo.url, {undo.name: undo.value}, headers=htmx("sessions"))
    assert "Чат 2" in back.content.decode()
    assert ChatSession.objects.existing().count() == 3


@pytest.mark.parametrize("action", ["delete", "archive"])
def test_without_htmx_the_way_back_is_a_button_beside_the_flash(alices, three, action):
    data = {"action": action, "selected": selected(three), "back": "/gemini/"}
    page = alices.post(url("sessions-change"), data, follow=True)
    [message] = page.context["messages"]
    assert "3 чата" in str(message)
    assert "Вернуть" in page.content.decode()
    from gemini.web.undo import undo_of

    undo = undo_of(message)
    alices.post(undo.url, {undo.name: undo.value, "back": "/gemini/"})
    assert ChatSession.objects.existing().filter(is_active=True).count() == 3


def test_nothing_selected_is_said_and_nothing_happens(alices, three):
    for data in ({"action": "delete"}, {"action": "delete", "selected": ["x", "²", "9" * 30]}):
        assert "Ни один чат не выбран." in alices.post(url("sessions-change"), data, follow=True).content.decode()
    alices.post(url("sessions-change"), {"action": "explode", "selected": selected(three)})
    assert ChatSession.objects.existing().filter(is_active=True).count() == 3


def test_bob_moves_nothing_of_alices(bobs, three):
    for action in ("delete", "archive", "unarchive"):
        bobs.post(url("sessions-change"), {"action": action, "selected": selected(three)})
        bobs.post(url("sessions-change"), {"undo": " ".join([action, *map(str, selected(three))])})
    assert ChatSession.objects.existing().filter(is_active=True).count() == 3
