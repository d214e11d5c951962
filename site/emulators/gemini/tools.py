"""Function calls as Gemini makes them, and what it refuses about those that come back."""

import base64
import hashlib
import itertools
import json
from typing import Any

from emulators.gemini import demo_tools
from emulators.gemini.commands import Commands
from emulators.gemini.failures import Refusal

# What the app itself tells every model that may call functions; the demo does not count it as an instruction.
OURS = "Сегодня "


def signs(model: str) -> bool:
    """Gemini 3 and later sign their calls, and want the signature back."""
    return model.startswith("gemini-3") or model.endswith("latest")


def signature(call: dict[str, Any]) -> str:
    """As REST carries bytes; of another call it would be another one."""
    # On the way through protobuf every number becomes a float.
    arguments = json.loads(json.dumps(call.get("args", {})), parse_int=float)
    signed = json.dumps([call["name"], arguments], sort_keys=True)
    return base64.b64encode(b"signed:" + hashlib.sha256(signed.encode()).digest()[:12]).decode()


def declared(body: dict[str, Any]) -> list[str]:
    return [one["name"] for tool in body.get("tools") or () for one in tool.get("functionDeclarations", ())]


def may_call(body: dict[str, Any]) -> bool:
    mode = ((body.get("toolConfig") or {}).get("functionCallingConfig") or {}).get("mode", "AUTO")
    return bool(declared(body)) and mode != "NONE"


def turn(contents: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The user's last words, and what has been called and answered since."""
    last = max(
        (number for number, one in enumerate(contents) if one.get("role") != "model" and texts_of(one)), default=0
    )
    return contents[last : last + 1], contents[last + 1 :]


def texts_of(content: dict[str, Any]) -> list[str]:
    return [part["text"] for part in content.get("parts", []) if "text" in part]


def question(contents: list[dict[str, Any]]) -> str:
    """What was asked last: earlier parts of the turn are data, or questions that got no answer."""
    asked, _since = turn(contents)
    texts = [text for content in asked for text in texts_of(content)]
    return texts[-1] if texts else ""


def attached(contents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The data that stands before the question in its turn."""
    asked, _since = turn(contents)
    found = []
    for text in [text for content in asked for text in texts_of(content)][:-1]:
        try:
            data = json.loads(text[text.index("{") :])
        except ValueError:
            continue
        found.append(data)
    return found


def check(body: dict[str, Any], model: str) -> None:
    """Raises `Refusal`, as Google does, for functions and for calls that did not come back as they went out."""
    if declared(body) and model.startswith("fake-no-functions"):
        raise Refusal("INVALID_ARGUMENT", f"Function calling is not enabled for models/{model}")
    for tool in body.get("tools") or ():
        for one in tool.get("functionDeclarations", ()):
            check_schema(one.get("parameters"))
    contents = body.get("contents", [])
    _asked, since = turn(contents)
    for content, following in itertools.zip_longest(contents, contents[1:]):
        calls = parts_of(content, "functionCall")
        if not calls:
            continue
        if len(calls) != len(parts_of(following or {}, "functionResponse")):
            raise Refusal(
                "INVALID_ARGUMENT",
                "Please ensure that the number of function response parts is equal to the number of function call "
                "parts of the function call turn.",
            )
        answered = parts_of(following or {}, "functionResponse")
        pairs = zip(calls, answered, strict=True)
        if any(a["functionCall"]["name"] != b["functionResponse"].get("name") for a, b in pairs):
            raise Refusal("INVALID_ARGUMENT", "Function response name does not match the function call.")
        # Only of the turn that is under way, and only of the first of several calls.
        if signs(model) and content in since:
            check_signature(calls[0])


def check_schema(schema: dict[str, Any] | None) -> None:
    for name, inner in ((schema or {}).get("properties") or {}).items():
        if inner.get("type", "TYPE_UNSPECIFIED") == "TYPE_UNSPECIFIED":
            raise Refusal(
                "INVALID_ARGUMENT", f"function_declarations[0].parameters.properties[{name}]: must be specified"
            )
        if inner["type"] == "ARRAY" and not inner.get("items"):
            raise Refusal(
                "INVALID_ARGUMENT", f"function_declarations[0].parameters.properties[{name}].items: missing field."
            )


def check_signature(part: dict[str, Any]) -> None:
    found = part.get("thoughtSignature")
    if not found:
        raise Refusal("INVALID_ARGUMENT", "Function call is missing a thought_signature in functionCall parts.")
    if found != signature(part["functionCall"]):
        raise Refusal("INVALID_ARGUMENT", "Thought signature is not valid.")


def parts_of(content: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [part for part in content.get("parts", []) if kind in part]


def calls(body: dict[str, Any], commands: Commands, model: str) -> list[dict[str, Any]]:
    """The calls of this round; none when the model is to answer in words."""
    if not may_call(body):
        return []
    _asked, since = turn(body["contents"])
    number = 1 + len([content for content in since if parts_of(content, "functionCall")])
    wanted = commands.calls.get(number, [])
    if "again" in commands.named and commands.calls:
        wanted = commands.calls[1]
    if not commands.calls and number == 1 and not attached(body["contents"]):
        system = "\n".join(texts_of(body.get("systemInstruction") or {}))
        wanted = demo_tools.calls(commands.text, declared(body), system)
    parts: list[dict[str, Any]] = [
        {"functionCall": {"id": f"call-{number}-{place}", **call}} for place, call in enumerate(wanted, 1)
    ]
    if parts and signs(model):
        parts[0]["thoughtSignature"] = signature(parts[0]["functionCall"])
    return parts


def answer(contents: list[dict[str, Any]], commands: Commands) -> str:
    """What the model makes of what its calls brought; empty when it called nothing."""
    _asked, since = turn(contents)
    answered = [part["functionResponse"] for content in since for part in parts_of(content, "functionResponse")]
    if not answered:
        return "" if commands.named else demo_tools.answer_attached(attached(contents))
    if not commands.calls and (words := demo_tools.answer(answered)):
        return words
    quoted = json.dumps([one.get("response") for one in answered], ensure_ascii=False, indent=1)
    return f"Вот что ответили источники:\n\n```json\n{quoted}\n```\n"


def without_ours(system: str) -> str:
    return "\n\n".join(part for part in system.split("\n\n") if not part.startswith(OURS))
