"""Who is asked what became of an intent, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import Role
from matchmaker.db import shanghai_day
from matchmaker.deals.following_up import refusals
from matchmaker.deals.following_up.models import Answer, FollowUp
from matchmaker.deals.following_up.services import Said, answer_follow_up, ask_again, ask_due, tell_firms
from matchmaker.deals.following_up.watching import follow_up_all
from matchmaker.deals.models import Party
from matchmaker.deals.refusals import OutOfRegion
from matchmaker.deals.stewardship.models import Stewardship
from matchmaker.notices.models import Notice, OutboxMessage


def asked(session):
    rows = session.scalars(select(FollowUp).order_by(FollowUp.deal_id, FollowUp.id))
    return [(row.deal_id, row.party.value, row.day) for row in rows]


@pytest.mark.parametrize(
    ("age", "day"), [(29, None), (30, 30), (59, 30), (60, 60), (89, 60), (90, 90), (179, 90), (180, 180), (400, 180)]
)
def test_both_sides_are_asked_for_the_last_step_an_intent_has_reached(session, intent, ask, now, age, day):
    deal = intent(age)

    ask()

    assert asked(session) == ([] if day is None else [(deal.id, "buyer", day), (deal.id, "seller", day)])
    for row in session.scalars(select(FollowUp)):
        assert row.due_on == shanghai_day(deal.standing.confirmed_at) + timedelta(days=day)


def test_asking_again_the_same_night_asks_nobody_twice(session, intent, ask):
    intent(31)

    assert (ask(), ask()) == (1, 0)
    assert len(asked(session)) == 2


def test_the_next_step_is_asked_though_the_one_before_was_not_answered(session, intent, ask, now):
    deal = intent(31)
    ask()

    ask_due(session, now=now + timedelta(days=30), limit=100)

    assert asked(session) == [(deal.id, side, day) for day in (30, 60) for side in ("buyer", "seller")]


def test_what_is_signed_withdrawn_disputed_unconfirmed_or_a_duplicate_is_not_asked_about(
    session, make, intent, ask, now
):
    at = f"{now - timedelta(days=20):%Y-%m-%dT%H:%M}"
    kept = intent(40)
    intent(40, ("contract", "buyer", at, 10_000_000))
    intent(40, ("withdraw", "buyer", at))
    intent(40, ("dispute", "seller", at))
    intent(40, duplicate_of=kept)
    make.recorded_deal(("declare", "buyer", f"{now - timedelta(days=40):%Y-%m-%dT%H:%M}"))

    assert ask() == 1
    assert {deal_id for deal_id, _side, _day in asked(session)} == {kept.id}


def test_a_contract_makes_the_later_questions_moot(session, make, intent, ask, now):
    deal = intent(31)
    ask()
    question = session.scalars(select(FollowUp).where(FollowUp.party == Party.BUYER)).one()
    said = Said(Answer.SIGNED, amount=28_000_000, number="HT-7")
    answer_follow_up(session, follow_up=question, said=said, actor=make.person_of(deal.buyer))

    assert ask_due(session, now=now + timedelta(days=30), limit=100) == 0


def test_a_firm_gets_one_notice_a_day_of_all_it_was_asked(session, make, intent, ask, now):
    buyer = make.enterprise()
    first, second = intent(61, buyer=buyer), intent(31, buyer=buyer)
    ask()

    told = tell_firms(session, now=now, limit=100, has_mail=False)

    notice = session.scalars(select(Notice).where(Notice.enterprise_id == buyer.id)).one()
    assert (notice.title, notice.path) == ("2 笔意向进展如何？每笔点一下即可答复", "/deals/follow-ups")
    assert notice.body == f"{first.number}、{second.number}"
    assert told == 3
    seller = session.scalars(select(Notice).where(Notice.enterprise_id == first.seller_id)).one()
    assert seller.path == f"/deals/{first.public_id}/follow-up"
    assert tell_firms(session, now=now, limit=100, has_mail=False) == 0


def test_who_was_told_today_is_told_of_more_tomorrow(session, make, intent, ask, now):
    buyer = make.enterprise()
    intent(61, buyer=buyer)
    ask()
    tell_firms(session, now=now, limit=100, has_mail=False)
    intent(31, buyer=buyer)
    ask()

    tell_firms(session, now=now, limit=100, has_mail=False)
    same_day = session.query(Notice).filter_by(enterprise_id=buyer.id).count()
    tell_firms(session, now=now + timedelta(days=1), limit=100, has_mail=False)

    assert (same_day, session.query(Notice).filter_by(enterprise_id=buyer.id).count()) == (1, 2)


def test_each_person_who_wants_mail_gets_one_letter_not_before_eight(session, make, intent, ask, now):
    buyer = make.enterprise()
    intent(61, buyer=buyer)
    intent(31, buyer=buyer)
    reader, silent = make.user(enterprise=buyer), make.user(enterprise=buyer)
    reader.email = "buyer@example.com"
    ask()

    tell_firms(session, now=now, limit=100, has_mail=True)

    message = session.scalars(select(OutboxMessage)).one()
    assert message.payload["membership"] == reader.memberships[0].id != silent.memberships[0].id
    assert len(message.payload["follow_ups"]) == 2
    assert message.not_before.hour == 0  # eight in the morning in Shanghai


def test_a_night_asks_tells_and_entrusts_and_a_second_run_finds_nothing(engine, session, make, intent):
    make.office(region="420000")
    intent(31)
    session.commit()

    first, second = (follow_up_all(engine, has_mail=False) for _round in range(2))

    assert first == {"asked": 1, "told": 2, "entrusted": 1}
    assert second == {"asked": 0, "told": 0, "entrusted": 0}
    assert session.query(Stewardship).count() == 1


def test_an_officer_asks_both_sides_out_of_turn_once_a_day(session, make, intent):
    deal = intent(73)
    officer = make.user(Role.COUNTY_OFFICER, office=make.office(region="420600"))

    fresh = ask_again(session, deal=deal, actor=officer)

    assert [(row.party, row.day, row.asked_by) for row in fresh] == [
        (Party.BUYER, 73, officer),
        (Party.SELLER, 73, officer),
    ]
    with pytest.raises(refusals.AskedToday):
        ask_again(session, deal=deal, actor=officer)


def test_an_officer_of_elsewhere_asks_nobody(session, make, intent):
    parties = {side: make.enterprise(region="420100") for side in ("buyer", "seller")}

    with pytest.raises(OutOfRegion):
        ask_again(
            session,
            deal=intent(73, **parties),
            actor=make.user(Role.COUNTY_OFFICER, office=make.office(region="420600")),
        )


def test_nobody_is_asked_out_of_turn_of_what_is_signed(session, make, intent, now):
    at = f"{now - timedelta(days=20):%Y-%m-%dT%H:%M}"

    with pytest.raises(refusals.NothingToFollow):
        ask_again(session, deal=intent(73, ("contract", "buyer", at, 10_000_000)), actor=make.user(Role.OFFICIAL))
