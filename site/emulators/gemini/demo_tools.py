"""How the demo model uses functions: it knows a few questions, and repeats figures as they came."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from emulators.gemini import demo_money, meetings

CURRENCIES = (
    ("USD", r"usd|\$|доллар\w*"),
    ("EUR", r"eur|€|евро"),
    ("RUB", r"rub|₽|российск\w+ рубл\w*"),
    ("CNY", r"cny|юан\w+"),
    ("PLN", r"pln|злот\w+"),
    ("BYN", r"byn|рубл\w*"),
)
AMOUNT = re.compile(r"(\d[\d \u00a0]*(?:[.,]\d+)?)")
TODAY = re.compile(r"Сегодня (\d{4}-\d\d-\d\d)")
EXACT_DAY = re.compile(r"(\d{4}-\d\d-\d\d)|(\d{1,2})\.(\d{1,2})\.(\d{4})")
AREAS = (("минск", "Минск"), ("москв", "Москва"), ("гомел", "Гомель"), ("беларус", "Беларусь"), ("росси", "Россия"))
JOBS = ("python", "java", "frontend", "аналитик", "тестировщик", "бухгалтер", "водитель", "кладовщик")
HEAD = "| Валюта | Налог | За | Вакансий | Медиана «от» | Медиана «до» |\n| --- | --- | --- | ---: | ---: | ---: |"
TAX = {"gross": "до вычета", "net": "на руки", "unknown": "не указан"}
PER = {"MONTH": "месяц", "HOUR": "час", "SHIFT": "смену", "FLY_IN_FLY_OUT": "вахту"}
MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()


def calls(text: str, declared: Sequence[str], system: str) -> list[dict[str, Any]]:
    """What the question needs, as far as there are functions for it."""
    if demo_money.is_asked(text):
        # All that is needed has been sent along.
        return []
    asked = text.lower().replace("ё", "е")
    today = date.fromisoformat(found[1]) if (found := TODAY.search(system)) else date.today()
    wanted: list[dict[str, Any]] = []
    if meetings.MARKER in text:
        # All that it needs stands in the question.
        return []
    if re.search("встреч(?!а[ею]тся)", asked) or "календар" in asked:
        wanted = [{"name": "calendar_events", "args": meetings.days_in(asked, today)}]
    elif "ваканс" in asked or "зарплат" in asked:
        job = next((job for job in JOBS if job in asked), "python")
        area = next(({"area": name} for word, name in AREAS if word in asked), {})
        name = "vacancies_salaries" if "зарплат" in asked or "платят" in asked else "vacancies_search"
        wanted = [{"name": name, "args": {"text": job, **area}}]
    elif demo_money.SPENT.search(asked):
        wanted = [{"name": "finance_summary", "args": {"since": f"{today.year}-01-01"} if "этом году" in asked else {}}]
    elif codes := mentioned(asked):
        wanted = rate_calls(asked, codes, today)
    return [call for call in wanted if call["name"] in declared]


def mentioned(asked: str) -> list[str]:
    """Currencies in the order in which they are named."""
    places: dict[str, int] = {}
    left = asked
    for code, pattern in CURRENCIES:
        if found := re.search(pattern, left):
            places[code] = found.start()
            left = left[: found.start()] + " " * len(found[0]) + left[found.end() :]
    return sorted(places, key=places.__getitem__)


def rate_calls(asked: str, codes: list[str], today: date) -> list[dict[str, Any]]:
    day = {"date": day_in(asked, today).isoformat()}
    amount = AMOUNT.search(EXACT_DAY.sub(" ", asked))
    if amount and len(codes) > 1 and ("сколько" in asked or " в " in asked):
        number = re.sub(r"[ \u00a0]", "", amount[1]).replace(",", ".")
        return [{"name": "nbrb_convert", "args": {"amount": number, "from": codes[0], "to": codes[1], **day}}]
    if "динамик" in asked or "за месяц" in asked or "за год" in asked:
        since = today - timedelta(days=365 if "за год" in asked else 30)
        args = {"currency": codes[0], "since": since.isoformat(), "until": today.isoformat()}
        return [{"name": "nbrb_history", "args": args}]
    if "курс" in asked:
        return [{"name": "nbrb_rate", "args": {"currencies": [code for code in codes if code != "BYN"], **day}}]
    return []


def day_in(asked: str, today: date) -> date:
    if found := EXACT_DAY.search(asked):
        return date.fromisoformat(found[1]) if found[1] else date(int(found[4]), int(found[3]), int(found[2]))
    days = {"позавчера": -2, "вчера": -1, "завтра": 1}
    return today + timedelta(days=next((shift for word, shift in days.items() if word in asked), 0))


def answer(answered: list[dict[str, Any]]) -> str:
    """In words; empty when one of the functions is none of those that the demo knows."""
    texts = [words(one["name"], one.get("response") or {}) for one in answered]
    return "\n\n".join(texts) if all(texts) else ""


def answer_attached(attached: list[dict[str, Any]]) -> str:
    """The same from data that came with the question: what function they are of, they say by their shape."""
    answered = [
        {"name": name, "response": one}
        for one in attached
        for name, key in (("vacancies_search", "vacancies"), ("vacancies_salaries", "groups"), ("nbrb_rate", "rates"))
        if key in (one.get("data") or {})
    ]
    return answer(answered) if answered else ""


def words(name: str, response: dict[str, Any]) -> str:
    data, message = response.get("data") or {}, response.get("message", "")
    remark = f"\n\n> {message}" if message else ""
    if not data:
        return f"Ответить не получилось: {message}" if message else ""
    when = f" на {in_russian(response['as_of'])}" if response.get("as_of") else ""
    match name:
        case "nbrb_convert":
            rates = "; ".join(rate_in_words(rate) for rate in data["rates"])
            total = f"**{spaced(data['amount'])} {data['from']} — это {spaced(data['result'])} {data['to']}**"
            return f"{total} по официальному курсу НБРБ{when}: {rates}.{remark}"
        case "nbrb_rate":
            rows = "\n".join(f"- {rate_in_words(rate)}" for rate in data["rates"])
            return f"Официальный курс НБРБ{when}:\n\n{rows}{remark}"
        case "nbrb_history":
            first, last = data["first"], data["last"]
            course = f"с {comma(first['rate'])} до {comma(last['rate'])} BYN ({comma(data['change_percent'])} %)"
            extremes = f"от {comma(data['lowest']['rate'])} до {comma(data['highest']['rate'])}"
            return f"Курс {data['currency']} за {data['days']} дн. прошёл {course}; он был {extremes}.{remark}"
        case "calendar_events":
            return meetings.listed(data) + remark
        case "finance_summary":
            return demo_money.summary(data) + remark
        case "vacancies_search":
            rows = "\n".join(map(vacancy_in_words, data["vacancies"][:5]))
            return f"Найдено вакансий: {data['total']} ({data['provider']}). Первые из них:\n\n{rows}{remark}"
        case "vacancies_salaries":
            rows = "\n".join(map(group_as_row, data["groups"]))
            return f"Просмотрено вакансий: {data['looked_at']}. Группы не смешаны:\n\n{HEAD}\n{rows}{remark}"
    return ""


def vacancy_in_words(one: dict[str, Any]) -> str:
    pay = one.get("pay", "оплата не указана")
    return f"- [{one['title']}]({one['url']}), {one.get('employer', '—')}, {one['area']}: {pay}"


def group_as_row(one: dict[str, Any]) -> str:
    cells = (one["currency"], TAX[one["tax"]], PER.get(one["per"], one["per"]), one["count"])
    medians = (spaced(one[name]) if name in one else "—" for name in ("from_median", "to_median"))
    return f"| {' | '.join(map(str, (*cells, *medians)))} |"


def rate_in_words(rate: dict[str, Any]) -> str:
    return f"{rate['scale']} {rate['currency']} = {comma(rate['rate'])} BYN"


def comma(number: str) -> str:
    return number.replace(".", ",")


def spaced(number: str) -> str:
    """1500.50 as a Russian reader writes it: 1 500,50."""
    return f"{Decimal(number):,}".replace(",", "\u00a0").replace(".", ",")


def in_russian(day: str) -> str:
    moment = date.fromisoformat(day)
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year} г."
