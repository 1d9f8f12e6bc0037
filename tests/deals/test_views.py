"""The pages about deals."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.db import SHANGHAI, utcnow
from matchmaker.deals import services as deals
from matchmaker.deals.models import Assurance, Deal, DealStage
from matchmaker.events.models import EventState, RegistrationState
from matchmaker.meetings.models import (
    Appointment,
    Meeting,
    MeetingRequest,
    MeetingState,
    RequestState,
    Slot,
    Table,
    TimetableState,
    TimetableVersion,
)


def fields(**changes):
    known = {
        "side": "seller", "subject": "压铸模 12 套", "kind": "purchase", "amount": "3000", "months": "9",
        "event": "", "segment": "",
    }  # fmt: skip
    return known | changes


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def fresh(session, deal):
    """The deal as the database has it now; reading ends, so that the next request may write."""
    session.expire_all()
    found = session.get_one(Deal, deal.id)
    assert found.standing.round == max(entry.round for entry in found.entries)
    session.commit()
    return found


def test_a_firm_declares_and_lands_on_the_deal(session, make, sign_in):
    partner, user = make.enterprise("楚风商用车股份有限公司"), make.user()
    browser = sign_in(user)

    assert "申报意向" in browser.get("/deals/new").text
    answer = browser.post("/deals/new", data=fields(partner="楚风商用车股份有限公司", segment="auto.cast"))

    deal = session.scalars(select(Deal)).one()
    assert (answer.status_code, answer.location) == (302, f"/deals/{deal.public_id}")
    assert (deal.seller_id, deal.buyer_id, deal.standing.amount) == (user.enterprise_id, partner.id, 30_000_000)
    assert deal.segment.code == "auto.cast"
    page = browser.get(answer.location)
    assert "三千万元整" in page.text
    assert "意向已申报，等待对方确认" in page.text


def test_the_partner_is_found_by_code_and_an_unknown_one_is_named(session, make, sign_in):
    partner, browser = make.enterprise(), sign_in(make.user())

    unknown = browser.post("/deals/new", data=fields(partner="没有的公司"))
    assert unknown.status_code == 422
    assert "名录里没有这家单位" in unknown.text
    assert 'value="压铸模 12 套"' in unknown.text
    browser.post("/deals/new", data=fields(partner=partner.credit_code.lower()))
    assert session.scalars(select(Deal)).one().buyer_id == partner.id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amount": "1.2亿"}, "不是以万元为单位的数"),
        ({"amount": ""}, "该字段是必填字段"),
        ({"amount": "0"}, "金额必须是大于零"),
        ({"months": "0"}, "1"),
        ({"months": "1201"}, "1200"),
        ({"side": ""}, "该字段是必填字段"),
        ({"kind": "gift"}, "有效"),
        ({"event": "x"}, "有效"),
        ({"amount_high": "2999"}, "金额上限不能低于金额"),
        ({"is_renewal": "y"}, "续签须填写原合作每年金额"),
        ({"former_amount": "1000"}, "请同时勾选“这是原有合作的续签”，或清空这一项"),
        ({"is_renewal": "y", "former_amount": "0.1亿"}, "“0.1亿”不是以万元为单位的数"),
        ({"is_renewal": "y", "former_amount": "-1"}, "“-1”不是以万元为单位的数"),
    ],
)
def test_what_cannot_be_declared_comes_back_with_the_reason(session, make, sign_in, change, said):
    partner, browser = make.enterprise(), sign_in(make.user())

    page = browser.post("/deals/new", data=fields(partner=partner.name, **change))

    assert page.status_code == 422
    assert said in words_of(page)
    assert session.scalars(select(Deal)).all() == []


@pytest.mark.parametrize(("typed", "kept"), [("1000", 10_000_000), ("0", 0), ("0.0001", 1)])
def test_a_renewal_is_declared_with_what_it_renews(session, make, sign_in, typed, kept):
    partner, browser = make.enterprise(), sign_in(make.user())

    answer = browser.post("/deals/new", data=fields(partner=partner.name, is_renewal="y", former_amount=typed))

    deal = session.scalars(select(Deal)).one()
    assert (answer.status_code, deal.is_renewal, deal.former_amount) == (302, True, kept)


def test_an_unusual_amount_asks_for_the_tick(session, make, sign_in):
    partner, browser = make.enterprise(), sign_in(make.user(enterprise=make.enterprise(last_year_revenue=5_000_000)))

    asked = browser.post("/deals/new", data=fields(partner=partner.name))
    assert asked.status_code == 422
    assert 'name="unit_checked"' in asked.text
    assert "三千万元整" in asked.text
    assert browser.post("/deals/new", data=fields(partner=partner.name, unit_checked="y")).status_code == 302


def test_the_second_report_offers_the_first_to_confirm(session, make, sign_in):
    event = make.event(state=EventState.HELD, starts_at=utcnow() - timedelta(days=1))
    first = make.deal(event=event)
    seller = make.person_of(first.seller)
    make.registration(event, first.seller, state=RegistrationState.CHECKED_IN)
    browser = sign_in(seller)

    page = browser.post("/deals/new", data=fields(partner=first.buyer.name, event=event.public_id, amount="2900"))

    assert page.status_code == 409
    assert first.number in page.text
    assert f'href="/deals/{first.public_id}/confirm"' in page.text
    assert len(session.scalars(select(Deal)).all()) == 1


def test_a_double_click_declares_once(session, make, sign_in):
    partner, browser = make.enterprise(), sign_in(make.user())

    headers = {"Idempotency-Key": "one-click-only"}
    first, second = (browser.post("/deals/new", data=fields(partner=partner.name), headers=headers) for _ in range(2))

    assert first.location == second.location
    assert len(session.scalars(select(Deal)).all()) == 1


def test_the_address_brings_the_firm_along(make, sign_in):
    partner, browser = make.enterprise(), sign_in(make.user())

    assert f'value="{partner.name}"' in browser.get(f"/deals/new?enterprise={partner.public_id}").text


def meeting_between(session, asker, asked, event):
    """A talk at table 5, as the published timetable has it."""
    timetable = TimetableVersion(event=event, number=1, state=TimetableState.PUBLISHED)
    request = MeetingRequest(event=event, asker=asker, asked=asked, state=RequestState.ACCEPTED)
    starts_at = event.starts_at
    slot = Slot(event_id=event.id, number=1, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=20))
    table = Table(event_id=event.id, number=5)
    session.add_all([timetable, request, slot, table])
    session.flush()
    meeting = Meeting(timetable=timetable, request=request, slot=slot, table=table, state=MeetingState.HELD)
    for firm in (asker, asked):
        appointment = Appointment(timetable_id=timetable.id, slot_id=slot.id, enterprise=firm)
        meeting.appointments.append(appointment)
    session.add(meeting)
    session.flush()
    return meeting


def test_a_meeting_brings_its_partner_and_event_along(session, make, sign_in):
    event = make.event(state=EventState.RUNNING, starts_at=utcnow() - timedelta(hours=1))
    asker, asked = make.enterprise(), make.enterprise("楚风商用车股份有限公司")
    meeting = meeting_between(session, asker, asked, event)
    browser = sign_in(make.person_of(asker))

    page = browser.get(f"/deals/new?meeting={meeting.public_id}")
    assert 'value="楚风商用车股份有限公司"' in page.text
    assert "5 号桌" in page.text
    known = fields(partner="楚风商用车股份有限公司", meeting=meeting.public_id, event=event.public_id)
    browser.post("/deals/new", data=known)
    deal = session.scalars(select(Deal)).one()
    assert (deal.meeting_id, deal.event_id) == (meeting.id, event.id)
    assert "5 号桌" in browser.get(f"/deals/{deal.public_id}").text


def test_a_meeting_with_one_firm_is_no_source_for_a_deal_with_another(session, make, sign_in):
    event = make.event(state=EventState.RUNNING, starts_at=utcnow() - timedelta(hours=1))
    asker, third = make.enterprise(), make.enterprise()
    meeting = meeting_between(session, asker, make.enterprise(), event)

    known = fields(partner=third.name, meeting=meeting.public_id, event=event.public_id)
    page = sign_in(make.person_of(asker)).post("/deals/new", data=known)

    assert page.status_code == 422
    assert "不是这两家单位在该场次的洽谈" in page.text


def test_the_other_side_reads_the_amount_in_words_and_confirms(session, make, sign_in):
    deal = make.deal(seller=make.enterprise(last_year_revenue=41_200_000))
    browser = sign_in(make.person_of(deal.seller))

    page = browser.get(f"/deals/{deal.public_id}/confirm")
    assert "三千万元整" in page.text
    assert "3,000 万元 = 0.30 亿元 = 30,000,000 元" in page.text
    assert "约为贵公司上年营业收入 4,120 万元的 73%" in page.text
    assert "一致，确认 3,000 万元" in page.text

    answer = browser.post(f"/deals/{deal.public_id}/confirm", data={"seen_version": deal.version})
    assert answer.status_code == 302
    assert fresh(session, deal).standing.assurance is Assurance.CONFIRMED


def test_the_revenue_of_the_other_side_is_not_shown(make, sign_in):
    deal = make.deal(buyer=make.enterprise(last_year_revenue=77_770_000))

    page = sign_in(make.person_of(deal.seller)).get(f"/deals/{deal.public_id}/confirm")

    assert "7,777" not in page.text
    assert "上年营业收入" not in page.text


def test_confirming_twice_says_so_and_changes_nothing(session, make, sign_in):
    deal = make.deal(confirmed=True)
    browser = sign_in(make.person_of(deal.seller))

    page = browser.post(f"/deals/{deal.public_id}/confirm", data={"seen_version": deal.version})

    assert page.status_code == 409
    assert "已同意当前金额，无需再次确认" in page.text
    assert len(fresh(session, deal).entries) == 2


def test_an_answer_to_an_amount_changed_meanwhile_is_stale(session, make, sign_in):
    deal = make.deal()
    seen = deal.version
    browser = sign_in(make.person_of(deal.seller))
    deals.amend_deal(session, deal=deal, actor=make.person_of(deal.buyer), amount=25_000_000)
    session.commit()

    page = browser.post(f"/deals/{deal.public_id}/confirm", data={"seen_version": seen})

    assert page.status_code == 409
    assert "已被他人修改" in page.text
    assert "一致，确认 2,500 万元" in page.text
    assert fresh(session, deal).standing.assurance is Assurance.DECLARED


def test_another_amount_is_put_forward_and_accepted(session, make, sign_in):
    deal = make.deal()
    seller, buyer = sign_in(make.person_of(deal.seller)), sign_in(make.person_of(deal.buyer))

    seller.post(f"/deals/{deal.public_id}/amend", data={"amount": "2800", "note": "10 套"})
    page = buyer.get(f"/deals/{deal.public_id}/confirm")
    assert "更正了金额" in page.text
    assert "二千八百万元整" in page.text
    buyer.post(f"/deals/{deal.public_id}/confirm")

    deal = fresh(session, deal)
    assert (deal.standing.amount, deal.standing.assurance) == (28_000_000, Assurance.CONFIRMED)


def test_a_denial_needs_its_reason_and_freezes_the_deal(session, make, sign_in):
    deal = make.deal(confirmed=True)
    browser = sign_in(make.person_of(deal.seller))

    assert browser.post(f"/deals/{deal.public_id}/dispute", data={"reason": " "}).status_code == 422
    assert browser.post(f"/deals/{deal.public_id}/dispute", data={"reason": "少计一套"}).status_code == 302
    assert fresh(session, deal).standing.is_disputed
    assert "少计一套" in browser.get(f"/deals/{deal.public_id}").text
    assert "少计一套" in browser.get(f"/deals/{deal.public_id}/resolve").text
    assert browser.post(f"/deals/{deal.public_id}/resolve", data={}).status_code == 302
    assert not fresh(session, deal).standing.is_disputed


def test_a_withdrawal_ends_the_deal_on_its_page_too(session, make, sign_in):
    deal = make.deal(confirmed=True)
    browser = sign_in(make.person_of(deal.buyer))

    browser.post(f"/deals/{deal.public_id}/withdraw", data={"reason": "项目取消"})

    assert fresh(session, deal).standing.stage is DealStage.WITHDRAWN
    page = browser.get(f"/deals/{deal.public_id}")
    assert "项目取消" in page.text
    assert "可以办理" not in page.text


def test_contract_and_delivery_are_recorded_from_the_pages(session, make, sign_in):
    deal = make.deal(confirmed=True)
    browser = sign_in(make.person_of(deal.seller))

    assert "合同编号" in browser.get(f"/deals/{deal.public_id}/contract").text
    browser.post(f"/deals/{deal.public_id}/contract", data={"number": "HT-7", "amount": "2000"})
    assert "合同金额" in browser.get(f"/deals/{deal.public_id}/deliver").text
    browser.post(f"/deals/{deal.public_id}/deliver", data={"amount": "2000"})
    assert fresh(session, deal).standing.stage is DealStage.DELIVERED
    within = browser.get(f"/deals/{deal.public_id}").text
    browser.post(f"/deals/{deal.public_id}/deliver", data={"amount": "200.0001"})
    beyond = browser.get(f"/deals/{deal.public_id}").text

    held = "累计履约超过合同金额的 110%，超出部分暂不进入履约合计"
    assert (held in within, held in beyond) == (False, True)
    assert "履约已登记；累计已超过合同金额的 110%" in beyond


def test_an_official_verifies_and_one_involved_leaves_a_trace(session, make, sign_in):
    office = make.office(region="420600")
    event = make.event(organiser=office, state=EventState.HELD, starts_at=utcnow() - timedelta(days=1))
    deal = make.deal(confirmed=True, event=event)
    involved = make.user(Role.OFFICIAL, office=office)

    refused = sign_in(involved).post(f"/deals/{deal.public_id}/verify", data={"note": "看过"})
    assert refused.status_code == 302
    traces = select(AuditEntry).where(AuditEntry.action == "deal verify refused")
    assert [trace.actor_id for trace in session.scalars(traces)] == [involved.id]
    assert fresh(session, deal).standing.assurance is Assurance.CONFIRMED

    other = sign_in(make.user(Role.OFFICIAL))
    assert "这笔意向属实吗" in other.get(f"/deals/{deal.public_id}/verify").text
    other.post(f"/deals/{deal.public_id}/verify", data={"note": "看过合同"})
    assert fresh(session, deal).standing.assurance is Assurance.VERIFIED


def test_a_deal_of_others_is_absent(make, sign_in):
    deal, stranger = make.deal(), sign_in(make.user())

    for page in ("", "/confirm", "/amend", "/dispute", "/resolve", "/withdraw", "/contract", "/deliver"):
        assert stranger.get(f"/deals/{deal.public_id}{page}").status_code == 404
        assert stranger.get(f"/deals/00000000000000000000{page}").status_code == 404
    far = sign_in(make.user(Role.OFFICIAL, office=make.office(region="420500")))
    assert far.get(f"/deals/{deal.public_id}").status_code == 404
    assert far.post(f"/deals/{deal.public_id}/verify").status_code == 404


def test_roles_that_may_never_do_a_thing_are_refused(make, sign_in):
    deal = make.deal()
    official, auditor = sign_in(make.user(Role.OFFICIAL)), sign_in(make.user(Role.AUDITOR))
    firm, admin = sign_in(make.person_of(deal.buyer)), sign_in(make.user(Role.ADMINISTRATOR))

    assert official.post(f"/deals/{deal.public_id}/confirm").status_code == 403
    assert official.get("/deals/new").status_code == 403
    assert auditor.get(f"/deals/{deal.public_id}").status_code == 200
    assert auditor.post(f"/deals/{deal.public_id}/withdraw").status_code == 403
    assert firm.post(f"/deals/{deal.public_id}/verify").status_code == 403
    assert admin.get("/deals").status_code == 403


def test_an_official_does_not_amend_what_the_parties_declared(session, make, sign_in):
    deal = make.deal()

    refused = sign_in(make.user(Role.OFFICIAL)).post(f"/deals/{deal.public_id}/amend", data={"amount": "1"})

    assert refused.status_code == 403
    assert len(fresh(session, deal).entries) == 1


def test_a_visitor_is_sent_to_sign_in(client, make, session):
    deal = make.deal()
    session.commit()

    assert client.get("/deals").status_code == 302
    assert client.get(f"/deals/{deal.public_id}").location.startswith("/sign-in")


def test_a_firm_sees_its_own_deals_with_what_awaits_it_first(make, sign_in):
    waiting, foreign = make.deal(subject="等答复的压铸模"), make.deal(subject="别家的压铸模")
    make.deal(seller=waiting.seller, confirmed=True, subject="谈成的压铸模")

    page = sign_in(make.person_of(waiting.seller)).get("/deals")

    assert page.text.index("等贵公司答复") < page.text.index("等答复的压铸模") < page.text.index("谈成的压铸模")
    assert f"/deals/{waiting.public_id}/confirm" in page.text
    assert "别家" not in page.text
    assert foreign.number not in page.text


def test_an_empty_list_says_the_next_step(make, sign_in):
    assert "申报第一笔" in sign_in(make.user()).get("/deals").text


def test_the_ledger_filters_by_what_the_address_says(session, make, sign_in):
    one = make.deal(confirmed=True, subject="甲模具", buyer=make.enterprise(region="420100"))
    other = make.deal(subject="乙模具", kind=deals.DealKind.INVESTMENT)
    deals.dispute_deal(session, deal=other, actor=make.person_of(other.seller), reason="x")
    browser = sign_in(make.user(Role.OFFICIAL))

    def shown(query):
        page = browser.get(f"/deals?{query}").text
        return [deal.subject for deal in (one, other) if deal.subject in page]

    month = utcnow().astimezone(SHANGHAI).strftime("%Y-%m")
    assert shown("") == ["甲模具", "乙模具"]
    assert shown("kind=investment") == ["乙模具"]
    assert shown("assurance=V1") == ["甲模具"]
    assert shown("disputed=1") == ["乙模具"]
    assert shown("prefecture=420100") == ["甲模具"]
    assert shown(f"q={one.number.lower()}") == ["甲模具"]
    assert shown("q=乙模") == ["乙模具"]
    assert shown(f"month={month}") == ["甲模具", "乙模具"]
    for month in ("2020-01", "2099-12"):
        assert shown(f"month={month}") == []
    assert shown("stage=contract") == []
    assert shown("kind=nonsense&stage=%00&month=13&page=x&event=zz&prefecture=%27") == []
    assert shown("kind=nonsense&stage=%00&month=9999-12&page=x&event=zz") == ["甲模具", "乙模具"]


def test_the_export_has_the_rows_of_the_page_and_no_live_formula(session, make, sign_in):
    make.deal(subject="=1+1")
    make.deal(subject="投资项目", kind=deals.DealKind.INVESTMENT)
    browser = sign_in(make.user(Role.OFFICIAL))

    book = openpyxl.load_workbook(io.BytesIO(browser.get("/deals/export?kind=purchase").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:2] == ("编号", "买方")
    assert [(row[8], row[9]) for row in rows[1:]] == [("'=1+1", 30_000_000)]
    csv = browser.get("/deals/export?format=csv").data.decode("utf-8-sig")
    assert len(csv.splitlines()) == 3


def test_a_firm_exports_only_its_own(make, sign_in):
    own = make.deal(subject="自家的模具")
    make.deal(subject="别家的模具")

    csv = sign_in(make.person_of(own.buyer)).get("/deals/export?format=csv").data.decode("utf-8-sig")

    assert "自家的模具" in csv
    assert "别家" not in csv


def test_the_page_says_whether_a_deal_counts_where_and_why(make, sign_in):
    make.programme(utcnow().astimezone(SHANGHAI).year)
    deal, open_ = make.deal(confirmed=True, months=36), make.deal()
    official = sign_in(make.user(Role.OFFICIAL))

    counted = words_of(official.get(f"/deals/{deal.public_id}"))
    assert "计入 双方确认，按口径计入采购配套净意向额。" in counted
    assert "计入金额 0.10 亿元" in counted
    assert "期限 36 个月，按“金额 × 12 ÷ 月数”计入（R9）。" in counted
    assert "待确认 一方尚未确认，仅列入申报口径（R8）。" in words_of(official.get(f"/deals/{open_.public_id}"))
