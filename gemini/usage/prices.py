"""Money, by the operator's table: in US dollars, at the prices as they are now."""

from collections.abc import Iterable
from decimal import Decimal

from gemini.models import ModelPrice

MILLION = 1_000_000


class PriceList:
    """`ModelPrice`, read once. Of the names that a model's name begins with, the longest counts."""

    def __init__(self, prices: Iterable[ModelPrice] | None = None) -> None:
        rows = ModelPrice.objects.all() if prices is None else prices
        self._rows = sorted(rows, key=lambda row: len(row.model), reverse=True)
        self._found: dict[str, ModelPrice | None] = {}

    def price_of(self, model: str) -> ModelPrice | None:
        if model not in self._found:
            self._found[model] = next((row for row in self._rows if model.startswith(row.model)), None)
        return self._found[model]

    def cost(self, model: str, input_tokens: int, output_tokens: int) -> Decimal | None:
        """None when the table does not say what the model costs: that is not nothing."""
        price = self.price_of(model)
        if price is None:
            return None
        return (price.input_price * input_tokens + price.output_price * output_tokens) / MILLION
