"""Deals as JSON: the same services as the pages, each word once, and nobody reads on behalf of others."""

from __future__ import annotations

import pytest

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.models import Deal, DealEntry


@pytest.fixture
def buyer(make):
    return make.enterprise("十堰车身有限公司", region="420300")


@pytest.fixture
def seller(make):
    return make.enterprise("襄阳宏远模具有限公司")


@pytest.fixture
def deal(make, buyer, seller):
    return make.deal(buyer=buyer, seller=seller)


def said(session, deal) -> list[tuple[str, str]]:
    session.expire_all()
    entries = session.query(DealEntry).filter_by(deal_id=deal.id).order_by(DealEntry.number)
    return [(entry.type.value, entry.party.value) for entry in entries]


def say(program, deal, verb: str, body: dict[str, object] | None = None, **headers: str):
    return program.post(f"/api/v1/deals/{deal.public_id}/{verb}", json=body or {}, headers=headers)


def test_a_firm_declares_a_deal_for_its_own_side(as_program, make, buyer, seller, session) -> None:
    program = as_program(make.person_of(seller))
    wanted = {
        "side": "seller",
        "partner_id": buyer.public_id,
        "subject": "铝合金变速箱壳体压铸模，12 套",
        "amount": 30_000_000,
        "months": 9,
        "segment": "auto.cast",
    }

    answer = program.post("/api/v1/deals", json=wanted)

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/deals/{answer.json['id']}"
    shown = {
        name: answer.json[name] for name in ("buyer", "seller", "amount", "stage", "assurance", "party", "version")
    }
    assert shown == {
        "buyer": {"id": buyer.public_id, "name": "十堰车身有限公司"},
        "seller": {"id": seller.public_id, "name": "襄阳宏远模具有限公司"},
        "amount": 30_000_000,
        "stage": "intent",
        "assurance": "V0",
        "party": "seller",
        "version": 1,
    }
    assert said(session, session.query(Deal).one()) == [("declare", "seller")]


def test_a_renewal_says_what_it_renews_and_reads_what_of_it_is_new(as_program, make, buyer, seller) -> None:
    make.programme(shanghai_day(utcnow()).year)
    program = as_program(make.person_of(seller))
    wanted = {"side": "seller", "partner_id": buyer.public_id, "subject": "压铸模", "amount": 30_000_000, "months": 12}

    untold = program.post("/api/v1/deals", json=wanted | {"is_renewal": True})
    unmarked = program.post("/api/v1/deals", json=wanted | {"former_amount": 10_000_000})
    below = program.post("/api/v1/deals", json=wanted | {"is_renewal": True, "former_amount": -1})
    told = program.post("/api/v1/deals", json=wanted | {"is_renewal": True, "former_amount": 10_000_000})

    assert [(answer.status_code, answer.json["code"]) for answer in (untold, unmarked)] == [
        (422, "FormerMissing"), (422, "FormerOfNoRenewal"),
    ]  # fmt: skip
    assert (below.status_code, below.json["errors"][0]["path"]) == (422, "former_amount")
    assert (told.status_code, told.json["is_renewal"], told.json["former_amount"]) == (201, True, 10_000_000)
    assert (told.json["counted"]["amount"], told.json["counted"]["increment"]) == (30_000_000, 20_000_000)
    read = program.get(f"/api/v1/deals/{told.json['id']}").json
    assert (read["former_amount"], read["counted"]["increment"]) == (10_000_000, 20_000_000)


def test_a_deal_belongs_to_one_primary_segment(as_program, make, buyer, seller) -> None:
    program = as_program(make.person_of(seller))
    wanted = {"side": "seller", "partner_id": buyer.public_id, "subject": "压铸模", "amount": 30_000_000}

    one = program.post("/api/v1/deals", json=wanted | {"segment": "auto.cast"})
    two = program.post("/api/v1/deals", json=wanted | {"segment": ["auto.cast", "auto.forge"]})

    assert (one.status_code, one.json["segment"]) == (201, "auto.cast")
    assert (two.status_code, two.json["errors"][0]["path"]) == (422, "segment")


def test_both_sides_and_an_office_carry_a_deal_from_intent_to_delivery(as_program, make, deal, seller, session) -> None:
    by_seller = as_program(make.person_of(seller))
    by_office = as_program(make.user(Role.OFFICIAL))

    steps = [
        say(by_seller, deal, "amend", {"amount": 28_000_000, "note": "按样件复核"}),
        say(as_program(make.person_of(deal.buyer)), deal, "confirm"),
        say(by_office, deal, "verify", {"note": "查合同草案"}),
        say(by_seller, deal, "contract", {"number": "HT-2026-7", "amount": 27_500_000}),
        say(by_seller, deal, "deliver", {"amount": 7_500_000}),
    ]

    assert [step.status_code for step in steps] == [200] * 5
    assert [step.json["assurance"] for step in steps] == ["V0", "V1", "V2", "V2", "V2"]
    assert [step.json["stage"] for step in steps] == ["intent", "intent", "intent", "contract", "delivering"]
    assert [step.json["version"] for step in steps] == sorted({step.json["version"] for step in steps})
    assert steps[-1].json["contract_number"] == "HT-2026-7"
    assert said(session, deal) == [
        ("declare", "buyer"),
        ("amend", "seller"),
        ("confirm", "buyer"),
        ("verify", "office"),
        ("contract", "seller"),
        ("deliver", "seller"),
    ]


def test_a_deal_says_whether_and_why_it_counts(as_program, make, deal, seller) -> None:
    make.programme(shanghai_day(utcnow()).year)
    program = as_program(make.person_of(seller))

    before = program.get(f"/api/v1/deals/{deal.public_id}").json["counted"]
    after = say(program, deal, "confirm").json["counted"]

    assert (before["counts"], before["reason"]) == (False, "unconfirmed")
    assert (after["counts"], after["reason"], after["amount"]) == (True, "counted", 30_000_000)


def test_a_dispute_is_raised_and_resolved_and_the_deal_withdrawn(as_program, make, deal, seller, session) -> None:
    program = as_program(make.person_of(seller))

    disputed = say(program, deal, "dispute", {"reason": "数量不对"})
    resolved = say(program, deal, "resolve")
    withdrawn = say(program, deal, "withdraw", {"reason": "改为另一型号"})

    assert (disputed.json["is_disputed"], resolved.json["is_disputed"]) == (True, False)
    assert (withdrawn.json["stage"], withdrawn.json["steps"]) == ("withdrawn", [])
    assert [entry["type"] for entry in withdrawn.json["entries"]] == ["declare", "dispute", "resolve", "withdraw"]


def test_a_confirmation_sent_twice_with_one_key_is_said_once(as_program, make, deal, seller, session) -> None:
    program, key = as_program(make.person_of(seller)), {"Idempotency-Key": "confirm-once-and-for-all"}

    first, second = say(program, deal, "confirm", **key), say(program, deal, "confirm", **key)

    assert (first.status_code, second.status_code, first.data == second.data) == (200, 200, True)
    assert said(session, deal) == [("declare", "buyer"), ("confirm", "seller")]


def test_a_confirmation_with_another_key_is_refused_with_the_rule_it_breaks(as_program, make, deal, seller) -> None:
    program = as_program(make.person_of(seller))
    say(program, deal, "confirm")

    answer = say(program, deal, "confirm")

    assert (answer.status_code, answer.json["code"]) == (409, "AlreadyConfirmed")


def test_nobody_consents_to_an_amount_they_have_not_read(as_program, make, deal, buyer, seller, session) -> None:
    program = as_program(make.person_of(seller))
    read = program.get(f"/api/v1/deals/{deal.public_id}").headers["ETag"]
    say(as_program(make.person_of(buyer)), deal, "amend", {"amount": 300_000_000})

    answer = say(program, deal, "confirm", **{"If-Match": read})

    assert (answer.status_code, answer.json["code"]) == (412, "stale")
    assert said(session, deal) == [("declare", "buyer"), ("amend", "buyer")]


def test_the_deal_of_others_is_as_absent_as_one_that_never_was(as_program, make, deal) -> None:
    program, unknown = as_program(make.user()), "0" * 20

    foreign = program.get(f"/api/v1/deals/{deal.public_id}")
    absent = program.get(f"/api/v1/deals/{unknown}")
    spoken = say(program, deal, "confirm")

    assert (foreign.status_code, absent.status_code, spoken.status_code) == (404, 404, 404)
    assert foreign.json["detail"] == absent.json["detail"]


def test_a_list_shows_a_firm_its_own_deals_only(as_program, make, deal, seller) -> None:
    make.deal()

    listed = as_program(make.person_of(seller)).get("/api/v1/deals").json["items"]

    assert [each["id"] for each in listed] == [deal.public_id]


@pytest.mark.parametrize(
    ("role", "verb", "body"),
    [
        (Role.OFFICIAL, "confirm", {}),
        (Role.OFFICIAL, "dispute", {"reason": "不对"}),
        (Role.ENTERPRISE, "verify", {}),
        (Role.ORGANISER, "verify", {}),
        (Role.ORGANISER, "resolve", {}),
        (Role.AUDITOR, "withdraw", {"reason": "不对"}),
        (Role.AUDITOR, "amend", {"amount": 1}),
        (Role.AUDITOR, "contract", {"number": "1", "amount": 1}),
        (Role.ADMINISTRATOR, "deliver", {"amount": 1}),
    ],
)
def test_a_role_that_may_never_say_it_is_refused(as_program, make, deal, session, role, verb, body) -> None:
    user = make.person_of(deal.seller) if role is Role.ENTERPRISE else make.user(role)

    assert say(as_program(user), deal, verb, body).status_code == 403
    assert said(session, deal) == [("declare", "buyer")]


def test_an_office_declares_no_deal_and_an_administrator_reads_none(as_program, make, buyer) -> None:
    body = {"side": "seller", "partner_id": buyer.public_id, "subject": "压铸模", "amount": 1}

    assert as_program(make.user(Role.OFFICIAL)).post("/api/v1/deals", json=body).status_code == 403
    assert as_program(make.user(Role.ADMINISTRATOR)).get("/api/v1/deals").status_code == 403


def test_a_partner_nobody_knows_is_a_fault_of_the_input(as_program, make, seller, session) -> None:
    body = {"side": "seller", "partner_id": "0" * 20, "subject": "压铸模", "amount": 1}

    answer = as_program(make.person_of(seller)).post("/api/v1/deals", json=body)

    assert (answer.status_code, answer.json["errors"][0]["path"]) == (422, "partner_id")
    assert session.query(Deal).count() == 0


def test_a_handshake_already_reported_names_the_deal_to_confirm(as_program, make, buyer, seller) -> None:
    event = make.event(starts_at=make.moment("2026-01-05T01:00:00"))
    known = make.deal(buyer=buyer, seller=seller, event=event)
    body = {
        "side": "seller",
        "partner_id": buyer.public_id,
        "subject": "压铸模",
        "amount": 1_000,
        "event_id": event.public_id,
    }

    answer = as_program(make.person_of(seller)).post("/api/v1/deals", json=body)

    assert (answer.status_code, answer.json["code"]) == (409, "DealAlreadyDeclared")
    assert answer.json["deal_id"] == known.public_id


def test_an_amount_of_suspicious_size_asks_for_a_second_look(as_program, make, buyer, seller) -> None:
    program = as_program(make.person_of(seller))
    body = {"side": "seller", "partner_id": buyer.public_id, "subject": "压铸模", "amount": 1_000_000_000}

    first = program.post("/api/v1/deals", json=body)
    second = program.post("/api/v1/deals", json={**body, "unit_checked": True})

    assert (first.status_code, first.json["code"], second.status_code) == (422, "AmountLooksWrong", 201)


def test_whoever_ran_the_event_cannot_verify_and_leaves_a_trace(as_program, make, buyer, seller, session) -> None:
    office = make.office()
    event = make.event(organiser=office, starts_at=make.moment("2026-01-05T01:00:00"))
    deal = make.deal(buyer=buyer, seller=seller, event=event, confirmed=True)

    answer = say(as_program(make.user(Role.OFFICIAL, office=office)), deal, "verify")

    assert (answer.status_code, answer.json["code"]) == (403, "VerifierInvolved")
    assert session.query(AuditEntry).filter_by(action="deal verify refused").count() == 1


def test_filters_narrow_the_ledger(as_program, make, deal, buyer, seller) -> None:
    confirmed = make.deal(buyer=buyer, seller=seller, confirmed=True)
    program = as_program(make.user(Role.OFFICIAL))

    def found(asked: str) -> list[str]:
        return [each["id"] for each in program.get(f"/api/v1/deals?{asked}").json["items"]]

    assert found("assurance=V1") == [confirmed.public_id]
    assert found("prefecture=420300") == [confirmed.public_id, deal.public_id]
    assert found("prefecture=420100") == []
    assert found(f"q={deal.number}") == [deal.public_id]
    assert found("month=2019-01") == []
    assert program.get("/api/v1/deals?month=2019-13").status_code == 422
