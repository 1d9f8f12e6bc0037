"""A zip whose bytes follow from its members alone, written without ever being held whole."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator

from matchmaker.operations.verifying.layout import Member

_ONE_TIME = (1980, 1, 1, 0, 0, 0)  # the zip's own beginning: when it was written is no part of what it says
_UNIX, _READABLE = 3, 0o100644 << 16
_PIECE = 256 * 1024


class Archive:
    """Members put one after another; whoever takes the pieces may send each away at once."""

    def __init__(self) -> None:
        self._waiting = _Waiting()
        self._zip = zipfile.ZipFile(self._waiting, "w", zipfile.ZIP_DEFLATED)
        self.members: list[Member] = []

    def put(self, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Write one member; gives what of the zip is ready meanwhile."""
        info = zipfile.ZipInfo(name, _ONE_TIME)
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _READABLE
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as member:
            for chunk in _gathered(chunks):
                digest.update(chunk)
                size += len(chunk)
                member.write(chunk)
                yield from self._waiting.taken()
        self.members.append(Member(name, size, digest.hexdigest()))
        yield from self._waiting.taken()

    def close(self) -> Iterator[bytes]:
        """Write the zip's own table; gives the rest."""
        self._zip.close()
        yield from self._waiting.taken()


class _Waiting(io.RawIOBase):
    """What was written and not yet taken; it cannot go back, so the zip never tries to."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """A zip may be written here."""
        return True

    def write(self, piece: object) -> int:
        """Keep a piece until it is taken."""
        content = bytes(piece)  # type: ignore[call-overload]
        self._pieces.append(content)
        return len(content)

    def taken(self) -> Iterator[bytes]:
        """The pieces that wait, as one."""
        if self._pieces:
            joined = b"".join(self._pieces)
            self._pieces.clear()
            yield joined


def _gathered(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Small chunks joined, so that a row does not cost a call each."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        if len(waiting) >= _PIECE:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)
