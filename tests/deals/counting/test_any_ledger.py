"""Whatever the ledger, the tables add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from matchmaker.deals.counting import (
    By,
    CheckInFacts,
    DealFacts,
    DealKind,
    EnterpriseFacts,
    EnterpriseKind,
    EntryFacts,
    EntryType,
    EventFacts,
    Facts,
    FrozenMonth,
    Rules,
    Side,
    count,
)
from tests.deals.counting.ledgers import (
    WUHAN,
    XIANGYANG,
    YICHANG,
    moment,
)

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
    again = [structs.replace(found, id=f"{found.id}-again", duplicate_of=found.id) for found in facts.deals]
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
        deals=[structs.replace(found, entries=[e for e in found.entries if e.at < end]) for found in facts.deals],
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
