"""Deals that may be one wait in a queue; an entry that merges two says which the other is.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JUDGEMENTS = ("open", "distinct")


def upgrade() -> None:
    type_ = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    # As SQL: SQLite takes a reference together with its column only, and a copied table would lose its triggers.
    op.execute(
        f"ALTER TABLE deal_entry ADD COLUMN other_id {type_} CONSTRAINT fk_deal_entry_other_id REFERENCES deal (id)"
    )
    op.create_table(
        "deal_likeness",
        sa.Column("id", _ID, nullable=False),
        sa.Column("first_id", _ID, nullable=False),
        sa.Column("second_id", _ID, nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("judgement", sa.Enum(*_JUDGEMENTS, name="judgement", native_enum=False, length=24), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("user_id", _ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_deal_likeness_in_order")),
        sa.CheckConstraint("judgement <> 'distinct' OR note <> ''", name=op.f("ck_deal_likeness_told_apart_in_words")),
        sa.ForeignKeyConstraint(["first_id"], ["deal.id"], name=op.f("fk_deal_likeness_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["deal.id"], name=op.f("fk_deal_likeness_second_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_deal_likeness_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_likeness")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_deal_likeness_first_id_second_id")),
    )
    op.create_index(op.f("ix_deal_likeness_second_id"), "deal_likeness", ["second_id"])
    op.create_index("ix_deal_likeness_queue", "deal_likeness", ["judgement", "strength", "id"])


def downgrade() -> None:
    op.drop_table("deal_likeness")
    op.execute("ALTER TABLE deal_entry DROP COLUMN other_id")
