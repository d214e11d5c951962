"""When a credential comes, and what has to be done when it goes."""

import logging
from typing import Any

from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.signals import social_account_added, social_account_updated
from django.contrib import messages as flash
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from google_oauth import conf, tokens
from google_oauth.models import GoogleCredential

logger = logging.getLogger(__name__)


@receiver(social_account_added)
@receiver(social_account_updated)
def keep_grant(request: HttpRequest, sociallogin: SocialLogin, **_kwargs: Any) -> None:
    """Stores what was granted, if it was for the calendar and its owner is who asked.

    `social_account_updated` comes before allauth has looked whose the account is: when Bob tries to link Alice's,
    `sociallogin.user` is Alice and `request.user` is Bob.
    """
    if not sociallogin.state.get("data") or sociallogin.state.get("process") != AuthProcess.CONNECT:
        # Signing in asks for less than the calendar, and must not narrow what is stored.
        return
    owner = sociallogin.user
    if not request.user.is_authenticated or request.user.pk != owner.pk:
        return
    grant = getattr(sociallogin, "grant", None)
    if grant is None or conf.CALENDAR_SCOPE not in grant.scopes:
        flash.warning(request, _("Вы не отметили доступ к календарю, поэтому он не подключён. Попробуйте ещё раз."))
        return
    tokens.keep(owner, sociallogin.account, grant)
    # For the words that allauth says about it.
    sociallogin.state["data"]["kept"] = True


@receiver(post_delete, sender=GoogleCredential)
def forget(instance: GoogleCredential, **_kwargs: Any) -> None:
    """However it goes — disconnected, unlinked, with its owner's account — it is withdrawn at Google as well."""
    token = instance.refresh or instance.access
    tokens.forget_events(instance.user_id)
    if token and not instance.is_revoked:
        transaction.on_commit(lambda: tokens.revoke_in_background(token))
