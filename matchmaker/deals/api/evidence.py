"""The files of a deal as JSON: list them, attach one, fetch its bytes."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from flask import request, url_for
from pydantic import Field
from werkzeug.wrappers import Response

from matchmaker.accounts.viewer import get_user
from matchmaker.deals import policies
from matchmaker.deals.api.blueprint import bp
from matchmaker.deals.api.ledger import find_deal
from matchmaker.deals.evidence import queries, services
from matchmaker.deals.evidence.forms import read_sent
from matchmaker.deals.evidence.models import EvidenceFile, Purpose
from matchmaker.deals.evidence.serving import data_dir, file_answer, find_file
from matchmaker.deals.evidence.wording import OFFERED
from matchmaker.deals.models import Deal, DealEntry, Party
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.web.api import Answer, Line, Page, Paged, Query, answer, answer_slice, operation, refuse_input
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember


class EvidenceAnswer(Answer):
    """A file of a deal; `entry` is the number of the statement it came with, `digest` the SHA-256 of its bytes.

    Of a file taken from view the name is empty for all but auditors, and its bytes are absent for them.
    """

    id: str
    purpose: Purpose
    name: str
    media_type: str
    size: int
    digest: str
    tells_place: bool
    note: str
    party: Party
    entry: int | None
    at: datetime
    is_taken_down: bool

    @classmethod
    def of(cls, file: EvidenceFile, *, in_full: bool = False) -> Self:
        """The answer about a file. in_full: with the name of one taken from view."""
        is_hidden = file.withdrawal is not None and not in_full
        return cls(
            id=file.public_id,
            purpose=file.purpose,
            name="" if is_hidden else file.name,
            media_type=file.media_type,
            size=file.size,
            digest=file.digest,
            tells_place=file.tells_place,
            note="" if is_hidden else file.note,
            party=file.party,
            entry=file.entry.number if file.entry else None,
            at=file.at,
            is_taken_down=file.withdrawal is not None,
        )


class AttachForm(Query):
    """What goes beside the file: what it is for, a word about it, and the number of the statement it shows."""

    purpose: Purpose = Purpose.OTHER
    note: Line = Field(default="", max_length=200)
    entry: int | None = Field(default=None, ge=1, le=100_000)


@bp.get("/<public_id:deal_id>/evidence")
@operation(policies.readers, _("一笔意向的证明材料"), answers=Page[EvidenceAnswer], query=Paged)
def evidence(deal_id: str, query: Paged) -> Response:
    """The files of a deal that this person sees, the newest first."""
    session, user = get_session(), get_user()
    deal, in_full = find_deal(session, user, deal_id), queries.opens_taken_down(user)
    return answer_slice(queries.evidence_of(deal, user), query, lambda file: EvidenceAnswer.of(file, in_full=in_full))


@bp.post("/<public_id:deal_id>/evidence")
@operation(
    policies.speakers,
    _("附上一份证明材料"),
    answers=EvidenceAnswer,
    status=201,
    file="file",
    form=AttachForm,
)
def attach(deal_id: str, form: AttachForm) -> Response:
    """Send a file as the part `file` of a form: PDF, JPEG, PNG or WebP, and what it says it is."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    sent = request.files.get("file")
    if sent is None:
        refuse_input("file", gettext("请选择要上传的文件。"), code="missing")
    if form.purpose not in OFFERED:
        refuse_input("purpose", gettext("盖章纸质件须由登记单位在页面上提交。"), code="enum")
    (file,) = services.attach(
        session,
        deal=deal,
        actor=user,
        uploads=[read_sent(sent)],
        purpose=form.purpose,
        note=form.note,
        entry=_entry(deal, form.entry),
        data_dir=data_dir(),
    )
    location = url_for("api_deals.evidence_file", deal_id=deal.public_id, file_id=file.public_id)
    reply = remember(answer(EvidenceAnswer.of(file), 201, location=location))
    session.commit()
    return reply


@bp.get("/<public_id:deal_id>/evidence/<public_id:file_id>")
@operation(policies.readers, _("一份证明材料的原文件"))
def evidence_file(deal_id: str, file_id: str) -> Response:
    """The bytes of a file, under the media type they were found to be; the ETag is their SHA-256."""
    session, user = get_session(), get_user()
    return file_answer(find_file(session, user, find_deal(session, user, deal_id), file_id), user)


def _entry(deal: Deal, number: int | None) -> DealEntry | None:
    found = next((entry for entry in deal.entries if entry.number == number), None)
    if number is not None and found is None:
        refuse_input("entry", gettext("台账上没有这一条。"))
    return found
