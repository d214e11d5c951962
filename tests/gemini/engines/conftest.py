from collections.abc import AsyncIterator

import pytest

from gemini.engines import Engine
from gemini.engines.generativeai import open_engine
from tests.processes import Emulator


@pytest.fixture
async def engine(emulator_process: Emulator) -> AsyncIterator[Engine]:
    engine = open_engine(emulator_process.grpc_address, "")
    yield engine
    await engine.aclose()
