"""Which office answers for a deal, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matchmaker.accounts.models import Office, OfficeLevel, User
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import policies as deal_policies
from matchmaker.deals.api.blueprint import bp
from matchmaker.deals.api.ledger import find_deal
from matchmaker.deals.models import Deal
from matchmaker.deals.stewardship import policies, queries, services
from matchmaker.deals.stewardship.models import Stewardship
from matchmaker.deals.stewardship.queries import Colleague
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.web.api import Answer, Body, Id, Text, answer, operation, refuse_input
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember


class HandOverBody(Body):
    """Who takes over, and why; `seen` is the number of the stewardship you read, 0 for none."""

    office_id: Id
    officer_id: Id | None = None
    why: Text = Field(min_length=1, max_length=400)
    seen: int | None = Field(default=None, ge=0)


class NamedAnswer(Answer):
    """An office or a person, by id and name."""

    id: str
    name: str


class StewardshipAnswer(Answer):
    """One office's care for the deal; `ended_at` is null while it holds, `why` empty where it followed the amount."""

    number: int
    level: OfficeLevel
    office: NamedAnswer
    officer: NamedAnswer | None
    amount: int
    why: str
    starts_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, row: Stewardship) -> Self:
        """The answer about a stewardship."""
        officer = row.officer
        return cls(
            number=row.number,
            level=row.level,
            office=NamedAnswer(id=row.office.public_id, name=row.office.name),
            officer=None if officer is None else NamedAnswer(id=officer.public_id, name=officer.name),
            amount=row.amount,
            why=row.why,
            starts_at=row.starts_at,
            ended_at=row.ended_at,
        )


class StewardshipShown(Answer):
    """Who answers for the deal now; and, for an office, everybody who did, the latest first."""

    holding: StewardshipAnswer | None
    history: list[StewardshipAnswer]

    @classmethod
    def for_reader(cls, session: Session, deal: Deal, user: User) -> Self:
        """The answer about a deal to one reader; a side is told whom to turn to, not why."""
        held = queries.holding(session, deal)
        shown = None if held is None else StewardshipAnswer.of(held)
        if shown is not None and user.office is None:
            shown = shown.model_copy(update={"why": ""})
        return cls(
            holding=shown, history=[StewardshipAnswer.of(row) for row in queries.history_of(session, user, deal)]
        )


@bp.get("/<public_id:deal_id>/stewardship")
@operation(deal_policies.readers, _("意向的包联单位"), answers=StewardshipShown)
def stewardship(deal_id: str) -> Response:
    """Which office answers for a deal."""
    session, user = get_session(), get_user()
    return answer(StewardshipShown.for_reader(session, find_deal(session, user, deal_id), user))


@bp.post("/<public_id:deal_id>/stewardship")
@operation(policies.stewards, _("移交包联"), answers=StewardshipShown, body=HandOverBody)
def hand_over(deal_id: str, body: HandOverBody) -> Response:
    """Put another office or officer in charge."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    office, officer = _receiver(queries.colleagues_for(session, deal, shanghai_day(utcnow())), body)
    services.hand_over(session, deal=deal, office=office, officer=officer, why=body.why, actor=user, seen=body.seen)
    reply = remember(answer(StewardshipShown.for_reader(session, deal, user)))
    session.commit()
    return reply


def _receiver(colleagues: list[Colleague], body: HandOverBody) -> tuple[Office, User | None]:
    """Who is named, among those the deal can be handed to."""
    chosen = next((each for each in colleagues if each.office.public_id == body.office_id), None)
    if chosen is None:
        refuse_input("office_id", gettext("只能移交给省级单位，或买卖双方所在市州、县市区的单位。"))
    officer = next((each for each in chosen.officers if each.public_id == body.officer_id), None)
    if body.officer_id is not None and officer is None:
        refuse_input("officer_id", gettext("所选人员不在该单位任职。"))
    return chosen.office, officer
