"""An event may have a lunch break, around which its slots are laid.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CHECK = "(lunch_starts_at IS NULL) = (lunch_ends_at IS NULL) AND lunch_ends_at > lunch_starts_at"
NAME = "ck_matchmaking_event_a_lunch_break"


def upgrade() -> None:
    op.add_column("matchmaking_event", sa.Column("lunch_starts_at", sa.DateTime(timezone=True), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        # It adds no constraint to a table that exists, but takes one along with a column.
        op.execute(f"ALTER TABLE matchmaking_event ADD COLUMN lunch_ends_at DATETIME CONSTRAINT {NAME} CHECK ({CHECK})")
        return
    op.add_column("matchmaking_event", sa.Column("lunch_ends_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f(NAME), "matchmaking_event", CHECK)


def downgrade() -> None:
    op.drop_column("matchmaking_event", "lunch_ends_at")
    op.drop_column("matchmaking_event", "lunch_starts_at")
