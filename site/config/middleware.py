"""The site's own steps in the way of a request, each usable under ASGI without a thread hop of its own."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.decorators import sync_and_async_middleware
from django.utils.functional import cached_property
from django_htmx.http import HttpResponseClientRedirect
from whitenoise.middleware import WhiteNoiseMiddleware

from config import health as health_checks
from config.errors import envelope
from gemini.exceptions import InvalidRequest

GetResponse = Callable[[HttpRequest], Any]
Middleware = Callable[[GetResponse], GetResponse]


@sync_and_async_middleware
def health(get_response: GetResponse) -> GetResponse:
    """Answers the probes before the host check, which a probe cannot pass."""
    probes = {"/healthz": health_checks.alive, "/readyz": health_checks.ready}

    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponseBase:
            if probe := probes.get(request.path_info):
                return await sync_to_async(probe)(request)
            return await get_response(request)

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponseBase:
        if probe := probes.get(request.path_info):
            return probe(request)
        return get_response(request)

    return synchronous


@sync_and_async_middleware
def encrypted(get_response: GetResponse) -> GetResponse:
    """Refuses over HTTP what is not led to HTTPS: a program would follow, and go on sending its key in the clear."""

    def refusal(request: HttpRequest) -> HttpResponseBase | None:
        if not settings.SECURE_SSL_REDIRECT or request.is_secure():
            return None
        with translation.override(settings.LANGUAGE_CODE):
            return envelope(request, InvalidRequest("https_required")) or HttpResponseForbidden()

    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponseBase:
            return refusal(request) or await get_response(request)

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponseBase:
        return refusal(request) or get_response(request)

    return synchronous


def after_response(change: Callable[[HttpRequest, HttpResponseBase], HttpResponseBase]) -> Middleware:
    """A middleware that only looks at the answer."""

    @sync_and_async_middleware
    def middleware(get_response: GetResponse) -> GetResponse:
        if iscoroutinefunction(get_response):

            async def asynchronous(request: HttpRequest) -> HttpResponseBase:
                return change(request, await get_response(request))

            return asynchronous

        def synchronous(request: HttpRequest) -> HttpResponseBase:
            return change(request, get_response(request))

        return synchronous

    return middleware


@sync_and_async_middleware
def language(get_response: GetResponse) -> GetResponse:
    """Russian unless the visitor switched: the browser's `Accept-Language` does not count."""

    def activate(request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        translation.activate(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)

    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponseBase:
            activate(request)
            return await get_response(request)

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponseBase:
        activate(request)
        return get_response(request)

    return synchronous


@after_response
def login_redirect(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """An expired session leads to the login page and from there back to the page that was open.

    htmx would swap the redirect's target into the fragment, so it is told to go there as a page; and where a form was
    posted to is no page to come back to.
    """
    login = resolve_url(settings.LOGIN_URL)
    is_htmx = bool(request.headers.get("HX-Request"))
    # With a way back it sends somebody away to sign in; without one it is the end of a sign-out.
    sent_away = isinstance(response, HttpResponseRedirect) and response.url.startswith(f"{login}?")
    if not sent_away or not (is_htmx or request.method == "POST"):
        return response
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    back = page.path if page.netloc == request.get_host() else ""
    url = f"{login}?{urlencode({'next': back})}" if back else login
    return HttpResponseClientRedirect(url) if is_htmx else HttpResponseRedirect(url)


@after_response
def not_kept(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """What a person was shown is kept by no cache, or Back would show it to whoever sits down after the sign-out.

    Measured in Chromium: with `no-cache` Back after a sign-out restores the page from memory and asks nobody; with
    `no-store` it leads to the login page, and any other Back costs one request of a few kilobytes. An ETag would not
    help: each page carries a CSRF token of its own.
    """
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


class ContentSecurityPolicy(CSPMiddleware):
    """django-csp builds the policy anew for each answer: 0.1 ms for what is the same, unless a view adds to it.

    A second policy that only reports, or addresses without one, for which django-csp has settings, would need it whole.
    """

    @cached_property
    def policy(self) -> str:
        return build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG or any(name.startswith("_csp") for name in (*vars(request), *vars(response))):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.policy)
        return response


class Compression(GZipMiddleware):
    """Pages as they travel: a chat of twenty messages is 34 KB of HTML and 7 KB of it compressed.

    Against guessing secrets by the length (BREACH) Django adds random bytes to each answer, and masks its CSRF token
    anew in each. Streams are left alone: an event must not wait for the next one to fill a block.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if response.streaming else super().process_response(request, response)


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise for both kinds of server.

    Its own middleware is synchronous and answers with a file iterator: under ASGI every request of the site would
    hop through a thread, and each file would raise Django's warning about a synchronous stream. Our files are a few
    kilobytes each, so they are read whole.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse, *args: Any, **kwargs: Any) -> None:
        super().__init__(get_response, *args, **kwargs)
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if iscoroutinefunction(self):
            return self.asynchronous(request)
        return self.static(request) or self.get_response(request)

    async def asynchronous(self, request: HttpRequest) -> HttpResponseBase:
        is_static = request.path_info.startswith(self.static_prefix)
        if is_static and (response := await sync_to_async(self.static)(request)):
            return response
        return await self.get_response(request)

    def static(self, request: HttpRequest) -> HttpResponse | None:
        static_file = self.find_file(request.path_info) if self.autorefresh else self.files.get(request.path_info)
        if static_file is None:
            return None
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file as file:
                content = file.read()
        response = HttpResponse(content, status=int(found.status))
        # HttpResponse invents a content type, which an answer without a body (304) must not have.
        del response.headers["Content-Type"]
        for name, value in found.headers:
            response.headers[name] = value
        return response
