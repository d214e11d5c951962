"""What staff see: prices that they keep, and numbers of what they have no business reading.

No title and no message is shown to them, `docs/decisions/0005-staff-see-numbers-not-messages.md` says why; whoever has
to read one for its owner's sake is given a permission for it, which nobody has by default, and leaves a trace.
"""

import logging
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gemini.models import ChatMessage, ChatSession, GeminiCall, ModelPrice

logger = logging.getLogger(__name__)

READ_MESSAGES = "read_messages"


@admin.register(ModelPrice)
class ModelPriceAdmin(admin.ModelAdmin):
    """Operators keep the prices."""

    list_display = ("model", "input_price", "output_price")
    list_editable = ("input_price", "output_price")
    search_fields = ("model",)


class SomeRows(Paginator):
    """Counts no further than anybody turns pages: to count a million rows takes longer than to show a hundred."""

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        counted: int = rows.order_by()[: self.MOST].count()
        return counted


class Numbers(admin.ModelAdmin):
    """A list of what there is, newest first; there is nothing to add, to change, or to open."""

    paginator = SomeRows
    show_full_result_count = False
    list_display_links = None
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Its confirmation would list all that hangs on a row, by title and text.
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def history_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise PermissionDenied


@admin.register(ChatSession)
class ChatSessionAdmin(Numbers):
    list_display = ("id", "user", "created_at", "updated_at", "is_active", "deleted_at", "model", "its_messages")
    list_filter = ("is_active",)
    search_fields = ("=id", "user__username__startswith")
    search_help_text = _("Номер чата или начало имени пользователя")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChatSession]:
        # Only what the list shows leaves the database.
        return super().get_queryset(request).select_related("user").defer("title", "system_instruction")

    @admin.display(description=_("сообщения"))
    def its_messages(self, session: ChatSession) -> SafeString:
        return format_html(
            '<a href="{}?session={}">{}</a>', reverse("admin:gemini_chatmessage_changelist"), session.pk, _("список")
        )


@admin.register(ChatMessage)
class ChatMessageAdmin(Numbers):
    list_display = (
        "id", "session_id", "role", "status", "error_code", "tokens_used", "response_time", "timestamp", "deleted_at",
        "its_text",
    )  # fmt: skip
    list_filter = ("role", "status")
    search_fields = ("=id", "=session__id")
    search_help_text = _("Номер сообщения или чата")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChatMessage]:
        return super().get_queryset(request).defer("content", "metadata")

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        return shown if may_read(request.user) else [name for name in shown if name != "its_text"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # `?content__contains=` would tell by the number of rows what is in them.
        return lookup in ("session", "role__exact", "status__exact")

    @admin.display(description=_("текст"))
    def its_text(self, message: ChatMessage) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:gemini_message_text", args=[message.pk]), _("прочитать")
        )

    def get_urls(self) -> list[Any]:
        text = self.admin_site.admin_view(self.text_view)
        return [path("<int:message_id>/text/", text, name="gemini_message_text"), *super().get_urls()]

    def text_view(self, request: HttpRequest, message_id: int) -> HttpResponse:
        """The text of one message, for whoever was given the right to it; that it was read is written down."""
        if not may_read(request.user):
            raise PermissionDenied
        message = get_object_or_404(ChatMessage, pk=message_id)
        kind = ContentType.objects.get_for_model(ChatMessage)
        LogEntry.objects.create(
            user=request.user,  # type: ignore[misc]
            content_type=kind,
            object_id=str(message.pk),
            object_repr=f"#{message.pk}",
            action_flag=CHANGE,
            change_message="The text was read.",
        )
        logger.warning("Staff %s has read message %s", request.user.pk, message.pk)
        context = {**self.admin_site.each_context(request), "title": f"#{message.pk}", "message": message}
        return render(request, "admin/gemini/message_text.html", context)


@admin.register(GeminiCall)
class GeminiCallAdmin(Numbers):
    list_display = (
        "id", "user", "created_at", "interface", "purpose", "key_origin", "model", "prompt_tokens", "total_tokens",
        "duration_ms", "first_token_ms", "code",
    )  # fmt: skip
    list_filter = ("purpose", "key_origin")
    list_select_related = ("user",)
    search_fields = ("=id", "user__username__startswith", "=code")
    search_help_text = _("Номер запроса, начало имени пользователя или код ошибки")


def may_read(user: Any) -> bool:
    """Whether this very person was given the right, or a group of theirs: to be the operator is not enough."""
    given = Q(user=user) | Q(group__user=user)
    right = Permission.objects.filter(given, codename=READ_MESSAGES, content_type__app_label="gemini")
    return bool(user.is_active and user.is_staff and right.exists())
