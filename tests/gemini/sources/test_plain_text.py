"""Texts from vacancies come as HTML and leave as words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemini.sources.vacancies.shapes import link, plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Один</p><ul><li>два</li><li>три &amp; четыре</li></ul>", "Один\nдва\nтри & четыре"),
        ("Опыт с <highlighttext>Python</highlighttext>", "Опыт с Python"),
        ("<style>p{}</style>a<script>alert(1)</script>b", "a b"),
        ("&lt;img src=x onerror=alert(1)&gt;ок", "ок"),
        ("<script>alert(1)", ""),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("&nbsp;a  b\t c", "a b c"),
        (None, ""),
        (5, ""),
    ],
)
def test_markup_becomes_words(markup, text):
    assert plain(markup) == text


@given(st.text(alphabet="<>/ abscript&;lgt\n", max_size=200))
def test_no_tag_is_ever_left(markup):
    import re

    assert not re.search(r"<[^<>]*>", plain(markup))


def test_a_long_text_is_cut_and_a_huge_one_is_cheap():
    import time

    began = time.monotonic()
    assert len(plain("<" * 10**6 + "я" * 10**6, 300)) <= 301
    assert plain("я " * 10**6, 300).endswith("…")
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://hh.ru/vacancy/1", True),
        ("https://spb.hh.ru/vacancy/1", True),
        ("http://hh.ru/vacancy/1", False),
        ("https://hh.ru.evil.example/", False),
        ("https://evilhh.ru/", False),
        ("javascript:alert(1)", False),
        ("https://[", False),
        (None, False),
    ],
)
def test_only_links_to_the_providers_own_site_are_kept(url, own):
    assert bool(link(url, ("hh.ru",))) == own
