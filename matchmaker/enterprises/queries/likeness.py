"""Which firms of the register may be one: the register's names, held ready in each process, and what officers found.

The names are read once; after that a question reads only what was entered or changed since, so a firm entered a
moment ago by another process is found. A proposal is for a person to judge: nothing is ever merged because of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, or_, select
from sqlalchemy.orm import Session, joinedload

import matchmaker.enterprises.scopes  # noqa: F401 -- registers what visible() asks below
from matchmaker.accounts.models import User
from matchmaker.enterprises.models import (
    Enterprise,
    EnterpriseState,
    LikenessVerdict,
    LineChange,
    LineKind,
    Verdict,
)
from matchmaker.enterprises.resolving import Names, Told, reasons
from matchmaker.web.visibility import everyones, visible

_BECAUSE: Final = "names are only compared; what is shown is read again with visible()"
_LATE: Final = 200  # marks with lower numbers may become visible later: two writers commit in any order
_MOST_RENEWED: Final = 1_000
_MOST_ASKED: Final = 10


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A firm that may be the one asked about: the name of its that is like, in what they differ, what was found."""

    enterprise: Enterprise
    name: str
    told: Sequence[Told]
    verdict: LikenessVerdict | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet that these are two firms."""
        return self.verdict is None or self.verdict.verdict is not Verdict.DIFFERENT


@dataclass(frozen=True, slots=True)
class _Held:
    """The names with how far the register had been read: the last mark of a change and the last firm."""

    names: Names
    mark: int
    last: int
    whole: int  # how many names were read at once


_held: WeakKeyDictionary[Engine, _Held] = WeakKeyDictionary()


def register_names(session: Session) -> Names:
    """The names of the whole register, as fresh as the database."""
    engine = session.get_bind().engine
    mark = session.scalar(select(func.max(LineChange.id))) or 0
    last = session.scalar(everyones(select(func.max(Enterprise.id)), because=_BECAUSE)) or 0
    held = _held.get(engine)
    if held is not None and (held.mark, held.last) == (mark, last):
        return held.names
    changed = _changed_since(session, held) if held is not None else set()
    if held is None or len(held.names.ids) - held.whole + len(changed) > _MOST_RENEWED:
        names = Names.build(_names_of(session, None))
        held = _Held(names, mark, last, len(names.ids))
    else:
        held = _Held(held.names.renewed(_names_of(session, changed), changed), mark, last, held.whole)
    _held[engine] = held
    return held.names


def _changed_since(session: Session, held: _Held) -> set[int]:
    marked = select(LineChange.line_id).where(LineChange.id > held.mark - _LATE, LineChange.kind == LineKind.ENTERPRISE)
    entered = select(Enterprise.id).where(Enterprise.id > held.last)
    return {*session.scalars(marked), *session.scalars(everyones(entered, because=_BECAUSE))}


def _names_of(session: Session, ids: Iterable[int] | None) -> Iterator[tuple[int, str]]:
    """Full, short and former names, of all firms or of these; a merged firm goes by the one it was merged into."""
    columns = (Enterprise.id, Enterprise.name, Enterprise.short_name, Enterprise.former_names)
    statement = select(*columns).where(Enterprise.state != EnterpriseState.MERGED)
    if ids is not None:
        statement = statement.where(Enterprise.id.in_(sorted(ids)))
    for id_, name, short_name, former_names in session.execute(everyones(statement, because=_BECAUSE)):
        yield from ((id_, each) for each in dict.fromkeys((name, short_name, *former_names)) if each)


def own_names(session: Session) -> dict[int, tuple[str, ...]]:
    """By firm the names it is compared by: the one in force and the former ones, of all firms that are not merged."""
    statement = select(Enterprise.id, Enterprise.name, Enterprise.former_names).where(
        Enterprise.state != EnterpriseState.MERGED
    )
    rows = session.execute(everyones(statement.order_by(Enterprise.id), because=_BECAUSE))
    return {id_: names_asked(name, former_names) for id_, name, former_names in rows}


def names_asked(name: str, former_names: Sequence[str]) -> tuple[str, ...]:
    """The names by which a firm is looked for: a short name is what others are found by, and says too little itself."""
    return tuple(dict.fromkeys((name, *former_names)))[:_MOST_ASKED]


def lookalikes(session: Session, user: User, names: Sequence[str]) -> list[Lookalike]:
    """Visible firms that may be the one that goes by any of these names, likeliest first."""
    return _told(session, user, _likely(register_names(session), names))


def lookalikes_of(session: Session, user: User, enterprise: Enterprise) -> list[Lookalike]:
    """Visible firms that may be the same as this one, with what officers found of each."""
    names = names_asked(enterprise.name, enterprise.former_names)
    found = _told(session, user, _likely(register_names(session), names, besides=enterprise.id))
    verdicts = verdicts_on(session, enterprise)
    judged = [Lookalike(each.enterprise, each.name, each.told, verdicts.get(each.enterprise.id)) for each in found]
    return sorted(judged, key=lambda each: not each.is_open)


def _likely(known: Names, names: Sequence[str], besides: int | None = None) -> dict[int, tuple[str, str]]:
    """By firm, the asked name and the one it is like."""
    found: dict[int, tuple[str, str]] = {}
    for asked in dict.fromkeys(names[:_MOST_ASKED]):
        for id_, name in known.likely(asked, besides=besides):
            found.setdefault(id_, (asked, name))
    return found


def _told(session: Session, user: User, found: dict[int, tuple[str, str]]) -> list[Lookalike]:
    if not found:
        return []
    statement = visible(Enterprise, user).where(Enterprise.id.in_(found)).options(joinedload(Enterprise.region))
    firms = {firm.id: firm for firm in session.scalars(statement)}
    pairs = ((firms[id_], asked, name) for id_, (asked, name) in found.items() if id_ in firms)
    return [Lookalike(firm, name, reasons(asked, name)) for firm, asked, name in pairs]


def verdicts_on(session: Session, enterprise: Enterprise) -> dict[int, LikenessVerdict]:
    """What was found of this firm and others, by the other's id."""
    pairs = or_(LikenessVerdict.first_id == enterprise.id, LikenessVerdict.second_id == enterprise.id)
    rows = session.scalars(everyones(select(LikenessVerdict).where(pairs), because=_BECAUSE))
    return {row.first_id + row.second_id - enterprise.id: row for row in rows}


def find_verdict(session: Session, one: Enterprise, other: Enterprise) -> LikenessVerdict | None:
    """What was found of these two, in either order."""
    first, second = sorted((one.id, other.id))
    pair = (LikenessVerdict.first_id == first, LikenessVerdict.second_id == second)
    return session.scalar(everyones(select(LikenessVerdict).where(*pair), because=_BECAUSE))
