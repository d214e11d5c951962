"""The specification's serializers, by its names and with its fields."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gemini import replies
from gemini.models import ChatMessage, ChatSession
from gemini.querysets import EXCERPT_LENGTH
from gemini.rest.fields import (
    MessageField,
    ModelSerializer,
    OwnSessionField,
    RoleField,
    StrictBooleanField,
    StrictFloatField,
    StrictIntegerField,
    TitleField,
)
from gemini.service import GeminiService

INTERFACE = "rest"


def service_of(serializer: serializers.BaseSerializer[Any]) -> GeminiService:
    return GeminiService(serializer.context["request"].user, INTERFACE)


class LastMessageSerializer(ModelSerializer):
    """A message in a list of sessions: its text is cut to 100 characters, with `…` when it was longer."""

    content = serializers.SerializerMethodField()

    class Meta:
        model = ChatMessage
        fields = ["id", "role", "content", "timestamp"]

    def get_content(self, message: ChatMessage) -> str:
        replies.freshen(message)
        text: str = message.__dict__.get("content", getattr(message, "excerpt", ""))
        return text if len(text) <= EXCERPT_LENGTH else f"{text[:EXCERPT_LENGTH]}…"


class ChatMessageSerializer(ModelSerializer):
    content = MessageField()

    class Meta:
        model = ChatMessage
        fields = ["id", "session", "role", "content", "timestamp", "tokens_used", "response_time"]
        # The role and the session are given once; tokens and time are the server's accounting.
        read_only_fields = ["id", "session", "role", "timestamp", "tokens_used", "response_time"]

    def to_representation(self, instance: ChatMessage) -> dict[str, Any]:
        return super().to_representation(replies.freshen(instance))

    def update(self, instance: ChatMessage, validated_data: dict[str, Any]) -> ChatMessage:
        return service_of(self).change_message(instance, validated_data.get("content", instance.content))


class ChatMessageCreateSerializer(ModelSerializer):
    session = OwnSessionField()
    role = RoleField(choices=ChatMessage.Role.choices)
    content = MessageField()

    class Meta:
        model = ChatMessage
        fields = ["session", "role", "content"]

    def create(self, validated_data: dict[str, Any]) -> ChatMessage:
        return service_of(self).add_message(**validated_data)


class ChatSessionSerializer(ModelSerializer):
    title = TitleField()
    user_username = serializers.CharField(source="user.username", read_only=True)
    messages_count = serializers.IntegerField(read_only=True)
    last_message = LastMessageSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ChatSession
        fields = [
            "id",
            "user",
            "user_username",
            "title",
            "is_active",
            "messages_count",
            "last_message",
            "created_at",
            "updated_at",
        ]
        # `user` among them: a session can neither be given away nor be made for somebody else.
        read_only_fields = ["id", "user", "created_at", "updated_at"]

    def update(self, instance: ChatSession, validated_data: dict[str, Any]) -> ChatSession:
        return service_of(self).update_session(instance, **validated_data)


class ChatSessionDetailSerializer(ModelSerializer):
    user_username = serializers.CharField(source="user.username", read_only=True)
    messages = serializers.SerializerMethodField()

    class Meta:
        model = ChatSession
        fields = ["id", "user", "user_username", "title", "is_active", "messages", "created_at", "updated_at"]

    @extend_schema_field(ChatMessageSerializer(many=True))
    def get_messages(self, session: ChatSession) -> Any:
        return ChatMessageSerializer(session.messages.visible(), many=True, context=self.context).data


class ChatSessionCreateSerializer(ModelSerializer):
    title = TitleField()

    class Meta:
        model = ChatSession
        fields = ["title"]

    def create(self, validated_data: dict[str, Any]) -> ChatSession:
        return service_of(self).create_session(**validated_data)


class SendMessageSerializer(serializers.Serializer[Any]):
    content = MessageField()


class GeminiApiRequestSerializer(serializers.Serializer[Any]):
    prompt = MessageField(max_length=4000)
    session_id = OwnSessionField(required=False)
    max_tokens = StrictIntegerField(default=1000, min_value=1, max_value=4000)
    temperature = StrictFloatField(default=0.7, min_value=0.0, max_value=1.0)
    save_to_session = StrictBooleanField(default=True)


class GeminiStatsSerializer(serializers.Serializer[Any]):
    total_sessions = serializers.IntegerField()
    active_sessions = serializers.IntegerField()
    total_messages = serializers.IntegerField()
    total_tokens = serializers.IntegerField()
    total_tokens_used = serializers.IntegerField()
    average_messages_per_session = serializers.FloatField()
    average_tokens_per_message = serializers.FloatField()
    average_response_time = serializers.FloatField()
    sessions_by_user = serializers.DictField(child=serializers.IntegerField())
    recent_sessions = ChatSessionSerializer(many=True)
    top_prompts = serializers.ListField(child=serializers.DictField())


class ExchangeSerializer(serializers.Serializer[Any]):
    user_message = ChatMessageSerializer()
    assistant_message = ChatMessageSerializer(source="reply")


class ReplyStateSerializer(ModelSerializer):
    """How a session's newest reply stands: `code` and `error` are null unless it failed or was interrupted."""

    status = serializers.ChoiceField(choices=ChatMessage.Status.choices, source="state")
    code = serializers.CharField(source="failure.code", default=None, allow_null=True)
    error = serializers.CharField(source="failure.message", default=None, allow_null=True)
    message_id = serializers.IntegerField(source="pk")

    class Meta:
        model = ChatMessage
        fields = ["status", "code", "error", "message_id"]


class MetadataSerializer(serializers.Serializer[Any]):
    response_time = serializers.FloatField(help_text="Секунды от запроса до последнего слова")
    usage_metadata = serializers.DictField(child=serializers.IntegerField())
    finish_reason = serializers.CharField()
    safety_ratings = serializers.ListField(child=serializers.DictField())
    model = serializers.CharField()


class GenerationSerializer(serializers.Serializer[Any]):
    success = serializers.SerializerMethodField()
    response = serializers.CharField(source="text")
    session_id = serializers.IntegerField(allow_null=True)
    user_message_id = serializers.IntegerField(allow_null=True)
    assistant_message_id = serializers.IntegerField(allow_null=True)
    metadata = MetadataSerializer()

    def get_success(self, _: Any) -> bool:
        return True


class HistoryClearedSerializer(serializers.Serializer[Any]):
    status = serializers.CharField(default="history_cleared")
