"""Every setting of the site, by concern. The environment variables are listed in README and `docs/operating.md`."""

import base64
import hashlib
import secrets
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from config import logs
from gemini.conf import DEFAULTS

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
if "*" in TRUSTED_PROXIES:
    # Whoever connects would then choose the address that limits are counted by.
    raise ImproperlyConfigured("TRUSTED_PROXIES names addresses or networks (10.0.0.0/8), not everybody.")
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
# Earlier ones, whose sessions and links still count.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
FIELD_ENCRYPTION_KEYS = encryption_keys()


# --- Applications and the way of a request ----------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",
    "gemini",
    "finance",
    "google_oauth",
    "emulators",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django_htmx",
    "django_filters",
    "django_tables2",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.observing.observe",
    "config.middleware.Compression",
    # Those that put a header on every answer, whoever gives it below.
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.ContentSecurityPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.not_kept",
    "config.middleware.health",
    "config.middleware.encrypted",
    "config.middleware.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.login_redirect",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.activity",
    "config.errors.RefusedCalls",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "config.folding.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.signup",
                "google_oauth.context.google",
                "gemini.web.context.answering_model",
            ],
        },
    }
]


# --- Database and cache -----------------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR / 'db.sqlite3'}")}
# Threads keep their connections: one that PostgreSQL has closed is found out before a request fails by it.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
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

CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # What `{% cache %}` keeps: rows of lists, by all that they show. Each process for itself: another's is farther away
    # than drawing one takes. 2 KB each.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "template_fragments",
        "KEY_FUNCTION": "config.folding.fragment_key",
        "OPTIONS": {"MAX_ENTRIES": 4_000},
    },
}

# What several processes share: replies as they are written, the cache, and what is counted by the hour. None: memory.
REDIS_URL = env.str("REDIS_URL", "")
if REDIS_URL:
    if not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured("REDIS_URL begins with redis://, rediss:// or unix://.")
    if find_spec("redis") is None:
        raise ImproperlyConfigured("REDIS_URL needs its client: pip install 'redis[hiredis]'.")
    CACHES["default"] = {
        "BACKEND": "config.cache.RedisOrMemory",
        "LOCATION": REDIS_URL,
        # Two sites on one Redis must not read each other's.
        "KEY_PREFIX": hashlib.sha256(b"cache:" + SECRET_KEY.encode()).hexdigest()[:12],
    }


# --- Accounts ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# No rule of what a password is made of: only that it is long enough and not easily guessed.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.ForbiddenWords"},
]
# The organisation, its products and projects. An empty word would be in every password.
PASSWORD_FORBIDDEN_WORDS: list[str] = [word for word in env.list("PASSWORD_FORBIDDEN_WORDS", ["gemini"]) if word]
SESSION_ENGINE = "accounts.session_store"
# Hours without use that end a sign-in before its two weeks do; 0: none. Four days outlast a long weekend.
SESSION_IDLE_HOURS = env.int("SESSION_IDLE_HOURS", 168)
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


# --- Google: sign-in and calendar. Without a client id and its secret there is neither --------------------------------


def google_url(name: str, default: str) -> str:
    """Google's own address, or on a loopback site that of a stand-in: it lets in whoever asks, as whom they please."""
    url: str = env.str(f"GOOGLE_{name}", default).rstrip("/")
    if not url.startswith("https://") and not (IN_DEVELOPMENT and urlsplit(url).hostname in ("localhost", "127.0.0.1")):
        raise ImproperlyConfigured(f"GOOGLE_{name} must begin with https://.")
    return url


GOOGLE_CLIENT_ID = env.str("GOOGLE_CLIENT_ID", "")
GOOGLE_CLIENT_SECRET = env.str("GOOGLE_CLIENT_SECRET", "")
if bool(GOOGLE_CLIENT_ID) != bool(GOOGLE_CLIENT_SECRET):
    raise ImproperlyConfigured("GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET go together.")
GOOGLE_AUTHORIZE_URL = google_url("AUTHORIZE_URL", "https://accounts.google.com/o/oauth2/v2/auth")
GOOGLE_TOKEN_URL = google_url("TOKEN_URL", "https://oauth2.googleapis.com/token")
GOOGLE_USERINFO_URL = google_url("USERINFO_URL", "https://www.googleapis.com/oauth2/v2/userinfo")
GOOGLE_REVOKE_URL = google_url("REVOKE_URL", "https://oauth2.googleapis.com/revoke")
GOOGLE_CALENDAR_URL = google_url("CALENDAR_URL", "https://www.googleapis.com/calendar/v3")
GOOGLE_ISSUER = env.str("GOOGLE_ISSUER", "https://accounts.google.com")
GOOGLE_PROXY = env.str("GOOGLE_PROXY", "")

SOCIALACCOUNT_ADAPTER = "google_oauth.adapter.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"signup": "google_oauth.forms.SignupForm"}
SOCIALACCOUNT_QUERY_EMAIL = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
# allauth would keep them in plain text: ours are in `google_oauth.models`, encrypted.
SOCIALACCOUNT_STORE_TOKENS = False
# Whoever has a Google account with the address of a local one would get in, and the local password would be wiped.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
# A link alone signs nobody in: it leads to a page with a button.
SOCIALACCOUNT_LOGIN_ON_GET = False
# What a page asks for again in the middle of the way to Google and back would lose the grant of the calendar.
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = False
SOCIALACCOUNT_PROVIDERS = {
    "google": {
        "SCOPE": ["openid", "email", "profile"],
        "AUTH_PARAMS": {"access_type": "online"},
        "OAUTH_PKCE_ENABLED": True,
    }
}


# --- Language and time ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "ru"
FORMAT_MODULE_PATH = "config.formats"
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
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}


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
# Calls of the APIs are not led to HTTPS but refused (`config.middleware.encrypted`); their page of documents is a page.
API_PATHS = r"^(api/(?!v1/docs/$)|gemini/(api/|send-message/|test-api-key/|sessions/\d+/update-title/))"
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$", API_PATHS]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if OVER_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = OVER_HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = OVER_HTTPS
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# No other host, not even one of a subdomain's, can then set them; browsers take the prefix over HTTPS only.
SESSION_COOKIE_NAME = "__Host-sessionid" if OVER_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if OVER_HTTPS else "csrftoken"
LANGUAGE_COOKIE_NAME = "__Host-language" if OVER_HTTPS else "django_language"
MESSAGE_STORAGE = "config.flashes.Flashes"
X_FRAME_OPTIONS = "DENY"
# Whether browsers are to know of HTTPS beforehand is the domain owner's to say: it takes months to take back.
SILENCED_SYSTEM_CHECKS = ["security.W021"]


# --- Limits on callers: how often by one account or from one address (IPv6: one /64), counted by gemini.throttling ----

API_CALLS_PER_MINUTE = env.int("API_CALLS_PER_MINUTE", 600)
RATE_LIMITS = {
    # Attempts to sign in: at one account from one address, which a success forgets; from one address at all.
    "sign_in_account": "5 per 5 minutes",
    "sign_in": "30 per minute",
    "sign_up": "20 per hour",
    # Letters with a link, to one e-mail and for one address; what the links lead to.
    "password_letter_account": "3 per 10 minutes",
    "password_letter": "20 per hour",
    "password_reset": "20 per 10 minutes",
    # Whatever asks a signed-in user for the password.
    "password": "10 per 5 minutes",
    # Each costs a call of Gemini's, with whatever key is typed.
    "key_test": "20 per 5 minutes",
    # REST and JSON together, by user; those without a valid session, and readers of the schema, by address.
    "api": f"{API_CALLS_PER_MINUTE} per minute" if API_CALLS_PER_MINUTE else "",
    "api_anonymous": f"{max(API_CALLS_PER_MINUTE // 10, 1)} per minute" if API_CALLS_PER_MINUTE else "",
}
# allauth's own limits count per process and fail with their cache: these are in their place.
ACCOUNT_RATE_LIMITS = False
# What one user may hold at once, so that nobody takes all of the server; 0 is no limit.
LIVE_REPLIES_PER_USER = env.int("LIVE_REPLIES_PER_USER", 20)
VIEWERS_PER_USER = env.int("VIEWERS_PER_USER", 60)


# --- REST API ---------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["gemini.rest.authentication.SessionKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["gemini.rest.parsers.ObjectParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "gemini.rest.negotiation.AlwaysJSON",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_PAGINATION_CLASS": "gemini.rest.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "gemini.rest.filters.Search",
        "gemini.rest.filters.Ordering",
    ],
    "DEFAULT_SCHEMA_CLASS": "gemini.rest.schema.Schema",
    "EXCEPTION_HANDLER": "gemini.rest.errors.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Gemini API",
    "DESCRIPTION": "REST API и JSON API чата. Те же вызовы командами curl — в docs/api.md.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "gemini.jsonviews.schema.describe_json_views",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}


# --- Gemini -----------------------------------------------------------------------------------------------------------

GEMINI_API_KEY = env.str("GEMINI_API_KEY", "")
GEMINI_MODEL = env.str("GEMINI_MODEL", "gemini-flash-latest")
GEMINI_TITLE_MODEL = env.str("GEMINI_TITLE_MODEL", "gemini-flash-lite-latest")
GEMINI_ENGINE = env.str("GEMINI_ENGINE", "generativeai")
GEMINI_API_ENDPOINT = env.str("GEMINI_API_ENDPOINT", "")
GEMINI_PROXY = env.str("GEMINI_PROXY", "")
GEMINI_DAILY_TOKENS = env.int("GEMINI_DAILY_TOKENS", 500_000)

# The services that sources ask, and the demo's stand-ins for those that are not set here.
NBRB_BASE_URL = env.str("NBRB_BASE_URL", "https://api.nbrb.by")
NBRB_PROXY = env.str("NBRB_PROXY", "")
NBRB_PAUSE_SECONDS = env.int("NBRB_PAUSE_SECONDS", 60)
VACANCY_PROVIDER = env.str("VACANCY_PROVIDER", "")  # hh, trudvsem or none; empty: hh
HH_BASE_URL = env.str("HH_BASE_URL", "https://api.hh.ru")
HH_ACCESS_TOKEN = env.str("HH_ACCESS_TOKEN", "")
HH_USER_AGENT = env.str("HH_USER_AGENT", "")
HH_PROXY = env.str("HH_PROXY", "")
TRUDVSEM_BASE_URL = env.str("TRUDVSEM_BASE_URL", "https://opendata.trudvsem.ru/api/v1")

# What the model may ask: the chat's own sources, and those of the other apps.
GEMINI_SOURCES = [
    *DEFAULTS["GEMINI_SOURCES"],
    "finance.sources.Sums",
    "finance.sources.Rows",
    "finance.sources.Salaries",
    "google_oauth.sources.CalendarEvents",
]

# What each app keeps of a person, for whoever asks for all of theirs.
PERSONAL_DATA = [
    "accounts.personal.files",
    *DEFAULTS["PERSONAL_DATA"],
    "finance.personal.files",
    "google_oauth.personal.files",
]

GEMINI_DEMO = env.str("GEMINI_DEMO", "0") not in ("0", "off", "") and not GEMINI_API_KEY


# google-generativeai pins an api_core that announces on import when it will leave Python 3.11.
warnings.filterwarnings("ignore", category=FutureWarning, module=r"google\.")
# google-genai warns of each value that is newer than its lists; the engine takes them all.
warnings.filterwarnings("ignore", message=".* is not a valid", category=UserWarning, module=r"google\.genai")


# --- Logs and metrics -------------------------------------------------------------------------------------------------

LOG_FORMAT = env.str("LOG_FORMAT", "text" if IN_DEVELOPMENT else "json")  # or text
LOG_LEVEL = env.str("LOG_LEVEL", "INFO").upper()
if LOG_FORMAT not in ("json", "text"):
    raise ImproperlyConfigured("LOG_FORMAT is one of: json, text.")
LOGGING = logs.settings_for(LOG_FORMAT, LOG_LEVEL)
# Lets whoever sends it as `Authorization: Bearer …` read /metrics from another machine; empty: nobody does.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
