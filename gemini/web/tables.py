"""Tables of the usage page. Each number leads to the calls behind it; `links` gives the addresses."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.core.paginator import EmptyPage, InvalidPage
from django.db.models import F
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from gemini.models import GeminiCall
from gemini.usage import CallFilter, Period, Tally, formats
from gemini.usage.names import code_name, name_of
from gemini.usage.prices import PriceList
from gemini.usage.report import cost_of_call
from gemini.web.requests import PageRequest

NUMBER = {"th": {"class": "table__number"}, "td": {"class": "table__number"}}

# What the first column holds.
FIRST = {
    "span": _("Когда"),
    "model": _("Модель"),
    "interface": _("Откуда"),
    "purpose": _("Назначение"),
    "origin": _("Ключ"),
    "user": _("Пользователь"),
}


class Links:
    """Addresses within one period, of one's own calls or the whole site's."""

    def __init__(self, period: Period, whole: bool) -> None:
        self.base = period.query | ({"whole": "1"} if whole else {})
        # A page leads to calls 170 times.
        self.address_of_calls = reverse("gemini:usage-calls")

    def calls(self, **narrowed: str) -> str:
        return f"{self.address_of_calls}?{urlencode(self.base | narrowed)}"

    def to(self, name: str, **narrowed: str) -> str:
        return f"{reverse(name)}?{urlencode(self.base | narrowed)}"

    def span(self, span: str, **narrowed: str) -> str:
        """The calls of a day or a month."""
        first, last = Period.of_span(span)
        days = {"from": str(first), "to": str(last)}
        whole = {name: value for name, value in self.base.items() if name == "whole"}
        return f"{self.address_of_calls}?{urlencode(days | whole | narrowed)}"


class Row:
    """One line: a group of calls and what it came to. `kind` is what the group has in common, `word` its value."""

    def __init__(self, kind: str, word: str, tally: Tally, links: Links) -> None:
        self.kind, self.word, self.tally, self.links = kind, word, tally, links
        self.name = formats.span_name(word) if kind == "span" else name_of(kind, word)

    def calls(self, **narrowed: str) -> str:
        if self.kind == "span":
            return self.links.span(self.word, **narrowed)
        return self.links.calls(**{self.kind: self.word}, **narrowed)

    @cached_property
    def drawn_as(self) -> str:
        """All that the line shows: days that are over are drawn once."""
        tally = self.tally
        money = tally.cost, bool(tally.unpriced)
        counts = tally.answers, tally.failures, tally.input_tokens, tally.output_tokens
        return repr((self.calls(), self.name, counts, money, tally.average, tally.p95, tally.first_token))


class Quantity(tables.Column):
    """A number that comes largest first when it is sorted by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs=NUMBER, initial_sort_descending=True, **kwargs)

    def render(self, value: Any) -> str:
        return formats.number(value)


class Leading(Quantity):
    """A number that leads to the calls behind it. By `linkify` each cell would cost twice as much."""

    def __init__(self, *args: Any, narrowed: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.narrowed = narrowed

    # django-tables2 gives a column what its method asks for.
    def render(self, value: Any, record: Row) -> SafeString:  # type: ignore[override]
        return format_html('<a href="{}">{}</a>', record.calls(**self.narrowed), formats.number(value))


class Seconds(Quantity):
    def render(self, value: float) -> str:
        return formats.seconds(value)


class Milliseconds(Quantity):
    def render(self, value: int) -> str:
        return formats.seconds(value / 1000)


class GroupTable(tables.Table):
    """Calls grouped by one thing; sorted and drawn apart from the page's other tables, by its `prefix`."""

    name = tables.Column(verbose_name=_("Что"), order_by="word", linkify=lambda record: record.calls())
    answers = Leading(accessor="tally__answers", verbose_name=_("Ответы"), narrowed={"outcome": "done"})
    failures = Leading(accessor="tally__failures", verbose_name=_("Не удались"), narrowed={"outcome": "failed"})
    input_tokens = Leading(
        accessor="tally__input_tokens", verbose_name=_("Токены, вход"), narrowed={"sort": "-prompt_tokens"}
    )
    output_tokens = Leading(
        accessor="tally__output_tokens", verbose_name=_("Токены, выход"), narrowed={"sort": "-output_tokens"}
    )
    money = Quantity(accessor="tally", order_by="tally__cost", verbose_name=_("Деньги"))
    average = Seconds(accessor="tally__average", verbose_name=_("Время ответа"))
    p95 = Seconds(accessor="tally__p95", verbose_name=_("95 из 100 быстрее"))
    first_token = Seconds(accessor="tally__first_token", verbose_name=_("До первого слова"))

    def __init__(self, kind: str, title: str, groups: Mapping[str, Tally], links: Links, **options: Any) -> None:
        rows = [Row(kind, word, tally, links) for word, tally in groups.items() if tally.calls]
        options.setdefault("order_by", "-input_tokens")
        super().__init__(rows, prefix=f"{kind}-", **options)
        self.columns["name"].column.verbose_name = FIRST[kind]
        self.region, self.title = f"table-{kind}", title

    def render_money(self, value: Tally) -> str:
        return formats.spent(value.cost, bool(value.unpriced))


class CallTable(tables.Table):
    """Calls one by one, and the way to what each of them made."""

    created_at = tables.Column(verbose_name=_("Когда"), initial_sort_descending=True)
    user = tables.Column(accessor="user__username", verbose_name=_("Пользователь"))
    message = tables.TemplateColumn(
        template_name="gemini/usage/_call_message.html", verbose_name=_("Чат"), empty_values=(), orderable=False
    )
    purpose = tables.Column(verbose_name=_("Назначение"))
    interface = tables.Column(verbose_name=_("Откуда"))
    model = tables.Column(verbose_name=_("Модель"))
    prompt_tokens = Quantity(verbose_name=_("Токены, вход"))
    output_tokens = Quantity(verbose_name=_("Токены, выход"))
    money = Quantity(verbose_name=_("Деньги"), empty_values=(), orderable=False)
    duration_ms = Milliseconds(verbose_name=_("Время"))
    first_token_ms = Milliseconds(verbose_name=_("До первого слова"))
    code = tables.Column(verbose_name=_("Итог"), empty_values=(), orderable=False)

    def __init__(self, calls: Any, prices: PriceList, *, whole: bool) -> None:
        calls = calls.annotate(output_tokens=Greatest(F("total_tokens") - F("prompt_tokens"), 0))
        hidden = () if whole else ("user",)
        super().__init__(calls.with_messages(), order_by="-created_at", exclude=hidden)
        self.region, self.title = "table-calls", _("Запросы")
        self.prices = prices

    def render_created_at(self, value: Any) -> str:
        return date_format(localtime(value), "j E Y, H:i:s")

    def render_purpose(self, value: Any, record: GeminiCall) -> str:
        return name_of("purpose", record.purpose)

    def render_interface(self, value: str) -> str:
        return name_of("interface", value)

    def render_money(self, record: Any) -> str:
        return formats.dollars(cost_of_call(record, self.prices))

    def render_code(self, record: GeminiCall) -> str:
        return code_name(record.code)


def configure(table: Any, request: PageRequest, per_page: int | None = None) -> Any:
    """Sorts and pages as the address says; django-tables2's `RequestConfig` would let it say how many rows, too."""
    table.request = request
    if order := request.GET.getlist(table.prefixed_order_by_field):
        table.order_by = order
    if per_page:
        try:
            table.paginate(page=request.GET.get(table.prefixed_page_field, 1), per_page=per_page)
        except EmptyPage:
            table.page = table.paginator.page(table.paginator.num_pages)
        except InvalidPage:
            table.page = table.paginator.page(1)
    return table


def filter_names(chosen: CallFilter) -> dict[str, str]:
    """What narrows the calls, each by its own name."""
    return {kind: name_of(kind, word) for kind, word in chosen.query.items()}
