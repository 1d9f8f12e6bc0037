"""The recount of a programme from its rows, and its facts as the file an auditor recounts offline."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.deals.collecting import uncollected
from matchmaker.deals.counting import Count
from matchmaker.deals.recounting.books import Books, Recount, recount_of
from matchmaker.deals.recounting.document import document_of
from matchmaker.deals.recounting.firms import read_register
from matchmaker.deals.recounting.memory import Memory, memory_for, snapshot
from matchmaker.deals.recounting.outline import Outline, read_outline
from matchmaker.deals.recounting.reading import bind, read_guests, read_ledger
from matchmaker.programmes.models import Programme


def recount(session: Session, programme: Programme, as_of: date) -> Count:
    """Count a programme as it was known at the end of a day in Shanghai."""
    return recounted(session, programme, as_of).count


def recounted(session: Session, programme: Programme, as_of: date, *, afresh: bool = False) -> Recount:
    """Count a programme and keep its books open.

    Inside a request that only reads, whatever has not changed since the last count of this process is
    remembered, unless it is to be counted afresh; everywhere else every row is read.
    """
    memory = Memory() if afresh else memory_for(session)
    with uncollected():
        outline, books = _opened(session, programme, memory)
        return memory.recall(("count", programme.id, as_of), outline, lambda: recount_of(books, as_of))


def export_facts(session: Session, programme: Programme) -> dict[str, Any]:
    """The programme as the FACTS.json that `matchmaker count` recounts to the same numbers, without personal data."""
    return document_of(_opened(session, programme, memory_for(session))[1].facts)


def _opened(session: Session, programme: Programme, memory: Memory) -> tuple[Outline, Books]:
    """The books of a programme with the outline under which they hold."""
    place = ("books", programme.id)
    outline = read_outline(session, programme)
    known: Books | None = memory.find(place, outline)
    if known is not None:
        return outline, known
    with snapshot(session) as reader:
        outline = read_outline(reader, programme)
        return outline, memory.keep(place, outline, _read(reader, outline, memory))


def _read(session: Session, outline: Outline, memory: Memory) -> Books:
    """Every part of the books, those unchanged from memory."""
    frame = outline.frame
    register = memory.recall("register", outline.register, lambda: read_register(session))
    guests = memory.recall(
        ("guests", frame.programme_id),
        (outline.register, outline.check_ins, frame.events),
        lambda: read_guests(session, frame, register),
    )
    ledger = memory.recall(
        ("ledger", frame.programme_id), (outline.ledger, frame.events), lambda: read_ledger(session, frame)
    )
    return bind(session, frame, register, guests, ledger)
