"""Put one registration behind another as its duplicate, and take it out again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.db import utcnow
from matchmaker.enterprises.models import Enterprise, EnterpriseState, Merger, Verdict
from matchmaker.enterprises.policies import may_verify
from matchmaker.enterprises.queries.duplicates import merger_of
from matchmaker.enterprises.refusals import AlreadyMerged, MergerSettled, NotMerged, OutOfReach
from matchmaker.enterprises.services.likeness import note_likeness
from matchmaker.enterprises.services.marking import mark_changed
from matchmaker.i18n import gettext as _
from matchmaker.notices.services import tell
from matchmaker.web.visibility import everyones

REVERSIBLE: Final = timedelta(days=30)
_BECAUSE: Final = "the pair is locked, nothing of it is shown"


def merge_duplicate(session: Session, *, duplicate: Enterprise, survivor: Enterprise, actor: User) -> Merger:
    """Note that two registrations are one firm and put the duplicate behind the survivor.

    No row of either changes but the duplicate's state: its lines stay its own and are not published while it lasts.
    Raises SameEnterprise, OutOfReach unless the duplicate is the actor's to check, and AlreadyMerged.
    """
    if not may_verify(actor, duplicate):
        raise OutOfReach
    note_likeness(session, enterprise=duplicate, other=survivor, verdict=Verdict.SAME, actor=actor)
    _hold(session, duplicate, survivor)
    for firm in (duplicate, survivor):
        if firm.state is EnterpriseState.MERGED:
            raise AlreadyMerged(name=firm.name)
    merger = Merger(duplicate=duplicate, survivor=survivor, state_before=duplicate.state, user_id=actor.id)
    session.add(merger)
    duplicate.state = EnterpriseState.MERGED
    mark_changed(session, duplicate)
    detail = {"survivor": survivor.public_id, "from": merger.state_before.value}
    record(session, actor=actor, action="merge enterprise", subject=duplicate, detail=detail)
    title = _("贵公司的登记已并入“%(name)s”", name=survivor.name)
    _tell(session, duplicate, title, _("如不是同一家，请在 %(days)s 天内告诉属地主管部门。", days=REVERSIBLE.days))
    return merger


def end_merger(session: Session, *, duplicate: Enterprise, survivor: Enterprise, actor: User) -> None:
    """Take the duplicate out from behind the survivor, as it was before; the pair is open again.

    Raises NotMerged, MergerSettled after 30 days, and OutOfReach.
    """
    if not may_verify(actor, duplicate):
        raise OutOfReach
    _hold(session, duplicate, survivor)
    merger = merger_of(session, duplicate)
    if merger is None or merger.survivor_id != survivor.id:
        raise NotMerged
    if utcnow() - merger.at > REVERSIBLE:
        raise MergerSettled(days=REVERSIBLE.days)
    merger.ended_at, merger.ended_by_id = utcnow(), actor.id
    duplicate.state = merger.state_before
    mark_changed(session, duplicate)
    note_likeness(session, enterprise=duplicate, other=survivor, verdict=Verdict.OPEN, actor=actor)
    detail = {"survivor": survivor.public_id, "to": duplicate.state.value}
    record(session, actor=actor, action="end merger", subject=duplicate, detail=detail)
    _tell(session, duplicate, _("贵公司的登记已恢复，不再并入“%(name)s”", name=survivor.name))


def _tell(session: Session, firm: Enterprise, title: str, body: str = "") -> None:
    tell(session, title=title, body=body, path="/enterprises/mine", enterprise_id=firm.id)


def _hold(session: Session, *firms: Enterprise) -> None:
    """Two officers who merge the same firm at once queue here, always in the same order, and read its state anew."""
    ids = sorted(firm.id for firm in firms)
    locked = select(Enterprise).where(Enterprise.id.in_(ids)).order_by(Enterprise.id).with_for_update(of=Enterprise)
    session.flush()
    session.scalars(everyones(locked, because=_BECAUSE).execution_options(populate_existing=True)).all()
