"""Sessions are read strictly, and the command says in one line what is wrong with a file."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from hypothesis import given, settings

from matchmaker.meetings.cli import timetable_command
from matchmaker.meetings.timetable import Instance, Objective, Participant, Request, Table
from matchmaker.meetings.timetable.instances import MalformedInstance, instance_data, instance_from
from tests.meetings.test_timetable import sessions


def described(**changes) -> dict[str, object]:
    """A good session of three firms, two slots and one table, with some top-level fields changed."""
    return {
        "format": "b2b-schedule/1",
        "name": "small",
        "objective": "utility",
        "slots": 2,
        "participants": [{"id": 0}, {"id": 1, "unavailable": [0]}, {"id": 2, "role": "buyer"}],
        "tables": [{"id": 0}],
        "meetings": [{"id": 0, "a": 0, "b": 1, "utility": 5}, {"id": 1, "a": 0, "b": 2, "utility": 3}],
        **changes,
    }


def meeting(**fields) -> dict[str, object]:
    return described(meetings=[{"a": 0, "b": 1, **fields}, {"a": 0, "b": 2}])


def test_absent_fields_take_their_defaults() -> None:
    assert instance_from(described()) == Instance(
        name="small",
        slots=2,
        participants=(Participant(), Participant(frozenset({0})), Participant()),
        tables=(Table(),),
        meetings=(Request(0, 1, utility=5), Request(0, 2, utility=3)),
        objective=Objective.UTILITY,
    )


def test_meetings_are_required_unless_said_otherwise_when_breaks_are_the_objective() -> None:
    data = described(objective="breaks", meetings=[{"a": 0, "b": 1}, {"a": 0, "b": 2, "required": False}])

    assert [request.required for request in instance_from(data).meetings] == [True, False]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(sessions())
def test_what_is_written_is_read_back_equal(instance) -> None:
    sound = all(r.a != r.b for r in instance.meetings) and not any(r.after for r in instance.meetings)
    if sound:
        assert instance_from(json.loads(json.dumps(instance_data(instance)))) == instance


@pytest.mark.parametrize(
    ("data", "path", "message"),
    [
        ([], "", "must be an object"),
        (described(format="b2b-schedule/2"), "format", "must be 'b2b-schedule/1'"),
        (described(objective="fun"), "objective", "must be one of breaks, utility"),
        (described(slots="2"), "slots", "must be a whole number"),
        (described(slots=True), "slots", "must be a whole number"),
        (described(slots=-1), "slots", "is -1, allowed is 0 to 10000"),
        (described(fairness=1.5), "fairness", "must be a whole number"),
        (described(name=7), "name", "must be text"),
        (described(slot_groups=[0]), "slot_groups[0]", "must be a list of slots"),
        (described(slot_groups=[[0], [2]]), "slot_groups[1][0]", "is 2, allowed is 0 to 1"),
        (described(participants={}), "participants", "must be a list"),
        (described(participants=[3]), "participants[0]", "must be an object"),
        (described(participants=[{"id": 1}]), "participants[0].id", "must be the position, 0"),
        (described(participants=[{"unavailable": [5]}]), "participants[0].unavailable[0]", "is 5, allowed is 0 to 1"),
        (
            described(participants=[{"unavailble": [0]}]),
            "participants[0].unavailble",
            "unknown field; unavailable is meant?",
        ),
        (described(tables=[{"host": 3}]), "tables[0].host", "is 3, allowed is 0 to 2"),
        (described(tables=[{"closed": 1}]), "tables[0].closed", "must be a list"),
        (meeting(a=None), "meetings[0].a", "must be a whole number"),
        (meeting(b=0), "meetings[0].b", "the same participant on both sides"),
        (meeting(b=9), "meetings[0].b", "is 9, allowed is 0 to 2"),
        (meeting(utility=-1), "meetings[0].utility", "is -1, allowed is 0 to 999999999"),
        (meeting(required=1), "meetings[0].required", "must be true or false"),
        (meeting(group=0), "meetings[0].group", "is 0, allowed is nothing, there are none"),
        (meeting(slot=2), "meetings[0].slot", "is 2, allowed is 0 to 1"),
        (meeting(table=1), "meetings[0].table", "is 1, allowed is 0 to 0"),
        (meeting(after=[2]), "meetings[0].after[0]", "is 2, allowed is 0 to 1"),
        (meeting(after=[0]), "meetings[0].after", "circular precedence: 0 before 0"),
    ],
)
def test_a_field_at_fault_is_named(data, path, message) -> None:
    with pytest.raises(MalformedInstance) as refused:
        instance_from(data)

    assert (refused.value.path, refused.value.message) == (path, message)


@pytest.mark.parametrize("missing", ["slots", "participants", "tables", "meetings"])
def test_a_field_that_must_be_there_is_missed(missing) -> None:
    data = described()
    del data[missing]

    with pytest.raises(MalformedInstance) as refused:
        instance_from(data)

    assert str(refused.value) == f"{missing}: is missing"


def run(*arguments: object):
    return CliRunner().invoke(timetable_command, [str(argument) for argument in arguments])


def test_the_command_prints_the_schedule_with_its_bounds(tmp_path) -> None:
    file = tmp_path / "small.json"
    file.write_text(json.dumps(described()), encoding="utf-8")

    result = run(file)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "small: optimal",
        "  required            0 bound        0  proved",
        "  served              3 bound        3  proved",
        "  utility             8 bound        8  proved",
        "  breaks              0 bound        0  proved",
        "  table_moves         0 bound        0  proved",
        "2 of 2 meetings",
        "  slot   0  table   0  meeting    1  0 with 2",
        "  slot   1  table   0  meeting    0  0 with 1",
    ]


def test_the_command_prints_json_with_what_was_left_out(tmp_path) -> None:
    file = tmp_path / "short.json"
    file.write_text(json.dumps(described(slots=2, tables=[])), encoding="utf-8-sig")

    answer = json.loads(run(file, "--json", "--seed", 3).stdout)

    assert (answer["instance"], answer["assignments"], answer["status"]) == ("small", [], "optimal")
    no_place = {"cause": "no_table", "firms": [], "before": None, "table": None}
    remedies = [left.pop("remedy") for left in answer["unplaced"]]
    assert answer["unplaced"] == [{"meeting": 0, "slots": [1], **no_place}, {"meeting": 1, "slots": [0, 1], **no_place}]
    assert [[change["kind"] for change in remedy["changes"]] for remedy in remedies] == [["more_tables"]] * 2
    assert answer["stages"][2] == {"name": "utility", "value": 0, "bound": 0, "proved": True}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"not json", "line 1: not JSON (Expecting value)"),
        (b'{\n"slots": }', "line 2: not JSON (Expecting value)"),
        (b"\xff\xfe", "not UTF-8 text (byte 0)"),
        (b"[" * 100_000, "not JSON that can be read (a number too long, or nested too deep)"),
        (b"7" * 10_000, "not JSON that can be read (a number too long, or nested too deep)"),
        (json.dumps(described(slots=None)).encode(), "slots: must be a whole number"),
        (
            json.dumps(
                described(meetings=[{"a": 0, "b": 1, "after": [1]}, {"a": 0, "b": 2, "after": [0]}]),
            ).encode(),
            "meetings[0].after: circular precedence: 0 before 1 before 0",
        ),
    ],
)
def test_a_bad_file_is_refused_with_one_line(tmp_path, content, complaint) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(content)

    result = run(file)

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{file}: {complaint}\n")


def test_a_missing_file_is_refused_with_one_line(tmp_path) -> None:
    result = run(tmp_path / "absent.json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{tmp_path / 'absent.json'}: No such file or directory\n"


def test_the_command_needs_no_server_and_no_database() -> None:
    code = "import sys, matchmaker.meetings.cli, matchmaker.meetings.timetable.solving; print(sorted(sys.modules))"

    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert "'matchmaker.meetings.timetable.solving'" in modules
    assert "'flask'" not in modules
    assert "'sqlalchemy'" not in modules
