"""What pages and programs have in common when they ask about a month."""

from __future__ import annotations

import logging

from flask import Response, current_app, request
from flask_babel import force_locale
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.models import User
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.recounting import Recount, recounted
from matchmaker.programmes.models import Period, PeriodState, Programme
from matchmaker.programmes.queries import find_period, find_programme
from matchmaker.progress.closing import queries, services
from matchmaker.progress.closing.checklist import Checklist, checklist_of
from matchmaker.progress.closing.keeping import find
from matchmaker.progress.closing.models import IssuedFile, Snapshot
from matchmaker.progress.closing.queries import MonthLine
from matchmaker.progress.closing.reckoning import Reckoning
from matchmaker.progress.closing.refusals import IssuedFileDamaged

log = logging.getLogger(__name__)
_PUBLISHED_IN = "zh_Hans_CN"  # what is issued is Chinese, whatever language whoever freezes reads


class AskedMonth:
    """A month of a programme as it stands now, with the year around it."""

    def __init__(self, session: Session, month: str) -> None:
        self.session = session
        self.programme, self.period = find_programme_month(session, month)
        self.recount: Recount = recounted(session, self.programme, shanghai_day(utcnow()))
        self.lines: list[MonthLine] = queries.months_of(session, self.programme, self.recount.count.by_month)
        self.snapshots: list[Snapshot] = queries.snapshots_of(session, self.programme)

    @property
    def month(self) -> str:
        """The month itself, “2026-03”."""
        return self.period.month

    @property
    def line(self) -> MonthLine:
        """The month among its year."""
        return next(each for each in self.lines if each.period.month == self.month)

    @property
    def is_frozen(self) -> bool:
        """Whether the month no longer changes."""
        return self.period.state is PeriodState.FROZEN

    @property
    def earlier_open(self) -> list[str]:
        """The months before it that are not frozen."""
        periods = (each.period for each in self.lines)
        return [each.month for each in periods if each.month < self.month and each.state is not PeriodState.FROZEN]

    def checklist(self) -> Checklist | None:
        """What waits in the month, while it is not frozen."""
        return None if self.is_frozen else checklist_of(self.session, self.recount, self.month)

    def reckoning(self) -> Reckoning | None:
        """How the month joins those before it; an open month that is not the next to freeze is not reckoned."""
        is_next = queries.first_open([each.period for each in self.lines]) == self.month
        if self.line.snapshot is None and not is_next:
            return None
        return queries.reckoning_of(self.session, self.month, self.snapshots, self.recount)


def find_programme_month(session: Session, month: str) -> tuple[Programme, Period]:
    """The programme and the month an address names, or a page that is not there."""
    year = month[:4]
    programme = find_programme(session, int(year)) if year.isascii() and year.isdigit() else None
    period = None if programme is None else find_period(session, programme, month)
    if programme is None or period is None:
        raise NotFound
    return programme, period


def freeze_and_publish(session: Session, *, programme: Programme, month: str, actor: User) -> Snapshot:
    """Freeze a month for the person of this request. Raises what `services.freeze` raises."""
    data_dir = current_app.extensions["settings"].data_dir
    with force_locale(_PUBLISHED_IN):
        return services.freeze(session, programme=programme, month=month, actor=actor, data_dir=data_dir)


def file_answer(file: IssuedFile) -> AnyResponse:
    """The bytes of an issued file under its digest. Raises IssuedFileDamaged."""
    content = find(current_app.extensions["settings"].data_dir / services.FOLDER, file.digest)
    if content is None:
        log.error("an issued file is missing or damaged", extra={"issued_file": file.public_id})
        raise IssuedFileDamaged(name=file.name)
    answer = Response(content, mimetype=file.media_type)
    answer.set_etag(file.digest)
    answer.headers["Content-Disposition"] = f"attachment; filename={file.name}"
    return answer.make_conditional(request)
