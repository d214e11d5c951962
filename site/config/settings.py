"""Every setting of the site, by concern. The environment variables are listed in README and `docs/operating.md`."""

import base64
import hashlib
import secrets
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

env = Env()

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"


# --- Where the site is: a loopback address means development, anything else production -------------------------------

HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
SITE_URL = env.str("SITE_URL", f"http://localhost:{PORT}").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
IN_DEVELOPMENT = SITE_HOST in ("localhost", "127.0.0.1", "::1")
OVER_HTTPS = SITE_URL.startswith("https://")
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", [])
DRAIN_SECONDS = env.float("DRAIN_SECONDS", 25.0)

DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = LOOPBACK_HOSTS if IN_DEVELOPMENT else [SITE_HOST]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if OVER_HTTPS else []


# --- Secrets: made and kept in var/ for development, demanded in production -------------------------------------------


def secret(name: str) -> str:
    """The secret of this name from the environment; in development one that is made once and kept in `var/`."""
    if value := env.str(name, ""):
        return value
    if not IN_DEVELOPMENT:
        raise ImproperlyConfigured(f"{name} must be set: {SITE_URL} is not a loopback address.")
    file = VAR / name.lower()
    if not file.exists():
        VAR.mkdir(exist_ok=True)
        made = VAR / f".{name.lower()}.{secrets.token_hex(4)}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(50))
        # A link, unlike a rename, never replaces: of two processes started at once both end with the same secret.
        try:
            file.hardlink_to(made)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return file.read_text().strip()


def encryption_keys() -> list[str]:
    """Fernet keys for users' secrets, the newest first: it encrypts, and every one of them decrypts."""
    keys: list[str] = env.list("FIELD_ENCRYPTION_KEYS", [])
    if keys:
        return keys
    if not IN_DEVELOPMENT:
        raise ImproperlyConfigured(f"FIELD_ENCRYPTION_KEYS must be set: {SITE_URL} is not a loopback address.")
    return [base64.urlsafe_b64encode(hashlib.sha256(b"fields:" + SECRET_KEY.encode()).digest()).decode()]


SECRET_KEY = secret("SECRET_KEY")
FIELD_ENCRYPTION_KEYS = encryption_keys()


# --- Applications and the way of a request ----------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",
    "gemini",
    "emulators",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.middleware.health",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.login_redirect",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.signup",
                "gemini.web.context.answering_model",
            ],
        },
    }
]


# --- Database and cache -----------------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    # Measured with 32 writers: the default DEFERRED fails 21-67 % of them with "locked", IMMEDIATE none.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=27103364;",
    }
    # Threads of one process share the tests' database, which one in memory would not let them.
    DATABASES["default"]["TEST"] = {"NAME": VAR / "test.sqlite3"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


# --- Accounts ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "gemini:dashboard"

SIGNUP = env.str("SIGNUP", "open" if IN_DEVELOPMENT else "invite")  # open, invite or closed
if SIGNUP not in ("open", "invite", "closed"):
    raise ImproperlyConfigured("SIGNUP is one of: open, invite, closed.")

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "accounts.forms.LoginForm", "signup": "accounts.forms.SignupForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if OVER_HTTPS else "http"

EMAIL_URL = env.dj_email_url("EMAIL_URL", "console:")
globals().update(
    {name: value for name, value in EMAIL_URL.items() if name.startswith(("EMAIL_", "DEFAULT_", "SERVER_"))}
)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"gemini@{SITE_HOST}")


# --- Language and time ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("русский")), ("en", _("английский"))]
TIME_ZONE = env.str("TIME_ZONE", "Europe/Minsk")
USE_TZ = True
USE_I18N = True


# --- Static files -----------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "config.static.HashedStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG


# --- Security ---------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = OVER_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if OVER_HTTPS else 0
SESSION_COOKIE_SECURE = OVER_HTTPS
CSRF_COOKIE_SECURE = OVER_HTTPS
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []


# --- Gemini -----------------------------------------------------------------------------------------------------------

GEMINI_API_KEY = env.str("GEMINI_API_KEY", "")
GEMINI_MODEL = env.str("GEMINI_MODEL", "gemini-flash-latest")
GEMINI_TITLE_MODEL = env.str("GEMINI_TITLE_MODEL", "gemini-flash-lite-latest")
GEMINI_ENGINE = env.str("GEMINI_ENGINE", "generativeai")
GEMINI_API_ENDPOINT = env.str("GEMINI_API_ENDPOINT", "")
GEMINI_PROXY = env.str("GEMINI_PROXY", "")
GEMINI_DAILY_TOKENS = env.int("GEMINI_DAILY_TOKENS", 500_000)
GEMINI_DEMO = env.str("GEMINI_DEMO", "0") not in ("0", "off", "") and not GEMINI_API_KEY


# google-generativeai pins an api_core that announces on import when it will leave Python 3.11.
warnings.filterwarnings("ignore", category=FutureWarning, module=r"google\.")


# --- Logs -------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.server": {"propagate": True},
        "uvicorn.access": {"level": "WARNING"},
        # It logs a traceback for each message of Gemini's that it cannot read; the engine reports those in a line.
        "grpc._common": {"level": "CRITICAL"},
    },
}
