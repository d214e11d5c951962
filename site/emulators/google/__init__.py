"""A stand-in for Google's sign-in (OAuth 2, OpenID Connect) and Calendar API v3. Its people and events are made up.

Importing this costs nothing; keys are made when the first token is signed.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulators.google.server import GoogleEmulator

__all__ = ["GoogleEmulator"]


def __getattr__(name: str) -> Any:
    if name == "GoogleEmulator":
        return importlib.import_module("emulators.google.server").GoogleEmulator
    raise AttributeError(name)
