"""Suggestions as JSON: each with its evidence, to whom it was made and nobody else."""

from __future__ import annotations

from matchmaker.accounts.models import Role
from matchmaker.enterprises.models import CapabilityState
from matchmaker.matching.models import Feedback


def test_a_need_gets_suppliers_whose_parts_add_up_to_their_score(as_program, make, market, publish) -> None:
    publish()

    answer = as_program(make.user(enterprise=market.buyer)).get(f"/api/v1/needs/{market.need.public_id}/suggestions")

    first = answer.json["items"][0]
    assert answer.status_code == 200
    assert [each["enterprise"]["id"] for each in answer.json["items"]] == [
        market.maker.public_id,
        market.rival.public_id,
    ]
    assert first["capability_id"] == market.mould.public_id
    assert sum(part["points"] for part in first["parts"]) == first["score"]
    assert first["conditions"] == [{"text": "IATF 16949", "met": True}]


def test_the_same_question_gets_the_same_list(as_program, make, market, publish) -> None:
    publish()
    program = as_program(make.user(enterprise=market.buyer))
    address = f"/api/v1/needs/{market.need.public_id}/suggestions"

    assert program.get(address).json == program.get(address).json


def test_a_firm_reads_its_partners_up_and_downstream(as_program, make, market, publish) -> None:
    publish()
    program = as_program(make.user(enterprise=market.maker))

    answer = program.get(f"/api/v1/enterprises/{market.maker.public_id}/partners?direction=downstream")

    assert [each["enterprise"]["id"] for each in answer.json["items"]] == [market.buyer.public_id]
    assert program.get(f"/api/v1/enterprises/{market.maker.public_id}/partners").status_code == 422


def test_whom_a_rival_is_suggested_is_absent(as_program, make, market, publish) -> None:
    publish()
    rival = as_program(make.user(enterprise=market.rival))

    assert rival.get(f"/api/v1/enterprises/{market.maker.public_id}/partners?direction=upstream").status_code == 404
    assert rival.get(f"/api/v1/needs/{market.need.public_id}/suggestions").status_code == 404
    assert rival.get(f"/api/v1/capabilities/{market.mould.public_id}/suggestions").status_code == 404


def test_an_office_may_ask_for_any_firm(as_program, make, market, publish) -> None:
    publish()

    answer = as_program(make.user(Role.ORGANISER)).get(f"/api/v1/needs/{market.need.public_id}/suggestions")

    assert len(answer.json["items"]) == 2


def test_what_is_withdrawn_is_gone_at_once(as_program, make, market, publish, session) -> None:
    publish()
    program = as_program(make.user(enterprise=market.buyer))
    address = f"/api/v1/needs/{market.need.public_id}/suggestions"
    suggestion = program.get(address).json["items"][0]["id"]
    market.mould.state = CapabilityState.WITHDRAWN
    session.commit()

    assert [each["enterprise"]["id"] for each in program.get(address).json["items"]] == [market.rival.public_id]
    assert program.get(f"/api/v1/suggestions/{suggestion}").status_code == 404


def test_without_an_index_the_list_is_empty_and_one_is_promised(as_program, make, market, run_jobs) -> None:
    program = as_program(make.user(enterprise=market.buyer))
    address = f"/api/v1/needs/{market.need.public_id}/suggestions"

    before = program.get(address)
    run_jobs()

    assert (before.json["run_id"], before.json["items"]) == (None, [])
    assert len(program.get(address).json["items"]) == 2


def test_an_answer_is_kept_and_the_latest_stands(as_program, make, market, publish, session) -> None:
    publish()
    program = as_program(make.user(enterprise=market.buyer))
    items = program.get(f"/api/v1/needs/{market.need.public_id}/suggestions").json["items"]
    address = f"/api/v1/suggestions/{items[0]['id']}"

    unsuitable = program.post(f"{address}/feedback", json={"verdict": "unsuitable", "reason": "capacity"})
    interested = program.post(f"{address}/feedback", json={"verdict": "interested"})

    assert unsuitable.json["said"] == {"verdict": "unsuitable", "reason": "capacity"}
    assert interested.json["said"] == {"verdict": "interested", "reason": ""}
    assert program.get(address).json["said"] == {"verdict": "interested", "reason": ""}
    assert session.query(Feedback).count() == 2


def test_nobody_else_answers_or_reads_a_suggestion(as_program, make, market, publish) -> None:
    publish()
    program = as_program(make.user(enterprise=market.buyer))
    items = program.get(f"/api/v1/needs/{market.need.public_id}/suggestions").json["items"]
    address = f"/api/v1/suggestions/{items[0]['id']}"
    rival, office = as_program(make.user(enterprise=market.rival)), as_program(make.user(Role.OFFICIAL))

    assert rival.get(address).status_code == 404
    assert rival.post(f"{address}/feedback", json={"verdict": "interested"}).status_code == 404
    assert office.post(f"{address}/feedback", json={"verdict": "interested"}).status_code == 403


def test_a_verdict_and_its_reason_are_among_those_known(as_program, make, market) -> None:
    program = as_program(make.user(enterprise=market.buyer))

    answer = program.post(f"/api/v1/suggestions/{'0' * 20}/feedback", json={"verdict": "perhaps", "reason": "mood"})

    assert [fault["path"] for fault in answer.json["errors"]] == ["verdict", "reason"]
