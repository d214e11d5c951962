import pytest

from gemini.search import parse
from gemini.search.snippets import LENGTH, snippet


def test_the_hit_is_marked_in_whatever_form_it_stands():
    assert snippet("Цена аренды складов растёт", parse("аренда склад")) == (
        "Цена <mark>аренды</mark> <mark>складов</mark> растёт"
    )


def test_markup_of_the_text_is_text():
    assert snippet("<script>слон</script> & <b>", parse("слон")) == (
        "&lt;script&gt;<mark>слон</mark>&lt;/script&gt; &amp; &lt;b&gt;"
    )
    assert snippet("a <b> c", parse("<b>")) == "a <mark>&lt;b&gt;</mark> c"


def test_a_long_text_is_cut_around_its_first_hit_at_words():
    text = "начало " * 200 + "слон " + "конец " * 200
    cut = snippet(text, parse("слона"))
    assert cut.startswith("… начало ")
    assert "<mark>слон</mark>" in cut
    assert cut.endswith("…")
    assert len(cut) < LENGTH + 40


def test_marks_of_markdown_are_left_out_unless_a_sign_is_looked_for():
    text = "## Заголовок\n\n| **слон** | `код` |\n|---|---|"
    assert snippet(text, parse("слон")) == "Заголовок <mark>слон</mark> код"
    assert "<mark>**</mark>" in snippet(text, parse("**"))


@pytest.mark.parametrize(("text", "query"), [("", "слон"), ("без него", "слон"), ("слон", "")])
def test_without_a_hit_to_be_seen_the_text_stands_as_it_is(text, query):
    assert snippet(text, parse(query)) == text


def test_signs_are_marked_and_their_bare_words_are_not():
    assert snippet("Курс 5, цена $5", parse("$5")) == "Курс 5, цена <mark>$5</mark>"
