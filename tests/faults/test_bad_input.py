"""Bad input over real HTTP: a clear 4xx in Russian, nothing stored, and never a 500."""

import pytest

IDS = ["0", "999999", str(2**63), str(10**30), "-1", "abc", "%00"]
ROUTES = [
    "chat/{}/",
    "chat/{}/messages/",
    "sessions/{}/title/",
    "sessions/{}/title/edit/",
    "sessions/{}/delete/",
    "messages/{}/stop/",
    "messages/{}/retry/",
]


async def test_absurd_ids_do_not_exist_on_any_route(server, alice):
    for route in ROUTES:
        for absurd in IDS:
            for method in ("GET", "POST"):
                response = await alice.http.request(method, f"/gemini/{route.format(absurd)}", data={"content": "x"})
                assert response.status_code in (302, 404, 405), (method, route, absurd)


async def test_the_stream_of_an_absurd_id_ends_at_once(server, alice):
    for absurd in IDS[:4]:
        screen = await alice.watch(absurd)
        assert "Ответ недоступен" in screen.done


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Сообщение не может быть пустым"),
        (b"+%0A+", "Сообщение не может быть пустым"),
        (b"a" * 32_001, "Сообщение длиннее 32 000 символов"),
        (b"a%00b", "недопустимые символы"),
    ],
)
async def test_a_message_that_cannot_be_is_refused_in_words_and_kept_in_its_field(server, alice, content, words):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    response = await alice.http.post("/gemini/chat/", content=b"content=" + content, headers=form)
    assert response.status_code == 422
    assert words in response.text
    assert 'id="composer"' in response.text
    assert not server.rows("SELECT id FROM gemini_chatmessage")


async def test_lone_surrogates_and_broken_utf8_are_no_error_of_ours(server, alice):
    response = await alice.http.post(
        "/gemini/chat/",
        content=b"content=%ED%A0%80+%FF+[[words+2]]",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert response.status_code == 200


async def test_without_a_csrf_token_nothing_is_taken(server, alice):
    response = await alice.http.post("/gemini/chat/", data={"content": "x"}, headers={"X-CSRFToken": "wrong"})
    assert response.status_code == 403
    assert "Страница устарела" in response.text
    assert not server.rows("SELECT id FROM gemini_chatmessage")


async def test_unknown_urls_are_404_in_our_look(server, alice):
    response = await alice.http.get("/gemini/nothing/")
    assert response.status_code == 404
    assert "Такой страницы нет" in response.text
