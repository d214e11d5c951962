"""What a page draws of a message is kept, and never shown when it is not what the message says now."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from gemini.models import ChatMessage
from gemini.web import kept_messages, marks
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

KEY = re.compile(r'name="idempotency_key" value="([^"]+)"')


@pytest.fixture
def reply(alice):
    session = factories.make_session(alice)
    question = session.messages.create(role="user", content="Вопрос")
    return session.messages.create(role="assistant", content="Ответ", parent=question)


@pytest.fixture
def page(alices, reply):
    def get():
        return alices.get(reply.session.get_absolute_url()).content.decode()

    get()
    return get


def test_what_was_drawn_is_not_drawn_again(page, monkeypatch):
    drawn = []
    monkeypatch.setattr(kept_messages, "draw", lambda context, message: drawn.append(message))
    assert "Ответ" in page()
    assert not drawn


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"content": "Другой ответ"}, "Другой ответ"),
        ({"status": "stopped"}, "Ответ остановлен."),
        ({"status": "failed", "error_code": "quota_exceeded"}, "Другой ключ или модель"),
        ({"tokens_used": 4321}, "4321"),
        ({"response_time": 8.75}, "8,8"),
        ({"metadata": {"model": "gemini-x"}}, "gemini-x"),
        ({"metadata": {"finish_reason": "MAX_TOKENS"}}, "Продолжить"),
        ({"metadata": {"left_out": 17}}, "без 17 ранних"),
    ],
)
def test_a_changed_row_is_drawn_anew(page, reply, change, shown):
    assert shown not in page()
    ChatMessage.objects.filter(pk=reply.pk).update(**change)
    assert shown in page()


def test_a_new_variant_is_counted(page, reply):
    assert 'class="variants"' not in page()
    reply.session.messages.create(role="assistant", content="Ещё", parent=reply.parent, shown=False)
    assert ">1/2</span>" in page()


def test_today_is_yesterday_after_midnight(page, reply, monkeypatch):
    assert "Сегодня</h2>" in page()
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=1))
    assert ">Вчера</h2>" in page()


def test_another_language_has_its_own(page, alices):
    assert "Ответить заново" in page()
    alices.cookies["django_language"] = "en"
    english = page()
    assert "Ответить заново" not in english
    assert "Ответ" in english


def test_every_page_has_keys_of_its_own_for_what_it_offers(page, reply):
    ChatMessage.objects.filter(pk=reply.pk).update(metadata={"finish_reason": "MAX_TOKENS"})
    pages = [KEY.findall(page()) for _ in range(3)]
    keys = [key for found in pages for key in found]
    assert len(pages[0]) >= 2
    assert len(set(keys)) == len(keys)
    assert not any(marks.FRESH_KEY in key for key in keys)


def test_what_grows_or_tells_the_time_is_drawn_each_time(page, reply):
    kept = dict(kept_messages._kept)
    lease = {"status": "generating", "lease_until": timezone.now() + timedelta(seconds=8), "lease_owner": "elsewhere"}
    ChatMessage.objects.filter(pk=reply.pk).update(**lease)
    assert "sse-connect" in page()
    waits = {"status": "failed", "error_code": "quota_exceeded", "metadata": {"retry_after": 3600}}
    ChatMessage.objects.filter(pk=reply.pk).update(**waits)
    assert "Повторить можно с" in page()
    assert dict(kept_messages._kept) == kept


def test_no_more_is_kept_than_there_is_room_for(page, reply):
    ChatMessage.objects.filter(pk=reply.pk).update(content="много слов " * 200_000)
    assert "много слов" in page()
    assert kept_messages._kept.currsize <= kept_messages.KEPT
