"""The tables migrations make are the tables the models describe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DatabaseError

from matchmaker.accounts.models import MailConfirmation, User
from matchmaker.db import utcnow
from matchmaker.deals.models import Deal
from matchmaker.events.models import MatchmakingEvent
from matchmaker.meetings.models import (
    Availability,
    Meeting,
    MeetingRequest,
    Repair,
    RequestState,
    Slot,
    Table,
    TimetableState,
    TimetableVersion,
    TroubleKind,
)
from matchmaker.notices.models import Notice, OutboxMessage
from matchmaker.operations import migrations
from matchmaker.web.visibility import everyones


def test_the_newest_tables_equal_the_models(engine) -> None:
    with engine.begin() as connection:
        command.check(migrations.configuration(connection))


def test_the_way_down_leaves_nothing(engine) -> None:
    migrations.downgrade(engine)

    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}


def test_the_way_up_again_is_complete(engine) -> None:
    migrations.downgrade(engine)
    migrations.upgrade(engine)

    with engine.connect() as connection:
        assert migrations.is_current(connection)


def test_people_notices_and_messages_outlast_alerts_being_taken_away_and_given_back(session, make) -> None:
    user = make.user()
    user.email = "buyer@example.com"
    session.add_all([Notice(user_id=user.id, title="您好"), OutboxMessage(kind="mail", dedup="1", payload={})])
    session.commit()
    session.close()

    migrations.downgrade(session.get_bind(), "0002")
    with session.get_bind().connect() as connection:
        before = [connection.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in ("notice", "outbox_message")]
        columns = {column["name"] for column in inspect(connection).get_columns("user")}
    migrations.upgrade(session.get_bind())

    assert before == [1, 1]
    assert "email" not in columns
    assert session.scalars(select(Notice)).one().stop_path == ""
    assert session.scalars(select(User)).one().email is None


def test_timetables_outlast_their_repairs_and_limits_being_taken_away_and_given_back(session, make) -> None:
    event, firm = make.event(), make.enterprise()
    hour = Slot(event_id=event.id, number=1, starts_at=event.starts_at, ends_at=event.starts_at + timedelta(minutes=20))
    table = Table(event_id=event.id, number=1, closed_slots=[1])
    request = MeetingRequest(event=event, asker=firm, asked=make.enterprise(), state=RequestState.ACCEPTED)
    base, mended = (TimetableVersion(event=event, number=n, state=TimetableState.DISCARDED) for n in (1, 2))
    session.add_all([hour, table, request, base, mended, Availability(event=event, enterprise=firm, absent_slots=[1])])
    session.flush()
    held = Meeting(timetable=base, request=request, slot=hour, table=table, is_locked=True)
    session.add_all([held, Repair(timetable=mended, base=base, kind=TroubleKind.TABLE_LOST, trouble={"table": 1})])
    session.commit()
    session.close()

    migrations.downgrade(session.get_bind(), "0006")
    with session.get_bind().connect() as connection:
        tables = set(inspect(connection).get_table_names())
        states = connection.scalars(text("SELECT state FROM timetable_version ORDER BY number")).all()
        places = connection.execute(text("SELECT slot_id, table_id FROM meeting")).all()
    migrations.upgrade(session.get_bind())

    assert tables & {"availability", "timetable_repair"} == set()
    assert states == ["replaced", "replaced"]  # a version put aside had no name of its own before
    assert places == [(hour.id, table.id)]
    kept = session.scalars(everyones(select(Meeting), because="a test")).one()
    assert (kept.is_locked, kept.table.closed_slots, kept.timetable.clashes, kept.timetable.last_move) == (
        False,
        [],
        [],
        {},
    )


def test_an_event_outlasts_its_lunch_break_being_taken_away_and_given_back(session, make) -> None:
    begins = utcnow()
    event = make.event(title="有午休的一场", lunch_starts_at=begins, lunch_ends_at=begins + timedelta(hours=1))
    make.registration(event, make.enterprise())
    session.commit()
    session.close()

    migrations.downgrade(session.get_bind(), "0014")
    with session.get_bind().connect() as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("matchmaking_event")}
    migrations.upgrade(session.get_bind())

    kept = session.scalars(everyones(select(MatchmakingEvent), because="a test")).one()
    assert columns & {"lunch_starts_at", "lunch_ends_at"} == set()
    assert (kept.title, kept.taken, kept.lunch_starts_at, kept.lunch_ends_at) == ("有午休的一场", 1, None, None)


def test_addresses_given_before_are_confirmed_and_one_that_waits_is_forgotten_on_the_way_down(session, make) -> None:
    known, waiting = make.user(), make.user()
    known.email, waiting.email_asked = "buyer@example.com", "tpyo@example.com"
    now = utcnow()
    session.add(MailConfirmation(user=waiting, address_hash="0" * 64, asked_at=now, expires_at=now))
    session.commit()
    session.close()

    migrations.downgrade(session.get_bind(), "0016")
    with session.get_bind().connect() as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("user")}
        tables = set(inspect(connection).get_table_names())
    migrations.upgrade(session.get_bind())

    assert "email_asked" not in columns
    assert "mail_confirmation" not in tables
    kept = session.execute(select(User.email, User.email_asked).order_by(User.id)).all()
    assert kept == [("buyer@example.com", None), (None, None)]
    assert session.scalars(select(MailConfirmation)).all() == []


def test_a_renewal_outlasts_its_former_amount_being_taken_away_and_given_back(session, make) -> None:
    make.deal(is_renewal=True, former_amount=10_000_000)
    make.deal()
    session.commit()
    session.close()

    migrations.downgrade(session.get_bind(), "0015")
    with session.get_bind().connect() as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("deal")}
    migrations.upgrade(session.get_bind())

    kept = session.scalars(everyones(select(Deal).order_by(Deal.id), because="a test")).all()
    assert "former_amount" not in columns
    assert [(deal.is_renewal, deal.former_amount) for deal in kept] == [(True, None), (False, None)]


@pytest.mark.parametrize("deed", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_rewrite_the_record(session, deed) -> None:
    session.execute(
        text(
            "INSERT INTO audit_entry (at, action, subject_type, subject_id, detail, seal) "
            "VALUES (:at, 'a', 't', 's', '{}', 'z')"
        ),
        {"at": utcnow().replace(tzinfo=None)},
    )

    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(deed))
