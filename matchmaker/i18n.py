"""Gettext for the whole program: Chinese is the source language, English a catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, cast

from babel.support import LazyProxy
from flask_babel import force_locale, get_locale, gettext, lazy_gettext, ngettext

__all__ = ["gettext", "language", "lazy", "ngettext", "speaking"]

_LOCALES: Final = {"zh": "zh_Hans_CN", "en": "en"}


def lazy(text: str, **values: object) -> str:
    """A sentence translated when it is shown, not when the module is read."""
    return cast("str", cast("LazyProxy", lazy_gettext(text, **values)))


def language() -> str:
    """The language spoken to whoever asks now, “zh” or “en”; outside a request “zh”."""
    locale = get_locale()
    return "zh" if locale is None else locale.language


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Speak “zh” or “en” whoever asks; needs the application's context, without one it stays Chinese."""
    with force_locale(_LOCALES[chosen]):
        yield
