"""Each page and fragment: for its owner, a stranger, nobody, with the wrong method, with bad input."""

import re

import pytest
from django.urls import reverse

from gemini.models import ChatSession, GeminiSettings
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def session(alice):
    return factories.make_session(alice)


@pytest.fixture
def reply(session):
    return factories.make_reply(session, "Ответ **жирный**", status="failed", error_code="model_overloaded")


def routes(session, reply):
    return {
        "dashboard": ([], "GET"),
        "rates": ([], "GET"),
        "vacancies": ([], "GET"),
        "data-attach-first": ([], "POST"),
        "data-attach": ([session.pk], "POST"),
        "chat-create": ([], "GET"),
        "help": ([], "GET"),
        "settings": ([], "GET"),
        "key-test": ([], "POST"),
        "model-list": ([], "GET"),
        "prompt-list": ([], "GET"),
        "prompt-choose": ([], "GET"),
        "prompt-create": ([], "GET"),
        "prompt-edit": ([factories.make_prompt(session.user).pk], "GET"),
        "prompt-delete": ([factories.make_prompt(session.user).pk], "GET"),
        "prompt-use": ([factories.make_prompt(session.user).pk], "GET"),
        "chat": ([session.pk], "GET"),
        "chat-markdown": ([session.pk], "GET"),
        "chat-json": ([session.pk], "GET"),
        "chat-print": ([session.pk], "GET"),
        "export": ([], "GET"),
        "export-json": ([], "GET"),
        "export-zip": ([], "GET"),
        "export-everything": ([], "GET"),
        "import": ([], "GET"),
        "usage": ([], "GET"),
        "usage-csv": ([], "GET"),
        "usage-calls": ([], "GET"),
        "usage-calls-csv": ([], "GET"),
        "message-create": ([session.pk], "POST"),
        "session-title": ([session.pk], "GET"),
        "session-settings": ([session.pk], "GET"),
        "session-title-edit": ([session.pk], "GET"),
        "session-delete": ([session.pk], "GET"),
        "message": ([reply.pk], "GET"),
        "message-text": ([reply.pk], "GET"),
        "message-edit": ([reply.parent_id], "GET"),
        "message-show": ([reply.pk], "POST"),
        "reply-regenerate": ([reply.pk], "POST"),
        "reply-continue": ([reply.pk], "POST"),
        "sessions-change": ([], "POST"),
        "session-pin": ([session.pk], "POST"),
        "session-unpin": ([session.pk], "POST"),
        "session-archive": ([session.pk], "POST"),
        "session-unarchive": ([session.pk], "POST"),
        "session-clear": ([session.pk], "POST"),
        "message-delete": ([reply.pk], "POST"),
        "trash": ([], "GET"),
        "trash-purge": ([], "GET"),
        "trash-restore": ([], "POST"),
        "reply-stop": ([reply.pk], "POST"),
        "reply-retry": ([reply.pk], "POST"),
    }


def test_the_litany_knows_every_route(session, reply):
    from gemini.web.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == {*routes(session, reply), "reply-stream"}


def test_nobody_is_led_to_the_login_page_with_the_way_back(client, session, reply):
    for name, (arguments, method) in routes(session, reply).items():
        url = reverse(f"gemini:{name}", args=arguments)
        response = client.generic(method, url)
        assert response.status_code == 302, name
        way_back = f"?next={url}" if method == "GET" else ""
        assert response.url == reverse("account_login") + way_back, name


def test_an_htmx_request_of_nobody_is_led_there_as_a_page(client, session):
    headers = {**HTMX, "HX-Current-URL": f"http://testserver{session.get_absolute_url()}"}
    response = client.post(reverse("gemini:message-create", args=[session.pk]), headers=headers)
    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == f"{reverse('account_login')}?next=%2Fgemini%2Fchat%2F{session.pk}%2F"


def test_a_form_posted_without_javascript_comes_back_to_its_page(client, session):
    url = reverse("gemini:message-create", args=[session.pk])
    response = client.post(url, headers={"Referer": f"http://testserver{session.get_absolute_url()}"})
    assert response.url == f"{reverse('account_login')}?next=%2Fgemini%2Fchat%2F{session.pk}%2F"


def test_a_foreign_current_url_is_no_way_back(client, session):
    headers = {**HTMX, "HX-Current-URL": "https://evil.example/steal"}
    response = client.post(reverse("gemini:message-create", args=[session.pk]), headers=headers)
    assert response.headers["HX-Redirect"] == reverse("account_login")


def test_a_stranger_gets_byte_for_byte_what_an_absent_id_gets(bobs, session, reply):
    for name, (arguments, method) in routes(session, reply).items():
        if arguments:
            theirs = bobs.generic(method, reverse(f"gemini:{name}", args=arguments))
            absent = bobs.generic(method, reverse(f"gemini:{name}", args=[10**9]))
            assert (theirs.status_code, absent.status_code) == (404, 404), name
            assert without_csrf(theirs) == without_csrf(absent), name
    assert ChatSession.objects.get() == session


def without_csrf(response):
    # The token in the form that signs out is masked anew in every answer.
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


def test_the_owner_gets_every_page(alices, session, reply):
    for name, (arguments, method) in routes(session, reply).items():
        if method == "GET":
            for headers in ({}, HTMX):
                response = alices.get(reverse(f"gemini:{name}", args=arguments), headers=headers)
                assert response.status_code in (200, 302), name


def test_wrong_methods_are_refused(alices, session, reply):
    for name, (arguments, _) in routes(session, reply).items():
        assert alices.delete(reverse(f"gemini:{name}", args=arguments)).status_code == 405, name
    for name in ("message-create", "reply-stop", "reply-retry"):
        arguments, _ = routes(session, reply)[name]
        assert alices.get(reverse(f"gemini:{name}", args=arguments)).status_code == 405, name


def test_a_get_creates_nothing(alices):
    alices.get(reverse("gemini:chat-create"))
    assert not ChatSession.objects.exists()


def test_a_page_shows_the_conversation_as_markup_and_the_question_as_text(alices, session, reply):
    factories.make_message(session, "<b>вопрос</b>")
    page = alices.get(session.get_absolute_url()).content.decode()
    assert "<strong>жирный</strong>" in page
    assert "&lt;b&gt;вопрос&lt;/b&gt;" in page
    assert "Модель Gemini перегружена. Пожалуйста, попробуйте позже." in page


def test_a_long_conversation_opens_at_its_end_and_leads_back(alices, session):
    for number in range(60):
        factories.make_message(session, f"сообщение-{number:03}")
    page = alices.get(session.get_absolute_url())
    assert "сообщение-059" in page.content.decode()
    assert "сообщение-009" not in page.content.decode()
    earlier = alices.get(f"{session.get_absolute_url()}?before={page.context['window'].older_than}").content.decode()
    assert "сообщение-009" in earlier


def test_lists_cost_the_same_queries_however_many_sessions(alices, alice, django_assert_max_num_queries):
    for number in range(3):
        factories.make_message(factories.make_session(alice, f"Чат {number}"))
    with django_assert_max_num_queries(8) as few:
        alices.get(reverse("gemini:dashboard"))
    for number in range(25):
        factories.make_message(factories.make_session(alice, f"Ещё {number}"))
    with django_assert_max_num_queries(len(few)):
        alices.get(reverse("gemini:dashboard"))


@pytest.mark.parametrize(("count", "words"), [(1, "1 сообщение ·"), (3, "3 сообщения ·"), (5, "5 сообщений ·")])
def test_numbers_agree_with_their_nouns(alices, session, count, words):
    for _ in range(count):
        factories.make_message(session)
    assert words in " ".join(alices.get(reverse("gemini:dashboard")).content.decode().split())


def test_a_title_is_changed_and_a_bad_one_keeps_the_old(alices, session):
    url = reverse("gemini:session-title", args=[session.pk])
    assert "Новое" in alices.post(url, {"title": "Новое"}, headers=HTMX).content.decode()
    refused = alices.post(url, {"title": "д" * 201}, headers=HTMX)
    assert refused.status_code == 422
    assert alices.post(url, {"title": "  "}).status_code == 422
    session.refresh_from_db()
    assert (session.title, session.title_origin) == ("Новое", "hand")


def test_a_key_is_stored_encrypted_and_never_comes_back(alices, alice):
    url = reverse("gemini:settings")
    alices.post(url, {"api_key": " AIza-secret-secret-9876 ", "temperature": "0.5"})
    row = GeminiSettings.objects.get(user=alice)
    assert (row.api_key, row.temperature) == ("AIza-secret-secret-9876", 0.5)
    page = alices.get(url).content.decode()
    assert "9876" in page
    assert "secret-secret" not in page
    assert row.encrypted_key not in page
    alices.post(url, {"model": "gemini-pro-latest"})
    assert GeminiSettings.objects.get(user=alice).api_key, "an empty field keeps the key"
    alices.post(url, {"forget_key": "on"})
    assert not GeminiSettings.objects.get(user=alice).encrypted_key


@pytest.mark.parametrize("data", [{"temperature": "3"}, {"max_output_tokens": "0"}, {"api_key": "ключ"}])
def test_settings_out_of_bounds_are_refused(alices, data):
    assert alices.post(reverse("gemini:settings"), data).status_code == 422
    assert not GeminiSettings.objects.exists()


@pytest.mark.parametrize(
    ("configured", "words"),
    [
        ({}, "API ключ не настроен"),
        ({"GEMINI_DEMO_ENDPOINT": "127.0.0.1:1"}, "демонстрационная модель"),
        ({"GEMINI_API_KEY": "k"}, "Отвечает ключ сервера"),
    ],
)
def test_every_page_says_who_answers(alices, settings, configured, words):
    for name, value in configured.items():
        setattr(settings, name, value)
    assert words in alices.get(reverse("gemini:dashboard")).content.decode()


def test_a_refused_message_that_had_no_key_gets_none_in_words(alices, session):
    refused = alices.post(reverse("gemini:message-create", args=[session.pk]), {"content": " "}, headers=HTMX)
    assert refused.status_code == 422
    [field] = re.findall(r'<input type="hidden" name="idempotency_key"[^>]*>', refused.content.decode())
    assert 'value=""' in field
