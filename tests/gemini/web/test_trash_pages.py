"""Deleting with a way back, on every page that offers it, and the trash."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gemini.models import ChatMessage, ChatSession
from gemini.service import GeminiService
from gemini.web.undo import undo_of
from tests import factories
from tests.gemini.web.test_order import htmx, url

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

TRASH = "/gemini/trash/"


@pytest.fixture
def session(alice):
    return factories.make_session(alice, "Тайный план")


@pytest.fixture
def message(session):
    return factories.make_message(session, "Вопрос")


def take_back(client, answer, target=None):
    undo = answer.context["undo"]
    return client.post(undo.url, {undo.name: undo.value}, headers=htmx(target) if target else {})


def test_a_deleted_row_is_replaced_by_the_way_back_which_brings_the_row(alices, session):
    target = f"session-{session.pk}"
    answer = alices.post(url("session-delete", session), headers=htmx(target))
    assert "Чат «Тайный план» удалён." in answer.content.decode()
    assert f'id="{target}"' in answer.content.decode()
    row = take_back(alices, answer, target).content.decode()
    assert f'href="{session.get_absolute_url()}"' in row
    assert ChatSession.objects.existing().get() == session


def test_an_open_chat_that_is_deleted_leads_to_the_dashboard_with_the_way_back(alices, session):
    page = alices.post(url("session-delete", session), {"back": session.get_absolute_url()}, follow=True)
    assert page.redirect_chain[-1][0] == "/gemini/"
    [news] = page.context["messages"]
    undo = undo_of(news)
    back = alices.post(undo.url, {undo.name: undo.value, "back": "/gemini/"}, follow=True)
    assert "Чат «Тайный план» возвращён." in back.content.decode()


def test_a_deletion_is_confirmed_on_a_page_of_its_own_by_who_asks_for_it(alices, session):
    assert "со всеми сообщениями" in alices.get(url("session-delete", session)).content.decode()
    assert ChatSession.objects.existing().exists()


def test_a_message_is_replaced_by_the_way_back_which_brings_the_message(alices, message):
    target = f"message-{message.pk}"
    answer = alices.post(url("message-delete", message), headers=htmx(target))
    assert "Сообщение удалено." in answer.content.decode()
    assert not ChatMessage.objects.existing().exists()
    assert "Вопрос" in take_back(alices, answer, target).content.decode()


def test_without_htmx_a_deleted_message_and_a_cleared_history_come_back_by_the_flash(alices, session, message):
    for deletion in (url("message-delete", message), url("session-clear", session)):
        page = alices.post(deletion, follow=True)
        assert page.redirect_chain[-1][0] == session.get_absolute_url()
        assert "Вопрос" not in page.content.decode()
        [news] = page.context["messages"]
        undo = undo_of(news)
        data = {undo.name: undo.value, "back": session.get_absolute_url()}
        assert "Вопрос" in alices.post(undo.url, data, follow=True).content.decode()


def test_a_running_reply_refuses_in_passing(alices, session):
    lease = timezone.now() + timedelta(seconds=10)
    reply = factories.make_reply(session, "нач", status="generating", lease_until=lease)
    for deletion in (url("message-delete", reply), url("session-clear", session)):
        answer = alices.post(deletion, headers=htmx("messages"))
        assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#toasts")
        assert "ещё пишется" in answer.content.decode()
        assert "ещё пишется" in alices.post(deletion, follow=True).content.decode()
    assert ChatMessage.objects.existing().count() == 2


def test_the_trash_shows_what_is_there_and_for_how_long(alices, alice, session, message):
    service = GeminiService(alice)
    service.clear_history(session)
    service.delete(factories.make_session(alice, "Удалённый"))
    old = factories.make_session(alice, "Старый")
    ChatSession.objects.filter(pk=old.pk).update(deleted_at=timezone.now() - timedelta(days=28, minutes=1))
    page = alices.get(TRASH).content.decode()
    for words in ("Удалённый", "Старый", "Вопрос", "Ещё 30 дней", "Ещё 2 дня"):
        assert words in page


def test_the_trash_costs_the_same_queries_however_full(alices, alice, session, django_assert_max_num_queries):
    now = timezone.now()
    for number in range(70):
        factories.make_message(session, deleted_at=now - timedelta(seconds=number))
        factories.make_session(alice, f"Чат {number}", deleted_at=now)
    with django_assert_max_num_queries(8):
        page = alices.get(TRASH)
    assert "Старее" in page.content.decode()
    assert alices.get(TRASH + "?page=2&messages=2").status_code == 200


def test_one_of_many_deleted_together_comes_back_alone(alices, alice):
    sessions = [factories.make_session(alice, f"Чат {number}") for number in range(3)]
    GeminiService(alice).delete_many([session.pk for session in sessions])
    alices.post(url("trash-restore"), {"session": sessions[1].pk, "back": TRASH})
    assert ChatSession.objects.existing().get() == sessions[1]


def test_deleting_for_good_is_asked_about_first(alices, alice, session, message):
    GeminiService(alice).delete(session)
    asked = alices.get(url("trash-purge"), {"session": session.pk}).content.decode()
    assert "Чат «Тайный план» исчезнет" in asked
    assert ChatSession.objects.exists()
    alices.post(url("trash-purge"), {"session": session.pk})
    assert not ChatSession.objects.exists()
    assert "Корзина пуста" in alices.get(TRASH).content.decode()


def test_emptying_spares_what_was_not_deleted(alices, alice, session, message):
    GeminiService(alice).delete(factories.make_session(alice, "Лишний"))
    alices.post(url("trash-purge"))
    assert ChatSession.objects.count() == 2, "nothing was named"
    alices.post(url("trash-purge"), {"everything": "1"})
    assert ChatSession.objects.get() == session


@pytest.mark.parametrize("data", [{}, {"moment": "x"}, {"moment": "1"}, {"moment": "9" * 30}, {"session": "²"}])
def test_what_is_not_there_cannot_be_had_back(alices, data):
    assert "Вернуть уже нечего." in alices.post(url("trash-restore"), data, follow=True).content.decode()
    assert alices.post(url("trash-restore"), data, headers=htmx("session-1")).status_code == 404


def test_bob_restores_and_purges_nothing_of_alices(bobs, alice, session, message):
    # No word of the frame, in which nothing could be told from it.
    ChatSession.objects.filter(pk=session.pk).update(title="Тайна")
    session.refresh_from_db()
    moment = GeminiService(alice).delete(session).moment
    from gemini.web.undo import stamp

    for data in ({"session": session.pk}, {"moment": stamp(moment)}, {"everything": "1"}):
        bobs.post(reverse("gemini:trash-restore"), data)
        bobs.post(reverse("gemini:trash-purge"), data)
    assert session.title not in bobs.get(reverse("gemini:trash-purge"), {"session": session.pk}).content.decode()
    assert session.title not in bobs.get(TRASH).content.decode()
    assert ChatSession.objects.get(pk=session.pk).deleted_at == moment
