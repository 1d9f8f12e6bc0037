"""What must not get onto the ledger is refused in words, on the page and by the API alike, and nothing is changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Membership, Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import services as deals
from matchmaker.deals.models import Deal, DealEntry
from matchmaker.notices.models import Notice

TODAY = shanghai_day(utcnow())


@dataclass(frozen=True)
class Fault:
    """Something wrong with a declaration: what is typed on the page, what is sent, and what each is told."""

    typed: dict[str, Any]
    told: str
    sent: dict[str, Any]
    code: str
    path: str = ""


DECLARATIONS = {
    "a term of no month": Fault({"months": "0"}, "1", {"months": 0}, "greater_than_equal", "months"),
    "a term of 1201 months": Fault({"months": "1201"}, "1200", {"months": 1201}, "less_than_equal", "months"),
    "a negative amount": Fault({"amount": "-1"}, "“-1”不是以万元为单位的数", {"amount": -1}, "greater_than", "amount"),
    "no amount": Fault({"amount": "0"}, "金额必须是大于零的整数元", {"amount": 0}, "greater_than", "amount"),
    "ten thousand trillion yuan": Fault(
        {"amount": "1000000000000"}, "不是以万元为单位的数", {"amount": 10**16}, "less_than_equal", "amount"
    ),
    "a part of a yuan": Fault({"amount": "0.00001"}, "不是以万元为单位的数", {"amount": 0.1}, "int_type", "amount"),
    "an upper bound below the amount": Fault(
        {"amount_high": "1"}, "金额上限不能低于金额", {"amount_high": 1}, "RangeReversed"
    ),
    "a subject of spaces": Fault({"subject": "  "}, "标的", {"subject": "  "}, "string_too_short", "subject"),
}


@pytest.fixture
def buyer(make):
    return make.enterprise("十堰车身有限公司", region="420300")


@pytest.fixture
def seller(make):
    return make.enterprise("襄阳宏远模具有限公司")


def typed(buyer, **changes):
    known = {
        "side": "seller", "partner": buyer.name, "subject": "压铸模 12 套", "kind": "purchase", "amount": "3000",
        "months": "9", "event": "", "segment": "",
    }  # fmt: skip
    return known | changes


def sent(buyer, **changes):
    known = {
        "side": "seller",
        "partner_id": buyer.public_id,
        "subject": "压铸模 12 套",
        "amount": 30_000_000,
        "months": 9,
    }
    return known | changes


def words_of(page) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", re.sub(r"(?s).*<main", "<main", page.text)))


def state(session) -> tuple[object, ...]:
    """Everything a refusal must leave as it was, read apart, so that no lock is kept."""
    session.commit()
    with Session(session.get_bind()) as reader:
        counts = [reader.scalar(select(func.count()).select_from(table)) for table in (Deal, DealEntry, Notice)]
        versions = reader.execute(select(Deal.id, Deal.version, Deal.duplicate_of_id).order_by(Deal.id)).all()
    return (*counts, *(tuple(row) for row in versions))


@pytest.mark.parametrize("name", DECLARATIONS)
def test_a_declaration_with_a_fault_is_refused_on_the_page_and_by_the_api(
    session, make, sign_in, as_program, buyer, seller, name
):
    fault, person = DECLARATIONS[name], make.person_of(seller)
    browser, program = sign_in(person), as_program(person)
    before = state(session)

    page = browser.post("/deals/new", data=typed(buyer, **fault.typed))
    answer = program.post("/api/v1/deals", json=sent(buyer, **fault.sent))

    assert (page.status_code, answer.status_code) == (422, 422)
    assert fault.told in words_of(page)
    assert 'name="subject"' in page.text
    if fault.path:
        assert [(each["path"], each["code"]) for each in answer.json["errors"]] == [(fault.path, fault.code)]
        assert re.search("[一-鿿]", answer.json["errors"][0]["message"])
    else:
        assert (answer.json["code"], fault.told in answer.json["detail"]) == (fault.code, True)
    assert state(session) == before


def test_no_firm_declares_a_deal_with_itself(session, make, sign_in, as_program, seller):
    person = make.person_of(seller)
    browser, program = sign_in(person), as_program(person)
    before = state(session)

    page = browser.post("/deals/new", data=typed(seller))
    answer = program.post("/api/v1/deals", json=sent(seller))

    assert (page.status_code, answer.status_code, answer.json["code"]) == (422, 422, "SameParty")
    assert "买方和卖方不能是同一家单位" in words_of(page)
    assert state(session) == before


def test_no_deal_comes_from_an_event_that_is_still_to_be_held(session, make, sign_in, as_program, buyer, seller):
    person, ahead = make.person_of(seller), make.event(starts_at=utcnow() + timedelta(days=3))
    make.registration(ahead, seller)
    browser, program = sign_in(person), as_program(person)
    before = state(session)

    page = browser.post("/deals/new", data=typed(buyer, event=ahead.public_id))
    answer = program.post("/api/v1/deals", json=sent(buyer, event_id=ahead.public_id))

    assert (page.status_code, answer.status_code, answer.json["code"]) == (422, 422, "EventNotHeld")
    assert "来源场次" in words_of(page)
    assert "举行当天起才能申报" in answer.json["detail"]
    assert state(session) == before


@pytest.mark.parametrize(
    ("changes", "code", "told"),
    [
        ({"currency": "ABC", "rate": "7.1"}, "UnknownCurrency", "不认识币种“ABC”"),
        ({"currency": "usd", "rate": "7.1"}, "UnknownCurrency", "不认识币种“usd”"),
        ({"currency": "USD"}, "RateMissing", "外币金额须填写折算汇率"),
        ({"currency": "USD", "rate": "0"}, "RateMissing", "外币金额须填写折算汇率"),
        ({"currency": "USD", "rate": "NaN"}, "RateMissing", "外币金额须填写折算汇率"),
        ({"currency": "USD", "rate": "七"}, "RateMissing", "外币金额须填写折算汇率"),
        ({"rate": "7.1"}, "RateMissing", "人民币金额不填汇率"),
        ({"currency": "USD", "rate": "7.1", "amount": 10**15}, "AmountOutOfRange", "不超过一千万亿元"),
    ],
)
def test_a_foreign_amount_needs_a_known_currency_and_its_rate(
    session, make, as_program, buyer, seller, changes, code, told
):
    program = as_program(make.person_of(seller))  # the page takes yuan only
    before = state(session)

    answer = program.post("/api/v1/deals", json=sent(buyer, **changes))

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert told in answer.json["detail"]
    assert state(session) == before


def test_a_foreign_amount_is_taken_at_its_rate(make, as_program, buyer, seller):
    program = as_program(make.person_of(seller))

    answer = program.post("/api/v1/deals", json=sent(buyer, amount=1_000_001, currency="USD", rate="7.1234"))

    assert (answer.status_code, answer.json["amount"], answer.json["rate"]) == (201, 7_123_407, "7.1234")


@dataclass(frozen=True)
class Word:
    """A word that may not be said of a deal now."""

    verb: str
    status: int
    code: str
    told: str
    body: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)


def confirmed(session, make, deal):
    deals.confirm_deal(session, deal=deal, actor=make.person_of(deal.seller))


def delivered(session, make, deal):
    confirmed(session, make, deal)
    deals.record_contract(session, deal=deal, actor=make.person_of(deal.buyer), amount=30_000_000, number="HT-7")
    deals.record_delivery(session, deal=deal, actor=make.person_of(deal.buyer), amount=1)


def withdrawn(session, make, deal):
    deals.withdraw_deal(session, deal=deal, actor=make.person_of(deal.buyer), reason="不做了")


def declared(session, make, deal):
    """Nothing more was said."""


def merged(session, make, deal):
    kept = make.deal(buyer=deal.buyer, seller=deal.seller)
    deals.merge_deal(session, deal=deal, into=kept, actor=make.user(Role.OFFICIAL), reason="同一次握手")


REASON = {"reason": "项目取消"}
WORDS = {
    "confirming twice": (confirmed, Word("confirm", 409, "AlreadyConfirmed", "无需再次确认")),
    "withdrawing after a delivery": (delivered, Word("withdraw", 409, "DeliveryBegun", "已有履约记录", REASON, REASON)),
    "withdrawing twice": (withdrawn, Word("withdraw", 409, "DealWithdrawn", "已撤回", REASON, REASON)),
    "confirming what was withdrawn": (withdrawn, Word("confirm", 409, "DealWithdrawn", "已撤回")),
    "confirming what was merged": (merged, Word("confirm", 409, "DealMerged", "请在那一笔办理")),
    "a contract before both agreed": (
        declared,
        Word(
            "contract",
            409,
            "NotConfirmed",
            "双方确认之后",
            {"number": "1", "amount": 1},
            {"number": "1", "amount": "1"},
        ),
    ),
    "a delivery without a contract": (
        confirmed,
        Word("deliver", 409, "NoContract", "请先登记合同", {"amount": 1}, {"amount": "1"}),
    ),
    "an amendment that changes nothing": (
        declared,
        Word("amend", 422, "SameAmount", "与当前申报的相同", {"amount": 30_000_000}, {"amount": "3000"}),
    ),
    "resolving what is not disputed": (confirmed, Word("resolve", 409, "NotDisputed", "没有争议")),
}


@pytest.mark.parametrize("name", WORDS)
def test_what_cannot_be_said_now_is_refused_on_the_page_and_by_the_api(
    session, make, sign_in, as_program, buyer, seller, name
):
    prepare, word = WORDS[name]
    deal = make.deal(buyer=buyer, seller=seller)
    prepare(session, make, deal)
    person = make.person_of(seller)
    browser, program = sign_in(person), as_program(person)
    before = state(session)

    page = browser.post(f"/deals/{deal.public_id}/{word.verb}", data=word.typed)
    answer = program.post(f"/api/v1/deals/{deal.public_id}/{word.verb}", json=word.body)

    assert (page.status_code, answer.status_code) == (word.status, word.status)
    assert word.told in words_of(page)
    assert (answer.json["code"], word.told in answer.json["detail"]) == (word.code, True)
    assert state(session) == before


def test_one_person_does_not_agree_with_themselves_for_both_sides(session, make, sign_in, as_program, buyer, seller):
    deal, person = make.deal(buyer=buyer, seller=seller), make.person_of(buyer)
    person.memberships[0].ends_on = TODAY - timedelta(days=1)
    person.memberships.append(
        Membership(role=Role.ENTERPRISE, enterprise_id=seller.id, starts_on=date(2020, 1, 1))
    )  # the same person now speaks for the other firm
    session.commit()
    browser, program = sign_in(person), as_program(person)
    before = state(session)

    page = browser.post(f"/deals/{deal.public_id}/confirm")
    answer = program.post(f"/api/v1/deals/{deal.public_id}/confirm", json={})

    assert (page.status_code, answer.status_code, answer.json["code"]) == (403, 403, "SamePerson")
    assert "一个人不能代表双方" in answer.json["detail"]
    assert state(session) == before
    deals.confirm_deal(session, deal=session.get_one(Deal, deal.id), actor=make.user(enterprise=seller))
