"""Two reports of one handshake, as they come in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.accounts.models import Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.models import Party


@pytest.fixture
def programme(make):
    """This year's programme."""
    return make.programme(shanghai_day(utcnow()).year)


@pytest.fixture
def firms(make):
    """A buyer and a seller."""
    return {
        "buyer": make.enterprise("十堰车身有限公司", region="420300"),
        "seller": make.enterprise("襄阳模具有限公司"),
    }


@pytest.fixture
def twice(make, firms):
    """One handshake reported twice and confirmed twice; the second report is a little lower."""
    first = make.deal(confirmed=True, **firms)
    second = make.deal(by=Party.SELLER, amount=28_000_000, confirmed=True, is_another=True, **firms)
    return first, second


@pytest.fixture
def official(make):
    """An official who had no part in anything."""
    return make.user(Role.OFFICIAL)


@pytest.fixture
def yesterday():
    """A day ago."""
    return utcnow() - timedelta(days=1)
