"""Outcomes of suggestions are kept, and lists say which places were trials.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OUTCOMES = (
    "asked", "accepted", "declined", "withdrawn", "nothing", "missed", "follow_up", "intent", "deal", "ended",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "suggestion_outcome",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("suggestion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outcome", sa.Enum(*OUTCOMES, name="outcome", native_enum=False, length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestion.id"], name=op.f("fk_suggestion_outcome_suggestion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_outcome")),
    )
    op.create_index(op.f("ix_suggestion_outcome_suggestion_id"), "suggestion_outcome", ["suggestion_id"])
    op.add_column("match_run", sa.Column("trial", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("suggestion", sa.Column("is_trial", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_suggestion_seen", "suggestion", ["enterprise_id", "rank", "run_id", "is_trial"])


def downgrade() -> None:
    op.drop_index("ix_suggestion_seen", "suggestion")
    op.drop_column("suggestion", "is_trial")
    op.drop_column("match_run", "trial")
    op.drop_index(op.f("ix_suggestion_outcome_suggestion_id"), "suggestion_outcome")
    op.drop_table("suggestion_outcome")
