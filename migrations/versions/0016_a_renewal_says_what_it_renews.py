"""A renewal says what a year of the cooperation it renews came to, so that its increment can be told.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CHECK = "former_amount IS NULL OR (is_renewal AND former_amount BETWEEN 0 AND 1000000000000000)"
NAME = "ck_deal_former_of_a_renewal"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # It adds no constraint to a table that exists, but takes one along with a column.
        op.execute(f"ALTER TABLE deal ADD COLUMN former_amount BIGINT CONSTRAINT {NAME} CHECK ({CHECK})")
        return
    op.add_column("deal", sa.Column("former_amount", sa.BigInteger(), nullable=True))
    op.create_check_constraint(op.f(NAME), "deal", CHECK)


def downgrade() -> None:
    op.drop_column("deal", "former_amount")
