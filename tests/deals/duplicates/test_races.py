"""Several people decide upon the same deals at the same moment: one decision holds, the others are told."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import Role, User
from matchmaker.audit import first_break
from matchmaker.deals import queries
from matchmaker.deals import services as deals
from matchmaker.deals.models import Deal, DealEntry, EntryType
from tests.racing import at_once

ROUNDS = 3


def acting(session, user) -> User:
    own = session.get_one(User, user.id)
    own.acting_as = own.memberships[0]
    return own


def merging(deal, into, by):
    def work(session):
        found = [session.get_one(Deal, each.id) for each in (deal, into)]
        deals.merge_deal(session, deal=found[0], into=found[1], actor=acting(session, by), reason="同一次握手")
        return "merged"

    return work


def saying(verb, deal, by, **values):
    def work(session):
        verb(session, deal=session.get_one(Deal, deal.id), actor=acting(session, by), **values)
        return "said"

    return work


@pytest.fixture
def pair(make, firms):
    make.deal()  # the ledger has begun
    return make.deal(**firms), make.deal(**firms)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_two_officers_who_merge_two_deals_into_one_another_one_is_heard(session, engine, make, pair, round_):
    one, other = pair
    officers = [make.user(Role.OFFICIAL), make.user(Role.OFFICIAL)]
    session.commit()

    outcome = at_once(engine, [merging(one, other, officers[0]), merging(other, one, officers[1])])

    assert outcome.count("merged") == 1
    assert {*outcome} <= {"merged", "Stale", "SurvivorMerged", "DealMerged"}
    links = session.scalars(select(Deal.duplicate_of_id).where(Deal.duplicate_of_id.is_not(None))).all()
    assert len(links) == 1
    assert len(session.scalars(select(DealEntry).where(DealEntry.type == EntryType.MERGE)).all()) == 1
    assert first_break(queries.entry_links(session)) is None


def test_four_deals_merged_in_a_ring_at_once_are_never_a_ring(session, engine, make, firms):
    ring = [make.deal(**firms) for _number in range(4)]
    officer = make.user(Role.OFFICIAL)
    session.commit()

    outcome = at_once(engine, [merging(each, ring[(number + 1) % 4], officer) for number, each in enumerate(ring)])

    above = dict(session.execute(select(Deal.id, Deal.duplicate_of_id)).all())
    assert outcome.count("merged") == sum(into is not None for into in above.values()) >= 1
    for deal in ring:
        trail, at = set(), deal.id
        while at is not None:
            assert at not in trail
            trail.add(at)
            at = above[at]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_deal_is_merged_or_confirmed_and_whoever_comes_second_is_told(session, engine, make, pair, round_):
    kept, merged = pair
    officer, seller = make.user(Role.OFFICIAL), make.person_of(merged.seller)
    session.commit()

    outcome = at_once(engine, [merging(merged, kept, officer), saying(deals.confirm_deal, merged, seller)])

    assert outcome[1] in ("said", "Stale", "DealMerged")
    assert outcome[0] in ("merged", "Stale")
    assert outcome != ["Stale", "Stale"]
    said = session.scalars(
        select(DealEntry.type).where(DealEntry.deal_id == merged.id).order_by(DealEntry.number)
    ).all()
    assert said in (
        [EntryType.DECLARE, EntryType.MERGE],
        [EntryType.DECLARE, EntryType.CONFIRM],
        [EntryType.DECLARE, EntryType.CONFIRM, EntryType.MERGE],
    )


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_nothing_is_merged_into_a_deal_that_is_withdrawn_at_the_same_moment(session, engine, make, pair, round_):
    kept, merged = pair
    officer, buyer = make.user(Role.OFFICIAL), make.person_of(kept.buyer)
    session.commit()

    outcome = at_once(
        engine, [merging(merged, kept, officer), saying(deals.withdraw_deal, kept, buyer, reason="不做了")]
    )

    assert outcome in (
        ["merged", "said"],  # one after the other, each having read what the first had left
        ["merged", "Stale"],
        ["Stale", "said"],
        ["SurvivorWithdrawn", "said"],
    )
