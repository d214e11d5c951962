"""What every template and script keeps to: no inline code, a way without JavaScript, small fragments."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
SWAPS = {"outerHTML", "innerHTML", "beforeend", "delete"}


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.fixture(params=TEMPLATES, ids=name_of)
def template(request):
    return request.param


def test_it_compiles(template):
    get_template(str(template.relative_to(ROOT / "templates")))


def test_nothing_is_inline_that_the_policy_would_block(template):
    source = template.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\shx-on|\son\w+=", source)


def test_swaps_are_words_that_htmx_knows(template):
    assert set(re.findall(r'hx-swap="([^"]+)"', template.read_text())) <= SWAPS


def test_what_htmx_does_works_without_it_too(template):
    for tag in re.findall(r"<\w+[^>]*\bhx-(?:get|post)=[^>]*>", re.sub(r"{%.*?%}|{#.*?#}", "", template.read_text())):
        # A title that asks again for itself is no action of the reader's.
        assert re.search(r"\b(action|formaction|href)=", tag) or "hx-trigger" in tag, tag


def test_fragments_are_small(template):
    if template.name.startswith("_"):
        assert len(template.read_text().splitlines()) <= 40


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of)
def test_scripts_are_small_and_hold_no_markup(script):
    source = script.read_text()
    assert len(source.splitlines()) <= 60
    assert not re.search(r"innerHTML|insertAdjacentHTML|eval\(|<[a-z]+[ >]", re.sub(r"//.*", "", source))


def test_there_are_templates_and_scripts_to_look_at():
    assert len(TEMPLATES) > 20
    assert len(SCRIPTS) > 3
