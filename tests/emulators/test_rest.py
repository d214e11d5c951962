"""The REST side, whose bodies are compared with what Google documents; gRPC is tested through the real engine."""

import json

import httpx
import pytest

HEADERS = {"x-goog-api-key": "test-rest"}


@pytest.fixture
def rest(emulator_process):
    emulator_process.clear_log()
    with httpx.Client(base_url=emulator_process.http_address, headers=HEADERS, timeout=10) as client:
        yield client


def body(text):
    return {"contents": [{"role": "user", "parts": [{"text": text}]}]}


def ask(rest, text, method="generateContent", model="gemini-flash-latest", **options):
    return rest.post(f"/v1beta/models/{model}:{method}", json=body(text), **options)


def test_a_call_answers_with_one_candidate(rest):
    answer = ask(rest, "[[words 3]]").json()
    assert answer["candidates"][0]["content"]["parts"] == [{"text": "слово1 слово2 слово3"}]
    assert answer["candidates"][0]["finishReason"] == "STOP"


def test_a_stream_comes_as_events_or_as_one_array(rest):
    lines = ask(rest, "[[words 6]]", "streamGenerateContent", params={"alt": "sse"}).text.split("\r\n\r\n")
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line]
    array = ask(rest, "[[words 6]]", "streamGenerateContent").json()
    assert events == array
    assert len(array) == 2


@pytest.mark.parametrize(
    ("kind", "status", "word"),
    [
        ("key", 400, "INVALID_ARGUMENT"),
        ("region", 400, "FAILED_PRECONDITION"),
        ("429", 429, "RESOURCE_EXHAUSTED"),
        ("503", 503, "UNAVAILABLE"),
    ],
)
def test_errors_have_googles_shape_and_come_in_a_list_on_the_array_stream(rest, kind, status, word):
    answer = ask(rest, f"[[fail {kind}]]")
    assert (answer.status_code, answer.json()["error"]["status"]) == (status, word)
    assert ask(rest, f"[[fail {kind}]]", "streamGenerateContent").json()[0]["error"]["status"] == word


def test_a_wrong_key_an_unknown_model_and_a_last_turn_of_the_models_are_refused(rest):
    assert (
        ask(rest, "?", headers={"x-goog-api-key": "AIza"}).json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"
    )
    assert ask(rest, "?", model="gemini-nope").status_code == 404
    contents = [{"role": "model", "parts": [{"text": "?"}]}]
    url = "/v1beta/models/gemini-flash-latest:generateContent"
    assert rest.post(url, json={"contents": contents}).status_code == 400


def test_models_are_paged(rest):
    first = rest.get("/v1beta/models", params={"pageSize": 4}).json()
    second = rest.get("/v1beta/models", params={"pageSize": 4, "pageToken": first["nextPageToken"]}).json()
    assert len(first["models"]) == 4
    assert "nextPageToken" not in second


def test_the_log_tells_which_key_came_with_which_prompt(rest, emulator_process):
    ask(rest, "Кто я? [[words 1]]")
    [entry] = emulator_process.log()
    assert (entry["key"], entry["prompt"], entry["outcome"]) == ("test-rest", "Кто я? [[words 1]]", "finished")
