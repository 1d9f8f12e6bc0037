"""An officer answers whether two firms of like names are one."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.exceptions import UnprocessableEntity
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.models import Role
from matchmaker.accounts.viewer import get_user
from matchmaker.enterprises import services
from matchmaker.enterprises.forms import LikenessForm
from matchmaker.enterprises.models import Verdict
from matchmaker.enterprises.views.blueprint import bp, find_enterprise
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.policies import allow, policy


@bp.post("/enterprises/<public_id:enterprise_id>/likeness/<public_id:other_id>")
@policy(allow(Role.OFFICIAL, Role.COUNTY_OFFICER))
def note_likeness(enterprise_id: str, other_id: str) -> AnyResponse:
    """Note that two firms are one, or that they are not; nothing is merged."""
    session, user, form = get_session(), get_user(), LikenessForm()
    enterprise, other = find_enterprise(enterprise_id), find_enterprise(other_id)
    if not form.validate():
        raise UnprocessableEntity
    verdict = Verdict(form.verdict.data)
    services.note_likeness(session, enterprise=enterprise, other=other, verdict=verdict, actor=user)
    answer = remember(redirect(url_for(".show", enterprise_id=enterprise.public_id, _anchor="likeness")))
    session.commit()
    said = _("是同一家") if verdict is Verdict.SAME else _("不是同一家")
    flash(_("已记录：%(said)s。两条登记都保持原样。", said=said), "success")
    return answer
