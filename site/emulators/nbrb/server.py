import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from emulators.nbrb.figures import BY_CODE, CURRENCIES, Currency, is_set, number_on, periods, rate
from emulators.serving import HttpEmulator, Reply, Request

MINSK = ZoneInfo("Europe/Minsk")
# A longer period is cut without a word.
LONGEST = timedelta(days=365)
NOT_FOUND = 404
PATH = re.compile(r"(?:/api)?/exrates/(currencies|rates)(?:/(dynamics))?(?:/(\w+))?/?", re.IGNORECASE)


class NbrbEmulator(HttpEmulator):
    """`now` (ISO, Minsk) in its settings stands for the time of day: tomorrow's rate is set in the afternoon."""

    def __init__(self) -> None:
        super().__init__()
        self.fixed: datetime | None = None

    def configure(self, settings: dict[str, Any]) -> None:
        self.fixed = datetime.fromisoformat(settings["now"]).replace(tzinfo=MINSK) if settings.get("now") else None

    @property
    def now(self) -> datetime:
        return self.fixed or datetime.now(MINSK)

    def answer(self, request: Request) -> Reply:
        found = PATH.fullmatch(request.path)
        if request.method != "GET" or not found:
            return Reply(b"", NOT_FOUND)
        noun, dynamics, which = found[1].lower(), found[2], found[3]
        try:
            if noun == "currencies":
                return self.currencies(which)
            if dynamics:
                return self.dynamics(int(which), day(request.get("startdate")), day(request.get("enddate")))
            on = day(request.get("ondate")) if request.get("ondate") else self.now.date()
            periodicity = int(request.get("periodicity", "0"))
            return self.one(request, which, on) if which else self.all(on, periodicity)
        except (TypeError, ValueError):
            return Reply(b"", 400)

    def currencies(self, which: str | None) -> Reply:
        rows = [row for currency in CURRENCIES for row in currency_rows(currency)]
        if which:
            rows = [row for row in rows if row["Cur_ID"] == int(which)]
            return tagged(rows[0]) if rows else Reply(b"", NOT_FOUND)
        return tagged(rows)

    def all(self, on: date, periodicity: int) -> Reply:
        if not is_set(on, self.now):
            return tagged([])
        return tagged([rate_row(one, on) for one in CURRENCIES if one.periodicity == periodicity])

    def one(self, request: Request, which: str, on: date) -> Reply:
        match request.get("parammode", "0"):
            case "2":
                currency = BY_CODE.get(which.upper())
            case "1":
                currency = next((one for one in CURRENCIES if one.digits == which), None)
            case _:
                numbers = {number: one for one in CURRENCIES for number, *_ in periods(one)}
                currency = numbers.get(int(which))
        if currency is None or currency.periodicity != int(request.get("periodicity", "0")) or not is_set(on, self.now):
            return Reply(b"", NOT_FOUND)
        return tagged(rate_row(currency, on))

    def dynamics(self, number: int, since: date, until: date) -> Reply:
        """Only days on which the currency had this number; at most 365 of them."""
        until = min(until, since + LONGEST - timedelta(days=1))
        rows = []
        for currency in CURRENCIES:
            for known, first, last in periods(currency):
                if known == number:
                    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
                    rows += [
                        {"Cur_ID": number, "Date": f"{one}T00:00:00", "Cur_OfficialRate": rate(currency, one)}
                        for one in days
                        if first <= one <= last and is_set(one, self.now)
                    ]
        return tagged(rows)


def day(text: str) -> date:
    """`2026-3-7` is a day, too."""
    year, month, number = map(int, text[:10].split("-"))
    return date(year, month, number)


def tagged(body: Any) -> Reply:
    return Reply(body, headers={"ETag": "", "Cache-Control": "no-cache"})


def rate_row(currency: Currency, on: date) -> dict[str, Any]:
    return {
        "Cur_ID": number_on(currency, on),
        "Date": f"{on}T00:00:00",
        "Cur_Abbreviation": currency.code,
        "Cur_Scale": currency.scale,
        "Cur_Name": currency.name,
        "Cur_OfficialRate": rate(currency, on),
    }


def currency_rows(currency: Currency) -> list[dict[str, Any]]:
    names = {f"Cur_{kind}{suffix}": currency.name for kind in ("Name", "QuotName") for suffix in ("", "_Bel", "_Eng")}
    names |= {f"Cur_Name{suffix}Multi": currency.name for suffix in ("", "_Bel", "_Eng")}
    numbers = periods(currency)
    return [
        {
            "Cur_ID": number,
            "Cur_ParentID": numbers[0][0],
            "Cur_Code": currency.digits,
            "Cur_Abbreviation": currency.code,
            **names,
            "Cur_Scale": currency.scale,
            "Cur_Periodicity": currency.periodicity,
            "Cur_DateStart": f"{since}T00:00:00",
            "Cur_DateEnd": f"{until}T00:00:00",
        }
        for number, since, until in numbers
    ]
