"""Accounts as an operator keeps them. Where somebody is signed in, and by which key, is the owner's to see alone."""

from typing import Any

from allauth.account import admin as addresses  # noqa: F401, its registrations are what is undone
from allauth.account.models import EmailAddress
from allauth.usersessions import admin as seen  # noqa: F401, as above
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin
from django.contrib import messages as flash
from django.contrib.auth import logout
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import sessions
from accounts.models import Invitation, User

# The key of a session opens the account; addresses are in the users' own rows.
admin.site.unregister([UserSession, EmailAddress])


@admin.register(User)
class OperatorsUserAdmin(UserAdmin):
    list_display = ("username", "email", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username__startswith", "email__startswith")
    show_full_result_count = False
    actions = ("end_sessions",)

    @admin.action(description=gettext_lazy("Завершить все сессии"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """In browsers and by key, with the streams that they watch; what is being answered is written to its end."""
        users = list(queryset)
        for user in users:
            self.log_change(request, user, "All sessions were ended.")
        count = sessions.end_all(users)
        if request.user in users:
            # The operator's own is gone as well, and nothing more can be said in it.
            logout(request)
            return redirect(settings.LOGIN_URL)
        flash.success(request, _("Завершено сессий: %(count)s.") % {"count": count})
        return None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The confirmation would list their chats by title. `manage.py erase` does all of it, and at Google too.
        return False


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    list_display = ("expires_at", "used_by")
    raw_id_fields = ("used_by",)
    list_select_related = ("used_by",)
    show_full_result_count = False
