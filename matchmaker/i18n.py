"""Gettext for the whole program: Chinese is the source language, English a catalogue."""

from __future__ import annotations

from typing import cast

from babel.support import LazyProxy
from flask_babel import gettext, lazy_gettext, ngettext

__all__ = ["gettext", "lazy", "ngettext"]


def lazy(text: str, **values: object) -> str:
    """A sentence translated when it is shown, not when the module is read."""
    return cast("str", cast("LazyProxy", lazy_gettext(text, **values)))
