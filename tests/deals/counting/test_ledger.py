"""What the entries of a deal amount to: consent, amounts, verification, dispute."""

from __future__ import annotations

from decimal import Decimal

import pytest

from matchmaker.deals.counting import (
    DealCount,
    DealKind,
    DealReason,
    EntryFacts,
)
from tests.deals.counting.ledgers import (
    YI,
    agreed,
    counted,
    deal,
    declared,
    entry,
    firm,
    only,
)


def test_a_deal_counts_once_both_sides_consented():
    assert only(deal(entries=declared())).reason == "unconfirmed"
    assert only(deal()) == DealCount(True, 1_000_000, "2024-03", False, DealReason.COUNTED, 1_000_000, 1, None)


def test_an_office_that_declares_consents_for_nobody():
    office = entry("declare", "office", "2024-03-01")
    buyer, seller = (entry("confirm", side, "2024-03-02") for side in ("buyer", "seller"))

    assert only(deal(entries=[office, buyer])).reason == "unconfirmed"
    assert only(deal(entries=[office, buyer, seller])).reason == "counted"


def test_a_side_that_declares_again_has_confirmed():
    assert only(deal(entries=[*declared(), entry("declare", "seller", "2024-03-11")])).reason == "counted"
    assert only(deal(entries=[*declared(), entry("declare", "office", "2024-03-11")])).reason == "unconfirmed"
    assert only(deal(entries=[*declared(), entry("confirm", "buyer", "2024-03-11")])).reason == "unconfirmed"


def test_an_amended_amount_waits_for_the_other_side():
    amended = [*agreed(), entry("amend", "buyer", "2024-03-11", 700_000)]

    assert only(deal(entries=amended)).amount == 1_000_000
    assert only(deal(entries=[*amended, entry("confirm", "buyer", "2024-03-12")])).amount == 1_000_000
    assert only(deal(entries=[*amended, entry("confirm", "seller", "2024-03-12")])).amount == 700_000


def test_an_amendment_by_an_office_needs_both_sides():
    amended = [*agreed(), entry("amend", "office", "2024-03-11", 700_000), entry("confirm", "seller", "2024-03-12")]

    assert only(deal(entries=amended)).amount == 1_000_000
    assert only(deal(entries=[*amended, entry("confirm", "buyer", "2024-03-13")])).amount == 700_000


def test_a_confirmation_is_for_the_newest_version_only():
    entries = [
        *agreed(),
        entry("amend", "buyer", "2024-03-11", 700_000),
        entry("amend", "seller", "2024-03-12", 600_000),
    ]

    assert only(deal(entries=[*entries, entry("confirm", "seller", "2024-03-13")])).amount == 1_000_000
    assert only(deal(entries=[*entries, entry("confirm", "buyer", "2024-03-13")])).amount == 600_000


def test_an_unconfirmed_deal_stands_at_its_first_amount():
    entries = [*declared(), entry("amend", "buyer", "2024-03-11", 700_000)]
    unconfirmed = counted(deal(entries=entries, months=24))

    assert unconfirmed.deals["D1"].amount == 500_000
    assert (unconfirmed.declared, unconfirmed.confirmed) == (1_000_000, 0)
    assert only(deal(entries=[*entries, entry("confirm", "seller", "2024-03-12")])).amount == 700_000


def test_entries_are_read_by_their_moments_and_ties_as_written():
    amend, confirm = entry("amend", "buyer", "2024-03-11", 700_000), entry("confirm", "seller", "2024-03-11")

    assert only(deal(entries=[*declared(), amend, confirm])).amount == 700_000
    assert only(deal(entries=[*declared(), confirm, amend])).amount == 1_000_000
    assert only(deal(entries=[entry("confirm", "seller", "2024-03-11"), *declared()])).month == "2024-03"


def test_a_long_deal_counts_for_one_year_of_it_rounded_down():
    assert only(deal(months=13, amount=1_000_000)).amount == 923_076
    assert only(deal(months=12, amount=1_000_000)).amount == 1_000_000
    assert only(deal(months=1, amount=1_000_000)).amount == 1_000_000
    assert only(deal(months=36, amount=1_000_000), annualise=False).amount == 1_000_000
    assert counted(deal(months=36, amount=900_000)).confirmed == 900_000


def test_a_range_counts_at_its_lower_bound():
    result = counted(deal(amount=500, amount_max=900))

    assert (result.declared, result.net) == (500, 500)


def test_foreign_money_is_rounded_down_before_annualising():
    foreign = deal(amount=7, months=24, currency="USD", rate=Decimal("7.2001"))

    assert (only(foreign).full_amount, only(foreign).amount) == (50, 25)
    exact = deal(amount=10**15, currency="USD", rate=Decimal("9999.999999999999999999999999999999"))
    assert only(exact, hold_amount=10**20).full_amount == 10**19 - 1


def test_an_amended_foreign_amount_is_in_that_currency_too():
    entries = [*agreed(), entry("amend", "buyer", "2024-03-11", 3), entry("confirm", "seller", "2024-03-12")]

    assert only(deal(entries=entries, amount=7, currency="JPY", rate=Decimal("0.5"))).amount == 1


def test_stages_of_one_deal_are_never_summed():
    stages = [entry("contract", "buyer", "2024-04-01"), entry("deliver", "seller", "2024-05-01")]

    assert counted(deal(entries=[*agreed(), *stages])).net == 1_000_000


def test_totals_by_assurance_sum_full_amounts_whatever_stops_them():
    verify = entry("verify", "office", "2024-03-11")
    result = counted(
        deal("declared", declared(), amount=1),
        deal("confirmed", amount=20, months=24),
        deal("verified", [*agreed(), verify], amount=300),
        deal("duplicate", duplicate_of="verified", amount=4_000),
        deal("disputed", [*agreed(), verify, entry("dispute", "seller", "2024-03-12")], amount=50_000),
        deal("withdrawn", [*agreed(), entry("withdraw", "seller", "2024-03-12")], amount=600_000),
        deal("credit", kind=DealKind.CREDIT, amount=7_000_000),
        deal("verified first", [*declared(), verify], amount=80_000_000),
    )

    assert result.declared == 80_654_321
    assert result.confirmed == 654_320
    assert result.verified == 50_300


def test_a_verification_covers_the_amount_then_in_force():
    verify, amend = entry("verify", "office", "2024-03-11"), entry("amend", "buyer", "2024-03-12", 2 * YI)
    confirm, again = entry("confirm", "seller", "2024-03-13"), entry("verify", "office", "2024-03-14")
    large = {"amount": 3 * YI, "hold_amount": YI}
    hold = large.pop("hold_amount")

    def found(*entries: EntryFacts) -> tuple[str, int]:
        result = only(deal(entries=[*agreed(), *entries], **large), hold_amount=hold)
        return result.reason, result.assurance

    assert found() == ("held", 1)
    assert found(verify) == ("counted", 2)
    assert found(verify, amend) == ("counted", 2)
    assert found(verify, amend, confirm) == ("held", 1)
    assert found(amend, verify, confirm) == ("held", 1)
    assert found(verify, amend, confirm, again) == ("counted", 2)


def test_a_new_version_of_the_same_amount_must_be_verified_again():
    entries = [entry("verify", "office", "2024-03-11"), entry("amend", "buyer", "2024-03-12", 1_000_000)]

    assert only(deal(entries=[*agreed(), *entries])).assurance == 2
    assert only(deal(entries=[*agreed(), *entries, entry("confirm", "seller", "2024-03-13")])).assurance == 1


def test_a_verification_before_the_second_consent_covers_the_first_amount():
    early = [*declared(), entry("verify", "office", "2024-03-11")]

    assert only(deal(entries=early)).assurance == 0
    assert only(deal(entries=[*early, entry("confirm", "seller", "2024-03-12")])).assurance == 2


def test_a_deal_is_held_from_the_full_amount_on():
    assert only(deal(amount=YI), hold_amount=YI).reason == "held"
    assert only(deal(amount=YI - 1), hold_amount=YI).reason == "counted"
    assert only(deal(amount=YI, months=24), hold_amount=YI).reason == "held"
    assert only(deal(amount=10 * YI)).reason == "held"
    assert only(deal(amount=10 * YI - 1)).reason == "counted"


@pytest.mark.parametrize(("buyer", "seller"), [(100, None), (None, 100), (100, 10**9)])
def test_a_deal_larger_than_a_multiple_of_known_revenue_is_held(buyer, seller):
    firms = [firm("A", last_year_revenue=buyer), firm("B", last_year_revenue=seller)]

    assert only(deal(amount=300), firms=firms).reason == "counted"
    assert only(deal(amount=301), firms=firms).reason == "held"
    assert only(deal(amount=201), firms=firms, hold_revenue_multiple=2).reason == "held"


def test_a_revenue_of_nothing_is_known():
    firms = [firm("A", last_year_revenue=0), firm("B")]

    assert only(deal(amount=1), firms=firms).reason == "held"
    assert only(deal(amount=0), firms=firms).reason == "counted"


def test_of_dispute_and_resolve_the_latest_decides_whoever_wrote_it():
    dispute, resolve = entry("dispute", "seller", "2024-03-11"), entry("resolve", "office", "2024-03-12")

    assert only(deal(entries=[*agreed(), dispute])).reason == "disputed"
    assert only(deal(entries=[*agreed(), dispute, resolve])).reason == "counted"
    assert (
        only(deal(entries=[*agreed(), dispute, resolve, entry("dispute", "office", "2024-03-13")])).reason == "disputed"
    )
    assert only(deal(entries=[*agreed(), dispute])).assurance == 1
