"""Events as JSON: the calendar, registrations, and who came."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.accounts.models import OfficeLevel, Role
from matchmaker.db import utcnow
from matchmaker.events.models import CheckIn, EventState, Registration, RegistrationState


@pytest.fixture
def office(make):
    return make.office(region="420600")


@pytest.fixture
def organiser(make, office):
    return make.user(Role.ORGANISER, office=office)


@pytest.fixture
def event(make, office):
    return make.event(organiser=office)


@pytest.fixture
def held(make, office):
    now = utcnow()
    return make.event(organiser=office, starts_at=now, state=EventState.OPEN)


def ids(answer) -> list[str]:
    return [item["id"] for item in answer.json["items"]]


def test_a_firm_reads_coming_events_soonest_first_and_none_in_preparation(as_program, make, event) -> None:
    later = make.event(starts_at=utcnow() + timedelta(days=20))
    make.event(state=EventState.PREPARING)

    answer = as_program(make.user()).get("/api/v1/events")

    assert ids(answer) == [event.public_id, later.public_id]
    assert answer.json["items"][0]["seats_left"] == event.capacity


def test_filters_narrow_the_calendar(as_program, make, event) -> None:
    elsewhere = make.event(region="420100", title="光电专场")
    program = as_program(make.user())

    assert ids(program.get("/api/v1/events?region=420100")) == [elsewhere.public_id]
    assert ids(program.get("/api/v1/events?q=光电")) == [elsewhere.public_id]
    assert ids(program.get("/api/v1/events?when=past")) == []
    assert program.get("/api/v1/events?region=999999").status_code == 422


def test_an_event_in_preparation_is_absent_for_firms(as_program, make) -> None:
    hidden = make.event(state=EventState.PREPARING)

    assert as_program(make.user()).get(f"/api/v1/events/{hidden.public_id}").status_code == 404
    assert as_program(make.user(Role.OFFICIAL)).get(f"/api/v1/events/{hidden.public_id}").status_code == 200


def test_a_firm_registers_once(as_program, make, event, session) -> None:
    firm = make.enterprise()
    program = as_program(make.user(enterprise=firm))
    address = f"/api/v1/events/{event.public_id}/registrations"

    first = program.post(address, json={"side": "seller", "note": "带样件"})
    second = program.post(address, json={"side": "seller"})

    assert (first.status_code, first.json["state"], first.json["enterprise"]["id"]) == (201, "applied", firm.public_id)
    assert (second.status_code, second.json["code"]) == (409, "AlreadyRegistered")
    assert session.query(Registration).count() == 1


def test_a_firm_sees_its_own_registration_and_the_organiser_all(as_program, make, event, organiser) -> None:
    firm = make.enterprise()
    own = make.registration(event, firm)
    other = make.registration(event, make.enterprise(), state=RegistrationState.APPLIED)
    address = f"/api/v1/events/{event.public_id}/registrations"

    assert ids(as_program(make.user(enterprise=firm)).get(address)) == [own.public_id]
    assert ids(as_program(organiser).get(address)) == [own.public_id, other.public_id]
    assert ids(as_program(organiser).get(f"{address}?state=applied")) == [other.public_id]


def test_the_office_of_another_region_sees_no_registrations(as_program, make, event) -> None:
    make.registration(event, make.enterprise())
    away = make.office(region="420500", level=OfficeLevel.PREFECTURE)

    answer = as_program(make.user(Role.OFFICIAL, office=away)).get(f"/api/v1/events/{event.public_id}/registrations")

    assert ids(answer) == []


def test_only_a_firm_registers(as_program, organiser, event) -> None:
    answer = as_program(organiser).post(f"/api/v1/events/{event.public_id}/registrations", json={"side": "buyer"})

    assert answer.status_code == 403


def test_a_second_check_in_adds_nothing_and_tells_the_first(as_program, make, held, organiser, session) -> None:
    registration = make.registration(held, make.enterprise())
    program, address = as_program(organiser), f"/api/v1/events/{held.public_id}/check-ins"
    body = {"registration_id": registration.public_id}

    first, second = program.post(address, json=body), program.post(address, json=body)
    listed = program.get(address).json["items"]

    assert (first.status_code, first.json["is_first"]) == (201, True)
    assert (second.status_code, second.json["is_first"], second.json["at"]) == (200, False, first.json["at"])
    assert [each["registration_id"] for each in listed] == [registration.public_id]
    assert session.query(CheckIn).count() == 1


def test_a_device_without_network_tells_its_own_time(as_program, make, held, organiser) -> None:
    registration = make.registration(held, make.enterprise())
    body = {"registration_id": registration.public_id, "at": "2026-01-05T09:00:00+08:00"}

    answer = as_program(organiser).post(f"/api/v1/events/{held.public_id}/check-ins", json=body)

    assert answer.json["at"] == "2026-01-05T01:00:00Z"


@pytest.mark.parametrize("at", ["2026-01-05T09:00:00", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", 17])
def test_a_moment_has_its_zone_and_lies_in_our_time(as_program, make, held, organiser, at: object) -> None:
    registration = make.registration(held, make.enterprise())
    body = {"registration_id": registration.public_id, "at": at}

    answer = as_program(organiser).post(f"/api/v1/events/{held.public_id}/check-ins", json=body)

    assert (answer.status_code, answer.json["errors"][0]["path"]) == (422, "at")


def test_nobody_is_checked_in_at_the_event_of_another_office(as_program, make, held, session) -> None:
    registration = make.registration(held, make.enterprise())
    stranger = make.user(Role.ORGANISER, office=make.office(region="420500"))
    body = {"registration_id": registration.public_id}
    address = f"/api/v1/events/{held.public_id}/check-ins"

    assert as_program(stranger).post(address, json=body).status_code == 403
    assert as_program(make.user()).post(address, json=body).status_code == 403
    assert session.query(CheckIn).count() == 0


def test_the_registration_of_another_event_is_no_guest_here(as_program, make, event, held, organiser) -> None:
    elsewhere = make.registration(event, make.enterprise())
    body = {"registration_id": elsewhere.public_id}

    answer = as_program(organiser).post(f"/api/v1/events/{held.public_id}/check-ins", json=body)

    assert (answer.status_code, answer.json["errors"][0]["path"]) == (422, "registration_id")
