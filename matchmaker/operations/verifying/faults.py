"""The two ways in which an export does not pass."""

from __future__ import annotations


class Unreadable(Exception):
    """The file is no export: not a zip, incomplete, too large, or not spelt as one."""


class Altered(Exception):
    """The export contradicts itself; names the first row that does and what differs.

    entry: which deal and entry, or which audit entry, where the row is about one.
    """

    def __init__(self, member: str, differs: str, *, line: int | None = None, entry: str = "") -> None:
        self.member, self.line, self.entry, self.differs = member, line, entry, differs
        super().__init__(member, differs, line, entry)

    def __str__(self) -> str:
        place = f"{self.member} line {self.line}" if self.line else self.member
        return ": ".join(part for part in (place, self.entry, self.differs) if part)
