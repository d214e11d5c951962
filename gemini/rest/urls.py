from rest_framework.routers import SimpleRouter

from gemini.rest.viewsets import ChatMessageViewSet, ChatSessionViewSet, GeminiApiViewSet

app_name = "gemini-rest"

router = SimpleRouter()
router.register("chat-sessions", ChatSessionViewSet, basename="chat-session")
router.register("chat-messages", ChatMessageViewSet, basename="chat-message")
router.register("api", GeminiApiViewSet, basename="api")

urlpatterns = router.urls
