from typing import Any

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class Pages(PageNumberPagination):
    """20 to a page, at most 100; an absent page is 404, a page size that is no number 400."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
    page_query_description = "Номер страницы"
    page_size_query_description = "Записей на странице, не больше 100"

    def get_page_size(self, request: Request) -> int | None:
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) < 1000 and int(asked) > 0):
            raise ValidationError({self.page_size_query_param: ["Ожидается целое число больше нуля."]})
        return min(int(asked), self.max_page_size)

    def get_page_number(self, request: Request, paginator: Any) -> Any:
        asked = request.query_params.get(self.page_query_param) or 1
        if isinstance(asked, str) and not (asked.isascii() and asked.isdigit()):
            raise NotFound
        return asked

    def get_schema_operation_parameters(self, view: Any) -> Any:
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            parameter["schema"]["minimum"] = 1
        return parameters

    def get_paginated_response_schema(self, schema: Any) -> Any:
        """DRF's says `nullable`, which OpenAPI 3.1 does not know."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {"count": {"type": "integer"}, "next": link, "previous": link, "results": schema},
        }
