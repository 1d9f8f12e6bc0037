"""A mail address counts once its owner confirmed it; addresses given before stay as they are, confirmed.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("user", sa.Column("email_asked", sa.String(), nullable=True))
    op.create_table(
        "mail_confirmation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("confirmed_at IS NULL OR ended_at IS NULL", name=op.f("ck_mail_confirmation_one_end")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mail_confirmation_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_confirmation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mail_confirmation_public_id")),
    )
    op.create_index("ix_mail_confirmation_recent", "mail_confirmation", ["user_id", "asked_at"])


def downgrade() -> None:
    """Addresses nobody confirmed are forgotten: before, whatever was typed was written to."""
    op.drop_index("ix_mail_confirmation_recent", "mail_confirmation")
    op.drop_table("mail_confirmation")
    op.drop_column("user", "email_asked")
