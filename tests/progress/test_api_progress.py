"""The totals as JSON: the very numbers of the pages, for offices and auditors only."""

from __future__ import annotations

import pytest

from matchmaker.accounts.models import Role
from matchmaker.db import shanghai_day, utcnow


@pytest.fixture
def programme(make):
    return make.programme(shanghai_day(utcnow()).year)


@pytest.fixture
def official(make):
    return make.user(Role.OFFICIAL)


def test_a_confirmed_deal_moves_the_net_by_its_amount(as_program, make, programme, official, session) -> None:
    program = as_program(official)
    before = program.get("/api/v1/progress").json
    make.deal(confirmed=True)
    make.deal()
    session.commit()

    after = program.get("/api/v1/progress").json

    assert (before["amount"]["value"], after["amount"]["value"]) == (0, 30_000_000)
    assert after["amount"]["target"] == 200_000_000_000
    assert (after["declared"]["amount"], after["net"]["amount"]) == (60_000_000, 30_000_000)
    assert after["declared"]["amount"] - sum(step["amount"] for step in after["taken_off"]) == after["net"]["amount"]
    assert {step["slice"]: step["deals"] for step in after["taken_off"]}["unconfirmed"] == 1


def test_the_standings_add_up_to_the_net(as_program, make, programme, official) -> None:
    buyer, seller = make.enterprise(region="420300"), make.enterprise(region="420600")
    make.deal(buyer=buyer, seller=seller, amount=30_000_001, confirmed=True)

    answer = as_program(official).get("/api/v1/progress/standings").json

    shares = {row["region"]: row["amount"]["value"] for row in answer["rows"]}
    assert len(answer["rows"]) == 17
    assert (shares["420300"], shares["420600"]) == (15_000_001, 15_000_000)
    assert sum(shares.values()) + sum(row["amount"] for row in answer["others"]) == answer["net"] == 30_000_001


def test_every_table_says_what_it_is_and_on_which_day(as_program, programme, official) -> None:
    today = shanghai_day(utcnow())
    program = as_program(official)

    now, then = program.get("/api/v1/progress").json, program.get(f"/api/v1/progress?as_of={today.year}-01-01").json

    assert (now["statement"], now["as_of"], now["programme_id"]) == ("部门工作统计", str(today), programme.public_id)
    assert then["as_of"] == f"{today.year}-01-01"
    assert now["rule_version"] == 1


@pytest.mark.parametrize("asked", ["as_of=2026-02-30", "as_of=0001-01-01", "year=99999", "year=x", "basis=mine"])
def test_a_day_or_year_that_is_none_is_refused(as_program, programme, official, asked: str) -> None:
    assert as_program(official).get(f"/api/v1/progress/standings?{asked}").status_code == 422


def test_a_year_without_a_programme_is_absent(as_program, programme, official) -> None:
    assert as_program(official).get("/api/v1/progress?year=2001").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.ENTERPRISE, 403),
        (Role.ADMINISTRATOR, 403),
        (Role.ORGANISER, 200),
        (Role.COUNTY_OFFICER, 200),
        (Role.OFFICIAL, 200),
        (Role.AUDITOR, 200),
    ],
)
def test_totals_are_for_offices_and_auditors(as_program, make, programme, role: Role, status: int) -> None:
    program = as_program(make.user(role))

    assert program.get("/api/v1/progress").status_code == status
    assert program.get("/api/v1/progress/standings").status_code == status
