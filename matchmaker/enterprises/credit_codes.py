"""Unified social credit codes as GB 32100-2015 defines them: 18 characters, the last one a check."""

from __future__ import annotations

import re
import unicodedata
from typing import ClassVar

from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # I, O, S, V and Z are left out
LENGTH = 18
SAMPLE_PREFIX = "DEMO"  # holds an O, so no real code can begin like this
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_INVISIBLE = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SAMPLE = re.compile(r"DEMO[0-9A-Z]{14}")


class InvalidCreditCode(RuleViolation):
    """The text is not a credit code; each way of being wrong is a subclass with its own sentence."""

    template: ClassVar[object] = _("“{code}”不是有效的统一社会信用代码。")


class WrongLength(InvalidCreditCode):
    """It has more or fewer than 18 characters."""

    template = _("信用代码“{code}”有 {length} 位，应为 18 位。")


class WrongCharacter(InvalidCreditCode):
    """It has a character that codes never use."""

    template = _("信用代码“{code}”含有“{character}”。信用代码只用数字和大写字母，不用 I、O、S、V、Z。")


class WrongDivision(InvalidCreditCode):
    """Its first place is 0, or its places 3 to 8, the division of the registering office, are not digits."""

    template = _("信用代码“{code}”不合编码规则：首位不能为 0，第 3 至 8 位应为数字。")


class WrongCheckCharacter(InvalidCreditCode):
    """Its last character does not agree with the others: one of the eighteen was mistyped."""

    template = _("信用代码“{code}”的校验位不符，请逐位核对。")


class SampleCodeRefused(InvalidCreditCode):
    """It is a sample code, and this installation keeps real firms only."""

    template = _("“{code}”是演示代码，只能在演示环境使用。")


def normalise(text: str) -> str:
    """The code as it is kept: half-width, upper case, without blanks and invisible characters."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).upper()


def is_sample(code: str) -> bool:
    """Whether a normalised code is a sample code, which belongs to nobody."""
    return _SAMPLE.fullmatch(code) is not None


def check_character(first: str) -> str:
    """The character that completes the first seventeen."""
    total = sum(_VALUES[character] * weight for character, weight in zip(first, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def check(code: str, *, allow_samples: bool = False) -> None:
    """Accept a normalised code; raises InvalidCreditCode, whose message says what is wrong with it."""
    if is_sample(code):
        if allow_samples:
            return
        raise SampleCodeRefused(code=code)
    if len(code) != LENGTH:
        raise WrongLength(code=code[: 2 * LENGTH], length=len(code))
    if wrong := next((character for character in code if character not in _VALUES), None):
        raise WrongCharacter(code=code, character=wrong)
    if code.startswith("0") or not code[2:8].isdigit():
        raise WrongDivision(code=code)
    if code[-1] != check_character(code[:-1]):
        raise WrongCheckCharacter(code=code)
