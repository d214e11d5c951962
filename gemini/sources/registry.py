"""Which sources there are: the setting `GEMINI_SOURCES` names their classes, so that other apps can add theirs."""

import functools

from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from gemini import conf
from gemini.sources.base import ContextSource, UnknownSource


@functools.cache
def _load(paths: tuple[str, ...]) -> dict[str, ContextSource]:
    sources = [import_string(path)() for path in paths]
    return {source.name: source for source in sources}


def registered() -> dict[str, ContextSource]:
    """All sources by name, always in the same order: what the model is told stays the same from call to call."""
    return _load(tuple(conf.get("GEMINI_SOURCES")))


def source_named(name: str) -> ContextSource:
    try:
        return registered()[name]
    except KeyError:
        raise UnknownSource(name) from None


def forget(*, setting: str, **_: object) -> None:
    if setting == "GEMINI_SOURCES":
        _load.cache_clear()


setting_changed.connect(forget)
