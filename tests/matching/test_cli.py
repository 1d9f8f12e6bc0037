from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from matchmaker.cli import matchmaker
from matchmaker.matching.indexing import current_edition
from matchmaker.matching.models import MatchRun


@pytest.fixture
def run(monkeypatch, database_url, data_dir, market):
    """The command line of an installation over this test's database."""
    monkeypatch.setenv("MATCHMAKER_DEMO", "1")
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", database_url)
    monkeypatch.setenv("MATCHMAKER_DATA_DIR", str(data_dir))
    return lambda *arguments: CliRunner().invoke(matchmaker, list(arguments))


def test_reindex_publishes_an_index_and_says_which(run, data_dir):
    answer = run("reindex", "--json")

    assert answer.exit_code == 0
    told = json.loads(answer.stdout)
    assert (told["version"], told["firms"], told["lines"]) == (current_edition(data_dir).version, 3, 3)


def test_suggest_lists_partners_with_parts_that_add_up(run, market):
    run("reindex")

    answer = run("suggest", market.buyer.name, "--need", market.need.public_id, "--json", "-k", "1")

    assert answer.exit_code == 0
    [found] = json.loads(answer.stdout)["lists"]
    assert found["subject"] == "need"
    [first] = found["suggestions"]
    assert first["enterprise"]["name"] == market.maker.name
    assert sum(part["points"] for part in first["evidence"]["parts"]) == first["score"]


def test_a_list_told_in_words_can_be_replayed_by_its_number(run, session, market):
    run("reindex")
    told = run("suggest", market.buyer.credit_code, "--direction", "upstream")
    assert told.exit_code == 0
    assert "上游供方" in told.stdout
    number = session.scalars(select(MatchRun)).one().public_id
    session.commit()
    assert number in told.stdout

    again = run("suggest", "--replay", number)

    assert (again.exit_code, again.stdout) == (0, f"{number}: equal\n")


def test_what_is_not_there_is_one_clear_line(run, market):
    assert run("suggest", market.buyer.name).output == (
        "Error: there is no index yet; run `matchmaker reindex` first\n"
    )
    run("reindex")
    for arguments, line in [
        (["没有这家"], "no enterprise is called 没有这家"),
        (["试样"], "may be any of"),
        ([], "name an enterprise"),
        ([market.buyer.name, "--need", "0"], "has no need 0"),
        (["--replay", "0"], "no list has the number 0"),
    ]:
        answer = run("suggest", *arguments)
        assert answer.exit_code == 2
        assert line in answer.output
