"""The tables migrations make are the tables the models describe."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from matchmaker.db import utcnow
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
