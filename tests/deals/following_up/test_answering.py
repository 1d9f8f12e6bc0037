"""What a side says of its intent, what that does, and what it leaves alone."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.following_up import queries, refusals
from matchmaker.deals.following_up.models import Answer, FollowUp, FollowUpAnswer, OffReason
from matchmaker.deals.following_up.services import Said, answer_follow_up, ask_again
from matchmaker.deals.following_up.wording import spoken
from matchmaker.deals.judging import counted_answer
from matchmaker.deals.models import DealEntry, DealStage, EntryType, Party
from matchmaker.deals.refusals import NotAParty
from matchmaker.deals.services import dispute_deal, withdraw_deal
from matchmaker.errors import RuleViolation

OFF = Said(Answer.OFF, OffReason.PRICE)
TALKING = Said(Answer.TALKING)
SIGNED = Said(Answer.SIGNED, amount=28_000_000, number="HT-7")


@pytest.fixture
def deal(make, intent, ask):
    make.programme(shanghai_day(utcnow()).year)
    deal = intent(31)
    ask()
    return deal


@pytest.fixture
def say(session, make, deal):
    """Let one side answer its question."""

    def by(party, said, **values):
        question = session.scalars(
            select(FollowUp).where(FollowUp.deal_id == deal.id, FollowUp.party == party).order_by(FollowUp.day.desc())
        ).first()
        actor = make.person_of(deal.buyer if party is Party.BUYER else deal.seller)
        return answer_follow_up(session, follow_up=question, said=said, actor=actor, **values)

    return by


def waiting(session, deal):
    return [len(queries.waiting_for(session, firm)) for firm in (deal.buyer_id, deal.seller_id)]


def test_signed_records_the_contract_for_that_side_by_the_same_rules(session, deal, say):
    answer = say(Party.SELLER, SIGNED)

    entry = session.scalars(select(DealEntry).where(DealEntry.type == EntryType.CONTRACT)).one()
    assert (entry.party, entry.amount, deal.contract_number) == (Party.SELLER, 28_000_000, "HT-7")
    assert (answer.entry, deal.standing.stage) == (entry, DealStage.CONTRACT)
    assert waiting(session, deal) == [0, 0]


@pytest.mark.parametrize("said", [OFF, TALKING])
def test_an_answer_alone_never_changes_what_counts(session, deal, say, said):
    today = shanghai_day(utcnow())
    before = counted_answer(session, deal, today)

    say(Party.BUYER, said)

    assert counted_answer(session, deal, today) == before
    assert before.counted
    assert [entry.type for entry in deal.entries] == [EntryType.DECLARE, EntryType.CONFIRM]


def test_a_side_that_answered_waits_no_longer_and_the_other_still_does(session, deal, say):
    assert waiting(session, deal) == [1, 1]

    say(Party.BUYER, TALKING)

    assert waiting(session, deal) == [0, 1]


def test_asked_again_it_waits_again(session, make, deal, say):
    say(Party.BUYER, TALKING)

    ask_again(session, deal=deal, actor=make.user(Role.OFFICIAL))

    assert waiting(session, deal) == [1, 1]


def test_a_change_of_mind_is_a_further_answer_and_the_last_one_holds(session, make, deal, say):
    say(Party.BUYER, TALKING)
    say(Party.BUYER, OFF)

    latest = queries.last_answers(session, make.user(Role.OFFICIAL), [deal])[deal.id]
    assert [spoken(answer) for answer in latest.values()] == ["没谈成（价格没谈拢）"]
    assert session.query(FollowUpAnswer).count() == 2


def test_sides_who_contradict_each_other_are_shown_to_their_offices(session, make, deal, say):
    say(Party.BUYER, OFF)
    say(Party.SELLER, TALKING)
    official = make.user(Role.OFFICIAL)
    elsewhere = make.user(Role.COUNTY_OFFICER, office=make.office(region="420100"))

    assert queries.at_odds_near(session, official, limit=9) == [deal]
    assert queries.at_odds_near(session, elsewhere, limit=9) == []

    say(Party.SELLER, OFF)
    assert queries.at_odds_near(session, official, limit=9) == []


def test_a_side_does_not_learn_what_the_other_answered(session, make, deal, say):
    say(Party.BUYER, OFF)

    seller, buyer = make.person_of(deal.seller), make.person_of(deal.buyer)
    assert queries.last_answers(session, seller, [deal]) == {}
    assert [row.party for row in queries.follow_ups_of(session, seller, deal)] == [Party.SELLER]
    assert list(queries.last_answers(session, buyer, [deal])[deal.id]) == [Party.BUYER]


def test_only_the_side_that_was_asked_answers(session, make, deal):
    question = session.scalars(select(FollowUp).where(FollowUp.party == Party.BUYER)).one()

    for stranger in (make.person_of(deal.seller), make.user(), make.user(Role.OFFICIAL)):
        with pytest.raises(NotAParty):
            answer_follow_up(session, follow_up=question, said=TALKING, actor=stranger)


@pytest.mark.parametrize(
    ("said", "refusal", "message"),
    [
        (Said(Answer.OFF), refusals.ReasonNotChosen, "请选择没谈成的原因，五项里最接近的一项。"),
        (Said(Answer.SIGNED), refusals.ContractIncomplete, "已签合同的，请填写合同金额和合同编号。"),
        (Said(Answer.SIGNED, amount=5), refusals.ContractIncomplete, "已签合同的，请填写合同金额和合同编号。"),
        (
            Said(Answer.SIGNED, amount=10**16, number="7"),
            RuleViolation,
            "金额必须是大于零的整数元，且不超过一千万亿元。",
        ),
    ],
)
def test_half_an_answer_is_refused_and_changes_nothing(session, deal, say, said, refusal, message):
    with pytest.raises(refusal) as refused:
        say(Party.BUYER, said)

    assert refused.value.message == message
    assert session.query(FollowUpAnswer).count() == 0


def test_nothing_is_answered_of_what_is_withdrawn_or_signed(session, make, deal, say):
    say(Party.SELLER, SIGNED)
    with pytest.raises(refusals.AlreadySigned):
        say(Party.BUYER, TALKING)

    withdraw_deal(session, deal=deal, actor=make.person_of(deal.buyer), reason="不再合作")
    with pytest.raises(refusals.NothingToFollow):
        say(Party.BUYER, TALKING)


def test_a_disputed_intent_takes_no_contract_but_may_be_called_off(session, make, deal, say):
    dispute_deal(session, deal=deal, actor=make.person_of(deal.buyer), reason="金额不符")

    with pytest.raises(RuleViolation, match="有争议"):
        say(Party.SELLER, SIGNED)
    say(Party.SELLER, OFF)

    assert deal.standing.is_disputed


def test_every_answer_leaves_its_trace(session, deal, say):
    say(Party.BUYER, OFF, by_link=True)

    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "follow-up off")).one()
    assert entry.detail == {"deal": deal.public_id, "party": "buyer", "day": 30, "by_link": True}


@pytest.mark.parametrize("deed", ["UPDATE follow_up_answer SET answer = 'talking'", "DELETE FROM follow_up_answer"])
def test_the_database_refuses_to_rewrite_an_answer(session, deal, say, deed):
    say(Party.BUYER, TALKING)
    session.flush()

    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(deed))
