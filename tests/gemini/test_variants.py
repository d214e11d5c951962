"""The tree under a conversation, without a database."""

import pytest

from gemini.variants import Tree, Variants, variants_among


def tree(*rows, shown=(), deleted=()):
    return Tree(
        {"pk": pk, "parent_id": parent, "shown": pk in shown, "deleted_at": "now" if pk in deleted else None}
        for pk, parent in rows
    )


# 1 ─ 2 ─ 3 ─ 4        a question, its answer, and so on
#   └ 5 ─ 6 ─ 7        another answer to the first question
#       └ 8 ─ 9        another question after it
BRANCHED = ((1, None), (2, 1), (3, 2), (4, 3), (5, 1), (6, 5), (7, 6), (8, 5), (9, 8))


@pytest.mark.parametrize(
    ("at", "expected"),
    [(3, Variants(1, 3, None, 7)), (7, Variants(2, 3, 3, 9)), (9, Variants(3, 3, 7, None))],
)
def test_a_message_knows_its_place_and_its_neighbours(at, expected):
    assert variants_among([3, 7, 9], at) == expected


def test_the_way_to_a_message_begins_with_the_first():
    assert tree(*BRANCHED).path_to(7) == [1, 5, 6, 7]


def test_below_a_message_comes_the_newest_unless_another_end_is_remembered():
    assert tree(*BRANCHED).path_below(5) == [5, 8, 9]
    assert tree(*BRANCHED).path_below(5, tip=7) == [5, 6, 7]
    assert tree(*BRANCHED).path_below(5, tip=6) == [5, 6, 7], "what has been added since is shown too"


@pytest.mark.parametrize("tip", [4, 10**9, None, "9", 1])
def test_a_memory_of_what_is_not_below_is_no_memory(tip):
    assert tree(*BRANCHED).path_below(5, tip=tip) == [5, 8, 9]


def test_what_was_deleted_is_not_chosen_where_there_is_something_else():
    assert tree(*BRANCHED, deleted={8}).path_below(5) == [5, 6, 7]
    assert tree(*BRANCHED, deleted={6, 8}).path_below(5) == [5, 8, 9], "but what hangs on it is still there"


def test_paths_part_below_the_last_message_that_they_share():
    shown = tree(*BRANCHED, shown={1, 5, 8, 9})
    assert shown.shown_in_place_of([1, 2]) == 5
    assert shown.shown_in_place_of([1, 5, 6]) == 8
    assert tree((1, None), (2, 1), (3, None), (4, 3), shown={1, 2}).shown_in_place_of([3]) == 1
