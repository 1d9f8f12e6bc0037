"""People mark findings of the signals as looked at or explained.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_VERDICTS = ("open", "seen", "explained")


def upgrade() -> None:
    op.create_table(
        "signal_mark",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("finding_key", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("verdict", sa.Enum(*_VERDICTS, name="verdict", native_enum=False, length=24), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict <> 'explained' OR note <> ''", name=op.f("ck_signal_mark_explained_in_words")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_signal_mark_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_mark")),
        sa.UniqueConstraint("public_id", name=op.f("uq_signal_mark_public_id")),
    )
    op.create_index("ix_signal_mark_finding_key", "signal_mark", ["finding_key", "id"])


def downgrade() -> None:
    op.drop_index("ix_signal_mark_finding_key", "signal_mark")
    op.drop_table("signal_mark")
