"""A text in the letters its patterns are written in, character for character as long as the original."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from matchmaker.text import is_untouched, simplify

_ALIKE: Final = {
    "×": "x", "✕": "x", "╳": "x", "ø": "φ", "ϕ": "φ", "⌀": "φ", "。": ".", "、": "、", "～": "~", "—": "-", "–": "-",
}  # fmt: skip
_NUMERALS: Final = dict(zip("一二两三四五六七八九", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_TEN: Final = 10


def plain(text: str) -> str:
    """Lower case, half width, simplified: what a person typed, without changing where anything stands."""
    if is_untouched(text):
        return text
    if text.isascii():
        return "".join(" " if c.isspace() else c for c in text.lower())
    same = "".join(map(_letter, text))
    simple = simplify(same)
    return simple if len(simple) == len(same) else same


@lru_cache(maxsize=30_000)
def _letter(character: str) -> str:
    if character == "。":  # a full stop ends a clause; an ASCII one may stand inside a number
        return "。"
    shape = unicodedata.normalize("NFKC", character)
    letter = (shape if len(shape) == 1 else character).lower()
    letter = letter if len(letter) == 1 else character
    return " " if letter.isspace() else _ALIKE.get(letter, letter)


def number_of(digits: str) -> int:
    """30, 三十 or 十五 as a number; below a hundred in words."""
    if digits.isdecimal():
        return int(digits)
    tens, is_tens, ones = digits.rpartition("十")
    if not is_tens:
        return _NUMERALS[digits]
    return _TEN * (_NUMERALS[tens] if tens else 1) + (_NUMERALS[ones] if ones else 0)
