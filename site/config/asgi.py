"""The ASGI application: Django, with the beginning and the end of the process that Django leaves to others."""

import asyncio
import logging
import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_asgi_application()

from django.conf import settings  # noqa: E402

from gemini import engines, replies  # noqa: E402

logger = logging.getLogger(__name__)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    else:
        await django_application(scope, receive, send)


async def lifespan(receive: Any, send: Any) -> None:
    await receive()
    replies.runtime.adopt(asyncio.get_running_loop())
    demo = await start_demo() if settings.GEMINI_DEMO else None
    replies.runtime.spawn(replies.sweeping())
    replies.runtime.spawn(asyncio.to_thread(engines.preload))
    await send({"type": "lifespan.startup.complete"})
    await receive()
    # Under `config.server` the drain is over by now; under another server it has to happen here.
    await replies.drain(0 if replies.draining() else settings.DRAIN_SECONDS)
    await engines.aclose()
    await replies.runtime.aclose()
    if demo:
        await demo.stop()
    await send({"type": "lifespan.shutdown.complete"})


async def start_demo() -> Any:
    """The emulator as a demo model, in this process: nothing else to install, start, or stop."""
    from emulators.gemini import GeminiEmulator

    demo = GeminiEmulator()
    await demo.start()
    settings.GEMINI_DEMO_ENDPOINT = demo.grpc_address
    logger.info("No GEMINI_API_KEY: a demo model answers those who have no key of their own.")
    return demo
