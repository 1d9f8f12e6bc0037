"""An export opened with suspicion: what it holds, how large it may be, and what each member came to."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from matchmaker.operations.verifying.faults import Unreadable
from matchmaker.operations.verifying.layout import REQUIRED, Member, is_member

Wanted = TypeVar("Wanted")

MOST_MEMBERS = 2_000
MOST_BYTES = 8 << 30  # unpacked, of all members together
MOST_AT_ONCE = 2 << 30  # of one member that is read whole
LONGEST_LINE = 1 << 20
_SMALL, _MOST_RATIO = 1 << 20, 100  # what packs better than this is no ledger but a bomb
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_PIECE = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Package:
    """The members of an export; whatever is read of one is measured and digested on the way."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._infos = {info.filename: info for info in archive.infolist()}
        self.read_members: dict[str, Member] = {}

    @property
    def names(self) -> list[str]:
        """Every member, in the order of the zip."""
        return list(self._infos)

    def whole(self, name: str) -> bytes:
        """The content of one member."""
        if self._infos[name].file_size > MOST_AT_ONCE:
            raise Unreadable(f"{name} is too large")
        return b"".join(self._pieces(name))

    def lines(self, name: str) -> Iterator[tuple[int, bytes]]:
        """The lines of one member with their numbers, from 1."""
        rest, number = b"", 0
        for piece in self._pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                number += 1
                yield number, line
            if len(rest) > LONGEST_LINE:
                raise Unreadable(f"{name} line {number + 1} is too long")
        if rest:
            yield number + 1, rest

    def digest(self, name: str) -> None:
        """Read one member for its digest alone."""
        for _piece in self._pieces(name):
            pass

    def _pieces(self, name: str) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        try:
            with self._archive.open(self._infos[name]) as member:
                while piece := member.read(_PIECE):
                    digest.update(piece)
                    size += len(piece)
                    yield piece
        except _BROKEN as fault:
            raise Unreadable(f"{name} cannot be unpacked: {fault}") from fault
        self.read_members[name] = Member(name, size, digest.hexdigest())


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """An export whose table of members is in order. Raises Unreadable."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise Unreadable("there is no such file") from None
    except _BROKEN as fault:
        raise Unreadable(f"not a zip: {fault}") from fault
    with archive:
        _check_table(archive.infolist())
        yield Package(archive)


def decoded(content: bytes, wanted: type[Wanted], place: str) -> Wanted:
    """JSON read as a value of this type. Raises Unreadable, naming the place."""
    try:
        return msgspec.json.decode(content, type=wanted)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Unreadable(f"{place}: {fault}") from None


def _check_table(infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in infos]
    if len(names) > MOST_MEMBERS:
        raise Unreadable(f"{len(names)} members are too many")
    for name in names:
        if not is_member(name):
            raise Unreadable(f"{_shown(name)} has no place in an export")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Unreadable(f"{twice[0]} is in it twice")
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise Unreadable(f"{missing[0]} is missing")
    for info in infos:
        _check_member(info)
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise Unreadable("it unpacks to more than an export may")


def _check_member(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable(f"{info.filename} is encrypted")
    if info.compress_type not in _METHODS:
        raise Unreadable(f"{info.filename} is packed in an unknown way")
    if info.file_size > _SMALL and info.file_size > _MOST_RATIO * info.compress_size:
        raise Unreadable(f"{info.filename} unpacks to a suspicious size")


def _shown(name: str) -> str:
    """A name nobody vouches for, safe to print on one line."""
    return ascii(name[:80])
