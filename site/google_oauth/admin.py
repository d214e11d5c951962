"""The operator's Google application comes from the environment, and tokens are nobody's to look at."""

from allauth.socialaccount import admin as allauth_admin  # noqa: F401, its registrations are what is undone
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin

# What Google told of a person (name, picture, address) is in the account's `extra_data`.
admin.site.unregister([SocialApp, SocialToken, SocialAccount])
