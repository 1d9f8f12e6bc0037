"""What holds of the findings of any ledger."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.deals.signals import Ledger, Rule, findings_of
from tests.deals.signals.ledgers import ledgers

STATISTICAL = {Rule.ROUND_HEAP, Rule.MONTH_END}


@settings(max_examples=60, deadline=None)
@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_of_the_deals_does_not_matter(ledger, random):
    shuffled = list(ledger.deals)
    random.shuffle(shuffled)

    assert findings_of(Ledger(shuffled, ledger.firms)) == findings_of(ledger)


@settings(max_examples=60, deadline=None)
@given(ledgers())
def test_a_finding_names_deals_of_the_ledger_once_and_has_an_address_of_its_own(ledger):
    found = findings_of(ledger)

    known = {deal.id for deal in ledger.deals}
    assert all(each.rows and set(each.rows) <= known and len(set(each.rows)) == len(each.rows) for each in found)
    assert len({each.key for each in found}) == len(found)
    assert all(len(each.key) == 20 and each.key.isalnum() for each in found)


@settings(max_examples=60, deadline=None)
@given(ledgers())
def test_what_is_seen_in_the_deals_of_two_firms_needs_no_others(ledger):
    """The rules about a pair find the same among its own deals, so that a reader of one region misses nothing there."""
    of_pairs = {Rule.SAME_PAIR, Rule.RECIPROCAL, Rule.RELATED, Rule.ABOVE_REVENUE}
    pairs = {deal.pair for deal in ledger.deals}
    alone = [
        found
        for pair in pairs
        for found in findings_of(Ledger([deal for deal in ledger.deals if deal.pair == pair], ledger.firms))
        if found.rule in of_pairs
    ]

    whole = [found for found in findings_of(ledger) if found.rule in of_pairs]
    assert sorted(each.key for each in alone) == sorted(each.key for each in whole)


@settings(max_examples=60, deadline=None)
@given(ledgers())
def test_whoever_buys_a_pair_is_a_pair(ledger):
    of_pairs = {Rule.SAME_PAIR, Rule.RECIPROCAL, Rule.RELATED}
    turned = [replace(deal, buyer=deal.seller, seller=deal.buyer) for deal in ledger.deals]

    assert {each.key for each in findings_of(Ledger(turned, ledger.firms)) if each.rule in of_pairs} == {
        each.key for each in findings_of(ledger) if each.rule in of_pairs
    }


@settings(max_examples=60, deadline=None)
@given(ledgers())
def test_fewer_than_eight_deals_are_never_tested_for_a_pattern(ledger):
    found = findings_of(Ledger(ledger.deals[:7], ledger.firms))

    assert [each for each in found if each.rule in STATISTICAL] == []
