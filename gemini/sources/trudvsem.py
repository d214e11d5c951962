"""«Работа России» (https://trudvsem.ru/opendata/api): vacancies in Russia without any key, many of them stale."""

import logging
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from gemini import conf
from gemini.sources import http
from gemini.sources.base import SourceFailure, State, is_loopback
from gemini.sources.memory import remembered
from gemini.sources.vacancies.shapes import LONG_TEXT, Found, Pay, Search, Vacancy, amount, link, plain

logger = logging.getLogger(__name__)

SITES = ("trudvsem.ru",)
# Codes of regions by their words; all else is looked for in the whole country, which is said.
REGIONS = {"москва": "7700000000000", "санкт-петербург": "7800000000000", "московская область": "5000000000000"}
COUNTRY = ("россия", "")
FRESH = 900
VACANCY_FRESH = 3_600
# Years of experience that a search word of HH's allows.
EXPERIENCE = {"noExperience": (0, 0), "between1And3": (1, 3), "between3And6": (3, 6), "moreThan6": (6, 100)}


class Trudvsem:
    name = "Работа России"

    @property
    def emulated(self) -> bool:
        return is_loopback(conf.get("TRUDVSEM_BASE_URL"))

    async def search(self, search: Search) -> Found:
        area = " ".join(search.area.lower().replace("ё", "е").split())
        if area not in COUNTRY and area not in REGIONS:
            raise SourceFailure(
                State.INVALID,
                _("«Работа России» ищет по всей России, в Москве, Санкт-Петербурге и Московской области."),
            )
        if search.salary_from and search.currency not in ("", "RUB"):
            raise SourceFailure(State.INVALID, _("«Работа России» знает оплату только в RUB."))
        path = f"/vacancies/region/{REGIONS[area]}" if area in REGIONS else "/vacancies"
        # What they call offset is the number of a page.
        params = {"text": search.text, "limit": search.per_page, "offset": search.page}

        async def ask() -> dict[str, Any]:
            async with connected() as client:
                return read_search(await get(client, path, params), search).as_json()

        answer, stale_since = await remembered(FRESH, ask, conf.get("TRUDVSEM_BASE_URL"), path, params)
        return filtered(Found.from_json(answer), search, stale_since)

    async def vacancy(self, vacancy_id: str) -> tuple[Vacancy, str]:
        company, _colon, number = vacancy_id.partition(":")
        if not (company and number):
            raise SourceFailure(State.INVALID, _("Номер вакансии «Работы России» состоит из двух, через двоеточие."))
        path = f"/vacancies/vacancy/{company}/{number}"

        async def ask() -> dict[str, Any]:
            async with connected() as client:
                found = read_search(await get(client, path, {}), Search(text=""))
            if not found.items:
                raise SourceFailure(State.INVALID, _("Такой вакансии в «Работе России» нет."))
            return found.items[0].as_json()

        answer, stale_since = await remembered(VACANCY_FRESH, ask, conf.get("TRUDVSEM_BASE_URL"), path)
        return Vacancy.from_json(answer), stale_since


def connected() -> AbstractAsyncContextManager[Any]:
    return http.client(conf.get("TRUDVSEM_BASE_URL"))


async def get(client: Any, path: str, params: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = await http.get(client, path, params)
    except http.Unreachable as error:
        raise unavailable(error) from error
    if answer.status != 200 or not isinstance(answer.body, dict):
        raise unavailable(f"status {answer.status}")
    return answer.body


def unavailable(reason: object) -> SourceFailure:
    logger.warning("Trudvsem: %s", reason)
    return SourceFailure(State.UNAVAILABLE, _("«Работа России» сейчас не отвечает."))


def read_search(body: dict[str, Any], search: Search) -> Found:
    """`status` is a text, and without a match there are no `results` at all."""
    try:
        if str(body["status"]) != "200":
            raise ValueError(body["status"])
        rows = (body.get("results") or {}).get("vacancies") or []
        total = int((body.get("meta") or {}).get("total") or 0)
        items = tuple(vacancy_of(row["vacancy"]) for row in rows)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unavailable(f"unreadable: {error!r}") from error
    return Found(total, search.page, -(-total // search.per_page), items, "https://trudvsem.ru/vacancy/search")


def vacancy_of(row: dict[str, Any]) -> Vacancy:
    requirement = row.get("requirement") or {}
    years = requirement.get("experience")
    company = row.get("company") or {}
    return Vacancy(
        id=f"{company.get('companycode') or ''}:{row['id']}",
        title=plain(row["job-name"]),
        employer=plain(company.get("name")),
        area=plain((row.get("region") or {}).get("name")),
        pay=pay_of(row),
        published=str(row.get("creation-date") or "")[:10],
        url=link(row.get("vac_url"), SITES),
        experience=_("от {years} лет").format(years=years) if isinstance(years, int) and years else "",
        formats=tuple(filter(None, (plain(row.get("schedule"), 60),))),
        requirement=plain(requirement.get("education")),
        responsibility=plain(row.get("duty")),
        description=plain(row.get("duty"), LONG_TEXT),
    )


def pay_of(row: dict[str, Any]) -> Pay | None:
    """In roubles for a month; a bound of nought is none, and nobody says whether it is before tax."""
    low, high = amount(row.get("salary_min")), amount(row.get("salary_max"))
    return Pay(low, high, "RUB", "", "MONTH") if low or high else None


def filtered(found: Found, search: Search, stale_since: str) -> Found:
    """Filters that the service does not have are applied to the page that it gave, which is said."""
    items = [replace(item, description="") for item in found.items if fits(item, search)]
    words = []
    if stale_since:
        words.append(_("«Работа России» сейчас не отвечает: вот что было найдено раньше."))
    if len(items) < len(found.items):
        words.append(_("Часть найденного не подошла по оплате или опыту и не показана."))
    return replace(found, items=tuple(items), stale_since=stale_since, message=" ".join(words))


def fits(item: Vacancy, search: Search) -> bool:
    best = (item.pay.high or item.pay.low) if item.pay else ""
    if search.only_with_salary and not best:
        return False
    if search.salary_from and best and float(best) < search.salary_from:
        return False
    if search.experience:
        years = int("".join(filter(str.isdecimal, item.experience)) or 0)
        least, most = EXPERIENCE[search.experience]
        return least <= years <= most
    return True
