from playwright.sync_api import expect


def test_bob_sees_nothing_of_alices(person):
    alice, bob = person("alice"), person("bob")
    session = alice.chat.begin("[[words 100]] Тайна [[pace 0.05]]")
    message = alice.chat.answer.get_attribute("id").removeprefix("message-")
    for path in (f"chat/{session}/", f"sessions/{session}/title/", f"sessions/{session}/delete/"):
        response = bob.page.goto(f"{bob.url}/gemini/{path}")
        assert response.status == 404
        expect(bob.page.get_by_role("heading", name="Такой страницы нет")).to_be_visible()
    streamed = bob.context.request.get(f"{bob.url}/gemini/messages/{message}/stream/").text()
    assert "Ответ недоступен" in streamed
    assert "слово" not in streamed
    bob.dashboard.open()
    expect(bob.page.get_by_text("Здесь появятся ваши чаты")).to_be_visible()
    bob.forgive("404")
