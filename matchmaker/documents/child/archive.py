"""The zip around a workbook, looked through before anybody parses it."""

from __future__ import annotations

import copy
import re
import zipfile
import zlib
from typing import IO

from matchmaker.documents.refusals import Reason, Refusal
from matchmaker.documents.values import Limits

_CHUNK = 1 << 20
_OVERLAP = 16
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^[^<]*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
_KNOWN_ENCODINGS = (b"utf-8", b"utf-16", b"us-ascii")
_XML = (".xml", ".rels", ".vml")
_SIGNS = (
    ("word/document.xml", Reason.WORD),
    ("ppt/presentation.xml", Reason.SLIDES),
    ("content.xml", Reason.OPEN_DOCUMENT),
    ("xl/workbook.bin", Reason.BINARY_EXCEL),
    ("xl/vbaproject.bin", Reason.MACROS),
)


def inspect(source: IO[bytes], limits: Limits) -> None:
    """Refuse a zip that is not an ordinary .xlsx: too big inside, entities, repeated or odd parts."""
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            _check_names(members, limits)
            left = limits.unpacked_bytes
            for member in members:
                left = _check_member(archive, member, left, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise Refusal(Reason.DAMAGED) from None
    finally:
        source.seek(0)


def _check_names(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.members:
        raise Refusal(Reason.TOO_MANY_MEMBERS, limit=limits.members)
    names = [member.filename.replace("\\", "/").lstrip("/").casefold() for member in members]
    if len(set(names)) < len(names):
        raise Refusal(Reason.REPEATED_NAMES)
    for sign, reason in _SIGNS:
        if sign in names:
            raise Refusal(reason)
    if not any(name.startswith("xl/workbook") and name.endswith(".xml") for name in names):
        raise Refusal(Reason.ARCHIVE)


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, limits: Limits) -> int:
    """Unpack one part to nowhere and return how many bytes may still follow."""
    if member.flag_bits & 1:
        raise Refusal(Reason.ENCRYPTED)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refusal(Reason.DAMAGED)
    unbounded = copy.copy(member)
    unbounded.file_size = left + _CHUNK  # the size it states may be a lie: read on to the real end
    is_xml, size, tail = member.filename.lower().endswith(_XML), 0, b""
    with archive.open(unbounded) as part:
        while chunk := part.read(_CHUNK):
            if is_xml:
                tail = _check_xml(tail, chunk, is_start=not size)
            size += len(chunk)
            if size > left:
                raise Refusal(Reason.TOO_MUCH_INSIDE, megabytes=limits.unpacked_bytes // 1_000_000)
    if size != member.file_size:
        raise Refusal(Reason.DAMAGED)
    return left - size


def _check_xml(tail: bytes, chunk: bytes, *, is_start: bool) -> bytes:
    """Refuse entity declarations, also when written in UTF-16 or across two chunks; return the new tail."""
    text = tail + chunk.replace(b"\0", b"")
    if _DECLARATION.search(text):
        raise Refusal(Reason.ENTITIES)
    if is_start and (found := _ENCODING.match(text[:300])) and found[1].lower() not in _KNOWN_ENCODINGS:
        raise Refusal(Reason.DAMAGED)
    return text[-_OVERLAP:]
