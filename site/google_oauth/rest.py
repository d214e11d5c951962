"""The calendar over REST: whose it is says the session, and nothing in a request."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gemini.service import GeminiService
from google_oauth import analysis, calendar, conf, prompts, tokens
from google_oauth.calendar import Listing
from google_oauth.exceptions import CalendarError, NotConfigured, NotConnected, ReconnectRequired
from google_oauth.models import GoogleCredential
from google_oauth.periods import Period
from google_oauth.serializers import (
    DAY,
    DAYS,
    CalendarAnalysisSerializer,
    CalendarAnalyzeSerializer,
    CalendarDisconnectedSerializer,
    CalendarListingSerializer,
    CalendarStatusSerializer,
    PeriodSerializer,
)

TAG = "Календарь"
INTERFACE = "calendar-rest"
ERROR = {"$ref": "#/components/schemas/Error"}
VALIDATION_ERROR = {"anyOf": [{"$ref": "#/components/schemas/ValidationError"}, ERROR]}


def failing(schema: Any, description: str) -> OpenApiResponse:
    return OpenApiResponse(response=schema, description=description)


# What any call that reads the calendar may be answered with.
FAILURES = {
    400: failing(VALIDATION_ERROR, "Неверный период"),
    409: failing(ERROR, "Календарь не подключён, его нужно подключить заново, или Google на сайте не настроен"),
    429: failing(ERROR, "Google просит подождать"),
    503: failing(ERROR, "Google не отвечает или отказывает сайту"),
}
PERIOD = [
    OpenApiParameter("from", DAY, description="Первый день; без него — понедельник этой недели"),
    OpenApiParameter("days", DAYS, description="Сколько дней"),
]


class CalendarView(APIView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override("ru"):
            response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response


class StatusView(CalendarView):
    @extend_schema(tags=[TAG], summary="Подключён ли Google Календарь", responses=CalendarStatusSerializer)
    def get(self, request: Request) -> Response:
        return Response(CalendarStatusSerializer(status_of(request.user)).data)


class EventsView(CalendarView):
    @extend_schema(
        tags=[TAG],
        summary="События своего календаря за период",
        parameters=PERIOD,
        responses={200: CalendarListingSerializer, **FAILURES},
    )
    def get(self, request: Request) -> Response:
        asked = PeriodSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        period = asked.validated_data["period"]
        return Response(CalendarListingSerializer(listed(period, calendar.listing(request.user, period))).data)


class AnalyzeView(CalendarView):
    # It waits for an answer of Gemini's: see `config.handler`.
    waiting = ("post",)

    @extend_schema(
        tags=[TAG],
        summary="Анализ встреч за период: ждёт ответа модели",
        request=CalendarAnalyzeSerializer,
        responses={200: CalendarAnalysisSerializer, **FAILURES, 500: failing(ERROR, "Ошибка Gemini")},
    )
    def post(self, request: Request) -> Response:
        asked = CalendarAnalyzeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        period = asked.validated_data["period"]
        report = analysis.report(calendar.listing(request.user, period).events, period, timezone.localtime())
        service = GeminiService(request.user, INTERFACE)
        exchange = service.send(None, prompts.analysis(report, asked.validated_data.get("question", "")))
        exchange = service.answered(exchange)
        answer = {
            "response": exchange.reply.content,
            "sent": exchange.user_message.content,
            "session_id": exchange.session.pk,
            "user_message_id": exchange.user_message.pk,
            "assistant_message_id": exchange.reply.pk,
            "report": report,
        }
        return Response(CalendarAnalysisSerializer(answer).data)


class DisconnectView(CalendarView):
    @extend_schema(
        tags=[TAG],
        summary="Отключение календаря: доступ отзывается у Google и стирается здесь",
        request=None,
        responses={200: CalendarDisconnectedSerializer, 409: FAILURES[409]},
    )
    def post(self, request: Request) -> Response:
        revoked = tokens.disconnect(request.user)
        if revoked is None:
            raise NotConnected
        return Response(CalendarDisconnectedSerializer({"status": "disconnected", "revoked": revoked}).data)


def status_of(user: Any) -> dict[str, Any]:
    credential = calendar.credential_of(user) if conf.is_configured() else None
    problem: CalendarError | None = None
    if not conf.is_configured():
        problem = NotConfigured()
    elif credential is None:
        problem = NotConnected()
    elif credential.state == GoogleCredential.State.RECONNECT:
        problem = ReconnectRequired()
    return {
        "state": problem.code if problem else "connected",
        "message": problem.message if problem else "Календарь подключён.",
        "account": credential.email if credential else None,
        "connected_at": credential.connected_at if credential else None,
        "emulated": conf.is_emulated(),
    }


def listed(period: Period, found: Listing) -> dict[str, Any]:
    return {
        "from": period.first,
        "to": period.last,
        "time_zone": timezone.get_current_timezone_name(),
        "as_of": found.as_of,
        "stale": found.is_stale,
        "message": found.problem.message if found.problem else "",
        "truncated": found.truncated,
        "count": len(found.events),
        "results": found.events,
    }
