"""What keeps somebody from attaching, stating or checking just now: a refusal, or None. As in deals.obstacles."""

from __future__ import annotations

from matchmaker.accounts.models import Office, User
from matchmaker.deals import refusals as deal_refusals
from matchmaker.deals.evidence import refusals
from matchmaker.deals.evidence.models import EvidenceFile, SealedPaper
from matchmaker.deals.models import Deal, DealStage, EntryType, Party
from matchmaker.deals.obstacles import Obstacle, party_of, recorded_by, sits_in

MOST_FILES = 60
_STATING = (EntryType.DECLARE, EntryType.AMEND)


def to_attaching(deal: Deal, user: User) -> Obstacle:
    """Attach a file: either side, the offices of their regions, and the office that recorded the deal."""
    party = party_of(deal, user)
    if party is Party.OFFICE and user.office is not None:
        return None if _is_concerned(deal, user.office) else deal_refusals.OutOfRegion()
    return deal_refusals.NotAParty() if party is None else None


def to_taking_down(file: EvidenceFile, paper: SealedPaper | None, user: User) -> Obstacle:
    """Take a file from view: the side that attached it, once, unless a consent rests or may come to rest on it.

    paper: what was stated of the file, if anything.
    """
    if not attached_by(file, user):
        return refusals.NotAttacher()
    if file.withdrawal is not None:
        return refusals.AlreadyTakenDown()
    in_use = paper is not None and (paper.check is None or paper.check.agrees)
    return refusals.PaperInUse() if in_use else None


def attached_by(file: EvidenceFile, user: User) -> bool:
    """Whether somebody speaks for the side that attached a file."""
    if file.party is Party.OFFICE:
        return user.office is not None and user.office.id == file.office_id
    return party_of(file.deal, user) is file.party


def to_stating(deal: Deal, waiting: SealedPaper | None, user: User) -> Obstacle:
    """State the seals on a paper: the office that recorded the newest amount, while a side is silent.

    waiting: the paper of this deal that waits for its check, if any.
    """
    if party_of(deal, user) is not Party.OFFICE or user.office is None or not recorded_by(deal, user.office):
        return deal_refusals.NotRecorder()
    if frozen := _frozen(deal):
        return frozen
    if waiting is not None and not is_outdated(waiting):
        return refusals.PaperWaiting()
    return refusals.BothConsented() if _both_consent(deal) else None


def to_checking(deal: Deal, paper: SealedPaper | None, user: User) -> Obstacle:
    """Hold the waiting paper against the record: an office concerned, by a person who had no part in recording it."""
    if party_of(deal, user) is not Party.OFFICE or user.office is None or not _is_concerned(deal, user.office):
        return deal_refusals.OutOfRegion()
    if paper is None:
        return refusals.NoPaper()
    if paper.stated_by_id == user.id or recorded_in_person(deal, user):
        return refusals.CheckerInvolved()
    return _frozen(deal)


def to_agreeing(deal: Deal, paper: SealedPaper) -> Obstacle:
    """Find that a paper agrees: it must speak of the newest amount, to which a side has not consented yet."""
    if is_outdated(paper):
        return refusals.PaperOutdated()
    return refusals.BothConsented() if _both_consent(deal) else None


def is_outdated(paper: SealedPaper) -> bool:
    """Whether the amount was changed after a paper was recorded."""
    return paper.round != paper.deal.standing.round


def recorded_in_person(deal: Deal, user: User) -> bool:
    """Whether somebody stated the deal or its amount themselves."""
    return any(entry.actor_id == user.id for entry in deal.entries if entry.type in _STATING)


def _is_concerned(deal: Deal, office: Office) -> bool:
    return sits_in(office, deal.buyer) or sits_in(office, deal.seller) or recorded_by(deal, office)


def _both_consent(deal: Deal) -> bool:
    return deal.standing.buyer_consents and deal.standing.seller_consents


def _frozen(deal: Deal) -> Obstacle:
    if deal.standing.stage is DealStage.WITHDRAWN:
        return deal_refusals.DealWithdrawn()
    return deal_refusals.DealDisputed() if deal.standing.is_disputed else None
