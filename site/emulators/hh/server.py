import re
import time
from collections import deque
from typing import Any

from emulators.hh import trudvsem
from emulators.hh.vacancies import (
    AREAS,
    EXPERIENCE,
    FORMATS,
    MODES,
    WORTH,
    as_json,
    found,
    market,
    whole,
)
from emulators.serving import HttpEmulator, Reply, Request

TOKEN = "APPLDEMOTOKENAPPLDEMOTOKENAPPLDEMO"
REQUEST_ID = "1795403973123a6d23d0a5bdff5a8094"
AGENT = re.compile(r"[^\s/]+[^/]*/\S+ \(.+@.+\)")
DEEPEST = 2_000
LARGEST_PAGE = 100
LONGEST_PERIOD = 30
# Requests of one second.
TOO_MANY = 10
ORDERS = ("publication_time", "salary_desc", "salary_asc", "relevance", "distance")
HOSTS = ("hh.ru", "rabota.by", "hh.kz")


class Refusal(Exception):
    def __init__(self, status: int, kind: str, value: str = "", **more: Any) -> None:
        error = {"type": kind} | ({"value": value} if value else {}) | more
        self.reply = Reply({"errors": [error], "request_id": REQUEST_ID}, status)


def bad_argument(name: str) -> Refusal:
    return Refusal(400, "bad_argument", name)


class HhEmulator(HttpEmulator):
    """Only `token` opens vacancies; names of places and dictionaries are open to anyone who says who he is."""

    def __init__(self, token: str = TOKEN) -> None:
        super().__init__()
        self.token = token
        self.recent: deque[float] = deque(maxlen=TOO_MANY)

    def configure(self, settings: dict[str, Any]) -> None:
        self.recent.clear()

    def failed(self, kind: str, reply: Reply) -> Reply:
        refusals = {
            "forbidden": Refusal(403, "forbidden"),
            "token_expired": Refusal(403, "oauth", "token_expired"),
            "token_revoked": Refusal(403, "oauth", "token_revoked"),
            "captcha": Refusal(
                403, "captcha_required", "captcha_required", captcha_url="https://hh.ru/account/captcha"
            ),
            "429": Refusal(429, "too_many_requests"),
            "451": Refusal(451, "forbidden"),
            "401": Refusal(401, "oauth", "bad_authorization"),
        }
        return refusals[kind].reply if kind in refusals else super().failed(kind, reply)

    def answer(self, request: Request) -> Reply:
        if request.path.startswith(trudvsem.ROOT):
            return trudvsem.answer(request)
        try:
            self.check_agent(request)
            self.check_pace()
            return self.route(request)
        except Refusal as refusal:
            return refusal.reply

    def route(self, request: Request) -> Reply:
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["suggests", "areas"]:
                return suggested(request.get("text"))
            case "GET", ["areas"]:
                return kept([tree(number) for number, (_name, parent) in AREAS.items() if parent is None])
            case "GET", ["dictionaries"]:
                return kept(dictionaries())
            case "GET", ["me"]:
                self.check_token(request)
                return Reply({"auth_type": "application", "is_application": True})
            case "GET", ["vacancies"]:
                self.check_token(request)
                return searched(request)
            case "GET", ["vacancies", number]:
                self.check_token(request)
                one = next((one for one in market() if str(one.number) == number), None)
                if one is None:
                    raise Refusal(404, "not_found")
                return Reply(whole(one, request.get("host", "hh.ru")))
        raise Refusal(404, "not_found")

    def check_agent(self, request: Request) -> None:
        agent = request.headers.get("hh-user-agent", "")
        if not agent:
            raise Refusal(400, "bad_user_agent", "unset")
        if "example." in agent or not AGENT.fullmatch(agent):
            raise Refusal(400, "bad_user_agent", "blacklisted")

    def check_pace(self) -> None:
        now = time.monotonic()
        if len(self.recent) == TOO_MANY and now - self.recent[0] < 1:
            raise Refusal(429, "too_many_requests")
        self.recent.append(now)

    def check_token(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not token:
            raise Refusal(403, "forbidden")
        if scheme.lower() != "bearer" or token != self.token:
            raise Refusal(403, "oauth", "bad_authorization")


def searched(request: Request) -> Reply:
    page, per_page = whole_number(request, "page", 0), whole_number(request, "per_page", 10)
    if not 0 < per_page <= LARGEST_PAGE:
        raise bad_argument("per_page")
    if page < 0 or (page + 1) * per_page > DEEPEST:
        raise bad_argument("page")
    if request.get("period") and (request.get("date_from") or request.get("date_to")):
        raise bad_argument("period")
    period = whole_number(request, "period", LONGEST_PERIOD)
    if not 0 < period <= LONGEST_PERIOD:
        raise bad_argument("period")
    for name, known in (("experience", EXPERIENCE), ("work_format", FORMATS), ("area", AREAS), ("order_by", ORDERS)):
        if any(value not in known for value in request.all(name)):
            raise bad_argument(name)
    currency = request.get("currency", "RUR")
    if currency not in WORTH and currency not in ("EUR", "KZT"):
        raise bad_argument("currency")
    host = request.get("host", "hh.ru")
    if host not in HOSTS:
        raise bad_argument("host")
    items = found(
        request.get("text").lower().replace("ё", "е").split(),
        request.all("area"),
        request.all("experience"),
        request.all("work_format"),
        whole_number(request, "salary", 0) * WORTH.get(currency, 90),
        "with_salary" in request.all("label"),
        period,
    )
    if (order := request.get("order_by")) in ("salary_desc", "salary_asc"):
        items.sort(key=lambda one: one.roubles, reverse=order == "salary_desc")
    elif order == "publication_time":
        items.sort(key=lambda one: one.hours_ago)
    shown = items[page * per_page : (page + 1) * per_page]
    body = {
        "items": [as_json(one, "rabota.by" if AREAS[one.area][1] == "16" else host) for one in shown],
        "found": len(items),
        "pages": min(-(-len(items) // per_page), DEEPEST // per_page),
        "page": page,
        "per_page": per_page,
        "clusters": None,
        "arguments": None,
        "fixes": None,
        "suggests": None,
        "alternate_url": f"https://{host}/search/vacancy",
    }
    return Reply(body)


def whole_number(request: Request, name: str, default: int) -> int:
    try:
        return int(request.get(name) or default)
    except ValueError:
        raise bad_argument(name) from None


def suggested(text: str) -> Reply:
    if len(text) < 2:
        raise bad_argument("text")
    wanted = text.lower().replace("ё", "е")
    numbers = [number for number, (name, _parent) in AREAS.items() if name.lower().replace("ё", "е").startswith(wanted)]
    items = []
    for number in numbers:
        name, parent = AREAS[number]
        item: dict[str, Any] = {"id": number, "text": name, "url": f"https://api.hh.ru/areas/{number}"}
        items.append(item | ({"parent": {"id": parent, "text": AREAS[parent][0]}} if parent else {}))
    return kept({"items": items})


def tree(number: str) -> dict[str, Any]:
    name, parent = AREAS[number]
    inner = [tree(other) for other, (_name, above) in AREAS.items() if above == number]
    return {"id": number, "parent_id": parent, "name": name, "areas": inner}


def dictionaries() -> dict[str, Any]:
    def listed(names: dict[str, str]) -> list[dict[str, str]]:
        return [{"id": number, "name": name} for number, name in names.items()]

    currencies = [{"code": code, "name": code, "default": code == "RUR", "in_use": True} for code in WORTH]
    return {
        "currency": currencies,
        "experience": listed(EXPERIENCE),
        "work_format": listed(FORMATS),
        "salary_range_mode": listed(MODES),
    }


def kept(body: Any) -> Reply:
    return Reply(body, headers={"ETag": "", "Cache-Control": "max-age=1200"})
