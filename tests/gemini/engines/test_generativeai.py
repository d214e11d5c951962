"""What concerns this engine alone: where it speaks in the clear, and fields that its package does not know."""

import pytest

from gemini.engines import GenerateRequest
from gemini.engines import generativeai_wire as wire
from gemini.engines.generativeai import GOOGLE, open_engine
from gemini.sources import registered
from gemini.sources.toolbox import functions_of


@pytest.mark.parametrize("endpoint", ["127.0.0.1:8090", "localhost:8090", "[::1]:8090"])
def test_only_this_machine_is_spoken_to_without_tls(endpoint):
    assert not open_engine(endpoint, "").secure


@pytest.mark.parametrize("endpoint", ["", "gateway.example:443", "127.0.0.1.example:80", "10.0.0.1:8090"])
def test_any_other_host_takes_tls(endpoint):
    assert open_engine(endpoint, "").secure


def test_without_an_endpoint_it_is_google():
    assert open_engine("", "").endpoint == GOOGLE


@pytest.mark.parametrize(
    ("thinking", "encoded"),
    [
        ({"thinkingBudget": 0}, b"\x10\x00"),
        ({"thinkingBudget": 300, "includeThoughts": True}, b"\x08\x01\x10\xac\x02"),
        ({"thinkingBudget": -1}, b"\x10" + b"\xff" * 9 + b"\x01"),
    ],
)
def test_thinking_is_written_by_number(thinking, encoded):
    request = GenerateRequest(
        "gemini-2.5-flash", [{"role": "user", "parts": [{"text": "?"}]}], generation_config={"thinkingConfig": thinking}
    )
    raw = wire.RequestMessage.FromString(wire.encoded_request(request))
    assert wire.bytes_field(wire.THINKING_CONFIG, encoded) in raw.generation_config.SerializeToString()


def test_thoughts_are_kept_as_parts_and_are_no_text():
    from google.ai import generativelanguage_v1beta as api

    answer = api.GenerateContentResponse.pb()()
    parts = answer.candidates.add().content.parts
    thought = parts.add(text="думаю")
    thought.MergeFromString(wire.varint_field(wire.THOUGHT, 1))
    parts.add(text="ответ")
    chunk = wire.chunk_from_proto(answer)
    assert chunk.text == "ответ"
    assert chunk.parts[0] == {"text": "думаю", "thought": True}


def test_the_same_functions_are_encoded_once_and_others_anew(monkeypatch):
    def counted(function):
        encoded.append(function["name"])
        return declaration(function)

    encoded, declaration = [], wire.declaration
    monkeypatch.setattr(wire, "_tools", {})
    monkeypatch.setattr(wire, "declaration", counted)
    sources = registered()
    for _ in range(3):
        wire.encoded_request(GenerateRequest("gemini-flash-latest", [], functions=functions_of(*sources.values())))
    assert encoded == list(sources)
    other = {"name": encoded[0], "description": "Другая под тем же именем"}
    raw = wire.encoded_request(GenerateRequest("gemini-flash-latest", [], functions=[other]))
    sent = wire.RequestMessage.FromString(raw)
    assert sent.tools[0].function_declarations[0].description == other["description"]
