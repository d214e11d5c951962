"""A labour market that never was: the same few thousand vacancies each time, with all the traps of the real ones."""

import functools
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

COUNT = 3_000
AREAS = {
    "113": ("Россия", None),
    "1": ("Москва", "113"),
    "2": ("Санкт-Петербург", "113"),
    "66": ("Нижний Новгород", "113"),
    "16": ("Беларусь", None),
    "1002": ("Минск", "16"),
    "1003": ("Гомель", "16"),
    "1004": ("Могилев", "16"),
    "1006": ("Гродно", "16"),
}
CITIES = ["1", "2", "66", "1002", "1002", "1003", "1004", "1006"]
EXPERIENCE = {
    "noExperience": "Нет опыта",
    "between1And3": "От 1 года до 3 лет",
    "between3And6": "От 3 до 6 лет",
    "moreThan6": "Более 6 лет",
}
FORMATS = {"ON_SITE": "На месте работодателя", "REMOTE": "Удалённо", "HYBRID": "Гибрид", "FIELD_WORK": "Разъездной"}
MODES = {
    "MONTH": "За месяц",
    "HOUR": "За час",
    "SHIFT": "За смену",
    "FLY_IN_FLY_OUT": "За вахту",
    "SERVICE": "За услугу",
}
EMPLOYERS = [
    "Ромашка Софт",
    "Василёк Технолоджиз",
    "Полюс Данных",
    "Полярис Клауд",
    "Связь Плюс",
    "Нёман Трейд",
    "Дуброва",
]
# Job, skills, and roubles a month for one without experience.
JOBS = (
    ("Python-разработчик", ["Python", "Django", "PostgreSQL", "Docker"], 90_000),
    ("Java-разработчик", ["Java", "Spring", "Kafka"], 95_000),
    ("Frontend-разработчик", ["JavaScript", "TypeScript", "React"], 85_000),
    ("Аналитик данных", ["SQL", "Python", "Power BI"], 80_000),
    ("Тестировщик", ["Тестирование", "Selenium", "SQL"], 60_000),
    ("Бухгалтер", ["1С:Бухгалтерия", "Налоговая отчётность"], 50_000),
    ("Менеджер по продажам", ["Продажи", "CRM", "Переговоры"], 55_000),
    ("Водитель категории B", ["Права категории B"], 60_000),
    ("Инженер техподдержки", ["Linux", "Сети", "Русский язык"], 55_000),
    ("Кладовщик", ["Складской учёт", "1С"], 45_000),
)
# Roughly, roubles for one.
WORTH = {"RUR": 1, "BYR": 27, "USD": 80}


@dataclass(frozen=True, slots=True)
class Vacancy:
    number: int
    job: str
    skills: list[str]
    area: str
    experience: str
    formats: list[str]
    employer: str
    salary: dict[str, Any] | None
    hours_ago: int
    anonymous: bool = False
    text: str = field(default="", repr=False)

    @property
    def roubles(self) -> float:
        if not self.salary:
            return 0
        return (self.salary["from"] or self.salary["to"]) * WORTH[self.salary["currency"]]

    def is_in(self, areas: Iterable[str]) -> bool:
        return any(area in (self.area, AREAS[self.area][1]) for area in areas)


@functools.cache
def market() -> tuple[Vacancy, ...]:
    chance = random.Random("a labour market")
    return tuple(made(number, chance) for number in range(COUNT))


def made(number: int, chance: random.Random) -> Vacancy:
    job, skills, pay = JOBS[number % len(JOBS)]
    experience = chance.choice(list(EXPERIENCE))
    area = chance.choice(CITIES)
    chosen = chance.sample(skills, k=min(len(skills), 3))
    employer = chance.choice(EMPLOYERS)
    return Vacancy(
        number=131_400_000 + number,
        job=job,
        skills=chosen,
        area=area,
        experience=experience,
        formats=chance.sample(list(FORMATS), k=chance.choice([1, 1, 2])),
        employer=employer,
        salary=salary(pay * (1 + list(EXPERIENCE).index(experience)), area, chance),
        hours_ago=chance.randrange(1, 30 * 24),
        anonymous=chance.random() < 0.03,
        text=" ".join([job, *chosen, employer]).lower().replace("ё", "е"),
    )


def salary(roubles: float, area: str, chance: random.Random) -> dict[str, Any] | None:
    """One in four says none, one in eight pays by hour or shift, some in dollars; bounds may be missing."""
    if chance.random() < 0.25:
        return None
    currency = "BYR" if AREAS[area][1] == "16" else "RUR"
    currency = "USD" if chance.random() < 0.07 else currency
    mode = "MONTH" if chance.random() > 0.12 else chance.choice(["SHIFT", "HOUR", "FLY_IN_FLY_OUT"])
    share = {"SHIFT": 1 / 15, "HOUR": 1 / 165, "FLY_IN_FLY_OUT": 1.4}.get(mode, 1)
    low = max(1, round(roubles * share * chance.uniform(0.85, 1.3) / WORTH[currency], -1 if mode == "HOUR" else -2))
    bounds = chance.choice([(low, round(low * 1.4)), (low, round(low * 1.6)), (low, None), (None, round(low * 1.4))])
    return {
        "from": bounds[0] and int(bounds[0]),
        "to": bounds[1],
        "currency": currency,
        "gross": chance.random() < 0.55,
        "mode": {"id": mode, "name": MODES[mode]},
        "frequency": None if chance.random() < 0.4 else {"id": "TWICE_PER_MONTH", "name": "Два раза в месяц"},
    }


def as_json(vacancy: Vacancy, host: str = "hh.ru", now: datetime | None = None) -> dict[str, Any]:
    published = ((now or datetime.now(UTC)) - timedelta(hours=vacancy.hours_ago)).strftime("%Y-%m-%dT%H:%M:%S+0000")
    number = str(vacancy.number)
    older = vacancy.salary and {name: vacancy.salary[name] for name in ("from", "to", "currency", "gross")}
    employer: dict[str, Any] = {"name": vacancy.employer, "trusted": True}
    if not vacancy.anonymous:
        employer |= {"id": "9000001", "url": "https://api.hh.ru/employers/9000001"}
    return {
        "id": number,
        "premium": False,
        "name": vacancy.job,
        "area": area_as_json(vacancy.area),
        "salary": older,
        "salary_range": vacancy.salary,
        "type": {"id": "anonymous" if vacancy.anonymous else "open", "name": "Открытая"},
        "published_at": published,
        "created_at": published,
        "archived": False,
        "url": f"https://api.hh.ru/vacancies/{number}?host={host}",
        "alternate_url": f"https://{host}/vacancy/{number}",
        "employer": employer,
        "snippet": {
            "requirement": f"Опыт: <highlighttext>{vacancy.skills[0]}</highlighttext> {', '.join(vacancy.skills[1:])}",
            "responsibility": None if vacancy.number % 5 == 0 else "Работа в команде &amp; развитие продукта.",
        },
        "work_format": [{"id": one, "name": FORMATS[one]} for one in vacancy.formats],
        "experience": {"id": vacancy.experience, "name": EXPERIENCE[vacancy.experience]},
        "employment_form": {"id": "FULL", "name": "Полная занятость"},
        "professional_roles": [{"id": "96", "name": vacancy.job}],
    }


def whole(vacancy: Vacancy, host: str = "hh.ru") -> dict[str, Any]:
    """One vacancy asked for alone: its description is HTML."""
    items = "".join(f"<li>{skill}</li>" for skill in vacancy.skills)
    return as_json(vacancy, host) | {
        "description": f"<p><strong>{vacancy.employer}</strong> ищет коллегу: {vacancy.job}.</p><ul>{items}</ul>",
        "branded_description": "<style>p{color:red}</style><script>alert(1)</script>",
        "key_skills": [{"name": skill} for skill in vacancy.skills],
        "languages": [],
    }


def area_as_json(number: str) -> dict[str, Any]:
    return {"id": number, "name": AREAS[number][0], "url": f"https://api.hh.ru/areas/{number}"}


def found(
    words: Iterable[str],
    areas: Iterable[str],
    experience: Iterable[str] = (),
    formats: Iterable[str] = (),
    roubles: float = 0,
    paid: bool = False,
    days: int = 30,
) -> list[Vacancy]:
    words, areas, experience, formats = list(words), list(areas), list(experience), list(formats)
    return [
        one
        for one in market()
        if all(word in one.text for word in words)
        and (not areas or one.is_in(areas))
        and (not experience or one.experience in experience)
        and (not formats or set(formats) & set(one.formats))
        and (not paid or one.salary)
        and (not roubles or not one.salary or one.roubles >= roubles)
        and one.hours_ago <= days * 24
    ]
