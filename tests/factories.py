"""Objects for tests, by plain functions."""

from typing import Any

from django.contrib.auth import get_user_model

from gemini.models import ChatMessage, ChatSession, GeminiSettings


def make_user(username: str, **fields: Any) -> Any:
    return get_user_model().objects.create_user(username=username, password="correct horse", **fields)


def make_session(user: Any, title: str = "Курсы валют", **fields: Any) -> ChatSession:
    return ChatSession.objects.create(user=user, title=title, **fields)


def make_message(session: ChatSession, content: str = "Привет", **fields: Any) -> ChatMessage:
    return ChatMessage.objects.create(session=session, content=content, **{"role": "user", **fields})


def make_reply(session: ChatSession, content: str = "Здравствуйте!", **fields: Any) -> ChatMessage:
    question = fields.pop("parent", None) or make_message(session)
    return make_message(session, content, role="assistant", parent=question, **fields)


def give_key(user: Any, key: str) -> GeminiSettings:
    settings, _ = GeminiSettings.objects.get_or_create(user=user)
    settings.api_key = key
    settings.save()
    return settings
