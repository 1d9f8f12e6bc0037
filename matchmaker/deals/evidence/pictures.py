"""The size of a picture, and whether it says where it was taken, from its headers alone.

Each reader walks the parts of its format by their stated lengths and decodes no pixel, so that a picture made to
unpack into gigabytes costs nothing here.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_SCAN, _END, _APP1 = 0xDA, 0xD9, 0xE1
_MOST_PARTS = 4_000
_GPS, _LATITUDE = 0x8825, 0x0002
_PNG_HEAD = 8
_EXIF = b"Exif\0\0"


class NoPicture(ValueError):
    """The bytes are not built as the format asks."""


class TrailingBytes(ValueError):
    """The picture ends before the file does."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture's size in pixels, and whether it carries a position."""

    width: int
    height: int
    tells_place: bool


def jpeg_frame(content: bytes) -> Frame:
    """Read a JPEG's segments up to its first scan. Raises NoPicture."""
    size, tells_place = None, False
    for marker, data in _segments(content):
        if marker in _FRAMES and len(data) >= 5:  # noqa: PLR2004 -- precision, height, width
            size = int.from_bytes(data[3:5]), int.from_bytes(data[1:3])
        elif marker == _APP1 and data.startswith(_EXIF):
            tells_place = tells_place or has_position(data[len(_EXIF) :])
        elif marker == _SCAN:
            break
    else:
        raise NoPicture
    return _frame(size, tells_place=tells_place)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 2
    for _part in range(_MOST_PARTS):
        while content[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 4 > len(content) or content[at] != 0xFF or content[at + 1] == _END:  # noqa: PLR2004 -- the mark
            return
        marker = content[at + 1]
        if marker in _BARE:
            at += 2
            continue
        length = int.from_bytes(content[at + 2 : at + 4])
        if length < 2 or at + 2 + length > len(content):  # noqa: PLR2004 -- it counts itself
            raise NoPicture
        yield marker, content[at + 4 : at + 2 + length]
        at += 2 + length


def png_frame(content: bytes) -> Frame:
    """Walk a PNG's chunks from IHDR to IEND. Raises NoPicture, or TrailingBytes after the end."""
    size, tells_place, at = None, False, _PNG_HEAD
    for _part in range(_MOST_PARTS * 100):
        length, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        data, after = content[at + 8 : at + 8 + length], at + 12 + length
        if after > len(content):
            raise NoPicture
        if at == _PNG_HEAD:
            size = _png_size(name, data, content[after - 4 : after])
        elif name == b"eXIf":
            tells_place = tells_place or has_position(data)
        elif name == b"IEND":
            if after != len(content):
                raise TrailingBytes
            return _frame(size, tells_place=tells_place)
        at = after
    raise NoPicture


def _png_size(name: bytes, data: bytes, check: bytes) -> tuple[int, int]:
    if name != b"IHDR" or len(data) != 13 or zlib.crc32(name + data).to_bytes(4) != check:  # noqa: PLR2004 -- as specified
        raise NoPicture
    return int.from_bytes(data[0:4]), int.from_bytes(data[4:8])


def webp_frame(content: bytes) -> Frame:
    """Walk a WebP's chunks. Raises NoPicture, or TrailingBytes after the stated size."""
    stated = int.from_bytes(content[4:8], "little") + 8
    if stated > len(content):
        raise NoPicture
    if stated + stated % 2 < len(content):
        raise TrailingBytes
    size, tells_place, at = None, False, 12
    while at + 8 <= stated:
        name, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        data = content[at + 8 : at + 8 + length]
        if len(data) != length:
            raise NoPicture
        size = size or _webp_size(name, data)
        if name == b"EXIF":
            tells_place = tells_place or has_position(data.removeprefix(_EXIF))
        at += 8 + length + length % 2
    return _frame(size, tells_place=tells_place)


def _webp_size(name: bytes, data: bytes) -> tuple[int, int] | None:
    """The size of the canvas or of the frame, as each of the three sorts of WebP states it."""
    if name == b"VP8X" and len(data) >= 10:  # noqa: PLR2004 -- as specified
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if name == b"VP8 " and data[3:6] == b"\x9d\x01\x2a" and len(data) >= 10:  # noqa: PLR2004 -- as specified
        return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF
    if name == b"VP8L" and data[:1] == b"\x2f" and len(data) >= 5:  # noqa: PLR2004 -- as specified
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _frame(size: tuple[int, int] | None, *, tells_place: bool) -> Frame:
    if size is None or not all(size):
        raise NoPicture
    return Frame(*size, tells_place)


def has_position(exif: bytes) -> bool:
    """Whether Exif data holds a latitude; what cannot be read holds none."""
    order: Literal["little", "big"] = "little" if exif[:2] == b"II" else "big"
    first = int.from_bytes(exif[4:8], order)
    position = _value(exif, first, _GPS, order)
    return position is not None and _value(exif, position, _LATITUDE, order) is not None


def _value(exif: bytes, at: int, tag: int, order: Literal["little", "big"]) -> int | None:
    """The value, or the place of the value, of a tag in the directory that begins at a place."""
    count = int.from_bytes(exif[at : at + 2], order)
    for entry in range(at + 2, min(at + 2 + 12 * count, len(exif) - 11), 12):
        if int.from_bytes(exif[entry : entry + 2], order) == tag:
            return int.from_bytes(exif[entry + 8 : entry + 12], order)
    return None
