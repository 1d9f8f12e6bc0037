"""The last seat, one check-in and one publication, wanted by several at the same moment."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from matchmaker.accounts.models import User
from matchmaker.db import shanghai_day, utcnow
from matchmaker.events import services
from matchmaker.events.models import CheckIn, MatchmakingEvent, Registration, RegistrationState
from tests.racing import at_once


def test_the_last_seat_is_given_once(engine, session, make):
    event = make.event(capacity=3)
    line = [make.registration(event, make.enterprise(), state=RegistrationState.APPLIED).id for _ in range(8)]
    actor = make.user().id
    session.commit()

    def approve(registration_id):
        def work(own):
            registration = own.get_one(Registration, registration_id)
            services.approve_registration(own, registration=registration, actor=own.get_one(User, actor))
            return "approved"

        return work

    results = at_once(engine, [approve(each) for each in line])

    session.expire_all()
    assert sorted(results) == ["EventFull"] * 5 + ["approved"] * 3
    assert session.get_one(MatchmakingEvent, event.id).taken == 3


def test_a_seat_given_back_twice_is_given_back_once(engine, session, make):
    event = make.event(capacity=5)
    keep, leave = (make.registration(event, make.enterprise()).id for _ in range(2))
    actor = make.user().id
    session.commit()

    def cancel(own):
        registration = own.get_one(Registration, leave)
        services.cancel_registration(own, registration=registration, actor=own.get_one(User, actor))
        return "cancelled"

    results = at_once(engine, [cancel] * 4)

    session.expire_all()
    assert results.count("cancelled") == 1
    assert session.get_one(MatchmakingEvent, event.id).taken == 1
    assert session.get_one(Registration, keep).state is RegistrationState.APPROVED


def test_several_doors_check_a_firm_in_once(engine, session, make):
    event = make.event(starts_at=utcnow(), held_on=shanghai_day(utcnow()))
    registration_id = make.registration(event, make.enterprise()).id
    actor = make.user().id
    session.commit()

    def check_in(own):
        registration = own.get_one(Registration, registration_id)
        return services.check_in(own, registration=registration, actor=own.get_one(User, actor)).is_first

    results = at_once(engine, [check_in] * 6)

    session.expire_all()
    assert results.count(True) == 1
    assert session.scalar(select(func.count(CheckIn.id))) == 1


@pytest.mark.parametrize("door_count", [2])
def test_the_first_check_ins_of_an_event_start_it_without_a_deadlock(engine, session, make, door_count):
    event = make.event(starts_at=utcnow(), held_on=shanghai_day(utcnow()))
    ids = [make.registration(event, make.enterprise()).id for _ in range(door_count)]
    actor = make.user().id
    session.commit()

    def check_in(registration_id):
        return lambda own: (
            services.check_in(
                own, registration=own.get_one(Registration, registration_id), actor=own.get_one(User, actor)
            ).is_first
        )

    results = at_once(engine, [check_in(each) for each in ids])

    assert results == [True] * door_count
