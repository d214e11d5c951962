import re
from pathlib import Path

import pytest
from django.urls import reverse

from gemini.web.keyboard import SHORTCUTS

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = "".join(file.read_text() for file in (ROOT / "templates").rglob("*.html"))
OUTSIDE_FIELDS = SHORTCUTS[1][1]

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.mark.parametrize("keys", [keys for keys, _ in OUTSIDE_FIELDS], ids="".join)
def test_each_key_on_the_sheet_presses_something(keys):
    [key] = keys
    assert f'data-shortcut="{key.lower()}"' in TEMPLATES


def test_each_key_that_presses_something_is_on_the_sheet():
    named = {keys[0].lower() for keys, _ in OUTSIDE_FIELDS}
    assert set(re.findall(r'data-shortcut="(.)"', TEMPLATES)) == named


def test_the_sheet_is_a_page_and_a_part_of_one(alices):
    page = alices.get(reverse("gemini:help"))
    part = alices.get(reverse("gemini:help"), headers={"HX-Request": "true"})
    for response in (page, part):
        assert "<kbd>Enter</kbd>" in response.content.decode()
        assert "HX-Request" in response.headers["Vary"]
    assert "<html" in page.content.decode()
    assert "<html" not in part.content.decode()


def test_every_page_of_a_person_leads_to_the_sheet(alices):
    assert f'href="{reverse("gemini:help")}"' in alices.get(reverse("gemini:dashboard")).content.decode()
