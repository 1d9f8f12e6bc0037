"""The sums of a programme are kept beside the ledger and followed entry by entry.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "projection",
        sa.Column("id", KEY, nullable=False),
        sa.Column("programme_id", KEY, nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_projection_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projection")),
        sa.UniqueConstraint("programme_id", "is_live", "as_of", name=op.f("uq_projection_programme_id_is_live_as_of")),
    )
    op.create_table(
        "projected_sum",
        sa.Column("projection_id", KEY, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("deals", sa.Integer(), nullable=False),
        sa.CheckConstraint("deals > 0", name=op.f("ck_projected_sum_of_deals")),
        sa.ForeignKeyConstraint(["projection_id"], ["projection.id"], name=op.f("fk_projected_sum_projection_id")),
        sa.PrimaryKeyConstraint("projection_id", "key", name=op.f("pk_projected_sum")),
    )
    op.create_table(
        "projected_deal",
        sa.Column("projection_id", KEY, nullable=False),
        sa.Column("deal_id", KEY, nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("figure", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["projection_id"], ["projection.id"], name=op.f("fk_projected_deal_projection_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_projected_deal_deal_id")),
        sa.PrimaryKeyConstraint("projection_id", "deal_id", name=op.f("pk_projected_deal")),
    )
    op.create_index("ix_projected_deal_largest", "projected_deal", ["projection_id", "figure"])
    op.create_index("ix_projected_deal_due", "projected_deal", ["projection_id", "due_on"])
    op.create_index(op.f("ix_deal_duplicate_of_id"), "deal", ["duplicate_of_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_deal_duplicate_of_id"), "deal")
    op.drop_table("projected_deal")
    op.drop_table("projected_sum")
    op.drop_table("projection")
