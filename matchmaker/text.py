"""Chinese text folded to the form in which everything here is compared, and its pinyin.

Folding is for comparing and finding, never for showing: what a person typed is kept as it is.
Dictionaries load on first use, so importing this module reads no file.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Final, Protocol

_INVISIBLE: Final = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]")
_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BLANKS: Final = re.compile(r"\s+")
_BLANK_BESIDE_HAN: Final = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# Before compatibility forms fold: the Chinese comma (304，316) separates a list, never thousands.
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_TIMES: Final = re.compile(r"(?<=[\d.a-z])\s*[×*✕╳]\s*(?=\d)")
_DIAMETER: Final = re.compile(r"[øфϕ⌀]\s*(?=\d)")
_UNITS: Final = {
    "平方毫米": "mm2", "平方米": "m2", "立方米": "m3", "毫米": "mm", "厘米": "cm", "微米": "μm", "纳米": "nm",
    "公里": "km", "千米": "km", "公斤": "kg", "千克": "kg", "毫克": "mg", "千瓦时": "kwh", "千瓦": "kw",
    "兆瓦": "mw", "毫升": "ml", "公顷": "ha",
}  # fmt: skip
_NUMBER_UNIT: Final = re.compile(r"(?<=\d)\s*(" + "|".join(_UNITS) + ")")

_BRACKETS: Final = re.compile(r"[()\[\]{}〔〕【】《》<>「」“”\"'‘’·•・\-—_.,、，。\s]+")
_LEGAL_FORM: Final = re.compile(
    "(?:股份有限责任公司|股份有限公司|有限责任公司|有限公司|股份公司|总公司|公司|普通合伙|有限合伙|特殊普通合伙)$"
)

_PLACES: Final = {
    "单县": "shan xian", "宜都": "yi du", "都匀": "du yun", "长阳": "chang yang", "曾都": "zeng du",
    "沌口": "zhuan kou", "涡阳": "guo yang", "洪洞": "hong tong", "大城县": "dai cheng xian", "会稽": "kuai ji",
    "朝阳": "chao yang", "长丰": "chang feng", "长治": "chang zhi", "长葛": "chang ge", "长垣": "chang yuan",
    "浚县": "xun xian", "重钢": "chong gang", "长源": "chang yuan",
    "长飞": "chang fei", "长航": "chang hang", "长虹": "chang hong",
}  # fmt: skip
_PLACE: Final = re.compile("|".join(sorted(_PLACES, key=len, reverse=True)))


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@lru_cache(maxsize=1)
def _converter() -> _Converter:
    from opencc import OpenCC  # noqa: PLC0415 -- slow import

    converter: _Converter = OpenCC("t2s")
    return converter


@lru_cache(maxsize=30_000)
def _is_traditional(character: str) -> bool:
    return _converter().convert(character) != character


def simplify(text: str) -> str:
    """The text in simplified characters; text that has no traditional one is returned untouched."""
    if text.isascii() or not any(map(_is_traditional, text)):
        return text
    return _converter().convert(text)


_untouched: set[str] = set()  # characters met so far that folding leaves as they are


def is_untouched(text: str) -> bool:
    """Whether a text is nothing but simplified Han characters, as most are, so that folding changes nothing."""
    if _untouched.issuperset(text):
        return True
    _untouched.update(c for c in set(text) - _untouched if "\u4e00" <= c <= "\u9fff" and not _is_traditional(c))
    return _untouched.issuperset(text)


def fold(text: str) -> str:
    """The one form in which texts are compared.

    Compatibility forms (full-width, circled, ligatures), traditional characters, case, invisible
    characters and blanks no longer tell two texts apart; thousands separators go, 30 毫米 and 30㎜
    are both 30mm, 8×30 and 8 * 30 are both 8x30, ø50 is φ50. Blanks between two Han characters vanish.
    """
    return text if is_untouched(text) else _folded(text)


@lru_cache(maxsize=100_000)
def _folded(text: str) -> str:
    return _BLANK_BESIDE_HAN.sub("", fold_spaced(text))


def fold_spaced(text: str) -> str:
    """Like `fold`, but single blanks between Han characters stay, as the writer's own cuts."""
    return text if is_untouched(text) else _folded_spaced(text)


@lru_cache(maxsize=20_000)
def _folded_spaced(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _THOUSANDS.sub("", _INVISIBLE.sub("", text)))
    plain = _BLANKS.sub(" ", _CONTROL.sub("", plain)).strip()
    plain = simplify(plain).lower()
    return _fold_numbers(plain) if any(c.isdigit() for c in plain) else plain


def _fold_numbers(text: str) -> str:
    text = _TIMES.sub("x", text)
    text = _DIAMETER.sub("φ", text)
    return _NUMBER_UNIT.sub(lambda found: _UNITS[found[1]], text)


@lru_cache(maxsize=50_000)
def fold_name(name: str) -> str:
    """A company's name as compared: folded, without brackets, punctuation, blanks and its legal form.

    What stands inside brackets stays, so 襄阳恒昌(集团)股份有限公司 becomes 襄阳恒昌集团: group and
    subsidiary are different firms. A name that is nothing but a legal form is kept.
    """
    plain = _BRACKETS.sub("", fold(name))
    return _LEGAL_FORM.sub("", plain) or plain


@lru_cache(maxsize=30_000)
def syllable(character: str) -> str:
    """The most usual toneless reading of one character, or "" when it has none."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 -- slow import

    read = lazy_pinyin(character, errors="ignore")
    return str(read[0]) if read else ""


@lru_cache(maxsize=50_000)
def _readings(text: str) -> tuple[tuple[str, str], ...]:
    """Each Han character's reading with its initial, and each other run of characters twice as it is."""
    return tuple(reading for part in _by_place(fold(text)) for reading in part)


def _by_place(text: str) -> list[list[tuple[str, str]]]:
    edges = [0, *(edge for found in _PLACE.finditer(text) for edge in found.span()), len(text)]
    return [_read(text[start:end]) for start, end in pairwise(edges) if start < end]


def _read(text: str) -> list[tuple[str, str]]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 -- slow import

    if known := _PLACES.get(text):
        return [(sound, sound[0]) for sound in known.split()]
    pieces = lazy_pinyin(text, errors=lambda run: "\0" + run)
    return [(piece.lstrip("\0"), piece[1:] if piece.startswith("\0") else piece[0]) for piece in pieces]


def pinyin(text: str) -> str:
    """Full toneless pinyin in one word, for searching: 襄阳 → "xiangyang"."""
    return "".join(sound for sound, _ in _readings(text)).replace(" ", "")


def initials(text: str) -> str:
    """First letter of each syllable, for searching: 襄阳 → "xy"; digits and Latin stay whole."""
    return "".join(initial for _, initial in _readings(text)).replace(" ", "")


@lru_cache(maxsize=16_384)
def common_words(one: str, other: str, least: int = 2) -> tuple[str, ...]:
    """The longest pieces two folded texts share, longest first, in whatever order they stand.

    Pieces shorter than `least` characters are left out unless nothing longer is shared.
    """
    found = _common_pieces(one, other)
    return tuple(piece for piece in found if len(piece) >= least) or tuple(found[:1])


def _common_pieces(one: str, other: str) -> list[str]:
    pieces: list[str] = []
    while True:
        block = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
        piece = one[block.a : block.a + block.size].strip()
        if not piece:
            return pieces
        pieces.append(piece)
        one, other = _without(one, block.a, block.size, "\0"), _without(other, block.b, block.size, "\1")


def _without(text: str, start: int, size: int, filler: str) -> str:
    return text[:start] + filler + text[start + size :]
