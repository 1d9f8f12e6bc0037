"""Text that a spreadsheet would run as a formula, made harmless, and made plain again."""

from __future__ import annotations

import re

_GUARD = "'"
_DANGEROUS = re.compile(r"^[ \u3000]*[=+\-@\t\r\n\0＝＋－＠]")
_GUARDED = re.compile(r"^'[ \u3000]*[=+\-@\t\r\n＝＋－＠]")
_INVISIBLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # no spreadsheet can hold these


def neutralise(text: str) -> str:
    """The text as any spreadsheet will show and never run; numbers are not text and stay as they are."""
    clean = _INVISIBLE.sub("", text)
    return _GUARD + clean if _DANGEROUS.match(text) or _DANGEROUS.match(clean) else clean


def restored(text: str) -> str:
    """The text before `neutralise` guarded it, so that our own exports come back unchanged."""
    return text[1:] if _GUARDED.match(text) else text
