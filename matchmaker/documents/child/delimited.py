"""Text files with separators, in the encodings and separators that offices use."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from matchmaker.documents.refusals import Reason, Refusal

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATORS = (",", "\t", ";", "，", "；")
_SAMPLE_LINES = 5
_HEAD_BYTES = 2_000
_CELL_CHARACTERS = 200_000
_CONTROL = re.compile("[\0-\x08\x0e-\x19\x1b-\x1f]")  # \x1a ends old text files


def rows(content: bytes) -> Iterator[list[str]]:
    """Each record of the text, an empty line being an empty record."""
    text = _text(content)
    if _CONTROL.search(text):
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
    """The encodings to try; a mark at the beginning settles it, or where the NULs of two-byte ASCII stand."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return (encoding,)
    head = content[:_HEAD_BYTES]
    if 0 not in head:
        return ("utf-8", "gb18030")
    if 0 not in head[1::2]:
        return ("utf-16-be",)
    return () if 0 in head[::2] else ("utf-16-le",)


def _separator(text: str) -> str:
    """The separator that occurs most in the first lines outside quotes; a comma when none does."""
    head = "\n".join(text.splitlines()[:_SAMPLE_LINES]) if len(text) < _CELL_CHARACTERS else text[:_CELL_CHARACTERS]
    outside = "".join(head.split('"')[::2])
    first = next((line for line in outside.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)
