from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from gemini import stats
from gemini.access import newest_reply_of, session_for
from gemini.models import ChatSession
from gemini.rest.filters import ChatSessionFilter
from gemini.rest.serializers import (
    ChatMessageSerializer,
    ChatSessionCreateSerializer,
    ChatSessionDetailSerializer,
    ChatSessionSerializer,
    ExchangeSerializer,
    GeminiStatsSerializer,
    HistoryClearedSerializer,
    ReplyStateSerializer,
    SendMessageSerializer,
)
from gemini.rest.viewsets.base import ApiViewSet


class ChatSessionViewSet(ApiViewSet):
    queryset = ChatSession.objects.none()
    serializer_class = ChatSessionSerializer
    filterset_class = ChatSessionFilter
    search_fields = ["title__fcontains"]
    ordering_fields = ["created_at", "updated_at", "title", "is_active", "messages_count"]
    ordering = ["-updated_at"]
    ties = "-pk"
    waiting = ("send_message", "retry")

    def get_queryset(self) -> Any:
        return ChatSession.objects.for_user(self.request.user).select_related("user").with_messages_count()

    def get_object(self) -> ChatSession:
        return session_for(self.request.user, int(self.kwargs["pk"]))

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        ChatSession.objects.give_last_messages(page)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=ChatSessionCreateSerializer, responses={201: ChatSessionSerializer})
    def create(self, request: Request) -> Response:
        serializer = ChatSessionCreateSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return Response(self.get_serializer(serializer.save()).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=ChatSessionDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(ChatSessionDetailSerializer(self.get_object(), context=self.get_serializer_context()).data)

    def update(self, request: Request, pk: str, partial: bool = False) -> Response:
        serializer = self.get_serializer(self.get_object(), data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)

    def partial_update(self, request: Request, pk: str) -> Response:
        return self.update(request, pk, partial=True)

    def destroy(self, request: Request, pk: str) -> Response:
        self.service.delete(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=ChatSessionSerializer(many=True))
    @action(detail=False)
    def my_sessions(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(responses=GeminiStatsSerializer, filters=False)
    @action(detail=False, pagination_class=None, filter_backends=[])
    def stats(self, request: Request) -> Response:
        return Response(GeminiStatsSerializer(stats.of_user(request.user)).data)

    @extend_schema(responses=ChatMessageSerializer(many=True))
    @action(detail=True, filter_backends=[])
    def messages(self, request: Request, pk: str) -> Response:
        return self.page_of(self.get_object().messages.visible(), ChatMessageSerializer)

    @extend_schema(request=None, responses=HistoryClearedSerializer)
    @action(detail=True, methods=["post"])
    def clear_history(self, request: Request, pk: str) -> Response:
        self.service.clear_history(self.get_object())
        return Response({"status": "history_cleared"})

    @extend_schema(responses=ExchangeSerializer)
    @action(detail=True, methods=["post"], serializer_class=SendMessageSerializer)
    def send_message(self, request: Request, pk: str) -> Response:
        session = self.get_object()
        content = self.valid(request)["content"]
        exchange = self.service.send(session, content, idempotency_key=self.idempotency_key)
        return self.answer(self.service.answered(exchange))

    @extend_schema(responses=ReplyStateSerializer)
    @action(detail=True)
    def reply(self, request: Request, pk: str) -> Response:
        return Response(ReplyStateSerializer(newest_reply_of(self.get_object())).data)

    @extend_schema(request=None, responses=ReplyStateSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str) -> Response:
        reply = self.service.stop(newest_reply_of(self.get_object()))
        return Response(ReplyStateSerializer(reply).data)

    @extend_schema(request=None, responses=ExchangeSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        reply = newest_reply_of(self.get_object())
        exchange = self.service.retry(reply, idempotency_key=self.idempotency_key)
        return self.answer(self.service.answered(exchange))

    def answer(self, exchange: Any) -> Response:
        return Response(ExchangeSerializer(exchange, context=self.get_serializer_context()).data)
