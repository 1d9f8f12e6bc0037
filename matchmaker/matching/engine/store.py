"""Arrays and texts of an index on disk: written aside, checked by digest, published by one rename."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

MANIFEST: Final = "manifest.json"


class BrokenIndex(Exception):
    """The directory is not a complete index of this engine; build it again."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Many texts in one byte array, so that all workers can share one mapped file."""

    content: Any
    ends: Any

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """The texts in their order."""
        encoded = [text.encode() for text in texts]
        ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, place: int) -> str:
        return str(self.content[self.ends[place] : self.ends[place + 1]].tobytes().decode())

    def at(self, places: Any) -> list[str]:
        """The texts at these places."""
        chosen = np.asarray(places, np.int64)
        spans = zip(self.ends[chosen].tolist(), self.ends[chosen + 1].tolist(), strict=True)
        return [self.content[start:end].tobytes().decode() for start, end in spans]


@dataclass(frozen=True, slots=True)
class Rows:
    """Row-wise lists of places and weights (a sparse matrix that is only ever read by row)."""

    ends: Any
    places: Any
    weights: Any

    @classmethod
    def of(cls, matrix: Any) -> Self:
        """The rows of a sparse matrix, each in ascending order of place."""
        rows = matrix.tocsr()
        rows.sum_duplicates()
        rows.sort_indices()
        ends = rows.indptr.astype(np.int32 if rows.nnz <= np.iinfo(np.int32).max else np.int64)
        return cls(ends, rows.indices.astype(np.int32), rows.data.astype(np.float32))

    def row(self, row: int) -> tuple[Any, Any]:
        """Places and weights of one row."""
        near = slice(self.ends[row], self.ends[row + 1])
        return self.places[near], self.weights[near]

    def gather(self, rows: Any) -> tuple[Any, Any]:
        """All places of several rows, and for each the position in `rows` it came from."""
        starts, counts = self.ends[rows], self.ends[rows + 1] - self.ends[rows]
        origin = np.repeat(np.arange(len(rows)), counts)
        offset = np.arange(len(origin)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self.places[np.repeat(starts, counts) + offset], origin


def write(folder: Path, arrays: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Publish arrays and facts as `folder`, which must not exist yet; a crash leaves nothing under that name."""
    if folder.exists():
        raise FileExistsError(folder)
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.aside")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    digests = {f"{name}.npy": _write_array(aside / f"{name}.npy", array) for name, array in sorted(arrays.items())}
    manifest = json.dumps({**facts, "files": digests}, ensure_ascii=False, sort_keys=True)
    _write_bytes(aside / MANIFEST, manifest.encode())
    _settle(aside)
    aside.rename(folder)
    _settle(folder.parent)


def read(folder: Path, *, version: str, mmap: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arrays and facts of a published index; raises BrokenIndex unless every byte is as it was written."""
    try:
        facts = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files, written_by = facts.pop("files"), facts["engine_version"]
    except (OSError, ValueError, KeyError, AttributeError) as problem:
        raise BrokenIndex(f"{folder}: no readable manifest") from problem
    if written_by != version:
        raise BrokenIndex(f"{folder}: written by engine {written_by}, this is {version}")
    return {Path(name).stem: _read_array(folder / name, digest, mmap=mmap) for name, digest in files.items()}, facts


def _write_array(path: Path, array: Any) -> str:
    with path.open("wb") as file:
        np.save(file, np.ascontiguousarray(array), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    return _digest(path)


def _write_bytes(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_array(path: Path, digest: str, *, mmap: bool) -> Any:
    try:
        if _digest(path) != digest:
            raise BrokenIndex(f"{path}: not as it was written")
        # A plain array over the mapped pages: numpy's own memmap class makes every small slice dear.
        return np.asarray(np.load(path, mmap_mode="r" if mmap else None, allow_pickle=False))
    except (OSError, ValueError) as problem:
        raise BrokenIndex(f"{path}: cannot be read") from problem
