"""How migrations reach the database: the application's own engine and tables."""

from __future__ import annotations

import importlib
from pathlib import Path

from alembic import context
from sqlalchemy import Connection

import matchmaker
from matchmaker.db import Base, Moment, make_engine
from matchmaker.settings import Settings

_ROOT = Path(matchmaker.__file__).parent

for path in sorted(_ROOT.rglob("models.py")):
    importlib.import_module(".".join(("matchmaker", *path.relative_to(_ROOT).with_suffix("").parts)))


def _render(kind: str, item: object, _context: object) -> str | bool:
    """Write plain types into revisions, which must outlive this program's own."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=_render,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with make_engine(Settings().database_url).connect() as opened:
        _run(opened)
        opened.commit()
