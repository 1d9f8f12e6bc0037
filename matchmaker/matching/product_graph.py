"""A product graph an operator has loaded: which product is made from which, beside what the chains say.

    <data>/graph/<version>.json    the links, named after their content
    <data>/graph/CURRENT           which of them the next index is built with; replaced by one rename

It is learned knowledge about products in general, such as the public graph of listed companies, and none of it is
shipped. Without one the chains alone tell what flows.
"""

from __future__ import annotations

import hashlib
import json
import logging
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from matchmaker.db import utcnow
from matchmaker.matching.durable import replace_file
from matchmaker.matching.engine import ProductLink

log = logging.getLogger(__name__)

FOLDER: Final = "graph"
POINTER: Final = "CURRENT"
MOST_BYTES: Final = 200_000_000
MOST_LINKS: Final = 1_000_000
_LONGEST: Final = 200  # characters of a product's name
_VERSION_LENGTH: Final = 16
_KINDS: Final = frozenset(get_args(get_type_hints(ProductLink)["kind"]))
_GZIP: Final = b"\x1f\x8b"


class UnreadableGraph(Exception):
    """The file is no product graph; the message says where it stops being one."""


@dataclass(frozen=True, slots=True)
class LoadedGraph:
    """Which graph is in use: where it came from, when, and how many links of each kind it holds."""

    version: str
    file_name: str
    loaded_at: str
    kinds: dict[str, int]


def load_graph(data_dir: Path, source: Path) -> LoadedGraph:
    """Take a file of links, .json or .json.gz, into use from the next index on. Raises UnreadableGraph."""
    links = list(dict.fromkeys(_links(_parsed(source))))
    content = json.dumps([[link.product, link.other, link.kind] for link in links], ensure_ascii=False).encode()
    loaded = LoadedGraph(
        version=_name_of(content),
        file_name=source.name,
        loaded_at=utcnow().isoformat(),
        kinds=dict(sorted(Counter(link.kind for link in links).items())),
    )
    root = data_dir / FOLDER
    root.mkdir(parents=True, exist_ok=True)
    replace_file(_path(data_dir, loaded.version), content)
    replace_file(root / POINTER, json.dumps(asdict(loaded), ensure_ascii=False).encode())
    return loaded


def graph_in_use(data_dir: Path) -> LoadedGraph | None:
    """Which graph the next index is built with, if any."""
    try:
        return LoadedGraph(**json.loads((data_dir / FOLDER / POINTER).read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        log.exception("the pointer to the product graph cannot be read")
        return None


def remove_graph(data_dir: Path) -> LoadedGraph | None:
    """Have the next index built from the chains alone; the file is kept. Returns what was in use."""
    loaded = graph_in_use(data_dir)
    (data_dir / FOLDER / POINTER).unlink(missing_ok=True)
    return loaded


def links_in_use(data_dir: Path) -> tuple[ProductLink, ...]:
    """The links of the graph in use; a file that is gone or not as it was written is left out, and logged."""
    loaded = graph_in_use(data_dir)
    if loaded is None:
        return ()
    try:
        content = _path(data_dir, loaded.version).read_bytes()
    except OSError:
        content = b""
    if _name_of(content) != loaded.version:
        log.error("product graph refused: not as it was written", extra={"graph": loaded.version})
        return ()
    return tuple(ProductLink(*link) for link in json.loads(content))


def _parsed(source: Path) -> Any:
    try:
        content = source.read_bytes()
        if content.startswith(_GZIP):
            content = _unpacked(content)
        return json.loads(content)
    except (OSError, EOFError, zlib.error) as problem:
        raise UnreadableGraph(f"{source.name}: cannot be read ({problem})") from problem
    except (ValueError, RecursionError) as problem:
        raise UnreadableGraph(f"{source.name}: is not JSON") from problem


def _unpacked(content: bytes) -> bytes:
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    plain = unpacker.decompress(content, MOST_BYTES)
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise UnreadableGraph(f"larger than {MOST_BYTES:,} bytes, or cut short")
    return plain


def _links(parsed: Any) -> Iterator[ProductLink]:
    if not isinstance(parsed, list) or not parsed:
        raise UnreadableGraph("expected a list of [product, other, kind]")
    if len(parsed) > MOST_LINKS:
        raise UnreadableGraph(f"{len(parsed):,} links; at most {MOST_LINKS:,} can be used")
    for number, entry in enumerate(parsed, 1):
        yield _link(number, entry)


def _link(number: int, entry: Any) -> ProductLink:
    if not isinstance(entry, list) or len(entry) != 3 or not all(isinstance(each, str) for each in entry):  # noqa: PLR2004
        raise UnreadableGraph(f"link {number}: expected [product, other, kind]")
    product, other, kind = (each.strip() for each in entry)
    if kind not in _KINDS:
        raise UnreadableGraph(f"link {number}: kind is {kind[:20]!r}; expected {', '.join(sorted(_KINDS))}")
    if not product or not other or max(len(product), len(other)) > _LONGEST or not f"{product}{other}".isprintable():
        raise UnreadableGraph(f"link {number}: a product's name is 1 to {_LONGEST} printable characters")
    return ProductLink(product, other, kind)


def _path(data_dir: Path, version: str) -> Path:
    return data_dir / FOLDER / f"{version}.json"


def _name_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_VERSION_LENGTH]
