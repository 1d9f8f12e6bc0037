"""Meetings as JSON: ask, answer, and read the timetable."""

from __future__ import annotations

import pytest

from matchmaker.accounts.models import Role
from matchmaker.meetings.models import MeetingRequest


@pytest.fixture
def office(make):
    return make.office(region="420600")


@pytest.fixture
def event(make, office):
    return make.event(organiser=office, slot_count=4, table_count=2)


@pytest.fixture
def asker(make, event):
    firm = make.enterprise("襄阳宏远模具有限公司")
    make.registration(event, firm)
    return firm


@pytest.fixture
def asked(make, event):
    firm = make.enterprise("十堰车身有限公司")
    make.registration(event, firm)
    return firm


@pytest.fixture
def ask(as_program, make, event, asker, asked):
    def send(**more):
        body = {"enterprise_id": asked.public_id, "note": "压铸模 12 套", "preference": 5} | more
        return as_program(make.person_of(asker)).post(f"/api/v1/events/{event.public_id}/meeting-requests", json=body)

    return send


def test_a_firm_asks_and_the_other_accepts(ask, as_program, make, asked, session) -> None:
    asking = ask()
    answer = as_program(make.person_of(asked)).post(f"{asking.headers['Location']}/accept")

    assert (asking.status_code, asking.json["state"]) == (201, "asked")
    assert (answer.status_code, answer.json["state"]) == (200, "accepted")
    assert answer.json["version"] > asking.json["version"]
    assert session.query(MeetingRequest).one().state.value == "accepted"


def test_a_firm_declines_with_a_reason_the_other_reads(ask, as_program, make, asker, asked) -> None:
    address = ask().headers["Location"]
    as_program(make.person_of(asked)).post(f"{address}/decline", json={"reason": "今年不再采购"})

    read = as_program(make.person_of(asker)).get(address)

    assert (read.json["state"], read.json["reason"]) == ("declined", "今年不再采购")


def test_who_asked_cannot_answer_for_the_other(ask, as_program, make, asker) -> None:
    address = ask().headers["Location"]

    assert as_program(make.person_of(asker)).post(f"{address}/accept").status_code == 403


def test_the_talk_of_others_is_absent(ask, as_program, make, event) -> None:
    address = ask().headers["Location"]
    stranger = as_program(make.user())

    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/accept").status_code == 404
    assert stranger.get(f"/api/v1/events/{event.public_id}/meeting-requests").json["items"] == []


def test_an_answer_to_another_version_is_refused(ask, as_program, make, asked) -> None:
    address = ask().headers["Location"]

    answer = as_program(make.person_of(asked)).post(f"{address}/accept", headers={"If-Match": '"0"'})

    assert (answer.status_code, answer.json["code"]) == (412, "stale")


def test_whom_the_register_does_not_know_nobody_can_ask(ask) -> None:
    unknown, hint = ask(enterprise_id="0" * 20), ask(suggestion_id="0" * 20)

    assert (unknown.status_code, unknown.json["errors"][0]["path"]) == (422, "enterprise_id")
    assert (hint.status_code, hint.json["errors"][0]["path"]) == (422, "suggestion_id")


def test_a_firm_asks_the_same_partner_once(ask) -> None:
    ask()

    assert ask().json["code"] == "AlreadyAsked"


def test_the_organiser_has_a_timetable_computed_and_firms_see_it_once_published(
    ask, as_program, make, office, event, asker, asked, run_jobs, session
) -> None:
    organiser = as_program(make.user(Role.ORGANISER, office=office))
    address = f"/api/v1/events/{event.public_id}/timetable"
    as_program(make.person_of(asked)).post(f"{ask().headers['Location']}/accept")

    started = organiser.post(address)
    run_jobs()
    followed = organiser.get(started.headers["Location"])
    drafted = organiser.get(address)
    hidden = as_program(make.person_of(asker)).get(address)

    assert (started.status_code, started.headers["Location"]) == (202, f"/api/v1/jobs/{started.json['job_id']}")
    assert followed.json["state"] == "done"
    assert (drafted.json["state"], len(drafted.json["meetings"]), drafted.json["left_out"]) == ("draft", 1, [])
    assert {drafted.json["meetings"][0]["asker"]["id"], drafted.json["meetings"][0]["asked"]["id"]} == {
        asker.public_id,
        asked.public_id,
    }
    assert (hidden.json["number"], hidden.json["meetings"]) == (None, [])


def test_only_the_organiser_of_the_event_has_it_timetabled(as_program, make, event, asker) -> None:
    address = f"/api/v1/events/{event.public_id}/timetable"
    stranger = make.user(Role.ORGANISER, office=make.office(region="420500"))

    assert as_program(make.person_of(asker)).post(address).status_code == 403
    assert as_program(stranger).post(address).status_code == 404


def test_a_timetable_with_nothing_to_place_is_refused(as_program, make, office, event) -> None:
    answer = as_program(make.user(Role.ORGANISER, office=office)).post(f"/api/v1/events/{event.public_id}/timetable")

    assert (answer.status_code, answer.json["code"]) == (422, "NothingToPlace")
