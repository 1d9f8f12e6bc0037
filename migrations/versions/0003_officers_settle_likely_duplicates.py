"""An officer's answer to whether two firms are one is kept; an import keeps which new rows look like known firms.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "likeness_verdict",
        sa.Column("id", _ID, nullable=False),
        sa.Column("first_id", _ID, nullable=False),
        sa.Column("second_id", _ID, nullable=False),
        sa.Column(
            "verdict", sa.Enum("same", "different", name="verdict", native_enum=False, length=24), nullable=False
        ),
        sa.Column("user_id", _ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_likeness_verdict_each_pair_once")),
        sa.ForeignKeyConstraint(["first_id"], ["enterprise.id"], name=op.f("fk_likeness_verdict_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["enterprise.id"], name=op.f("fk_likeness_verdict_second_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_likeness_verdict_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likeness_verdict")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_likeness_verdict_first_id_second_id")),
    )
    with op.batch_alter_table("likeness_verdict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_likeness_verdict_second_id"), ["second_id"], unique=False)
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lookalikes", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("lookalike_count", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_column("lookalike_count")
        batch_op.drop_column("lookalikes")
    op.drop_table("likeness_verdict")
