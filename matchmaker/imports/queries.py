"""Workbooks that were sent, and what of the registers they are compared with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from matchmaker.accounts.models import Office, User
from matchmaker.chains.models import Industry, Segment
from matchmaker.chains.queries import all_segments
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import Capability, Enterprise, EnterpriseState, Need
from matchmaker.enterprises.policies import reaches
from matchmaker.enterprises.refusals import NotEditable
from matchmaker.enterprises.transitions import EDITABLE
from matchmaker.enterprises.wording import STATES
from matchmaker.i18n import gettext as _
from matchmaker.imports.checking import Checked
from matchmaker.imports.likeness import Alike, Lookalike, worded
from matchmaker.imports.lookups import (
    Entry,
    Reach,
    Reference,
    industry_entries,
    lookup,
    region_entries,
    segment_entries,
)
from matchmaker.imports.models import ImportBatch, ImportState
from matchmaker.imports.planning import CAPABILITY_FIELDS, ENTERPRISE_FIELDS, NEED_FIELDS, Held, Stored
from matchmaker.regions.models import Region
from matchmaker.regions.queries import all_regions
from matchmaker.web.pagination import Page, paginate
from matchmaker.web.visibility import everyones, visible

BLOCK: Final = 1000
_WHY: Final = "a workbook is compared with all that is registered; only its own rows are told about"


def batches_of(session: Session, user: User, *, page: int) -> Page[ImportBatch]:
    """What a person and those they act with have sent, newest first."""
    statement = visible(ImportBatch, user).options(joinedload(ImportBatch.user), joinedload(ImportBatch.job))
    return paginate(session, statement.order_by(ImportBatch.id.desc()), number=page)


def batch_seen_by(user: User) -> Select[ImportBatch]:
    """The batches a person may open, with the work on each."""
    return visible(ImportBatch, user).options(joinedload(ImportBatch.user), joinedload(ImportBatch.job))


def is_confirmable(batch: ImportBatch) -> bool:
    """Whether the workbook may go in: checked without a fault, or confirmed and the writing came to nothing."""
    if batch.state is ImportState.CONFIRMED:
        return batch.job is not None and not batch.job.is_open
    return batch.state is ImportState.CHECKED


def shown_state(batch: ImportBatch) -> ImportState:
    """The state as people see it: a batch whose writing came to nothing is as it was before."""
    return ImportState.CHECKED if is_confirmable(batch) else batch.state


def reference_for(session: Session, batch: ImportBatch, *, allow_samples: bool) -> Reference:
    """Everything this workbook is checked against, as far as its sender reaches."""
    industries = ((each.code, each.name, each.parent_code) for each in session.scalars(select(Industry)))
    return Reference(
        regions=lookup(_regions(session)),
        segments=lookup(_segments(session)),
        industries=lookup(industry_entries(industries)),
        known_codes=frozenset(session.scalars(everyones(select(Enterprise.credit_code), because=_WHY))),
        allow_samples=allow_samples,
        reach=_reach(session, batch),
        today=shanghai_day(utcnow()),
    )


def names_offered(session: Session) -> tuple[list[str], list[str]]:
    """The places and the segments as the template's drop-downs offer them."""
    return [each.label for each in _regions(session)], [each.label for each in _segments(session)]


def held_for(session: Session, checked: Checked, *, lock: bool = False) -> Held:
    """What the register holds of the workbook's enterprises; `lock` keeps others from changing it meanwhile."""
    codes = sorted({row.code for rows in (checked.enterprises, checked.capabilities, checked.needs) for row in rows})
    blocks = [codes[start : start + BLOCK] for start in range(0, len(codes), BLOCK)]
    return Held(
        enterprises=tuple(each for block in blocks for each in _firms(session, block, lock=lock)),
        capabilities=tuple(each for block in blocks for each in _capabilities(session, block, lock=lock)),
        needs=tuple(each for block in blocks for each in _needs(session, block, lock=lock)),
    )


def named(session: Session, alike: Sequence[Alike]) -> tuple[Lookalike, ...]:
    """The warnings with the firms they are about; whoever may bring new firms sees the whole register."""
    ids = sorted({each.firm_id for each in alike})
    firms: dict[int, tuple[str, str]] = {}
    for start in range(0, len(ids), BLOCK):
        statement = select(Enterprise.id, Enterprise.name, Enterprise.credit_code)
        statement = statement.where(Enterprise.id.in_(ids[start : start + BLOCK]))
        rows = session.execute(everyones(statement, because="only offices bring new firms, and they see every firm"))
        firms |= {id_: (name, code) for id_, name, code in rows}
    return tuple(worded(each, *firms[each.firm_id]) for each in alike if each.firm_id in firms)


def ids_by_code(session: Session, model: type[Region] | type[Segment]) -> dict[str, int]:
    """The ids of all places, or of all segments, by code."""
    return dict(session.execute(select(model.code, model.id)).all())


def _regions(session: Session) -> list[Entry]:
    regions = all_regions(session)
    codes = {region.id: region.code for region in regions}
    return region_entries((each.code, each.name, each.short_name, codes.get(each.parent_id or 0)) for each in regions)


def _segments(session: Session) -> list[Entry]:
    return segment_entries((each.code, each.name, each.chain.name) for each in all_segments(session))


def segment_names(session: Session) -> dict[str, str]:
    """Every segment by code, as a preview names it."""
    return {each.code: each.name for each in all_segments(session)}


def _reach(session: Session, batch: ImportBatch) -> Reach:
    """An enterprise reaches itself, an office the firms of its region; nobody those that may not be edited."""
    if batch.enterprise_id is not None:
        own = select(Enterprise.credit_code).where(Enterprise.id == batch.enterprise_id)
        return Reach(only_code=session.scalars(everyones(own, because=_WHY)).one(), barred=_not_editable(session))
    barred = _not_editable(session)
    if batch.office_id is None:
        return Reach(barred=barred)
    office = session.get_one(Office, batch.office_id)
    foreign = [region for region in all_regions(session) if not reaches(office, region)]
    return Reach(
        barred=_registered_in(session, foreign) | barred, barred_places=frozenset(each.code for each in foreign)
    )


def _not_editable(session: Session) -> dict[str, str]:
    statement = select(Enterprise.credit_code, Enterprise.state).where(Enterprise.state.not_in(EDITABLE))
    return {
        code: _("这家企业已并入另一家，请改用并入后的信用代码。")
        if state is EnterpriseState.MERGED
        else NotEditable(state=STATES[state]).message
        for code, state in session.execute(everyones(statement, because=_WHY))
    }


def _registered_in(session: Session, regions: Sequence[Region]) -> dict[str, str]:
    names = {each.id: each.name for each in regions}
    statement = select(Enterprise.credit_code, Enterprise.region_id).where(Enterprise.region_id.in_(names))
    return {
        code: _("这家企业登记在%(place)s，不在本单位的范围内。", place=names[region_id])
        for code, region_id in session.execute(everyones(statement, because=_WHY))
    }


def _firms(session: Session, codes: Sequence[str], *, lock: bool) -> Iterator[Stored]:
    fields = [name for name in ENTERPRISE_FIELDS if name != "region_code"]
    columns: list[InstrumentedAttribute[Any]] = [getattr(Enterprise, name) for name in fields]
    statement = (
        select(Enterprise.id, Enterprise.credit_code, Enterprise.state, Region.code, *columns)
        .join(Enterprise.region)
        .where(Enterprise.credit_code.in_(codes))
        .order_by(Enterprise.id)
    )
    yield from _stored(session, statement, ("region_code", *fields), of=Enterprise if lock else None)


def _capabilities(session: Session, codes: Sequence[str], *, lock: bool) -> Iterator[Stored]:
    yield from _lines(session, Capability, CAPABILITY_FIELDS, codes, lock=lock)


def _needs(session: Session, codes: Sequence[str], *, lock: bool) -> Iterator[Stored]:
    yield from _lines(session, Need, NEED_FIELDS, codes, lock=lock)


def _lines(
    session: Session, model: type[Capability] | type[Need], names: Sequence[str], codes: Sequence[str], *, lock: bool
) -> Iterator[Stored]:
    fields = [name for name in names if name != "segment_code"]
    columns: list[InstrumentedAttribute[Any]] = [getattr(model, name) for name in fields]
    statement = (
        select(model.id, Enterprise.credit_code, model.state, Segment.code, *columns)
        .join(model.enterprise)
        .outerjoin(model.segment)
        .where(Enterprise.credit_code.in_(codes))
        .order_by(model.id)
    )
    yield from _stored(session, statement, ("segment_code", *fields), of=model if lock else None)


def _stored(
    session: Session,
    statement: Select[Any],
    names: Sequence[str],
    *,
    of: type[Enterprise] | type[Capability] | type[Need] | None,
) -> Iterator[Stored]:
    if of is not None:
        statement = statement.with_for_update(of=of)
    for row_id, code, state, *values in session.execute(everyones(statement, because=_WHY)):
        yield Stored(row_id, code, state, dict(zip(names, values, strict=True)))
