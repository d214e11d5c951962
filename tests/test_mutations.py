"""The table of mutations names what is there; that each is caught is shown by `make mutate`."""

import re

import pytest

from tests.mutations.table import MUTATIONS
from tests.processes import ROOT


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.defence)
def test_what_a_mutation_takes_out_stands_once_where_it_says(mutation):
    assert (ROOT / mutation.file).read_text().count(mutation.text) == 1
    assert mutation.text != mutation.instead
    file, _, name = mutation.test.partition("::")
    assert re.search(rf"^(async )?def {re.escape(name)}\(", (ROOT / file).read_text(), re.MULTILINE), mutation.test


def test_each_defence_is_named_once():
    names = [mutation.defence for mutation in MUTATIONS]
    assert len(set(names)) == len(names)
