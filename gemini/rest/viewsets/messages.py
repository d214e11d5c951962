from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from gemini.access import message_for
from gemini.models import ChatMessage
from gemini.rest.filters import ChatMessageFilter
from gemini.rest.serializers import ChatMessageCreateSerializer, ChatMessageSerializer
from gemini.rest.viewsets.base import ApiViewSet

RECENT, MOST_RECENT = 10, 100


class ChatMessageViewSet(ApiViewSet):
    queryset = ChatMessage.objects.none()
    serializer_class = ChatMessageSerializer
    filterset_class = ChatMessageFilter
    search_fields = ["content__fcontains"]
    ordering_fields = ["timestamp"]
    ordering = ["timestamp"]
    ties = "pk"

    def get_queryset(self) -> Any:
        return ChatMessage.objects.for_user(self.request.user).visible()

    def get_object(self) -> ChatMessage:
        return message_for(self.request.user, int(self.kwargs["pk"]))

    def list(self, request: Request) -> Response:
        return self.page_of(self.filter_queryset(self.get_queryset()), ChatMessageSerializer)

    @extend_schema(request=ChatMessageCreateSerializer, responses={201: ChatMessageSerializer})
    def create(self, request: Request) -> Response:
        serializer = ChatMessageCreateSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return Response(self.get_serializer(serializer.save()).data, status=status.HTTP_201_CREATED)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    def update(self, request: Request, pk: str, partial: bool = False) -> Response:
        serializer = self.get_serializer(self.get_object(), data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return Response(self.get_serializer(serializer.save()).data)

    def partial_update(self, request: Request, pk: str) -> Response:
        return self.update(request, pk, partial=True)

    def destroy(self, request: Request, pk: str) -> Response:
        self.service.delete_message(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        responses=ChatMessageSerializer(many=True),
        parameters=[OpenApiParameter("limit", {"type": "integer", "minimum": 1}, description="Сколько, не больше 100")],
    )
    @action(detail=False, pagination_class=None, filter_backends=[])
    def recent(self, request: Request) -> Response:
        """The last messages, the oldest of them first; not paginated."""
        newest = self.get_queryset().page_before(None, limit_of(request))
        return Response(self.get_serializer(newest, many=True).data)


def limit_of(request: Request) -> int:
    asked = request.query_params.get("limit", str(RECENT))
    if not (asked.isascii() and asked.isdigit() and len(asked) < 1000 and int(asked) > 0):
        raise ValidationError({"limit": ["Ожидается целое число больше нуля."]})
    return min(int(asked), MOST_RECENT)
