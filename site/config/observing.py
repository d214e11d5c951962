"""One step around all the others: a request has a name in the log, a line in it, and is counted."""

import logging
import time
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from config import logs, metrics

logger = logging.getLogger("config.requests")

METRICS_PATH = "/metrics"
PROBES = ("/healthz", "/readyz", METRICS_PATH)


@sync_and_async_middleware
def observe(get_response: Any) -> Any:
    """Also answers `/metrics`, before the host check and the redirect to HTTPS: a collector can pass neither."""
    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponseBase:
            token, began = enter(request), time.perf_counter()
            try:
                # A hop to a thread is not for every request.
                shown = await sync_to_async(exposed)(request) if request.path_info == METRICS_PATH else None
                response = shown or await get_response(request)
                return seen(request, response, time.perf_counter() - began)
            finally:
                logs.request_id.reset(token)

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponseBase:
        token, began = enter(request), time.perf_counter()
        try:
            response = exposed(request) or get_response(request)
            return seen(request, response, time.perf_counter() - began)
        finally:
            logs.request_id.reset(token)

    return synchronous


def exposed(request: HttpRequest) -> HttpResponse | None:
    return metrics.exposed(request) if request.path_info == METRICS_PATH else None


def enter(request: HttpRequest) -> Any:
    return logs.request_id.set(given_id(request) or logs.new_request_id())


def given_id(request: HttpRequest) -> str:
    """What a trusted proxy calls the request; anybody else could make two look like one."""
    if not getattr(request, "scope", {}).get("from_trusted_proxy"):
        return ""
    given = request.headers.get("X-Request-Id", "")
    return given if logs.ACCEPTABLE.fullmatch(given) else ""


def seen(request: HttpRequest, response: HttpResponseBase, seconds: float) -> HttpResponseBase:
    response.headers["X-Request-Id"] = logs.request_id.get()
    route = name_of(request)
    metrics.count_request(route, request.method or "", response.status_code, seconds)
    level = logging.DEBUG if route in ("static", "probe") else logging.INFO
    if logger.isEnabledFor(level):
        facts = {
            "method": request.method if request.method in metrics.METHODS else "OTHER",
            "route": route,
            "status": response.status_code,
            "duration_ms": round(seconds * 1000, 1),
            "user_id": user_of(request),
            "streaming": response.streaming or None,
        }
        logger.log(level, "%(method)s %(route)s %(status)s in %(duration_ms)s ms", facts, extra=facts)
    return response


def name_of(request: HttpRequest) -> str:
    if request.path_info in PROBES:
        return "probe"
    if request.resolver_match is None and request.path_info.startswith(settings.STATIC_URL):
        return "static"
    return logs.route_of(request)


def user_of(request: HttpRequest) -> int | None:
    """Who asked, if the request has found that out anyway: the log is worth no query."""
    if caller := getattr(request, "caller", None):
        return caller.user.pk
    user = getattr(request, "_cached_user", None)
    return user.pk if user is not None and user.is_authenticated else None
