"""What a file really is, whatever it is called."""

from __future__ import annotations

from pathlib import PurePath
from typing import IO

from matchmaker.documents.refusals import Reason, Refusal
from matchmaker.documents.values import FileKind

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_SIGNS = (
    (b"%PDF", Reason.PDF),
    (b"\x89PNG", Reason.PICTURE),
    (b"\xff\xd8\xff", Reason.PICTURE),
    (b"GIF8", Reason.PICTURE),
    (b"MZ\x90\0", Reason.PROGRAM),
    (b"\x7fELF", Reason.PROGRAM),
    (b"Rar!", Reason.ARCHIVE),
    (b"7z\xbc\xaf", Reason.ARCHIVE),
    (b"\x1f\x8b", Reason.ARCHIVE),
    (b"{\\rtf", Reason.WORD),
)
_MARKUP = (b"<html", b"<!doctype html", b"<table", b"<?xml")
_OTHER_NAMES = {".xls": Reason.OLD_EXCEL, ".xlsm": Reason.MACROS, ".xlsb": Reason.BINARY_EXCEL}


def kind_of(filename: str, source: IO[bytes]) -> FileKind:
    """The format of the file, or a Refusal that says what it is instead."""
    content = source.read(4096)
    source.seek(0)
    _refuse_by_content(content, source)
    extension = PurePath(filename).suffix.lower()
    is_zip = content.startswith(_ZIP)
    if extension not in (".xlsx", ".csv"):
        reason = _OTHER_NAMES.get(extension, Reason.EXTENSION)
        raise Refusal(reason, **({"extension": extension[:12]} if reason is Reason.EXTENSION else {}))
    if extension == ".csv":
        if is_zip:
            raise Refusal(Reason.CSV_IS_WORKBOOK)
        return FileKind.CSV
    if not is_zip:
        raise Refusal(Reason.WORKBOOK_IS_TEXT)
    return FileKind.XLSX


def _refuse_by_content(content: bytes, source: IO[bytes]) -> None:
    for sign, reason in _SIGNS:
        if content.startswith(sign):
            raise Refusal(reason)
    if content.startswith(_OLE):
        whole = source.read()
        source.seek(0)
        raise Refusal(Reason.ENCRYPTED if _ENCRYPTED_PART in whole else Reason.OLD_EXCEL)
    if content.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise Refusal(Reason.WEB_PAGE)
