"""The export command: one file, as of a day or of a published month, or one line that says why not."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from matchmaker.cli import matchmaker
from matchmaker.db import shanghai_day, utcnow
from tests.operations.exports import publish, write_ledger


@pytest.fixture
def run(database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("MATCHMAKER_DEMO", "1")
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", database_url)
    monkeypatch.setenv("MATCHMAKER_DATA_DIR", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(matchmaker, [str(word) for word in words])


@pytest.fixture
def published(session, make, tmp_path):
    write_ledger(session, make)
    snapshot = publish(session, make, tmp_path / "data")
    session.commit()
    return snapshot


def test_what_is_exported_proves_itself_and_is_the_same_each_time(run, published, tmp_path) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"

    answers = [run("export", "--out", path) for path in (first, second)]

    assert [answer.exit_code for answer in answers] == [0, 0]
    today, size = shanghai_day(utcnow()), first.stat().st_size
    assert answers[0].stdout == f"{first}: programme {today.year} as of {today}, {size:,d} bytes\n"
    assert first.read_bytes() == second.read_bytes()
    assert run("verify", first).exit_code == 0


def test_a_published_month_still_proves_itself_after_the_ledger_has_grown(
    run, session, make, published, tmp_path
) -> None:
    make.deal(confirmed=True, amount=9_000_000)
    session.commit()
    path = tmp_path / "export.zip"

    answer = run("export", "--out", path, "--month", published.month)
    proof = run("verify", path)

    assert (answer.exit_code, proof.exit_code) == (0, 0)
    assert (
        f"{published.month} is as published as of {published.as_of}, digest {published.digest}; "
        "the ledger of that day gives it again to the yuan: 3 deals\n"
    ) in proof.stdout
    assert "ledger holds: 11 entries" in proof.stdout


def test_a_database_whose_snapshot_was_changed_is_named(run, session, published) -> None:
    before = run("verify")
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    opening = "DROP TRIGGER snapshot_refuses_update" if on_sqlite else "ALTER TABLE snapshot DISABLE TRIGGER ALL"
    session.execute(text(opening))
    session.execute(text("UPDATE snapshot SET content = :content"), {"content": b"{}"})
    session.commit()

    answer = run("verify")

    assert "snapshot holds: 1 entries" in before.stdout
    assert (answer.exit_code, answer.stderr) == (1, f"Error: snapshot is broken at {published.month}\n")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--month", "2026-13"), "--month is written YYYY-MM and stands without --as-of"),
        (("--month", "2026-05", "--as-of", "2026-05-31"), "--month is written YYYY-MM and stands without --as-of"),
        (("--programme", "2031"), "there is no programme for 2031"),
        (("--as-of", "yesterday"), "--as-of: "),
    ],
)
def test_what_cannot_be_exported_is_refused_in_one_line(run, published, tmp_path, words, why) -> None:
    answer = run("export", "--out", tmp_path / "export.zip", *words)

    assert (answer.exit_code, answer.stdout, answer.stderr.count("\n")) == (2, "", 1)
    assert why in answer.stderr
    assert not (tmp_path / "export.zip").exists()


def test_a_damaged_issued_file_stops_the_export(run, published, tmp_path) -> None:
    (tmp_path / "data" / "issued" / published.files[0].digest).write_bytes(b"damaged")

    answer = run("export", "--out", tmp_path / "export.zip")

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert published.files[0].name in answer.stderr
