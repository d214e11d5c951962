from gemini.models.conversations import ChatMessage, ChatSession
from gemini.models.rates import NbrbRate
from gemini.models.rollups import CallTotals, CountedPrompt, PromptCount, SessionTotals
from gemini.models.sent_prompts import SentPrompt
from gemini.models.settings import GeminiSettings, PromptTemplate
from gemini.models.usage import GeminiCall, ModelPrice

__all__ = [
    "CallTotals",
    "ChatMessage",
    "ChatSession",
    "CountedPrompt",
    "GeminiCall",
    "GeminiSettings",
    "ModelPrice",
    "NbrbRate",
    "PromptCount",
    "PromptTemplate",
    "SentPrompt",
    "SessionTotals",
]
