"""The demonstration province in a database: whole, sealed, and the same for the same seed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from matchmaker.accounts.queries import chain_head
from matchmaker.audit import first_break
from matchmaker.deals.following_up.models import FollowUp, FollowUpAnswer
from matchmaker.deals.models import Deal, DealEntry, DealStanding
from matchmaker.deals.queries import LEDGER, entry_links
from matchmaker.deals.stewardship.levels import Thresholds
from matchmaker.deals.stewardship.queries import unstewarded
from matchmaker.demo import stories
from matchmaker.demo.province import build_province
from matchmaker.demo.settling import settle
from matchmaker.enterprises.models import Capability, Enterprise, Need
from matchmaker.events.models import SEATED, CheckIn, MatchmakingEvent, Registration
from matchmaker.meetings.models import Meeting, MeetingRequest

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def province():
    return build_province(7, TODAY, 400)


@pytest.fixture
def settled(session, province):
    settle(session, province, password_hash="nobody signs in")
    session.commit()
    return province


def count(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model))


def test_everything_the_province_consists_of_is_there(session, settled) -> None:
    assert {model: count(session, model) for model in (Enterprise, Capability, Need, Deal, MatchmakingEvent)} == {
        Enterprise: len(settled.enterprises),
        Capability: len(settled.capabilities),
        Need: len(settled.needs),
        Deal: len(settled.deals),
        MatchmakingEvent: len(settled.events),
    }
    assert count(session, CheckIn) == len(settled.check_ins)
    assert count(session, MeetingRequest) == len(settled.meetings)
    assert count(session, Meeting) == sum(meeting.slot is not None for meeting in settled.meetings)
    assert count(session, DealEntry) == sum(len(deal.entries) for deal in settled.deals)


def test_the_ledger_is_sealed_to_its_head(session, settled) -> None:
    head = chain_head(session, LEDGER)

    assert head.count == count(session, DealEntry)
    assert first_break(entry_links(session), head=head.seal) is None


def test_taken_seats_are_the_seated_registrations(session, settled) -> None:
    seated = dict(
        session.execute(
            select(Registration.event_id, func.count())
            .where(Registration.state.in_(SEATED))
            .group_by(Registration.event_id)
        ).all()
    )

    events = session.scalars(select(MatchmakingEvent)).all()
    assert {event.id: event.taken for event in events if event.taken} == seated


def test_intents_are_followed_up_and_large_purchases_have_their_steward(session, settled) -> None:
    confirmed = select(DealStanding.deal_id).where(DealStanding.confirmed_at.is_not(None))
    asked = session.scalars(select(FollowUp)).all()
    answered = count(session, FollowUpAnswer)

    assert {each.day for each in asked} <= {30, 60, 90, 180}
    assert 0 < answered < len(asked)
    assert {each.deal_id for each in asked} <= set(session.scalars(confirmed))
    assert unstewarded(session, least=Thresholds().county, limit=5) == []


def test_a_story_is_found_by_its_firm(session, settled) -> None:
    firm = session.scalars(select(Enterprise).where(Enterprise.credit_code == stories.MOULD_MAKER_CODE)).one()

    assert firm.name == stories.MOULD_MAKER
    assert "hengchang" in firm.search_text
    assert [line.product for line in firm.capabilities][:1] != []


def test_the_next_row_people_add_gets_a_number_of_its_own(session, settled, make) -> None:
    assert make.enterprise("襄阳后来有限公司").id == len(settled.enterprises) + 1
