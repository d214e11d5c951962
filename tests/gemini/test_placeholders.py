import pytest

from gemini.placeholders import fill, names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Переведи {текст} на {язык}", ["текст", "язык"]),
        ("{имя клиента} и { имя клиента }", ["имя клиента"]),
        ("{язык}, {текст}, {язык}", ["язык", "текст"]),
        ("{пункт 2} {дата-время} {name_1}", ["пункт 2", "дата-время", "name_1"]),
        ('{"json": {"a": 1}} {} {1} {a.b} {a: b}', []),
        ("{{jinja}} и {{{тройные}}}", []),
        ("{" + "д" * 41 + "}", []),
        ("{незакрытое", []),
        ("{две\nстроки}", []),
    ],
)
def test_gaps_are_names_in_braces_and_nothing_else(text, names):
    assert names_in(text) == [name.strip() for name in names]


def test_a_gap_without_a_value_stays_and_a_value_is_put_in_as_it_stands():
    text = fill("{приветствие}, {имя}! {{имя}} {имя}", {"имя": r"\1 {приветствие} $& <b>", "приветствие": ""})
    assert text == r"{приветствие}, \1 {приветствие} $& <b>! {{имя}} \1 {приветствие} $& <b>"
