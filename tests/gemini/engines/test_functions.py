"""What every engine must do with functions: declare them, bring their calls, take answers and signatures back."""

import pytest

from gemini.engines import EngineError, GenerateRequest

KEY = "test-engine-key"
SIGNING, PLAIN = "gemini-3-flash-preview", "gemini-2.5-flash"
RATE = {
    "name": "rate",
    "description": "Курс",
    "parameters": {
        "type": "object",
        "properties": {
            "currency": {"type": "string", "enum": ["USD", "EUR"], "pattern": "^[A-Z]+$"},
            "days": {"type": "array", "items": {"type": "integer", "minimum": 1}},
            "deep": {"type": "object", "properties": {"exact": {"type": "boolean"}}},
        },
        "required": ["currency"],
        "additionalProperties": False,
    },
}
NOTHING = {"name": "now", "description": "Который час", "parameters": {"type": "object", "properties": {}}}


def ask(text, model=SIGNING, *turns, **options):
    contents = [{"role": "user", "parts": [{"text": text}]}, *turns]
    return GenerateRequest(model, contents, functions=[RATE, NOTHING], **options)


async def parts_of(engine, request):
    return [part async for chunk in engine.stream(KEY, request) for part in chunk.parts]


def answers(parts, **response):
    calls = [part["functionCall"] for part in parts]
    return {
        "role": "user",
        "parts": [
            {"functionResponse": {"id": call["id"], "name": call["name"], "response": response}} for call in calls
        ],
    }


@pytest.mark.parametrize("model", [SIGNING, PLAIN])
async def test_a_call_goes_there_and_back_through_plain_json(engine, model):
    text = '[[call rate {"currency": "USD", "days": [1, 2], "deep": {"exact": true}}]]'
    parts = await parts_of(engine, ask(text, model))
    [call] = [part["functionCall"] for part in parts]
    assert call == {
        "id": "call-1-1",
        "name": "rate",
        "args": {"currency": "USD", "days": [1, 2], "deep": {"exact": True}},
    }
    assert all(type(day) is int for day in call["args"]["days"])
    assert ("thoughtSignature" in parts[0]) == (model == SIGNING)
    request = ask(text, model, {"role": "model", "parts": parts}, answers(parts, rate="3.27", days=[1.5, 2]))
    answer = "".join([chunk.text async for chunk in engine.stream(KEY, request)])
    assert "3.27" in answer
    assert "1.5" in answer


async def test_several_calls_of_one_round_share_one_signature(engine):
    text = '[[call rate {"currency": "USD"}]] [[call now {}]]'
    parts = await parts_of(engine, ask(text))
    assert [part["functionCall"]["name"] for part in parts] == ["rate", "now"]
    assert [("thoughtSignature" in part) for part in parts] == [True, False]
    request = ask(text, SIGNING, {"role": "model", "parts": parts}, answers(parts, ok=True))
    assert "источники" in "".join([chunk.text async for chunk in engine.stream(KEY, request)])


async def test_each_round_is_signed_and_every_signature_of_the_turn_must_come_back(engine):
    text = '[[call rate {"currency": "USD"}]] [[call2 rate {"currency": "EUR"}]]'
    first = await parts_of(engine, ask(text))
    turns = [{"role": "model", "parts": first}, answers(first, rate="1")]
    second = await parts_of(engine, ask(text, SIGNING, *turns))
    assert second[0]["functionCall"]["args"] == {"currency": "EUR"}
    turns += [{"role": "model", "parts": second}, answers(second, rate="2")]
    assert await parts_of(engine, ask(text, SIGNING, *turns))
    first[0].pop("thoughtSignature")
    with pytest.raises(EngineError, match="thought_signature"):
        await parts_of(engine, ask(text, SIGNING, *turns))


async def test_a_signature_of_something_else_is_refused(engine):
    text = '[[call rate {"currency": "USD"}]]'
    parts = await parts_of(engine, ask(text))
    parts[0]["functionCall"]["args"]["currency"] = "EUR"
    with pytest.raises(EngineError, match="signature"):
        await parts_of(engine, ask(text, SIGNING, {"role": "model", "parts": parts}, answers(parts, rate="1")))


async def test_a_call_without_its_answer_is_refused(engine):
    text = '[[call rate {"currency": "USD"}]] [[call now {}]]'
    parts = await parts_of(engine, ask(text))
    with pytest.raises(EngineError, match="number of function response parts"):
        await parts_of(engine, ask(text, SIGNING, {"role": "model", "parts": parts}, answers(parts[:1], rate="1")))


async def test_a_model_that_may_call_no_more_answers_in_words(engine):
    parts = await parts_of(engine, ask('[[call rate {"currency": "USD"}]] Курс', may_call=False))
    assert parts
    assert all("text" in part for part in parts)


async def test_text_beside_a_call_is_text(engine):
    chunks = [chunk async for chunk in engine.stream(KEY, ask("[[says]] [[call now {}]]"))]
    assert "".join(chunk.text for chunk in chunks) == "Сейчас посмотрю."
    assert chunks[-1].parts[-1]["functionCall"] == {"id": "call-1-1", "name": "now", "args": {}}
