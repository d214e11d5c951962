from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet, ModelViewSet

TAG = "Финансы"


class FinanceViewSet(GenericViewSet[Any]):
    """In Russian whatever language the pages are switched to, and never kept by a cache on the way."""

    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    # Nothing here meets a reply under way: see `gemini.rest.schema`.
    may_conflict: frozenset[str] = frozenset()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override("ru"):
            response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    def valid(self, request: Request) -> Any:
        """The body's validated fields; raises DRF's ValidationError."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data


class RecordViewSet(FinanceViewSet, ModelViewSet[Any]):
    """One's own records of one kind. Whose they are is the caller's name, which no field can say otherwise."""

    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = ["date", "amount"]
    ordering = ["-date"]
    ties = "-pk"

    def perform_create(self, serializer: Any) -> None:
        serializer.save(user=self.request.user)


def described(**summaries: str) -> dict[str, Any]:
    """What each action does, in a line, for the schema's readers."""
    return {action: extend_schema(summary=summary, tags=[TAG]) for action, summary in summaries.items()}
