"""Intents of some age, and who answers for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.following_up.services import ask_due


@pytest.fixture
def now():
    return utcnow()


@pytest.fixture
def intent(make, now):
    """An intent both sides confirmed so many days ago, with whatever was said besides."""

    def agreed(days, *rest, **values):
        at = f"{now - timedelta(days=days):%Y-%m-%dT%H:%M}"
        return make.recorded_deal(("declare", "buyer", at), ("confirm", "seller", at), *rest, **values)

    return agreed


@pytest.fixture
def ask(session, now):
    """Ask whoever is due, as the worker does."""
    return lambda: ask_due(session, now=now, limit=100)


@pytest.fixture
def deal(session, make, intent, ask):
    """An intent whose sides have been asked."""
    make.programme(shanghai_day(utcnow()).year)
    deal = intent(61)
    ask()
    session.commit()
    return deal
