"""Who may try a password how often; the numbers are in `RATE_LIMITS`, the counting is `gemini.throttling`'s."""

import unicodedata
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from accounts.models import User
from gemini import throttling


def count_attempt(request: HttpRequest, login: str) -> None:
    """One more attempt to sign in to this account from there. Raises `RateLimited`.

    Counted before the password is looked at: attempts at once would otherwise all find room. No limit counts an
    account alone: anybody could then lock its owner out.
    """
    throttling.consume("sign_in_account", account_of(login), throttling.address_of(request))


def forget_attempts(request: HttpRequest, login: str) -> None:
    throttling.forget("sign_in_account", account_of(login), throttling.address_of(request))


def account_of(login: str) -> Any:
    """One for all the ways to write it: a user's number, or what was typed if that names nobody."""
    typed = unicodedata.normalize("NFKC", login).strip().casefold()
    named = Q(username__iexact=typed) | Q(email__iexact=typed) | Q(emailaddress__email__iexact=typed)
    return User.objects.filter(named).order_by("pk").values_list("pk", flat=True).first() or typed


def who(request: HttpRequest) -> Any:
    """For what a signed-in user does; others, who are sent away anyhow, count by address."""
    return request.user.pk or throttling.address_of(request)


def letter_to(request: HttpRequest) -> str:
    return request.POST.get("email", "").strip().casefold()
