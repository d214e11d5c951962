"""Scenes about order begin with chats that are already there."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from e2e.order_pages import SEED, ListPage
from tests.processes import Server

CHATS = [
    ("Аренда склада", "Сколько стоит аренда большого склада в Минске?"),
    ("Курсы валют", "Какой курс доллара? Цена $5 за штуку."),
    ("Поездка в Гродно", "Что посмотреть в Гродно весной?"),
]


def furnish(server: Server, name: str, chats: list[tuple[str, str]]) -> None:
    """Gives a person these chats, the first of them the newest."""
    server.script(SEED, name, json.dumps(chats))


@pytest.fixture
def keeper(person: Callable[..., Any], server: Server) -> Callable[..., tuple[Any, ListPage]]:
    """A person with chats, at the list of them."""

    def come(name: str = "alice", chats: list[tuple[str, str]] = CHATS, **options: Any) -> tuple[Any, ListPage]:
        someone = person(name, **options)
        furnish(server, someone.name, chats)
        listing = ListPage(someone.page, someone.url)
        listing.open()
        someone.requests.clear()
        return someone, listing

    return come
