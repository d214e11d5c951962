"""How long a session lasts: `SESSION_COOKIE_AGE` from the sign-in, and no longer than nobody uses it.

The nearer of both ends is the row's `expire_date`: so whoever looks for live sessions finds no others, and no request
costs a query more.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from gemini.prepared import Prepared

SIGNED_IN_AT = "signed_in_at"

live = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), str, datetime)


class SessionStore(db.SessionStore):
    def sign_in(self) -> None:
        """From now on it lasts its time, whatever is changed in it; Django's own lasts that long from each change."""
        self[SIGNED_IN_AT] = timezone.now().isoformat()

    def get_expiry_date(self, **options: Any) -> datetime:
        if began := self.get(SIGNED_IN_AT):
            options.setdefault("modification", datetime.fromisoformat(began))
        return super().get_expiry_date(**options)

    def get_expiry_age(self, **options: Any) -> int:
        """Seconds, for the cookie: it outlives days without use, which only the row knows of."""
        return max(0, int((self.get_expiry_date(**options) - timezone.now()).total_seconds()))

    def load(self) -> dict[str, Any]:
        row = live.first(self.session_key, timezone.now())
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row.session_data)

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.expire_date = self.ends_unless_used()
        return row

    def put_off(self) -> None:
        """Called when it is used. One of before there was this limit ends when its row says."""
        if SIGNED_IN_AT in self:
            Session.objects.filter(session_key=self.session_key).update(expire_date=self.ends_unless_used())

    def ends_unless_used(self) -> datetime:
        ends = self.get_expiry_date()
        if hours := settings.SESSION_IDLE_HOURS:
            return min(ends, timezone.now() + timedelta(hours=hours))
        return ends
