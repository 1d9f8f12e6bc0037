"""The typed decoder takes only what the strict readers take, and gives the same facts."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.deals.counting import Facts
from matchmaker.deals.facts import MalformedFacts
from matchmaker.deals.facts.document import document_of
from matchmaker.deals.facts.ledger import strict_facts
from matchmaker.deals.facts.typed import typed_facts
from tests.deals.facts.documents import LEDGER

ODD_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 2),
    st.sampled_from(
        [10**15, 10**15 + 1, 1200, 1201, 5.0, "", "E1", "甲", "purchase", "CNY", "USD", "7.1", 0.000001, 10_000, [], {}]
    ),
    st.sampled_from(
        [
            "2024-03-21T00:00:00Z",
            "2024-03-21T00:00:00z",
            "2024-03-21 00:00:00Z",
            "2024-03-21T00:00:00.5Z",
            "2024-03-21T00:00:00.500000+08:00",
            "2024-03-21T00:00:00",
            "2024-02-30T00:00:00Z",
            "1999-12-31T23:59:59Z",
            "20240321T000000Z",
            "2024-03-21",
            "420600",
            "４２０６００",
        ]
    ),
    st.text(max_size=3),
)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a document that holds a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for step, each in inner for place in places(each, (*path, step)))]


def strictly(content: bytes) -> Facts | None:
    try:
        return strict_facts(document_of(content))
    except MalformedFacts:
        return None


def replaced(path: tuple[str | int, ...], value: object) -> object:
    document = copy.deepcopy(LEDGER)
    inside = document
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    return document


def test_an_ordinary_ledger_is_read_by_the_typed_decoder() -> None:
    content = json.dumps(LEDGER).encode()

    assert typed_facts(content) == strictly(content) is not None


def test_a_byte_order_mark_and_optional_nulls_do_not_slow_the_reading() -> None:
    document = copy.deepcopy(LEDGER) | {"rules": None, "frozen_months": None}
    document["deals"][1] |= {"event": None, "currency": None, "rate": None, "amount_max": None}
    content = b"\xef\xbb\xbf" + json.dumps(document, ensure_ascii=False).encode()

    assert typed_facts(content) == strictly(content) is not None


@given(path=st.sampled_from([place for place in places(LEDGER) if place]), value=ODD_VALUES)
def test_whatever_stands_in_a_place_the_decoder_agrees_or_leaves_it_to_the_strict_readers(path, value) -> None:
    content = json.dumps(replaced(path, value)).encode("utf-8", "surrogatepass")
    typed = typed_facts(content)

    assert typed is None or typed == strictly(content)


@given(path=st.sampled_from([place for place in places(LEDGER) if place]), value=ODD_VALUES)
def test_what_the_strict_readers_take_the_decoder_takes_too(path, value) -> None:
    content = json.dumps(replaced(path, value)).encode("utf-8", "surrogatepass")

    assert (typed_facts(content) is None) == (strictly(content) is None)


@pytest.mark.parametrize(
    "field", ['"id": "D1"', '"amount": 100', '"hold_amount": 5', '"month": "2024-03"', '"by": "buyer"', '"rate": 7.1']
)
def test_a_field_given_twice_is_left_to_the_strict_readers(field: str) -> None:
    twice = json.dumps(LEDGER).replace(field, f"{field}, {field}", 1)

    assert typed_facts(twice.encode()) is None


def test_a_list_given_twice_is_left_to_the_strict_readers() -> None:
    twice = json.dumps(LEDGER).replace("{", '{"deals": [], ', 1)

    assert typed_facts(twice.encode()) is None


def test_a_colon_hidden_in_an_escape_cannot_stand_in_for_a_field_given_twice() -> None:
    text = json.dumps(LEDGER).replace('"id": "D1"', '"id": "D1", "id": "D1"').replace("D2", "D\\u003a2")

    assert typed_facts(text.encode()) is None


def test_colons_in_texts_are_texts() -> None:
    content = json.dumps(LEDGER, ensure_ascii=False).replace("甲厂", "甲:厂：").encode()

    assert typed_facts(content) == strictly(content) is not None
