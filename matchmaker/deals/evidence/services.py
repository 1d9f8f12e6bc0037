"""Attaching files, taking them from view, and letting a sealed paper speak for the two sides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from matchmaker.accounts.models import Office, User
from matchmaker.accounts.services import record
from matchmaker.deals import refusals as deal_refusals
from matchmaker.deals import services as deals
from matchmaker.deals.evidence import obstacles, queries, refusals, storing
from matchmaker.deals.evidence.models import (
    EvidenceFile,
    EvidenceWithdrawal,
    PaperCheck,
    Purpose,
    SealedPaper,
)
from matchmaker.deals.evidence.uploads import Upload
from matchmaker.deals.models import Deal, DealEntry
from matchmaker.deals.obstacles import Obstacle, party_of, sits_in
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import MatchmakingEvent
from matchmaker.i18n import gettext as _
from matchmaker.notices.services import tell

Said = TypeVar("Said", bound=DealEntry)


def attach(
    session: Session,
    *,
    deal: Deal,
    actor: User,
    uploads: Sequence[Upload],
    purpose: Purpose,
    data_dir: Path,
    note: str = "",
    entry: DealEntry | None = None,
) -> list[EvidenceFile]:
    """Attach files to a deal, or to one entry of it; the bytes are on the disk before this returns.

    Raises the refusals of `to_attaching`, TooManyFiles, and NotStored when the disk takes no more.
    """
    _check_attaching(session, deal, actor, uploads)
    party = party_of(deal, actor)
    if party is None:
        raise deal_refusals.NotAParty
    attached = []
    for upload in uploads:
        storing.keep(data_dir, upload.digest, upload.content)
        file = EvidenceFile(
            deal=deal,
            entry=entry,
            purpose=purpose,
            name=upload.name,
            media_type=upload.look.kind.value,
            size=len(upload.content),
            digest=upload.digest,
            tells_place=upload.look.tells_place,
            note=note.strip(),
            party=party,
            office=actor.office,
            user=actor,
        )
        session.add(file)
        session.flush()
        detail = {"file": file.public_id, "digest": file.digest, "purpose": purpose.value}
        record(session, actor=actor, action="evidence attached", subject=deal, detail=detail)
        attached.append(file)
    return attached


def say_with(
    session: Session,
    say: Callable[[], Said],
    *,
    deal: Deal,
    actor: User,
    uploads: Sequence[Upload],
    purpose: Purpose,
    data_dir: Path,
) -> Said:
    """Say something of a deal together with the files that show it: both or neither.

    What could refuse the files is asked before anything is said, and their bytes are kept first.
    """
    if uploads:
        _check_attaching(session, deal, actor, uploads)
    for upload in uploads:
        storing.keep(data_dir, upload.digest, upload.content)
    entry = say()
    if uploads:
        attach(session, deal=deal, actor=actor, uploads=uploads, purpose=purpose, data_dir=data_dir, entry=entry)
    return entry


def take_down(session: Session, *, file: EvidenceFile, actor: User, reason: str) -> EvidenceWithdrawal:
    """Take a file from view, with the reason; row and bytes stay, and an auditor still opens them."""
    _insist(obstacles.to_taking_down(file, queries.paper_on(session, file), actor))
    if not reason.strip():
        raise deal_refusals.ReasonMissing
    withdrawal = EvidenceWithdrawal(file=file, reason=reason.strip(), user=actor)
    session.add(withdrawal)
    session.flush()
    record(session, actor=actor, action="evidence taken down", subject=file.deal, detail={"file": file.public_id})
    return withdrawal


def record_on_paper(
    session: Session,
    declare: Callable[[], Deal],
    *,
    buyer: Enterprise,
    seller: Enterprise,
    event: MatchmakingEvent | None,
    actor: User,
    upload: Upload,
    data_dir: Path,
    buyer_sealed: bool,
    seller_sealed: bool,
) -> Deal:
    """Put a deal on the ledger from a sealed paper: declared by the office, which is nobody's consent, with its scan.

    declare: declares it as the office. Raises OutOfRegion where no party sits near the office and it did not run the
    event, SealsMissing, and what `declare` raises; then nothing is kept but perhaps the bytes.
    """
    office = _office_of(actor)
    if not (sits_in(office, buyer) or sits_in(office, seller) or (event and event.organiser_id == office.id)):
        raise deal_refusals.OutOfRegion
    if not (buyer_sealed and seller_sealed):
        raise refusals.SealsMissing
    storing.keep(data_dir, upload.digest, upload.content)
    deal = declare()
    state_paper(
        session,
        deal=deal,
        actor=actor,
        upload=upload,
        data_dir=data_dir,
        buyer_sealed=buyer_sealed,
        seller_sealed=seller_sealed,
    )
    return deal


def state_paper(
    session: Session,
    *,
    deal: Deal,
    actor: User,
    upload: Upload,
    data_dir: Path,
    buyer_sealed: bool,
    seller_sealed: bool,
) -> SealedPaper:
    """State that a scanned paper bears both seals; the sides' consent is entered once another person checked it.

    Raises SealsMissing, and the refusals of `to_stating`: NotRecorder, PaperWaiting, BothConsented.
    """
    if not (buyer_sealed and seller_sealed):
        raise refusals.SealsMissing
    _insist(obstacles.to_stating(deal, queries.waiting_paper(session, deal), actor))
    office = _office_of(actor)
    deals.take_turn(session, deal)
    (file,) = attach(session, deal=deal, actor=actor, uploads=[upload], purpose=Purpose.PAPER, data_dir=data_dir)
    paper = SealedPaper(deal=deal, file=file, round=deal.standing.round, office=office, stated_by=actor)
    session.add(paper)
    session.flush()
    detail = {"paper": paper.public_id, "digest": file.digest, "round": paper.round, "office_id": office.id}
    record(session, actor=actor, action="deal paper stated", subject=deal, detail=detail)
    tell(
        session,
        title=_("有一份盖章纸质件等待另一人复核"),
        body=f"{deal.subject}（{deal.number}）",
        path=f"/deals/{deal.public_id}",
        office_id=office.id,
    )
    return paper


def check_paper(
    session: Session,
    *,
    paper: SealedPaper,
    actor: User,
    agrees: bool,
    note: str = "",
    unit_checked: bool = False,
) -> PaperCheck:
    """Hold a paper against the record: agreeing enters the consent of each silent side, else it goes back.

    Raises CheckerInvolved for whoever recorded the deal or stated the seals (see `note_refused_check`),
    PaperOutdated when the amount has changed since, and ReasonMissing where a paper goes back without one.
    """
    deal, note = paper.deal, note.strip()
    _insist(obstacles.to_checking(deal, paper if paper.check is None else None, actor))
    if agrees:
        _insist(obstacles.to_agreeing(deal, paper))
    elif not note:
        raise deal_refusals.ReasonMissing
    if agrees:
        said = f"sha256:{paper.file.digest}"
        deals.enter_consents(session, deal=deal, actor=actor, note=said, unit_checked=unit_checked)
    else:
        deals.take_turn(session, deal)
    check = PaperCheck(paper=paper, agrees=agrees, note=note, office=_office_of(actor), checked_by=actor)
    session.add(check)
    session.flush()
    action = "deal paper agreed" if agrees else "deal paper returned"
    record(session, actor=actor, action=action, subject=deal, detail={"paper": paper.public_id})
    if not agrees:
        tell(
            session,
            title=_("纸质件被退回"),
            body=f"{deal.number}：{note}",
            path=f"/deals/{deal.public_id}",
            user_id=paper.stated_by_id,
        )
    return check


def note_refused_check(session: Session, *, deal: Deal, actor: User) -> None:
    """Leave a trace for the auditor that somebody involved tried to check their own paper."""
    detail = {"office_id": actor.office.id} if actor.office else {}
    record(session, actor=actor, action="deal paper check refused", subject=deal, detail=detail)


def _check_attaching(session: Session, deal: Deal, actor: User, uploads: Sequence[Upload]) -> None:
    _insist(obstacles.to_attaching(deal, actor))
    if queries.file_count(session, deal) + len(uploads) > obstacles.MOST_FILES:
        raise refusals.TooManyFiles(most=obstacles.MOST_FILES)


def _insist(obstacle: Obstacle) -> None:
    if obstacle is not None:
        raise obstacle


def _office_of(actor: User) -> Office:
    if actor.office is None:
        raise deal_refusals.NotRecorder
    return actor.office
