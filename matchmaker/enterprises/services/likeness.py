"""Note what an officer found of two firms whose names are alike."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.db import utcnow
from matchmaker.enterprises.models import Enterprise, LikenessVerdict, Verdict
from matchmaker.enterprises.policies import may_verify
from matchmaker.enterprises.queries.likeness import find_verdict
from matchmaker.enterprises.refusals import OutOfReach, SameEnterprise
from matchmaker.web.visibility import everyones

_BECAUSE = "the pair is locked, nothing of it is shown"


def note_likeness(
    session: Session, *, enterprise: Enterprise, other: Enterprise, verdict: Verdict, actor: User
) -> LikenessVerdict:
    """Note what was found of two firms; the note merges nothing and may be changed by another one.

    Raises OutOfReach when neither firm is the actor's to check, and SameEnterprise.
    """
    if enterprise.id == other.id:
        raise SameEnterprise
    if not (may_verify(actor, enterprise) or may_verify(actor, other)):
        raise OutOfReach
    first, second = sorted((enterprise.id, other.id))
    _hold(session, first)
    noted = find_verdict(session, enterprise, other)
    if noted is None:
        noted = LikenessVerdict(first_id=first, second_id=second)
        session.add(noted)
    noted.verdict, noted.user_id, noted.at = verdict, actor.id, utcnow()
    for one, facing in ((enterprise, other), (other, enterprise)):
        detail = {"other": facing.public_id, "verdict": verdict.value}
        record(session, actor=actor, action="note likeness", subject=one, detail=detail)
    return noted


def _hold(session: Session, first_id: int) -> None:
    """Two officers who judge a pair at once queue at its first firm."""
    locked = select(Enterprise.id).where(Enterprise.id == first_id).with_for_update()
    session.execute(everyones(locked, because=_BECAUSE))
