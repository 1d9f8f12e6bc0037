"""How every part of the API names an enterprise it speaks of."""

from __future__ import annotations

from typing import Self

from pydantic import Field
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.chains.models import Segment
from matchmaker.chains.queries import find_segment
from matchmaker.enterprises.models import Enterprise
from matchmaker.i18n import gettext as _
from matchmaker.web.api import Answer, refuse_input
from matchmaker.web.visibility import visible


class FirmReference(Answer):
    """An enterprise by its id and name."""

    id: str
    name: str = Field(examples=["襄阳试样有限公司"])

    @classmethod
    def of(cls, firm: Enterprise) -> Self:
        """The reference to an enterprise."""
        return cls(id=firm.public_id, name=firm.name)


def named_firm(session: Session, user: User, public_id: str, *, path: str) -> Enterprise:
    """The enterprise that a body names under `path`; one the reader does not see is an invalid input."""
    firm = session.scalar(visible(Enterprise, user).where(Enterprise.public_id == public_id))
    if firm is None:
        refuse_input(path, _("名录里没有这家单位。"))
    return firm


def own_firm(session: Session, user: User) -> Enterprise:
    """The enterprise a person speaks for."""
    return session.scalars(visible(Enterprise, user).where(Enterprise.id == user.enterprise_id)).one()


def named_segment(session: Session, code: str | None) -> Segment | None:
    """The segment that a body names under `segment`."""
    found = find_segment(session, code) if code else None
    if code and found is None:
        refuse_input("segment", _("没有这个环节代码。"))
    return found
