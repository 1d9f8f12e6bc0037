"""From which state an event or a registration may go to which: the one table of each."""

from __future__ import annotations

from matchmaker.events.models import EventState as E
from matchmaker.events.models import RegistrationState as R

EVENT_MOVES: dict[E, frozenset[E]] = {
    E.PLANNED: frozenset({E.SUBMITTED, E.PREPARING, E.CANCELLED}),
    E.SUBMITTED: frozenset({E.PREPARING, E.PLANNED, E.CANCELLED}),
    E.PREPARING: frozenset({E.OPEN, E.POSTPONED, E.CANCELLED}),
    E.OPEN: frozenset({E.TIMETABLING, E.RUNNING, E.POSTPONED, E.CANCELLED}),
    E.TIMETABLING: frozenset({E.OPEN, E.TIMETABLED, E.RUNNING, E.POSTPONED, E.CANCELLED}),
    E.TIMETABLED: frozenset({E.TIMETABLING, E.RUNNING, E.POSTPONED, E.CANCELLED}),
    E.RUNNING: frozenset({E.HELD}),
    E.HELD: frozenset({E.CLOSING}),
    E.CLOSING: frozenset({E.HELD, E.APPROVED}),
    E.APPROVED: frozenset(),
    E.CANCELLED: frozenset(),
    E.POSTPONED: frozenset({E.PREPARING, E.CANCELLED}),
}

REGISTRATION_MOVES: dict[R, frozenset[R]] = {
    R.INVITED: frozenset({R.APPLIED, R.CANCELLED}),
    R.APPLIED: frozenset({R.REVIEW, R.APPROVED, R.WAITING, R.REFUSED, R.CANCELLED}),
    R.REVIEW: frozenset({R.APPROVED, R.WAITING, R.REFUSED, R.CANCELLED}),
    R.APPROVED: frozenset({R.CONFIRMED, R.CHECKED_IN, R.ABSENT, R.CANCELLED}),
    R.WAITING: frozenset({R.APPROVED, R.REFUSED, R.CANCELLED}),
    R.REFUSED: frozenset(),
    R.CONFIRMED: frozenset({R.CHECKED_IN, R.ABSENT, R.CANCELLED}),
    R.CHECKED_IN: frozenset({R.APPROVED, R.CONFIRMED}),  # a check-in taken back
    R.ABSENT: frozenset({R.CHECKED_IN}),  # found on the paper list afterwards
    R.CANCELLED: frozenset({R.APPLIED}),  # at the end of the line
}

UNDER_REVIEW = (R.APPLIED, R.REVIEW)
ASKABLE = (E.OPEN, E.TIMETABLING)  # a talk may still be asked for
EDITABLE = (E.PLANNED, E.SUBMITTED, E.PREPARING, E.OPEN, E.TIMETABLING, E.TIMETABLED, E.POSTPONED)
BEFORE_THE_DAY = (E.OPEN, E.TIMETABLING, E.TIMETABLED)
TAKING_CHECK_INS = (*BEFORE_THE_DAY, E.RUNNING, E.HELD)
OVER = (E.HELD, E.CLOSING, E.APPROVED)


def may_move(now: E, then: E) -> bool:
    """Whether an event may go from one state to the other."""
    return then in EVENT_MOVES[now]


def may_become(now: R, then: R) -> bool:
    """Whether a registration may go from one state to the other."""
    return then in REGISTRATION_MOVES[now]
