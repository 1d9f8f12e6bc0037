from __future__ import annotations

import itertools

from matchmaker.events.models import EventState, RegistrationState
from matchmaker.events.transitions import EVENT_MOVES, REGISTRATION_MOVES, may_become, may_move


def test_every_state_has_its_line_in_the_table():
    assert set(EVENT_MOVES) == set(EventState)
    assert set(REGISTRATION_MOVES) == set(RegistrationState)


def test_the_straight_way_of_an_event_is_open():
    way = [
        EventState.PLANNED,
        EventState.SUBMITTED,
        EventState.PREPARING,
        EventState.OPEN,
        EventState.TIMETABLING,
        EventState.TIMETABLED,
        EventState.RUNNING,
        EventState.HELD,
        EventState.CLOSING,
        EventState.APPROVED,
    ]

    assert [may_move(now, then) for now, then in itertools.pairwise(way)] == [True] * 9


def test_nothing_leads_out_of_an_approved_or_cancelled_event():
    assert EVENT_MOVES[EventState.APPROVED] == frozenset()
    assert EVENT_MOVES[EventState.CANCELLED] == frozenset()


def test_only_a_close_out_under_review_can_be_approved():
    assert [state for state in EventState if may_move(state, EventState.APPROVED)] == [EventState.CLOSING]


def test_a_refused_registration_stays_refused_and_a_cancelled_one_starts_again():
    assert not any(may_become(RegistrationState.REFUSED, then) for then in RegistrationState)
    assert REGISTRATION_MOVES[RegistrationState.CANCELLED] == {RegistrationState.APPLIED}
