"""What a file is by its own bytes, and what it is refused for."""

from __future__ import annotations

import io
import time
import zlib

import pytest

from matchmaker.deals.evidence import refusals
from matchmaker.deals.evidence.kinds import FileKind, look_at
from matchmaker.deals.evidence.uploads import read_upload
from tests.deals.evidence.files import PDF, archive, exif, jpeg, png, webp


def sent(content: bytes, name: str, declared: str = "", megabytes: int = 1):
    return read_upload(io.BytesIO(content), name=name, declared=declared, megabytes=megabytes)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, FileKind.PDF),
        (jpeg(), FileKind.JPEG),
        (jpeg(tail=b"\0" * 50), FileKind.JPEG),  # phones put a second picture or a clip behind the first
        (png(), FileKind.PNG),
        (webp(), FileKind.WEBP),
        (webp(sort=b"VP8L"), FileKind.WEBP),
        (webp(sort=b"VP8X", place=exif(with_place=False)), FileKind.WEBP),
    ],
)
def test_what_offices_can_open_is_kept(content, kind) -> None:
    assert look_at(content).kind is kind


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("made", [jpeg, png, lambda place: webp(sort=b"VP8X", place=place)])
def test_a_picture_that_tells_where_it_was_taken_is_known(made, order) -> None:
    assert look_at(made(place=exif(with_place=True, order=order))).tells_place
    assert not look_at(made(place=exif(with_place=False, order=order))).tells_place


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", "网页或 SVG"),
        (b"\xef\xbb\xbf  <html>", "网页或 SVG"),
        (b"<?xml version='1.0'?><svg onload='x'/>", "网页或 SVG"),
        (archive(), "压缩包或 Office 文档"),
        (archive(bytes(30_000_000)), "压缩包或 Office 文档"),  # a bomb is not unpacked
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 Office 文档"),
        (b"MZ\x90\0" + bytes(60), "可执行程序"),
        (b"#!/bin/sh\n", "可执行程序"),
        (b"GIF89a" + bytes(20), "GIF 图片"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "苹果手机的 HEIC 照片"),
        (b"\0\0\0\x18ftypisom" + bytes(20), "视频"),
        (b"junk\n" + PDF, "前面夹带了其他内容的 PDF"),
        (b"GIF89a" + PDF, "GIF 图片"),
        ("买卖双方约定".encode(), "纯文本"),
        (bytes(range(128, 256)), "无法识别的格式"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "无法识别的格式"),
    ],
)
def test_anything_else_is_refused_under_its_name(content, found) -> None:
    with pytest.raises(refusals.KindNotKept) as refusal:
        look_at(content)

    assert str(refusal.value.values["found"]) == found


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-",
        b"%PDF-1.7\n" + b"x" * 3_000,
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\0\x01",
        jpeg()[:40],
        jpeg(width=0),
        b"\xff\xd8" + b"\xff" * 100_000,
        png()[:-8],
        png()[:20] + b"\xff" + png()[21:],
        b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xffIHDR",
        webp()[:-4],
        b"RIFF\x04\0\0\0WEBP",
    ],
)
def test_a_file_that_only_begins_like_one_is_refused(content) -> None:
    with pytest.raises(refusals.FileDamaged):
        look_at(content)


@pytest.mark.parametrize(
    "content",
    [
        PDF + archive(),
        jpeg(tail=archive()),
        png(tail=b"<script>"),
        png(tail=archive()),
        webp(tail=b"<html>"),
        b"%PDF-1.7\n<html><script>alert(1)</script>\n%%EOF",
        jpeg().replace(b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0", b"<svg onload=a>"),
    ],
)
def test_a_file_that_is_two_things_at_once_is_refused(content) -> None:
    with pytest.raises(refusals.HidesMore):
        look_at(content)


@pytest.mark.parametrize("act", [b"/JavaScript", b"/Launch", b"/EmbeddedFiles", b"/RichMedia"])
def test_a_pdf_that_would_do_something_is_refused(act) -> None:
    with pytest.raises(refusals.PdfActs):
        look_at(PDF.replace(b"/Type/Catalog", b"/Type/Catalog/Names<<" + act + b" 3 0 R>>"))


def test_a_picture_too_large_to_open_is_refused_without_being_opened() -> None:
    with pytest.raises(refusals.TooManyPixels):
        look_at(png(20_000, 20_000))
    with pytest.raises(refusals.TooManyPixels):
        look_at(jpeg(65_000, 65_000))


def test_a_picture_made_to_unpack_into_gigabytes_costs_nothing() -> None:
    bomb = png(4, 4).replace(b"IDAT", b"IDAT", 1)
    rows = zlib.compress(bytes(50_000_000))
    started = time.process_time()

    look_at(bomb[:33] + len(rows).to_bytes(4) + b"IDAT" + rows + zlib.crc32(b"IDAT" + rows).to_bytes(4) + png()[-12:])

    assert time.process_time() - started < 1


def test_an_empty_file_and_one_over_the_limit_are_refused() -> None:
    with pytest.raises(refusals.FileEmpty):
        sent(b"", "合同.pdf")
    with pytest.raises(refusals.FileTooLarge):
        sent(PDF + bytes(1024 * 1024), "合同.pdf")
    assert sent(PDF + bytes(1024 * 1024 - len(PDF) - 6) + b"%%EOF\n", "合同.pdf").look.kind is FileKind.PDF


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF, "合同.jpg"),
        (PDF, "合同.pdf.exe"),
        (PDF, "合同.html"),
        (jpeg(), "照片.png"),
        (png(), "章.pdf"),
        (PDF, "合同.docx"),
    ],
)
def test_a_name_that_promises_something_else_is_refused(content, name) -> None:
    with pytest.raises(refusals.EndingDiffers):
        sent(content, name)


@pytest.mark.parametrize(
    "name", ["", "合同", ".pdf", "..", "a\0.pdf", "a\n.pdf", "合同\u202efdp.exe.pdf", "dir/", "合同."]
)
def test_a_name_that_cannot_be_read_is_refused(name) -> None:
    with pytest.raises((refusals.NameUnfit, refusals.EndingDiffers)):
        sent(PDF, name)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/合同.pdf", "合同.pdf"),
        ("C:\\扫描\\合同.PDF", "合同.PDF"),
        ("/etc/passwd/../x.pdf", "x.pdf"),
        ("2026.03.05 合同 v1.2.pdf", "2026.03.05 合同 v1.2.pdf"),
        ("合" * 300 + ".pdf", "合" * 116 + ".pdf"),
    ],
)
def test_a_name_loses_its_path_and_keeps_its_end(name, kept) -> None:
    assert sent(PDF, name).name == kept


def test_the_declared_type_must_be_that_of_the_bytes() -> None:
    for declared in ("", "application/octet-stream", "application/pdf; charset=binary", "APPLICATION/PDF"):
        assert sent(PDF, "合同.pdf", declared).look.kind is FileKind.PDF
    assert sent(jpeg(), "章.jpeg", "image/jpg").look.kind is FileKind.JPEG
    for declared in ("text/html", "image/png", "application/zip"):
        with pytest.raises(refusals.TypeDiffers):
            sent(PDF, "合同.pdf", declared)
