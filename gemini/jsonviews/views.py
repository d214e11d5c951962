from typing import Any

from asgiref.sync import sync_to_async

from gemini.access import session_for
from gemini.exceptions import EngineError, InvalidRequest
from gemini.jsonviews.payloads import Call, Payload, json_view
from gemini.models import ChatMessage
from gemini.service import GeminiService
from gemini.texts import clean_title

INTERFACE = "json"


@json_view
async def send_message(call: Call) -> Payload:
    """Waits for the answer; whoever hangs up meanwhile finds it in the session."""
    session_id, message = call.number("session_id"), call.text("message")
    session = await sync_to_async(session_for)(call.user, session_id)
    service = GeminiService(call.user, INTERFACE)
    exchange = await service.asend(session, message, idempotency_key=call.idempotency_key)
    exchange = await service.aanswered(exchange)
    return {
        "response": exchange.reply.content,
        "user_message_id": exchange.user_message.pk,
        "assistant_message_id": exchange.reply.pk,
        "metadata": metadata_of(exchange.reply),
    }


@json_view
async def test_api_key(call: Call) -> Payload:
    """Tests the key without saving it."""
    key = call.text("api_key").strip()
    if not key:
        raise InvalidRequest("api_key_blank")
    verdict = await GeminiService(call.user, INTERFACE).acheck_key(key)
    if not verdict.ok:
        raise EngineError(verdict.code, retry_after=verdict.retry_after)
    return {"message": "Подключение к Gemini API успешно установлено"}


@json_view
async def update_title(call: Call, session_id: int) -> Payload:
    session = await sync_to_async(session_for)(call.user, session_id)
    session = await GeminiService(call.user, INTERFACE).aupdate_session(session, title=clean_title(call.text("title")))
    return {"title": session.title}


def metadata_of(reply: ChatMessage) -> dict[str, Any]:
    return {
        "response_time": reply.response_time,
        "usage_metadata": reply.metadata.get("usage_metadata", {}),
        "finish_reason": reply.metadata.get("finish_reason", ""),
        "safety_ratings": reply.metadata.get("safety_ratings", []),
        "model": reply.metadata.get("model", ""),
    }
