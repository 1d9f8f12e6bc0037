"""Every number is the sum of its lines."""

from __future__ import annotations

import pytest

from matchmaker.deals.counting import DealKind
from matchmaker.deals.counting.totals import NO_EVENT
from matchmaker.deals.recounting import recounted
from matchmaker.progress.projection import sheet_of
from matchmaker.progress.slices import Basis, Cut, Slice, lines, shares, total
from matchmaker.progress.walk import concentration_of, walk_of
from tests.progress.conftest import AS_OF, YI


@pytest.fixture
def recount(session, province):
    return recounted(session, province.programme, AS_OF)


def numbers(province, found) -> dict[str, int]:
    names = {deal.public_id: name for name, deal in vars(province.deals).items()}
    return {names[line.deal.id]: line.figure for line in found}


def test_the_walk_from_declared_to_net_adds_up(recount):
    walk = walk_of(sheet_of(recount))

    taken = {step.slice.value: step.amount for step in walk.taken_off}
    assert walk.declared.amount == 2_590_000_000
    assert taken == {
        "unconfirmed": 50_000_000,
        "duplicate": 300_000_000,
        "related_party": 30_000_000,
        "disputed": 10_000_000,
        "held": 1_200_000_000,
        "annualised": 400_000_000,
        "withdrawn": 20_000_000,
    }
    assert walk.declared.amount - sum(taken.values()) == walk.net.amount == recount.count.net == 580_000_000


def test_totals_of_the_count_are_the_sums_of_their_lines(recount):
    count = recount.count
    expected = {
        Slice.DECLARED: count.declared,
        Slice.CONFIRMED: count.confirmed,
        Slice.VERIFIED: count.verified,
        Slice.GROSS: count.gross,
        Slice.WITHDRAWN: count.withdrawn,
        Slice.COUNTED: count.net,
        Slice.NET: count.net,
    }

    assert {slice_: total(lines(recount, Cut(slice_))) for slice_ in expected} == expected
    assert count.confirmed == 2_540_000_000


def test_the_sheet_of_a_recount_holds_the_sums_of_its_lines(recount):
    sheet, count = sheet_of(recount), recount.count
    opened = {slice_: lines(recount, Cut(slice_)) for slice_ in Slice if slice_ is not Slice.NET}

    assert {slice_: sheet.of(slice_) for slice_ in opened} == {
        slice_: (total(found), len(found)) for slice_, found in opened.items()
    }
    assert sheet.months() == count.by_month
    assert sheet.by_place(Basis.SHARED) == count.by_region_shared
    assert sheet.by_place(Basis.ORGANISER) == count.by_region_organiser
    assert {kind: sheet.of_kind(kind).amount for kind in DealKind} == count.by_kind


def test_each_kind_has_its_own_net(recount):
    nets = {kind: total(lines(recount, Cut(Slice.COUNTED, kind))) for kind in DealKind}

    assert nets == dict(recount.count.by_kind)
    assert nets[DealKind.INVESTMENT] == 40 * YI


def test_months_open_to_what_came_in_and_what_was_withdrawn(recount, province):
    by_month = recount.count.by_month

    for month, booked in by_month.items():
        assert total(lines(recount, Cut(Slice.NET, month=month))) == booked.net
        assert total(lines(recount, Cut(Slice.GROSS, month=month, late=False))) == booked.on_time
        assert total(lines(recount, Cut(Slice.GROSS, month=month, late=True))) == booked.late
        assert total(lines(recount, Cut(Slice.WITHDRAWN, month=month))) == booked.withdrawn
    assert numbers(province, lines(recount, Cut(Slice.GROSS, month="2024-04", late=True))) == {"late": 80_000_000}
    assert numbers(province, lines(recount, Cut(Slice.NET, month="2024-07"))) == {"gone": -20_000_000}


def test_places_share_a_deal_or_leave_it_to_the_organiser(recount, province):
    assert numbers(province, lines(recount, Cut(place="420600"))) == {"full": 150_000_000, "late": 80_000_000}
    assert numbers(province, lines(recount, Cut(place="420100"))) == {"full": 150_000_000, "long": 200_000_000}
    organised = Cut(place="420600", basis=Basis.ORGANISER)
    assert numbers(province, lines(recount, organised)) == {"full": 300_000_000, "late": 80_000_000}
    alone = Cut(place=NO_EVENT, basis=Basis.ORGANISER)
    assert numbers(province, lines(recount, alone)) == {"long": 200_000_000}
    for place, amount in recount.count.by_region_shared.items():
        assert total(lines(recount, Cut(place=place))) == amount
    for place, amount in recount.count.by_region_organiser.items():
        assert total(lines(recount, Cut(place=place, basis=Basis.ORGANISER))) == amount


def test_the_odd_yuan_goes_to_the_buyer_also_when_it_is_taken_back():
    assert dict(shares("a", "b", 7)) == {"a": 4, "b": 3}
    assert dict(shares("a", "b", -7)) == {"a": -4, "b": -3}
    assert list(shares(None, "b", 7)) == [("b", 7)]
    assert list(shares(None, None, 7)) == [("outside", 7)]


def test_contracts_and_deliveries_are_of_the_deals_that_count(recount, province):
    found = {slice_: numbers(province, lines(recount, Cut(slice_))) for slice_ in Slice}

    assert found[Slice.CONTRACTED] == {"full": 280_000_000}
    assert found[Slice.UNCONTRACTED] == {"long": 200_000_000, "late": 80_000_000}
    assert found[Slice.DELIVERED] == {"full": YI}
    assert found[Slice.UNDELIVERED] == {}


def test_an_event_opens_to_its_deals(recount, province):
    assert set(numbers(province, lines(recount, Cut(event=province.events.march.public_id)))) == {"full", "late"}


def test_the_largest_deals_come_first_and_their_part_is_told(recount, province):
    assert list(numbers(province, lines(recount, Cut()))) == ["full", "long", "late"]
    held = concentration_of(sheet_of(recount))
    assert (held.largest, held.amount, held.net, held.deals) == (3, 580_000_000, 580_000_000, 3)


def test_what_was_declared_after_the_day_is_in_no_number(recount, province):
    assert all("future" not in numbers(province, lines(recount, Cut(slice_))) for slice_ in Slice)
