"""One workbook on its way in."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.db import Base, Id, PublicId, Version, utcnow
from matchmaker.jobs.models import Job


class ImportState(enum.Enum):
    """Uploaded, checked, confirmed by a person, in; or refused."""

    UPLOADED = "uploaded"
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    IN = "in"
    REFUSED = "refused"
    REVERSED = "reversed"


class ImportBatch(Base):
    """A workbook as it was sent, what was found in it, and what came of it.

    The file itself lies under the data directory by its digest.
    """

    __tablename__ = "import_batch"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    file_name: Mapped[str]
    file_digest: Mapped[str] = mapped_column(index=True)
    state: Mapped[ImportState] = mapped_column(default=ImportState.UPLOADED)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    faults: Mapped[list[Any]] = mapped_column(default=list)  # the first of them, for the preview
    fault_count: Mapped[int] = mapped_column(default=0)
    lookalikes: Mapped[list[Any]] = mapped_column(default=list)  # new rows that may be firms of the register
    lookalike_count: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(default="")
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[datetime | None]
    version: Mapped[Version]

    user: Mapped[User | None] = relationship()
    job: Mapped[Job | None] = relationship()
