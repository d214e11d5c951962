from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import Invitation, User

admin.site.register(User, UserAdmin)


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    list_display = ("expires_at", "used_by")
