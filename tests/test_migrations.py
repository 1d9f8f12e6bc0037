"""The tables migrations make are the tables the models describe."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DatabaseError

from matchmaker.accounts.models import User
from matchmaker.db import utcnow
from matchmaker.notices.models import Notice, OutboxMessage
from matchmaker.operations import migrations


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
