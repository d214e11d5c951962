"""One hop between threads for a request, instead of one for each middleware.

Django's own ASGI handler starts a thread for each request, with a new connection to the database, and passes back and
forth for every middleware that is not asynchronous. Measured with `bench/`: `docs/decisions/0006-one-hop-a-request.md`.
Here a request runs in one thread of a pool, which keeps its connection, from the first middleware to the last; what it
answers with is sent from the event loop, streams included.
"""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.http import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, get_resolver, set_script_prefix
from django.utils import translation

from config import line

# Enough for writers who wait for SQLite's lock beside readers who do not.
THREADS = 16
NUMBER = re.compile(r"[0-9]+")


class Handler(ASGIHandler):
    def __init__(self) -> None:
        super().__init__()
        self.pages = BaseHandler()
        self.pages.load_middleware(is_async=False)
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="pages")
        self.line = line.Line()

    async def handle(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if self.needs_its_own(scope):
            await super().handle(scope, receive, send)
            return
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        ahead = 0.0 if scope["method"] in ("GET", "HEAD") else line.SENDERS
        response = await self.in_thread(self.respond, scope, body, ahead=ahead)
        try:
            # What a stream yields is made here, where the request's own thread has activated nothing.
            with translation.override(response._language):
                await self.deliver(response, receive, send)
        finally:
            if response.streaming:
                await self.finish(response)
            body.close()

    async def finish(self, response: Any) -> None:
        """What an iterator of files and rows has to close may wait; a stream of events has nothing left by now."""
        if response.is_async:
            close(response)
        else:
            await self.in_thread(close, response)

    def needs_its_own(self, scope: dict[str, Any]) -> bool:
        """Whether a view is asynchronous, or waits for an answer of Gemini's: for minutes it would keep a thread."""
        # Ids make no difference, so that most answers are known: to resolve a path takes 0.3 ms.
        return waits(NUMBER.sub("1", scope["path"]), scope["method"].lower())

    async def in_thread(self, work: Any, *arguments: Any, ahead: float = 0.0) -> Any:
        """In a thread of the pool, when its turn has come."""
        async with self.line.turn(ahead):
            return await asyncio.get_running_loop().run_in_executor(self.threads, copy_context().run, work, *arguments)

    async def to_end_a_stream(self, work: Any, *arguments: Any) -> Any:
        """The same in the stream's language, which asgiref keeps to the thread that chose it."""
        language = translation.get_language()
        return await self.in_thread(in_language, language, work, *arguments, ahead=line.ENDINGS)

    def respond(self, scope: dict[str, Any], body: Any) -> HttpResponseBase:
        """All of a request but the sending."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, error = self.create_request(scope, body)
        if request:
            # For what a stream has to ask the database at its end: these threads have their connections already.
            request.in_thread = self.to_end_a_stream  # type: ignore[attr-defined]
        response: HttpResponseBase = self.pages.get_response(request) if request else error  # type: ignore[assignment]
        if request and request.resolver_match:
            # The routes that were tried first, for a page of Django's about missing ones: 12 KB in each open stream.
            request.resolver_match.tried = None
        response._handler_class = self.__class__  # type: ignore[attr-defined]
        response._language = translation.get_language()  # type: ignore[attr-defined]
        if not response.streaming:
            # What is sent is in memory by now.
            close(response)
        return response

    async def deliver(self, response: HttpResponseBase, receive: Any, send: Any) -> None:
        """Sends an answer, and ends early the stream of a reader who has left."""
        if not response.streaming:
            await self.send_response(response, send)
            return
        sending = asyncio.ensure_future(self.send_response(response, send))
        leaving = asyncio.ensure_future(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving):
                task.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)
        if sending.done() and not sending.cancelled() and (error := sending.exception()):
            raise error


@lru_cache(maxsize=512)
def waits(path: str, method: str) -> bool:
    match = resolved(path)
    if match is None:
        return False
    # A viewset has actions by method; a plain view of DRF's is its own.
    action = getattr(match.func, "actions", {}).get(method, method)
    return iscoroutinefunction(match.func) or action in getattr(getattr(match.func, "cls", None), "waiting", ())


def resolved(path: str) -> ResolverMatch | None:
    try:
        return get_resolver().resolve(path)
    except Resolver404:
        return None


def in_language(language: str, work: Any, *arguments: Any) -> Any:
    with translation.override(language):
        return work(*arguments)


def close(response: HttpResponseBase) -> None:
    """Ends a request; the thread keeps its connection unless it is broken."""
    for connection in connections.all(initialized_only=True):
        connection.close_at = None
    response.close()
