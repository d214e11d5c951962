from collections.abc import AsyncIterator, Callable
from importlib import import_module

import pytest

from gemini.engines import Engine
from tests.processes import Emulator


@pytest.fixture(params=["generativeai", "genai"])
def engine_name(request) -> str:
    """Both engines, each of which has to pass all of this package that asks for it."""
    return request.param


@pytest.fixture
def open_engine(engine_name) -> Callable[[str, str], Engine]:
    return import_module(f"gemini.engines.{engine_name}").open_engine


@pytest.fixture
def endpoint(engine_name, emulator_process: Emulator) -> str:
    return emulator_process.endpoint_for(engine_name)


@pytest.fixture
async def engine(open_engine, endpoint) -> AsyncIterator[Engine]:
    engine = open_engine(endpoint, "")
    yield engine
    await engine.aclose()
