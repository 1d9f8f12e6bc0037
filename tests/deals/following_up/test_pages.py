"""The pages on which sides answer and officers ask, signed in."""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import Role
from matchmaker.deals.evidence.models import EvidenceFile, Purpose
from matchmaker.deals.following_up.models import FollowUp, FollowUpAnswer
from matchmaker.deals.models import Deal, DealEntry, DealStage, DealStanding, EntryType
from tests.deals.evidence.files import jpeg


def words_of(answer, status=200):
    assert answer.status_code == status
    body = re.sub(r"(?s).*<main", "<main", answer.text)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture
def buyer(make, sign_in, deal):
    return sign_in(make.person_of(deal.buyer))


@pytest.fixture
def seller(make, sign_in, deal):
    return sign_in(make.person_of(deal.seller))


def page_of(deal):
    return f"/deals/{deal.public_id}/follow-up"


def answers(session):
    session.expire_all()
    found = [row.answer.value for row in session.scalars(select(FollowUpAnswer).order_by(FollowUpAnswer.id))]
    session.commit()
    return found


def stage(session, deal):
    found = session.scalars(select(DealStanding.stage).where(DealStanding.deal_id == deal.id)).one()
    session.commit()
    return found


def test_a_firm_finds_what_it_was_asked_on_its_home_its_deals_and_its_list(buyer, deal):
    assert "说说一笔意向的进展" in words_of(buyer.get("/"))
    for path in ("/deals", "/deals/follow-ups"):
        page = buyer.get(path)
        assert "待跟进" in words_of(page)
        assert page_of(deal) in page.text


def test_one_tap_says_still_talking_and_the_list_is_empty(buyer, session, deal):
    answer = buyer.post(page_of(deal), data={"answer": "talking"})

    assert (answer.status_code, answers(session)) == (302, ["talking"])
    assert "已答复：还在谈" in words_of(buyer.get(page_of(deal)))
    assert "没有待跟进的意向" in words_of(buyer.get("/deals/follow-ups"))


def test_one_tap_on_a_reason_calls_it_off_and_withdrawing_is_one_tap_more(buyer, session, deal):
    buyer.post(page_of(deal), data={"reason": "price"})
    page = buyer.get(page_of(deal))

    assert "已答复：没谈成（价格没谈拢）" in words_of(page)
    assert "这笔意向仍按原金额统计" in words_of(page)
    assert stage(session, deal) is DealStage.INTENT
    fields = dict(re.findall(r'type="hidden" name="(reason|seen_version)" value="([^"]+)"', page.text))
    buyer.post(f"/deals/{deal.public_id}/withdraw", data=fields)
    assert stage(session, deal) is DealStage.WITHDRAWN
    assert session.scalars(select(DealEntry.note).order_by(DealEntry.id.desc())).first() == "价格没谈拢"


def test_a_signed_contract_is_registered_with_its_amount_in_wan(buyer, session, deal):
    buyer.post(page_of(deal), data={"answer": "signed", "amount": "2800", "number": "HT-7"})

    assert stage(session, deal) is DealStage.CONTRACT
    assert session.scalars(select(DealEntry.amount).order_by(DealEntry.id.desc())).first() == 28_000_000
    page = words_of(buyer.get(page_of(deal)))
    assert "已答复：已签合同" in page
    assert "合同HT-7，2,800万元" in page
    assert "这笔意向不必再跟进" in page


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "请点选一项答复。"),
        ({"answer": "perhaps"}, "请点选一项答复。"),
        ({"answer": "off"}, "请选择没谈成的原因，五项里最接近的一项。"),
        ({"answer": "signed", "amount": "2800"}, "请填写合同编号。"),
        ({"answer": "signed", "number": "7"}, "请填写合同金额，单位万元。"),
        ({"answer": "signed", "number": "7", "amount": "1.2亿"}, "不是以万元为单位的数"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_place_and_changes_nothing(buyer, session, deal, data, message):
    page = buyer.post(page_of(deal), data=data)

    assert message in words_of(page, 422)
    assert answers(session) == []
    assert stage(session, deal) is DealStage.INTENT


def test_a_picture_of_the_contract_comes_with_the_answer_or_neither_does(buyer, session, deal):
    typed = {"answer": "signed", "amount": "250", "number": "HT-9", "seen_version": deal.version}

    refused = buyer.post(page_of(deal), data=typed | {"photo": (BytesIO(b"<html>"), "合同.jpg")})
    assert refused.status_code == 422
    assert (answers(session), stage(session, deal)) == ([], DealStage.INTENT)

    taken = buyer.post(page_of(deal), data=typed | {"photo": (BytesIO(jpeg()), "合同.jpg")})
    assert (taken.status_code, answers(session), stage(session, deal)) == (302, ["signed"], DealStage.CONTRACT)
    (file,) = session.scalars(select(EvidenceFile))
    assert (file.deal_id, file.purpose, file.entry.type) == (deal.id, Purpose.CONTRACT, EntryType.CONTRACT)


def test_a_contract_typed_on_an_older_reading_is_not_taken(buyer, seller, make, session, deal):
    seen = session.get_one(Deal, deal.id).version
    session.commit()
    seller.post(f"/deals/{deal.public_id}/amend", data={"amount": "2900", "seen_version": seen})

    late = buyer.post(page_of(deal), data={"answer": "signed", "amount": "2800", "number": "7", "seen_version": seen})

    assert "已被他人修改" in words_of(late, 409)
    assert stage(session, deal) is DealStage.INTENT


def test_the_same_tap_sent_twice_counts_once(buyer, session, deal):
    tap = {
        "data": {"answer": "signed", "amount": "2800", "number": "7"},
        "headers": {"Idempotency-Key": "one-tap-only"},
    }

    first, second = (buyer.post(page_of(deal), **tap) for _time in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert answers(session) == ["signed"]


def test_nobody_elses_question_can_be_found(make, sign_in, session, deal):
    stranger = sign_in(make.user())

    assert stranger.get(page_of(deal)).status_code == 404
    assert stranger.post(page_of(deal), data={"answer": "talking"}).status_code == 404
    assert answers(session) == []


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.AUDITOR, Role.ORGANISER])
def test_offices_do_not_answer_for_firms(make, sign_in, deal, role):
    assert sign_in(make.user(role)).post(page_of(deal), data={"answer": "talking"}).status_code == 403


def test_a_firm_that_was_not_asked_is_told_so(make, sign_in, intent, session):
    young = intent(5)
    browser = sign_in(make.person_of(young.buyer))

    answer = browser.get(page_of(young), follow_redirects=True)

    assert "还没有向贵公司询问进展" in html.unescape(answer.text)


def test_an_office_sees_both_answers_and_that_they_differ_and_a_side_only_its_own(make, sign_in, buyer, seller, deal):
    buyer.post(page_of(deal), data={"reason": "funds"})
    seller.post(page_of(deal), data={"answer": "talking"})

    office = words_of(sign_in(make.user(Role.OFFICIAL)).get(f"/deals/{deal.public_id}"))
    own = words_of(seller.get(f"/deals/{deal.public_id}"))

    assert "说法不一" in office
    assert "没谈成（资金没有落实）" in office
    assert "还在谈" in own
    assert "没谈成" not in own
    assert "说法不一" not in own


def test_an_officer_asks_again_with_one_tap_and_not_twice_a_day(make, sign_in, session, deal):
    officer = sign_in(make.user(Role.COUNTY_OFFICER, office=make.office(region="420600")))

    first = officer.post(f"/deals/{deal.public_id}/follow-up/ask", follow_redirects=True)
    second = officer.post(f"/deals/{deal.public_id}/follow-up/ask", follow_redirects=True)

    assert "已再次询问" in html.unescape(first.text)
    assert "今天已经询问过双方" in html.unescape(second.text)
    assert session.query(FollowUp).count() == 4


def test_firms_and_auditors_ask_nobody(make, sign_in, buyer, session, deal):
    for browser in (buyer, sign_in(make.user(Role.AUDITOR))):
        assert browser.post(f"/deals/{deal.public_id}/follow-up/ask").status_code == 403
    assert session.query(FollowUp).count() == 2
