from django.db.models import Model

NOUNS = {"ChatMessage": "message", "ChatSession": "session", "PromptTemplate": "prompt"}


def dom_id(instance: Model, part: str = "") -> str:
    """The id of an object's element, the same in templates, views and tests: `message-5`, `session-3-title`."""
    name = f"{NOUNS[type(instance).__name__]}-{instance.pk}"
    return f"{name}-{part}" if part else name
