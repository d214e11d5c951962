from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from gemini.sources import SourceResult, source_named
from gemini.sources.nbrb import rates
from gemini.sources.toolbox import Toolbox


@pytest.fixture
def ask(services, transactional_db) -> Callable[..., Any]:
    """Asks a source as a reply does: with its limits, and with whatever goes wrong as an answer of it."""

    async def run(name: str, **arguments: Any) -> SourceResult:
        return await Toolbox(user=None)._result(source_named(name), arguments)

    return run


@pytest.fixture
def today(monkeypatch, services) -> Callable[[str], date]:
    """Makes it another time in Minsk, here and at the bank: «2026-11-20T15:00»."""

    def set_time(moment: str) -> date:
        now = datetime.fromisoformat(moment).replace(tzinfo=rates.MINSK)
        monkeypatch.setattr(rates, "now", lambda: now)
        services.nbrb.fail("", now=moment)
        return now.date()

    return set_time
