from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from matchmaker.cli import matchmaker
from matchmaker.matching.engine import DEFAULT_WEIGHTS
from matchmaker.matching.questions import about_need
from matchmaker.matching.ranking import ENGINES_OWN, current_ranking
from matchmaker.matching.services import suggest
from tests.matching.test_services import TODAY
from tests.matching.test_teaching import answered  # noqa: F401 -- a fixture


@pytest.fixture
def run(monkeypatch, database_url, data_dir):
    """The command line of an installation over this test's database."""
    monkeypatch.setenv("MATCHMAKER_DEMO", "1")
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", database_url)
    monkeypatch.setenv("MATCHMAKER_DATA_DIR", str(data_dir))
    return lambda *arguments: CliRunner().invoke(matchmaker, ["rank", *arguments])


def test_training_without_answers_is_refused_and_says_how_many_are_needed(run) -> None:
    answer = run("train")

    assert answer.exit_code == 1
    assert answer.stdout.count("too few: 40 more questions, 8 more firms are needed") == 2
    assert answer.stdout.endswith("in use as before: own\n")


def test_training_tells_its_figures_and_puts_better_weights_into_use(run, answered, data_dir) -> None:  # noqa: F811
    answer = run("train")

    version = current_ranking(data_dir).version
    assert answer.exit_code == 0
    assert "按需求与能力的推荐: 60 answered questions of 10 firms" in answer.stdout
    assert "held back: 18 questions, 18 lists" in answer.stdout
    assert "better: learned" in answer.stdout
    assert answer.stdout.endswith(f"in use from now on: {version}\n")
    assert "60/60 answered lists" in answer.stderr


def test_a_dry_run_prints_json_and_uses_nothing(run, answered, data_dir) -> None:  # noqa: F811
    answer = run("train", "--dry-run", "--json")

    told = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert [lesson["result"] for lesson in told["lessons"]] == ["learned", "too_few"]
    assert (told["in_use"], told["learned"]) == ("own", None)
    assert current_ranking(data_dir) is ENGINES_OWN


def test_one_goes_back_to_a_version_and_to_the_engines_own(run, answered, data_dir) -> None:  # noqa: F811
    run("train")
    version = current_ranking(data_dir).version

    assert run("back", "own").stdout == "in use from now on: own\n"
    assert current_ranking(data_dir).weights == DEFAULT_WEIGHTS
    assert json.loads(run("show", "--json").stdout)["kept"] == [version]
    assert run("back", version).exit_code == 0
    assert current_ranking(data_dir).version == version
    assert f"ranking {version}（in use）" in run("show").stdout


@pytest.mark.parametrize("version", ["0123456789abcdef", "../../etc/passwd", "x"])
def test_a_version_that_is_not_there_is_one_clear_line(run, version) -> None:
    for verb in ("back", "show"):
        answer = run(verb, version)

        assert answer.exit_code == 2
        assert len(answer.output.splitlines()) == 1
        assert "goes back to the engine's own" in answer.output


def test_trials_are_set_one_by_one_and_can_be_switched_off(run, data_dir) -> None:
    run("trial", "--margin", "200")

    answer = run("trial", "--places", "0")

    rule = current_ranking(data_dir).trial
    assert answer.exit_code == 0
    assert (rule.places, rule.margin, rule.seldom) == (0, 200, 3)
    assert run("trial", "--places", "8").exit_code == 2


def test_a_tampered_ranking_is_told_by_doctor(run, data_dir) -> None:
    run("trial", "--places", "2")
    [path] = (data_dir / "ranking").glob("*.json")
    path.write_text("{}", encoding="utf-8")

    told = json.loads(CliRunner().invoke(matchmaker, ["doctor", "--json"]).stdout)

    assert told["ranking in use is as it was written"] is False
    assert run("show").exit_code == 2
    assert run("trial", "--places", "1").exit_code == 2


def test_the_exposure_report_is_printed_in_words_and_as_json(run, session, market, indexed) -> None:
    suggest(session, question=about_need(market.need, today=TODAY), published=indexed())
    session.commit()

    told, words = json.loads(run("exposure", "--json").stdout), run("exposure").stdout

    assert (told["lists"], told["firms"], told["places"], told["leads"]) == (1, 3, 2, 2)
    assert (told["never_first"], told["trials"]) == (1, 0)
    assert words.startswith("1 lists, 3 firms; 2 first places, 2 new leads\n")
    assert "-  襄阳  1 / 3  1 / 2  试排 0" in words
