"""A side answers what became of its intent."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.deals import services as deals
from matchmaker.deals.following_up import refusals
from matchmaker.deals.following_up.models import Answer, FollowUp, FollowUpAnswer, OffReason
from matchmaker.deals.models import Deal, DealEntry, DealStage
from matchmaker.deals.obstacles import party_of
from matchmaker.deals.refusals import NotAParty


@dataclass(frozen=True, slots=True)
class Said:
    """What a side says: for what is off its reason, for what is signed the contract's amount and number.

    amount: in the deal's currency, as the contract states it.
    """

    answer: Answer
    reason: OffReason | None = None
    amount: int | None = None
    number: str = ""


def answer_follow_up(
    session: Session, *, follow_up: FollowUp, said: Said, actor: User, by_link: bool = False
) -> FollowUpAnswer:
    """Keep what a side says; “signed” also records the contract, by the rules of recording one.

    Nothing else changes what counts: who says “off” may withdraw the deal besides. Raises NotAParty for anybody
    but that side, AlreadySigned and NothingToFollow where there is nothing to answer any more, ReasonNotChosen,
    ContractIncomplete, and the refusals of record_contract.
    """
    deal = follow_up.deal
    if party_of(deal, actor) is not follow_up.party:
        raise NotAParty
    _check_stage(deal)
    if said.answer is Answer.OFF and said.reason is None:
        raise refusals.ReasonNotChosen
    entry = _contract(session, deal, said, actor) if said.answer is Answer.SIGNED else None
    row = FollowUpAnswer(
        number=len(follow_up.answers) + 1,
        answer=said.answer,
        reason=said.reason if said.answer is Answer.OFF else None,
        entry=entry,
        by_link=by_link,
        user=actor,
    )
    follow_up.answers.append(row)
    session.flush()
    detail = {"deal": deal.public_id, "party": follow_up.party.value, "day": follow_up.day, "by_link": by_link}
    record(session, actor=actor, action=f"follow-up {said.answer.value}", subject=row, detail=detail)
    return row


def _check_stage(deal: Deal) -> None:
    stage = deal.standing.stage
    if stage is DealStage.WITHDRAWN:
        raise refusals.NothingToFollow
    if stage is not DealStage.INTENT:
        raise refusals.AlreadySigned


def _contract(session: Session, deal: Deal, said: Said, actor: User) -> DealEntry:
    if said.amount is None or not said.number.strip():
        raise refusals.ContractIncomplete
    return deals.record_contract(session, deal=deal, actor=actor, amount=said.amount, number=said.number)
