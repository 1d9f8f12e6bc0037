"""Meetings are locked and moved, firms and tables have limits, and a published timetable is repaired.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("firm_away", "table_lost", "called_off", "newcomers")


def upgrade() -> None:
    op.create_table(
        "availability",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("enterprise_id", ID, nullable=False),
        sa.Column("absent_slots", sa.JSON(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.CheckConstraint("most >= 0", name=op.f("ck_availability_a_count")),
        sa.ForeignKeyConstraint(["event_id"], ["matchmaking_event.id"], name=op.f("fk_availability_event_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_availability_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability")),
        sa.UniqueConstraint("event_id", "enterprise_id", name=op.f("uq_availability_event_id_enterprise_id")),
    )
    op.create_index(op.f("ix_availability_enterprise_id"), "availability", ["enterprise_id"])
    op.add_column("meeting_table", sa.Column("closed_slots", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("meeting", sa.Column("is_locked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("timetable_version", sa.Column("clashes", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("timetable_version", sa.Column("last_move", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "timetable_repair",
        sa.Column("id", ID, nullable=False),
        sa.Column("timetable_id", ID, nullable=False),
        sa.Column("base_id", ID, nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="troublekind", native_enum=False, length=24), nullable=False),
        sa.Column("trouble", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["timetable_id"], ["timetable_version.id"], name=op.f("fk_timetable_repair_timetable_id")
        ),
        sa.ForeignKeyConstraint(["base_id"], ["timetable_version.id"], name=op.f("fk_timetable_repair_base_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable_repair")),
        sa.UniqueConstraint("timetable_id", name=op.f("uq_timetable_repair_timetable_id")),
    )
    op.create_index(op.f("ix_timetable_repair_base_id"), "timetable_repair", ["base_id"])


def downgrade() -> None:
    op.execute("UPDATE timetable_version SET state = 'replaced' WHERE state = 'discarded'")
    op.drop_table("timetable_repair")
    op.drop_column("timetable_version", "last_move")
    op.drop_column("timetable_version", "clashes")
    op.drop_column("meeting", "is_locked")
    op.drop_column("meeting_table", "closed_slots")
    op.drop_index(op.f("ix_availability_enterprise_id"), "availability")
    op.drop_table("availability")
