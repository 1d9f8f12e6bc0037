"""What is said of deals: every verb adds one sealed entry, and where the deal stands follows from them all."""

from __future__ import annotations

from dataclasses import asdict
from operator import attrgetter

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from matchmaker.accounts.models import User
from matchmaker.accounts.services import extend_chain, record
from matchmaker.chains.models import Segment
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import obstacles, queries, refusals, terms
from matchmaker.deals.duplicates.finding import BEARING, find_beside, unanswered_report
from matchmaker.deals.duplicates.reading import same_firms
from matchmaker.deals.models import Deal, DealEntry, DealKind, DealStanding, EntryType, Party
from matchmaker.deals.notifying import tell_parties
from matchmaker.deals.obstacles import Obstacle
from matchmaker.deals.standing import CONSENTS, newest_amount, project
from matchmaker.deals.stewardship.services import entrust
from matchmaker.enterprises.models import Enterprise
from matchmaker.errors import Stale
from matchmaker.events.models import MatchmakingEvent
from matchmaker.matching import services as matching
from matchmaker.matching.models import Outcome
from matchmaker.meetings.models import Meeting


def declare_deal(
    session: Session,
    *,
    buyer: Enterprise,
    seller: Enterprise,
    kind: DealKind,
    subject: str,
    amount: int,
    months: int,
    by: Party,
    actor: User,
    event: MatchmakingEvent | None = None,
    meeting: Meeting | None = None,
    segment: Segment | None = None,
    amount_high: int | None = None,
    currency: str = terms.YUAN,
    rate: str | None = None,
    contract_number: str = "",
    is_renewal: bool = False,
    former_amount: int | None = None,
    unit_checked: bool = False,
    is_another: bool = False,
) -> Deal:
    """Put an intended deal on the ledger and return it; a side's declaring is its own consent.

    amount, amount_high: whole yuan, or whole units of `currency`, of which `rate` gives the yuan.
    former_amount: whole yuan of one year of the cooperation that a renewal renews; it must be told of a renewal.
    unit_checked: the declarer looked at an amount that seems a slip between 万 and 亿.
    is_another: the declarer knows of the other side's report of a deal like it; this is not the same.

    Raises DealAlreadyDeclared, carrying the deal, when either side already reported a deal between
    the two at this event; HandshakeReported, carrying it too, when the other side's report of one like it
    waits for an answer; EventNotHeld before the event; and the other refusals of its input.
    """
    deal = Deal(
        buyer=buyer,
        seller=seller,
        kind=kind,
        subject=subject.strip(),
        event=event,
        meeting=meeting,
        segment=segment,
        months=months,
        amount_high=amount_high,
        currency=currency,
        rate=rate,
        contract_number=contract_number.strip(),
        is_renewal=is_renewal,
        former_amount=former_amount,
    )
    _check_speaker(deal, by, actor)
    terms.check_terms(deal, amount)
    terms.check_occasion(deal)
    terms.check_scale(deal, amount, unit_checked=unit_checked)
    _join(session, deal, amount=amount, by=Party.OFFICE if is_another else by)
    _say(session, deal, EntryType.DECLARE, party=by, actor=actor, amount=amount)
    return deal


def confirm_deal(session: Session, *, deal: Deal, actor: User, unit_checked: bool = False) -> DealEntry:
    """Consent, for the actor's side, to the newest amount. Raises AlreadyConfirmed the second time."""
    party = _insist(session, deal, actor, obstacles.to_confirming(deal, actor))
    terms.check_scale(deal, newest_amount(deal.entries), unit_checked=unit_checked)
    entry = _say(session, deal, EntryType.CONFIRM, party=party, actor=actor)
    if deal.standing.confirmed_at is not None:
        _teach(session, deal, Outcome.DEAL)
    return entry


def enter_consents(
    session: Session, *, deal: Deal, actor: User, note: str, unit_checked: bool = False
) -> list[DealEntry]:
    """Enter, from a sealed paper, the consent of each side that did not give it to the newest amount itself.

    The caller has judged the paper and whether the actor may check it. Each entry is the side's, and names the office.
    """
    terms.check_scale(deal, newest_amount(deal.entries), unit_checked=unit_checked)
    take_turn(session, deal)
    silent = [party for party in (Party.BUYER, Party.SELLER) if not obstacles.consents(deal, party)]
    entries = [_say(session, deal, EntryType.CONFIRM, party=party, actor=actor, note=note) for party in silent]
    _teach(session, deal, Outcome.DEAL)
    return entries


def dispute_deal(session: Session, *, deal: Deal, actor: User, reason: str) -> DealEntry:
    """Deny the deal as it is declared; it stops counting until the dispute is resolved."""
    terms.check_reason(reason)
    party = _insist(session, deal, actor, obstacles.to_disputing(deal, actor))
    return _say(session, deal, EntryType.DISPUTE, party=party, actor=actor, note=reason)


def resolve_dispute(session: Session, *, deal: Deal, actor: User, note: str = "") -> DealEntry:
    """End the dispute of a deal."""
    party = _insist(session, deal, actor, obstacles.to_resolving(deal, actor))
    return _say(session, deal, EntryType.RESOLVE, party=party, actor=actor, note=note)


def amend_deal(
    session: Session, *, deal: Deal, actor: User, amount: int, note: str = "", unit_checked: bool = False
) -> DealEntry:
    """Put another amount forward: a new version with its author's consent, waiting for the other side."""
    party = _insist(session, deal, actor, obstacles.to_amending(deal, actor))
    terms.check_amount(amount, deal.rate)
    if amount == newest_amount(deal.entries):
        raise refusals.SameAmount
    if deal.amount_high is not None and amount > deal.amount_high:
        raise refusals.RangeReversed
    terms.check_scale(deal, amount, unit_checked=unit_checked)
    return _say(session, deal, EntryType.AMEND, party=party, actor=actor, amount=amount, note=note)


def withdraw_deal(session: Session, *, deal: Deal, actor: User, reason: str) -> DealEntry:
    """End the deal at once; what it counted for is subtracted in the open month."""
    terms.check_reason(reason)
    party = _insist(session, deal, actor, obstacles.to_withdrawing(deal, actor))
    entry = _say(session, deal, EntryType.WITHDRAW, party=party, actor=actor, note=reason)
    _teach(session, deal, Outcome.ENDED)
    return entry


def verify_deal(session: Session, *, deal: Deal, actor: User, note: str = "") -> DealEntry:
    """Vouch, as an office that had no part in it, for the amount in force. Raises VerifierInvolved."""
    party = _insist(session, deal, actor, obstacles.to_verifying(deal, actor))
    return _say(session, deal, EntryType.VERIFY, party=party, actor=actor, note=note)


def merge_deal(session: Session, *, deal: Deal, into: Deal, actor: User, reason: str) -> DealEntry:
    """Put a deal behind another that is the same handshake: from then on only the other counts (R6).

    Both are taken by their versions, and only deals that stand for themselves are merged, so no two mergers
    can ever close a circle. Raises Stale when somebody else spoke of either deal meanwhile, and OtherParties.
    """
    terms.check_reason(reason)
    if obstacle := obstacles.to_merging(deal, into, actor):
        raise obstacle
    if not same_firms(session, deal, into):
        raise refusals.OtherParties(number=into.number)
    for each in sorted((deal, into), key=attrgetter("id")):  # always in one order, so that two never wait in a ring
        take_turn(session, each)
    deal.duplicate_of = into
    return _say(session, deal, EntryType.MERGE, party=Party.OFFICE, actor=actor, note=reason, other=into)


def unmerge_deal(session: Session, *, deal: Deal, actor: User, reason: str) -> DealEntry:
    """Let a merged deal stand for itself again; what was merged into it goes with it."""
    terms.check_reason(reason)
    party, into = _insist(session, deal, actor, obstacles.to_unmerging(deal, actor)), deal.duplicate_of
    deal.duplicate_of = None
    return _say(session, deal, EntryType.UNMERGE, party=party, actor=actor, note=reason, other=into)


def note_refused_verification(session: Session, *, deal: Deal, actor: User) -> None:
    """Leave a trace for the auditor that somebody involved tried to verify a deal."""
    office = actor.office
    record(
        session, actor=actor, action="deal verify refused", subject=deal, detail=_ids(office_id=office and office.id)
    )


def record_contract(session: Session, *, deal: Deal, actor: User, amount: int, number: str) -> DealEntry:
    """Record the contract the intent became; its amount stands beside the intent's, never added to it."""
    party = _insist(session, deal, actor, obstacles.to_contracting(deal, actor))
    terms.check_amount(amount, deal.rate)
    if not number.strip():
        raise refusals.NumberMissing
    deal.contract_number = number.strip()
    return _say(session, deal, EntryType.CONTRACT, party=party, actor=actor, amount=amount)


def record_delivery(session: Session, *, deal: Deal, actor: User, amount: int, note: str = "") -> DealEntry:
    """Record what was delivered this time.

    Past 110 % of the contract in all it is recorded too: an office finds it among the signals, and until the
    contract is recorded anew no total of deliveries takes more than the 110 %.
    """
    party = _insist(session, deal, actor, obstacles.to_delivering(deal, actor))
    terms.check_amount(amount, deal.rate)
    return _say(session, deal, EntryType.DELIVER, party=party, actor=actor, amount=amount, note=note)


def _teach(session: Session, deal: Deal, outcome: Outcome) -> None:
    """Let matching know what came of the suggestion a deal began with, where one is known."""
    suggestion = deal.meeting.request.suggestion if deal.meeting else None
    if suggestion is not None:
        matching.record_outcome(session, suggestion=suggestion, outcome=outcome)


def _insist(session: Session, deal: Deal, actor: User, obstacle: Obstacle) -> Party:
    """Raise what stands in the way, or take the deal's turn and return as whom the actor speaks."""
    if obstacle is not None:
        raise obstacle
    take_turn(session, deal)
    party = obstacles.party_of(deal, actor)
    if party is None:
        raise refusals.NotAParty
    return party


def take_turn(session: Session, deal: Deal) -> None:
    """Let one verb at a time speak of a deal: whoever read it before another verb is stale.

    The update is the lock (its row is held until the transaction ends) and the test in one.
    """
    seen = deal.version
    session.flush()
    statement = update(Deal).where(Deal.id == deal.id, Deal.version == seen).values(version=seen + 1)
    if session.connection().execute(statement).rowcount != 1:
        raise Stale
    set_committed_value(deal, "version", seen + 1)


def _join(session: Session, deal: Deal, *, amount: int, by: Party) -> None:
    """Give a new deal its number, while nobody else can join the ledger.

    by: the side whose unanswered reports are looked through; none for an office's. Raises DealAlreadyDeclared.
    """
    with session.no_autoflush:
        queries.ledger_turn(session)
        known = queries.open_deal_between(session, event=deal.event, one=deal.buyer, other=deal.seller)
        if known is not None:
            raise refusals.DealAlreadyDeclared(known)
        if by is not Party.OFFICE and (alike := unanswered_report(session, deal, amount=amount, by=by)) is not None:
            raise refusals.HandshakeReported(alike)
        deal.number = queries.next_number(session, year=shanghai_day(utcnow()).year)
    session.add(deal)
    session.flush()


def _say(
    session: Session,
    deal: Deal,
    what: EntryType,
    *,
    party: Party,
    actor: User,
    amount: int | None = None,
    note: str = "",
    other: Deal | None = None,
) -> DealEntry:
    """Add one entry, refresh where the deal stands, and leave the trace and the notices of it."""
    queries.ledger_turn(session)  # before the moment is taken: a month freezing meanwhile is frozen before or after it
    entry = _entry(deal, what, party=party, actor=actor, amount=amount, note=note)
    if other is not None:
        entry.other, entry.other_id = other, other.id
    entry.seal = extend_chain(session, name=queries.LEDGER, content=queries.entry_content(deal, entry))
    session.add(entry)
    entry.deal = deal
    _refresh_standing(session, deal)
    if what in BEARING:
        find_beside(session, deal)
    detail = _ids(number=entry.number, round=entry.round, party=party.value, amount=amount, other=entry.other_id)
    record(session, actor=actor, action=f"deal {what.value}", subject=deal, detail=detail)
    tell_parties(session, deal=deal, entry=entry)
    if what in CONSENTS and deal.standing.confirmed_at is not None:
        entrust(session, deal=deal)
    return entry


def _entry(deal: Deal, what: EntryType, *, party: Party, actor: User, amount: int | None, note: str) -> DealEntry:
    last = deal.entries[-1] if deal.entries else None
    newest = max((entry.round for entry in deal.entries), default=1)
    return DealEntry(
        deal_id=deal.id,
        number=1 if last is None else last.number + 1,
        type=what,
        party=party,
        round=newest + 1 if what is EntryType.AMEND else newest,
        amount=amount,
        at=utcnow() if last is None else max(utcnow(), last.at),  # clocks of two servers may disagree
        actor_id=actor.id,
        office_id=actor.office.id if actor.office else None,  # a side's own people have none
        note=note.strip(),
    )


def _refresh_standing(session: Session, deal: Deal) -> None:
    values = asdict(project(deal.entries, rate=deal.rate))
    if deal.entries[-1].type is EntryType.DECLARE and len(deal.entries) == 1:
        deal.standing = DealStanding(deal_id=deal.id, **values)
    else:
        for name, value in values.items():
            setattr(deal.standing, name, value)
    session.flush()


def _ids(**facts: object) -> dict[str, object]:
    """The facts of an audit entry, without those that are not there."""
    return {name: fact for name, fact in facts.items() if fact is not None}


def _check_speaker(deal: Deal, by: Party, actor: User) -> None:
    """Nobody speaks for another: a side is declared by its own people, the rest by an office."""
    if deal.buyer is deal.seller:
        raise refusals.SameParty
    speaks_for = {Party.BUYER: deal.buyer.id, Party.SELLER: deal.seller.id}.get(by)
    if by is Party.OFFICE:
        if obstacles.party_of(deal, actor) is not Party.OFFICE:
            raise refusals.NotAParty
    elif actor.enterprise_id != speaks_for:
        raise refusals.NotAParty
