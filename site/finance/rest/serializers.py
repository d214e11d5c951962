from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from finance.formats import category_name
from finance.models import ImportBatch, Salary, Transaction
from finance.pay import TAXES, Month, Trend
from finance.rest.fields import AmountField, CurrencyField, DayField, FlagField, KindField, TextField
from finance.summary import Aside, Flow, Summary


class TransactionSerializer(serializers.ModelSerializer[Any]):
    """`amount` below zero is spending. Whose it is, and which import it came with, is nobody's to say."""

    date = DayField()
    amount = AmountField()
    currency = CurrencyField()
    category = TextField(max_length=100, required=False, allow_blank=True)
    counterparty = TextField(max_length=200, required=False, allow_blank=True)
    description = TextField(max_length=500, required=False, allow_blank=True)
    account = TextField(max_length=100, required=False, allow_blank=True)
    is_transfer = FlagField(required=False)

    class Meta:
        model = Transaction
        texts = ["category", "counterparty", "description", "account"]
        fields = ["id", "date", "amount", "currency", *texts, "is_transfer"]


class SalarySerializer(serializers.ModelSerializer[Any]):
    date = DayField()
    period = DayField(required=False, help_text="Любой день месяца, за который платят; без него — месяц выплаты")
    kind = KindField(choices=Salary.Kind.choices, required=False)
    amount = AmountField(positive=True)
    currency = CurrencyField()
    is_gross = FlagField(required=False, help_text="true — до вычета налогов")
    employer = TextField(max_length=200, required=False, allow_blank=True)
    note = TextField(max_length=500, required=False, allow_blank=True)

    class Meta:
        model = Salary
        fields = ["id", "date", "period", "kind", "amount", "currency", "is_gross", "employer", "note"]


class NoteSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField(help_text="Номер строки файла")
    message = serializers.CharField(source="words")
    text = serializers.CharField(help_text="Начало строки; длинные номера скрыты")


class UploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(
        allow_empty_file=True,
        error_messages={"required": "Выберите файл.", "invalid": "Выберите файл."},
        help_text="CSV, XLSX или обмен с 1С, до 5 МБ и 20 000 строк",
    )


class ImportSerializer(serializers.ModelSerializer[Any]):
    """What came of a file: what of it is new, what was known, what cannot be read and why."""

    problems = NoteSerializer(many=True)
    left_out = NoteSerializer(many=True, help_text="Не проведённые банком и нулевые")

    class Meta:
        model = ImportBatch
        fields = ["id", "file_name", "layout", "kind", "added", "known", "problems", "left_out"]


class FlowSerializer(serializers.Serializer[Any]):
    income = AmountField()
    spending = AmountField()
    net = AmountField()
    count = serializers.IntegerField()


class SpanSerializer(FlowSerializer):
    period = serializers.CharField(help_text="2026-11; у периода длиннее трёх лет — 2026")


class CategorySerializer(FlowSerializer):
    category = serializers.CharField()


class OwnCurrencySerializer(FlowSerializer):
    currency = serializers.CharField()


class AsideSerializer(OwnCurrencySerializer):
    since = serializers.DateField()
    until = serializers.DateField()
    rate_as_of = serializers.DateField(allow_null=True, help_text="День, чей курс взят; null — курса нет")


class MonthSerializer(serializers.Serializer[Any]):
    month = serializers.DateField()
    taxes = serializers.ChoiceField(choices=[(name, name) for name in TAXES.values()])
    byn = AmountField(allow_null=True)
    usd = AmountField(allow_null=True)
    count = serializers.IntegerField()


class FinanceSummarySerializer(serializers.Serializer[Any]):
    """All but `currencies` in Belarusian roubles, by the rate of each day; what has none is in `not_converted`."""

    total = FlowSerializer()
    periods = SpanSerializer(many=True)
    categories = CategorySerializer(many=True)
    currencies = OwnCurrencySerializer(many=True)
    not_converted = AsideSerializer(many=True)
    stale = AsideSerializer(many=True)
    messages = serializers.ListField(child=serializers.CharField())
    salaries = MonthSerializer(many=True)


class PeriodSerializer(serializers.Serializer[Any]):
    since = DayField(required=False)
    until = DayField(required=False)


class AnalyzeSerializer(PeriodSerializer):
    question = TextField(max_length=2_000, required=False, allow_blank=True)


class AnalysisSerializer(serializers.Serializer[Any]):
    """The answer, and letter by letter what it is an answer to; both stand in the session."""

    response = serializers.CharField(source="text")
    sent = serializers.SerializerMethodField(help_text="Что отправлено модели")
    session_id = serializers.IntegerField()
    model = serializers.SerializerMethodField()

    @extend_schema_field(str)
    def get_sent(self, _: Any) -> str:
        return str(self.context["sent"])

    @extend_schema_field(str)
    def get_model(self, generation: Any) -> str:
        return str(generation.metadata["model"])


def summary_as_json(summary: Summary, trend: Trend) -> dict[str, Any]:
    return {
        "total": flow(summary.total),
        "periods": [{"period": span, **flow(found)} for span, found in summary.spans.items()],
        "categories": [{"category": category_name(name), **flow(found)} for name, found in summary.categories.items()],
        "currencies": [{"currency": code, **flow(found)} for code, found in summary.currencies.items()],
        "not_converted": [aside(found) for found in summary.unconverted.values()],
        "stale": [aside(found) for found in summary.stale.values()],
        "messages": list(dict.fromkeys([*summary.messages, *trend.messages])),
        "salaries": [month(found) for found in trend.months],
    }


def flow(found: Flow) -> dict[str, Any]:
    return {"income": found.income, "spending": found.spending, "net": found.net, "count": found.count}


def aside(found: Aside) -> dict[str, Any]:
    days = {"since": found.first, "until": found.last, "rate_as_of": found.as_of}
    return {"currency": found.currency, **days, **flow(found.flow)}


def month(found: Month) -> dict[str, Any]:
    sums = {"byn": found.byn, "usd": found.usd, "count": found.count}
    return {"month": found.month, "taxes": TAXES[found.is_gross], **sums}
