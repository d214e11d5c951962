"""HH.ru and rabota.by (https://github.com/hhru/api): vacancies for an application with a token.

Since the spring of 2026 nothing here is open to those without one, and many addresses abroad are refused.
"""

import asyncio
import logging
import re
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from gemini import conf
from gemini.sources import http, memory
from gemini.sources.base import SourceFailure, State, is_loopback
from gemini.sources.memory import remembered
from gemini.sources.vacancies.shapes import LONG_TEXT, Found, Pay, Search, Vacancy, amount, link, plain

logger = logging.getLogger(__name__)

SITES = ("hh.ru", "rabota.by", "hh.kz", "hh.uz", "headhunter.ge", "headhunter.kg", "hh1.az")
# Here these codes are today's money, not that of before the denominations.
CURRENCIES = {"RUR": "RUB", "BYR": "BYN"}
CODES = {ours: theirs for theirs, ours in CURRENCIES.items()}
AREAS = {
    "россия": ("113", "Россия"),
    "москва": ("1", "Москва"),
    "санкт-петербург": ("2", "Санкт-Петербург"),
    "беларусь": ("16", "Беларусь"),
    "минск": ("1002", "Минск"),
    "гомель": ("1003", "Гомель"),
    "могилев": ("1004", "Могилёв"),
    "гродно": ("1006", "Гродно"),
}
PLACEHOLDER = "example."
AGENT = re.compile(r"[^\s/]+[^/]*/\S+ \(.+@.+\..+\)")

# Items that a search reveals, however many it has found.
DEEPEST = 2_000
# Requests a second of this process: nobody says what is allowed, a maintainer once spoke of ten.
PACE = 0.5
SEARCH_FRESH = 600
VACANCY_FRESH = 3_600
AREAS_FRESH = 7 * 24 * 3600
# Seconds for which a service that told us to slow down is left alone, if it does not say for how long.
PAUSE = 60.0
LONGEST_PAUSE = 3_600.0

_next_turn = 0.0


def problem() -> str:
    """What has to be set up before HH.ru can be asked, in words; empty when nothing has."""
    agent = conf.get("HH_USER_AGENT")
    if not conf.get("HH_ACCESS_TOKEN"):
        return _(
            "Поиск вакансий HH.ru не настроен. Администратору: зарегистрируйте приложение на dev.hh.ru/admin и задайте "
            "HH_ACCESS_TOKEN и HH_USER_AGENT. Или задайте VACANCY_PROVIDER=trudvsem: «Работа России» не требует ключа."
        )
    if PLACEHOLDER in agent or not AGENT.fullmatch(agent):
        return _(
            "HH.ru требует назвать приложение. Администратору: задайте HH_USER_AGENT в виде «Название/1.0 (почта)» с "
            "настоящим адресом."
        )
    return ""


class HeadHunter:
    name = "HH.ru"

    @property
    def emulated(self) -> bool:
        return is_loopback(conf.get("HH_BASE_URL"))

    async def search(self, search: Search) -> Found:
        refuse_without_settings()
        if (search.page + 1) * search.per_page > DEEPEST:
            raise SourceFailure(
                State.INVALID, _("HH.ru показывает не больше 2000 вакансий одного поиска: уточните его.")
            )
        area_id, area = await area_named(search.area) if search.area else ("", "")
        params = query_of(search, area_id)

        async def ask() -> dict[str, Any]:
            async with connected() as client:
                return read_search(await get(client, "/vacancies", params), area).as_json()

        answer, stale_since = await remembered(SEARCH_FRESH, ask, self.name, conf.get("HH_BASE_URL"), params)
        return aged(Found.from_json(answer), stale_since)

    async def vacancy(self, vacancy_id: str) -> tuple[Vacancy, str]:
        refuse_without_settings()
        if not vacancy_id.isdecimal():
            raise SourceFailure(State.INVALID, _("Номер вакансии HH.ru состоит из цифр."))

        async def ask() -> dict[str, Any]:
            async with connected() as client:
                return read_vacancy(await get(client, f"/vacancies/{vacancy_id}")).as_json()

        answer, stale_since = await remembered(VACANCY_FRESH, ask, self.name, conf.get("HH_BASE_URL"), vacancy_id)
        return Vacancy.from_json(answer), stale_since


def refuse_without_settings() -> None:
    if words := problem():
        raise SourceFailure(State.NOT_CONFIGURED, words)


def aged(found: Found, stale_since: str) -> Found:
    if not stale_since:
        return found
    words = _("HH.ru сейчас не отвечает: вот что было найдено раньше.")
    return replace(found, stale_since=stale_since, message=words)


def query_of(search: Search, area_id: str) -> list[tuple[str, str]]:
    salary = {"salary": str(search.salary_from)} if search.salary_from else {}
    if search.salary_from and search.currency:
        salary["currency"] = CODES.get(search.currency, search.currency)
    wanted = {
        "text": search.text,
        "area": area_id,
        "experience": search.experience,
        "work_format": search.work_format,
        "label": "with_salary" if search.only_with_salary else "",
        "period": str(search.period_days or ""),
        "order_by": search.order_by,
        "page": str(search.page),
        "per_page": str(search.per_page),
        "no_magic": "true",
        "locale": "RU",
        **salary,
    }
    return [(name, value) for name, value in wanted.items() if value]


async def area_named(words: str) -> tuple[str, str]:
    """The number and the name of a place. Raises `SourceFailure` for one that HH does not know."""
    wanted = normal(words)
    if wanted in AREAS:
        return AREAS[wanted]

    async def ask() -> dict[str, Any]:
        async with connected() as client:
            body = await get(client, "/suggests/areas", [("text", words)])
        try:
            return {normal(one["text"]): [str(one["id"]), str(one["text"])] for one in body["items"]}
        except (KeyError, TypeError) as error:
            raise unreadable(error) from error

    key = ("HH area", conf.get("HH_BASE_URL"), wanted)
    places, _stale = await remembered(AREAS_FRESH, ask, *key) if len(wanted) > 1 else ({}, "")
    if not places:
        raise SourceFailure(State.INVALID, _("HH.ru не знает места «{place}».").format(place=words[:60]))
    number, name = places.get(wanted) or next(iter(places.values()))
    return number, name


def normal(words: str) -> str:
    return " ".join(words.lower().replace("ё", "е").split())


def connected() -> AbstractAsyncContextManager[Any]:
    agent = conf.get("HH_USER_AGENT")
    headers = {"Authorization": f"Bearer {conf.get('HH_ACCESS_TOKEN')}", "HH-User-Agent": agent, "User-Agent": agent}
    return http.client(conf.get("HH_BASE_URL"), conf.get("HH_PROXY"), headers)


async def get(client: Any, path: str, params: Any = None) -> dict[str, Any]:
    """The JSON object of a 200. Raises `SourceFailure` with the words for anything else."""
    if left_alone := await memory.get("HH pause", conf.get("HH_BASE_URL")):
        raise SourceFailure(State(left_alone[0]), left_alone[1])
    await turn()
    try:
        answer = await http.get(client, path, params)
    except http.Unreachable as error:
        logger.warning("HH: %s", error)
        raise SourceFailure(State.UNAVAILABLE, _("HH.ru сейчас не отвечает.")) from error
    if answer.status == 200 and isinstance(answer.body, dict):
        return answer.body
    raise await refusal(answer)


async def turn() -> None:
    """Returns when this process may ask again. Several loops may take turns: the reservation comes before the wait."""
    global _next_turn
    now = time.monotonic()
    mine = max(now, _next_turn)
    _next_turn = mine + PACE
    await asyncio.sleep(mine - now)


async def refusal(answer: http.Answer) -> SourceFailure:
    """What a refusal means for whom (docs/errors.md of hhru/api): only `errors` is read of its body."""
    errors = answer.body.get("errors") if isinstance(answer.body, dict) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    kind, value = str(first.get("type", "")), str(first.get("value", ""))[:60]
    logger.warning("HH: status %s %s %s", answer.status, kind, value)
    match answer.status, kind:
        case 400, "bad_user_agent":
            return SourceFailure(State.NOT_CONFIGURED, _("HH.ru не принимает имя приложения: проверьте HH_USER_AGENT."))
        case 400, _kind:
            return SourceFailure(State.INVALID, _("HH.ru не понял запрос: {field}.").format(field=value or "—"))
        case 403, "captcha_required":
            words = _("HH.ru просит подтвердить, что спрашивает человек: поищите на hh.ru.")
            return await paused(answer, State.UNAVAILABLE, words)
        case 403, "oauth":
            return SourceFailure(
                State.NOT_CONFIGURED, _("HH.ru не принимает токен приложения: обновите HH_ACCESS_TOKEN.")
            )
        case 401 | 403 | 451, _kind:
            words = _(
                "HH.ru отказывает этому серверу. Администратору: проверьте HH_ACCESS_TOKEN, а из-за рубежа — HH_PROXY."
            )
            return await paused(answer, State.NOT_CONFIGURED, words)
        case 404, _kind:
            return SourceFailure(State.INVALID, _("Такой вакансии на HH.ru нет: возможно, её сняли."))
        case 429, _kind:
            words = _("HH.ru просит подождать: запросов было слишком много.")
            return await paused(answer, State.UNAVAILABLE, words)
    return SourceFailure(State.UNAVAILABLE, _("HH.ru сейчас не отвечает."))


async def paused(answer: http.Answer, state: State, words: str) -> SourceFailure:
    """Leaves HH alone, for as long as it asks; meanwhile whoever wants to know is told the same."""
    asked = answer.headers.get("retry-after", "")
    seconds = min(float(asked), LONGEST_PAUSE) if asked.isdecimal() else PAUSE
    await memory.put((str(state), words), seconds, "HH pause", conf.get("HH_BASE_URL"))
    return SourceFailure(state, words)


def unreadable(error: Exception) -> SourceFailure:
    logger.warning("HH: unreadable: %r", error)
    return SourceFailure(State.UNAVAILABLE, _("HH.ru ответил непонятно."))


def read_search(body: dict[str, Any], area: str) -> Found:
    try:
        return Found(
            total=int(body["found"]),
            page=int(body["page"]),
            pages=int(body["pages"]),
            items=tuple(vacancy_of(item) for item in body["items"]),
            url=link(body.get("alternate_url"), SITES),
            area=area,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unreadable(error) from error


def read_vacancy(body: dict[str, Any]) -> Vacancy:
    try:
        return replace(
            vacancy_of(body),
            description=plain(body.get("description"), LONG_TEXT),
            skills=tuple(plain(skill["name"], 60) for skill in body.get("key_skills") or ())[:40],
            archived=bool(body.get("archived")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unreadable(error) from error


def vacancy_of(item: dict[str, Any]) -> Vacancy:
    snippet = item.get("snippet") or {}
    return Vacancy(
        id=str(int(item["id"])),
        title=plain(item["name"]),
        # Of an anonymous vacancy not even this is sure to be there.
        employer=plain((item.get("employer") or {}).get("name")),
        area=plain((item.get("area") or {}).get("name")),
        pay=pay_of(item.get("salary_range") or item.get("salary")),
        published=str(item.get("published_at") or "")[:10],
        url=link(item.get("alternate_url"), SITES),
        experience=plain((item.get("experience") or {}).get("name")),
        formats=tuple(plain(one["name"], 60) for one in item.get("work_format") or ()),
        requirement=plain(snippet.get("requirement")),
        responsibility=plain(snippet.get("responsibility")),
    )


def pay_of(salary: dict[str, Any] | None) -> Pay | None:
    if not salary:
        return None
    low, high = amount(salary.get("from")), amount(salary.get("to"))
    if not (low or high):
        return None
    code = str(salary.get("currency") or "")[:3].upper()
    tax = {True: "gross", False: "net", None: ""}.get(salary.get("gross"), "")
    # The older `salary` beside it knows only months.
    per = str((salary.get("mode") or {}).get("id") or "MONTH")[:20]
    return Pay(low, high, CURRENCIES.get(code, code), tax, per)
