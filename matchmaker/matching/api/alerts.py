"""Alerts as JSON: what a person has watched for them."""

from __future__ import annotations

from typing import Self

from flask import url_for
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import members
from matchmaker.accounts.viewer import get_user
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.matching import policies, services, telling
from matchmaker.matching.api.blueprint import bp
from matchmaker.matching.models import Frequency, Watch, WatchKind, WatchSides
from matchmaker.matching.queries import alerts as queries
from matchmaker.web.api import (
    Answer,
    Body,
    Id,
    Line,
    Moment,
    Page,
    Paged,
    answer,
    answer_slice,
    expect_match,
    nothing,
    operation,
    refuse_input,
)
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.visibility import visible


class AlertAnswer(Answer):
    """One standing question; `path` is the page with all that answers it, `told_at` when it last had news."""

    id: str
    kind: WatchKind
    subject: str
    text: str | None
    sides: WatchSides | None
    need_id: str | None
    capability_id: str | None
    frequency: Frequency
    path: str
    looked_at: Moment | None
    told_at: Moment | None
    stopped_at: Moment | None
    created_at: Moment

    @classmethod
    def of(cls, watch: Watch) -> Self:
        """The answer about a watch."""
        return cls(
            id=watch.public_id,
            kind=watch.kind,
            subject=telling.subject(watch),
            text=watch.text,
            sides=watch.sides,
            need_id=watch.need.public_id if watch.need else None,
            capability_id=watch.capability.public_id if watch.capability else None,
            frequency=watch.frequency,
            path=telling.list_path(watch),
            looked_at=watch.looked_at,
            told_at=watch.told_at,
            stopped_at=watch.stopped_at,
            created_at=watch.created_at,
        )


class AddAlertBody(Body):
    """What to watch: a text, or an open line of one's own firm; exactly one of the three."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "铝合金压铸件", "sides": "supply", "frequency": "daily"}]}
    )

    text: Line | None = Field(default=None, min_length=1, max_length=100)
    need_id: Id | None = None
    capability_id: Id | None = None
    sides: WatchSides = WatchSides.BOTH
    frequency: Frequency = Frequency.DAILY


class EditAlertBody(Body):
    """How soon to be told."""

    frequency: Frequency


@bp.get("/alerts")
@operation(members, _("提醒"), answers=Page[AlertAnswer], query=Paged)
def alerts(query: Paged) -> Response:
    """What this person has watched for them, running or stopped."""
    return answer_slice(queries.watches(get_user()), query, AlertAnswer.of)


@bp.get("/alerts/<public_id:alert_id>")
@operation(members, _("一项提醒"), answers=AlertAnswer, versioned=True)
def alert(alert_id: str) -> Response:
    """One of them."""
    found = _find(alert_id)
    return answer(AlertAnswer.of(found), version=found.version)


@bp.post("/alerts")
@operation(
    members, _("保存搜索，或关注自己的需求、能力"), answers=AlertAnswer, status=201, body=AddAlertBody, versioned=True
)
def add_alert(body: AddAlertBody) -> Response:
    """Watch a text or a line; one that is known already starts again."""
    session, user = get_session(), get_user()
    watch = _made(session, user, body)
    services.set_frequency(session, watch=watch, frequency=body.frequency)
    session.flush()
    location = url_for("api_matching.alert", alert_id=watch.public_id)
    reply = remember(answer(AlertAnswer.of(watch), 201, version=watch.version, location=location))
    session.commit()
    return reply


@bp.patch("/alerts/<public_id:alert_id>")
@operation(members, _("更改提醒的频率"), answers=AlertAnswer, body=EditAlertBody, versioned=True, checks_version=True)
def edit_alert(alert_id: str, body: EditAlertBody) -> Response:
    """Be told sooner, or later."""
    session, watch = get_session(), _find(alert_id)
    expect_match(watch)
    services.set_frequency(session, watch=watch, frequency=body.frequency)
    session.flush()
    reply = remember(answer(AlertAnswer.of(watch), version=watch.version))
    session.commit()
    return reply


@bp.delete("/alerts/<public_id:alert_id>")
@operation(members, _("停止提醒"), status=204)
def stop_alert(alert_id: str) -> Response:
    """Look out no more; saved again, it goes on from where it stood."""
    session, watch = get_session(), _find(alert_id)
    services.stop_watch(session, watch=watch)
    session.commit()
    return nothing()


def _find(alert_id: str) -> Watch:
    lines = (joinedload(Watch.need), joinedload(Watch.capability))
    return find_or_404(visible(Watch, get_user()).options(*lines), alert_id)


def _made(session: Session, user: User, body: AddAlertBody) -> Watch:
    if [body.text, body.need_id, body.capability_id].count(None) != 2:  # noqa: PLR2004 -- one of the three is given
        refuse_input("", gettext("text、need_id、capability_id 须且只须给出一项。"), code="one_subject")
    if body.text is not None:
        return services.save_search(session, text=body.text, sides=body.sides, actor=user)
    line = queries.open_line(session, user, need_id=body.need_id, capability_id=body.capability_id)
    if line is None or not policies.may_watch(user, line):
        refuse_input("need_id" if body.need_id else "capability_id", gettext("没有这条本企业已发布的内容。"))
    return services.watch_line(session, line=line, actor=user)
