from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Учётные записи")

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset, password_set
        from django.contrib.auth import user_logged_in, user_logged_out
        from django.middleware import csrf

        from accounts import events, randomness, signals  # noqa: F401  # events listen once they are imported

        # For the masks of its tokens.
        csrf.get_random_string = randomness.random_string  # type: ignore[attr-defined]

        for signal in (password_changed, password_set):
            signal.connect(signals.end_other_sessions)
        password_reset.connect(signals.end_all_sessions)
        user_logged_in.connect(signals.begin_session)
        user_logged_out.connect(signals.end_views)
