"""The bytes on the disk: whole or not there, found again, and never given out as anything else."""

from __future__ import annotations

import hashlib
import json
import os

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from matchmaker.cli import matchmaker
from matchmaker.deals.evidence import refusals, storing
from matchmaker.deals.evidence.models import EvidenceFile
from tests.deals.evidence.conftest import file_of
from tests.deals.evidence.files import PDF

DIGEST = hashlib.sha256(PDF).hexdigest()


def test_a_file_lies_by_its_digest_and_is_written_aside_first(tmp_path, monkeypatch) -> None:
    brought_to_disk = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (brought_to_disk.append(handle), real(handle)))

    storing.keep(tmp_path, DIGEST, PDF)

    assert (tmp_path / "evidence" / DIGEST[:2] / DIGEST).read_bytes() == PDF
    assert len(brought_to_disk) == 3  # the file, and the two folders that name it
    assert [path.name for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == [DIGEST]


def test_a_damaged_file_is_made_whole_when_it_is_sent_again(tmp_path) -> None:
    storing.keep(tmp_path, DIGEST, PDF)
    storing.path_of(tmp_path, DIGEST).write_bytes(b"rot")

    assert storing.read(tmp_path, DIGEST) is None
    storing.keep(tmp_path, DIGEST, PDF)
    assert storing.read(tmp_path, DIGEST) == PDF


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch) -> None:
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(refusals.NotStored):
        storing.keep(tmp_path, DIGEST, PDF)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, DIGEST + "\n", DIGEST[:-1]])
def test_only_a_digest_leads_to_a_file(tmp_path, digest) -> None:
    with pytest.raises(ValueError, match="no digest"):
        storing.path_of(tmp_path, digest)


@pytest.fixture
def run(monkeypatch, database_url, settings):
    """Run a command in this test's installation."""
    monkeypatch.setenv("MATCHMAKER_DEMO", "1")
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", database_url)
    monkeypatch.setenv("MATCHMAKER_DATA_DIR", str(settings.data_dir))
    return lambda *words: CliRunner().invoke(matchmaker, words)


@pytest.fixture
def attached(session, make, sign_in, deal) -> EvidenceFile:
    browser = sign_in(make.person_of(deal.seller))
    browser.post(f"/deals/{deal.public_id}/evidence/new", data={"purpose": "other", "file": file_of()})
    found = session.scalars(select(EvidenceFile)).one()
    session.commit()
    return found


def test_the_command_names_what_is_missing_damaged_or_loose(run, attached, settings) -> None:
    loose = hashlib.sha256(b"crashed before the commit").hexdigest()
    storing.keep(settings.data_dir, loose, b"crashed before the commit")
    path = storing.path_of(settings.data_dir, attached.digest)

    whole = run("evidence", "--json")
    path.write_bytes(b"rot")
    damaged = run("evidence", "--json")
    path.unlink()
    missing, doctor = run("evidence"), run("doctor")

    assert (whole.exit_code, json.loads(whole.stdout)["loose"]) == (
        0, [str(storing.path_of(settings.data_dir, loose))],
    )  # fmt: skip
    assert (damaged.exit_code, json.loads(damaged.stdout)["damaged"]) == (1, [attached.digest])
    assert (missing.exit_code, f"1 missing\n  {attached.digest}" in missing.stdout) == (1, True)
    assert "MISS  evidence files are all there" in doctor.stdout


def test_a_file_that_rotted_is_not_given_out(session, make, sign_in, attached, deal, settings) -> None:
    storing.path_of(settings.data_dir, attached.digest).write_bytes(b"<script>alert(1)</script>")

    page = sign_in(make.person_of(deal.buyer)).get(f"/deals/{deal.public_id}/evidence/{attached.public_id}")

    assert page.status_code == 503
    assert "alert" not in page.text
    assert "缺失或已损坏" in page.text
