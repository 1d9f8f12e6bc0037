"""A program that reads on meets every row once, in an order that stays."""

from __future__ import annotations

import pytest

from matchmaker.accounts.models import Role


@pytest.fixture
def firm(make):
    return make.enterprise()


def numbers(answer) -> list[str]:
    return [item["number"] for item in answer.json["items"]]


def test_reading_on_meets_every_row_once_though_new_ones_arrive(as_program, make, session, firm) -> None:
    deals = [make.deal(buyer=firm) for _ in range(5)]
    program = as_program(make.person_of(firm))

    first = program.get("/api/v1/deals?limit=2")
    make.deal(buyer=firm)
    session.commit()
    second = program.get(first.json["next"])
    third = program.get(second.json["next"])

    expected = [deal.number for deal in reversed(deals)]
    assert numbers(first) + numbers(second) + numbers(third) == expected
    assert third.json["next"] is None
    assert "Link" not in third.headers


def test_the_next_slice_keeps_what_was_asked_for(as_program, make, firm) -> None:
    for _ in range(3):
        make.deal(buyer=firm)
    make.deal(seller=firm)
    program = as_program(make.person_of(firm))

    answer = program.get("/api/v1/deals?kind=purchase&limit=1")

    assert answer.headers["Link"] == f'<{answer.json["next"]}>; rel="next"'
    assert "kind=purchase" in answer.json["next"]
    assert "limit=1" in answer.json["next"]


def test_events_of_the_same_moment_are_neither_lost_nor_repeated(as_program, make) -> None:
    moment = make.moment("2099-01-01T01:00:00")
    events = [make.event(starts_at=moment, held_on=moment.date()) for _ in range(5)]
    program = as_program(make.user())

    found, address = [], "/api/v1/events?limit=2"
    while address:
        answer = program.get(address)
        found += [item["id"] for item in answer.json["items"]]
        address = answer.json["next"]

    assert found == [event.public_id for event in events]


def test_the_cursor_of_a_row_somebody_else_sees_tells_nothing(as_program, make, firm) -> None:
    make.deal()
    own = make.deal(buyer=firm)
    make.deal()
    make.deal()
    official = as_program(make.user(Role.OFFICIAL))
    cursor = official.get("/api/v1/deals?limit=1").json["next"].partition("cursor=")[2]

    answer = as_program(make.person_of(firm)).get(f"/api/v1/deals?cursor={cursor}")

    assert numbers(answer) == [own.number]


@pytest.mark.parametrize("cursor", ["x", "%00", "MS4x", "MS4" + "A" * 60, "é", "MS4wMDAwMDAwMDAwMDAwMDAwMDAw="])
def test_a_made_up_cursor_is_refused_or_leads_nowhere(as_program, make, firm, cursor: str) -> None:
    make.deal(buyer=firm)

    answer = as_program(make.person_of(firm)).get(f"/api/v1/deals?cursor={cursor}")

    assert answer.status_code == 422 or answer.json == {"items": [], "next": None}


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1e1", "x", "9" * 400])
def test_the_size_of_a_slice_is_bounded(as_program, make, limit: str) -> None:
    assert as_program(make.user()).get(f"/api/v1/deals?limit={limit}").status_code == 422
