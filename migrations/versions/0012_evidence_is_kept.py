"""Files, sealed papers and their checks stand beside deals; the database refuses to change or delete any of them.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PURPOSES = ("paper", "contract", "delivery", "invoice", "payment", "statement", "other")
_PARTIES = ("buyer", "seller", "office")
TABLES = ("evidence_file", "evidence_withdrawal", "sealed_paper", "paper_check")
DEEDS = ("UPDATE", "DELETE")


def upgrade() -> None:
    _make_files()
    _make_withdrawals()
    _make_papers()
    _make_checks()
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
    op.drop_table("paper_check")
    op.drop_index(op.f("ix_sealed_paper_deal_id"), "sealed_paper")
    op.drop_table("sealed_paper")
    op.drop_table("evidence_withdrawal")
    op.drop_index(op.f("ix_evidence_file_digest"), "evidence_file")
    op.drop_index(op.f("ix_evidence_file_deal_id"), "evidence_file")
    op.drop_table("evidence_file")


def _make_files() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("deal_id", _ID, nullable=False),
        sa.Column("entry_id", _ID, nullable=True),
        sa.Column("purpose", sa.Enum(*_PURPOSES, name="purpose", native_enum=False, length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("tells_place", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("party", sa.Enum(*_PARTIES, name="party", native_enum=False, length=24), nullable=False),
        sa.Column("office_id", _ID, nullable=True),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_file_not_empty")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_evidence_file_a_name")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_evidence_file_deal_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["deal_entry.id"], name=op.f("fk_evidence_file_entry_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_evidence_file_office_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_evidence_file_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_file_public_id")),
    )
    op.create_index(op.f("ix_evidence_file_deal_id"), "evidence_file", ["deal_id"])
    op.create_index(op.f("ix_evidence_file_digest"), "evidence_file", ["digest"])


def _make_withdrawals() -> None:
    op.create_table(
        "evidence_withdrawal",
        sa.Column("id", _ID, nullable=False),
        sa.Column("file_id", _ID, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_evidence_withdrawal_a_reason")),
        sa.ForeignKeyConstraint(["file_id"], ["evidence_file.id"], name=op.f("fk_evidence_withdrawal_file_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_evidence_withdrawal_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_withdrawal")),
        sa.UniqueConstraint("file_id", name=op.f("uq_evidence_withdrawal_file_id")),
    )


def _make_papers() -> None:
    op.create_table(
        "sealed_paper",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("deal_id", _ID, nullable=False),
        sa.Column("file_id", _ID, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("office_id", _ID, nullable=False),
        sa.Column("stated_by_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("round > 0", name=op.f("ck_sealed_paper_round_positive")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_sealed_paper_deal_id")),
        sa.ForeignKeyConstraint(["file_id"], ["evidence_file.id"], name=op.f("fk_sealed_paper_file_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_sealed_paper_office_id")),
        sa.ForeignKeyConstraint(["stated_by_id"], ["user.id"], name=op.f("fk_sealed_paper_stated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_paper")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sealed_paper_public_id")),
        sa.UniqueConstraint("file_id", name=op.f("uq_sealed_paper_file_id")),
        sa.UniqueConstraint("id", "stated_by_id", name=op.f("uq_sealed_paper_id_stated_by_id")),
    )
    op.create_index(op.f("ix_sealed_paper_deal_id"), "sealed_paper", ["deal_id"])


def _make_checks() -> None:
    op.create_table(
        "paper_check",
        sa.Column("id", _ID, nullable=False),
        sa.Column("paper_id", _ID, nullable=False),
        sa.Column("stated_by_id", _ID, nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("office_id", _ID, nullable=False),
        sa.Column("checked_by_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("checked_by_id <> stated_by_id", name=op.f("ck_paper_check_another_person")),
        sa.CheckConstraint("agrees OR note <> ''", name=op.f("ck_paper_check_returned_with_reason")),
        sa.ForeignKeyConstraint(
            ["paper_id", "stated_by_id"],
            ["sealed_paper.id", "sealed_paper.stated_by_id"],
            name=op.f("fk_paper_check_paper_id_stated_by_id"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_paper_check_office_id")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["user.id"], name=op.f("fk_paper_check_checked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_check")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_paper_check_paper_id")),
    )
