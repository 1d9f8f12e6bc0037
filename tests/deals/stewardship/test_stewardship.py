"""Who is in charge of a deal: by its amount, or as it was handed over."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from matchmaker.accounts.models import OfficeLevel, Role
from matchmaker.deals.models import DealKind
from matchmaker.deals.services import amend_deal, confirm_deal, withdraw_deal
from matchmaker.deals.stewardship import queries, refusals
from matchmaker.deals.stewardship.levels import Thresholds, level_of
from matchmaker.deals.stewardship.models import Stewardship, StewardshipRule
from matchmaker.deals.stewardship.queries import Whose
from matchmaker.deals.stewardship.services import entrust_the_rest, hand_over, set_thresholds
from matchmaker.errors import Stale
from matchmaker.notices.models import Notice

WAN, YI = 10_000, 100_000_000
XIANGYANG, XIANGZHOU, WUHAN, ABROAD = "420600", "420607", "420100", "900000"


@pytest.fixture
def offices(make):
    """The province with an official, 襄阳 and its county 襄州, and 武汉."""
    named = {
        "province": make.office("省厅", region="420000"),
        "city": make.office("襄阳局", region=XIANGYANG),
        "county": make.office("襄州局", region=XIANGZHOU, level=OfficeLevel.COUNTY),
        "wuhan": make.office("武汉局", region=WUHAN),
    }
    make.user(Role.OFFICIAL, office=named["province"])
    return named


@pytest.fixture
def agreed(make, offices):
    """A purchase both sides confirmed, by a buyer in 襄州 unless told."""

    def confirmed(amount=3_000 * WAN, *, buyer=XIANGZHOU, seller=WUHAN, **values):
        parties = {"buyer": make.enterprise(region=buyer), "seller": make.enterprise(region=seller)}
        return make.deal(amount=amount, confirmed=True, unit_checked=True, **parties, **values)

    return confirmed


def steward(session, deal):
    held = queries.holding(session, deal)
    return held and (held.level.value, held.office.name)


@pytest.mark.parametrize(
    ("amount", "level"),
    [
        (2_000 * WAN - 1, None),
        (2_000 * WAN, OfficeLevel.COUNTY),
        (YI - 1, OfficeLevel.COUNTY),
        (YI, OfficeLevel.PREFECTURE),
        (10 * YI - 1, OfficeLevel.PREFECTURE),
        (10 * YI, OfficeLevel.PROVINCE),
    ],
)
def test_the_level_follows_from_the_amount(amount, level):
    assert level_of(amount, Thresholds()) is level


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (1_999 * WAN, None),
        (2_000 * WAN, ("county", "襄州局")),
        (YI, ("prefecture", "襄阳局")),
        (10 * YI, ("province", "省厅")),
    ],
)
def test_confirming_puts_a_deal_into_the_care_of_the_buyers_office_of_its_level(session, agreed, amount, expected):
    assert steward(session, agreed(amount)) == expected


def test_a_buyer_from_elsewhere_leaves_it_to_the_sellers_office(session, agreed):
    assert steward(session, agreed(buyer=ABROAD, seller=XIANGZHOU)) == ("county", "襄州局")


def test_a_place_without_an_office_of_the_level_is_served_by_the_next_above(session, agreed):
    assert steward(session, agreed(buyer="420602")) == ("county", "襄阳局")
    assert steward(session, agreed(YI, buyer="420500")) == ("prefecture", "省厅")


def test_what_is_not_confirmed_or_no_purchase_has_no_steward(session, make, agreed):
    assert steward(session, agreed(YI, kind=DealKind.INVESTMENT)) is None
    assert steward(session, make.deal(amount=YI)) is None


def test_an_amended_amount_moves_a_deal_once_both_agree(session, make, agreed):
    deal = agreed(3_000 * WAN)
    amend_deal(session, deal=deal, actor=make.person_of(deal.buyer), amount=2 * YI, unit_checked=True)
    between = steward(session, deal)
    confirm_deal(session, deal=deal, actor=make.person_of(deal.seller), unit_checked=True)

    assert (between, steward(session, deal)) == (("county", "襄州局"), ("prefecture", "襄阳局"))
    rows = session.scalars(select(Stewardship).where(Stewardship.deal_id == deal.id).order_by(Stewardship.number))
    first, second = rows.all()
    assert first.ended_at is not None
    assert (second.number, second.ended_at, second.why) == (2, None, "")


def test_a_handover_by_hand_stays_until_the_amount_reaches_another_level(session, make, offices, agreed):
    deal = agreed(3_000 * WAN)
    hand_over(session, deal=deal, office=offices["wuhan"], officer=None, why="卖方在武汉", actor=officer(make, offices))
    for amount, expected in ((4_000 * WAN, "武汉局"), (3 * YI, "襄阳局")):
        amend_deal(session, deal=deal, actor=make.person_of(deal.buyer), amount=amount, unit_checked=True)
        confirm_deal(session, deal=deal, actor=make.person_of(deal.seller), unit_checked=True)
        assert queries.holding(session, deal).office.name == expected


def officer(make, offices, name="province", role=Role.OFFICIAL):
    return make.user(role, office=offices[name])


def test_a_handover_keeps_its_reason_and_tells_who_takes_over(session, make, offices, agreed):
    deal, by = agreed(), officer(make, offices, "city")
    taker = officer(make, offices, "county", Role.COUNTY_OFFICER)

    row = hand_over(session, deal=deal, office=offices["county"], officer=taker, why="由新区专班跟进", actor=by, seen=1)

    assert (row.number, row.officer, row.actor, row.why) == (2, taker, by, "由新区专班跟进")
    assert [each.number for each in queries.history_of(session, by, deal)] == [2, 1]
    assert session.scalars(select(Notice).where(Notice.user_id == taker.id)).one().path == f"/deals/{deal.public_id}"


def test_only_the_office_in_charge_or_one_above_it_hands_over(session, make, offices, agreed):
    deal = agreed(YI)

    for name in ("county", "wuhan"):
        with pytest.raises(refusals.NotTheSteward):
            hand_over(
                session, deal=deal, office=offices["county"], officer=None, why="x", actor=officer(make, offices, name)
            )


@pytest.mark.parametrize(
    ("to", "why", "seen", "refusal"),
    [
        ("wuhan", "", None, refusals.HandoverUnexplained),
        ("county", "照旧", None, refusals.SameSteward),
        ("wuhan", "换人", 0, Stale),
        ("elsewhere", "换人", None, refusals.OfficeNotNear),
    ],
)
def test_a_handover_that_says_nothing_new_or_nothing_true_is_refused(
    session, make, offices, agreed, to, why, seen, refusal
):
    deal = agreed()
    offices["elsewhere"] = make.office(region="420500")

    with pytest.raises(refusal):
        hand_over(
            session, deal=deal, office=offices[to], officer=None, why=why, actor=officer(make, offices), seen=seen
        )

    assert steward(session, deal) == ("county", "襄州局")


def test_an_officer_stewards_for_their_own_office(session, make, offices, agreed):
    with pytest.raises(refusals.OfficerElsewhere):
        hand_over(
            session,
            deal=agreed(),
            office=offices["wuhan"],
            officer=officer(make, offices, "city"),
            why="换人",
            actor=officer(make, offices),
        )


def test_the_province_sets_thresholds_for_what_is_confirmed_from_then_on(session, make, offices, agreed):
    before = agreed(3_000 * WAN)

    rule = set_thresholds(session, limits=Thresholds(5 * YI, YI, 5_000 * WAN), actor=officer(make, offices), seen=0)

    assert steward(session, before) == ("county", "襄州局")
    assert steward(session, agreed(3_000 * WAN)) is None
    assert steward(session, agreed(5 * YI)) == ("province", "省厅")
    assert (rule.number, queries.thresholds(session)) == (1, Thresholds(5 * YI, YI, 5_000 * WAN))


@pytest.mark.parametrize(
    "limits", [Thresholds(YI, YI, WAN), Thresholds(YI, 2 * YI, WAN), Thresholds(3 * YI, YI, 0), Thresholds(YI, WAN, YI)]
)
def test_thresholds_that_do_not_ascend_are_refused(session, make, offices, limits):
    with pytest.raises(refusals.ThresholdsOutOfOrder):
        set_thresholds(session, limits=limits, actor=officer(make, offices))


def test_nobody_but_the_province_sets_thresholds(session, make, offices):
    with pytest.raises(refusals.NotForTheProvince):
        set_thresholds(session, limits=Thresholds(5 * YI), actor=officer(make, offices, "city"))
    administrator = officer(make, offices, "province", Role.ADMINISTRATOR)
    assert set_thresholds(session, limits=Thresholds(5 * YI), actor=administrator).number == 1
    with pytest.raises(refusals.ThresholdsUnchanged):
        set_thresholds(session, limits=Thresholds(5 * YI), actor=administrator)
    with pytest.raises(Stale):
        set_thresholds(session, limits=Thresholds(6 * YI), actor=administrator, seen=0)


def test_deals_confirmed_before_there_were_stewards_are_entrusted_once(session, make, offices):
    at = "2026-03-01T02:00"
    deals = [
        make.recorded_deal(("declare", "buyer", at, amount), ("confirm", "seller", at))
        for amount in (3 * YI, 3_000 * WAN, 100 * WAN)
    ]

    assert (entrust_the_rest(session, limit=9), entrust_the_rest(session, limit=9)) == (2, 0)
    assert [steward(session, deal) for deal in deals] == [("prefecture", "襄阳局"), ("county", "襄阳局"), None]


def test_an_officer_finds_their_own_their_offices_and_all_of_the_region(session, make, offices, agreed):
    mine, ours, below = agreed(2 * YI), agreed(YI), agreed()
    by, colleague = officer(make, offices, "city"), officer(make, offices, "city")
    hand_over(session, deal=ours, office=offices["city"], officer=colleague, why="分工", actor=by)
    gone = agreed(3 * YI)
    withdraw_deal(session, deal=gone, actor=make.person_of(gone.buyer), reason="不再合作")

    def listed(whose, level=None):
        rows = queries.stewarded(session, by, whose=whose, level=level, number=1).rows
        return [row.deal for row in rows]

    assert listed(Whose.MINE) == [mine]
    assert listed(Whose.OFFICE) == [mine, ours]
    assert listed(Whose.ALL) == [mine, ours, below]
    assert listed(Whose.ALL, OfficeLevel.COUNTY) == [below]
    assert {level.value: count for level, count in queries.tally(session, by, Whose.ALL).items()} == {
        "province": 0, "prefecture": 2, "county": 1,
    }  # fmt: skip


def test_a_firm_sees_whom_to_turn_to_and_not_the_history(session, make, agreed):
    deal = agreed()

    assert queries.holding(session, deal).office.name == "襄州局"
    assert queries.history_of(session, make.person_of(deal.buyer), deal) == []


def test_the_database_keeps_one_steward_a_deal_and_every_rule(session, make, offices, agreed):
    set_thresholds(session, limits=Thresholds(5 * YI), actor=officer(make, offices))
    deal = agreed()
    session.commit()
    row = Stewardship(deal=deal, number=7, level=OfficeLevel.COUNTY, office=offices["city"], amount=1)
    session.add(row)
    with pytest.raises(DatabaseError):
        session.flush()
    session.rollback()

    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text("UPDATE stewardship_rule SET county_from = 1"))
    session.rollback()
    assert session.query(StewardshipRule).count() == 1
