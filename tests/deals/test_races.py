"""Several people speak of one deal at the same moment: exactly one is heard, the others are told."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import first_break
from matchmaker.db import utcnow
from matchmaker.deals import queries
from matchmaker.deals import services as deals
from matchmaker.deals.models import Assurance, Deal, DealEntry, DealKind, EntryType, Party
from matchmaker.enterprises.models import Enterprise
from matchmaker.errors import RuleViolation
from matchmaker.events.models import EventState, MatchmakingEvent

AT_ONCE = 4


def together(engine, act):
    """Run one action in several transactions at once; what each came to."""
    start = Barrier(AT_ONCE)

    def attempt(number):
        with Session(engine, expire_on_commit=False) as session:
            start.wait()
            try:
                act(session, number)
                session.commit()
            except RuleViolation as refusal:
                session.rollback()
                return type(refusal).__name__
        return "heard"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(attempt, range(AT_ONCE)))


def acting(session, user_id):
    user = session.get_one(User, user_id)
    user.acting_as = user.memberships[0]
    return user


def test_one_deal_confirmed_by_several_at_once_is_confirmed_once(session, engine, make):
    deal = make.deal()
    seller = make.person_of(deal.seller)
    session.commit()

    def confirm(own, number):
        deals.confirm_deal(own, deal=own.get_one(Deal, deal.id), actor=acting(own, seller.id))

    outcome = together(engine, confirm)

    assert outcome["heard"] == 1
    assert outcome.keys() <= {"heard", "Stale", "AlreadyConfirmed"}
    confirmations = select(func.count()).where(DealEntry.type == EntryType.CONFIRM)
    assert session.scalar(confirmations) == 1
    session.expire_all()
    assert session.get_one(Deal, deal.id).standing.assurance is Assurance.CONFIRMED


def test_one_handshake_reported_by_both_sides_at_once_is_one_deal(session, engine, make):
    make.deal()  # the ledger has begun
    event = make.event(state=EventState.HELD, starts_at=utcnow() - timedelta(days=1))
    firms = [make.enterprise(), make.enterprise()]
    people = [make.person_of(firm).id for firm in firms]
    session.commit()

    def declare(own, number):
        side = number % 2
        buyer, seller = (own.get_one(Enterprise, firm.id) for firm in firms)
        deals.declare_deal(
            own, buyer=buyer, seller=seller, kind=DealKind.PURCHASE, subject="压铸模", amount=1_000, months=12,
            by=(Party.BUYER, Party.SELLER)[side], actor=acting(own, people[side]),
            event=own.get_one(MatchmakingEvent, event.id),
        )  # fmt: skip

    assert together(engine, declare) == {"heard": 1, "DealAlreadyDeclared": AT_ONCE - 1}


def test_deals_declared_at_once_get_numbers_of_their_own_on_one_chain(session, engine, make):
    make.deal()
    firms = [make.enterprise() for _ in range(AT_ONCE + 1)]
    people = [make.person_of(firm).id for firm in firms]
    session.commit()

    def declare(own, number):
        deals.declare_deal(
            own, buyer=own.get_one(Enterprise, firms[number].id), seller=own.get_one(Enterprise, firms[-1].id),
            kind=DealKind.PURCHASE, subject="压铸模", amount=1_000, months=12, by=Party.BUYER,
            actor=acting(own, people[number]),
        )  # fmt: skip

    assert together(engine, declare) == {"heard": AT_ONCE}
    numbers = session.scalars(select(Deal.number).order_by(Deal.number)).all()
    assert [number[-5:] for number in numbers] == ["00001", "00002", "00003", "00004", "00005"]
    assert first_break(queries.entry_links(session)) is None
