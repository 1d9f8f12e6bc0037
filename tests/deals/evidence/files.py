"""Small files of every kind, whole and harmless, and the ways to spoil them."""

from __future__ import annotations

import struct
import zlib

PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def exif(*, with_place: bool, order: str = "<") -> bytes:
    """Exif data whose position directory holds a latitude, or nothing."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    first = struct.pack(f"{order}HHHII", 1, 0x8825, 4, 1, 26) + struct.pack(f"{order}I", 0)
    places = struct.pack(f"{order}HHHII", 1, 0x0002, 5, 3, 60) if with_place else struct.pack(f"{order}H", 0)
    return head + first + places + bytes(12)


def jpeg(width: int = 640, height: int = 480, *, place: bytes = b"", tail: bytes = b"") -> bytes:
    """A picture of one scan; `place` is its Exif data."""
    parts = [b"\xff\xd8", _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")]
    if place:
        parts.append(_segment(0xE1, b"Exif\0\0" + place))
    parts += [
        _segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"),
        _segment(0xDA, b"\x01\x01\0\0\x3f\0"),
    ]
    return b"".join(parts) + b"\x00\x01\x02\xff\xd9" + tail


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def png(width: int = 4, height: int = 4, *, place: bytes = b"", tail: bytes = b"") -> bytes:
    """A picture of one colour; `place` is its Exif data."""
    rows = zlib.compress(b"".join(b"\0" + bytes(width) for _row in range(min(height, 8))))
    parts = [_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))]
    if place:
        parts.append(_chunk(b"eXIf", place))
    return b"\x89PNG\r\n\x1a\n" + b"".join([*parts, _chunk(b"IDAT", rows), _chunk(b"IEND", b"")]) + tail


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def webp(width: int = 16, height: int = 16, *, sort: bytes = b"VP8 ", place: bytes = b"", tail: bytes = b"") -> bytes:
    """A picture of one of the three sorts; `place` is its Exif data."""
    data = {
        b"VP8 ": b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height) + b"\0\0",
        b"VP8L": b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + b"\0",
        b"VP8X": b"\x08\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"),
    }[sort]
    body = b"WEBP" + _riff(sort, data) + (_riff(b"EXIF", place) if place else b"")
    return b"RIFF" + struct.pack("<I", len(body)) + body + tail


def _riff(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def archive(inside: bytes = b"x") -> bytes:
    """A whole ZIP archive with one file."""
    import io
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", inside)
    return target.getvalue()
