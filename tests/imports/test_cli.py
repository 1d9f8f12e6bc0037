"""`matchmaker import`, as an operator runs it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from matchmaker.enterprises.models import Enterprise
from matchmaker.imports.cli import import_command
from matchmaker.imports.models import ImportBatch, ImportState
from tests.imports.books import book, code, firm, line


@pytest.fixture
def run(settings, monkeypatch, tmp_path):
    """Run the command on a workbook of these rows."""
    monkeypatch.setenv("MATCHMAKER_DEMO", "1")
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("MATCHMAKER_DATA_DIR", str(settings.data_dir))

    def run(*options: str, answer: str | None = None, name: str = "名单.xlsx", content: bytes | None = None, **rows):
        path = tmp_path / name
        path.write_bytes(book(**rows) if content is None else content)
        return CliRunner().invoke(import_command, [str(path), *options], input=answer)

    return run


def enterprises(session):
    return session.scalar(select(func.count(Enterprise.id)))


def test_a_clean_workbook_goes_in_with_its_progress_on_the_side(run, session) -> None:
    result = run("--yes", firms=[firm(), firm(2)], lines=[line()])

    assert result.exit_code == 0
    assert result.stdout.startswith("企业：新增 2，更新 0，不变 0\n供给能力：新增 1，更新 0，不变 0\n已导入。")
    steps = [line.split("] ")[1] for line in result.stderr.splitlines()]
    assert steps == [
        "1/4 正在读取工作簿 …", "2/4 正在逐行检查 …", "3/4 正在与登记内容比较 …", "4/4 正在写入 …",
    ]  # fmt: skip
    assert enterprises(session) == 2


def test_every_fault_is_a_line_and_nothing_is_written(run, session) -> None:
    result = run("--yes", firms=[firm(), firm(2, name="")], lines=[line(3)])

    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        "企业 第 3 行 企业名称*：必填，不能为空。",
        f"供给能力 第 2 行 信用代码*：没有信用代码为 {code(3)} 的企业。请先在“企业”表中填写这家企业。",
    ]
    assert result.stderr.splitlines()[-1] == "有 2 处错误，什么也没有写入。"
    assert enterprises(session) == 0


def test_without_a_yes_nothing_is_written(run, session) -> None:
    result = run(answer="n\n", firms=[firm()])

    assert result.exit_code == 1
    assert result.stderr.endswith("没有确认，什么也没有写入。\n")
    assert enterprises(session) == 0


def test_a_typed_yes_is_enough(run, session) -> None:
    assert run(answer="y\n", firms=[firm()]).exit_code == 0
    assert enterprises(session) == 1


def test_json_says_what_was_done_and_the_second_time_nothing_is(run, session) -> None:
    first = json.loads(run("--yes", "--json", firms=[firm()], lines=[line()]).stdout)
    second = json.loads(run("--yes", "--json", firms=[firm()], lines=[line()]).stdout)

    assert first["state"] == second["state"] == "in"
    assert first["counts"]["capabilities"] == {"new": 1, "changed": 0, "unchanged": 0}
    assert second["counts"]["enterprises"] == second["counts"]["capabilities"] == {
        "new": 0, "changed": 0, "unchanged": 1,
    }  # fmt: skip


def test_json_lists_the_faults(run, session) -> None:
    result = run("--json", firms=[firm(name="")])

    told = json.loads(result.stdout)
    assert (result.exit_code, told["state"], told["fault_count"]) == (2, "refused", 1)
    assert told["faults"] == [{"sheet": "企业", "row": 2, "column": "企业名称*", "message": "必填，不能为空。"}]


def test_an_unreadable_file_is_one_clear_line(run, session) -> None:
    result = run("--yes", name="名单.pdf", content=b"%PDF-1.7")

    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == "这是 PDF 文件，不是表格。请上传 .xlsx 或 .csv。"
    assert session.scalars(select(ImportBatch)).one().state is ImportState.REFUSED


def test_a_database_that_was_never_made_says_what_to_run(run, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")

    result = run("--yes", firms=[firm()])

    assert result.exit_code == 1
    assert "has `matchmaker upgrade` been run?" in result.stderr
