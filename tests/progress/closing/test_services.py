"""Freezing a month publishes it: the whole count, its digest, its files, all of it or nothing."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from types import SimpleNamespace

import openpyxl
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from matchmaker.accounts.models import AuditEntry, User
from matchmaker.accounts.queries import chain_head
from matchmaker.audit import GENESIS, canonical, first_break
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.counting import count
from matchmaker.deals.facts import decode_facts, result_of
from matchmaker.deals.queries import LEDGER
from matchmaker.deals.recounting import export_facts, written
from matchmaker.notices.models import Notice
from matchmaker.programmes import services as programmes
from matchmaker.programmes.models import Period, PeriodState, Programme
from matchmaker.programmes.queries import find_period
from matchmaker.progress.closing import queries, services
from matchmaker.progress.closing.models import IssuedFile, Snapshot
from matchmaker.progress.closing.statements import Cause
from tests.progress.closing.conftest import YI
from tests.racing import at_once


def frozen(session, year, officials, tmp_path, month=None) -> Snapshot:
    month = month or year.frozen
    programmes.begin_closing(session, programme=year.programme, month=month, actor=officials[0])
    snapshot = services.freeze(
        session, programme=year.programme, month=month, actor=officials[1], data_dir=tmp_path / "data"
    )
    session.commit()
    return snapshot


def test_a_snapshot_is_what_the_offline_command_counts_from_the_exported_facts(
    session, year, officials, agreed, make, tmp_path
):
    agreed(3 * YI)
    make.deal(event=year.event, amount=YI)
    snapshot = frozen(session, year, officials, tmp_path)

    facts = decode_facts(written(export_facts(session, year.programme)).encode())
    offline = canonical(result_of(count(facts, snapshot.as_of)))

    assert snapshot.content == offline
    assert snapshot.digest == hashlib.sha256(offline).hexdigest()
    assert json.loads(snapshot.content)["net"] == 3 * YI
    head = chain_head(session, LEDGER)
    assert (snapshot.entry_count, snapshot.entry_seal) == (head.count, head.seal)
    assert snapshot.by_month == {year.frozen: [3 * YI, 0, 0]}


def test_snapshots_are_sealed_one_to_the_next(session, make, officials, tmp_path):
    programme = make.programme(2024)
    session.add_all(Period(programme=programme, month=month) for month in ("2024-03", "2024-04"))
    session.flush()
    year = SimpleNamespace(programme=programme)

    second = frozen(session, year, officials, tmp_path, "2024-04")  # months may be frozen with gaps
    first = frozen(session, year, officials, tmp_path, "2024-03")

    assert (second.number, second.previous_digest) == (1, GENESIS)
    assert (first.number, first.previous_digest) == (2, second.digest)
    links = queries.snapshot_links(session)
    assert [link.key for link in links] == ["2024-04", "2024-03"]
    assert first_break(links, head=chain_head(session, queries.CHAIN).seal) is None
    altered = [replace(links[0], content={**links[0].content, "digest": "0" * 64}), links[1]]
    assert first_break(altered) == "2024-04"


def test_the_files_are_kept_under_their_digest_and_hold_the_published_figures(
    session, year, officials, agreed, say, tmp_path
):
    agreed(3 * YI)
    snapshot = frozen(session, year, officials, tmp_path)

    names = [(file.name, file.media_type) for file in snapshot.files]
    assert names == [
        (f"{year.frozen}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (f"{year.frozen}.csv", "text/csv"),
        (f"{year.frozen}.json", "application/json"),
    ]
    content = {file.name: (tmp_path / "data" / "issued" / file.digest).read_bytes() for file in snapshot.files}
    assert [hashlib.sha256(each).hexdigest() for each in content.values()] == [each.digest for each in snapshot.files]
    assert content[f"{year.frozen}.json"] == snapshot.content
    book = openpyxl.load_workbook(io.BytesIO(content[f"{year.frozen}.xlsx"]))
    figures = {row[0]: row[1] for row in book["公布"].iter_rows(values_only=True)}
    assert (figures["本月净额（元）"], figures["结果摘要"]) == (3 * YI, snapshot.digest)
    steps = {row[0]: row[1] for row in book["对账"].iter_rows(values_only=True)}
    assert (steps["此前各月公布累计"], steps["本月按期"], steps["截至本月累计"]) == (0, 3 * YI, 3 * YI)
    assert "公布,全年净意向额（元）,数值,300000000" in content[f"{year.frozen}.csv"].decode("utf-8-sig")


def test_what_cannot_be_written_is_not_frozen(session, year, officials, agreed, tmp_path):
    agreed()
    session.commit()
    (tmp_path / "data").write_text("not a folder")
    programmes.begin_closing(session, programme=year.programme, month=year.frozen, actor=officials[0])
    session.commit()

    with pytest.raises(OSError, match="Not a directory"):
        services.freeze(
            session, programme=year.programme, month=year.frozen, actor=officials[1], data_dir=tmp_path / "data"
        )
    session.rollback()

    assert find_period(session, year.programme, year.frozen).state is PeriodState.CLOSING
    assert session.scalars(select(Snapshot)).all() == []
    assert session.scalars(select(IssuedFile)).all() == []


def test_of_two_who_freeze_at_once_one_publishes(session, year, officials, make, engine, agreed, tmp_path):
    agreed()
    third = make.user(officials[0].role, office=officials[0].office)
    programmes.begin_closing(session, programme=year.programme, month=year.frozen, actor=officials[0])
    session.commit()

    def freezing(user_id):
        def work(own):
            actor = own.get(User, user_id)
            actor.acting_as = actor.memberships[0]
            programme = own.get(Programme, year.programme.id)
            return services.freeze(
                own, programme=programme, month=year.frozen, actor=actor, data_dir=tmp_path / "data"
            ).number

        return work

    results = at_once(engine, [freezing(officials[1].id), freezing(third.id)])

    assert sorted(map(str, results)) == ["1", "MonthFrozen"]
    assert len(session.scalars(select(Snapshot)).all()) == 1
    assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "month published")).all()) == 1


@pytest.mark.parametrize("table", ["snapshot", "issued_file"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET digest = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_rewrite_what_was_published(session, year, officials, agreed, tmp_path, table, deed):
    agreed()
    frozen(session, year, officials, tmp_path)

    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(deed.format(table)))


def test_after_the_freeze_late_and_reversing_lines_add_up_to_the_net(
    session, year, officials, agreed, make, say, tmp_path
):
    published = [agreed(amount) for amount in (5 * YI, 3 * YI, 2 * YI)]
    waiting = make.deal(event=year.event, amount=YI, unit_checked=True)
    session.commit()
    frozen(session, year, officials, tmp_path)

    say("confirm_deal", waiting, side="seller", unit_checked=True)
    say("withdraw_deal", published[0], reason="取消")
    say("dispute_deal", published[1], reason="不认可")
    say("amend_deal", published[2], amount=YI, unit_checked=True)
    say("confirm_deal", published[2], side="seller", unit_checked=True)
    found = services.recounted(session, year.programme, shanghai_day(utcnow()))
    reckoning = queries.reckoning_of(session, year.open, queries.snapshots_of(session, year.programme), found)

    lines = {(line.cause, line.month, line.published, line.now) for line in reckoning.lines}
    assert lines == {
        (Cause.WITHDRAWN, year.frozen, 5 * YI, 0),
        (Cause.DISPUTED, year.frozen, 3 * YI, 0),
        (Cause.AMENDED, year.frozen, 2 * YI, YI),
    }
    assert (reckoning.published, reckoning.corrected, reckoning.late) == (10 * YI, -9 * YI, YI)
    assert reckoning.published + reckoning.corrected + reckoning.late == reckoning.cumulative == found.count.net


def test_the_colleagues_are_told_that_a_month_waits_for_them_and_that_it_was_published(
    session, year, officials, agreed, tmp_path
):
    agreed()
    services.propose(session, programme=year.programme, month=year.frozen, actor=officials[0])
    services.freeze(
        session, programme=year.programme, month=year.frozen, actor=officials[1], data_dir=tmp_path / "data"
    )

    office = officials[0].office
    told = session.scalars(select(Notice).where(Notice.office_id == office.id).order_by(Notice.id)).all()
    assert [(each.title, each.path) for each in told] == [
        (f"{year.frozen} 已提请关账，请另一位同事复核", f"/progress/months/{year.frozen}"),
        (f"{year.frozen} 已复核冻结并公布", f"/progress/months/{year.frozen}"),
    ]
