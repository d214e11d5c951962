from gemini.rest.viewsets.api import GeminiApiViewSet
from gemini.rest.viewsets.messages import ChatMessageViewSet
from gemini.rest.viewsets.sessions import ChatSessionViewSet

__all__ = ["ChatMessageViewSet", "ChatSessionViewSet", "GeminiApiViewSet"]
