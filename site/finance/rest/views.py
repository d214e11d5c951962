from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from finance import importing, statements
from finance.access import salary_for, transaction_for
from finance.analysis import has_data, prompt_for
from finance.exceptions import NothingToAnalyze, UnreadableFile
from finance.models import Salary, Transaction
from finance.pay import trend
from finance.rest.base import TAG, FinanceViewSet, RecordViewSet, described
from finance.rest.filters import SalaryApiFilter, TransactionApiFilter
from finance.rest.serializers import (
    AnalysisSerializer,
    AnalyzeSerializer,
    FinanceSummarySerializer,
    ImportSerializer,
    PeriodSerializer,
    SalarySerializer,
    TransactionSerializer,
    UploadSerializer,
    summary_as_json,
)
from finance.summary import summarize
from gemini.service import GeminiService

INTERFACE = "finance"
DAY = {"type": "string", "format": "date"}


@extend_schema_view(
    **described(
        list="Мои операции",
        create="Запись операции",
        retrieve="Получение операции",
        update="Изменение операции",
        partial_update="Изменение части операции",
        destroy="Удаление операции",
    )
)
class TransactionViewSet(RecordViewSet):
    queryset = Transaction.objects.none()
    serializer_class = TransactionSerializer
    filterset_class = TransactionApiFilter
    search_fields = [f"{name}__fcontains" for name in ("description", "counterparty", "category", "account")]

    def get_queryset(self) -> Any:
        return Transaction.objects.for_user(self.request.user)

    def get_object(self) -> Transaction:
        return transaction_for(self.request.user, int(self.kwargs["pk"]))


@extend_schema_view(
    **described(
        list="Мои зарплаты",
        create="Запись зарплаты",
        retrieve="Получение зарплаты",
        update="Изменение зарплаты",
        partial_update="Изменение части зарплаты",
        destroy="Удаление зарплаты",
    )
)
class SalaryViewSet(RecordViewSet):
    queryset = Salary.objects.none()
    serializer_class = SalarySerializer
    filterset_class = SalaryApiFilter
    search_fields = [f"{name}__fcontains" for name in ("employer", "note")]

    def get_queryset(self) -> Any:
        return Salary.objects.for_user(self.request.user)

    def get_object(self) -> Salary:
        return salary_for(self.request.user, int(self.kwargs["pk"]))


class FinanceApiViewSet(FinanceViewSet):
    """What is done with all of one's records: brought in, added up, asked about."""

    waiting = ("analyze",)
    pagination_class = None
    filter_backends = []

    def get_serializer_class(self) -> Any:
        return UploadSerializer if self.action == "import_file" else AnalyzeSerializer

    @extend_schema(
        tags=[TAG],
        summary="Импорт файла: записывает новое сразу, известное пропускает",
        request={"multipart/form-data": UploadSerializer},
        responses={201: ImportSerializer},
    )
    def import_file(self, request: Request) -> Response:
        file = self.valid(request)["file"]
        try:
            if file.size > statements.MAX_BYTES:
                raise UnreadableFile("Файл больше 5 МБ. Разделите его, например по годам.")
            batch = importing.begin(request.user, file.name, file.read())
        except UnreadableFile as error:
            raise ValidationError({"file": [str(error)]}) from error
        if batch.needs_columns:
            batch.delete()
            raise ValidationError({"file": ["Заголовок файла не узнан: назовите его колонки на странице «Импорт»."]})
        batch = importing.store(batch)
        return Response(ImportSerializer(batch).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        tags=[TAG],
        summary="Итоги: по месяцам, категориям и валютам, в BYN по курсу НБРБ на день каждой операции",
        responses=FinanceSummarySerializer,
        parameters=[OpenApiParameter(name, DAY, description="День, включительно") for name in ("since", "until")],
    )
    def summary(self, request: Request) -> Response:
        period = PeriodSerializer(data=request.query_params.dict())
        period.is_valid(raise_exception=True)
        days = (period.validated_data.get("since"), period.validated_data.get("until"))
        found = summarize(Transaction.objects.for_user(request.user).within(*days))
        pay = trend(Salary.objects.for_user(request.user).within(*days))
        return Response(FinanceSummarySerializer(summary_as_json(found, pay)).data)

    @extend_schema(
        tags=[TAG],
        summary="Анализ: ждёт ответа; он и то, что отправлено модели, остаются в новой сессии",
        request=AnalyzeSerializer,
        responses=AnalysisSerializer,
    )
    def analyze(self, request: Request) -> Response:
        asked = self.valid(request)
        days = (asked.get("since"), asked.get("until"))
        if not has_data(request.user, *days):
            raise NothingToAnalyze
        sent = prompt_for(request.user, *days, asked.get("question", ""))
        key = request.headers.get("Idempotency-Key", "")
        answer = GeminiService(request.user, INTERFACE).analyze(sent, save=True, idempotency_key=key)
        return Response(AnalysisSerializer(answer, context={"sent": sent}).data)
