"""Text files with separators, in the encodings and separators that offices use."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from matchmaker.documents.refusals import Reason, Refusal

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATORS = (",", "\t", ";", "，", "；")
_SAMPLE_LINES = 5
_CELL_CHARACTERS = 200_000
_NULS_OF_UTF16 = 4  # at least one byte in so many is NUL when ASCII separators are spelled in two bytes


def rows(content: bytes) -> Iterator[list[str]]:
    """Each record of the text, an empty line being an empty record."""
    text = _text(content)
    if "\0" in text:
        raise Refusal(Reason.NOT_TEXT)
    csv.field_size_limit(_CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):  # noqa: B007 -- read after the loop fails
            yield record
    except csv.Error:
        raise Refusal(Reason.QUOTES, row=number + 1) from None


def _text(content: bytes) -> str:
    for encoding in _encodings(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(Reason.NOT_TEXT if b"\0" in content else Reason.ENCODING)


def _encodings(content: bytes) -> tuple[str, ...]:
    """The encodings to try; a mark at the beginning settles it."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return (encoding,)
    head = content[:2000]
    if head.count(0) * _NULS_OF_UTF16 >= len(head):
        return ("utf-16-be",) if head[:1] == b"\0" else ("utf-16-le",)
    return ("utf-8", "gb18030")


def _separator(text: str) -> str:
    """The separator that occurs most in the first lines outside quotes; a comma when none does."""
    head = "\n".join(text.splitlines()[:_SAMPLE_LINES]) if len(text) < _CELL_CHARACTERS else text[:_CELL_CHARACTERS]
    outside = "".join(head.split('"')[::2])
    first = next((line for line in outside.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)
