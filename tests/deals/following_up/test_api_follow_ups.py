"""Following up and stewardship as JSON."""

from __future__ import annotations

import pytest

from matchmaker.accounts.models import Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.models import DealEntry
from matchmaker.deals.stewardship.services import entrust


@pytest.fixture
def office(make):
    office = make.office("襄阳局", region="420600")
    make.user(Role.OFFICIAL, office=office)
    return office


@pytest.fixture
def deal(session, make, intent, ask, office):
    make.programme(shanghai_day(utcnow()).year)
    deal = intent(61)
    ask()
    entrust(session, deal=deal)
    session.commit()
    return deal


@pytest.fixture
def buyer(make, as_program, deal):
    return as_program(make.person_of(deal.buyer))


def address(deal, rest):
    return f"/api/v1/deals/{deal.public_id}/{rest}"


def test_a_side_answers_its_question_and_an_office_reads_both(as_program, make, buyer, deal):
    answered = buyer.post(address(deal, "follow-ups/answer"), json={"answer": "off", "reason": "price"})
    as_program(make.person_of(deal.seller)).post(address(deal, "follow-ups/answer"), json={"answer": "talking"})
    read = as_program(make.user(Role.OFFICIAL)).get(address(deal, "follow-ups"))

    (own,) = answered.json["follow_ups"]
    assert (own["party"], own["day"], answered.json["at_odds"]) == ("buyer", 60, None)
    assert [(each["answer"], each["reason"], each["by_link"]) for each in own["answers"]] == [("off", "price", False)]
    assert [(each["party"], each["answers"][0]["answer"]) for each in read.json["follow_ups"]] == [
        ("buyer", "off"),
        ("seller", "talking"),
    ]
    assert read.json["at_odds"] is True


def test_signed_records_the_contract_once_for_a_key(session, buyer, deal):
    body = {"answer": "signed", "amount": 28_000_000, "number": "HT-7"}
    key = {"Idempotency-Key": "signed-once-and-for-all"}

    answers = [buyer.post(address(deal, "follow-ups/answer"), json=body, headers=key) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert buyer.get(f"/api/v1/deals/{deal.public_id}").json["stage"] == "contract"
    assert session.query(DealEntry).filter_by(deal_id=deal.id).count() == 3


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"answer": "off"}, 422, "ReasonNotChosen"),
        ({"answer": "signed"}, 422, "ContractIncomplete"),
        ({"answer": "maybe"}, 422, None),
        ({"answer": "off", "reason": "weather"}, 422, None),
    ],
)
def test_half_an_answer_is_refused(buyer, deal, body, status, code):
    answer = buyer.post(address(deal, "follow-ups/answer"), json=body)

    assert answer.status_code == status
    if code:
        assert answer.json["code"] == code
    assert buyer.get(address(deal, "follow-ups")).json["follow_ups"][0]["answers"] == []


def test_who_was_not_asked_has_nothing_to_answer(as_program, make, intent):
    young = intent(5)
    program = as_program(make.person_of(young.buyer))

    refused = program.post(address(young, "follow-ups/answer"), json={"answer": "talking"})

    assert (refused.status_code, refused.json["code"]) == (409, "NothingAsked")


def test_an_answer_on_an_older_reading_is_refused(buyer, deal):
    body = {"answer": "talking"}

    assert buyer.post(address(deal, "follow-ups/answer"), json=body, headers={"If-Match": '"77"'}).status_code == 412


@pytest.mark.parametrize("rest", ["follow-ups", "stewardship"])
def test_a_strangers_deal_is_absent(as_program, make, deal, rest):
    assert as_program(make.user()).get(address(deal, rest)).status_code == 404


def test_a_deal_is_handed_over_and_a_firm_is_told_whom_to_turn_to_but_not_why(as_program, make, office, deal):
    official = as_program(make.user(Role.OFFICIAL))
    read = official.get(address(deal, "stewardship")).json
    province = make.office("省厅", region="420000")
    make.session.commit()

    moved = official.post(
        address(deal, "stewardship"), json={"office_id": province.public_id, "why": "省级专班", "seen": 1}
    )
    stale = official.post(address(deal, "stewardship"), json={"office_id": office.public_id, "why": "换回", "seen": 1})
    own = as_program(make.person_of(deal.buyer)).get(address(deal, "stewardship")).json

    assert (read["holding"]["office"]["name"], read["holding"]["level"]) == ("襄阳局", "county")
    assert [each["office"]["name"] for each in moved.json["history"]] == ["省厅", "襄阳局"]
    assert moved.json["holding"]["why"] == "省级专班"
    assert stale.status_code == 409
    assert (own["holding"]["office"]["name"], own["holding"]["why"], own["history"]) == ("省厅", "", [])


def test_an_office_that_is_not_near_takes_nothing_over(as_program, make, deal):
    elsewhere = make.office(region="420500")

    answer = as_program(make.user(Role.OFFICIAL)).post(
        address(deal, "stewardship"), json={"office_id": elsewhere.public_id, "why": "x"}
    )

    assert (answer.status_code, answer.json["errors"][0]["path"]) == (422, "office_id")
