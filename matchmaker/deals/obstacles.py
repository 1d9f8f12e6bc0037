"""What keeps somebody from saying something of a deal just now: a refusal, or None.

The services raise what these functions return, and the pages offer exactly the steps for which
they return None, so that no button leads to a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from matchmaker.accounts.models import Office, OfficeLevel, Role, User
from matchmaker.deals import refusals
from matchmaker.deals.fulfilment import goes_beyond
from matchmaker.deals.models import Assurance, Deal, DealEntry, DealStage, EntryType, Party
from matchmaker.deals.standing import CONSENTS, contract_amount, delivered_amount
from matchmaker.enterprises.models import Enterprise
from matchmaker.errors import RuleViolation

Obstacle = RuleViolation | None
_RECORDING_ROLES = (Role.ORGANISER, Role.OFFICIAL, Role.COUNTY_OFFICER)
_DECIDING_ROLES = (Role.OFFICIAL, Role.COUNTY_OFFICER)


def party_of(deal: Deal, user: User) -> Party | None:
    """As whom somebody speaks of a deal; None for those who only look."""
    if user.enterprise_id is not None:
        return {deal.buyer_id: Party.BUYER, deal.seller_id: Party.SELLER}.get(user.enterprise_id)
    return Party.OFFICE if user.office is not None and user.role in _RECORDING_ROLES else None


def consents(deal: Deal, party: Party) -> bool:
    """Whether a side has consented to the newest version of the amount."""
    return {Party.BUYER: deal.standing.buyer_consents, Party.SELLER: deal.standing.seller_consents}.get(party, False)


def sits_in(office: Office, enterprise: Enterprise) -> bool:
    """Whether an enterprise lies in the region of an office."""
    region = enterprise.region
    if office.level is OfficeLevel.PROVINCE:
        return region.is_inside
    return office.region_id in (region.id, region.parent_id)


def recorded_by(deal: Deal, office: Office) -> bool:
    """Whether an office stated the deal or its amount."""
    stating = (EntryType.DECLARE, EntryType.AMEND)
    return any(entry.office_id == office.id for entry in deal.entries if entry.type in stating)


def to_confirming(deal: Deal, user: User) -> Obstacle:
    """Consent to the newest version: each side once, while nothing is disputed."""
    party = party_of(deal, user)
    if party not in (Party.BUYER, Party.SELLER):
        return refusals.NotAParty()
    if frozen := _frozen(deal):
        return frozen
    if consents(deal, party):
        return refusals.AlreadyConfirmed()
    return refusals.SamePerson() if _spoke_for_the_other(deal, user, party) else None


def to_disputing(deal: Deal, user: User) -> Obstacle:
    """Deny the deal: either side, once at a time."""
    if party_of(deal, user) not in (Party.BUYER, Party.SELLER):
        return refusals.NotAParty()
    return refusals.AlreadyDisputed() if deal.standing.is_disputed else _ended(deal)


def to_resolving(deal: Deal, user: User) -> Obstacle:
    """End a dispute: the side that raised it, or an office that decides in the region."""
    if ended := _ended(deal):
        return ended
    if not deal.standing.is_disputed:
        return refusals.NotDisputed()
    party = party_of(deal, user)
    if party is not None and party is _last(deal, EntryType.DISPUTE).party:
        return None
    return None if _decides_near(deal, user) else refusals.NotDisputer()


def to_amending(deal: Deal, user: User) -> Obstacle:
    """Put another amount forward: either side, or the office that recorded the deal."""
    return _not_the_speakers(deal, user) or _ended(deal) or _merged(deal)


def to_withdrawing(deal: Deal, user: User) -> Obstacle:
    """End the deal: either side, or the office that recorded it, before anything was delivered."""
    if refused := _not_the_speakers(deal, user) or _ended(deal):
        return refused
    begun = deal.standing.stage in (DealStage.DELIVERING, DealStage.DELIVERED)
    return refusals.DeliveryBegun() if begun else None


def to_verifying(deal: Deal, user: User) -> Obstacle:
    """Vouch for the amount in force: an office of the region that had no part in it."""
    office = user.office
    if office is None or user.role not in _DECIDING_ROLES or not _is_near(deal, office):
        return refusals.OutOfRegion()
    if _had_a_part(deal, office):
        return refusals.VerifierInvolved()
    if unconfirmed := _frozen(deal) or _unconfirmed(deal):
        return unconfirmed
    return None if deal.standing.assurance is Assurance.CONFIRMED else refusals.AlreadyVerified()


def to_contracting(deal: Deal, user: User) -> Obstacle:
    """Record the contract; once something is delivered, only an office that looked at a delivery beyond it may."""
    if refused := _not_concerned(deal, user) or _frozen(deal) or _unconfirmed(deal):
        return refused
    if deal.standing.stage not in (DealStage.DELIVERING, DealStage.DELIVERED):
        return None
    if not goes_beyond(contract_amount(deal.entries), delivered_amount(deal.entries)):
        return refusals.ContractFulfilled()
    if user.office is None or not _decides_near(deal, user):
        return refusals.ContractFulfilled()
    return refusals.VerifierInvolved() if _had_a_part(deal, user.office) else None


def to_delivering(deal: Deal, user: User) -> Obstacle:
    """Record a delivery under the contract."""
    if refused := _not_concerned(deal, user) or _frozen(deal):
        return refused
    return refusals.NoContract() if deal.standing.stage is DealStage.INTENT else None


def to_judging(deals: Iterable[Deal], user: User) -> Obstacle:
    """Say whether deals are one: an office of the region that had a part in none of them."""
    office, looked_at = user.office, list(deals)
    if office is None or not any(_decides_near(deal, user) for deal in looked_at):
        return refusals.OutOfRegion()
    return refusals.MergerInvolved() if any(_had_a_part(deal, office) for deal in looked_at) else None


def to_merging(deal: Deal, into: Deal, user: User) -> Obstacle:
    """Put a deal behind another that stands for itself: whoever may judge the two."""
    if refused := to_judging((deal, into), user):
        return refused
    if deal.id == into.id:
        return refusals.MergedIntoItself()
    if into.duplicate_of_id is not None:
        return refusals.SurvivorMerged(number=into.number)
    if into.standing.stage is DealStage.WITHDRAWN:
        return refusals.SurvivorWithdrawn(number=into.number)
    return _merged(deal) or _ended(deal)


def to_unmerging(deal: Deal, user: User) -> Obstacle:
    """Let a deal stand for itself again: whoever could have put it behind the other."""
    into = deal.duplicate_of
    if refused := to_judging((deal,) if into is None else (deal, into), user):
        return refused
    return refusals.NotMerged() if into is None else None


OBSTACLES: dict[EntryType, Callable[[Deal, User], Obstacle]] = {
    EntryType.CONFIRM: to_confirming,
    EntryType.AMEND: to_amending,
    EntryType.DISPUTE: to_disputing,
    EntryType.RESOLVE: to_resolving,
    EntryType.VERIFY: to_verifying,
    EntryType.CONTRACT: to_contracting,
    EntryType.DELIVER: to_delivering,
    EntryType.WITHDRAW: to_withdrawing,
    EntryType.UNMERGE: to_unmerging,
}


def open_steps(deal: Deal, user: User) -> list[EntryType]:
    """What somebody may say of a deal now, in the order a page offers it."""
    return [step for step, obstacle in OBSTACLES.items() if obstacle(deal, user) is None]


def _ended(deal: Deal) -> Obstacle:
    return refusals.DealWithdrawn() if deal.standing.stage is DealStage.WITHDRAWN else None


def _merged(deal: Deal) -> Obstacle:
    return refusals.DealMerged(number=deal.duplicate_of.number) if deal.duplicate_of is not None else None


def _frozen(deal: Deal) -> Obstacle:
    return _ended(deal) or _merged(deal) or (refusals.DealDisputed() if deal.standing.is_disputed else None)


def _unconfirmed(deal: Deal) -> Obstacle:
    return refusals.NotConfirmed() if deal.standing.assurance is Assurance.DECLARED else None


def _not_the_speakers(deal: Deal, user: User) -> Obstacle:
    """Refuse all but the two sides and the office that recorded the deal."""
    party = party_of(deal, user)
    if party is Party.OFFICE and user.office is not None:
        return None if recorded_by(deal, user.office) else refusals.NotRecorder()
    return refusals.NotAParty() if party is None else None


def _not_concerned(deal: Deal, user: User) -> Obstacle:
    """Refuse all but the two sides and the offices of their regions."""
    party = party_of(deal, user)
    if party is Party.OFFICE and user.office is not None:
        return None if _is_near(deal, user.office) else refusals.OutOfRegion()
    return refusals.NotAParty() if party is None else None


def _is_near(deal: Deal, office: Office) -> bool:
    return sits_in(office, deal.buyer) or sits_in(office, deal.seller)


def _had_a_part(deal: Deal, office: Office) -> bool:
    return recorded_by(deal, office) or (deal.event is not None and deal.event.organiser_id == office.id)


def _spoke_for_the_other(deal: Deal, user: User, party: Party) -> bool:
    """Whether the other side's consent to the newest version was given by this very person."""
    return any(
        entry.actor_id == user.id and entry.party not in (party, Party.OFFICE)
        for entry in deal.entries
        if entry.type in CONSENTS and entry.round == deal.standing.round
    )


def _decides_near(deal: Deal, user: User) -> bool:
    return user.office is not None and user.role in _DECIDING_ROLES and _is_near(deal, user.office)


def _last(deal: Deal, of: EntryType) -> DealEntry:
    return next(entry for entry in reversed(deal.entries) if entry.type is of)
