"""The mark every change leaves, from which matching reads on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.enterprises.models import Capability, Enterprise, LineChange, LineKind, Need

_KINDS = {Enterprise: LineKind.ENTERPRISE, Capability: LineKind.CAPABILITY, Need: LineKind.NEED}


def mark_changed(session: Session, row: Enterprise | Capability | Need) -> None:
    """Leave a mark that this line changed."""
    session.flush()
    session.add(LineChange(kind=_KINDS[type(row)], line_id=row.id))
