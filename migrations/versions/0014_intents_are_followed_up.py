"""Sides are asked what became of an intent, and offices steward deals; answers and thresholds only grow.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PARTIES = ("buyer", "seller", "office")
_ANSWERS = ("signed", "talking", "off")
_REASONS = ("price", "delivery", "quality", "funds", "partner")
_LEVELS = ("province", "prefecture", "county")
_HOLDS = "ended_at IS NULL"
TABLES = ("follow_up_answer", "stewardship_rule")
DEEDS = ("UPDATE", "DELETE")


def upgrade() -> None:
    _make_follow_ups()
    _make_answers()
    _make_links()
    _make_stewardships()
    _make_rules()
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
    op.drop_table("stewardship_rule")
    for index in ("uq_stewardship_holding", op.f("ix_stewardship_officer_id"), op.f("ix_stewardship_office_id")):
        op.drop_index(index, "stewardship")
    op.drop_table("stewardship")
    op.drop_index(op.f("ix_follow_up_link_expires_at"), "follow_up_link")
    op.drop_index(op.f("ix_follow_up_link_follow_up_id"), "follow_up_link")
    op.drop_table("follow_up_link")
    op.drop_table("follow_up_answer")
    op.drop_index("ix_follow_up_told_at", "follow_up")
    op.drop_table("follow_up")


def _choice(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=24)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _make_follow_ups() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("deal_id", _ID, nullable=False),
        sa.Column("party", _choice(_PARTIES, "party"), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _moment("asked_at"),
        sa.Column("asked_by_id", _ID, nullable=True),
        _moment("told_at", nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("day >= 0", name=op.f("ck_follow_up_day_not_before_confirmation")),
        sa.CheckConstraint("party <> 'office'", name=op.f("ck_follow_up_of_a_side")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_follow_up_deal_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_follow_up_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("public_id", name=op.f("uq_follow_up_public_id")),
        sa.UniqueConstraint("deal_id", "party", "day", name=op.f("uq_follow_up_deal_id_party_day")),
    )
    op.create_index("ix_follow_up_told_at", "follow_up", ["told_at", "id"])


def _make_answers() -> None:
    op.create_table(
        "follow_up_answer",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("follow_up_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer", _choice(_ANSWERS, "answer"), nullable=False),
        sa.Column("reason", _choice(_REASONS, "offreason"), nullable=True),
        sa.Column("entry_id", _ID, nullable=True),
        sa.Column("by_link", sa.Boolean(), nullable=False),
        sa.Column("user_id", _ID, nullable=True),
        _moment("at"),
        sa.CheckConstraint(
            "(answer = 'off') = (reason IS NOT NULL)", name=op.f("ck_follow_up_answer_off_for_a_reason")
        ),
        sa.CheckConstraint(
            "(answer = 'signed') = (entry_id IS NOT NULL)", name=op.f("ck_follow_up_answer_signed_on_the_ledger")
        ),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name=op.f("fk_follow_up_answer_follow_up_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["deal_entry.id"], name=op.f("fk_follow_up_answer_entry_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_follow_up_answer_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_answer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_follow_up_answer_public_id")),
        sa.UniqueConstraint("follow_up_id", "number", name=op.f("uq_follow_up_answer_follow_up_id_number")),
    )


def _make_links() -> None:
    op.create_table(
        "follow_up_link",
        sa.Column("id", _ID, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("follow_up_id", _ID, nullable=False),
        sa.Column("membership_id", _ID, nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name=op.f("fk_follow_up_link_follow_up_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_follow_up_link_membership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_follow_up_link_token_hash")),
    )
    op.create_index(op.f("ix_follow_up_link_follow_up_id"), "follow_up_link", ["follow_up_id"])
    op.create_index(op.f("ix_follow_up_link_expires_at"), "follow_up_link", ["expires_at"])


def _make_stewardships() -> None:
    op.create_table(
        "stewardship",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("deal_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level", _choice(_LEVELS, "officelevel"), nullable=False),
        sa.Column("office_id", _ID, nullable=False),
        sa.Column("officer_id", _ID, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("actor_id", _ID, nullable=True),
        _moment("starts_at"),
        _moment("ended_at", nullable=True),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= starts_at", name=op.f("ck_stewardship_ends_after_start")),
        sa.CheckConstraint("(actor_id IS NULL) = (why = '')", name=op.f("ck_stewardship_by_hand_for_a_reason")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_stewardship_deal_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_stewardship_office_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["user.id"], name=op.f("fk_stewardship_officer_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_stewardship_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stewardship")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stewardship_public_id")),
        sa.UniqueConstraint("deal_id", "number", name=op.f("uq_stewardship_deal_id_number")),
    )
    op.create_index(op.f("ix_stewardship_office_id"), "stewardship", ["office_id"])
    op.create_index(op.f("ix_stewardship_officer_id"), "stewardship", ["officer_id"])
    holds = sa.text(_HOLDS)
    op.create_index(
        "uq_stewardship_holding", "stewardship", ["deal_id"], unique=True, sqlite_where=holds, postgresql_where=holds
    )


def _make_rules() -> None:
    op.create_table(
        "stewardship_rule",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("province_from", sa.BigInteger(), nullable=False),
        sa.Column("city_from", sa.BigInteger(), nullable=False),
        sa.Column("county_from", sa.BigInteger(), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        _moment("at"),
        sa.CheckConstraint(
            "county_from > 0 AND county_from < city_from AND city_from < province_from",
            name=op.f("ck_stewardship_rule_ascending"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_stewardship_rule_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stewardship_rule")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stewardship_rule_public_id")),
        sa.UniqueConstraint("number", name=op.f("uq_stewardship_rule_number")),
    )
