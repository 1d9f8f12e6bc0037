"""The rows behind a number, as far as their reader may see them; what is hidden is counted and never described."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import User
from matchmaker.accounts.scopes import in_region_of, sees_everything
from matchmaker.deals.counting import DealKind, EventCount, EventReason
from matchmaker.deals.counting.totals import OUTSIDE
from matchmaker.deals.models import Deal
from matchmaker.deals.recounting import Recount
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import CheckIn, MatchmakingEvent
from matchmaker.progress.slices import OF_RENEWALS, Cut, Line, lines, total
from matchmaker.web.pagination import PAGE_SIZE, Page
from matchmaker.web.visibility import everyones, visible

Row = TypeVar("Row")
_BLOCK = 500  # rows fetched at once when all of them are exported


@dataclass(frozen=True, slots=True)
class Opened(Generic[Row]):
    """A number opened to its rows.

    figure and count are the number itself, seen_figure what the visible rows come to. hidden rows lie outside
    the reader's region; tells_hidden is False where their sum could tell a single deal's amount.
    """

    page: Page[Row]
    figure: int
    count: int
    seen_figure: int
    hidden: int = 0
    tells_hidden: bool = True

    @property
    def hidden_figure(self) -> int | None:
        """What the hidden rows come to, where it may be told."""
        return self.figure - self.seen_figure if self.tells_hidden else None

    @property
    def shown_figure(self) -> int:
        """The total this reader is told."""
        return self.figure if self.tells_hidden else self.seen_figure

    @property
    def shown_count(self) -> int:
        """How many rows that total is made of."""
        return self.count if self.tells_hidden else self.count - self.hidden


@dataclass(frozen=True, slots=True)
class DealLine:
    """A deal with what it brings to the number."""

    deal: Deal
    line: Line


def opened_deals(session: Session, user: User, recount: Recount, cut: Cut, *, number: int) -> Opened[DealLine]:
    """One page of the deals a number is made of, the largest first."""
    return opened_lines(session, user, lines(recount, cut), number=number, tells_hidden=_is_published(cut))


def opened_lines(
    session: Session, user: User, found: Sequence[Line], *, number: int, tells_hidden: bool
) -> Opened[DealLine]:
    """One page of these lines, in their order; tells_hidden: every reader is told their total anyway."""
    seen = seen_among(session, user, found, lambda line: line.deal.id)
    page = page_of(seen, number)
    rows = _deals(session, user, page.rows)
    return Opened(
        page=Page(rows, page.number, page.size, page.total),
        figure=total(found),
        count=len(found),
        seen_figure=total(seen),
        hidden=len(found) - len(seen),
        tells_hidden=tells_hidden or len(found) == len(seen),
    )


def _is_published(cut: Cut) -> bool:
    """Whether every reader finds this very total on the overview or in the standings, so that it hides nothing."""
    if cut.slice in OF_RENEWALS:
        return cut.narrowings == 0 and cut.kind is DealKind.PURCHASE
    return cut.narrowings <= 1 and not cut.event


def all_deals(session: Session, user: User, recount: Recount, cut: Cut) -> list[DealLine]:
    """Every visible deal a number is made of."""
    seen = seen_among(session, user, lines(recount, cut), lambda line: line.deal.id)
    blocks = (seen[start : start + _BLOCK] for start in range(0, len(seen), _BLOCK))
    return [row for block in blocks for row in _deals(session, user, block)]


def seen_among(session: Session, user: User, found: Sequence[Row], address: Callable[[Row], str]) -> Sequence[Row]:
    """Those rows about deals, each by its deal's public id, whose deal this reader may see."""
    if sees_everything(user):
        return found
    mine = set(session.scalars(visible(Deal, user).with_only_columns(Deal.public_id)))
    return [row for row in found if address(row) in mine]


def visible_deals(session: Session, user: User, addresses: Collection[str]) -> dict[str, Deal]:
    """The deals of a page by their public ids, with what a row shows of each."""
    statement = (
        visible(Deal, user)
        .where(Deal.public_id.in_(addresses))
        .options(
            joinedload(Deal.buyer).joinedload(Enterprise.region),
            joinedload(Deal.seller).joinedload(Enterprise.region),
            joinedload(Deal.event),
            joinedload(Deal.duplicate_of),
        )
    )
    return {deal.public_id: deal for deal in session.scalars(statement)}


def _deals(session: Session, user: User, found: Sequence[Line]) -> list[DealLine]:
    deals = visible_deals(session, user, [line.deal.id for line in found])
    return [DealLine(deals[line.deal.id], line) for line in found if line.deal.id in deals]


def page_of(rows: Sequence[Row], number: int) -> Page[Row]:
    """One page of rows that are all at hand; past the end it is the last page."""
    number = min(number, max(1, -(-len(rows) // PAGE_SIZE)))
    start = (number - 1) * PAGE_SIZE
    return Page(list(rows[start : start + PAGE_SIZE]), number, PAGE_SIZE, len(rows))


@dataclass(frozen=True, slots=True)
class EventCut:
    """Which events: by whether and why they count, by the place that organised them, by their month."""

    reason: EventReason | None = None
    place: str = ""
    month: str = ""


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event with what the count says of it."""

    event: MatchmakingEvent
    counted: EventCount

    @property
    def enterprises(self) -> int:
        """The enterprises checked in (R4)."""
        return len(self.counted.enterprises)


def opened_events(session: Session, user: User, recount: Recount, cut: EventCut, *, number: int) -> Opened[EventLine]:
    """One page of events, the latest first; the figure is their attendances (家次) where they count."""
    asked = _asked(recount, cut)
    rows = all_events(session, user, recount, cut)
    attendances = sum(len(recount.count.events[key].enterprises) for key in asked if recount.count.events[key].counted)
    return Opened(page_of(rows, number), attendances, len(asked), attendances, len(asked) - len(rows))


def counted_among(recount: Recount, cut: EventCut) -> int:
    """How many of the events that fit count."""
    return sum(recount.count.events[key].counted for key in _asked(recount, cut))


def _asked(recount: Recount, cut: EventCut) -> set[str]:
    return {
        event.id
        for event in recount.books.facts.events
        if (cut.reason is None or recount.count.events[event.id].reason is cut.reason)
        and (not cut.place or event.organiser == cut.place)
        and (not cut.month or f"{event.held_on:%Y-%m}" == cut.month)
    }


def all_events(session: Session, user: User, recount: Recount, cut: EventCut) -> list[EventLine]:
    """Every visible event that fits, the latest first."""
    asked = _asked(recount, cut)
    statement = (
        visible(MatchmakingEvent, user)
        .where(MatchmakingEvent.public_id.in_(asked))
        .options(
            joinedload(MatchmakingEvent.organiser),
            joinedload(MatchmakingEvent.region),
            joinedload(MatchmakingEvent.chain),
        )
        .order_by(MatchmakingEvent.held_on.desc(), MatchmakingEvent.id)
    )
    return [EventLine(event, recount.count.events[event.public_id]) for event in session.scalars(statement)]


@dataclass(frozen=True, slots=True)
class EnterpriseLine:
    """An enterprise with the counted events it was at, the latest first."""

    enterprise: Enterprise
    events: Sequence[MatchmakingEvent]


def opened_enterprises(
    session: Session, user: User, recount: Recount, *, place: str, event: str, number: int
) -> Opened[EnterpriseLine]:
    """One page of the enterprises present, the most often present first; the figure is their attendances (家次)."""
    attendances = _attendances(recount, place, event)
    seen = _ordered(session, user, attendances)
    page = page_of(seen, number)
    return Opened(
        page=Page(_enterprises(session, user, recount, page.rows, event), page.number, page.size, page.total),
        figure=attendances.total(),
        count=len(attendances),
        seen_figure=sum(attendances[code] for code in seen),
        hidden=len(attendances) - len(seen),
    )


def all_enterprises(session: Session, user: User, recount: Recount, *, place: str, event: str) -> list[EnterpriseLine]:
    """Every visible enterprise that fits."""
    seen = _ordered(session, user, _attendances(recount, place, event))
    blocks = (seen[start : start + _BLOCK] for start in range(0, len(seen), _BLOCK))
    return [row for block in blocks for row in _enterprises(session, user, recount, block, event)]


def _attendances(recount: Recount, place: str, event: str) -> Counter[str]:
    """How often each enterprise of a place was present at counted events, or at one of them (R2)."""
    regions = {firm.credit_code: firm.region or OUTSIDE for firm in recount.books.facts.enterprises}
    return Counter(
        code
        for key, counted in recount.count.events.items()
        if counted.counted and (not event or key == event)
        for code in counted.enterprises
        if not place or regions[code] == place
    )


def _ordered(session: Session, user: User, attendances: Counter[str]) -> list[str]:
    """The codes this reader may see: of enterprises in their region, or checked in at events they run."""
    seen: Collection[str] = attendances
    if not sees_everything(user):
        near = visible(Enterprise, user).where(in_region_of(user, Enterprise.region_id))
        own_guests = visible(CheckIn, user).with_only_columns(CheckIn.enterprise_id)
        guests = visible(Enterprise, user).where(Enterprise.id.in_(own_guests))
        codes = {*session.scalars(near.with_only_columns(Enterprise.credit_code))}
        codes.update(session.scalars(guests.with_only_columns(Enterprise.credit_code)))
        seen = attendances.keys() & codes
    return sorted(seen, key=lambda code: (-attendances[code], code))


def _enterprises(
    session: Session, user: User, recount: Recount, codes: Sequence[str], event: str
) -> list[EnterpriseLine]:
    statement = visible(Enterprise, user).where(Enterprise.credit_code.in_(codes))
    firms = {firm.credit_code: firm for firm in session.scalars(statement.options(joinedload(Enterprise.region)))}
    events = _events_of(session, recount, set(codes), event)
    return [EnterpriseLine(firms[code], events[code]) for code in codes if code in firms]


def _events_of(session: Session, recount: Recount, codes: set[str], only: str) -> dict[str, list[MatchmakingEvent]]:
    counted = {key for key, event in recount.count.events.items() if event.counted and event.enterprises & codes}
    held = counted & {only} if only else counted
    statement = select(MatchmakingEvent).where(MatchmakingEvent.public_id.in_(held))
    statement = statement.order_by(MatchmakingEvent.held_on.desc(), MatchmakingEvent.id)
    attended: dict[str, list[MatchmakingEvent]] = defaultdict(list)
    for event in session.scalars(everyones(statement, because="a counted event is a published one")):
        for code in recount.count.events[event.public_id].enterprises & codes:
            attended[code].append(event)
    return attended
