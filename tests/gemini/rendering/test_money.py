"""Amounts are text; a formula between single dollars is one only if it cannot be an amount."""

import pytest

from gemini.rendering import render

from .page import Page

MONEY = """
$1.50
R$ 12
US$ 5 и A$ 7
100 BYN
1 234,56 ₽
от $5 до $10
от 5$ до 10$
$5 = R$ 25
$1,000-$2,000
($5) или ($10)
цена ($) или ($)
$5k–$10k
$AAPL и $TSLA
$HOME/bin:$PATH
стоит $X, а не Y$
$5$
$100 000$
$0.5$
$$
$$$
$ 5 $
5$ + 3$ = 8$
$20/мес. → $15/мес.
""".strip().split("\n")


@pytest.mark.parametrize("source", MONEY)
def test_money_is_text(source: str) -> None:
    page = Page(render(source))
    assert "math" not in page.tags
    assert page.said() == source


@pytest.mark.parametrize(
    "source",
    ["$x$", "$n$-й член", "$ABC$", r"$\frac{1}{2}$", "$x^2 + y^2 = r^2$", "$2x + 3 = 7$", "$a_1$, $a_2$", "($x$)",
     r"$10^{-3}$", r"$-\infty$", r"$v = 5\text{ м/с}$", "$[0, 1)$", r"цена \$5, а $x$ штук"],
)  # fmt: skip
def test_what_cannot_be_money_is_a_formula(source: str) -> None:
    page = Page(render(source))
    assert "math" in page.tags
    assert "code" not in page.tags


def test_money_beside_a_formula() -> None:
    page = Page(render("Цена $5 за штуку, всего $n$ штук: $10."))
    assert page.tags.count("math") == 1
    assert page.said() == "Цена $5 за штуку, всего n штук: $10."
