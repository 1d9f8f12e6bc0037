"""What people say of findings."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.deals.reviewing import refusals
from matchmaker.deals.reviewing.models import SignalMark, Verdict
from matchmaker.deals.signals import Finding


def mark_finding(session: Session, *, finding: Finding, verdict: Verdict, actor: User, note: str = "") -> SignalMark:
    """Add a word on a finding; Verdict.OPEN takes back what was said, and all words are kept.

    Raises ExplanationMissing when a finding is called explained without saying how.
    """
    note = note.strip()
    if verdict is Verdict.EXPLAINED and not note:
        raise refusals.ExplanationMissing
    mark = SignalMark(finding_key=finding.key, rule=finding.rule.value, verdict=verdict, note=note, user=actor)
    session.add(mark)
    session.flush()
    record(session, actor=actor, action=f"signal {verdict.value}", subject=mark, detail={"finding": finding.key})
    return mark
