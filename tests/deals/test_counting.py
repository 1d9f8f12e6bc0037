"""The counting rules, sentence by sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.deals.counting import (
    RULE_VERSION,
    RULES,
    By,
    CheckInFacts,
    Count,
    DealCount,
    DealFacts,
    DealKind,
    DealReason,
    EnterpriseFacts,
    EnterpriseKind,
    EntryFacts,
    EntryType,
    EventFacts,
    EventReason,
    Facts,
    FrozenMonth,
    Rules,
    Side,
    count,
    month_of,
    standing,
)

YI = 100_000_000
AS_OF = date(2024, 12, 31)
WUHAN, XIANGYANG, YICHANG = "420100", "420600", "420500"


def moment(text: str) -> datetime:
    """`2024-05-01` or `2024-05-01 18:30` in Shanghai."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def firm(code: str, region: str | None = WUHAN, **known) -> EnterpriseFacts:
    return EnterpriseFacts(credit_code=code, name=code, region=region, kind=EnterpriseKind.ENTERPRISE, **known)


def entry(type_: str, by: str, at: str, amount: int | None = None) -> EntryFacts:
    return EntryFacts(EntryType(type_), By(by), moment(at), amount)


def declared(at: str = "2024-03-10", by: str = "buyer") -> list[EntryFacts]:
    return [entry("declare", by, at)]


def agreed(at: str = "2024-03-10", confirmed: str | None = None) -> list[EntryFacts]:
    return [*declared(at), entry("confirm", "seller", confirmed or at)]


def deal(id_: str = "D1", entries: list[EntryFacts] | None = None, **known) -> DealFacts:
    facts = {"buyer": "A", "seller": "B", "kind": DealKind.PURCHASE, "amount": 1_000_000, "months": 12} | known
    return DealFacts(id=id_, entries=agreed() if entries is None else entries, **facts)


def checked_in(codes: str, side: str = "buyer", at: str = "2024-03-20 09:00") -> list[CheckInFacts]:
    return [CheckInFacts(code, Side(side), moment(at)) for code in codes]


def event(id_: str = "E1", check_ins: list[CheckInFacts] | None = None, **known) -> EventFacts:
    facts = {"organiser": YICHANG, "held_on": date(2024, 3, 20), "own_matching": True, "approved": True} | known
    return EventFacts(id=id_, check_ins=check_ins or [], **facts)


def frozen(month: str, at: str) -> FrozenMonth:
    return FrozenMonth(month, moment(at))


def counted(*deals: DealFacts, firms=None, events=(), months=(), as_of: date = AS_OF, **rules) -> Count:
    firms = [firm("A"), firm("B", XIANGYANG)] if firms is None else firms
    return count(Facts(firms, events, deals, months, Rules(**rules)), as_of)


def only(deal_: DealFacts, **known) -> DealCount:
    return counted(deal_, **known).deals[deal_.id]


def event_reason(event_: EventFacts, firms=None, *, as_of: date = AS_OF, floor: int = 2) -> EventReason:
    firms = [firm("A"), firm("B")] if firms is None else firms
    return counted(firms=firms, events=[event_], as_of=as_of, min_enterprises=floor).events[event_.id].reason


TWO_SIDES = checked_in("A", "buyer") + checked_in("B", "seller")


# ---- the example everybody is shown


def test_the_worked_example_comes_to_a_net_of_580_million():
    verified = entry("verify", "office", "2024-03-12")
    result = counted(
        deal("1", [*agreed(), verified], amount=300_000_000),
        deal("2", [*agreed(), verified], amount=300_000_000, duplicate_of="1"),
        deal("3", [*agreed(), verified], amount=600_000_000, months=36),
        deal("4", declared(), amount=50_000_000),
        deal("5", agreed("2024-03-28", "2024-04-10"), amount=80_000_000, event="E1"),
        deal("6", [*agreed("2024-05-10"), entry("withdraw", "seller", "2024-07-02")], amount=20_000_000),
        deal("7", [*agreed(), verified], amount=4_000_000_000, kind=DealKind.INVESTMENT),
        events=[event()],
        months=[frozen("2024-03", "2024-04-05")],
    )

    assert (result.declared, result.gross, result.withdrawn, result.net) == (
        1_350_000_000,
        600_000_000,
        20_000_000,
        580_000_000,
    )
    assert result.by_kind == {
        "purchase": 580_000_000,
        "technology": 0,
        "investment": 40 * YI,
        "credit": 0,
        "framework": 0,
    }
    assert {month: (m.on_time, m.late, m.withdrawn, m.net) for month, m in result.by_month.items()} == {
        "2024-03": (500_000_000, 0, 0, 500_000_000),
        "2024-04": (0, 80_000_000, 0, 80_000_000),
        "2024-05": (20_000_000, 0, 0, 20_000_000),
        "2024-07": (0, 0, 20_000_000, -20_000_000),
    }
    assert [d.reason for d in result.deals.values()] == [
        "counted", "duplicate", "counted", "unconfirmed", "counted", "withdrawn", "other_kind",
    ]  # fmt: skip


def test_the_answer_says_its_day_and_its_rule_version():
    result = counted()

    assert (result.as_of, result.rule_version) == (AS_OF, RULE_VERSION)
    assert list(RULES) == [f"R{number}" for number in range(1, 21)]


# ---- events


def test_an_event_with_both_sides_and_enough_enterprises_counts():
    assert event_reason(event(check_ins=TWO_SIDES)) == "counted"
    assert event_reason(event(check_ins=TWO_SIDES), floor=3) == "too_few"


def test_the_floor_is_ten_unless_the_programme_says_otherwise():
    nine, ten = [checked_in(codes, "buyer") + checked_in("A", "seller") for codes in ("ABCDEFGHI", "ABCDEFGHIJ")]
    result = counted(firms=[firm(code) for code in "ABCDEFGHIJ"], events=[event("9", nine), event("10", ten)])

    assert {id_: found.reason for id_, found in result.events.items()} == {"9": "too_few", "10": "counted"}


@pytest.mark.parametrize("side", ["buyer", "seller"])
def test_an_event_with_one_side_only_does_not_count(side):
    assert event_reason(event(check_ins=checked_in("AB", side))) == "one_sided"


def test_a_firm_on_both_sides_is_one_enterprise_and_serves_both_sides():
    both = checked_in("A", "buyer") + checked_in("A", "seller")

    assert event_reason(event(check_ins=both), floor=1) == "counted"
    assert event_reason(event(check_ins=both), floor=2) == "too_few"


@pytest.mark.parametrize("kind", ["institution", "university", "bank", "association"])
def test_only_enterprises_count_towards_the_floor_and_the_sides(kind):
    firms = [firm("A"), firm("B"), replace(firm("C"), kind=EnterpriseKind(kind))]

    assert event_reason(event(check_ins=checked_in("A") + checked_in("C", "seller")), firms, floor=2) == "too_few"
    assert event_reason(event(check_ins=checked_in("AB") + checked_in("C", "seller")), firms) == "one_sided"
    assert (
        counted(firms=firms, events=[event(check_ins=TWO_SIDES + checked_in("C"))], min_enterprises=1).attendances == 2
    )


def test_the_first_fault_of_an_event_is_its_reason():
    faults = {"held_on": date(2025, 1, 1), "approved": False, "own_matching": False}
    reasons = []
    for fault in (*faults, None):
        reasons.append(event_reason(event(check_ins=checked_in("A"), **faults)))
        if fault:
            del faults[fault]

    assert reasons == ["after_as_of", "not_approved", "no_own_matching", "too_few"]


def test_an_event_of_the_day_itself_has_been_held():
    held = event(check_ins=checked_in("AB") + checked_in("A", "seller"))

    assert event_reason(held, as_of=date(2024, 3, 19)) == "after_as_of"
    assert event_reason(held, as_of=date(2024, 3, 20)) == "counted"


def test_a_check_in_after_the_day_is_ignored():
    late = checked_in("B", "seller", "2024-03-21 00:00")
    in_time = checked_in("B", "seller", "2024-03-20 23:59:59.999999")

    assert event_reason(event(check_ins=checked_in("A") + late), as_of=date(2024, 3, 20)) == "too_few"
    assert event_reason(event(check_ins=checked_in("A") + in_time), as_of=date(2024, 3, 20)) == "counted"


def test_children_of_a_main_stage_count_by_their_own_check_ins():
    firms = [firm("A"), firm("B", None), firm("C")]
    result = counted(
        firms=firms,
        events=[
            event("main", TWO_SIDES + checked_in("C"), own_matching=False),
            event("east", TWO_SIDES, parent="main"),
            event("west", checked_in("A") + checked_in("AB", "seller"), parent="main"),
        ],
        min_enterprises=2,
    )

    assert result.events_counted == 2
    assert (result.enterprises, result.enterprises_in_province, result.attendances) == (2, 1, 4)
    assert result.events["main"].enterprises == {"A", "B", "C"}


# ---- consent and amounts


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


# ---- verification, dispute and hold


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


# ---- why a deal does not count


def test_the_first_reason_that_applies_is_the_reason():
    entries = [*declared(), entry("withdraw", "seller", "2024-03-20")]
    faults = {"event": "E1", "duplicate_of": "X", "seller": "A", "kind": DealKind.CREDIT, "amount": 10 * YI}
    given = {"as_of": AS_OF, "events": [event(held_on=date(2025, 1, 1))]}

    def reason() -> str:
        return only(deal(entries=entries, **faults), **given)

    assert reason().reason == "after_as_of"
    del faults["event"]
    assert reason().reason == "duplicate"
    del faults["duplicate_of"]
    assert reason().reason == "related_party"
    del faults["seller"]
    assert reason().reason == "unconfirmed"
    entries[1:1] = [entry("confirm", "seller", "2024-03-11"), entry("dispute", "seller", "2024-03-12")]
    assert reason().reason == "disputed"
    entries.insert(3, entry("resolve", "seller", "2024-03-13"))
    assert reason().reason == "held"
    entries.insert(4, entry("verify", "office", "2024-03-14"))
    assert reason().reason == "withdrawn"
    entries.pop()
    assert reason().reason == "other_kind"
    del faults["kind"]
    assert reason().reason == "counted"


def test_only_deals_in_gross_have_a_month():
    disputed = deal(entries=[*agreed("2024-03-01", "2024-04-10"), entry("dispute", "buyer", "2024-05-01")], event="E1")
    given = {"events": [event()], "months": [frozen("2024-03", "2024-04-01")]}

    assert (only(disputed, **given).month, only(disputed, **given).late) == (None, False)
    withdrawn = replace(disputed, entries=[*disputed.entries[:2], entry("withdraw", "buyer", "2024-05-01")])
    assert (only(withdrawn, **given).month, only(withdrawn, **given).late) == ("2024-04", True)
    credit = replace(disputed, entries=disputed.entries[:2], kind=DealKind.CREDIT)
    assert (only(credit, **given).month, only(credit, **given).late) == ("2024-04", True)


def test_a_deal_first_declared_after_the_day_is_in_no_total():
    result = counted(deal(entries=agreed("2024-06-01 00:00")), as_of=date(2024, 5, 31))

    assert result.deals["D1"] == DealCount(False, 0, None, False, DealReason.AFTER_AS_OF, 0, 0, None)
    assert (result.declared, result.confirmed, result.gross) == (0, 0, 0)


def test_entries_count_until_the_end_of_the_day_in_shanghai():
    at_the_end = deal(
        entries=[*declared(), EntryFacts(EntryType.CONFIRM, By.SELLER, datetime(2024, 5, 31, 15, 59, 59, 999_999, UTC))]
    )
    after = deal(entries=[*declared(), EntryFacts(EntryType.CONFIRM, By.SELLER, datetime(2024, 5, 31, 16, tzinfo=UTC))])

    assert only(at_the_end, as_of=date(2024, 5, 31)).reason == "counted"
    assert only(after, as_of=date(2024, 5, 31)).reason == "unconfirmed"


def test_a_deal_counts_whether_or_not_its_event_does():
    result = counted(deal(event="E1"), events=[event(approved=False)])

    assert result.events_counted == 0
    assert result.net == 1_000_000
    assert result.by_region_organiser == {YICHANG: 1_000_000}


def test_a_duplicate_never_counts_whatever_became_of_the_other():
    withdrawn = deal("1", [*agreed(), entry("withdraw", "buyer", "2024-04-01")])

    assert counted(withdrawn, deal("2", duplicate_of="1")).net == 0


RELATED = {
    "one parent": [firm("A", parent="P"), firm("B", parent="P"), firm("P")],
    "a parent not listed": [firm("A", parent="HOLDING"), firm("B", parent="HOLDING")],
    "parent and child": [firm("A"), firm("B", parent="A")],
    "a chain of parents": [firm("A", parent="C"), firm("C", parent="D"), firm("D", parent="P"), firm("B", parent="P")],
    "one representative": [firm("A", legal_representative="　王五 "), firm("B", legal_representative="王五")],
}


@pytest.mark.parametrize("firms", RELATED.values(), ids=RELATED)
def test_related_parties_do_not_count(firms):
    assert only(deal(), firms=firms).reason == "related_party"


UNRELATED = {
    "different parents": [firm("A", parent="P"), firm("B", parent="Q")],
    "empty representatives": [firm("A", legal_representative=" "), firm("B", legal_representative="　")],
    "unknown representatives": [firm("A"), firm("B")],
    "names spaced differently": [firm("A", legal_representative="王 五"), firm("B", legal_representative="王五")],
}


@pytest.mark.parametrize("firms", UNRELATED.values(), ids=UNRELATED)
def test_strangers_count(firms):
    assert only(deal(), firms=firms).reason == "counted"


def test_a_firm_does_not_deal_with_itself():
    assert only(deal(seller="A")).reason == "related_party"


def test_parents_that_form_a_circle_are_a_fault_not_an_endless_walk():
    with pytest.raises(ValueError, match="circle"):
        counted(deal(), firms=[firm("A", parent="B"), firm("B", parent="A")])


# ---- totals


def test_gross_less_withdrawn_is_net():
    withdrawn = [*agreed(), entry("withdraw", "office", "2024-04-01")]
    result = counted(
        deal("1", amount=500),
        deal("2", withdrawn, amount=30, months=36),
        deal("3", [*declared(), entry("withdraw", "buyer", "2024-04-01")], amount=7),
        deal("4", withdrawn, amount=9, duplicate_of="1"),
        deal("5", withdrawn, amount=11, kind=DealKind.CREDIT),
    )

    assert (result.gross, result.withdrawn, result.net) == (510, 10, 500)
    assert result.by_kind == {"purchase": 500, "technology": 0, "investment": 0, "credit": 0, "framework": 0}


def test_nothing_after_a_withdrawal_is_read():
    ended = [*declared(), entry("withdraw", "seller", "2024-03-11")]

    assert only(deal(entries=[*ended, entry("confirm", "seller", "2024-03-12")])).reason == "unconfirmed"
    same_moment = [*declared(), entry("withdraw", "seller", "2024-03-11"), entry("confirm", "seller", "2024-03-11")]
    assert only(deal(entries=same_moment)).reason == "unconfirmed"
    assert only(deal(entries=[*agreed(), ended[1], entry("dispute", "buyer", "2024-03-12")])).reason == "withdrawn"
    assert only(deal(entries=[*agreed(), ended[1]]), as_of=date(2024, 3, 10)).reason == "counted"


@pytest.mark.parametrize(
    ("buyer", "seller", "shares"),
    [
        (WUHAN, XIANGYANG, {WUHAN: 51, XIANGYANG: 50}),
        (WUHAN, WUHAN, {WUHAN: 101}),
        (None, XIANGYANG, {XIANGYANG: 101}),
        (WUHAN, None, {WUHAN: 101}),
        (None, None, {"outside": 101}),
    ],
)
def test_a_deal_is_shared_by_the_regions_of_its_two_sides(buyer, seller, shares):
    assert counted(deal(amount=101), firms=[firm("A", buyer), firm("B", seller)]).by_region_shared == shares


def test_region_tables_hold_net_purchases_only():
    result = counted(
        deal("1", amount=10, event="E1"),
        deal("2", amount=20),
        deal("3", [*agreed(), entry("withdraw", "buyer", "2024-04-01")], amount=40),
        deal("4", amount=80, kind=DealKind.TECHNOLOGY),
        events=[event()],
    )

    assert result.by_region_organiser == {YICHANG: 10, "no_event": 20}
    assert result.by_region_shared == {WUHAN: 15, XIANGYANG: 15}
    assert result.by_kind[DealKind.TECHNOLOGY] == 80


# ---- months


def test_the_own_month_is_the_events_or_the_first_common_consent():
    late_consent = agreed("2024-01-31", "2024-02-01 00:00")
    amended = [*late_consent, entry("amend", "buyer", "2024-05-01", 5), entry("confirm", "seller", "2024-05-02")]

    assert only(deal(entries=late_consent)).month == "2024-02"
    assert only(deal(entries=agreed("2024-01-31 23:59"))).month == "2024-01"
    assert only(deal(entries=amended)).month == "2024-02"
    assert (only(deal(entries=amended, event="E1"), events=[event()]).month) == "2024-03"


def test_a_deal_confirmed_strictly_before_the_freeze_stays_in_its_month():
    march = [frozen("2024-03", "2024-04-05 18:00")]
    given = {"events": [event()], "months": march}

    assert only(deal(event="E1", entries=agreed("2024-03-21", "2024-04-05 17:59")), **given).month == "2024-03"
    late = only(deal(event="E1", entries=agreed("2024-03-21", "2024-04-05 18:00")), **given)
    assert (late.month, late.late) == ("2024-04", True)


def test_a_late_deal_moves_past_every_frozen_month_and_stops_at_a_gap():
    months = [frozen("2024-03", "2024-04-01"), frozen("2024-04", "2024-05-01"), frozen("2024-06", "2024-07-01")]
    late = deal(event="E1", entries=agreed("2024-03-21", "2024-08-01"))

    assert only(late, events=[event()], months=months).month == "2024-05"
    closed = [*months, frozen("2024-05", "2024-06-01")]
    assert only(late, events=[event()], months=closed).month == "2024-07"


def test_a_late_deal_stays_in_the_month_that_froze_with_it():
    months = [frozen("2024-03", "2024-04-01"), frozen("2024-04", "2024-05-01"), frozen("2024-05", "2024-06-01")]

    assert (
        only(deal(event="E1", entries=agreed("2024-03-21", "2024-04-20")), events=[event()], months=months).month
        == "2024-04"
    )


def test_the_year_turns_after_december():
    december = event(held_on=date(2023, 12, 20))
    late = deal(event="E1", entries=agreed("2023-12-21", "2024-02-01"))

    assert only(late, events=[december], months=[frozen("2023-12", "2024-01-05")]).month == "2024-01"


def test_a_freeze_after_the_day_is_ignored():
    late = deal(event="E1", entries=agreed("2024-03-21", "2024-04-10"))
    given = {"events": [event()], "months": [frozen("2024-03", "2024-04-06")], "as_of": date(2024, 4, 10)}

    assert only(late, **given).month == "2024-04"
    assert only(late, **given | {"months": [frozen("2024-03", "2024-04-11")]}).month == "2024-03"


@pytest.mark.parametrize("month_frozen_at", ["2024-03-25", "2024-04-05"])
def test_what_kept_a_deal_out_of_gross_at_the_freeze_makes_it_late(month_frozen_at):
    given = {"events": [event(held_on=date(2024, 3, 2))], "months": [frozen("2024-03", month_frozen_at)]}
    stopped, released = "2024-03-20", "2024-04-20"
    disputed = [*agreed(), entry("dispute", "buyer", stopped), entry("resolve", "buyer", released)]

    assert only(deal(event="E1", entries=disputed), **given).month == "2024-04"
    assert (
        only(deal(event="E1", entries=[*agreed(), entry("verify", "office", released)], amount=10 * YI), **given).month
        == "2024-04"
    )
    withdrawn_later = [*agreed(), entry("withdraw", "buyer", released)]
    assert only(deal(event="E1", entries=withdrawn_later), **given).month == "2024-03"
    withdrawn_before = [*agreed(), entry("withdraw", "buyer", stopped)]
    assert only(deal(event="E1", entries=withdrawn_before), **given).month == "2024-03"


def test_what_left_gross_after_the_freeze_and_came_back_is_not_late():
    came_back = [*agreed(), entry("dispute", "buyer", "2024-04-10"), entry("resolve", "buyer", "2024-05-10")]

    assert only(deal(entries=came_back), months=[frozen("2024-03", "2024-04-01")]).month == "2024-03"


def test_a_month_may_freeze_before_it_ends():
    early = [frozen("2024-03", "2024-03-15")]

    assert only(deal(entries=agreed("2024-03-14")), months=early).month == "2024-03"
    assert only(deal(entries=agreed("2024-03-16")), months=early).month == "2024-04"


def test_a_deal_of_an_event_not_yet_held_at_the_freeze_was_not_in_gross():
    before_the_event = deal(event="E1", entries=agreed("2024-03-10"))

    assert only(before_the_event, events=[event()], months=[frozen("2024-03", "2024-03-19 18:00")]).month == "2024-04"
    assert only(before_the_event, events=[event()], months=[frozen("2024-03", "2024-03-20 18:00")]).month == "2024-03"


def test_a_freeze_reads_the_amount_in_force_then():
    entries = [*agreed(), entry("amend", "buyer", "2024-03-11", 10 * YI), entry("confirm", "seller", "2024-03-12")]
    lowered = [*entries, entry("amend", "buyer", "2024-04-11", 5), entry("confirm", "seller", "2024-04-12")]

    assert only(deal(entries=lowered), months=[frozen("2024-03", "2024-04-01")]).month == "2024-04"


def withdrawn_in(at: str, *months: FrozenMonth, event_: EventFacts | None = None) -> str | None:
    withdrawn = deal(entries=[*agreed(), entry("withdraw", "buyer", at)], event=event_ and event_.id)
    return only(withdrawn, months=months, events=[event_] if event_ else []).withdrawn_in


def test_a_withdrawal_is_booked_to_its_own_month():
    assert withdrawn_in("2024-07-01 00:00") == "2024-07"
    assert withdrawn_in("2024-06-30 23:59") == "2024-06"


def test_a_withdrawal_moves_past_months_frozen_by_that_moment():
    freeze = frozen("2024-07", "2024-07-20 18:00")

    assert withdrawn_in("2024-07-20 17:59", freeze) == "2024-07"
    assert withdrawn_in("2024-07-20 18:00", freeze) == "2024-08"
    assert withdrawn_in("2024-07-21", freeze, frozen("2024-08", "2024-07-20")) == "2024-09"
    assert withdrawn_in("2024-07-21", freeze, frozen("2024-08", "2024-08-20")) == "2024-08"


def test_a_withdrawal_is_never_booked_before_the_deal_itself():
    assert withdrawn_in("2024-03-15", event_=event(held_on=date(2024, 6, 1))) == "2024-06"
    assert withdrawn_in("2024-03-15", frozen("2024-03", "2024-03-12"), frozen("2024-04", "2024-03-14")) == "2024-05"


def test_a_month_adds_what_came_in_and_takes_what_was_withdrawn():
    result = counted(
        deal("1", amount=100),
        deal("2", [*agreed("2024-03-10", "2024-04-20")], amount=20, event="E1"),
        deal("3", [*agreed("2024-04-02"), entry("withdraw", "buyer", "2024-04-03")], amount=7),
        deal("4", amount=1_000, kind=DealKind.CREDIT),
        events=[event()],
        months=[frozen("2024-03", "2024-04-15")],
    )

    found = {month: (m.on_time, m.late, m.withdrawn, m.net) for month, m in result.by_month.items()}
    assert found == {"2024-03": (100, 0, 0, 100), "2024-04": (7, 20, 7, 20)}


def test_the_month_shows_the_present_amount_restated():
    entries = [*agreed(), entry("amend", "buyer", "2024-05-01", 5), entry("confirm", "seller", "2024-05-02")]

    assert counted(deal(entries=entries), months=[frozen("2024-03", "2024-04-01")]).by_month["2024-03"].net == 5


def test_the_month_of_a_moment_is_shanghais():
    assert month_of(datetime(2024, 1, 31, 16, tzinfo=UTC)) == "2024-02"
    assert month_of(date(2024, 1, 31)) == "2024-01"


def test_the_standing_of_a_deal_can_be_asked_at_any_moment():
    amended = deal(
        entries=[*agreed(), entry("amend", "buyer", "2024-03-11", 5), entry("confirm", "seller", "2024-03-12")]
    )

    assert [standing(amended, moment(day)).amount for day in ("2024-03-10", "2024-03-12", "2024-03-13")] == [
        1_000_000,
        1_000_000,
        5,
    ]
    assert standing(amended, moment("2024-03-10")).declared is False


# ---- whatever the ledger, the tables add up

CODES = "ABCDEF"
START = moment("2024-01-01")
moments = st.integers(0, 180 * 24).map(lambda hours: START + timedelta(hours=hours))
midnights = st.integers(0, 180).map(lambda days: START + timedelta(days=days))
firms_of = st.fixed_dictionaries(
    {
        code: st.builds(
            EnterpriseFacts,
            credit_code=st.just(code),
            name=st.just(code),
            region=st.sampled_from([WUHAN, XIANGYANG, YICHANG, None]),
            kind=st.sampled_from([EnterpriseKind.ENTERPRISE] * 4 + [EnterpriseKind.BANK]),
            last_year_revenue=st.none() | st.integers(0, 10**6),
            parent=st.sampled_from([None, None, None, "P", "Q"]),
            legal_representative=st.sampled_from([None, "", "王五", "李四 "]),
        )
        for code in CODES
    }
)
check_ins_of = st.builds(CheckInFacts, credit_code=st.sampled_from(CODES), side=st.sampled_from(Side), at=moments)
event_fields = {
    "organiser": st.sampled_from([WUHAN, YICHANG]),
    "held_on": st.integers(0, 200).map(lambda days: date(2024, 1, 1) + timedelta(days=days)),
    "own_matching": st.booleans(),
    "approved": st.booleans(),
    "check_ins": st.lists(check_ins_of, max_size=8),
}
later_entries = st.one_of(
    st.builds(
        EntryFacts,
        st.sampled_from([EntryType.CONFIRM, EntryType.DECLARE]),
        st.sampled_from([By.BUYER, By.SELLER]),
        moments,
    ),
    st.builds(EntryFacts, st.sampled_from([EntryType.DISPUTE, EntryType.RESOLVE]), st.sampled_from(By), moments),
    st.builds(EntryFacts, st.just(EntryType.AMEND), st.sampled_from(By), moments, st.integers(0, 10**6)),
    st.builds(EntryFacts, st.just(EntryType.VERIFY), st.just(By.OFFICE), moments),
    st.builds(EntryFacts, st.just(EntryType.WITHDRAW), st.sampled_from(By), moments),
)
ledgers = st.tuples(
    st.builds(EntryFacts, st.just(EntryType.DECLARE), st.sampled_from(By), st.just(START)),
    st.builds(EntryFacts, st.just(EntryType.CONFIRM), st.sampled_from([By.BUYER, By.SELLER]), moments),
    st.builds(EntryFacts, st.just(EntryType.CONFIRM), st.sampled_from([By.BUYER, By.SELLER]), moments),
    st.lists(later_entries, max_size=5),
).map(lambda parts: [*parts[:3], *parts[3]])
deal_fields = {
    "buyer": st.sampled_from(CODES),
    "seller": st.sampled_from(CODES),
    "kind": st.sampled_from([DealKind.PURCHASE] * 3 + list(DealKind)),
    "amount": st.integers(0, 10**6),
    "months": st.sampled_from([1, 12, 13, 36]),
    "entries": ledgers,
    "event": st.sampled_from([None, "E0", "E1"]),
    "duplicate_of": st.sampled_from([None] * 5 + ["D0"]),
}


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    deals = [DealFacts(id=f"D{n}", **draw(st.fixed_dictionaries(deal_fields))) for n in range(draw(st.integers(0, 8)))]
    freezes = draw(st.dictionaries(st.sampled_from([f"2024-{n:02d}" for n in range(1, 8)]), midnights))
    return Facts(
        enterprises=list(draw(firms_of).values()),
        events=[EventFacts(id=f"E{n}", **draw(st.fixed_dictionaries(event_fields))) for n in range(2)],
        deals=deals,
        frozen_months=[FrozenMonth(month, at) for month, at in freezes.items()],
        rules=Rules(min_enterprises=2, annualise=draw(st.booleans()), hold_amount=900_000),
    )


days = st.integers(0, 220).map(lambda number: date(2024, 1, 1) + timedelta(days=number))


@settings(max_examples=80, deadline=None)
@given(facts=facts(), as_of=days)
def test_every_table_adds_up_to_the_net(facts, as_of):
    result = count(facts, as_of)

    assert result.net == result.gross - result.withdrawn
    assert sum(result.by_region_shared.values()) == result.net
    assert sum(result.by_region_organiser.values()) == result.net
    assert sum(month.net for month in result.by_month.values()) == result.net
    assert sum(month.on_time + month.late for month in result.by_month.values()) == result.gross
    assert result.by_kind[DealKind.PURCHASE] == result.net
    assert sum(result.by_kind.values()) == sum(
        found.amount for found in result.deals.values() if found.reason in {"counted", "other_kind"}
    )
    assert result.declared >= result.confirmed >= result.verified >= 0


@settings(max_examples=60, deadline=None)
@given(facts=facts(), as_of=days, seed=st.randoms(use_true_random=False))
def test_the_order_of_the_file_changes_nothing(facts, as_of, seed):
    shuffled = replace(
        facts,
        **{
            name: seed.sample(list(getattr(facts, name)), len(getattr(facts, name)))
            for name in ("enterprises", "events", "deals", "frozen_months")
        },
    )

    assert count(shuffled, as_of) == count(facts, as_of)


@settings(max_examples=60, deadline=None)
@given(facts=facts(), as_of=days)
def test_a_deal_reported_again_as_a_duplicate_changes_no_total(facts, as_of):
    again = [replace(found, id=f"{found.id}-again", duplicate_of=found.id) for found in facts.deals]
    once, twice = count(facts, as_of), count(replace(facts, deals=[*facts.deals, *again]), as_of)

    assert (twice.gross, twice.withdrawn, twice.net) == (once.gross, once.withdrawn, once.net)
    assert (twice.by_kind, twice.by_month) == (once.by_kind, once.by_month)
    assert {id_: twice.deals[id_] for id_ in once.deals} == once.deals


@settings(max_examples=60, deadline=None)
@given(facts=facts(), as_of=days)
def test_nothing_written_after_the_day_changes_the_count(facts, as_of):
    end = moment(f"{as_of + timedelta(days=1)}")
    known = replace(
        facts,
        deals=[replace(found, entries=[e for e in found.entries if e.at < end]) for found in facts.deals],
        events=[replace(found, check_ins=[c for c in found.check_ins if c.at < end]) for found in facts.events],
        frozen_months=[found for found in facts.frozen_months if found.frozen_at < end],
    )

    assert count(known, as_of) == count(facts, as_of)


@settings(max_examples=60, deadline=None)
@given(facts=facts())
def test_a_month_keeps_the_deals_it_froze_with(facts):
    final = count(facts, date(2024, 9, 1))
    for freeze in facts.frozen_months:
        at_the_freeze = count(facts, month_end_of(freeze))
        kept = {id_ for id_, found in at_the_freeze.deals.items() if found.month == freeze.month}
        still_in_gross = {id_ for id_ in kept if final.deals[id_].month is not None}
        assert {final.deals[id_].month for id_ in still_in_gross} <= {freeze.month}


def month_end_of(freeze: FrozenMonth) -> date:
    """The last day that counts towards a freeze at midnight."""
    return (freeze.frozen_at + timedelta(hours=8)).date() - timedelta(days=1)
