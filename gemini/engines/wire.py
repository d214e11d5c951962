"""The body of a request in the JSON of Gemini's REST API."""

from typing import Any

from gemini.engines.base import GenerateRequest


def body_of(request: GenerateRequest) -> dict[str, Any]:
    body: dict[str, Any] = {"contents": request.contents, "generationConfig": dict(request.generation_config)}
    if request.system:
        body["systemInstruction"] = {"parts": [{"text": request.system}]}
    if request.functions:
        body["tools"] = [{"functionDeclarations": [declaration(function) for function in request.functions]}]
        body["toolConfig"] = {"functionCallingConfig": {"mode": "AUTO" if request.may_call else "NONE"}}
    return body


def declaration(function: dict[str, Any]) -> dict[str, Any]:
    parameters = function.get("parameters") or {}
    # An object without properties is refused: a function without parameters has none at all.
    schema = {"parameters": schema_of(parameters)} if parameters.get("properties") else {}
    return {"name": function["name"], "description": function.get("description", ""), **schema}


def schema_of(schema: dict[str, Any]) -> dict[str, Any]:
    """What Gemini takes of a JSON schema. Bounds and patterns it does not know: whoever is called checks them."""
    kept = ("description", "enum", "required", "minItems", "maxItems")
    known: dict[str, Any] = {name: schema[name] for name in kept if name in schema}
    known["type"] = schema.get("type", "string").upper()
    if "items" in schema:
        known["items"] = schema_of(schema["items"])
    if "properties" in schema:
        known["properties"] = {name: schema_of(inner) for name, inner in schema["properties"].items()}
    return known
