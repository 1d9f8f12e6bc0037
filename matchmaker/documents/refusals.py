"""Why a file is not read, as the child process says it: a reason and its figures, no prose."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Every way a file can be unreadable."""

    EMPTY = "empty"
    FILE_TOO_BIG = "file_too_big"
    EXTENSION = "extension"
    PDF = "pdf"
    PICTURE = "picture"
    PROGRAM = "program"
    ARCHIVE = "archive"
    WEB_PAGE = "web_page"
    WORD = "word"
    SLIDES = "slides"
    OPEN_DOCUMENT = "open_document"
    OLD_EXCEL = "old_excel"
    BINARY_EXCEL = "binary_excel"
    MACROS = "macros"
    ENCRYPTED = "encrypted"
    NOT_TEXT = "not_text"
    CSV_IS_WORKBOOK = "csv_is_workbook"
    WORKBOOK_IS_TEXT = "workbook_is_text"
    ENCODING = "encoding"
    QUOTES = "quotes"
    DAMAGED = "damaged"
    REPEATED_NAMES = "repeated_names"
    ENTITIES = "entities"
    TOO_MANY_MEMBERS = "too_many_members"
    TOO_MUCH_INSIDE = "too_much_inside"
    TOO_MANY_SHEETS = "too_many_sheets"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_SLOW = "too_slow"


class Refusal(Exception):
    """A file that will not be read, and why."""

    def __init__(self, reason: Reason, **details: str | int) -> None:
        self.reason = reason
        self.details = details
        super().__init__(reason, details)
