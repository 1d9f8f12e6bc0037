"""Alerts for programs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker.enterprises.models import NeedState
from matchmaker.matching.models import Watch


@pytest.fixture
def program(as_program, make, market):
    return as_program(make.user(enterprise=market.buyer))


def test_a_search_is_saved_listed_and_stopped(program) -> None:
    made = program.post("/api/v1/alerts", json={"text": "压铸模", "sides": "supply", "frequency": "at_once"})

    assert made.status_code == 201
    assert {name: made.json[name] for name in ("kind", "subject", "text", "sides", "frequency", "path")} == {
        "kind": "text",
        "subject": "压铸模",
        "text": "压铸模",
        "sides": "supply",
        "frequency": "at_once",
        "path": "/search?q=%E5%8E%8B%E9%93%B8%E6%A8%A1",
    }
    assert [each["id"] for each in program.get("/api/v1/alerts").json["items"]] == [made.json["id"]]
    assert program.get(made.headers["Location"]).json == made.json

    assert program.delete(made.headers["Location"]).status_code == 204
    assert program.get(made.headers["Location"]).json["stopped_at"] is not None


def test_a_line_is_watched_by_its_id(program, market) -> None:
    made = program.post("/api/v1/alerts", json={"need_id": market.need.public_id})

    assert (made.json["kind"], made.json["need_id"]) == ("need", market.need.public_id)
    assert made.json["path"] == f"/suggestions?need={market.need.public_id}"


def test_one_key_makes_one_alert(program, session) -> None:
    answers = [
        program.post("/api/v1/alerts", json={"text": "压铸模"}, headers={"Idempotency-Key": "the-same-key-1"})
        for _ in range(2)
    ]

    assert answers[0].json == answers[1].json
    assert len(session.scalars(select(Watch)).all()) == 1


def test_how_often_is_changed_on_the_version_that_was_read(program) -> None:
    made = program.post("/api/v1/alerts", json={"text": "压铸模"})
    address, version = made.headers["Location"], {"If-Match": made.headers["ETag"]}

    changed = program.patch(address, json={"frequency": "weekly"}, headers=version)

    assert changed.json["frequency"] == "weekly"
    assert program.patch(address, json={"frequency": "daily"}, headers=version).status_code == 412


@pytest.mark.parametrize("body", [{}, {"text": "压铸模", "need_id": "0" * 20}])
def test_exactly_one_thing_is_watched(program, body) -> None:
    answer = program.post("/api/v1/alerts", json=body)

    assert answer.status_code == 422
    assert [fault["code"] for fault in answer.json["errors"]] == ["one_subject"]


def test_the_line_of_another_firm_is_as_absent_as_any(as_program, make, market, program, session) -> None:
    market.need.state = NeedState.PUBLISHED
    rival = as_program(make.user(enterprise=market.rival))

    foreign = rival.post("/api/v1/alerts", json={"need_id": market.need.public_id})
    absent = rival.post("/api/v1/alerts", json={"need_id": "0" * 20})

    assert (foreign.status_code, foreign.json["errors"]) == (422, absent.json["errors"])
    assert session.scalars(select(Watch)).all() == []


def test_the_alerts_of_others_are_absent(as_program, make, market, program) -> None:
    address = program.post("/api/v1/alerts", json={"text": "压铸模"}).headers["Location"]
    rival = as_program(make.user(enterprise=market.rival))

    assert rival.get("/api/v1/alerts").json["items"] == []
    assert rival.get(address).status_code == 404
    assert rival.delete(address).status_code == 404
