"""Compare every firm's names with the register and put the pairs that may be one firm before an officer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matchmaker.enterprises.models import LikenessReading, LikenessVerdict, Verdict
from matchmaker.enterprises.queries.duplicates import FIND_DUPLICATES
from matchmaker.enterprises.queries.likeness import own_names, register_names
from matchmaker.enterprises.resolving import Names, Reason, reasons
from matchmaker.jobs.models import Job, JobState
from matchmaker.jobs.services import Progress, promise, release
from matchmaker.web.visibility import everyones

_BECAUSE: Final = "names are only compared; the pairs are shown under their own scope"
_BLOCK: Final = 200
_ORDER: Final = list(Reason)

Pairs = dict[tuple[int, int], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Found:
    """How many firms were compared, of how many, and how many pairs were new."""

    compared: int
    firms: int
    added: int
    dropped: int


def find_duplicates(session: Session, *, report: Callable[[int, int], bool], anew: bool = False) -> Found:
    """Compare the firms whose names are new since the last time, or with `anew` all; what was judged stays.

    A pair nobody has judged goes when its names are no longer alike. The session is released while it computes.
    A firm whose own names did not change is not asked again: that it is like a new one is found from the new one.
    """
    names, own = register_names(session), own_names(session)
    digests = {firm_id: _digest(each) for firm_id, each in own.items()}
    held = dict(session.execute(select(LikenessReading.enterprise_id, LikenessReading.digest)).all())
    changed = {firm_id for firm_id, digest in digests.items() if anew or held.get(firm_id) != digest}
    gone = held.keys() - digests.keys()
    asked = changed | (_beside(session, changed | gone) & digests.keys())
    release(session)
    found = _compared(names, {firm_id: own[firm_id] for firm_id in sorted(asked)}, report)
    if found is None:
        return Found(0, len(own), 0, 0)
    dropped = _drop_open(session, asked | gone, besides=found)
    added = _add(session, found)
    _note_read(session, {firm_id: digests[firm_id] for firm_id in changed}, gone)
    return Found(len(asked), len(own), added, dropped)


def promise_search(session: Session) -> Job | None:
    """Promise a search, unless one is waiting already."""
    waiting = select(Job.id).where(Job.kind == FIND_DUPLICATES, Job.state == JobState.QUEUED).limit(1)
    is_waiting = session.scalar(everyones(waiting, because="one search serves whoever asks")) is not None
    return None if is_waiting else promise(session, FIND_DUPLICATES, payload={})


def search_duplicates(session: Session, job: Job, progress: Progress) -> dict[str, Any]:
    """The background work of `promise_search`."""
    found = find_duplicates(session, report=lambda done, total: progress(done, total, ""))
    return {"compared": found.compared, "firms": found.firms, "added": found.added, "dropped": found.dropped}


def _digest(names: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def _beside(session: Session, firms: set[int]) -> set[int]:
    """The firms that stand in an unjudged pair with one of these."""
    open_pairs = select(LikenessVerdict.first_id, LikenessVerdict.second_id).where(
        LikenessVerdict.verdict == Verdict.OPEN
    )
    rows = session.execute(everyones(open_pairs, because=_BECAUSE)).all()
    return {other for first, second in rows for one, other in ((first, second), (second, first)) if one in firms}


def _compared(names: Names, own: dict[int, tuple[str, ...]], report: Callable[[int, int], bool]) -> Pairs | None:
    """The pairs with the names that are alike, in the order of their ids; None when told to stop."""
    found: Pairs = {}
    for done, (firm_id, asked_names) in enumerate(own.items()):
        if done % _BLOCK == 0 and not report(done, len(own)):
            return None
        for asked in asked_names:
            for other_id, known in names.likely(asked, besides=firm_id):
                pair, alike = _in_order((firm_id, asked), (other_id, known))
                found.setdefault(pair, alike)
    return found


def _in_order(one: tuple[int, str], other: tuple[int, str]) -> tuple[tuple[int, int], tuple[str, str]]:
    (first, first_name), (second, second_name) = sorted((one, other))
    return (first, second), (first_name, second_name)


def _distance(first_name: str, second_name: str) -> int:
    """How much the differences say against one firm: by the worst of them, then by their number."""
    told = reasons(first_name, second_name)
    return max(_ORDER.index(each.reason) for each in told) * 100 + len(told)


def _drop_open(session: Session, firms: set[int], *, besides: Pairs) -> int:
    """Forget the unjudged pairs of these firms that are no longer alike."""
    pairs = select(LikenessVerdict.id, LikenessVerdict.first_id, LikenessVerdict.second_id).where(
        LikenessVerdict.verdict == Verdict.OPEN, LikenessVerdict.first_name != ""
    )
    rows = session.execute(everyones(pairs, because=_BECAUSE)).all()
    ids = [id_ for id_, first, second in rows if (first in firms or second in firms) and (first, second) not in besides]
    for block in _blocks(ids):
        session.execute(delete(LikenessVerdict).where(LikenessVerdict.id.in_(block)))
    return len(ids)


def _add(session: Session, found: Pairs) -> int:
    pairs = select(LikenessVerdict.first_id, LikenessVerdict.second_id)
    known = {(first, second) for first, second in session.execute(everyones(pairs, because=_BECAUSE))}
    fresh = sorted(found.keys() - known)
    session.add_all(
        LikenessVerdict(
            first_id=first, second_id=second, first_name=one, second_name=other, distance=_distance(one, other)
        )
        for first, second in fresh
        for one, other in (found[first, second],)
    )
    return len(fresh)


def _note_read(session: Session, digests: dict[int, str], gone: Iterable[int]) -> None:
    outdated = sorted({*digests, *gone})
    for block in _blocks(outdated):
        session.execute(delete(LikenessReading).where(LikenessReading.enterprise_id.in_(block)))
    session.add_all(LikenessReading(enterprise_id=firm_id, digest=digest) for firm_id, digest in digests.items())


def _blocks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _BLOCK):
        yield ids[start : start + _BLOCK]
