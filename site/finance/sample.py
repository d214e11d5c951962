"""Made-up records for a demonstration: the same for everybody on the same day, and nothing of chance in them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from finance.models import ImportBatch, Salary, Transaction

MONTHS = 6
LAYOUT = "sample"
CARD, DOLLARS = "Карта", "Накопления"
# Day of the month, sum, currency, category, counterparty; each month goes a little its own way.
EACH_MONTH: list[tuple[int, str, str, str, str]] = [
    (2, "-640.00", "BYN", "Жильё", "Аренда квартиры"),
    (3, "-84.30", "BYN", "Продукты", "Магазин «Берёзка»"),
    (5, "-36.50", "BYN", "Транспорт", "Проездной билет"),
    (7, "-12.90", "BYN", "Кафе", "Кофейня на Немиге"),
    (9, "-97.45", "BYN", "Продукты", "Магазин «Берёзка»"),
    (11, "-54.00", "BYN", "Связь", "Интернет и телефон"),
    (13, "-1890.00", "RUB", "Одежда", "Магазин одежды"),
    (14, "-41.20", "BYN", "Кафе", "Столовая №1"),
    (16, "-76.10", "BYN", "Продукты", "Рынок"),
    (18, "-65.00", "BYN", "Здоровье", "Аптека"),
    (20, "-20.00", "USD", "Подписки", "Облачные сервисы"),
    (21, "-118.70", "BYN", "Продукты", "Гипермаркет"),
    (23, "-58.00", "BYN", "Развлечения", "Кино и театр"),
    (25, "-33.40", "BYN", "Транспорт", "Такси"),
    (27, "-49.90", "BYN", "Кафе", "Пиццерия"),
]


def load(user: Any) -> ImportBatch:
    today = timezone.localdate()
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            user=user, file_name=_("Пример"), layout=LAYOUT, stored_at=timezone.now(), rows=[]
        )
        spent, paid = rows(user, batch, today), salaries(user, batch, today)
        Transaction.objects.bulk_create(spent)
        Salary.objects.bulk_create(paid)
        batch.added = len(spent) + len(paid)
        batch.save(update_fields=["added"])
        return batch


def months(today: date) -> list[date]:
    """The first days of the last months, the current one included."""
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def rows(user: Any, batch: ImportBatch, today: date) -> list[Transaction]:
    made = []
    for number, month in enumerate(months(today)):
        # A few per cent more or less, by a rule: prices rise slowly, and one month is dearer.
        factor = Decimal(100 + 2 * number + (17 if number == 3 else 0)) / 100
        for day, amount, currency, category, counterparty in [*EACH_MONTH, *income(number)]:
            value = Decimal(amount) * (factor if Decimal(amount) < 0 else 1)
            made.append(
                Transaction(
                    user=user,
                    batch=batch,
                    date=month.replace(day=day),
                    amount=value.quantize(Decimal("0.01")),
                    currency=currency,
                    category=category,
                    counterparty=counterparty,
                    account=DOLLARS if currency == "USD" else CARD,
                )
            )
    return [row for row in made if row.date <= today]


def income(number: int) -> list[tuple[int, str, str, str, str]]:
    paid = [(10, "1100.00", "BYN", "Зарплата", "ООО «Василёк»"), (25, pay(number), "BYN", "Зарплата", "ООО «Василёк»")]
    return [*paid, (19, "150.00", "USD", "Подработка", "Заказчик")] if number % 3 == 1 else paid


def pay(number: int) -> str:
    return str(Decimal("1350.00") + 60 * (number // 2))


def salaries(user: Any, batch: ImportBatch, today: date) -> list[Salary]:
    made = []
    for number, month in enumerate(months(today)):
        for day, kind, amount in ((10, "advance", "1100.00"), (25, "salary", pay(number))):
            made.append(
                Salary(
                    user=user,
                    batch=batch,
                    date=month.replace(day=day),
                    period=month,
                    kind=kind,
                    amount=Decimal(amount),
                    currency="BYN",
                    employer="ООО «Василёк»",
                )
            )
    return [row for row in made if row.date <= today]
