"""Two persons close a month; what was counted then, and the files issued for it, only ever grow.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("snapshot", "issued_file")
DEEDS = ("UPDATE", "DELETE")
_TWO = "closed_by_id <> frozen_by_id"
_FROZEN = "state <> 'frozen' OR (closed_by_id IS NULL) = (frozen_by_id IS NULL)"
_CLOSING = "state <> 'closing' OR (closed_by_id IS NOT NULL AND closed_at IS NOT NULL)"


def upgrade() -> None:
    with op.batch_alter_table("period") as batch:
        for person in ("closed_by_id", "frozen_by_id"):
            batch.add_column(sa.Column(person, _ID, nullable=True))
            batch.create_foreign_key(op.f(f"fk_period_{person}"), "user", [person], ["id"])
        batch.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_check_constraint(op.f("ck_period_two_persons"), _TWO)
        batch.create_check_constraint(op.f("ck_period_frozen_by_both"), _FROZEN)
        batch.create_check_constraint(op.f("ck_period_closing_by_somebody"), _CLOSING)
    _make_snapshots()
    _make_files()
    _forbid_changes()


def downgrade() -> None:
    op.drop_table("issued_file")
    op.drop_table("snapshot")
    op.execute("UPDATE period SET state = 'open' WHERE state = 'closing'")
    with op.batch_alter_table("period") as batch:
        for name in ("two_persons", "frozen_by_both", "closing_by_somebody"):
            batch.drop_constraint(op.f(f"ck_period_{name}"), type_="check")
        for person in ("closed_by_id", "frozen_by_id"):
            batch.drop_constraint(op.f(f"fk_period_{person}"), type_="foreignkey")
            batch.drop_column(person)
        batch.drop_column("closed_at")


def _make_snapshots() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("programme_id", _ID, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.BigInteger(), nullable=False),
        sa.Column("entry_seal", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("withdrawals", sa.JSON(), nullable=False),
        sa.Column("by_month", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous_digest", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_snapshot_number_positive")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_snapshot_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_snapshot_public_id")),
        sa.UniqueConstraint("programme_id", "month", name=op.f("uq_snapshot_programme_id_month")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_snapshot_programme_id_number")),
    )


def _make_files() -> None:
    op.create_table(
        "issued_file",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("snapshot_id", _ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_issued_file_size_positive")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_issued_file_snapshot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_issued_file_public_id")),
        sa.UniqueConstraint("snapshot_id", "name", name=op.f("uq_issued_file_snapshot_id_name")),
    )


def _forbid_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for deed in DEEDS:
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{deed.lower()} BEFORE {deed} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
