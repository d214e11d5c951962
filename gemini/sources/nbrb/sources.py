"""What the model may ask of the National Bank, and how it is told."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gemini import conf
from gemini.sources.base import ContextSource, SourceFailure, SourceResult, State, is_loopback
from gemini.sources.nbrb import official
from gemini.sources.nbrb.rates import Rate, Rates, convert, today

PAGE = "https://www.nbrb.by/statistics/rates/ratesdaily"
MAIN = ("USD", "EUR", "RUB", "CNY", "PLN")
# Days that one question may span, and points that the model is given of them.
LONGEST_HISTORY = timedelta(days=3 * 366)
MAX_POINTS = 120
AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,8})?")
AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")

CURRENCY = {
    "type": "string",
    "description": "Код валюты ISO 4217 тремя буквами: USD, EUR, RUB, BYN.",
    "pattern": "^[A-Za-z]{3}$",
}
DAY = {"type": "string", "description": "День YYYY-MM-DD по времени Минска; по умолчанию сегодня."}


class NationalBank(ContextSource):
    title = gettext_lazy("Курсы НБРБ")
    activity = gettext_lazy("Смотрю курсы НБРБ…")
    labels = {
        "amount": gettext_lazy("Сумма"),
        "from": gettext_lazy("Из"),
        "to": gettext_lazy("В"),
        "result": gettext_lazy("Итог"),
        "since": gettext_lazy("С"),
        "until": gettext_lazy("По"),
        "currency": gettext_lazy("Валюта"),
        "currencies": gettext_lazy("Валюты"),
        "date": gettext_lazy("День"),
        "rate": gettext_lazy("Курс, BYN"),
        "scale": gettext_lazy("За единиц"),
        "name": gettext_lazy("Название"),
        "rates": gettext_lazy("Курсы"),
        "per_unit": gettext_lazy("За одну, BYN"),
        "first": gettext_lazy("Первый"),
        "last": gettext_lazy("Последний"),
        "lowest": gettext_lazy("Наименьший"),
        "highest": gettext_lazy("Наибольший"),
        "average": gettext_lazy("Средний"),
        "change_percent": gettext_lazy("Изменение, %"),
        "points": gettext_lazy("По дням"),
        "days": gettext_lazy("Дней"),
        "step_days": gettext_lazy("Шаг, дней"),
    }

    @property
    def emulated(self) -> bool:
        return is_loopback(conf.get("NBRB_BASE_URL"))


class DayRates(NationalBank):
    name = "nbrb_rate"
    description = (
        "Официальные курсы Национального банка Республики Беларусь к белорусскому рублю (BYN) на один день. rate — "
        "сколько BYN стоят scale единиц валюты."
    )
    parameters = {
        "type": "object",
        "properties": {
            "currencies": {
                "type": "array",
                "items": CURRENCY,
                "maxItems": 40,
                "description": "Коды валют; без них — основные.",
            },
            "currency": CURRENCY,
            "date": DAY,
        },
    }

    by_hand = ("currencies", "date")

    async def run(self, user: Any, arguments: dict[str, Any]) -> SourceResult:
        asked = [*arguments.get("currencies", ()), *([arguments["currency"]] if "currency" in arguments else ())]
        rates = await official.rates_on(day_of(arguments, "date"))
        found = [await official.rate_of(code, rates) for code in dict.fromkeys(map(str.upper, asked or MAIN))]
        return result_of(rates, {"rates": [rate_as_json(rate) for rate in found]})


class Conversion(NationalBank):
    name = "nbrb_convert"
    title = gettext_lazy("Курсы НБРБ: пересчёт")
    description = (
        "Пересчёт суммы из одной валюты в другую по официальному курсу НБ РБ на день (через BYN). Считай суммы только "
        "так, не в уме. Рубли в Беларуси — BYN, российские — RUB."
    )
    parameters = {
        "type": "object",
        "properties": {
            "amount": {"type": "string", "description": "Сумма десятичной строкой: 1250.50"},
            "from": CURRENCY,
            "to": CURRENCY,
            "date": DAY,
        },
        "required": ["amount", "from", "to"],
    }

    async def run(self, user: Any, arguments: dict[str, Any]) -> SourceResult:
        amount, on = amount_of(arguments["amount"]), day_of(arguments, "date")
        rates = await official.rates_on(on)
        source = await official.rate_of(arguments["from"].upper(), rates)
        target = await official.rate_of(arguments["to"].upper(), rates)
        data = {
            "amount": f"{amount:f}",
            "from": source.currency,
            "to": target.currency,
            "result": f"{convert(amount, source, target):f}",
            "rates": [rate_as_json(rate) for rate in (source, target) if rate.currency != "BYN"],
        }
        return result_of(rates, data)


class History(NationalBank):
    name = "nbrb_history"
    title = gettext_lazy("Курсы НБРБ: за период")
    description = (
        "Официальный курс одной валюты НБ РБ за период: первый, последний, наименьший, наибольший, средний и значения "
        "по дням. До трёх лет, с 9 июля 2021 года."
    )
    parameters = {
        "type": "object",
        "properties": {"currency": CURRENCY, "since": DAY, "until": DAY},
        "required": ["currency", "since"],
    }

    async def run(self, user: Any, arguments: dict[str, Any]) -> SourceResult:
        currency = arguments["currency"].upper()
        since, until = day_of(arguments, "since"), day_of(arguments, "until")
        if until - since > LONGEST_HISTORY:
            raise SourceFailure(State.INVALID, _("Период длиннее трёх лет: спросите его по частям."))
        history = await official.history(currency, since, until)
        return SourceResult(
            State.STALE if history.stale else State.OK,
            summary(currency, history.rates),
            history.message,
            history.rates[-1].date,
            PAGE,
        )


def summary(currency: str, rates: Sequence[Rate]) -> dict[str, Any]:
    """Figures worked out here, not by the model; of many days every so many, and always the last."""
    lowest, highest = min(rates, key=lambda rate: rate.per_unit), max(rates, key=lambda rate: rate.per_unit)
    first, last = rates[0], rates[-1]
    average = sum((rate.per_unit for rate in rates), Decimal(0)) / len(rates) * last.scale
    step = -(-len(rates) // MAX_POINTS)
    return {
        "currency": currency,
        "scale": last.scale,
        "first": point(first),
        "last": point(last),
        "lowest": point(lowest),
        "highest": point(highest),
        "average": f"{average:.4f}",
        "change_percent": f"{(last.per_unit / first.per_unit - 1) * 100:.2f}",
        "days": len(rates),
        "step_days": step,
        "points": [point(rate) for rate in [*rates[:-1][::step], last]],
    }


def point(rate: Rate) -> dict[str, str]:
    return {"date": rate.date.isoformat(), "rate": printed(rate.rate)}


def rate_as_json(rate: Rate) -> dict[str, Any]:
    per_unit = {"per_unit": f"{rate.per_unit.normalize():f}"} if rate.scale != 1 else {}
    return {"currency": rate.currency, "rate": printed(rate.rate), "scale": rate.scale, **per_unit, "name": rate.name}


def printed(rate: Decimal) -> str:
    """With four places, as the bank prints rates, or more where there are more."""
    exact = rate.normalize()
    places = max(4, -int(exact.as_tuple().exponent))
    return f"{exact:.{places}f}"


def result_of(rates: Rates, data: dict[str, Any]) -> SourceResult:
    return SourceResult(State.STALE if rates.stale else State.OK, data, rates.message, rates.date, PAGE)


def day_of(arguments: dict[str, Any], name: str) -> date:
    if name not in arguments:
        return today()
    try:
        return date.fromisoformat(arguments[name][:10])
    except ValueError:
        raise SourceFailure(State.INVALID, _("{name}: день нужен в виде 2026-11-23.").format(name=name)) from None


def amount_of(text: str) -> Decimal:
    """A sum as models write it: spaces between thousands, a comma or a point before kopecks."""
    plain = re.sub(r"[\s_']", "", text).removeprefix("+")
    # 1,500 is one and a half to some and fifteen hundred to others.
    if not AMOUNT.fullmatch(plain.replace(",", ".")) or AMBIGUOUS.fullmatch(plain):
        raise SourceFailure(State.INVALID, _("amount: сумма нужна в виде 1250.50."))
    return Decimal(plain.replace(",", "."))
