"""The ASGI application: Django, with the beginning and the end of the process that Django leaves to others."""

import asyncio
import gc
import logging
import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402
from django.urls import reverse  # noqa: E402
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware  # noqa: E402

from config import metrics, trimming  # noqa: E402
from config.bodies import Bodies  # noqa: E402
from config.handler import Handler  # noqa: E402
from gemini import engines, rendering, replies, sources  # noqa: E402

django_application: Any = Bodies(Handler())
# Whom these name as the client, and by which scheme they came, is believed; of all others only the address counts.
behind_proxies: Any = ProxyHeadersMiddleware(django_application, settings.TRUSTED_PROXIES)

logger = logging.getLogger(__name__)

# Seconds in which whoever waits for the server to be up has the interpreter to themselves.
SETTLE_AFTER = 1
# When garbage is looked for: after so many new objects among these, after so many such rounds among what has outlived
# one, after so many of those everywhere. With Python's own (700, 10, 10) the rounds during 400 streams took 0.7 ms of
# each reply's processor time, and the longest held all of them up for 40 to 80 ms; with these 0.45, and the longest 14.
# A full round comes when nothing is being written (`config.trimming`).
ROUNDS = (3_000, 10, 100)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    scope["peer"] = peer = scope["client"][0] if scope.get("client") else ""
    scope["from_trusted_proxy"] = peer in behind_proxies.trusted_hosts
    await behind_proxies(scope, receive, send)


async def lifespan(receive: Any, send: Any) -> None:
    await receive()
    replies.runtime.adopt(asyncio.get_running_loop())
    metrics.begin()
    replies.runtime.spawn(metrics.watch_loop())
    replies.runtime.spawn(trimming.trim_when_idle())
    demo = await start_demo() if settings.GEMINI_DEMO else []
    replies.runtime.spawn(replies.sweeping())
    replies.runtime.spawn(replies.listening())
    replies.runtime.spawn(settle_soon())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    # Under `config.server` the drain is over by now; under another server it has to happen here.
    await replies.drain(0 if replies.draining() else settings.DRAIN_SECONDS)
    await engines.aclose()
    await replies.runtime.aclose()
    for emulator in demo:
        await emulator.stop()
    await send({"type": "lifespan.shutdown.complete"})


async def settle_soon() -> None:
    await asyncio.sleep(SETTLE_AFTER)
    await asyncio.to_thread(settle)


def settle() -> None:
    """Loads what the first page and message need, and begins the garbage collector's rounds without all that.

    A full round over 177,000 objects that never become garbage stopped every stream for 0.3 s; now it takes 0.005 ms.
    """
    try:
        reverse("home")
        engines.preload()
        sources.registered()
        rendering.render(r"\(x\)")
        gc.collect()
        gc.freeze()
    finally:
        gc.set_threshold(*ROUNDS)
        gc.enable()


async def start_demo() -> list[Any]:
    """A demo model and what it may ask, in this process: nothing else to install, start, or stop."""
    from emulators.gemini import GeminiEmulator

    demo = GeminiEmulator()
    over_rest = settings.GEMINI_ENGINE == "genai"
    await demo.start(http_port=0 if over_rest else None)
    settings.GEMINI_DEMO_ENDPOINT = demo.http_address if over_rest else demo.grpc_address
    logger.info("No GEMINI_API_KEY: a demo model answers those who have no key of their own.")
    return [demo, *await start_demo_services(), *await start_demo_google()]


async def start_demo_services() -> list[Any]:
    """Stand-ins for the services that the operator has not named: what comes from them says that it is made up."""
    from emulators.hh import HhEmulator
    from emulators.nbrb import NbrbEmulator

    started: list[Any] = []
    if "NBRB_BASE_URL" not in os.environ:
        started.append(nbrb := await NbrbEmulator().start())
        settings.NBRB_BASE_URL = nbrb.address
    if not settings.HH_ACCESS_TOKEN and not settings.VACANCY_PROVIDER:
        started.append(hh := await HhEmulator().start())
        settings.HH_BASE_URL, settings.HH_ACCESS_TOKEN = hh.address, hh.token
        settings.HH_USER_AGENT = "gemini-chat/1.0 (demo@gemini.local)"
    return started


async def start_demo_google() -> list[Any]:
    """A stand-in for Google, where there is no real one: on a loopback site only, for it lets anybody in as anybody."""
    is_ours_alone = settings.IN_DEVELOPMENT and settings.HOST in ("localhost", "127.0.0.1", "::1")
    if settings.GOOGLE_CLIENT_ID or not is_ours_alone:
        return []
    from emulators.google import GoogleEmulator

    # Its tokens are signed with a secret that stays, so that a calendar connected yesterday is connected today.
    google = await GoogleEmulator(secret=f"google emulator {settings.SECRET_KEY}").start()
    for name, value in google.settings.items():
        setattr(settings, name, value)
    return [google]
