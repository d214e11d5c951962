from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from accounts import limits
from accounts.models import Invitation, User

# Where the code of an invitation waits from the opening of its link to the sign-up.
INVITATION = "invitation"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if settings.SIGNUP != "invite":
            return settings.SIGNUP == "open"
        if code := request.GET.get(INVITATION):
            request.session[INVITATION] = code
        return Invitation.objects.open().filter(code=request.session.get(INVITATION, "")).exists()

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        limits.count_attempt(request, login_in(credentials))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Raises `RateLimited`, by the page and by REST."""
        user = super().authenticate(request, **credentials)
        if user:
            limits.forget_attempts(request, login_in(credentials))
        return user

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        with admitted(request, user):
            return super().save_user(request, user, form, commit)


def login_in(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")


@contextmanager
def admitted(request: HttpRequest, user: User) -> Iterator[None]:
    """Around the saving of a new account: the first one is the operator's, and an invitation lets in one."""
    with transaction.atomic():
        # One row that is always there is the lock: two first sign-ups at once must not both be first.
        ContentType.objects.select_for_update().get_or_create(app_label="accounts", model="user")
        if not User.objects.exists():
            user.is_staff = user.is_superuser = True
        yield
        if settings.SIGNUP == "invite":
            code = request.session.pop(INVITATION, "")
            if not Invitation.objects.open().filter(code=code).update(used_by=user):
                raise PermissionDenied
