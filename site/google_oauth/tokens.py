"""The life of a credential: kept, renewed by one process at a time, withdrawn."""

import logging
import threading
import time
from datetime import timedelta
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from google_oauth import wire
from google_oauth.exceptions import NotConnected, ReconnectRequired, Refused, Unavailable
from google_oauth.models import GoogleCredential, sealed
from google_oauth.provider import Grant

logger = logging.getLogger(__name__)

State = GoogleCredential.State
# Seconds. Google usually answers in 0.2; a lease outlives the longest renewal, and not by much the process that had it.
PATIENCE = 5.0
LEASE = timedelta(seconds=10)
POLL = 0.1
REVOKING = 3.0
# What Google says when it does not say how long an access token is good for.
LIFETIME = 3_600


def keep(user: Any, account: SocialAccount, grant: Grant) -> GoogleCredential:
    """Stores a grant; whoever renews the former one at this moment will find its lease gone."""
    row = {
        "account": account,
        "state": State.CONNECTED,
        "expires_at": grant.expires_at or timezone.now() + timedelta(seconds=LIFETIME),
        "lease": "",
        "lease_until": None,
        "connected_at": timezone.now(),
        # Google gives no refresh token where it has given one before: that one goes on, if it is the same account's.
        **sealed([("access", grant.access), ("refresh", grant.refresh)]),
    }
    forget_events(user.pk)
    if not grant.refresh and not GoogleCredential.objects.for_user(user).filter(account=account).exists():
        row["encrypted_refresh"] = ""
    credential, _ = GoogleCredential.objects.update_or_create(user=user, defaults=row)
    return credential


def usable(credential: GoogleCredential) -> GoogleCredential:
    """With an access token for the next minute. Raises `ReconnectRequired`, `Refused` and `Unavailable`."""
    if credential.state == State.RECONNECT:
        raise ReconnectRequired
    return credential if credential.is_fresh and credential.access else renewed(credential)


def renewed(credential: GoogleCredential) -> GoogleCredential:
    """With another access token than it has now; where another process is just renewing it, with that one's."""
    stale, deadline = credential.encrypted_access, time.monotonic() + PATIENCE + 1
    while True:
        if lease := GoogleCredential.objects.leased(credential.pk, stale, timezone.now() + LEASE):
            return renew(credential, lease)
        current = GoogleCredential.objects.select_related("account").filter(pk=credential.pk).first()
        if current is None:
            raise NotConnected
        if current.state == State.RECONNECT:
            raise ReconnectRequired
        if current.encrypted_access != stale:
            return current
        if time.monotonic() > deadline:
            raise Unavailable("another process did not end its renewal")
        time.sleep(POLL)


def renew(credential: GoogleCredential, lease: str) -> GoogleCredential:
    refresh = credential.refresh
    if not refresh:
        if credential.encrypted_refresh:
            # Under a key that is not configured now: it may come back, so nothing is thrown away.
            release(credential, lease)
            raise ReconnectRequired
        return ended(credential, lease, "no refresh token")
    form = {
        "grant_type": "refresh_token",
        "refresh_token": refresh,
        "client_id": settings.GOOGLE_CLIENT_ID,
        "client_secret": settings.GOOGLE_CLIENT_SECRET,
    }
    try:
        answer = wire.post(settings.GOOGLE_TOKEN_URL, form, until=time.monotonic() + PATIENCE)
    except wire.Unreachable as error:
        release(credential, lease)
        raise Unavailable(str(error)) from error
    token, reason = answer.body.get("access_token"), answer.body.get("error")
    if answer.status == 200 and isinstance(token, str) and token:
        return keep_renewed(credential, lease, token, answer.body)
    if reason == "invalid_grant":
        return ended(credential, lease, "invalid_grant")
    release(credential, lease)
    logger.error("Google renews no token: %s %s", answer.status, reason if isinstance(reason, str) else "")
    # `invalid_client`, for one, is nothing that the user could mend.
    raise Refused if 400 <= answer.status < 500 and answer.status != 429 else Unavailable(f"status {answer.status}")


def keep_renewed(credential: GoogleCredential, lease: str, token: str, body: dict[str, Any]) -> GoogleCredential:
    lifetime = body.get("expires_in")
    fields = sealed([("access", token), ("refresh", str(body.get("refresh_token") or ""))])
    return settled(
        credential,
        lease,
        **fields,
        expires_at=timezone.now() + timedelta(seconds=lifetime if isinstance(lifetime, int) else LIFETIME),
    )


def ended(credential: GoogleCredential, lease: str, why: str) -> GoogleCredential:
    """Nothing opens the calendar any more; the useless tokens go, and the owner is asked to connect it anew."""
    logger.info("A calendar has to be connected anew: %s", why)
    current = settled(credential, lease, state=State.RECONNECT, encrypted_access="", encrypted_refresh="")
    if current.state == State.RECONNECT:
        raise ReconnectRequired
    return current


def settled(credential: GoogleCredential, lease: str, **fields: Any) -> GoogleCredential:
    """Writes the outcome if the lease is still ours: the owner may have connected or disconnected it meanwhile."""
    mine = GoogleCredential.objects.filter(pk=credential.pk, lease=lease)
    mine.update(**fields, lease="", lease_until=None)
    current = GoogleCredential.objects.select_related("account").filter(pk=credential.pk).first()
    if current is None:
        raise NotConnected
    return current


def release(credential: GoogleCredential, lease: str) -> None:
    GoogleCredential.objects.filter(pk=credential.pk, lease=lease).update(lease="", lease_until=None)


def disconnect(user: Any) -> bool | None:
    """Withdraws the permission at Google and forgets it here; whether Google has confirmed, None if there was none."""
    credential = GoogleCredential.objects.for_user(user).first()
    if credential is None:
        return None
    token = credential.refresh or credential.access
    confirmed = revoke(token) if token else True
    credential.is_revoked = True
    credential.delete()
    return confirmed


def revoke(token: str) -> bool:
    try:
        answer = wire.post(settings.GOOGLE_REVOKE_URL, {"token": token}, until=time.monotonic() + REVOKING)
    except wire.Unreachable as error:
        logger.warning("A token was not withdrawn at Google: %s", error)
        return False
    # A token that Google does not know any more is withdrawn.
    return answer.status == 200 or answer.body.get("error") == "invalid_token"


def revoke_in_background(token: str) -> None:
    threading.Thread(target=revoke, args=(token,), name="google-revoke", daemon=True).start()


def events_key(user_id: int) -> str:
    return f"google:events:{user_id}"


def forget_events(user_id: int) -> None:
    cache.delete(events_key(user_id))
