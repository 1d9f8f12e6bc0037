"""Words of the trades beyond the products of the chains, and words of trades in no chain."""

from __future__ import annotations

from functools import cache

from matchmaker.reference.files import read_json


@cache
def trade_words() -> dict[str, tuple[str, ...]]:
    """By segment code, other words in which its products and services are written."""
    return {code: tuple(words.split()) for code, words in read_json("trade_words.json")["segments"].items()}


@cache
def outside_words() -> dict[str, tuple[str, ...]]:
    """By topic, goods, services and headings of accounts that belong to no chain."""
    return {topic: tuple(words.split()) for topic, words in read_json("trade_words.json")["outside"].items()}
