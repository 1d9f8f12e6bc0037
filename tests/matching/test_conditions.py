from datetime import date
from decimal import Decimal

import pytest

from matchmaker.matching.conditions import Buyer, Condition, Supplier, judged, limits

TODAY = date(2026, 3, 1)
XIANGYANG, XIANGCHENG, WUHAN, JIANGXIA, EZHOU, ENSHI = "420600", "420602", "420100", "420115", "420700", "422800"


def verdict(text, supplier, **buyer):
    (condition,) = judged([text], supplier, buyer=Buyer(**buyer), today=TODAY)
    return condition.verdict


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("仅限武汉企业", JIANGXIA, True),
        ("仅限武汉企业", XIANGYANG, False),
        ("限江夏区企业", WUHAN, None),
        ("武汉周边", EZHOU, True),
        ("武汉周边", ENSHI, False),
        ("省内企业", ENSHI, True),
        ("省内企业", "330000", False),
        ("武汉交货", ENSHI, None),
        ("省外可", "330000", None),
        ("仅限武汉企业", "", None),
    ],
)
def test_a_place_is_held_against_where_the_supplier_is(text, region, expected):
    assert verdict(text, Supplier(region)) is expected


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [("100公里以内", EZHOU, True), ("100公里以内", XIANGYANG, False), ("100公里以内", "330000", None)],
)
def test_a_radius_is_the_distance_between_the_two_seats(text, region, expected):
    assert verdict(text, Supplier(region), region_code=WUHAN) is expected


def test_a_park_is_as_near_as_a_county_and_unknown_where_only_the_prefecture_is():
    assert verdict("同一园区", Supplier(JIANGXIA), region_code=JIANGXIA) is True
    assert verdict("同一园区", Supplier(XIANGCHENG), region_code=JIANGXIA) is False
    assert verdict("同一园区", Supplier(WUHAN), region_code=JIANGXIA) is None


def test_capacity_is_compared_in_the_same_unit_and_period_only():
    supplier = Supplier(WUHAN, offered=((Decimal(300_000), "件", "year"),))

    assert verdict("年需20万件", supplier) is True
    assert verdict("年需40万件", supplier) is False
    assert verdict("月需2万件", supplier) is None
    assert verdict("年需20万套", supplier) is None


def test_a_deadline_is_the_days_left_against_the_lead_time():
    assert verdict("3月底前交货", Supplier(WUHAN, lead_days=30)) is True
    assert verdict("3月底前交货", Supplier(WUHAN, lead_days=31)) is False
    assert verdict("3月底前交货", Supplier(WUHAN)) is None


def test_a_specification_not_stated_is_unknown_rather_than_failed():
    assert verdict("M8×30", Supplier(WUHAN, text="不锈钢螺栓 M8*30")) is True
    assert verdict("M8×30", Supplier(WUHAN, text="不锈钢螺栓")) is None


def test_one_sentence_of_two_conditions_fails_with_either():
    holder = Supplier(XIANGYANG, ("IATF16949",))

    assert verdict("须通过IATF16949，仅限武汉企业", holder) is False
    assert verdict("须通过IATF16949，仅限襄阳企业", holder) is True
    assert verdict("须通过IATF16949，30天内交货", holder) is None


def told(supplier, buyer):
    return [(each.text, each.verdict) for each in limits(supplier, buyer, today=TODAY)]


def test_the_suppliers_own_limits_hold_against_the_buyer(app):
    supplier = Supplier(XIANGYANG, radius_km=100, text="轴承 497件起订")

    with app.test_request_context():
        assert told(supplier, Buyer(WUHAN, Decimal(200), "件")) == [
            ("在供方服务半径 100 公里内", False),
            ("达到供方起订量：497件起订", False),
        ]
        assert told(supplier, Buyer(XIANGYANG, Decimal(500), "件")) == [
            ("在供方服务半径 100 公里内", True),
            ("达到供方起订量：497件起订", True),
        ]
        assert told(supplier, Buyer("330000", Decimal(500), "套")) == []


def test_delivery_and_validity_hold_for_both_sides(app):
    fresh = Supplier(WUHAN, lead_days=20, touched_on=TODAY)
    stale = Supplier(WUHAN, lead_days=60, touched_on=date(2025, 2, 1))

    with app.test_request_context():
        assert told(fresh, Buyer(WUHAN, deliver_by=date(2026, 3, 31), valid_until=TODAY)) == [("30 天内交付", True)]
        assert told(stale, Buyer(WUHAN, deliver_by=date(2026, 3, 31), valid_until=date(2026, 2, 28))) == [
            ("30 天内交付", False),
            ("需求在有效期内", False),
            ("供方能力在 12 个月内更新过", False),
        ]
        assert told(Supplier(WUHAN), Buyer(WUHAN)) == []


def test_two_sides_that_state_nothing_pass_over_each_other():
    assert judged(["可提供小试样品", "😀", "0" * 10_000], Supplier("")) == (
        Condition("可提供小试样品", None),
        Condition("😀", None),
        Condition("0" * 10_000, None),
    )


def test_a_certificate_of_the_trade_is_held_when_stated_and_one_we_do_not_know_is_asked_about():
    supplier = Supplier(WUHAN, certificates=("ISO 9001", "某某船东认可证书"))

    assert verdict("ISO9001", supplier) is True
    assert verdict("IATF16949", supplier) is False
    assert verdict("某某船东认可证书", supplier) is True
    assert verdict("另一家船东认可证书", supplier) is None
    assert verdict("DNV", supplier) is None
