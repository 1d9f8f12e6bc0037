"""`matchmaker timetable`: sessions and years, repairs, clashes, and bad files."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from matchmaker.meetings.cli import timetable_command


def session(**changes):
    facts = {
        "format": "b2b-schedule/1",
        "name": "small",
        "objective": "breaks",
        "slots": 2,
        "participants": [{}, {}, {}],
        "tables": [{}, {}],
        "meetings": [{"a": 0, "b": 1}, {"a": 0, "b": 2}],
    }
    return {**facts, **changes}


def year(**changes):
    event = {"days": 1, "size": 50, "cities": [0], "wish": 4, "team": 0, "leaders": [0], "chain": 0, "level": "city"}
    facts = {
        "format": "b2b-programme/1",
        "name": "year",
        "days": 9,
        "gap": 1,
        "per_day": 1,
        "quarters": [[0, 8]],
        "quarter_min": 1,
        "venues": [{"city": 0, "seats": 60, "closed": []}],
        "leaders": [{"away": []}],
        "sessions": [event, {**event, "wish": 5, "leaders": []}],
    }
    return {**facts, **changes}


@pytest.fixture
def file(tmp_path):
    def write(data, name="in.json"):
        path = tmp_path / name
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        return path

    return write


def run(*arguments: object):
    return CliRunner().invoke(timetable_command, [str(argument) for argument in arguments])


def test_a_published_timetable_is_mended(file) -> None:
    closed = session(tables=[{"closed": [0, 1]}, {}])
    old = file({"assignments": [[0, 0, 0], [1, 1, 1]]}, "old.json")

    text = run(file(closed), "--previous", old).stdout.splitlines()
    answer = json.loads(run(file(closed), "--previous", old, "--json").stdout)

    assert text[-4:] == ["moved 0", "dropped none", "added none", "to be told 0, 1"]
    assert answer["assignments"] == [[0, 0, 1], [1, 1, 1]]
    assert answer["changes"] == {"broken": [0], "moved": [0], "dropped": [], "added": [], "told": [0, 1]}


def test_an_impossible_session_names_the_rules_that_clash(file) -> None:
    impossible = file(session(slots=1))

    text = run(impossible).stdout.splitlines()
    answer = json.loads(run(impossible, "--json").stdout)

    assert text[-3:] == [
        "these rules clash; there are 1 slots",
        "  meeting 0 (0 with 1) must be held",
        "  meeting 1 (0 with 2) must be held",
    ]
    assert answer["clash"]["minimal"]
    assert [rule["number"] for rule in answer["clash"]["rules"]] == [0, 1]


def test_a_year_is_planned_and_replanned(file) -> None:
    first = json.loads(run(file(year()), "--json").stdout)
    old = file(first, "old.json")
    closed = year(venues=[{"city": 0, "seats": 60, "closed": [first["plan"]["0"][0]]}])

    text = run(file(year())).stdout.splitlines()
    second = json.loads(run(file(closed), "--previous", old, "--json").stdout)

    assert (first["status"], first["cost"]) == ("optimal", first["bound"])
    assert text[:2] == ["year: optimal", f"  cost         {first['cost']:8} bound {first['cost']:8}  proved"]
    assert (len(text), second["status"]) == (4, "optimal")
    assert second["moved"] == [0]


def test_an_impossible_year_names_the_rules_that_clash(file) -> None:
    text = run(file(year(leaders=[{"away": list(range(9))}]))).stdout.splitlines()

    assert text == [
        "year: infeasible",
        "these rules clash; the year has 9 days",
        "  event 0 is held (1 days, 50 seats, in cities 0)",
        "  leader 0 is away on 9 days",
    ]


def test_no_time_at_all_is_answered_too(file) -> None:
    assert run(file(session()), "--seconds", 0).stdout.startswith("small: ")
    assert run(file(year()), "--seconds", 0).stdout.splitlines() == [
        "year: unknown",
        "no plan was found in the time given",
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({}, "format: must be 'b2b-schedule/1'"),
        ("[1", "line 1: not JSON (Expecting ',' delimiter)"),
        (year(days="long"), "days: must be a whole number"),
        (year(gap=-1), "gap: is -1, allowed is 0 to 999999"),
        (year(quarters=[[0]]), "quarters[0]: must be [first day, last day]"),
        (year(sessions=[{"days": 0}]), "sessions[0].days: must be at least 1"),
        (year(venues=[{"id": 7}]), "venues[0].id: must be the position, 0"),
        (year(leaders=None), "leaders: must be a list"),
        (year(sessions=[7]), "sessions[0]: must be an object"),
    ],
)
def test_a_bad_file_is_refused_with_one_line(file, content, complaint) -> None:
    path = file(content)

    result = run(path)

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{path}: {complaint}\n")


@pytest.mark.parametrize(
    ("facts", "content", "complaint"),
    [
        (session(), {"assignments": [[9, 0, 0]]}, "assignments[0]: is 9, allowed is 0 to 1"),
        (session(), {"assignments": [[0, 0]]}, "assignments[0]: must be [meeting, slot, table]"),
        (session(), {"assignments": [[0, 0, 0], [0, 1, 0]]}, "assignments[1]: meeting 0 is there twice"),
        (session(), [], "must be an object"),
        (year(), {"plan": {"0": [1]}}, "plan[0]: must be an event's number with [day, venue]"),
        (year(), {"plan": {"0": [1, 0], "-1": [1, 0]}}, "plan[-1]: must be an event's number with [day, venue]"),
    ],
)
def test_a_bad_earlier_answer_is_refused_with_one_line(file, facts, content, complaint) -> None:
    old = file(content, "old.json")

    result = run(file(facts), "--previous", old)

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{old}: {complaint}\n")


def test_a_file_that_is_not_there_is_one_line(tmp_path) -> None:
    result = run(tmp_path / "none.json")

    assert (result.exit_code, result.stderr) == (2, f"{tmp_path / 'none.json'}: No such file or directory\n")
