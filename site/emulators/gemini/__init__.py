"""A stand-in for the Gemini API: the demo model of `make run`, and what the tests talk to.

Importing this costs nothing; the SDK's messages and gRPC are loaded when an emulator starts.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulators.gemini.server import GeminiEmulator

__all__ = ["GeminiEmulator"]


def __getattr__(name: str) -> Any:
    if name == "GeminiEmulator":
        return importlib.import_module("emulators.gemini.server").GeminiEmulator
    raise AttributeError(name)
