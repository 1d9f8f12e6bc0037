"""The database: base class, column vocabulary, engine and moments."""

from __future__ import annotations

import enum
import json
import secrets
from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, BigInteger, Dialect, Enum, Integer, MetaData, String, create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Mapper, mapped_column
from sqlalchemy.pool import NullPool
from sqlalchemy.types import DateTime, TypeDecorator

SHANGHAI = ZoneInfo("Asia/Shanghai")
_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no letter a person misreads
_ID_LENGTH = 20


def utcnow() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def shanghai_day(moment: datetime) -> date:
    """The date of record a moment falls on."""
    return moment.astimezone(SHANGHAI).date()


def new_public_id() -> str:
    """A random identifier of 100 bits: the only kind a URL, the API or a file ever shows."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LENGTH))


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment; SQLite keeps UTC without its mark."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive moment cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


Key = BigInteger().with_variant(Integer, "sqlite")
Id = Annotated[int, mapped_column(Key, primary_key=True)]
PublicId = Annotated[str, mapped_column(String(_ID_LENGTH), unique=True)]
Version = Annotated[int, mapped_column(Integer, default=1, server_default="1")]
Yuan = Annotated[int, mapped_column(BigInteger)]
Json = Annotated[dict[str, Any], mapped_column(JSON)]
JsonList = Annotated[list[Any], mapped_column(JSON)]


class Base(DeclarativeBase):
    """Every table: names by convention, enums by value, moments aware, optimistic versions."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy's own declaration
        datetime: Moment(),
        enum.Enum: Enum(enum.Enum, native_enum=False, length=24, values_callable=_values, create_constraint=False),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        list[str]: JSON(),
    }


@event.listens_for(Base, "instrument_class", propagate=True)
def _watch_version(mapper: Mapper[Any], cls: type[Base]) -> None:
    """A table that counts versions refuses an edit of a row changed meanwhile; a version that is a key is a name."""
    table = mapper.local_table
    if table is not None and "version" in table.c and not table.c["version"].primary_key:
        mapper.version_id_col = table.c.version


@event.listens_for(Base, "init", propagate=True)
def _give_public_id(target: Base, args: object, kwargs: dict[str, Any]) -> None:
    """A new row knows its address before it is written."""
    if hasattr(type(target), "public_id"):
        kwargs.setdefault("public_id", new_public_id())


def make_engine(url: str, *, pooled: bool = True) -> Engine:
    """An engine with what this program relies on switched on, whichever database it is.

    SQLite: write-ahead log, full fsync, foreign keys, and writers that queue at BEGIN instead
    of failing at COMMIT. A connection with `execution_options(begin="DEFERRED")` only reads.
    pooled: keep connections for the next request; a command that ends soon closes each at once.
    """
    sqlite = url.startswith("sqlite")
    engine = create_engine(
        url,
        json_serializer=_dump,
        pool_pre_ping=pooled and not sqlite,
        **({} if pooled else {"poolclass": NullPool}),
        connect_args={"timeout": 30} if sqlite else {},
    )
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'IMMEDIATE')}")
