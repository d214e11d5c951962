"""A chat as Markdown: what is shown of it, for people and other programs to read."""

import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gemini.models import ChatMessage, ChatSession
from gemini.texts import UNREADABLE
from gemini.transfer.outgoing import Outgoing
from gemini.transfer.reading import sessions_of, shown_messages_of

# What a file's name may hold on no system: separators, wildcards, controls, and what turns the reading around.
NOT_IN_NAMES = re.compile('[\\\\/:*?"<>|\\x00-\\x1f\\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+')
NAME_LENGTH = 80


def session_markdown(session: ChatSession) -> Iterator[str]:
    yield f"# {UNREADABLE.sub(chr(0xFFFD), ' '.join(session.title.split()))}\n\n"
    yield _("Создан %(date)s") % {"date": moment(session.created_at)} + "\n"
    for message in shown_messages_of(session):
        yield f"\n## {heading(message)}\n\n{UNREADABLE.sub(chr(0xFFFD), message.content.rstrip())}\n"
        if message.explanation:
            yield f"\n> {message.explanation}\n"


def heading(message: ChatMessage) -> str:
    names = {ChatMessage.Role.USER: _("Вы"), ChatMessage.Role.ASSISTANT: "Gemini"}
    parts = [str(names.get(ChatMessage.Role(message.role), message.get_role_display())), moment(message.timestamp)]
    if message.role == ChatMessage.Role.ASSISTANT:
        parts.append(message.model_name)
        if message.response_time:
            parts.append(_("%(seconds)s с") % {"seconds": number_format(message.response_time, 1)})
    return " · ".join(part for part in parts if part)


def moment(value: Any) -> str:
    return date_format(localtime(value), "j E Y, H:i")


def file_name(session: ChatSession) -> str:
    """A title as the name of a file, without an ending."""
    name = NOT_IN_NAMES.sub(" ", session.title)
    name = " ".join(name.split())[:NAME_LENGTH].strip(". ")
    return name or _("чат %(number)s") % {"number": session.pk}


def archived(value: datetime) -> tuple[int, int, int, int, int, int]:
    """An archive knows no time before 1980."""
    local = max(localtime(value), localtime(datetime(1980, 1, 2, tzinfo=UTC)))
    return local.year, local.month, local.day, local.hour, local.minute, local.second


def all_zip(user: Any) -> Iterator[bytes]:
    """Every chat of the user's as a Markdown file of its own."""
    outgoing = Outgoing()
    with zipfile.ZipFile(outgoing, "w", zipfile.ZIP_DEFLATED) as archive:
        for session in sessions_of(user):
            # Titles repeat; the number keeps the names apart and in order.
            info = zipfile.ZipInfo(f"{session.pk} {file_name(session)}.md", archived(session.updated_at))
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as file:
                for part in session_markdown(session):
                    file.write(part.encode())
                    yield outgoing.take()
        # The archive's own table of contents is written when it is closed.
    yield outgoing.take()
