"""The way out of the second engine: the SDK's requests, on connections with our limits, which are closed by us."""

from contextvars import ContextVar
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx2

from gemini.engines import base
from gemini.engines.base import EngineError

# The SDK wants a key of its client. Every call brings its user's; one that did not is stopped before it leaves.
NOBODYS_KEY = "no-key"
# A stream holds its connection to the end: with the SDK's hundred, half of 200 streams waited for the other half.
# An idle one is closed before most servers do it, or a request could meet the other side's closing.
LIMITS = httpx2.Limits(max_connections=1_000, max_keepalive_connections=32, keepalive_expiry=3)
# The silences of an answer are the engine's own to measure.
TIMEOUTS = httpx2.Timeout(None, connect=base.CONNECT_TIMEOUT, pool=base.CONNECT_TIMEOUT)
# Reading the system's certificates takes a tenth of a second: with the import, in the thread where that happens.
TLS = httpx2.create_ssl_context()

# The responses that the running step opens.
opened_now: ContextVar[list[httpx2.Response]] = ContextVar("opened")


class Connections(httpx2.AsyncClient):
    """The SDK's way out, with our limits, and with every response in reach of the one who asked."""

    def build_request(self, *args: Any, **options: Any) -> httpx2.Request:
        # The SDK's own is no limit at all.
        return super().build_request(*args, **options | {"timeout": TIMEOUTS})

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        if request.headers.get("x-goog-api-key", NOBODYS_KEY) == NOBODYS_KEY:
            raise EngineError("api_key_missing")
        connected = Connected()
        request.extensions = {**request.extensions, "trace": connected.trace}
        try:
            response = await super().send(request, **options)
        except BaseException:
            await connected.aclose()
            raise
        opened_now.get([]).append(response)
        return response


class Connected:
    """What a request has connected to: httpcore leaves it to the garbage collector when TLS is cancelled on its way."""

    def __init__(self) -> None:
        self.streams: list[Any] = []

    async def trace(self, name: str, info: dict[str, Any]) -> None:
        if name.endswith(".connect_tcp.complete"):
            self.streams.append(info["return_value"])

    async def aclose(self) -> None:
        """Of a request without an answer; its connection is of use to no other. Closed twice is closed once."""
        for stream in self.streams:
            await stream.aclose()


def open_connections(proxy: str, *, is_loopback: bool) -> Connections:
    return Connections(
        verify=TLS,
        limits=LIMITS,
        proxy=proxy or None,
        # Without a proxy of ours the operator's HTTPS_PROXY counts, as it does for gRPC.
        trust_env=not proxy and not is_loopback,
        # It would take the key along, to wherever it leads.
        follow_redirects=False,
        # What a gateway sets for one user is no business of the next.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )
