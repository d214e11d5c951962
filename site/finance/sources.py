"""What the model may ask about its user's money. Whose it is the session says: no argument can name another."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.formats import category_name
from finance.models import Salary, Transaction
from finance.pay import Month, atrend
from finance.rates import today
from finance.summary import Aside, Flow, Summary, asummarize, span_of
from gemini.sources import ContextSource, SourceFailure, SourceResult, State, in_database

MOST_ROWS = 50
DAY = {"type": "string", "description": "День YYYY-MM-DD, включительно."}
PERIOD = {"since": DAY, "until": DAY}


class FinanceSource(ContextSource):
    activity = gettext_lazy("Смотрю ваши финансы…")
    labels = {
        "since": gettext_lazy("С"),
        "until": gettext_lazy("По"),
        "text": gettext_lazy("Текст"),
        "category": gettext_lazy("Категория"),
        "limit": gettext_lazy("Не больше"),
        "total": gettext_lazy("Всего, BYN"),
        "periods": gettext_lazy("По периодам, BYN"),
        "categories": gettext_lazy("По категориям, BYN"),
        "currencies": gettext_lazy("В своих валютах"),
        "not_converted": gettext_lazy("Без курса, не в итогах"),
        "period": gettext_lazy("Период"),
        "currency": gettext_lazy("Валюта"),
        "income": gettext_lazy("Приход"),
        "spending": gettext_lazy("Расход"),
        "net": gettext_lazy("Разница"),
        "count": gettext_lazy("Операций"),
        "rows": gettext_lazy("Операции"),
        "found": gettext_lazy("Найдено"),
        "date": gettext_lazy("Дата"),
        "amount": gettext_lazy("Сумма"),
        "counterparty": gettext_lazy("Кому или от кого"),
        "description": gettext_lazy("Описание"),
        "months": gettext_lazy("По месяцам"),
        "month": gettext_lazy("Месяц"),
        "taxes": gettext_lazy("Налоги"),
    }

    def records(self, model: Any, user: Any, arguments: dict[str, Any]) -> Any:
        """The user's own, of the days that are asked for."""
        return model.objects.for_user(user).within(day_of(arguments, "since"), day_of(arguments, "until"))


class Sums(FinanceSource):
    name = "finance_summary"
    title = gettext_lazy("Мои доходы и расходы")
    description = (
        "Доходы и расходы пользователя за период: всего, по месяцам и по категориям, в BYN по курсу НБРБ на день "
        "каждой операции. Суммы готовые: не складывай их сам. Период по умолчанию — всё время."
    )
    parameters = {"type": "object", "properties": PERIOD}

    async def run(self, user: Any, arguments: dict[str, Any]) -> SourceResult:
        summary = await asummarize(self.records(Transaction, user, arguments))
        data = {
            "total": flow_as_json(summary.total),
            "periods": [{"period": span, **flow_as_json(flow)} for span, flow in summary.spans.items()],
            "categories": [
                {"category": category_name(name), **flow_as_json(flow)} for name, flow in summary.categories.items()
            ],
            "currencies": [{"currency": code, **flow_as_json(flow)} for code, flow in summary.currencies.items()],
            "not_converted": [aside_as_json(aside) for aside in summary.unconverted.values()],
        }
        return SourceResult(State.STALE if summary.stale else State.OK, data, words_about(summary), as_of(summary))


class Rows(FinanceSource):
    name = "finance_transactions"
    title = gettext_lazy("Мои операции")
    description = (
        "Отдельные операции пользователя, новые раньше старых, не больше 50: сумма с минусом — расход. Отбор по дням, "
        "категории и словам. Чтобы узнать суммы, вызывай finance_summary."
    )
    parameters = {
        "type": "object",
        "properties": {
            **PERIOD,
            "text": {"type": "string", "description": "Слова из описания или названия."},
            "category": {"type": "string", "description": "Категория, точно как она названа."},
            "limit": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
        },
    }

    async def run(self, user: Any, arguments: dict[str, Any]) -> SourceResult:
        found = self.records(Transaction, user, arguments)
        if "category" in arguments:
            found = found.filter(category=arguments["category"])
        for word in arguments.get("text", "").replace("\0", "").split()[:10]:
            found = found.filter(Q(description__fcontains=word) | Q(counterparty__fcontains=word))
        return await in_database(rows_of, found, arguments.get("limit", 20))


class Salaries(FinanceSource):
    name = "finance_salaries"
    title = gettext_lazy("Мои зарплаты")
    description = (
        "Зарплата пользователя по месяцам: в валюте выплаты, в BYN и USD по курсу НБРБ на день выплаты; до и после "
        "налогов отдельно. Инфляция не известна: о реальном росте не говори."
    )
    parameters = {"type": "object", "properties": PERIOD}

    async def run(self, user: Any, arguments: dict[str, Any]) -> SourceResult:
        found = await atrend(self.records(Salary, user, arguments))
        state = State.STALE if found.stale_as_of else State.OK
        data = {"months": [month_as_json(month) for month in found.months]}
        return SourceResult(state, data, " ".join(found.messages), found.stale_as_of)


def day_of(arguments: dict[str, Any], name: str) -> date | None:
    if name not in arguments:
        return None
    try:
        return date.fromisoformat(arguments[name][:10])
    except ValueError:
        raise SourceFailure(State.INVALID, _("{name}: день нужен в виде 2026-11-23.").format(name=name)) from None


def flow_as_json(flow: Flow) -> dict[str, Any]:
    sums = {"income": str(flow.income), "spending": str(flow.spending), "net": str(flow.net)}
    return sums | {"count": flow.count}


def aside_as_json(aside: Aside) -> dict[str, Any]:
    days = {"since": str(aside.first), "until": str(aside.last)}
    return {"currency": aside.currency, **days, **flow_as_json(aside.flow)}


def rows_of(found: Any, limit: int) -> SourceResult:
    rows = [row_as_json(row) for row in found.newest_first()[:limit]]
    return SourceResult(State.OK, {"found": found.count(), "rows": rows})


def row_as_json(row: Transaction) -> dict[str, str]:
    texts = {name: getattr(row, name) for name in ("currency", "category", "counterparty", "description")}
    return {"date": str(row.date), "amount": str(row.amount), **texts}


def month_as_json(month: Month) -> dict[str, Any]:
    return {
        "month": span_of(month.month, by_years=False),
        "taxes": _("до вычета") if month.is_gross else _("на руки"),
        "amount": ", ".join(f"{amount} {code}" for code, amount in sorted(month.own.items())),
        "BYN": None if month.byn is None else str(month.byn),
        "USD": None if month.usd is None else str(month.usd),
    }


def words_about(summary: Summary) -> str:
    words = list(summary.messages)
    if summary.unconverted:
        words.insert(0, _("Не всё переведено в BYN: not_converted в итоги не вошло."))
    return " ".join(words)


def as_of(summary: Summary) -> date | None:
    return min((aside.as_of for aside in summary.stale.values() if aside.as_of), default=today())
