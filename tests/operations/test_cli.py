"""The commands an operator runs."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from matchmaker.accounts.services import record
from matchmaker.cli import COMMANDS, matchmaker


@pytest.fixture
def run(database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("MATCHMAKER_DEMO", "1")
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", database_url)
    monkeypatch.setenv("MATCHMAKER_DATA_DIR", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(matchmaker, list(words))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_says_what_it_does(run, name) -> None:
    answer = run(name, "--help")

    assert answer.exit_code == 0
    assert answer.output.startswith("Usage: ")


def test_an_upgrade_may_be_repeated(run) -> None:
    first, second = run("upgrade"), run("upgrade")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert second.output == "database up to date; reference data already in\n"


def test_an_untouched_record_holds(run, session, make) -> None:
    record(session, actor=None, action="look", subject=make.office())
    session.commit()

    answer = run("verify")

    assert answer.exit_code == 0
    assert "audit_entry holds: 1 entries" in answer.output


def test_a_rewritten_entry_is_named(run, session, make) -> None:
    office = make.office()
    entries = [record(session, actor=None, action=f"step {number}", subject=office) for number in range(3)]
    session.commit()
    for statement in _open_the_table(session):
        session.execute(text(statement))
    session.execute(text("UPDATE audit_entry SET action = 'something else' WHERE id = :id"), {"id": entries[1].id})
    session.commit()

    answer = run("verify")

    assert answer.exit_code == 1
    assert f"audit_entry is broken at {entries[1].id}" in answer.output


def _open_the_table(session) -> list[str]:
    """What a person with the database's password could do first."""
    if session.get_bind().dialect.name == "sqlite":
        return ["DROP TRIGGER audit_entry_refuses_update"]
    return ["ALTER TABLE audit_entry DISABLE TRIGGER ALL"]


def test_a_person_is_created_for_an_office(run, session, make) -> None:
    make.office("试样厅")
    session.commit()

    answer = run(
        "user", "create", "zhang", "--name", "张工", "--role", "official", "--office", "试样厅", "--password", "x" * 9
    )

    assert answer.output == "created zhang\n"
    again = run(
        "user", "create", "zhang", "--name", "张工", "--role", "official", "--office", "试样厅", "--password", "x" * 9
    )
    assert again.exit_code == 1
    assert "登录名“zhang”已被使用" in again.output
