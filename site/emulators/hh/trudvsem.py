"""«Работа России» (https://trudvsem.ru/opendata/api): no key, keys with hyphens, and pages that are called offset."""

import re
from typing import Any

from emulators.hh.vacancies import AREAS, EXPERIENCE, Vacancy, found
from emulators.serving import Reply, Request

ROOT = "/api/v1/vacancies"
REGIONS = {"7700000000000": "1", "7800000000000": "2"}
PATH = re.compile(rf"{ROOT}(?:/region/(?P<region>\d+)|/vacancy/(?P<company>\w+)/(?P<number>[\w-]+))?")
LARGEST_PAGE = 100
COMPANY = "1000000000001"


def answer(request: Request) -> Reply:
    path = PATH.fullmatch(request.path)
    if request.method != "GET" or not path:
        return Reply(b"<html></html>", 404, content_type="text/html")
    area = REGIONS.get(path["region"] or "", "113")
    rows = [one for one in found(request.get("text").lower().replace("ё", "е").split(), [area]) if is_plain(one)]
    if path["number"]:
        rows = [one for one in rows if str(one.number) == path["number"] and path["company"] == COMPANY]
    limit = min(int(request.get("limit") or LARGEST_PAGE), LARGEST_PAGE)
    page = rows[int(request.get("offset") or 0) * limit :][:limit]
    body: dict[str, Any] = {"status": "200", "request": {"api": "v1"}, "meta": {"total": len(rows), "limit": limit}}
    return Reply(body | ({"results": {"vacancies": [{"vacancy": as_json(one)} for one in page]}} if page else {}))


def is_plain(one: Vacancy) -> bool:
    """Only roubles for a month are advertised there."""
    return not one.salary or (one.salary["currency"] == "RUR" and one.salary["mode"]["id"] == "MONTH")


def as_json(one: Vacancy) -> dict[str, Any]:
    bounds = one.salary or {"from": 0, "to": 0}
    return {
        "id": str(one.number),
        "source": "Работодатель",
        "region": {"region_code": "7700000000000", "name": f"г. {AREAS[one.area][0]}"},
        "company": {"companycode": COMPANY, "hr-agency": False, "name": f'ООО "{one.employer}"'},
        "creation-date": "2026-11-18",
        "salary_min": bounds["from"] or 0,
        "salary_max": bounds["to"] or 0,
        "currency": "«руб.»",
        "job-name": one.job,
        "vac_url": f"https://trudvsem.ru/vacancy/card/{COMPANY}/{one.number}",
        "employment": "Полная занятость",
        "schedule": "Полный рабочий день",
        "duty": f"<p>{', '.join(one.skills)}.</p>" if one.number % 4 else None,
        "requirement": {"education": "Высшее", "experience": list(EXPERIENCE).index(one.experience) * 2},
    }
