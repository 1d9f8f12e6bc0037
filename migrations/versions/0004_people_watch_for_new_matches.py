"""People watch for new matches.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("text", "need", "capability", name="watchkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column(
            "sides", sa.Enum("supply", "demand", "both", name="watchsides", native_enum=False, length=24), nullable=True
        ),
        sa.Column("need_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("capability_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "frequency",
            sa.Enum("at_once", "daily", "weekly", name="frequency", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("last_change", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(kind = 'capability') = (capability_id IS NOT NULL)", name=op.f("ck_watch_capability_of_its_kind")
        ),
        sa.CheckConstraint("(kind = 'need') = (need_id IS NOT NULL)", name=op.f("ck_watch_need_of_its_kind")),
        sa.CheckConstraint(
            "(kind = 'text') = (text IS NOT NULL AND sides IS NOT NULL)", name=op.f("ck_watch_text_with_sides")
        ),
        sa.ForeignKeyConstraint(["capability_id"], ["capability.id"], name=op.f("fk_watch_capability_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_watch_membership_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_watch_need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sa.UniqueConstraint("membership_id", "capability_id", name=op.f("uq_watch_membership_id_capability_id")),
        sa.UniqueConstraint("membership_id", "need_id", name=op.f("uq_watch_membership_id_need_id")),
        sa.UniqueConstraint("membership_id", "text", "sides", name=op.f("uq_watch_membership_id_text_sides")),
        sa.UniqueConstraint("public_id", name=op.f("uq_watch_public_id")),
    )
    op.create_index("ix_watch_round", "watch", ["frequency", "looked_at"])

    op.create_table(
        "stop_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("watch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_stop_link_membership_id")),
        sa.ForeignKeyConstraint(["watch_id"], ["watch.id"], name=op.f("fk_stop_link_watch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_stop_link_token_hash")),
    )
    op.create_index(op.f("ix_stop_link_membership_id"), "stop_link", ["membership_id"])

    op.create_table(
        "watch_find",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("watch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("enterprise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_number", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_watch_find_enterprise_id")),
        sa.ForeignKeyConstraint(["watch_id"], ["watch.id"], name=op.f("fk_watch_find_watch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_find")),
        sa.UniqueConstraint("watch_id", "key", name=op.f("uq_watch_find_watch_id_key")),
    )
    op.add_column("notice", sa.Column("stop_path", sa.String(), server_default="", nullable=False))

    op.add_column("outbox_message", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox_message", sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True))

    op.add_column("user", sa.Column("email", sa.String(), nullable=True))
    op.add_column("user", sa.Column("mail_stopped_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("user", "mail_stopped_at")
    op.drop_column("user", "email")

    op.drop_column("outbox_message", "dropped_at")
    op.drop_column("outbox_message", "not_before")

    op.drop_column("notice", "stop_path")

    op.drop_table("watch_find")
    op.drop_index(op.f("ix_stop_link_membership_id"), "stop_link")

    op.drop_table("stop_link")
    op.drop_index("ix_watch_round", "watch")

    op.drop_table("watch")
