"""The pages of stewardship."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import OfficeLevel, Role
from matchmaker.deals.stewardship.models import Stewardship, StewardshipRule

YI = 100_000_000


def words_of(answer, status=200):
    assert answer.status_code == status
    body = re.sub(r"(?s).*<main", "<main", answer.text)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture
def offices(make):
    named = {
        "province": make.office("省厅", region="420000"),
        "city": make.office("襄阳局", region="420600"),
        "county": make.office("襄州局", region="420607", level=OfficeLevel.COUNTY),
    }
    make.user(Role.OFFICIAL, office=named["province"])
    return named


@pytest.fixture
def deal(session, make, offices):
    deal = make.deal(amount=2 * YI, confirmed=True, unit_checked=True, buyer=make.enterprise(region="420607"))
    session.commit()
    return deal


@pytest.fixture
def as_officer(make, sign_in, offices):
    return lambda name="city", role=Role.OFFICIAL: sign_in(make.user(role, office=offices[name]))


def test_an_office_lists_what_it_stewards_by_level(as_officer, deal):
    city, county = as_officer(), as_officer("county", Role.COUNTY_OFFICER)

    assert deal.number in words_of(city.get("/deals/stewardship"))
    assert "市州1" in words_of(city.get("/deals/stewardship?whose=all"))
    assert deal.number not in words_of(city.get("/deals/stewardship?level=county"))
    assert "没有包联的意向" in words_of(county.get("/deals/stewardship"))


def test_a_deal_is_handed_over_with_its_reason_and_the_deal_shows_it(session, make, offices, as_officer, deal):
    city = as_officer()
    taker = make.user(Role.COUNTY_OFFICER, office=offices["county"])
    session.commit()
    page = city.get(f"/deals/{deal.public_id}/stewardship")
    assert "属地是买方所在地；买方在省外的，是卖方所在地。" in words_of(page)

    city.post(
        f"/deals/{deal.public_id}/stewardship",
        data={
            "receiver": f"{offices['county'].public_id}/{taker.public_id}",
            "why": "由新区专班跟进",
            "seen_version": "1",
        },
    )

    shown = words_of(city.get(f"/deals/{deal.public_id}"))
    assert "襄州局，试用者" in shown
    assert "移交给襄州局，试用者试用者由新区专班跟进" in shown
    assert "按金额由襄阳局包联" in shown


def test_a_firm_is_told_whom_to_turn_to(make, sign_in, deal):
    shown = words_of(sign_in(make.person_of(deal.buyer)).get(f"/deals/{deal.public_id}"))

    assert "襄阳局" in shown
    assert "按金额由襄阳局包联" not in shown


@pytest.mark.parametrize(
    ("data", "status", "message"),
    [
        ({"receiver": "", "why": "x"}, 422, "移交给"),
        ({"receiver": "nowhere", "why": "x"}, 422, "移交给"),
        ({"receiver": "own", "why": "照旧"}, 422, "包联单位和人员都没有变化"),
        ({"receiver": "county", "why": ""}, 422, "原因"),
        ({"receiver": "county", "why": "x", "seen_version": "0"}, 409, "已被他人修改"),
    ],
)
def test_a_handover_that_cannot_be_is_told_and_changes_nothing(
    session, offices, as_officer, deal, data, status, message
):
    named = {"own": offices["city"].public_id, "county": offices["county"].public_id}
    answer = as_officer().post(
        f"/deals/{deal.public_id}/stewardship", data=data | {"receiver": named.get(data["receiver"], data["receiver"])}
    )

    assert answer.status_code == status
    assert message in html.unescape(answer.text)
    assert session.query(Stewardship).count() == 1


def test_an_office_below_or_a_firm_does_not_hand_over(make, sign_in, as_officer, deal):
    below = as_officer("county", Role.COUNTY_OFFICER)
    for browser in (below, sign_in(make.person_of(deal.buyer)), as_officer("province", Role.AUDITOR)):
        assert browser.get(f"/deals/{deal.public_id}/stewardship").status_code == 403


def test_the_province_sets_thresholds_and_their_history_stays(session, as_officer):
    official = as_officer("province")
    typed = {"county": "5000", "city": "10000", "province": "50000", "seen_version": "0"}

    official.post("/deals/stewardship/thresholds", data=typed)

    rule = session.scalars(select(StewardshipRule)).one()
    session.commit()
    assert (rule.county_from, rule.city_from, rule.province_from) == (50_000_000, YI, 5 * YI)
    assert "0.501.005.00" in words_of(official.get("/deals/stewardship/thresholds"))
    assert "已被他人修改" in words_of(official.post("/deals/stewardship/thresholds", data=typed), 409)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"county": "20000", "city": "10000", "province": "50000"}, "门槛须自下而上递增"),
        ({"county": "0", "city": "10000", "province": "50000"}, "门槛须自下而上递增"),
        ({"county": "0.5亿", "city": "10000", "province": "50000"}, "不是以万元为单位的数"),
        ({"county": "2000", "city": "10000", "province": "100000"}, "门槛与现行的相同"),
    ],
)
def test_thresholds_that_make_no_sense_are_refused_with_what_to_do(session, as_officer, typed, message):
    answer = as_officer("province").post("/deals/stewardship/thresholds", data=typed)

    assert message in words_of(answer, 422)
    assert session.query(StewardshipRule).count() == 0


def test_the_provinces_administrator_sets_them_and_a_city_only_reads(session, as_officer):
    typed = {"county": "5000", "city": "10000", "province": "50000"}
    city = as_officer("city")

    assert "保存门槛" not in words_of(city.get("/deals/stewardship/thresholds"))
    assert city.post("/deals/stewardship/thresholds", data=typed).status_code == 403
    administrator = as_officer("province", Role.ADMINISTRATOR)
    assert administrator.post("/deals/stewardship/thresholds", data=typed).status_code == 302
    assert session.query(StewardshipRule).count() == 1
