"""Signing in with Google, in a browser, against a stand-in that keeps Google's protocol."""

import uuid

import httpx
from playwright.sync_api import expect

PASSWORD = "Дождь-в-Минске-7"


def test_a_newcomer_signs_up_with_google_and_comes_back(visitor):
    newcomer = visitor("newcomer", signed_in=False)
    newcomer.google.enter()
    expect(newcomer.page.get_by_text("Это эмулятор Google.")).to_be_visible()
    newcomer.google.choose(newcomer.email)
    expect(newcomer.page).to_have_title("Чаты — Gemini")
    newcomer.account.sign_out()
    newcomer.page.get_by_role("button", name="Войти через Google").click()
    newcomer.google.choose(newcomer.email)
    expect(newcomer.page).to_have_title("Чаты — Gemini")


def test_a_password_account_is_linked_and_both_ways_lead_in(visitor):
    someone = visitor("linker", signed_in=False)
    someone.account.sign_up(someone.name, PASSWORD)
    someone.google.open_links()
    someone.page.get_by_role("button", name="Подключить Google").click()
    someone.google.choose(someone.email)
    expect(someone.page.get_by_text("Google подключён: теперь можно входить и через него.")).to_be_visible()
    someone.account.sign_out()
    someone.page.get_by_role("button", name="Войти через Google").click()
    someone.google.choose(someone.email)
    expect(someone.page.get_by_label("Меню пользователя")).to_contain_text("linker")
    someone.account.sign_out()
    someone.account.sign_in(someone.name, PASSWORD)
    expect(someone.page).to_have_title("Чаты — Gemini")
    someone.google.open_links()
    someone.page.get_by_role("button", name=f"Отключить {someone.email}").click()
    expect(someone.page.get_by_text("Google отключён.")).to_be_visible()


def test_who_cancels_at_google_is_told_that_nothing_has_changed(visitor):
    someone = visitor("doubter", signed_in=False)
    someone.google.enter()
    someone.google.choose(someone.email, button="Отмена")
    expect(someone.page.get_by_role("heading", name="Вы отказались в окне Google")).to_be_visible()
    someone.page.get_by_role("link", name="Ко входу").click()
    expect(someone.page.get_by_role("button", name="Войти через Google")).to_be_visible()


def test_a_program_does_the_same_by_rest(server, google):
    [key, stranger] = server.sign_in("program", "stranger")
    google.connect(server.url, key, f"program.{uuid.uuid4().hex[:8]}@example.com")
    with httpx.Client(base_url=f"{server.url}/api/v1/calendar/", timeout=30) as api:
        mine, theirs = ({"Authorization": f"Session {one}"} for one in (key, stranger))
        assert api.get("status/", headers=mine).json()["state"] == "connected"
        assert api.get("status/", headers=theirs).json()["state"] == "not_connected"
        events = api.get("events/", params={"from": "2026-11-23"}, headers=mine).json()
        assert "Встреча с клиентом" in [event["title"] for event in events["results"]]
        assert api.get("events/", params={"from": "2026-11-23"}, headers=theirs).status_code == 409
        answer = api.post("analyze/", json={"from": "2026-11-23"}, headers=mine).json()
        assert "12 встреч" in answer["response"]
        assert answer["report"]["meetings"] == 12
        assert api.post("disconnect/", headers=mine).json() == {"status": "disconnected", "revoked": True}
        assert api.get("events/", headers=mine).json()["code"] == "not_connected"
