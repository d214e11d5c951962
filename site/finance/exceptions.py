"""What can go wrong here; the words are the APIs' and the pages' alike."""

from django.http import Http404
from django.utils.translation import gettext as _

from gemini.exceptions import GeminiError


class RecordNotFound(GeminiError, Http404):
    """A stranger's record is an absent one."""

    code = "not_found"

    @property
    def message(self) -> str:
        return _("Запись не найдена")


class NothingToAnalyze(RecordNotFound):
    @property
    def message(self) -> str:
        return _("За этот период записей нет: отправлять нечего.")


class UnreadableFile(Exception):
    """A file of which nothing can be read: its words say why, and what to bring instead."""


class Unreadable(Exception):
    """A row, or a value in it, that says nothing certain: it is shown with its line, never guessed at."""


class LeftOut(Exception):
    """A row that is no movement of money: refused by the bank, or not booked yet. Its words say which."""
