"""One's own Google Calendar, in a browser, against a stand-in that keeps Google's protocol."""

from playwright.sync_api import expect

# Events go by the day of the week, so that any will do.
WEEK = "?period=week&date=2026-11-25"


def test_a_calendar_is_connected_read_analysed_and_disconnected(visitor):
    anna = visitor("anna")
    anna.calendar.open()
    expect(anna.page.get_by_text("читать события")).to_be_visible()
    anna.calendar.connect()
    anna.google.choose(anna.email)
    expect(anna.page.get_by_text("Календарь подключён.")).to_be_visible()
    anna.calendar.open(WEEK)
    expect(anna.calendar.event("Встреча с клиентом")).to_contain_text("12:00–13:30")
    anna.calendar.event("Встреча с клиентом").locator("summary").click()
    expect(anna.page.get_by_text("Повестка: ссылка")).to_be_visible()
    anna.page.get_by_text("Что будет отправлено модели").click()
    shown = anna.page.locator("pre").inner_text()
    assert "Итого: 12 встреч" in shown
    anna.calendar.analyze()
    anna.page.wait_for_url("**/gemini/chat/*/")
    expect(anna.chat.finished_answer).to_contain_text("Куда ставить новые встречи")
    expect(anna.chat.finished_answer).to_contain_text("12 встреч, 9 ч 15 мин")
    sent = anna.page.locator(".message--user .message__body").inner_text()
    assert "Итого: 12 встреч" in sent
    anna.calendar.open()
    anna.calendar.disconnect()
    expect(anna.page.get_by_text("доступ отозван у Google")).to_be_visible()
    expect(anna.page.get_by_role("button", name="Подключить календарь")).to_be_visible()


def test_weeks_are_turned_without_loading_a_page_and_the_address_follows(connected):
    anna = connected("anna", WEEK)
    anna.requests.clear()
    anna.page.get_by_role("link", name="Позже").click()
    expect(anna.calendar.period).to_contain_text("30 ноября – 6 декабря 2026")
    assert "date=2026-11-30" in anna.page.url
    anna.page.get_by_label("Период", exact=True).select_option("day")
    anna.page.get_by_role("button", name="Показать").click()
    expect(anna.calendar.period).to_contain_text("понедельник, 30 ноября 2026")
    assert not anna.requested("document")
    anna.page.go_back()
    expect(anna.calendar.period).to_contain_text("30 ноября – 6 декабря 2026")


def test_all_of_it_works_by_keyboard(connected):
    anna = connected("anna", WEEK)
    anna.page.get_by_role("link", name="Позже").focus()
    anna.page.keyboard.press("Enter")
    expect(anna.calendar.period).to_contain_text("30 ноября")
    summary = anna.calendar.event("Встреча с клиентом").locator("summary")
    summary.focus()
    anna.page.keyboard.press("Enter")
    expect(anna.page.get_by_text("Повестка: ссылка")).to_be_visible()
    anna.page.get_by_label("Что узнать").focus()
    anna.page.keyboard.type("[[words 5]]")
    anna.page.keyboard.press("Tab")
    anna.page.keyboard.press("Enter")
    anna.page.wait_for_url("**/gemini/chat/*/")
    expect(anna.chat.finished_answer).to_contain_text("слово5")


def test_all_of_it_works_without_javascript(connected):
    reader = connected("plain", WEEK, java_script_enabled=False)
    reader.page.get_by_role("link", name="Позже").click()
    expect(reader.calendar.period).to_contain_text("30 ноября – 6 декабря 2026")
    reader.page.get_by_label("Период", exact=True).select_option("month")
    reader.page.get_by_role("button", name="Показать").click()
    expect(reader.calendar.period).to_contain_text("ноябрь 2026")
    reader.calendar.analyze("[[words 7]]")
    expect(reader.chat.finished_answer).to_contain_text("слово7")
    reader.calendar.open()
    reader.calendar.disconnect()
    expect(reader.page.get_by_text("доступ отозван у Google")).to_be_visible()


def test_a_scope_that_is_unticked_leaves_the_calendar_alone(visitor):
    someone = visitor("careful")
    someone.calendar.open()
    someone.calendar.connect()
    someone.google.choose(someone.email, calendar=False)
    expect(someone.page.get_by_text("Вы не отметили доступ к календарю")).to_be_visible()
    expect(someone.page.get_by_role("button", name="Подключить календарь")).to_be_visible()


def test_a_permission_withdrawn_at_google_is_given_anew(connected, google):
    anna = connected("anna", WEEK)
    google.control(revoke=anna.email)
    anna.calendar.open("?period=day&date=2026-12-24")
    expect(anna.page.get_by_text("Доступ к календарю закончился")).to_be_visible()
    anna.calendar.connect()
    anna.google.choose(anna.email)
    expect(anna.page.get_by_text("Календарь подключён.")).to_be_visible()


def test_while_google_is_away_the_page_says_so(connected, google):
    anna = connected("anna", WEEK)
    google.control(fail="503", at="/calendar/")
    anna.calendar.open("?period=day&date=2026-12-24")
    expect(anna.page.get_by_text("Google Календарь сейчас не отвечает")).to_be_visible()
    google.reset()


def test_the_model_asks_the_calendar_of_whoever_it_talks_to(connected, visitor):
    anna, bob = connected("anna", WEEK), visitor("bob")
    for someone in (anna, bob):
        someone.chat.begin("Какие у меня встречи на этой неделе?")
    expect(anna.chat.finished_answer).to_contain_text("Встреча с клиентом")
    expect(anna.chat.finished_answer.locator("details")).to_contain_text("Google Календарь")
    expect(bob.chat.finished_answer).to_contain_text("не подключён")
    assert "Встреча с клиентом" not in bob.page.content()


def test_nobody_elses_calendar_is_seen_or_taken(connected, visitor):
    anna, bob = connected("anna", WEEK), visitor("bob")
    bob.calendar.open(WEEK)
    expect(bob.page.get_by_text("Подключите Google Календарь")).to_be_visible()
    bob.calendar.connect()
    bob.google.choose(anna.email)
    expect(bob.page.get_by_text("подключена к другой учётной записи")).to_be_visible()
    expect(bob.page.get_by_text("Встреча с клиентом")).to_have_count(0)
