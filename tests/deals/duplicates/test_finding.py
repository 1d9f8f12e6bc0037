"""The queue keeps in step with the ledger: at once for what is said, by a search for the rest."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker.db import utcnow
from matchmaker.deals import refusals
from matchmaker.deals import services as deals
from matchmaker.deals.duplicates import services
from matchmaker.deals.duplicates.finding import find_everywhere, promise_search
from matchmaker.deals.duplicates.models import DealLikeness, Judgement
from matchmaker.deals.duplicates.queries import find_cluster
from matchmaker.deals.models import Deal, DealKind, Party
from matchmaker.enterprises.models import Merger
from matchmaker.events.models import EventState


def pairs(session):
    session.expire_all()
    rows = session.execute(select(DealLikeness.first_id, DealLikeness.second_id, DealLikeness.judgement))
    return [tuple(row) for row in rows]


def declare(session, make, by, amount, *, buyer, seller, **values):
    actor = make.person_of(buyer if by is Party.BUYER else seller)
    return deals.declare_deal(
        session, buyer=buyer, seller=seller, kind=DealKind.PURCHASE, subject="压铸模", amount=amount, months=9,
        by=by, actor=actor, **values,
    )  # fmt: skip


def test_a_declaration_that_repeats_another_stands_in_the_queue_at_once(session, twice):
    first, second = twice

    assert pairs(session) == [(first.id, second.id, Judgement.OPEN)]


def test_a_pair_leaves_the_queue_when_it_is_no_longer_alike_or_one_of_it_ended(session, make, twice):
    first, second = twice
    deals.amend_deal(session, deal=second, actor=make.person_of(second.seller), amount=1_000_000)
    assert pairs(session) == [(first.id, second.id, Judgement.OPEN)]  # not before both agreed to it
    deals.confirm_deal(session, deal=second, actor=make.person_of(second.buyer))
    assert pairs(session) == []

    third = make.deal(buyer=first.buyer, seller=first.seller)
    assert pairs(session) == [(first.id, third.id, Judgement.OPEN)]
    deals.withdraw_deal(session, deal=third, actor=make.person_of(third.buyer), reason="重复申报")
    assert pairs(session) == []


def test_what_was_told_apart_is_not_proposed_again_until_something_changes(session, make, twice, official):
    first, second = twice
    services.tell_apart(session, cluster=find_cluster(session, official, first), actor=official, reason="两份合同")
    deals.verify_deal(session, deal=first, actor=official)
    session.commit()

    assert find_everywhere(session).reopened == 0
    assert pairs(session) == [(first.id, second.id, Judgement.DISTINCT)]
    deals.record_contract(session, deal=first, actor=make.person_of(first.buyer), amount=30_000_000, number="HT-7")
    assert pairs(session) == [(first.id, second.id, Judgement.OPEN)]
    session.commit()
    likeness = session.scalars(select(DealLikeness)).one()
    assert (likeness.note, likeness.user_id) == ("两份合同", official.id)


def test_a_search_finds_what_firms_merged_meanwhile_have_twice(session, make, firms):
    other = make.enterprise("十堰车身")
    first = make.deal(**firms)
    second = make.deal(buyer=other, seller=firms["seller"])
    session.add(Merger(duplicate_id=other.id, survivor_id=firms["buyer"].id, state_before=other.state, at=utcnow()))
    session.commit()
    assert pairs(session) == []

    found = find_everywhere(session)

    assert (found.compared, found.added, found.dropped) == (2, 1, 0)
    assert pairs(session) == [(first.id, second.id, Judgement.OPEN)]
    session.commit()
    assert (find_everywhere(session).added, len(pairs(session))) == (0, 1)


def test_a_search_is_promised_once_and_done_by_the_worker(session, make, firms, run_jobs):
    make.deal(**firms)
    make.deal(**firms)
    session.query(DealLikeness).delete()
    assert promise_search(session) is not None
    assert promise_search(session) is None
    session.commit()

    run_jobs()

    assert len(pairs(session)) == 1


@pytest.mark.parametrize("amount", [30_000_000, 27_000_000, 33_000_000])
def test_the_other_sides_report_without_an_event_offers_itself_for_confirmation(session, make, firms, amount):
    known = declare(session, make, Party.BUYER, 30_000_000, **firms)

    with pytest.raises(refusals.HandshakeReported) as refused:
        declare(session, make, Party.SELLER, amount, **firms)

    assert refused.value.known is known
    assert session.scalars(select(Deal)).all() == [known]


def test_a_report_at_an_event_is_met_by_one_without(session, make, firms, yesterday):
    known = declare(session, make, Party.BUYER, 30_000_000, **firms)
    event = make.event(state=EventState.HELD, starts_at=yesterday)

    with pytest.raises(refusals.HandshakeReported) as refused:
        declare(session, make, Party.SELLER, 29_000_000, event=event, **firms)

    assert refused.value.known is known


def test_who_says_that_it_is_another_deal_is_believed_and_both_stand_in_the_queue(session, make, firms):
    known = declare(session, make, Party.BUYER, 30_000_000, **firms)

    another = declare(session, make, Party.SELLER, 30_000_000, is_another=True, **firms)

    assert pairs(session) == [(known.id, another.id, Judgement.OPEN)]


def test_nothing_is_offered_where_the_amounts_are_far_apart_the_other_side_answered_or_the_sides_are_turned(
    session, make, firms
):
    turned = {"buyer": firms["seller"], "seller": firms["buyer"]}
    known = declare(session, make, Party.BUYER, 30_000_000, **firms)
    declare(session, make, Party.SELLER, 3_000_000, **firms)
    declare(session, make, Party.BUYER, 30_000_000, **turned)
    deals.confirm_deal(session, deal=known, actor=make.person_of(known.seller))

    declare(session, make, Party.SELLER, 30_000_000, **firms)

    assert len(session.scalars(select(Deal)).all()) == 4
