"""Drawing a sample, and recording what was found."""

from __future__ import annotations

import unicodedata
from datetime import date

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.deals.auditing import queries, refusals
from matchmaker.deals.auditing.models import SEED_LENGTH, AuditDraw, AuditFinding, AuditPick
from matchmaker.deals.counting import RULE_VERSION
from matchmaker.deals.sampling import Draw, draw
from matchmaker.errors import Stale
from matchmaker.money import MOST
from matchmaker.programmes.models import Programme

MOST_PICKS = 2_000


def check_terms(*, seed: str, size: int) -> None:
    """Refuse a seed that cannot be printed and typed again, and a size that is none. Raises what is wrong."""
    letters = {unicodedata.category(character)[0] for character in seed.replace("-", "0")}
    if not 0 < len(seed) <= SEED_LENGTH or not letters <= {"L", "N"}:
        raise refusals.SeedMissing
    if not 0 < size <= MOST_PICKS:
        raise refusals.SizeOutOfRange(most=MOST_PICKS)


def draw_sample(session: Session, *, programme: Programme, as_of: date, seed: str, size: int, actor: User) -> AuditDraw:
    """Draw a sample from the deals that count at the end of a day and keep it under the programme's next number.

    A draw is never changed or removed, so that drawing until a sample pleases shows. Raises SampleKnown for the
    same sample again, NothingToDraw where nothing counts, and the refusals of `check_terms`.
    """
    check_terms(seed=seed, size=size)
    queries.drawing_turn(session, programme)
    drawn = draw(queries.frame_of(session, programme, as_of), seed=seed, size=size)
    if not drawn.picks:
        raise refusals.NothingToDraw
    known = queries.same_draw(session, programme, seed=seed, size=size, digest=drawn.digest)
    if known is not None:
        raise refusals.SampleKnown(number=known.number)
    kept = _kept(session, drawn, programme=programme, as_of=as_of, actor=actor)
    detail = {"number": kept.number, "seed": seed, "size": size, "digest": drawn.digest}
    record(session, actor=actor, action="sample drawn", subject=kept, detail=detail)
    return kept


def _kept(session: Session, drawn: Draw, *, programme: Programme, as_of: date, actor: User) -> AuditDraw:
    kept = AuditDraw(
        programme=programme,
        number=queries.draw_count(session, programme) + 1,
        seed=drawn.seed,
        size=drawn.size,
        as_of=as_of,
        rule_version=RULE_VERSION,
        frame_count=drawn.count,
        frame_amount=drawn.amount,
        sampled_from=drawn.sampled_from,
        digest=drawn.digest,
        drawn_by=actor,
    )
    ids = queries.deals_by_address(session, [pick.id for pick in drawn.picks])
    kept.picks = [
        AuditPick(deal_id=ids[pick.id], position=position, stratum=pick.stratum.value, amount=pick.amount)
        for position, pick in enumerate(drawn.picks, 1)
    ]
    session.add(kept)
    session.flush()
    return kept


def record_finding(
    session: Session, *, pick: AuditPick, true_amount: int, actor: User, note: str = "", seen: int | None = None
) -> AuditFinding:
    """Record the true amount of a pick, in whole yuan and not annualised; a correction is a further finding.

    seen: how many findings the auditor had before them. Raises Stale when there are more by now,
    FindingUnexplained when the books differ and no reason is given, AmountOutOfRange for no amount.
    """
    note = note.strip()
    if not 0 <= true_amount <= MOST:
        raise refusals.AmountOutOfRange
    if true_amount != pick.amount and not note:
        raise refusals.FindingUnexplained
    queries.drawing_turn(session, pick.draw.programme)
    session.refresh(pick, ["findings"])
    if seen is not None and seen != len(pick.findings):
        raise Stale
    finding = AuditFinding(number=len(pick.findings) + 1, true_amount=true_amount, note=note, user=actor)
    pick.findings.append(finding)
    session.flush()
    detail = {"number": finding.number, "true_amount": true_amount}
    record(session, actor=actor, action="sample finding", subject=finding, detail=detail)
    return finding
