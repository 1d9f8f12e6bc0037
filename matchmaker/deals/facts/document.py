"""A JSON document read so strictly that nothing in it is guessed, repeated or rounded."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN')
_MOST_DIGITS = 20


class MalformedFacts(ValueError):
    """The document is not facts: `path` names the faulty value, `line` the place that is not JSON."""

    def __init__(self, path: str, message: str, line: int | None = None) -> None:
        self.path = path
        self.message = message
        self.line = line
        super().__init__(path, message, line)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message

    def under(self, step: str) -> MalformedFacts:
        """The same fault as seen from one level further out."""
        joint = "" if self.path.startswith("[") or not self.path else "."
        return MalformedFacts(f"{step}{joint}{self.path}", self.message, self.line)


class KeyTwice(dict[str, Any]):
    """A JSON object one of whose keys was given twice."""

    key = ""


@dataclass(frozen=True, slots=True)
class NotJson:
    """A word that Python's reader takes for a number and JSON does not know."""

    word: str
    line: int


def document_of(content: bytes) -> object:
    """The document in these bytes; raises MalformedFacts with the line that is not JSON."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise MalformedFacts("", "不是 UTF-8 文本", content.count(b"\n", 0, fault.start) + 1) from None
    words = _words_not_json(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=_keys_once,
            parse_int=_integer_of,
            parse_float=_decimal_of,
            parse_constant=lambda _: next(words),
        )
    except json.JSONDecodeError as fault:
        raise MalformedFacts("", f"不是 JSON：{fault.msg}（第 {fault.colno} 列）", fault.lineno) from None
    except RecursionError:
        raise MalformedFacts("", "嵌套过深", 1) from None


def _words_not_json(text: str) -> Iterator[NotJson]:
    """The NaN and Infinity of a text outside its strings, in order."""
    for match in _TOKEN.finditer(text):
        if not match[0].startswith('"'):
            yield NotJson(match[0], text.count("\n", 0, match.start()) + 1)


def _keys_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return fields
    twice = KeyTwice(fields)
    twice.key = Counter(key for key, _ in pairs).most_common(1)[0][0]
    return twice


def _integer_of(digits: str) -> int | Decimal:
    """An integer; one longer than any figure here stays a decimal, which is quick to make and refused in its place."""
    return int(digits) if len(digits) <= _MOST_DIGITS else Decimal(digits)


def _decimal_of(digits: str) -> Decimal:
    """An exact decimal; not a number when no decimal can hold it."""
    try:
        return Decimal(digits)
    except InvalidOperation:
        return Decimal("NaN")
