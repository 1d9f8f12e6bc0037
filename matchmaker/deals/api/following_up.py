"""What became of an intent, as JSON: what the sides were asked and said, and a side's answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.deals import policies as deal_policies
from matchmaker.deals.api.blueprint import bp
from matchmaker.deals.api.ledger import find_deal
from matchmaker.deals.following_up import policies, queries, refusals, services
from matchmaker.deals.following_up.models import Answer as Word
from matchmaker.deals.following_up.models import FollowUp, FollowUpAnswer, OffReason
from matchmaker.deals.models import Deal, Party
from matchmaker.i18n import lazy as _
from matchmaker.web.api import Answer, Body, Line, Money, answer, expect_match, operation
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember


class AnswerBody(Body):
    """What became of the intent: `off` needs a `reason`, `signed` the contract's `amount` and `number`."""

    answer: Word
    reason: OffReason | None = None
    amount: Money | None = None
    number: Line = Field(default="", max_length=80)


class WordAnswer(Answer):
    """One answer; the last of a follow-up holds. `by_link`: given by the link of a letter, without signing in."""

    number: int
    answer: Word
    reason: OffReason | None
    by_link: bool
    at: datetime

    @classmethod
    def of(cls, row: FollowUpAnswer) -> Self:
        """The answer about an answer."""
        return cls(number=row.number, answer=row.answer, reason=row.reason, by_link=row.by_link, at=row.at)


class FollowUpShown(Answer):
    """One question to one side, so many days after both confirmed; `asked_out_of_turn`: by an officer."""

    id: str
    party: Party
    day: int
    due_on: date
    asked_at: datetime
    asked_out_of_turn: bool
    answers: list[WordAnswer]

    @classmethod
    def of(cls, row: FollowUp) -> Self:
        """The answer about a question."""
        return cls(
            id=row.public_id,
            party=row.party,
            day=row.day,
            due_on=row.due_on,
            asked_at=row.asked_at,
            asked_out_of_turn=row.asked_by_id is not None,
            answers=[WordAnswer.of(each) for each in row.answers],
        )


class FollowUps(Answer):
    """What the reader may know of it: a side its own questions, an office both sides', the latest first.

    `at_odds`: one side says off and the other still talks; null for a side, who does not know the other's answers.
    """

    follow_ups: list[FollowUpShown]
    at_odds: bool | None

    @classmethod
    def for_reader(cls, session: Session, deal: Deal, user: User) -> Self:
        """The answer about a deal to one reader."""
        latest = queries.last_answers(session, user, [deal]).get(deal.id, {})
        return cls(
            follow_ups=[FollowUpShown.of(row) for row in queries.follow_ups_of(session, user, deal)],
            at_odds=None if user.office is None else queries.are_at_odds(latest),
        )


@bp.get("/<public_id:deal_id>/follow-ups")
@operation(deal_policies.readers, _("意向的跟进询问与答复"), answers=FollowUps, versioned=True)
def follow_ups(deal_id: str) -> Response:
    """What the sides were asked and said."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    return answer(FollowUps.for_reader(session, deal, user), version=deal.version)


@bp.post("/<public_id:deal_id>/follow-ups/answer")
@operation(
    policies.answerers, _("答复意向进展"), answers=FollowUps, body=AnswerBody, versioned=True, checks_version=True
)
def answer_follow_up(deal_id: str, body: AnswerBody) -> Response:
    """Answer, for one's own side, the last question; `signed` records the contract."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    expect_match(deal, required=False)
    asked = queries.own_question(session, user, deal)
    if asked is None:
        raise refusals.NothingAsked
    said = services.Said(body.answer, body.reason, body.amount, body.number)
    services.answer_follow_up(session, follow_up=asked, said=said, actor=user)
    reply = remember(answer(FollowUps.for_reader(session, deal, user), version=deal.version))
    session.commit()
    return reply
