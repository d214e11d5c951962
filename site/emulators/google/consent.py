"""The page on which somebody chooses an account and agrees; it says of itself that it is not Google's."""

from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from string import Template

from emulators.google.accounts import PEOPLE

SCOPES = {
    "https://www.googleapis.com/auth/calendar.events.readonly": "Просматривать события во всех ваших календарях",
    "https://www.googleapis.com/auth/calendar.readonly": "Просматривать календари и их события",
}
# Part of signing in; the others can be refused one by one.
BASIC = {"openid", "email", "profile"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


def page(query: Mapping[str, str], scopes: Sequence[str]) -> bytes:
    hint = query.get("login_hint", "")
    chosen = hint or PEOPLE[0].email
    known = {one.email for one in PEOPLE}
    choices = "".join(
        f'<label><input type="radio" name="account" value="{one.email}"{checked(one.email == chosen)}>'
        f" <span>{one.name}<small>{one.email}</small></span></label>"
        for one in PEOPLE
    )
    other = escape("" if hint in known else hint)
    choices += (
        f'<label><input type="radio" name="account" value=""{checked(bool(other))}> <span>Другой адрес</span></label>'
        f'<input type="email" name="other" aria-label="Другой адрес" placeholder="you@example.com" value="{other}">'
    )
    wanted = "".join(
        f'<label><input type="checkbox" name="allowed" value="{escape(scope)}" checked>'
        f" <span>{escape(SCOPES.get(scope, scope))}</span></label>"
        for scope in scopes
        if scope not in BASIC
    )
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in query.items()
    )
    return filled(
        "consent",
        choices=choices,
        wanted=f"<fieldset><legend>Что разрешить</legend>{wanted}</fieldset>" if wanted else "",
        kept=kept,
        client=escape(query.get("redirect_uri", "").split("/accounts/")[0]),
    )


def checked(is_checked: bool) -> str:
    return " checked" if is_checked else ""


def refusal(code: str, words: str) -> bytes:
    return filled("refusal", code=escape(code), words=escape(words))


def filled(name: str, **values: str) -> bytes:
    return Template(file(f"{name}.html").decode()).substitute(values).encode()


def file(name: str) -> bytes:
    return (resources.files("emulators.google") / "pages" / name).read_bytes()
