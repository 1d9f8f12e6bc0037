"""A file as it was sent, looked at before anything is kept."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

from matchmaker.deals.evidence import refusals
from matchmaker.deals.evidence.kinds import ENDINGS, SPELLINGS, FileKind, Look, look_at
from matchmaker.deals.evidence.models import NAME_LENGTH

_MEGABYTE = 1024 * 1024
_ANYTHING = ("", "application/octet-stream")  # what a program that does not know says


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is what it says, ready to be kept."""

    name: str
    look: Look
    digest: str
    content: bytes = field(repr=False)


def read_upload(stream: IO[bytes], *, name: str, declared: str, megabytes: int) -> Upload:
    """Read what was sent, at most one byte past the limit, and hold its name and type against its bytes.

    declared: the media type the sender gave. Raises the refusal that says what is wrong.
    """
    most = megabytes * _MEGABYTE
    content = stream.read(most + 1)
    if len(content) > most:
        raise refusals.FileTooLarge(megabytes=megabytes)
    look, plain = look_at(content), plain_name(name)
    _check_name(plain, look.kind)
    _check_type(declared, look.kind)
    return Upload(plain, look, hashlib.sha256(content).hexdigest(), content)


def plain_name(name: str) -> str:
    """The name without its path, its end kept when it is too long. Raises NameUnfit."""
    plain = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name.strip()
    if not plain or not plain.isprintable() or plain.strip(".") == "":
        raise refusals.NameUnfit
    return plain[-NAME_LENGTH:]


def _check_name(name: str, kind: FileKind) -> None:
    stem, dot, ending = name.rpartition(".")
    if not stem or not dot:
        raise refusals.NameUnfit
    if ending.lower() not in ENDINGS[kind]:
        raise refusals.EndingDiffers(ending=ending[:20], kind=kind.name)


def _check_type(declared: str, kind: FileKind) -> None:
    said = declared.partition(";")[0].strip().lower()
    if said not in _ANYTHING and SPELLINGS.get(said, said) != kind.value:
        raise refusals.TypeDiffers(declared=said[:40], kind=kind.name)
