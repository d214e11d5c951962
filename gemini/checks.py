"""What `manage.py check` finds wrong with the settings of engines and sources, before a user does."""

from importlib.util import find_spec
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Advice
from django.utils.module_loading import import_string

from gemini import conf
from gemini.sources.base import is_loopback

SERVICES = ("NBRB_BASE_URL", "HH_BASE_URL", "TRUDVSEM_BASE_URL")

# Engine → what it imports, and how that is installed.
PACKAGES = {
    "generativeai": ("google.ai.generativelanguage_v1beta", "google-generativeai"),
    "genai": ("google.genai", "'gemini-chat[genai]'"),
}


@register
def check_engine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    engine, endpoint = conf.get("GEMINI_ENGINE"), conf.get("GEMINI_API_ENDPOINT")
    if engine not in PACKAGES:
        return [Error(f"GEMINI_ENGINE is one of: {', '.join(PACKAGES)}.", id="gemini.E004")]
    found: list[CheckMessage] = []
    package, requirement = PACKAGES[engine]
    if not installed(package):
        found.append(
            Error(
                f"GEMINI_ENGINE={engine} needs a package that is not installed.",
                hint=f"pip install {requirement}",
                id="gemini.E005",
            )
        )
    if engine == "genai" and endpoint and not endpoint.startswith("https://") and not is_loopback(endpoint):
        found.append(Error("GEMINI_API_ENDPOINT must begin with https:// for GEMINI_ENGINE=genai.", id="gemini.E006"))
    if engine == "generativeai" and "://" in endpoint:
        found.append(Error("GEMINI_API_ENDPOINT is host:port for GEMINI_ENGINE=generativeai.", id="gemini.E006"))
    return found


def installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        # Of `google` itself there may be nothing.
        return False


@register
def check_sources(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for path in conf.get("GEMINI_SOURCES"):
        try:
            import_string(path)
        except ImportError as error:
            found.append(Error(f"GEMINI_SOURCES: {error}", id="gemini.E001"))
    for name in SERVICES:
        if not conf.get(name).startswith("https://") and not is_loopback(conf.get(name)):
            found.append(Error(f"{name} must begin with https://.", id="gemini.E002"))
    if conf.get("VACANCY_PROVIDER") not in ("", "hh", "trudvsem", "none"):
        found.append(Error("VACANCY_PROVIDER is one of: hh, trudvsem, none.", id="gemini.E003"))
    if conf.get("HH_ACCESS_TOKEN"):
        from gemini.sources import hh

        if words := hh.problem():
            found.append(Advice(words, id="gemini.W001"))
    return found
