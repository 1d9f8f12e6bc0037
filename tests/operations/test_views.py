"""The page of the export: who may take it home, what they get, and the trace it leaves."""

from __future__ import annotations

import re

import pytest

from matchmaker.accounts.models import AuditEntry, OfficeLevel, Role
from matchmaker.accounts.queries import chain_head
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.queries import LEDGER
from matchmaker.operations.verifying import layout
from matchmaker.operations.verifying.proving import prove
from tests.operations.exports import publish, rows_of, taken_apart, write_ledger


@pytest.fixture
def published(session, make, settings):
    write_ledger(session, make)
    return publish(session, make, settings.data_dir)


def words_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_an_auditor_takes_home_a_file_that_proves_itself(session, make, sign_in, published, tmp_path) -> None:
    auditor = make.user(Role.AUDITOR)
    browser = sign_in(auditor)
    year, today = published.programme.year, shanghai_day(utcnow())

    answer = browser.get(f"/proof/export.zip?year={year}&month={published.month}")

    path = tmp_path / "export.zip"
    path.write_bytes(answer.data)
    proof = prove(path)
    assert (answer.mimetype, proof.net, proof.as_of) == ("application/zip", 28_000_000, str(today))
    assert answer.headers["Content-Disposition"] == f"attachment; filename=proof-{year}-{today}.zip"
    taken = session.query(AuditEntry).filter_by(action="export proof").one()
    assert (taken.actor_id, taken.detail) == (auditor.id, {"as_of": str(today), "month": published.month})


def test_the_page_names_the_seals_to_be_noted_and_the_months_to_be_had(session, make, sign_in, published) -> None:
    answer = sign_in(make.user(Role.AUDITOR)).get("/proof")

    shown = words_of(answer)
    assert chain_head(session, LEDGER).seal in shown
    assert published.digest[:12] in shown
    assert f"{published.month} 冻结当日的结果" in shown
    assert f"month={published.month}" in answer.get_data(as_text=True)


def test_the_way_to_the_page_is_on_the_overview_and_on_the_auditors_home(make, sign_in, published) -> None:
    year = published.programme.year

    assert f'href="/proof?year={year}"' in sign_in(make.user(Role.OFFICIAL)).get("/progress").get_data(as_text=True)
    assert 'href="/proof"' in sign_in(make.user(Role.AUDITOR)).get("/").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/proof", "/proof/export.zip"])
@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.ORGANISER, Role.COUNTY_OFFICER, Role.ADMINISTRATOR])
def test_other_roles_take_nothing_home(make, sign_in, session, published, role, path) -> None:
    assert sign_in(make.user(role)).get(path).status_code == 403
    assert session.query(AuditEntry).filter_by(action="export proof").count() == 0


@pytest.mark.parametrize("path", ["/proof", "/proof/export.zip"])
def test_an_official_who_sees_one_prefecture_takes_nothing_home(make, sign_in, published, path) -> None:
    office = make.office(region="420600", level=OfficeLevel.PREFECTURE)

    assert sign_in(make.user(Role.OFFICIAL, office=office)).get(path).status_code == 403


def test_what_there_is_not_is_not_exported(make, sign_in, session, published) -> None:
    browser = sign_in(make.user(Role.OFFICIAL))
    open_month = "2099-01" if published.month != "2099-01" else "2099-02"

    answers = [
        browser.get(f"/proof/export.zip?{asked}") for asked in ("year=2091", "month=2026-1", f"month={open_month}")
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 422]
    assert "还没有冻结" in words_of(answers[2])
    assert session.query(AuditEntry).filter_by(action="export proof").count() == 0


def test_without_a_programme_the_page_says_what_is_missing(make, sign_in) -> None:
    assert "还没有年度计划" in words_of(sign_in(make.user(Role.AUDITOR)).get("/proof"))


def test_a_download_given_up_halfway_leaves_nothing_open(make, sign_in, engine, published) -> None:
    browser = sign_in(make.user(Role.AUDITOR))

    answer = browser.get("/proof/export.zip", buffered=False)
    next(answer.iter_encoded())
    answer.close()

    assert rows_of(taken_apart(browser.get("/proof/export.zip").data), layout.DEALS)
