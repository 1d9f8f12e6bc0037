"""Audit samples are drawn and their findings kept; the database refuses to change or delete either.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("audit_draw", "audit_pick", "audit_finding")
DEEDS = ("UPDATE", "DELETE")


def upgrade() -> None:
    _make_draws()
    _make_picks()
    _make_findings()
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for deed in DEEDS:
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{deed.lower()} BEFORE {deed} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("audit_finding")
    op.drop_index(op.f("ix_audit_pick_deal_id"), "audit_pick")
    op.drop_table("audit_pick")
    op.drop_table("audit_draw")


def _make_draws() -> None:
    op.create_table(
        "audit_draw",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("programme_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("frame_count", sa.Integer(), nullable=False),
        sa.Column("frame_amount", sa.BigInteger(), nullable=False),
        sa.Column("sampled_from", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("drawn_by_id", _ID, nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_audit_draw_size_not_negative")),
        sa.CheckConstraint("seed <> ''", name=op.f("ck_audit_draw_a_seed")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_audit_draw_programme_id")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["user.id"], name=op.f("fk_audit_draw_drawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_draw")),
        sa.UniqueConstraint("public_id", name=op.f("uq_audit_draw_public_id")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_audit_draw_programme_id_number")),
    )


def _make_picks() -> None:
    op.create_table(
        "audit_pick",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("draw_id", _ID, nullable=False),
        sa.Column("deal_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_audit_pick_amount_positive")),
        sa.CheckConstraint("stratum IN ('certain', 'sampled')", name=op.f("ck_audit_pick_known_stratum")),
        sa.ForeignKeyConstraint(["draw_id"], ["audit_draw.id"], name=op.f("fk_audit_pick_draw_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_audit_pick_deal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_pick")),
        sa.UniqueConstraint("public_id", name=op.f("uq_audit_pick_public_id")),
        sa.UniqueConstraint("draw_id", "deal_id", name=op.f("uq_audit_pick_draw_id_deal_id")),
        sa.UniqueConstraint("draw_id", "position", name=op.f("uq_audit_pick_draw_id_position")),
    )
    op.create_index(op.f("ix_audit_pick_deal_id"), "audit_pick", ["deal_id"])


def _make_findings() -> None:
    op.create_table(
        "audit_finding",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("pick_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("true_amount", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("true_amount >= 0", name=op.f("ck_audit_finding_true_amount_not_negative")),
        sa.ForeignKeyConstraint(["pick_id"], ["audit_pick.id"], name=op.f("fk_audit_finding_pick_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_audit_finding_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_finding")),
        sa.UniqueConstraint("public_id", name=op.f("uq_audit_finding_public_id")),
        sa.UniqueConstraint("pick_id", "number", name=op.f("uq_audit_finding_pick_id_number")),
    )
