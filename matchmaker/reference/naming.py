"""The words company names are made of, and the learned weights by which two names are compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from matchmaker.reference.files import read_json


@dataclass(frozen=True, slots=True)
class NameWords:
    """Places firms are named after, their one-character forms (鄂 is 湖北), and words of organisation and of trade."""

    places: tuple[str, ...]
    short_places: dict[str, str]
    organisation: tuple[str, ...]
    trades: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameWeights:
    """A small network as plain numbers: a hidden row for each unit, then what it and each measure add to the score."""

    hidden: tuple[tuple[float, ...], ...]
    hidden_bias: tuple[float, ...]
    output: tuple[float, ...]
    direct: tuple[float, ...]
    bias: float


@cache
def name_words() -> NameWords:
    """The words of company names."""
    words = read_json("name_words.json")
    return NameWords(
        places=tuple(words["places"]),
        short_places=dict(words["short_places"]),
        organisation=tuple(words["organisation"]),
        trades=tuple(words["trades"]),
    )


@cache
def name_weights() -> NameWeights:
    """The weights of the comparison, as benchmarks/naming learned them from coined names."""
    held = read_json("name_weights.json")
    return NameWeights(
        hidden=tuple(map(tuple, held["hidden"])),
        hidden_bias=tuple(held["hidden_bias"]),
        output=tuple(held["output"]),
        direct=tuple(held["direct"]),
        bias=float(held["bias"]),
    )
