import time
from typing import Any

from allauth.account import forms
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from django import forms as django_forms
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.erasure import is_last_operator
from accounts.models import User

# Seconds for which a sign-in counts as fresh, for those who have no password to give.
FRESH = 300


class LoginForm(forms.LoginForm):
    """allauth's, in our words and without its link inside the help of the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Имя пользователя или e-mail")
        self.fields["login"].widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}


class SignupForm(forms.SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].help_text = _("Для восстановления пароля; можно не указывать.")
        # One line for the four of Django's validators.
        self.fields["password1"].help_text = _("Не короче 8 знаков и не из самых простых.")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class EmailForm(django_forms.Form):
    """The address to which a forgotten password's link goes: whoever changes it must know the password."""

    email = django_forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("На него придёт ссылка, если забудется пароль. Пусто — без адреса."),
        widget=django_forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = django_forms.CharField(
        label=_("Текущий пароль"),
        strip=False,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **{"initial": {"email": user.email}, **kwargs})

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        others = User.objects.exclude(pk=self.user.pk).filter(
            Q(email__iexact=email) | Q(emailaddress__email__iexact=email)
        )
        if email and others.exists():
            raise django_forms.ValidationError(_("Этот адрес использовать нельзя."))
        return email

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise django_forms.ValidationError(_("Пароль неверен."))
        return ""

    def save(self) -> None:
        email = self.cleaned_data["email"]
        with transaction.atomic():
            self.user.email = email
            self.user.save(update_fields=["email"])
            # By these allauth finds who signs in, and where a link goes.
            EmailAddress.objects.filter(user=self.user).delete()
            if email:
                EmailAddress.objects.create(user=self.user, email=email.lower(), primary=True, verified=False)


class EraseForm(django_forms.Form):
    """Nobody ends an account by a slip, or at a screen that its owner has left."""

    username = django_forms.CharField(
        label=_("Имя пользователя"),
        help_text=_("Введите своё имя, чтобы подтвердить."),
        widget=django_forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    password = django_forms.CharField(
        label=_("Текущий пароль"),
        strip=False,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, request: Any, **kwargs: Any) -> None:
        self.user, self.request = user, request
        super().__init__(*args, **kwargs)
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_username(self) -> str:
        if self.cleaned_data["username"] != self.user.username:
            raise django_forms.ValidationError(_("Это не ваше имя пользователя."))
        return ""

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise django_forms.ValidationError(_("Пароль неверен."))
        return ""

    def clean(self) -> None:
        if is_last_operator(self.user):
            raise django_forms.ValidationError(_("Вы единственный администратор: сначала передайте права другому."))
        if "password" not in self.fields and not signed_in_lately(self.request, self.user):
            raise django_forms.ValidationError(_("Выйдите, войдите снова и удалите учётную запись сразу после входа."))


def signed_in_lately(request: Any, user: User) -> bool:
    moments = [record.get("at", 0) for record in get_authentication_records(request, user)]
    return bool(moments) and max(moments) > time.time() - FRESH
