"""The registers as JSON: enterprises, capabilities and needs."""

from __future__ import annotations

import pytest

from matchmaker.accounts.models import Role
from matchmaker.enterprises.models import (
    Capability,
    CapabilityState,
    Enterprise,
    EnterpriseState,
    Need,
    NeedState,
    NeedVisibility,
)


@pytest.fixture
def firm(make):
    return make.enterprise("襄阳宏远模具有限公司", last_year_revenue=120_000_000, legal_representative="张三")


@pytest.fixture
def own(as_program, make, firm):
    return as_program(make.user(enterprise=firm))


def ids(answer) -> list[str]:
    return [item["id"] for item in answer.json["items"]]


# Enterprises


def test_the_register_is_searched_and_filtered(as_program, make, firm) -> None:
    other = make.enterprise("武汉光电有限公司", region="420100", search_text="武汉光电有限公司")
    program = as_program(make.user(Role.OFFICIAL))

    assert ids(program.get("/api/v1/enterprises?q=光电")) == [other.public_id]
    assert ids(program.get("/api/v1/enterprises?region=420600")) == [firm.public_id]
    assert ids(program.get("/api/v1/enterprises")) == [other.public_id, firm.public_id]


def test_rivals_do_not_read_revenue_or_who_stands_behind_a_firm(as_program, make, firm, own) -> None:
    address = f"/api/v1/enterprises/{firm.public_id}"

    rival, itself = as_program(make.user()).get(address), own.get(address)

    assert (rival.json["last_year_revenue"], rival.json["legal_representative"]) == (None, None)
    assert (itself.json["last_year_revenue"], itself.json["legal_representative"]) == (120_000_000, "张三")


def test_a_suspended_firm_is_absent_for_other_firms(as_program, make) -> None:
    gone = make.enterprise(state=EnterpriseState.SUSPENDED)

    assert as_program(make.user()).get(f"/api/v1/enterprises/{gone.public_id}").status_code == 404


def test_an_office_enters_an_enterprise_once(as_program, make, session) -> None:
    program = as_program(make.user(Role.OFFICIAL))
    body = {"credit_code": "demo00000000000901", "name": "宜昌磷化有限公司", "region": "420500", "size": "medium"}

    first = program.post("/api/v1/enterprises", json=body)
    alike = program.post("/api/v1/enterprises", json=body)
    second = program.post("/api/v1/enterprises", json={**body, "is_other_firm": True})

    assert (first.status_code, first.json["credit_code"], first.json["state"]) == (
        201,
        "DEMO00000000000901",
        "unclaimed",
    )
    assert (alike.status_code, alike.json["code"]) == (409, "likely_duplicates")
    reasons = [{"reason": "same", "text": "名称完全相同"}]
    assert alike.json["enterprises"] == [{"id": first.json["id"], "name": "宜昌磷化有限公司", "reasons": reasons}]
    assert (second.status_code, second.json["code"]) == (409, "CreditCodeTaken")
    assert session.query(Enterprise).count() == 1


def test_a_wrong_check_digit_and_an_unknown_region_are_refused(as_program, make) -> None:
    program = as_program(make.user(Role.OFFICIAL))
    body = {"credit_code": "91420600MA4812345X", "name": "宜昌磷化有限公司", "region": "420500"}

    code = program.post("/api/v1/enterprises", json=body)
    region = program.post("/api/v1/enterprises", json={**body, "region": "999999"})

    assert (code.status_code, code.json["code"]) == (422, "WrongCheckCharacter")
    assert (region.status_code, region.json["errors"][0]["path"]) == (422, "region")


def test_a_firm_enters_no_enterprise(own) -> None:
    body = {"credit_code": "DEMO00000000000901", "name": "宜昌磷化有限公司", "region": "420500"}

    assert own.post("/api/v1/enterprises", json=body).status_code == 403


def test_a_change_leaves_alone_what_it_does_not_name(own, firm, session) -> None:
    address = f"/api/v1/enterprises/{firm.public_id}"
    read = own.get(address)

    answer = own.patch(address, json={"short_name": "宏远模具"}, headers={"If-Match": read.headers["ETag"]})

    assert (answer.status_code, answer.json["short_name"]) == (200, "宏远模具")
    assert (answer.json["last_year_revenue"], answer.json["legal_representative"]) == (120_000_000, "张三")
    assert answer.json["version"] == read.json["version"] + 1


def test_a_change_says_which_version_it_read(own, firm, session) -> None:
    address = f"/api/v1/enterprises/{firm.public_id}"
    read = own.get(address).headers["ETag"]
    own.patch(address, json={"short_name": "宏远"}, headers={"If-Match": read})

    silent = own.patch(address, json={"short_name": "远宏"})
    stale = own.patch(address, json={"short_name": "远宏"}, headers={"If-Match": read})

    assert (silent.status_code, stale.status_code) == (428, 412)
    session.refresh(firm)
    assert firm.short_name == "宏远"


def test_a_firm_changes_no_other(as_program, make, firm) -> None:
    answer = as_program(make.user()).patch(
        f"/api/v1/enterprises/{firm.public_id}", json={"short_name": "x"}, headers={"If-Match": "*"}
    )

    assert (answer.status_code, answer.json["code"]) == (403, "OutOfReach")


# Capabilities


def test_a_capability_is_stated_changed_published_and_taken_back(own, session) -> None:
    body = {"product": "铝合金压铸模", "capacity": 120.5, "capacity_unit": "套", "segment": "auto.cast"}
    added = own.post("/api/v1/capabilities", json=body)
    address = added.headers["Location"]

    changed = own.patch(address, json={"spec": "2500 吨以内"}, headers={"If-Match": added.headers["ETag"]})
    published, withdrawn = own.post(f"{address}/publish"), own.post(f"{address}/withdraw")

    assert (added.status_code, added.json["state"], added.json["capacity"]) == (201, "draft", "120.5")
    assert own.get(address).json["capacity"] == "120.5"
    assert (changed.json["spec"], changed.json["product"], changed.json["segment"]) == (
        "2500 吨以内",
        "铝合金压铸模",
        "auto.cast",
    )
    assert (published.json["state"], withdrawn.json["state"]) == ("stated", "withdrawn")
    assert session.query(Capability).one().state is CapabilityState.WITHDRAWN


def test_a_draft_is_nobody_elses_to_read_or_change(as_program, make, firm) -> None:
    draft = make.capability(firm, state=CapabilityState.DRAFT)
    shown = make.capability(firm, product="冲压模")
    rival = as_program(make.user())
    address = f"/api/v1/capabilities/{draft.public_id}"

    assert ids(rival.get(f"/api/v1/capabilities?enterprise_id={firm.public_id}")) == [shown.public_id]
    assert rival.get(address).status_code == 404
    assert rival.post(f"{address}/publish").status_code == 404
    assert rival.post(f"/api/v1/capabilities/{shown.public_id}/withdraw").status_code == 404


def test_without_a_name_the_list_is_the_firms_own(own, make, firm) -> None:
    mine = make.capability(firm, state=CapabilityState.DRAFT)
    make.capability()
    make.session.commit()

    assert ids(own.get("/api/v1/capabilities")) == [mine.public_id]


def test_an_unknown_segment_is_a_fault_of_the_input(own) -> None:
    answer = own.post("/api/v1/capabilities", json={"product": "压铸模", "segment": "auto.nothing"})

    assert (answer.status_code, answer.json["errors"][0]["path"]) == (422, "segment")


@pytest.mark.parametrize("capacity", [-1, "1e3x", 0.1234, 10**16])
def test_a_quantity_is_a_plain_number(own, capacity: object) -> None:
    answer = own.post("/api/v1/capabilities", json={"product": "压铸模", "capacity": capacity, "capacity_unit": "套"})

    assert (answer.status_code, answer.json["errors"][0]["path"]) == (422, "capacity")


# Needs


def test_a_need_is_stated_published_and_closed(own, session) -> None:
    body = {"text": "压铸模 12 套", "quantity": 12, "unit": "套", "budget_high": 36_000_000, "deliver_by": "2099-09-30"}
    added = own.post("/api/v1/needs", json=body)
    address = added.headers["Location"]

    published = own.post(f"{address}/publish")
    closed = own.post(f"{address}/close", json={"outcome": "unmet", "reason": "改用现有模具"})

    assert (added.status_code, added.json["state"], added.json["quantity"]) == (201, "draft", "12")
    assert (published.json["state"], closed.json["state"], closed.json["reason"]) == (
        "published",
        "unmet",
        "改用现有模具",
    )
    assert session.query(Need).one().budget_high == 36_000_000


def test_the_need_of_an_unverified_firm_waits_for_its_office(as_program, make) -> None:
    firm = make.enterprise(state=EnterpriseState.PENDING)
    need = make.need(firm, state=NeedState.DRAFT)
    address = f"/api/v1/needs/{need.public_id}"

    published = as_program(make.user(enterprise=firm)).post(f"{address}/publish")
    approved = as_program(make.user(Role.OFFICIAL)).post(f"{address}/approve")

    assert (published.json["state"], approved.json["state"]) == ("pending", "published")
    assert as_program(make.user(enterprise=firm)).post(f"{address}/approve").status_code == 403


def test_a_need_for_organisers_only_is_absent_for_firms(as_program, make, firm) -> None:
    hidden = make.need(firm, visibility=NeedVisibility.ORGANISERS)
    shown = make.need(firm)
    rival = as_program(make.user())

    assert ids(rival.get("/api/v1/needs")) == [shown.public_id]
    assert rival.get(f"/api/v1/needs/{hidden.public_id}").status_code == 404
    assert ids(as_program(make.user(Role.ORGANISER)).get("/api/v1/needs")) == [shown.public_id, hidden.public_id]


def test_mine_are_a_firms_needs_in_whatever_state(own, make, firm) -> None:
    draft = make.need(firm, state=NeedState.DRAFT)
    make.need()
    make.session.commit()

    assert ids(own.get("/api/v1/needs?mine=true")) == [draft.public_id]
    assert ids(own.get("/api/v1/needs?mine=true&state=published")) == []


def test_a_change_of_a_need_is_refused_to_others_and_to_the_late(as_program, own, make, firm, session) -> None:
    need = make.need(firm)
    session.commit()
    address = f"/api/v1/needs/{need.public_id}"
    read = own.get(address).headers["ETag"]

    first = own.patch(address, json={"unit": "套"}, headers={"If-Match": read})
    late = own.patch(address, json={"unit": "件"}, headers={"If-Match": read})
    rival = as_program(make.user()).patch(address, json={"unit": "件"}, headers={"If-Match": "*"})

    assert (first.status_code, late.status_code, rival.status_code) == (200, 412, 404)


def test_a_budget_upside_down_is_refused_by_the_rule(own) -> None:
    answer = own.post("/api/v1/needs", json={"text": "压铸模", "budget_low": 2, "budget_high": 1})

    assert (answer.status_code, answer.json["code"]) == (422, "BudgetUpsideDown")
