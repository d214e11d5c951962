"""Objects for tests, by plain functions."""

from datetime import date
from decimal import Decimal
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.utils.crypto import get_random_string

from finance.models import ImportBatch, Salary, Transaction
from gemini.models import ChatMessage, ChatSession, GeminiCall, GeminiSettings, PromptTemplate


def make_user(username: str, **fields: Any) -> Any:
    return get_user_model().objects.create_user(username=username, password="correct horse", **fields)


def make_session(user: Any, title: str = "Курсы валют", **fields: Any) -> ChatSession:
    return ChatSession.objects.create(user=user, title=title, **fields)


def make_message(session: ChatSession, content: str = "Привет", **fields: Any) -> ChatMessage:
    return ChatMessage.objects.create(session=session, content=content, **{"role": "user", **fields})


def make_reply(session: ChatSession, content: str = "Здравствуйте!", **fields: Any) -> ChatMessage:
    question = fields.pop("parent", None) or make_message(session)
    return make_message(session, content, role="assistant", parent=question, **fields)


def make_transaction(user: Any, amount: str = "-12.50", **fields: Any) -> Transaction:
    day = fields.pop("date", date(2026, 10, 5))
    return Transaction.objects.create(user=user, amount=Decimal(amount), date=day, **fields)


def make_salary(user: Any, amount: str = "1200.00", **fields: Any) -> Salary:
    day = fields.pop("date", date(2026, 10, 5))
    return Salary.objects.create(user=user, amount=Decimal(amount), date=day, **fields)


def make_batch(user: Any, **fields: Any) -> ImportBatch:
    return ImportBatch.objects.create(user=user, **{"file_name": "выписка.csv", **fields})


def give_key(user: Any, key: str) -> GeminiSettings:
    settings, _ = GeminiSettings.objects.get_or_create(user=user)
    settings.api_key = key
    settings.save()
    return settings


def make_prompt(user: Any, name: str = "Перевод", text: str = "Переведи {текст} на {язык}") -> PromptTemplate:
    return PromptTemplate.objects.get_or_create(user=user, name=name, defaults={"text": text})[0]


def make_call(user: Any, **fields: Any) -> GeminiCall:
    """A successful reply of a second, with 100 tokens in and 50 out."""
    usual = {
        "interface": "pages",
        "purpose": GeminiCall.Purpose.REPLY,
        "key_origin": GeminiCall.KeyOrigin.OWN,
        "model": "gemini-flash-latest",
        "prompt_tokens": 100,
        "total_tokens": 150,
        "duration_ms": 1000,
    }
    return GeminiCall.objects.create(user=user, **usual | fields)


def make_sign_in(user: Any) -> UserSession:
    """As it is written down; the session itself is not there."""
    return UserSession.objects.create(user=user, session_key=get_random_string(32), ip="127.0.0.1")
