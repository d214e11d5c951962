"""The one face of the chat: what other apps, the pages and both APIs call. Each method has an `a`-prefixed twin."""

from gemini.engines import ModelInfo
from gemini.keys import KeyVerdict
from gemini.one_shot import Generation
from gemini.replies import Event, Exchange
from gemini.service.answers import Answers
from gemini.service.branches import Branches
from gemini.service.conversations import Conversations
from gemini.service.preferences import Preferences
from gemini.trash import Deletion, Restored

__all__ = [
    "Deletion",
    "Event",
    "Exchange",
    "GeminiService",
    "Generation",
    "KeyVerdict",
    "ModelInfo",
    "Restored",
]


class GeminiService(Branches, Conversations, Answers, Preferences):
    """Gemini as one user may use it, through one interface (`interface` names it in the usage ledger).

    Failures are `gemini.exceptions.GeminiError`. The plain methods block: on an event loop use their twins.
    """
