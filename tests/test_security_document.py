"""`docs/security.md` names every requirement of ASVS 5.0, levels 1 and 2, once, and only tests that there are."""

import re

import pytest

from tests.processes import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text()
TESTS = sorted(set(re.findall(r"`((?:tests|e2e)/[\w/]+\.py::\w+)`", TEXT)))
# Section → how many of its requirements are of levels 1 and 2; they are numbered before those of level 3.
SECTIONS = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 11,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}
NUMBER = re.compile(r"(\d+\.\d+)\.(\d+)(?:–\1\.(\d+))?")


def rows():
    """First and last cells of the lines of the requirements."""
    for line in TEXT.partition("## OWASP ASVS")[2].splitlines():
        if re.match(r"\| \d", line):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            yield cells[0], cells[1], cells[-1]


def test_every_requirement_is_there_once():
    found = [
        f"{section}.{number}"
        for cell, _, _ in rows()
        for section, first, last in NUMBER.findall(cell)
        for number in range(int(first), int(last or first) + 1)
    ]
    assert sorted(found) == sorted(f"{section}.{n}" for section, count in SECTIONS.items() for n in range(1, count + 1))


def test_every_line_is_proven_or_says_why_not():
    for number, done, proof in rows():
        assert re.search(r"`\w+/.*::|inspection|not applicable", proof) or "**Not met**" in done, number


@pytest.mark.parametrize("test", TESTS)
def test_a_named_test_is_there(test):
    file, _, name = test.partition("::")
    assert re.search(rf"^ *(async )?def {name}\(", (ROOT / file).read_text(), re.MULTILINE)
