"""Export and import as pages and addresses."""

import json
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gemini.models import ChatMessage, ChatSession
from gemini.transfer.importing import MAX_BYTES
from tests import factories
from tests.gemini.transfer import made
from tests.streamed import content_of

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def downloaded(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response, content_of(response)


def upload(client, content, **fields):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post("/gemini/import/", {"file": SimpleUploadedFile("все.json", data), **fields})


def test_a_chat_is_a_file_with_its_own_name_in_its_own_alphabet(alices, alice):
    session = made.a_chat_with_everything(alice)
    for ending, kind in (("md", "text/markdown; charset=utf-8"), ("json", "application/json")):
        response, content = downloaded(alices, f"/gemini/chat/{session.pk}.{ending}")
        assert response["Content-Type"] == kind
        name = quote(f"Всё сразу.{ending}")
        assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
        assert "Три" in content.decode()
        assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("title", ['a"; x="b', "a\r\nSet-Cookie: x=1", "../../x", "\u202egpj.exe", "", ".", "я" * 200])
def test_no_title_breaks_out_of_the_header(alices, alice, title):
    session = factories.make_session(alice, title)
    response, _ = downloaded(alices, f"/gemini/chat/{session.pk}.md")
    disposition = response["Content-Disposition"]
    assert not set("\r\n/\u202e") & set(disposition.replace("utf-8''", ""))
    assert disposition.endswith((".md", '.md"'))


def test_the_page_to_print_has_no_scripts_and_the_same_markup_as_the_chat(alices, alice):
    session = made.a_chat_with_everything(alice)
    factories.make_reply(session, "<script>alert(1)</script> `код`")
    response, content = downloaded(alices, f"/gemini/chat/{session.pk}.html")
    page = content.decode()
    assert "Content-Disposition" not in response
    assert "Content-Security-Policy" in response
    assert "<script" not in page
    assert "<strong>Три</strong>" in page
    assert "<code>код</code>" in page
    assert "&lt;b&gt;пробелы&lt;/b&gt;" in page
    assert page.rstrip().endswith("</html>")


def test_a_title_that_looks_like_the_mark_of_the_messages_tears_no_page_apart(alices, alice):
    session = factories.make_session(alice, "<!-- messages -->")
    factories.make_message(session, "Слова")
    _, content = downloaded(alices, f"/gemini/chat/{session.pk}.html")
    page = content.decode()
    assert page.index("<body>") < page.index("Слова") < page.index("</ol>")


def test_a_long_chat_is_read_a_few_messages_at_a_time(alices, alice):
    session = factories.make_session(alice)
    rows = [ChatMessage(session=session, role="user", content=f"{n}") for n in range(450)]
    ChatMessage.objects.bulk_create(rows)
    _, content = downloaded(alices, f"/gemini/chat/{session.pk}.json")
    assert [m["content"] for m in json.loads(content)["chats"][0]["messages"]] == [str(n) for n in range(450)]


def test_everything_is_one_file_and_nothing_of_others_is_in_it(alices, alice, bob):
    made.a_chat_with_everything(alice)
    factories.make_session(bob, "Чужое")
    _, content = downloaded(alices, "/gemini/export/all.json")
    assert [chat["title"] for chat in json.loads(content)["chats"]] == ["Всё сразу"]
    _, archive = downloaded(alices, "/gemini/export/all.zip")
    assert archive.startswith(b"PK")


def test_an_import_leads_to_its_chat_and_says_what_it_did(alices, alice):
    response = upload(alices, made.one_chat(made.message()))
    session = ChatSession.objects.get(user=alice)
    assert response.url == session.get_absolute_url()
    assert "Добавлен 1 чат, сообщений: 1." in alices.get(response.url).content.decode()


def test_the_same_file_again_is_said_to_be_here_already(alices, alice):
    upload(alices, made.one_chat(made.message()))
    response = upload(alices, made.one_chat(made.message()))
    assert response.url == "/gemini/"
    assert "пропущено, потому что уже есть: 1" in alices.get("/gemini/").content.decode()
    upload(alices, made.one_chat(made.message()), known="copy")
    assert ChatSession.objects.filter(user=alice).count() == 2


def test_a_wrong_file_is_refused_beside_the_field_with_the_path_of_what_is_wrong(alices, alice):
    response = upload(alices, made.one_chat(made.message(role="<b>root</b>")))
    page = response.content.decode()
    assert response.status_code == 422
    assert "chats[1].messages[1].role: нужно одно из: user, assistant, system" in page
    assert "<b>root" not in page
    assert not ChatSession.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "Файл пуст."), (b"{", "это не JSON"), (b" " * (MAX_BYTES + 1), "Файл больше 20 МБ.")],
)
def test_what_is_no_export_is_refused_in_words(alices, content, words):
    response = upload(alices, content)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_form_without_a_file_or_with_a_strange_choice_is_refused(alices):
    assert "Выберите файл." in alices.post("/gemini/import/").content.decode()
    assert upload(alices, made.one_chat(), known="everything").status_code == 422


def test_the_limit_is_stated_before_anyone_runs_into_it(alices):
    assert "не больше 20 МБ" in alices.get("/gemini/import/").content.decode()


def test_the_chat_page_offers_its_exports(alices, alice):
    session = factories.make_session(alice)
    page = alices.get(session.get_absolute_url()).content.decode()
    for ending in ("md", "json", "html"):
        assert f'href="/gemini/chat/{session.pk}.{ending}"' in page


def test_a_head_request_is_answered_without_a_body(alices, alice):
    session = factories.make_session(alice)
    assert content_of(alices.head(f"/gemini/chat/{session.pk}.md")) == b""
