"""The offline recount as an auditor types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matchmaker.deals.cli import count_command

AGREED = [
    {"type": "declare", "by": "buyer", "at": "2024-03-10T09:00:00+08:00"},
    {"type": "confirm", "by": "seller", "at": "2024-04-10T09:00:00+08:00"},
]
LEDGER = {
    "enterprises": [
        {"credit_code": "A", "name": "襄阳模具", "region": "420600", "kind": "enterprise"},
        {"credit_code": "B", "name": "武汉整车", "region": "420100", "kind": "enterprise"},
    ],
    "events": [
        {
            "id": "E1",
            "organiser": "420100",
            "held_on": "2024-03-08",
            "own_matching": True,
            "approved": True,
            "check_ins": [
                {"credit_code": "A", "side": "seller", "at": "2024-03-08T09:00:00+08:00"},
                {"credit_code": "B", "side": "buyer", "at": "2024-03-08T09:00:00+08:00"},
            ],
        }
    ],
    "deals": [
        {
            "id": "D1",
            "buyer": "B",
            "seller": "A",
            "kind": "purchase",
            "event": "E1",
            "amount": 30_000_000,
            "months": 12,
            "entries": AGREED,
        }
    ],
    "frozen_months": [{"month": "2024-03", "frozen_at": "2024-04-05T18:00:00+08:00"}],
    "rules": {"min_enterprises": 2},
}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(LEDGER), encoding="utf-8")
    return file


def run(*args: object) -> Result:
    return CliRunner().invoke(count_command, [str(arg) for arg in args])


def refusal(*args: object) -> str:
    """The one line of a refused run, which prints nothing else."""
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith("\n")
    assert result.stderr.count("\n") == 1
    return result.stderr.removesuffix("\n")


def test_the_count_is_printed_as_json(ledger):
    result = run(ledger, "--as-of", "2024-05-31", "--json")
    printed = json.loads(result.stdout)

    assert (result.exit_code, result.stderr) == (0, "")
    assert (printed["net"], printed["events_counted"], printed["as_of"]) == (30_000_000, 1, "2024-05-31")
    assert printed["by_month"] == {"2024-04": {"on_time": 0, "late": 30_000_000, "withdrawn": 0, "net": 30_000_000}}
    assert printed["deals"]["D1"] == {
        "counted": True,
        "amount": 30_000_000,
        "month": "2024-04",
        "late": True,
        "reason": "counted",
    }


def test_the_count_is_printed_as_a_table_in_yi(ledger):
    rows = run(ledger, "--as-of", "2024-05-31").stdout.splitlines()

    assert rows[0] == "部门工作统计 · 截至 2024-05-31 · 口径第 1 版 · 单位：亿元"
    assert [row.split() for row in rows if row] == [
        rows[0].split(),
        ["项目", "数"],
        ["对接场次（场）", "1"],
        ["参与企业（家）", "2"],
        ["其中省内（家）", "2"],
        ["参与（家次）", "2"],
        ["申报口径", "0.30"],
        ["双方确认", "0.30"],
        ["已核验", "0.00"],
        ["总额", "0.30"],
        ["撤回", "0.00"],
        ["净额", "0.30"],
        ["类别", "净额"],
        ["采购配套", "0.30"],
        ["技术合作", "0.00"],
        ["投资", "0.00"],
        ["授信", "0.00"],
        ["战略框架", "0.00"],
        ["月份", "当月", "补报", "撤回", "净额"],
        ["2024-04", "0.00", "0.30", "0.00", "0.30"],
        ["场次", "是否计入"],
        ["E1", "计入"],
        ["意向", "笔数"],
        ["计入", "1"],
    ]


def test_the_figures_of_a_table_stand_under_each_other(ledger):
    rows = run(ledger, "--as-of", "2024-05-31").stdout.splitlines()

    assert rows[2:5] == ["项目              数", "对接场次（场）     1", "参与企业（家）     2"]


def test_the_day_before_the_confirmation_nothing_counts(ledger):
    printed = json.loads(run(ledger, "--as-of", "2024-04-09", "--json").stdout)

    assert (printed["net"], printed["declared"], printed["deals"]["D1"]["reason"]) == (0, 30_000_000, "unconfirmed")


def test_a_fault_is_named_in_one_line_by_its_path(ledger):
    faulty = json.loads(json.dumps(LEDGER))
    faulty["deals"][0]["entries"][1]["at"] = "2024-04-10T09:00:00"
    ledger.write_text(json.dumps(faulty), encoding="utf-8")

    assert refusal(ledger, "--as-of", "2024-05-31", "--json").startswith(
        f"Error: {ledger}: deals[0].entries[1].at: 应为带时区的时刻"
    )


def test_what_is_not_json_is_named_in_one_line_by_its_line(ledger):
    ledger.write_text('{"deals":\n[}', encoding="utf-8")

    assert refusal(ledger, "--as-of", "2024-05-31").startswith(f"Error: {ledger}:2: 不是 JSON")


def test_a_file_that_cannot_be_read_is_refused_in_one_line(tmp_path):
    missing = tmp_path / "a\nb.json"

    assert refusal(missing, "--as-of", "2024-05-31").startswith(f"Error: {tmp_path}/a b.json: ")
    assert refusal(tmp_path, "--as-of", "2024-05-31").startswith(f"Error: {tmp_path}: ")


@pytest.mark.parametrize("day", ["2024-5-31", "20240531", "2024-02-30", "1999-12-31", "2100-01-01", "yesterday", ""])
def test_a_day_that_is_none_is_refused_in_one_line(ledger, day):
    assert refusal(ledger, "--as-of", day).startswith("Error: --as-of: ")


@pytest.mark.parametrize(
    "args", [[], ["facts.json"], ["--as-of", "2024-05-31"], ["facts.json", "--as-of"], ["--no-such"]]
)
def test_wrong_usage_is_refused_in_one_line(args):
    assert refusal(*args).startswith("Error: ")


def test_the_recount_needs_neither_a_server_nor_a_database():
    script = (
        "import sys, matchmaker.deals.cli; print(sorted({'flask', 'sqlalchemy', 'flask_babel'} & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert loaded.stdout == "[]\n"
