"""Export, import, export again: nothing is lost."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gemini import transfer
from gemini.models import ChatMessage, ChatSession
from gemini.transfer import document
from tests import factories
from tests.gemini.transfer import made

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
moments = st.datetimes(datetime(1970, 1, 2), datetime(2026, 1, 1), timezones=st.just(UTC))
# PostgreSQL keeps JSON numbers as decimals: no minus zero, and no more digits than were written.
decimals = st.integers(1, 10**9).map(lambda number: number / 1000)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | decimals | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
KNOWN = {"model", "finish_reason", "retry_after", "first_token_ms", "left_out", "usage_metadata", "safety_ratings"}


def messages(number: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "number": st.just(number),
            "parent": st.none() | st.integers(1, number - 1) if number > 1 else st.none(),
            "shown": st.booleans(),
            "role": st.sampled_from(ChatMessage.Role.values),
            "content": texts,
            "timestamp": moments.map(str_of),
            "status": st.sampled_from([s for s in ChatMessage.Status.values if s != "generating"]),
            "error_code": st.sampled_from(["", "timeout", "quota_exceeded"]),
            "tokens_used": st.none() | st.integers(0, 2**31 - 1),
            "response_time": st.none() | st.floats(0, 10**6),
            "metadata": st.dictionaries(texts.filter(lambda name: name not in KNOWN), json_values, max_size=3),
        }
    )


def str_of(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


chats = st.fixed_dictionaries(
    {
        "title": texts,
        "title_origin": st.sampled_from(ChatSession.TitleOrigin.values),
        "created_at": moments.map(str_of),
        "updated_at": moments.map(str_of),
        "is_active": st.booleans(),
        "pinned_at": st.none() | moments.map(str_of),
        "model": texts,
        "temperature": st.none() | st.floats(0, 2),
        "max_output_tokens": st.none() | st.integers(1, 65_536),
        "system_instruction": texts,
        "messages": st.integers(0, 5).flatmap(lambda count: st.tuples(*map(messages, range(1, count + 1))).map(list)),
    }
)
prompts = st.fixed_dictionaries({"name": texts, "text": texts, "created_at": moments.map(str_of)})
files = st.builds(
    lambda chats, prompts: made.empty() | {"chats": chats, "prompts": prompts},
    st.lists(chats, max_size=3),
    st.lists(prompts, max_size=2, unique_by=lambda prompt: prompt["name"]),
)


@given(content=files)
# Without shrinking: an example is small as it is, and on a database each step costs.
@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_a_file_holds_comes_out_again_as_it_went_in(alice, content):
    for rows in (alice.gemini_chat_sessions, alice.gemini_prompts):
        rows.all().delete()
    outcome = transfer.take_in(alice, made.as_bytes(content), copies=True)
    assert outcome.chats == len(content["chats"])
    came_out = made.content_of(alice)
    assert came_out["chats"] == content["chats"]
    by_name = lambda prompt: prompt["name"]  # noqa: E731
    assert sorted(came_out["prompts"], key=by_name) == sorted(content["prompts"], key=by_name)


def test_branches_failures_settings_and_times_survive_the_way_to_another_user(alice, bob):
    session = made.a_chat_with_everything(alice)
    ChatSession.objects.filter(pk=session.pk).update(updated_at=datetime(2026, 5, 1, tzinfo=UTC))
    exported = made.content_of(alice)
    outcome = transfer.take_in(bob, made.as_bytes(made.file_of(alice)))
    assert (outcome.chats, outcome.messages, outcome.prompts, outcome.skipped) == (1, 4, 1, 0)
    assert made.content_of(bob) == exported
    copy = bob.gemini_chat_sessions.get()
    assert copy.pk == outcome.only != session.pk
    assert copy.updated_at == datetime(2026, 5, 1, tzinfo=UTC)
    assert not set(copy.messages.values_list("pk", flat=True)) & set(session.messages.values_list("pk", flat=True))


def test_what_is_in_the_trash_is_not_exported_and_its_children_move_up(alice):
    made.a_chat_with_everything(alice)
    factories.make_session(alice, "В корзине", deleted_at=timezone.now())
    [chat] = made.content_of(alice)["chats"]
    assert [(m["number"], m["parent"]) for m in chat["messages"]] == [(1, None), (2, 1), (3, 1), (4, 3)]
    assert "удалено" not in str(chat)


def test_a_reply_that_is_being_written_comes_in_as_an_interrupted_one(alice, bob):
    session = factories.make_session(alice)
    until = timezone.now() + timedelta(seconds=10)
    factories.make_reply(session, "Полов", status="generating", lease_owner="x", lease_until=until)
    exported = made.file_of(alice)
    assert exported["chats"][0]["messages"][1]["status"] == "generating"
    transfer.take_in(bob, made.as_bytes(exported))
    reply = ChatMessage.objects.get(session__user=bob, role="assistant")
    assert (reply.status, reply.content, reply.lease_owner, reply.lease_until) == ("interrupted", "Полов", "", None)


def test_no_key_no_lease_no_id_and_nothing_of_others_leaves(alice, bob):
    factories.give_key(alice, "AIza-secret-key-vwxyz")
    factories.make_message(factories.make_session(bob, "Чужое"), "тайна")
    made.a_chat_with_everything(alice)
    text = "".join(transfer.all_json(alice))
    for word in ("AIza", "wxyz", "lease", "Чужое", "тайна", "alice", '"id"'):
        assert word not in text


def test_text_that_no_reader_could_take_becomes_a_mark_and_can_be_imported(alice, bob):
    stored = "до\0после \\u0000 \\\0"
    session = factories.make_session(alice)
    message = ChatMessage(session=session, role="assistant", content=stored, metadata={"a\0": ["\0"]})
    taken = "".join(document.encode(document.message_fields(message, 1, None) | {"timestamp": None}))
    assert "до\ufffdпосле \\\\u0000 \\\\\ufffd" in taken
    assert '{"a\ufffd": ["\ufffd"]}' in taken


def test_an_archive_holds_a_readable_file_for_each_chat(alice):
    made.a_chat_with_everything(alice)
    factories.make_session(alice, "../../etc/passwd")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(transfer.all_zip(alice))))
    assert archive.testzip() is None
    names = archive.namelist()
    assert [name.split(" ", 1)[1] for name in names] == ["Всё сразу.md", "etc passwd.md"]
    text = archive.read(names[0]).decode()
    assert "**Три** 🙂" in text
    assert "Часть" not in text
    assert "> Ответ остановлен." in text
