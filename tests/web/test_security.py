"""What every answer carries, and what never leaves."""

from __future__ import annotations

import logging
import sys
from io import StringIO

import pytest
from sqlalchemy import select

from matchmaker.enterprises.models import Need
from matchmaker.web import journal
from matchmaker.web.visibility import GuardedSession, UnscopedQuery, everyones, guarded_models, visible


def test_every_page_forbids_what_we_do_not_use(client) -> None:
    answer = client.get("/sign-in")

    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_behind_the_sign_in_is_not_kept_by_the_browser(sign_in, make) -> None:
    assert sign_in(make.user()).get("/").headers["Cache-Control"] == "no-store"


def test_an_unknown_page_says_so_with_a_number(client) -> None:
    answer = client.get("/no-such-page")

    assert answer.status_code == 404
    assert answer.headers["X-Request-Id"] in answer.text


@pytest.mark.parametrize("path", ["/enterprises/１２３", "/enterprises/99999999999999999999", "/deals/%00"])
def test_an_address_that_is_no_identifier_is_no_page(sign_in, make, path) -> None:
    assert sign_in(make.user()).get(path).status_code == 404


def test_a_forgotten_scope_is_noticed(engine) -> None:
    with GuardedSession(engine) as session, pytest.raises(UnscopedQuery, match="Need was read without"):
        session.scalars(select(Need)).all()


def test_a_statement_that_reads_everything_says_why(engine, app) -> None:
    with GuardedSession(engine) as session:
        assert session.scalars(everyones(select(Need), because="this test looks at all")).all() == []
        assert session.scalars(visible(Need, None)).all() == []


def test_every_tenant_table_is_guarded(app) -> None:
    names = {model.__name__ for model in guarded_models()}

    assert names >= {
        "Capability", "CheckIn", "Deal", "DealEntry", "DealStanding", "Enterprise", "ImportBatch", "Job", "MatchRun",
        "MatchmakingEvent", "Meeting", "MeetingRequest", "Need", "Notice", "Registration", "Suggestion",
    }  # fmt: skip


def test_the_log_holds_no_personal_data(capsys) -> None:
    journal.configure("INFO")
    logging.getLogger("trial").info("reached 13812345678", extra={"deal_id": 7, "password": "canary-word"})
    logging.getLogger("trial").info("asked buyer@example.com", extra={"address": "canary", "email_asked": "canary"})

    line = capsys.readouterr().err
    assert '"deal_id": 7' in line
    assert "13812345678" not in line
    assert "canary" not in line
    assert "buyer@example.com" not in line


def test_the_log_follows_standard_error_when_it_is_exchanged(monkeypatch, capsys) -> None:
    with monkeypatch.context() as exchanged, StringIO() as former:
        exchanged.setattr(sys, "stderr", former)
        journal.configure("INFO")

    logging.getLogger("trial").info("still heard")

    line = capsys.readouterr().err
    assert '"event": "still heard"' in line
    assert "Logging error" not in line
