"""Questions and answers, read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Exists, Select, and_, case, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from matchmaker.accounts.models import Membership, User
from matchmaker.accounts.queries import token_digest
from matchmaker.accounts.scopes import in_region_of
from matchmaker.deals.following_up import scopes  # noqa: F401 -- registers who sees questions and answers
from matchmaker.deals.following_up.models import Answer, FollowUp, FollowUpAnswer, FollowUpLink, OffReason
from matchmaker.deals.following_up.schedule import contradict, start_of, windows
from matchmaker.deals.models import Assurance, Deal, DealStage, DealStanding, Party
from matchmaker.enterprises.models import Enterprise
from matchmaker.web.visibility import everyones, may_see, visible

_WORKER = "the worker asks on behalf of everybody"
_FIGURES = "the figures of a whole programme, without names"
_firm_id = case((FollowUp.party == Party.BUYER, Deal.buyer_id), else_=Deal.seller_id)

Latest = Mapping[Party, FollowUpAnswer]  # the last answer of each side that gave one


@dataclass(frozen=True, slots=True)
class Word:
    """One answer as the figures read it; `deal` is the deal's public id."""

    deal: str
    party: Party
    answer: Answer
    reason: OffReason | None
    at: datetime


def follow_ups_of(session: Session, user: User, deal: Deal) -> list[FollowUp]:
    """What the sides of a deal were asked and answered, as far as this person may know, the latest first."""
    statement = (
        visible(FollowUp, user)
        .where(FollowUp.deal_id == deal.id)
        .options(
            joinedload(FollowUp.deal).joinedload(Deal.standing),
            joinedload(FollowUp.asked_by),
            selectinload(FollowUp.answers).options(joinedload(FollowUpAnswer.entry), joinedload(FollowUpAnswer.user)),
        )
    )
    return list(session.scalars(statement.order_by(FollowUp.day.desc(), FollowUp.id)))


def own_question(session: Session, user: User, deal: Deal) -> FollowUp | None:
    """The question a side answers: the last it was asked."""
    return next(iter(follow_ups_of(session, user, deal)), None) if user.enterprise_id is not None else None


def waiting_for(session: Session, enterprise_id: int) -> list[FollowUp]:
    """The questions a firm has yet to answer, one a deal, the longest waiting first."""
    statement = (
        select(FollowUp)
        .join(Deal, Deal.id == FollowUp.deal_id)
        .join(DealStanding, DealStanding.deal_id == Deal.id)
        .where(_firm_id == enterprise_id, is_followed(), is_open())
        .options(
            joinedload(FollowUp.deal).options(
                joinedload(Deal.standing), joinedload(Deal.buyer), joinedload(Deal.seller)
            )
        )
        .order_by(FollowUp.due_on, FollowUp.id)
    )
    return list(session.scalars(everyones(statement, because="a firm reads what it was asked itself")))


def last_answers(session: Session, user: User, deals: Collection[Deal]) -> dict[int, Latest]:
    """The last answer of each side of these deals, as far as this person may know, by the deal's id."""
    statement = (
        select(FollowUp.deal_id, FollowUp.party, FollowUpAnswer)
        .join(FollowUp, FollowUp.id == FollowUpAnswer.follow_up_id)
        .where(FollowUp.deal_id.in_([deal.id for deal in deals]), may_see(FollowUp, user))
        .order_by(FollowUpAnswer.at, FollowUpAnswer.id)
    )
    found: dict[int, dict[Party, FollowUpAnswer]] = defaultdict(dict)
    for deal_id, party, answer in session.execute(everyones(statement, because="the condition scopes it")):
        found[deal_id][party] = answer
    return dict(found)


def are_at_odds(latest: Latest) -> bool:
    """Whether the two sides contradict each other."""
    return contradict(answer.answer for answer in latest.values())


def words_before(session: Session, moment: datetime) -> list[Word]:
    """Every answer given before a moment, in order, for the figures."""
    statement = (
        select(Deal.public_id, FollowUp.party, FollowUpAnswer.answer, FollowUpAnswer.reason, FollowUpAnswer.at)
        .join(FollowUp, FollowUp.id == FollowUpAnswer.follow_up_id)
        .join(Deal, Deal.id == FollowUp.deal_id)
        .where(FollowUpAnswer.at < moment)
        .order_by(FollowUpAnswer.at, FollowUpAnswer.id)
    )
    return [Word(*row) for row in session.execute(everyones(statement, because=_FIGURES))]


def heard_since(moment: datetime) -> Exists:
    """Whether a side of the deal of an outer statement answered since a moment."""
    return (
        select(FollowUpAnswer.id)
        .join(FollowUp, FollowUp.id == FollowUpAnswer.follow_up_id)
        .where(FollowUp.deal_id == Deal.id, FollowUpAnswer.at > moment)
        .exists()
    )


def at_odds_near(session: Session, user: User, *, limit: int) -> list[Deal]:
    """Intents of a person's region of which one side says off and the other still talks, the largest first."""
    near = select(Enterprise.id).where(in_region_of(user, Enterprise.region_id))
    said = [
        select(FollowUpAnswer.id)
        .join(FollowUp, FollowUp.id == FollowUpAnswer.follow_up_id)
        .where(FollowUp.deal_id == Deal.id, FollowUpAnswer.answer == each, ~_said_later())
        .exists()
        for each in (Answer.OFF, Answer.TALKING)
    ]
    statement = (
        visible(Deal, user)
        .join(DealStanding)
        .where(or_(Deal.buyer_id.in_(near), Deal.seller_id.in_(near)), is_followed(), *said)
        .options(
            joinedload(Deal.standing),
            joinedload(Deal.buyer).joinedload(Enterprise.region),
            joinedload(Deal.seller).joinedload(Enterprise.region),
        )
        .order_by(DealStanding.amount.desc(), Deal.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def is_followed() -> ColumnElement[bool]:
    """Whether the deal of a statement with its standing is an intent to follow: agreed, and not yet anything else."""
    return and_(
        DealStanding.stage == DealStage.INTENT,
        DealStanding.assurance != Assurance.DECLARED,
        DealStanding.confirmed_at.is_not(None),
        DealStanding.is_disputed.is_(False),
        Deal.duplicate_of_id.is_(None),
    )


def is_open() -> ColumnElement[bool]:
    """Whether a follow-up is the last its side was asked and has not been answered since."""
    later, asked = aliased(FollowUp), aliased(FollowUp)
    newer = select(later.id).where(
        later.deal_id == FollowUp.deal_id, later.party == FollowUp.party, later.day > FollowUp.day
    )
    answered = (
        select(FollowUpAnswer.id)
        .join(asked, asked.id == FollowUpAnswer.follow_up_id)
        .where(asked.deal_id == FollowUp.deal_id, asked.party == FollowUp.party, FollowUpAnswer.at >= FollowUp.asked_at)
    )
    return and_(~newer.exists(), ~answered.exists())


def _said_later() -> Exists:
    """Whether the side of an outer answer gave another after it."""
    later, asked = aliased(FollowUpAnswer), aliased(FollowUp)
    return (
        select(later.id)
        .join(asked, asked.id == later.follow_up_id)
        .where(
            asked.deal_id == FollowUp.deal_id,
            asked.party == FollowUp.party,
            or_(later.at > FollowUpAnswer.at, and_(later.at == FollowUpAnswer.at, later.id > FollowUpAnswer.id)),
        )
        .exists()
    )


def deals_to_ask(session: Session, today: date, *, limit: int) -> list[tuple[Deal, int]]:
    """Intents that reached a step and were not asked for it, each with the step, the oldest first."""
    found: list[tuple[Deal, int]] = []
    for days, first, after in windows(today):
        statement = _unasked(days, first, after).limit(limit - len(found))
        deals = session.scalars(everyones(statement, because=_WORKER)).all() if len(found) < limit else ()
        found += [(deal, days) for deal in deals]
    return found


def _unasked(days: int, first: datetime | None, after: datetime) -> Select[Deal]:
    asked = select(FollowUp.id).where(FollowUp.deal_id == Deal.id, FollowUp.day == days)
    since = [] if first is None else [DealStanding.confirmed_at >= first]
    return (
        select(Deal)
        .join(DealStanding)
        .where(is_followed(), DealStanding.confirmed_at < after, *since, ~asked.exists())
        .options(joinedload(Deal.standing))
        .order_by(DealStanding.confirmed_at, Deal.id)
    )


def parties_asked_on(session: Session, deal: Deal, day: int) -> set[Party]:
    """The sides of a deal that were asked on a day after its confirmation."""
    statement = select(FollowUp.party).where(FollowUp.deal_id == deal.id, FollowUp.day == day)
    return set(session.scalars(everyones(statement, because="the deal was found as its reader sees it")))


def firms_to_tell(session: Session, today: date, *, limit: int) -> list[int]:
    """Firms with questions nobody told them of, without those who were told of others today."""
    midnight = start_of(today)
    told = select(_firm_id).select_from(FollowUp).join(Deal).where(FollowUp.told_at >= midnight)
    statement = (
        select(_firm_id.label("firm"))
        .select_from(FollowUp)
        .join(Deal)
        .where(FollowUp.told_at.is_(None), _firm_id.not_in(told))
        .distinct()
        .order_by("firm")
        .limit(limit)
    )
    return list(session.scalars(everyones(statement, because=_WORKER)))


def untold(session: Session, firms: Collection[int]) -> dict[int, list[FollowUp]]:
    """The questions these firms were not told of, by the firm's id."""
    statement = (
        select(_firm_id, FollowUp)
        .select_from(FollowUp)
        .join(Deal)
        .where(FollowUp.told_at.is_(None), _firm_id.in_(firms))
        .options(joinedload(FollowUp.deal))
        .order_by(FollowUp.due_on, FollowUp.id)
    )
    found: dict[int, list[FollowUp]] = defaultdict(list)
    for firm, follow_up in session.execute(everyones(statement, because=_WORKER)):
        found[firm].append(follow_up)
    return dict(found)


def open_among(session: Session, ids: Collection[int]) -> list[FollowUp]:
    """Those of these questions that still wait for an answer, with their deals."""
    statement = (
        select(FollowUp)
        .join(Deal, Deal.id == FollowUp.deal_id)
        .join(DealStanding, DealStanding.deal_id == Deal.id)
        .where(FollowUp.id.in_(ids), is_followed(), is_open())
        .options(
            joinedload(FollowUp.deal).options(
                joinedload(Deal.standing), joinedload(Deal.buyer), joinedload(Deal.seller)
            )
        )
        .order_by(FollowUp.due_on, FollowUp.id)
    )
    return list(session.scalars(everyones(statement, because=_WORKER)))


def people_to_write(session: Session, firms: Collection[int], today: date) -> list[Membership]:
    """The people of these firms who want mail."""
    statement = (
        select(Membership)
        .join(User)
        .where(
            Membership.enterprise_id.in_(firms),
            User.email.is_not(None),
            User.mail_stopped_at.is_(None),
            User.left_at.is_(None),
        )
        .order_by(Membership.id)
    )
    return [each for each in session.scalars(statement) if each.holds_on(today)]


def link_of(session: Session, token: str) -> FollowUpLink | None:
    """The link of a token, with its question and its deal's history."""
    deal = joinedload(FollowUpLink.follow_up).joinedload(FollowUp.deal)
    statement = (
        select(FollowUpLink)
        .where(FollowUpLink.token_hash == token_digest(token))
        .options(
            deal.joinedload(Deal.standing),
            deal.joinedload(Deal.buyer),
            deal.joinedload(Deal.seller),
            deal.selectinload(Deal.entries),
            joinedload(FollowUpLink.follow_up).selectinload(FollowUp.answers).joinedload(FollowUpAnswer.entry),
        )
    )
    return session.scalar(everyones(statement, because="whoever holds a token of 192 bits was sent it"))
