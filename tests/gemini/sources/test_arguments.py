"""The model's arguments are input from outside: they run only when they fit, and what is wrong is said in words."""

import pytest

from gemini.sources.arguments import checked

SCHEMA = {
    "type": "object",
    "properties": {
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "amount": {"type": "string"},
        "page": {"type": "integer", "minimum": 0, "maximum": 9},
        "codes": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
        "order": {"type": "string", "enum": ["up", "down"]},
    },
    "required": ["currency"],
}


@pytest.mark.parametrize(
    ("arguments", "taken"),
    [
        ({"currency": "USD"}, {"currency": "USD"}),
        ({"currency": "USD", "amount": 1500, "page": "3"}, {"currency": "USD", "amount": "1500", "page": 3}),
        ({"currency": "USD", "codes": "EUR"}, {"currency": "USD", "codes": ["EUR"]}),
        ({"currency": "USD", "order": "", "amount": None}, {"currency": "USD"}),
    ],
)
def test_what_fits_is_taken_and_slips_of_type_are_mended(arguments, taken):
    assert checked(SCHEMA, arguments) == (taken, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "Не хватает аргумента: currency."),
        ({"currency": "USD", "user": 7}, "Лишний аргумент: user."),
        ({"currency": "USD", "user_id": 7, "owner": "bob"}, "Лишний аргумент: user_id, owner."),
        ({"currency": "USD", "order": "sideways"}, "order: допустимо только up, down."),
        ({"currency": "usd'--"}, "currency: недопустимое значение."),
        ({"currency": "USD", "page": 10}, "page: недопустимое значение."),
        ({"currency": "USD", "page": True}, "page: недопустимое значение."),
        ({"currency": "USD", "codes": ["A", "B", "C"]}, "codes: недопустимое значение."),
        ({"currency": ["USD"]}, "currency: недопустимое значение."),
        ([], "Аргументы должны быть объектом."),
    ],
)
def test_what_does_not_fit_is_refused_in_words(arguments, words):
    assert checked(SCHEMA, arguments)[1] == words
