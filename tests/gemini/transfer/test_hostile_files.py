"""A file comes from anyone: what is wrong is named by its path, and nothing of it is stored."""

import json

import pytest

from gemini import transfer
from gemini.exceptions import InvalidImport
from gemini.models import ChatMessage, ChatSession, PromptTemplate
from gemini.transfer import importing
from tests import factories
from tests.gemini.transfer import made

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

WHERE = "chats[1].messages[1]"


def refusal(user, data):
    with pytest.raises(InvalidImport) as refused:
        transfer.take_in(user, data)
    assert not ChatSession.objects.filter(user=user).exists()
    assert not PromptTemplate.objects.filter(user=user).exists()
    return refused.value.message


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("role", "root"),
        ("role", ["user"]),
        ("content", None),
        ("content", "a\0b"),
        ("content", "\ud800"),
        ("content", "я" * 400_000),
        ("shown", 1),
        ("shown", "true"),
        ("timestamp", "вчера"),
        ("timestamp", 1_700_000_000),
        ("timestamp", "2026-11-20T08:00:00"),
        ("timestamp", "0001-01-01T00:00:00+14:00"),
        ("timestamp", "9999-12-31T23:59:59-14:00"),
        ("timestamp", "2999-01-01T00:00:00Z"),
        ("tokens_used", -1),
        ("tokens_used", 2**31),
        ("tokens_used", True),
        ("tokens_used", 1.5),
        ("response_time", -0.1),
        ("response_time", 1e308),
        ("error_code", "<script>"),
        ("error_code", "x" * 41),
        ("status", "thinking"),
        ("parent", 1),
        ("parent", 2),
        ("parent", 0),
        ("parent", "1"),
        ("number", 2),
        ("metadata", []),
    ],
)
def test_a_wrong_value_in_a_message_is_named_by_its_path(alice, field, value):
    assert refusal(alice, made.one_chat(made.message(**{field: value}))).startswith(f"{WHERE}.{field}: ")


@pytest.mark.parametrize(
    ("metadata", "path"),
    [
        ({"finish_reason": []}, ".finish_reason"),
        ({"model": {"a": 1}}, ".model"),
        ({"retry_after": "soon"}, ".retry_after"),
        ({"usage_metadata": 7}, ".usage_metadata"),
        ({"n": 10**30}, ""),
        ({"text": "a\0b"}, ""),
        ({"\ud800": 1}, ""),
        ({"text": "x" * 1_100_000}, ""),
    ],
)
def test_metadata_that_our_own_code_would_stumble_over_is_refused(alice, metadata, path):
    assert refusal(alice, made.one_chat(made.message(metadata=metadata))).startswith(f"{WHERE}.metadata{path}: ")


def test_a_number_that_no_float_can_hold_is_refused(alice):
    data = made.one_chat(made.message(metadata={"n": 1})).replace(b'{"n": 1}', b'{"n": 1e999}')
    assert refusal(alice, data).startswith(f"{WHERE}.metadata: ")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "я" * 201),
        ("title_origin", "god"),
        ("created_at", None),
        ("pinned_at", "2026-99-99T00:00:00Z"),
        ("temperature", 2.5),
        ("max_output_tokens", 0),
        ("system_instruction", "я" * 8001),
        ("messages", {}),
    ],
)
def test_a_wrong_value_in_a_chat_is_named_by_its_path(alice, field, value):
    data = made.as_bytes(made.empty() | {"chats": [made.chat(), made.chat(**{field: value})]})
    assert refusal(alice, data).startswith(f"chats[2].{field}: ")


def test_a_parent_in_another_chat_cannot_even_be_said(alice):
    first = made.chat(messages=[made.message(1), made.message(2)])
    second = made.chat(messages=[made.message(1, parent=2)])
    data = made.as_bytes(made.empty() | {"chats": [first, second]})
    assert refusal(alice, data).startswith("chats[2].messages[1].parent: ")


@pytest.mark.parametrize("where", [(), ("chats", 0), ("chats", 0, "messages", 0)])
def test_fields_that_are_unknown_or_missing_are_named(alice, where):
    for change, word in ((lambda d: d.update(owner=1), "owner"), (lambda d: d.popitem(), "")):
        content = json.loads(made.one_chat(made.message()))
        place = content
        for step in where:
            place = place[step]
        change(place)
        assert word in refusal(alice, made.as_bytes(content))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"nul",
        b'{"version": NaN}',
        b'{"n": ' + b"9" * 5000 + b"}",
        "format: gemini-chat".encode("utf-16"),
    ],
)
def test_what_is_no_json_is_refused_in_words(alice, data):
    assert refusal(alice, data) == "Файл не читается: это не JSON."


@pytest.mark.parametrize("content", [[], 1, None, "gemini-chat", {}, {"format": "chatgpt"}])
def test_another_programs_file_is_no_export_of_ours(alice, content):
    assert "не выгрузка" in refusal(alice, made.as_bytes(content))


def test_a_later_version_says_so(alice):
    assert refusal(alice, made.as_bytes(made.empty() | {"version": 2})).startswith("version: эта версия")


def test_what_would_swell_in_memory_is_refused_before_it_is_read(alice):
    swelling = b'{"format": "gemini-chat", "x": [' + b"[]," * 2_100_000 + b"0]}"
    assert "слишком много значений" in refusal(alice, swelling)
    assert refusal(alice, b" " * (transfer.MAX_BYTES + 1)) == "Файл больше 20 МБ."


def test_brackets_inside_of_texts_are_not_counted(alice, monkeypatch):
    monkeypatch.setattr(importing, "MAX_PARTS", 60)
    assert transfer.take_in(alice, made.one_chat(made.message(content="[,{" * 1000 + '\\"'))).chats == 1


def test_whoever_brings_a_file_owns_it_and_others_are_untouched(alice, bob):
    theirs = factories.make_message(factories.make_session(bob))
    transfer.take_in(alice, made.one_chat(made.message(1), made.message(2)))
    assert ChatSession.objects.get(user=alice).messages.count() == 2
    assert ChatMessage.objects.get(session__user=bob) == theirs


def test_the_same_file_again_adds_nothing_unless_copies_are_asked_for(alice):
    data = made.as_bytes(made.empty() | {"chats": [made.chat()], "prompts": [prompt("Письмо", "Текст")]})
    assert transfer.take_in(alice, data).skipped == 0
    again = transfer.take_in(alice, data)
    assert (again.chats, again.prompts, again.skipped) == (0, 0, 2)
    assert transfer.take_in(alice, data, copies=True).chats == 1
    assert alice.gemini_chat_sessions.count() == 2


def test_a_prompt_whose_name_is_taken_gets_another(alice):
    PromptTemplate.objects.create(user=alice, name="н" * 60, text="Мой")
    transfer.take_in(alice, made.as_bytes(made.empty() | {"prompts": [prompt("н" * 60, "Не мой")]}))
    assert set(alice.gemini_prompts.values_list("name", "text")) == {
        ("н" * 60, "Мой"),
        ("н" * 56 + " (2)", "Не мой"),
    }


def prompt(name, text):
    return {"name": name, "text": text, "created_at": "2026-11-24T10:00:00Z"}
