"""Engines talk to Gemini. Each is one module, the only one to import its SDK; the core knows just the Protocol."""

import asyncio
import functools
import importlib

from gemini import conf
from gemini.engines.base import Chunk, Engine, EngineError, GenerateRequest, ModelInfo, Usage, stream_with_retries

__all__ = [
    "Chunk",
    "Engine",
    "EngineError",
    "GenerateRequest",
    "ModelInfo",
    "Usage",
    "aclose",
    "engine_at",
    "preload",
    "stream_with_retries",
]


_imported: set[str] = set()
_opened: list[Engine] = []


def preload() -> None:
    """Imports the SDK, which takes about half a second: in a thread, while the server starts."""
    name = conf.get("GEMINI_ENGINE")
    importlib.import_module(f"gemini.engines.{name}")
    _imported.add(name)


@functools.cache
def _open(name: str, endpoint: str, proxy: str) -> Engine:
    engine = importlib.import_module(f"gemini.engines.{name}").open_engine(endpoint, proxy)
    _opened.append(engine)
    return engine


async def engine_at(endpoint: str) -> Engine:
    """The engine of `GEMINI_ENGINE` for an endpoint (empty: Google), made once for the process."""
    name = conf.get("GEMINI_ENGINE")
    if name not in _imported:
        await asyncio.to_thread(preload)
    return _open(name, endpoint, conf.get("GEMINI_PROXY"))


async def aclose() -> None:
    """Closes what the running event loop holds open."""
    for engine in _opened:
        await engine.aclose()
