"""Several people, or workers, follow up at the same moment."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from matchmaker.accounts.models import Office, Role, User
from matchmaker.deals.following_up.models import Answer, FollowUp, FollowUpAnswer
from matchmaker.deals.following_up.services import Said, answer_follow_up, ask_due, tell_firms
from matchmaker.deals.models import Deal, DealEntry, EntryType, Party
from matchmaker.deals.stewardship.models import Stewardship
from matchmaker.deals.stewardship.services import entrust, hand_over
from matchmaker.notices.models import Notice
from tests.racing import at_once

_SIX = range(6)
_LOSERS = {"Stale", "StaleDataError", "IntegrityError", "AlreadySigned"}


def acting(session, user_id):
    user = session.get_one(User, user_id)
    user.acting_as = user.memberships[0]
    return user


def test_several_workers_ask_and_tell_once(engine, session, intent, now):
    deal = intent(31)
    session.commit()

    at_once(engine, [lambda own: ask_due(own, now=now, limit=9) for _worker in _SIX])
    at_once(engine, [lambda own: tell_firms(own, now=now, limit=9, has_mail=False) for _worker in _SIX])

    assert session.query(FollowUp).filter_by(deal_id=deal.id).count() == 2
    assert session.query(Notice).count() == 2


def test_one_contract_tapped_by_six_at_once_is_recorded_once(engine, session, make, intent, ask):
    deal = intent(31)
    ask()
    question = session.scalars(select(FollowUp.id).where(FollowUp.party == Party.BUYER)).one()
    buyer = make.person_of(deal.buyer).id
    session.commit()

    def sign(own):
        said = Said(Answer.SIGNED, amount=28_000_000, number="HT-7")
        answer_follow_up(own, follow_up=own.get_one(FollowUp, question), said=said, actor=acting(own, buyer))
        return "heard"

    outcome = Counter(at_once(engine, [sign for _tap in _SIX]))

    assert outcome["heard"] == 1
    assert outcome.keys() - {"heard"} <= _LOSERS
    assert session.query(DealEntry).filter_by(type=EntryType.CONTRACT).count() == 1
    assert session.query(FollowUpAnswer).count() == 1


def test_of_six_who_hand_over_at_once_one_does(engine, session, make, intent):
    offices = [make.office(region=region) for region in ("420000", "420600")]
    official = make.user(Role.OFFICIAL, office=offices[0])
    deal = intent(31)
    entrust(session, deal=deal)
    session.commit()

    def move(own):
        hand_over(
            own,
            deal=own.get_one(Deal, deal.id),
            office=own.get_one(Office, offices[0].id),
            officer=None,
            why="省级专班",
            actor=acting(own, official.id),
            seen=1,
        )
        return "heard"

    outcome = Counter(at_once(engine, [move for _officer in _SIX]))

    assert outcome["heard"] == 1
    assert outcome.keys() - {"heard"} <= _LOSERS | {"SameSteward"}
    assert [row.number for row in session.scalars(select(Stewardship).order_by(Stewardship.id))] == [1, 2]
