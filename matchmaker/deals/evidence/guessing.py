"""A name for what a file is instead of what we keep, so that the refusal helps."""

from __future__ import annotations

import re

from matchmaker.i18n import lazy as _

_MARKUP = re.compile(rb"<\s*(!doctype|html|head|body|script|svg|iframe)", re.IGNORECASE)
_HEADS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", _("压缩包或 Office 文档")),
    (b"PK\x05\x06", _("压缩包或 Office 文档")),
    (b"\xd0\xcf\x11\xe0", _("旧版 Office 文档")),
    (b"Rar!", _("压缩包")),
    (b"7z\xbc\xaf", _("压缩包")),
    (b"\x1f\x8b", _("压缩包")),
    (b"GIF8", _("GIF 图片")),
    (b"II*\x00", _("TIFF 图片")),
    (b"MM\x00*", _("TIFF 图片")),
    (b"BM", _("BMP 图片")),
    (b"MZ", _("可执行程序")),
    (b"\x7fELF", _("可执行程序")),
    (b"#!", _("可执行程序")),
)
_HEIF = (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif")
_UNKNOWN = _("无法识别的格式")


def is_markup(head: bytes) -> bool:
    """Whether a browser left to guess could take the beginning of a file for a page."""
    return _MARKUP.search(head) is not None


def guess(content: bytes) -> str:
    """What a file seems to be, in the reader's language."""
    head = content[:1024]
    found = next((word for beginning, word in _HEADS if head.startswith(beginning)), None)
    if found is not None:
        return str(found)
    if head[4:8] == b"ftyp":
        return str(_("苹果手机的 HEIC 照片") if head[8:12] in _HEIF else _("视频"))
    if b"%PDF-" in head:
        return str(_("前面夹带了其他内容的 PDF"))
    if is_markup(head) or head.lstrip().startswith(b"<?xml"):
        return str(_("网页或 SVG"))
    return str(_("纯文本") if _is_text(head) else _UNKNOWN)


def _is_text(head: bytes) -> bool:
    """Whether the bytes read as UTF-8, up to a character cut at the end."""
    try:
        text = head[:1000].decode()
    except UnicodeDecodeError as error:
        if error.start < min(len(head), 1000) - 3:
            return False
        text = head[: error.start].decode()
    return all(character.isprintable() or character in "\r\n\t" for character in text)
