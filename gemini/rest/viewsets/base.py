from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from gemini.rest.serializers import INTERFACE
from gemini.service import GeminiService


class ApiViewSet(GenericViewSet[Any]):
    """In Russian whatever language the pages are switched to, and never kept by a cache on the way."""

    # Actions that wait for an answer of Gemini's; the server gives them no thread that pages need.
    waiting: tuple[str, ...] = ()
    # Ids are numbers: anything else is no URL of ours.
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override("ru"):
            response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    @property
    def service(self) -> GeminiService:
        return GeminiService(self.request.user, INTERFACE)

    @property
    def idempotency_key(self) -> str:
        return self.request.headers.get("Idempotency-Key", "")

    def valid(self, request: Request, **options: Any) -> Any:
        """The body's validated fields; raises DRF's ValidationError."""
        serializer = self.get_serializer(data=request.data, **options)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def page_of(self, queryset: Any, serializer_class: Any) -> Response:
        serializer = serializer_class(
            self.paginate_queryset(queryset), many=True, context=self.get_serializer_context()
        )
        return self.get_paginated_response(serializer.data)
