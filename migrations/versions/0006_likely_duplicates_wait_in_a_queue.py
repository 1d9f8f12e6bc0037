"""Likely duplicates wait in a queue, and one registration can be put behind another and taken out again.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("draft", "pending", "verified", "unclaimed", "correcting", "review", "suspended", "merged")


def upgrade() -> None:
    op.add_column("likeness_verdict", sa.Column("first_name", sa.String(), nullable=False, server_default=""))
    op.add_column("likeness_verdict", sa.Column("second_name", sa.String(), nullable=False, server_default=""))
    op.add_column("likeness_verdict", sa.Column("distance", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_likeness_verdict_queue", "likeness_verdict", ["verdict", "distance", "id"])
    op.create_table(
        "likeness_reading",
        sa.Column("enterprise_id", _ID, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_likeness_reading_enterprise_id")),
        sa.PrimaryKeyConstraint("enterprise_id", name=op.f("pk_likeness_reading")),
    )
    op.create_table(
        "merger",
        sa.Column("id", _ID, nullable=False),
        sa.Column("duplicate_id", _ID, nullable=False),
        sa.Column("survivor_id", _ID, nullable=False),
        sa.Column(
            "state_before", sa.Enum(*STATES, name="enterprisestate", native_enum=False, length=24), nullable=False
        ),
        sa.Column("user_id", _ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", _ID, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("duplicate_id <> survivor_id", name=op.f("ck_merger_two_firms")),
        sa.ForeignKeyConstraint(["duplicate_id"], ["enterprise.id"], name=op.f("fk_merger_duplicate_id")),
        sa.ForeignKeyConstraint(["survivor_id"], ["enterprise.id"], name=op.f("fk_merger_survivor_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_merger_user_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_merger_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merger")),
    )
    op.create_index(op.f("ix_merger_survivor_id"), "merger", ["survivor_id"])
    in_force = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_merger_one_in_force",
        "merger",
        ["duplicate_id"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )


def downgrade() -> None:
    op.drop_table("merger")
    op.drop_table("likeness_reading")
    op.execute("DELETE FROM likeness_verdict WHERE verdict NOT IN ('same', 'different')")
    op.drop_index("ix_likeness_verdict_queue", "likeness_verdict")
    op.drop_column("likeness_verdict", "distance")
    op.drop_column("likeness_verdict", "second_name")
    op.drop_column("likeness_verdict", "first_name")
