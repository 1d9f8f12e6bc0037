"""Giving a file out: only to be saved, in a sandbox, under what it was found to be."""

from __future__ import annotations

import io
import logging
from pathlib import Path

from flask import current_app, send_file
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.deals.evidence import queries, refusals, storing
from matchmaker.deals.evidence.models import EvidenceFile
from matchmaker.deals.models import Deal
from matchmaker.web.lookups import find_or_404

log = logging.getLogger(__name__)
SANDBOX = "default-src 'none'; sandbox"


def data_dir() -> Path:
    """Where this installation keeps what it writes."""
    folder: Path = current_app.extensions["settings"].data_dir
    return folder


def find_file(session: Session, user: User, deal: Deal, file_id: str) -> EvidenceFile:
    """A file of this very deal that this person sees, or “no such page”."""
    return find_or_404(queries.evidence_of(deal, user), file_id, session=session)


def file_answer(file: EvidenceFile, user: User) -> Response:
    """The bytes, as an attachment in a sandbox; one taken from view is there for auditors only.

    Raises FileLost rather than giving out anything but what was attached.
    """
    if file.withdrawal is not None and not queries.opens_taken_down(user):
        raise NotFound
    content = storing.read(data_dir(), file.digest)
    if content is None:
        log.error("evidence file missing or damaged", extra={"file": file.public_id})
        raise refusals.FileLost
    answer = send_file(
        io.BytesIO(content), file.media_type, as_attachment=True, download_name=file.name, etag=file.digest
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
