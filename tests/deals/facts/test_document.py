"""What is JSON, and the line of what is not."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from matchmaker.deals.facts import MalformedFacts, decode_facts
from tests.deals.facts.documents import LEDGER, changed, facts_of, line_of


@pytest.mark.parametrize(
    ("rate", "exact"), [("0.000001", "0.000001"), ("10000", "10000"), ("71e-1", "7.1"), ("8", "8")]
)
def test_a_rate_is_the_exact_decimal_that_was_written(rate, exact):
    text = json.dumps(LEDGER).replace('"rate": 7.1', f'"rate": {rate}')

    assert decode_facts(text.encode()).deals[0].rate == Decimal(exact)


@pytest.mark.parametrize("rate", ["1e999999999999999999999999", "1" * 5000, "1e400"], ids=len)
def test_a_rate_beyond_measure_is_refused_at_its_place(rate):
    text = json.dumps(LEDGER).replace('"rate": 7.1', f'"rate": {rate}')

    with pytest.raises(MalformedFacts) as refused:
        decode_facts(text.encode())
    assert refused.value.path == "deals[0].rate"


def test_a_key_given_twice_is_refused():
    text = json.dumps(LEDGER)

    for once, path in [
        ('"months": 1200', "deals[0].months"),
        ('"deals": [', "deals"),
        ('"annualise": false', "rules.annualise"),
        ('"side": "buyer"', "events[0].check_ins[0].side"),
    ]:
        key = once.split(":")[0]
        with pytest.raises(MalformedFacts) as refused:
            decode_facts(text.replace(once, f"{key}: null, {once}", 1).encode())
        assert refused.value.path == path


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ('{"deals": [\n\n,]}', 3),
        ('{"deals": []}\n{}', 2),
        ("{'deals': []}", 1),
        ('{"deals": [], }', 1),
        ('{"name": "a\nb"}', 1),
        (b'{"deals":\n\n"\xff"}', 3),
        ('{"rules": null,\n"deals": [],\n"enterprises": [], "events": NaN}', 3),
        ("Infinity", 1),
        ("[" * 100_000, 1),
    ],
)
def test_what_is_not_json_is_refused_with_its_line(text, line):
    assert line_of(text) == line


def test_a_word_that_is_not_json_is_named_with_its_path_too():
    text = json.dumps(LEDGER, indent=0).replace('"amount": 100,', '"amount": NaN,')

    with pytest.raises(MalformedFacts) as refused:
        decode_facts(text.encode())
    assert refused.value.path == "deals[0].amount"
    assert text.splitlines()[refused.value.line - 1] == '"amount": NaN,'


def test_a_name_may_contain_the_words_that_json_does_not_know():
    named = changed(["enterprises", 0, "name"], 'NaN "Infinity\\')

    assert facts_of(named).enterprises[0].name == 'NaN "Infinity\\'
    text = json.dumps(named, indent=0).replace('"hold_amount": 5', '"hold_amount": -Infinity')
    assert line_of(text) == next(n for n, row in enumerate(text.splitlines(), 1) if row.startswith('"hold_amount"'))


@pytest.mark.parametrize("digits", [21, 5_000])
def test_an_endless_figure_is_refused_at_its_place(digits):
    text = json.dumps(LEDGER).replace('"amount": 100,', f'"amount": {"9" * digits},')

    with pytest.raises(MalformedFacts) as refused:
        decode_facts(text.encode())
    assert refused.value.path == "deals[0].amount"


def test_a_file_may_begin_with_a_byte_order_mark():
    assert decode_facts(b"\xef\xbb\xbf" + json.dumps(LEDGER).encode()) == facts_of(LEDGER)
