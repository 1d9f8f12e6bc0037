"""A month that can be frozen and the month after it, whatever the day the tests run on."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from matchmaker.accounts.models import Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import services as deals
from matchmaker.events.models import EventState
from matchmaker.programmes.models import Period

YI = 100_000_000


@pytest.fixture
def year(session, make):
    """A programme of two months: `frozen` is going to be frozen, `open` stays open; an event of the first."""
    today = shanghai_day(utcnow())
    held_on = today if today.month < 12 else today.replace(month=11, day=10)
    programme = make.programme(today.year, min_enterprises=2)
    months = [f"{today.year}-{held_on.month + step:02d}" for step in (0, 1)]
    session.add_all(Period(programme=programme, month=month) for month in months)
    event = make.event(
        title="当月专场",
        held_on=held_on,
        starts_at=utcnow() - timedelta(hours=1),
        state=EventState.APPROVED,
        programme=programme,
    )
    session.commit()
    return SimpleNamespace(programme=programme, frozen=months[0], open=months[1], event=event)


@pytest.fixture
def officials(make):
    """Two people of the province's own office."""
    office = make.office("省经信厅")
    return [make.user(Role.OFFICIAL, office=office) for _ in range(2)]


@pytest.fixture
def agreed(session, make, year):
    """Make a deal of the event that both sides confirmed."""

    def agree(amount: int = YI, **values):
        deal = make.deal(event=year.event, amount=amount, confirmed=True, unit_checked=True, **values)
        session.commit()
        return deal

    return agree


@pytest.fixture
def say(session, make):
    """Have somebody say something of a deal now, for the side of the buyer unless told."""

    def speak(verb, deal, *, side="buyer", **values):
        person = make.person_of(getattr(deal, side))
        entry = getattr(deals, verb)(session, deal=deal, actor=person, **values)
        session.commit()
        return entry

    return speak
