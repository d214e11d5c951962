from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from gemini import stats
from gemini.rest.serializers import GeminiApiRequestSerializer, GeminiStatsSerializer, GenerationSerializer
from gemini.rest.viewsets.base import ApiViewSet
from gemini.service import Generation


class GeminiApiViewSet(ApiViewSet):
    """Single answers, and what all of it has come to."""

    serializer_class = GeminiApiRequestSerializer
    pagination_class = None
    filter_backends = []
    waiting = ("analyze_text", "generate_response")

    @extend_schema(responses=GenerationSerializer)
    @action(detail=False, methods=["post"])
    def analyze_text(self, request: Request) -> Response:
        prompt, options = self.prompt_and_options(request)
        return self.answer(self.service.analyze(prompt, **options))

    @extend_schema(responses=GenerationSerializer)
    @action(detail=False, methods=["post"])
    def generate_response(self, request: Request) -> Response:
        prompt, options = self.prompt_and_options(request)
        return self.answer(self.service.generate(prompt, **options))

    @extend_schema(responses=GeminiStatsSerializer)
    @action(detail=False)
    def stats(self, request: Request) -> Response:
        found = stats.of_site(request.user) if request.user.is_staff else stats.of_user(request.user)
        return Response(GeminiStatsSerializer(found).data)

    def prompt_and_options(self, request: Request) -> tuple[str, dict[str, Any]]:
        asked = self.valid(request)
        return asked["prompt"], {
            "max_tokens": asked["max_tokens"],
            "temperature": asked["temperature"],
            "session": asked.get("session_id"),
            "save": asked["save_to_session"],
            "idempotency_key": self.idempotency_key,
        }

    def answer(self, generation: Generation) -> Response:
        return Response(GenerationSerializer(generation).data)
