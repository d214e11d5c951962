"""What the model may ask about vacancies, and how it is told."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gemini import conf
from gemini.sources import hh, trudvsem
from gemini.sources.base import ContextSource, SourceFailure, SourceResult, State
from gemini.sources.vacancies import shapes
from gemini.sources.vacancies.salaries import statistics

# Pages of a hundred that statistics look at: with HH's two requests a second that is what ten seconds allow.
PAGES_FOR_STATISTICS = 3

AREA = {"type": "string", "description": "Город или страна словами: Минск, Москва, Беларусь, Россия.", "maxLength": 100}
FILTERS: dict[str, Any] = {
    "text": {"type": "string", "description": "Должность, навык или компания.", "maxLength": 200},
    "area": AREA,
    "experience": {
        "type": "string",
        "enum": ["noExperience", "between1And3", "between3And6", "moreThan6"],
        "description": "Опыт, лет: нет, 1–3, 3–6, больше 6.",
    },
    "work_format": {"type": "string", "enum": ["ON_SITE", "REMOTE", "HYBRID", "FIELD_WORK"]},
    "salary_from": {"type": "integer", "minimum": 1, "maximum": 10**9, "description": "Желаемая оплата."},
    "currency": {"type": "string", "enum": ["RUB", "BYN", "USD", "EUR", "KZT"], "description": "Валюта salary_from."},
    "period_days": {"type": "integer", "minimum": 1, "maximum": 30},
}
# The same words for people.
NAMES: dict[str, dict[str, Any]] = {
    "experience": {
        "noExperience": gettext_lazy("без опыта"),
        "between1And3": gettext_lazy("1–3 года"),
        "between3And6": gettext_lazy("3–6 лет"),
        "moreThan6": gettext_lazy("больше 6 лет"),
    },
    "work_format": {
        "ON_SITE": gettext_lazy("на месте"),
        "REMOTE": gettext_lazy("удалённо"),
        "HYBRID": gettext_lazy("гибрид"),
        "FIELD_WORK": gettext_lazy("разъездная"),
    },
}


def provider() -> shapes.Provider:
    """Who is asked. Raises `SourceFailure` saying what has to be set up."""
    chosen = conf.get("VACANCY_PROVIDER") or "hh"
    if chosen == "trudvsem":
        return trudvsem.Trudvsem()
    if chosen != "hh":
        raise SourceFailure(State.NOT_CONFIGURED, _("Поиск вакансий выключен администратором сервера."))
    return hh.HeadHunter()


class Vacancies(ContextSource):
    title = gettext_lazy("Вакансии")
    activity = gettext_lazy("Ищу вакансии…")
    labels = {
        "provider": gettext_lazy("Откуда"),
        "text": gettext_lazy("Запрос"),
        "title": gettext_lazy("Должность"),
        "employer": gettext_lazy("Работодатель"),
        "pay": gettext_lazy("Оплата"),
        "area": gettext_lazy("Регион"),
        "experience": gettext_lazy("Опыт"),
        "work_format": gettext_lazy("Формат"),
        "formats": gettext_lazy("Формат"),
        "salary_from": gettext_lazy("Оплата от"),
        "currency": gettext_lazy("Валюта"),
        "only_with_salary": gettext_lazy("Только с оплатой"),
        "period_days": gettext_lazy("За дней"),
        "order_by": gettext_lazy("Порядок"),
        "page": gettext_lazy("Страница"),
        "pages": gettext_lazy("Страниц"),
        "total": gettext_lazy("Найдено"),
        "vacancies": gettext_lazy("Вакансии"),
        "published": gettext_lazy("Опубликована"),
        "requirement": gettext_lazy("Требования"),
        "responsibility": gettext_lazy("Обязанности"),
        "description": gettext_lazy("Описание"),
        "skills": gettext_lazy("Навыки"),
        "archived": gettext_lazy("В архиве"),
        "url": gettext_lazy("Ссылка"),
        "id": gettext_lazy("Номер"),
        "looked_at": gettext_lazy("Просмотрено"),
        "without_salary": gettext_lazy("Без оплаты"),
        "groups": gettext_lazy("По видам оплаты"),
        "tax": gettext_lazy("Налог"),
        "per": gettext_lazy("За что"),
        "count": gettext_lazy("Вакансий"),
        "from_median": gettext_lazy("Медиана «от»"),
        "from_lowest": gettext_lazy("Наименьшее «от»"),
        "from_highest": gettext_lazy("Наибольшее «от»"),
        "to_median": gettext_lazy("Медиана «до»"),
        "to_lowest": gettext_lazy("Наименьшее «до»"),
        "to_highest": gettext_lazy("Наибольшее «до»"),
        "median_of_middles": gettext_lazy("Медиана середин"),
        "with_both_bounds": gettext_lazy("С обеими границами"),
    }

    names = NAMES

    @property
    def emulated(self) -> bool:
        try:
            return provider().emulated
        except SourceFailure:
            return False


class Search(Vacancies):
    name = "vacancies_search"
    description = (
        "Поиск открытых вакансий. Валюты — коды ISO. Оплата бывает за месяц, час или смену, до налога (gross) или на "
        "руки (net): не сравнивай разные виды между собой."
    )
    parameters = {
        "type": "object",
        "properties": {
            **FILTERS,
            "only_with_salary": {"type": "boolean"},
            "order_by": {"type": "string", "enum": ["relevance", "publication_time", "salary_desc", "salary_asc"]},
            "page": {"type": "integer", "minimum": 0, "maximum": 99, "description": "С нуля, по 20 вакансий."},
        },
        "required": ["text"],
    }
    by_hand = ("text", "area", "experience", "work_format", "salary_from", "currency", "only_with_salary")

    async def run(self, user: Any, arguments: dict[str, Any]) -> SourceResult:
        asked = provider()
        found = await asked.search(shapes.Search(**arguments))
        data = {
            "provider": asked.name,
            "total": found.total,
            "page": found.page,
            "pages": found.pages,
            "area": found.area,
            "vacancies": [for_the_model(item) for item in found.items],
        }
        return result_of(found, data)


class OneVacancy(Vacancies):
    name = "vacancies_get"
    title = gettext_lazy("Вакансия")
    activity = gettext_lazy("Читаю вакансию…")
    description = "Полное описание одной вакансии по её id из vacancies_search."
    parameters = {
        "type": "object",
        "properties": {"id": {"type": "string", "maxLength": 100, "pattern": r"^[\w:-]+$"}},
        "required": ["id"],
    }

    async def run(self, user: Any, arguments: dict[str, Any]) -> SourceResult:
        asked = provider()
        vacancy, stale_since = await asked.vacancy(arguments["id"])
        state = State.STALE if stale_since else State.OK
        message = (
            _("{provider} сейчас не отвечает: вот сохранённое.").format(provider=asked.name) if stale_since else ""
        )
        data = {"provider": asked.name, **for_the_model(vacancy)}
        return SourceResult(state, data, message, day_of(stale_since), vacancy.url)


class Salaries(Vacancies):
    name = "vacancies_salaries"
    title = gettext_lazy("Оплата в вакансиях")
    activity = gettext_lazy("Считаю оплату по вакансиям…")
    description = (
        "Статистика оплаты по вакансиям (до 300 самых подходящих): медианы нижних и верхних границ по группам с одной "
        "валютой, одним налогом и одним периодом. Считай оплату только так, не в уме, и группы не смешивай."
    )
    parameters = {"type": "object", "properties": FILTERS, "required": ["text"]}
    by_hand = ("text", "area", "experience", "work_format")

    async def run(self, user: Any, arguments: dict[str, Any]) -> SourceResult:
        asked = provider()
        search = shapes.Search(**arguments, only_with_salary=True, per_page=100)
        pages = [await asked.search(search)]
        while len(pages) < min(pages[0].pages, PAGES_FOR_STATISTICS):
            pages.append(await asked.search(replace(search, page=len(pages))))
        data = {
            "provider": asked.name,
            "total": pages[0].total,
            "area": pages[0].area,
            **statistics(item for page in pages for item in page.items),
        }
        return result_of(next((page for page in pages if page.stale_since), pages[0]), data)


def for_the_model(vacancy: shapes.Vacancy) -> dict[str, Any]:
    return vacancy.as_json() | ({"pay": in_words(vacancy.pay)} if vacancy.pay else {})


PER = {"MONTH": "за месяц", "HOUR": "за час", "SHIFT": "за смену", "FLY_IN_FLY_OUT": "за вахту", "SERVICE": "за услугу"}
TAX = {"gross": "до вычета налога", "net": "на руки", "": "налог не указан"}


def in_words(pay: shapes.Pay) -> str:
    """«от 250000 до 350000 RUB за месяц, на руки»."""
    bounds = [f"от {pay.low}" if pay.low else "", f"до {pay.high}" if pay.high else ""]
    amounts = " ".join(bound for bound in bounds if bound)
    return f"{amounts} {pay.currency} {PER.get(pay.per, pay.per)}, {TAX[pay.tax]}"


def result_of(found: shapes.Found, data: dict[str, Any]) -> SourceResult:
    state = State.STALE if found.stale_since else State.OK
    return SourceResult(state, data, found.message, day_of(found.stale_since), found.url)


def day_of(moment: str) -> date | None:
    return date.fromisoformat(moment[:10]) if moment else None
