"""What a file is by its own bytes; nothing is unpacked, decoded or run.

Four kinds are kept, because every office can open them and none needs to run anything: PDF, JPEG, PNG and WebP.
A file that begins as one of them must also be built like it to its end, and carry nothing beside it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from matchmaker.deals.evidence import refusals
from matchmaker.deals.evidence.guessing import guess, is_markup
from matchmaker.deals.evidence.pictures import Frame, NoPicture, TrailingBytes, jpeg_frame, png_frame, webp_frame
from matchmaker.i18n import lazy as _

MOST_PIXELS = 100_000_000
_ACTS = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
_LOOKED_AT = 1024  # where readers look for the end of a PDF, and browsers for markup
_ARCHIVE_END = 22 + 0xFFFF


class FileKind(enum.Enum):
    """A kind that is kept, by its media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"


ENDINGS = {
    FileKind.PDF: ("pdf",),
    FileKind.JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    FileKind.PNG: ("png",),
    FileKind.WEBP: ("webp",),
}
SPELLINGS = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "application/x-pdf": "application/pdf"}
_BEGINNINGS = (
    (b"%PDF-", FileKind.PDF),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"RIFF", FileKind.WEBP),
)
_FRAMES = {FileKind.JPEG: jpeg_frame, FileKind.PNG: png_frame, FileKind.WEBP: webp_frame}


@dataclass(frozen=True, slots=True)
class Look:
    """What a file turned out to be; `tells_place`: the picture carries the position it was taken at."""

    kind: FileKind
    tells_place: bool = False


def look_at(content: bytes) -> Look:
    """Tell what a file is. Raises the refusal that names what is wrong with it."""
    if not content:
        raise refusals.FileEmpty
    kind = _kind_by_beginning(content)
    if kind is None:
        raise refusals.KindNotKept(found=guess(content))
    if _is_archive(content):
        raise refusals.HidesMore(kind=kind.name, found=_("压缩包"))
    if is_markup(content[:_LOOKED_AT]):
        raise refusals.HidesMore(kind=kind.name, found=_("网页代码"))
    if kind is FileKind.PDF:
        return _look_at_pdf(content)
    return _look_at_picture(content, kind)


def _kind_by_beginning(content: bytes) -> FileKind | None:
    kind = next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), None)
    return None if kind is FileKind.WEBP and content[8:12] != b"WEBP" else kind


def _look_at_pdf(content: bytes) -> Look:
    """A version at the head and an end at the foot; what it says in plain bytes that it would do is refused."""
    if not content[5:6].isdigit() or b"%%EOF" not in content[-_LOOKED_AT:]:
        raise refusals.FileDamaged(kind="PDF")
    if any(act in content for act in _ACTS):
        raise refusals.PdfActs
    return Look(FileKind.PDF)


def _look_at_picture(content: bytes, kind: FileKind) -> Look:
    try:
        frame: Frame = _FRAMES[kind](content)
    except TrailingBytes:
        raise refusals.HidesMore(kind=kind.name, found=_("图片之后的字节")) from None
    except NoPicture:
        raise refusals.FileDamaged(kind=kind.name) from None
    if frame.width * frame.height > MOST_PIXELS:
        raise refusals.TooManyPixels(width=frame.width, height=frame.height, most=MOST_PIXELS // 10_000)
    return Look(kind, frame.tells_place)


def _is_archive(content: bytes) -> bool:
    """Whether the file could also be opened as a ZIP archive: its closing record ends where the file ends."""
    tail = content[-_ARCHIVE_END:]
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) - found < 22:  # noqa: PLR2004 -- the length of the record
        return False
    return found + 22 + int.from_bytes(tail[found + 20 : found + 22], "little") == len(tail)
