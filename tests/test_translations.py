"""Both catalogues against each other, what is compiled of them, and the source."""

import gettext
import re
import shutil
from datetime import date
from decimal import Decimal

import pytest
from django.utils import formats, translation

from finance.formats import money
from gemini import exceptions
from gemini.usage import formats as usage_formats
from tests import catalogues
from tests.catalogues import CYRILLIC

LANGUAGES = {"en": 2, "ru": 3}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{[a-z_]*\}|</?\w+[^>]*>", re.ASCII)
EXAMPLE = re.compile(r"\{[а-яё]+\}")
ENGLISH = catalogues.entries(catalogues.po("en"))
RUSSIAN = catalogues.entries(catalogues.po("ru"))


def placeholders(text, original):
    """Of an example the blanks are translated too, and only their number is the same."""
    return sorted(PLACEHOLDER.findall(re.sub(r"\{\w+\}", "{}", text) if EXAMPLE.search(original) else text))


def test_the_english_catalogue_leaves_nothing_out():
    assert len(ENGLISH) > 1000
    assert not [entry.msgid for entry in ENGLISH if entry.fuzzy or not entry.msgstr or not all(entry.msgstr.values())]
    assert not [text for entry in ENGLISH for text in entry.msgstr.values() if CYRILLIC.search(text)]


def test_a_translation_has_the_placeholders_and_the_spaces_at_the_ends_of_its_original():
    for entry in ENGLISH + RUSSIAN:
        for number, text in entry.msgstr.items():
            original = entry.msgid_plural if number and entry.msgid_plural else entry.msgid
            assert placeholders(text, original) == placeholders(original, original), text
            assert re.findall(r"^\s+|\s+$", text) == re.findall(r"^\s+|\s+$", original), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language):
    with catalogues.po(language).with_suffix(".mo").open("rb") as file:
        compiled = dict(gettext.GNUTranslations(file)._catalog)
    compiled.pop("")
    written = {}
    for entry in catalogues.entries(catalogues.po(language)):
        key = f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid
        written |= (
            {(key, number): text for number, text in entry.msgstr.items()}
            if entry.msgid_plural
            else {key: entry.msgstr[0]}
        )
    assert compiled == written, "run `make messages`"


@pytest.mark.skipif(not shutil.which("xgettext"), reason="the strings of the source are gathered by GNU gettext")
def test_the_catalogues_know_every_string_of_the_source(tmp_path):
    pot = tmp_path / "django.pot"
    catalogues.extract(pot)
    source = {entry.key for entry in catalogues.entries(pot)}
    assert source == {entry.key for entry in ENGLISH}, "run `make messages`"
    assert {key for key in source if key[2]} == {entry.key for entry in RUSSIAN}


@pytest.mark.parametrize("entry", RUSSIAN, ids=lambda entry: entry.msgid)
def test_russian_counts_one_two_and_five(entry):
    assert list(entry.msgstr) == [0, 1, 2]
    one, two, five = (translation.ngettext(entry.msgid, entry.msgid_plural, count) for count in (1, 2, 5))
    assert [one, two, five] == list(entry.msgstr.values())
    assert one != five
    # Of an adjective's genitive two and five are the same: «без 2 ранних», «без 5 ранних».
    assert two != five or "ранних" in two
    assert translation.ngettext(entry.msgid, entry.msgid_plural, 21) == one
    assert translation.ngettext(entry.msgid, entry.msgid_plural, 12) == five


def test_every_failure_is_told_in_english():
    with translation.override("en"):
        assert not [code for code, words in exceptions.MESSAGES.items() if CYRILLIC.search(str(words))]


def test_dates_numbers_and_money_are_english():
    with translation.override("en"):
        assert formats.date_format(date(2026, 11, 24)) == "24 November 2026"
        assert usage_formats.number(1234567) == "1,234,567"
        assert usage_formats.dollars(Decimal("1234.5")) == "$1,234.50"
        assert usage_formats.seconds(6.24) == "6.2 s"
        assert money(Decimal("-1234.5")) == "−1,234.50\N{NO-BREAK SPACE}BYN"
