"""The kinds of values that go in and out as JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

from matchmaker.money import MOST
from matchmaker.web import cursors

Item = TypeVar("Item")
_DEFAULT_LIMIT = 20

# A NUL or another control character has no place in a line, and PostgreSQL keeps no NUL at all.
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$")]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-hjkmnp-tv-z]{20}$")]
Money = Annotated[int, Field(gt=0, le=MOST)]  # whole yuan
Quantity = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=3)]  # as many digits as a JSON number keeps
Shown = Annotated[Decimal, PlainSerializer(lambda value: f"{value.normalize():f}", return_type=str)]  # 12, not 12.000
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC)),
    AfterValidator(lambda moment: moment.astimezone(UTC)),
]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]


class Body(BaseModel):
    """What a request says; a name nobody knows is refused rather than passed over."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True, frozen=True)


class Query(BaseModel):
    """What an address asks for."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Paged(Query):
    """Which slice of a list."""

    limit: int = Field(default=_DEFAULT_LIMIT, ge=1, le=cursors.MOST)
    cursor: str | None = Field(default=None, max_length=80)


class Answer(BaseModel):
    """What an answer says."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)


class Page(Answer, Generic[Item]):
    """One slice of a list; `next` is the address of the slice after it, null at the end."""

    items: list[Item]
    next: str | None


class Fault(Answer):
    """What is wrong with one part of the input; `path` names the part, empty for the whole."""

    path: str
    message: str
    code: str


class Problem(BaseModel):
    """A problem document (RFC 9457); `instance` is the number to quote, `code` the rule that was broken."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str | None = None
    errors: list[Fault] | None = None
