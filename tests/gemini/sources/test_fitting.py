"""Results are cut to a size, and whatever was in them, what is left is JSON that every database and wire takes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemini.sources.base import SourceResult, State
from gemini.sources.fitting import fit, plain, size_of
from gemini.sources.toolbox import MAX_RESULT, envelope

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
anything = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=60)


@given(anything, st.integers(4, 400))
def test_what_is_cut_fits_and_is_json_of_the_same_kind(data, limit):
    data = plain(data)
    small, cut = fit(data, limit)
    assert size_of(small) <= limit
    assert json.loads(json.dumps(small)) == small
    assert cut == (size_of(data) > limit)
    assert small is None or type(small) is type(data)


@given(st.integers(30, 400), st.integers(1, 60))
def test_rows_go_before_what_stands_beside_them(count, length):
    rows = [{"id": number, "текст": "ы" * length} for number in range(count)]
    data = {"всего": len(rows), "строки": rows}
    small, _ = fit(data, max(100, size_of(data) // 2))
    assert small["всего"] == len(rows)
    assert small["строки"] == rows[: len(small["строки"])]


def test_a_large_result_says_that_it_was_cut_and_is_whole_json():
    rows = [{"date": f"2026-01-{n % 28 + 1:02}", "note": "Ж" * 100} for n in range(5_000)]
    sent = envelope(SourceResult(State.OK, {"rows": rows}, "Слова."), emulated=False)
    assert size_of(sent) <= MAX_RESULT
    assert sent["truncated"]
    assert "показана только часть" in sent["message"]
    assert 20 < len(sent["data"]["rows"]) < 5_000


def test_one_endless_text_is_cut_too():
    sent = envelope(SourceResult(State.OK, {"text": "щ" * 10**6}), emulated=False)
    assert size_of(sent) <= MAX_RESULT
    assert sent["data"]["text"].endswith("…")


def test_characters_that_a_database_refuses_are_replaced():
    assert plain({"a\0": ["\ud800x", "ok\0"]}) == {"a\ufffd": ["\ufffdx", "ok\ufffd"]}


@pytest.mark.parametrize("data", [float("nan"), {"a": object()}, b"bytes"])
def test_what_is_no_json_is_refused(data):
    with pytest.raises((TypeError, ValueError)):
        plain(data)
