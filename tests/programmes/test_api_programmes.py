"""The year's programme as JSON."""

from __future__ import annotations

from matchmaker.accounts.models import Role


def test_an_office_reads_the_programme_with_its_plan(as_program, make) -> None:
    programme = make.programme(2026)
    program = as_program(make.user(Role.AUDITOR))

    listed = program.get("/api/v1/programmes").json["items"]
    shown = program.get(f"/api/v1/programmes/{programme.public_id}")

    assert listed == [shown.json]
    assert (shown.json["year"], shown.json["amount_target"], shown.json["rule_version"]) == (2026, 200_000_000_000, 1)
    assert [point["month"] for point in shown.json["plan"]] == list(range(1, 13))
    assert shown.headers["ETag"] == f'"{programme.version}"'


def test_a_programme_that_does_not_exist_is_absent(as_program, make) -> None:
    make.programme(2026)

    assert as_program(make.user(Role.AUDITOR)).get(f"/api/v1/programmes/{'0' * 20}").status_code == 404


def test_firms_do_not_read_programmes(as_program, make) -> None:
    assert as_program(make.user()).get("/api/v1/programmes").status_code == 403
