"""Giving a file out: only to be saved, in a sandbox, under what it was found to be."""

from __future__ import annotations

from pathlib import Path

from flask import current_app, send_file
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.deals.evidence import queries, storing
from matchmaker.deals.evidence.models import EvidenceFile
from matchmaker.deals.models import Deal
from matchmaker.web.lookups import find_or_404

SANDBOX = "default-src 'none'; sandbox"


def data_dir() -> Path:
    """Where this installation keeps what it writes."""
    folder: Path = current_app.extensions["settings"].data_dir
    return folder


def find_file(session: Session, user: User, deal: Deal, file_id: str) -> EvidenceFile:
    """A file of this very deal that this person sees, or “no such page”."""
    return find_or_404(queries.evidence_of(deal, user), file_id, session=session)


def file_answer(file: EvidenceFile, user: User) -> Response:
    """The bytes, as an attachment in a sandbox; one taken from view is there for auditors only."""
    path = storing.path_of(data_dir(), file.digest)
    if (file.withdrawal is not None and not queries.opens_taken_down(user)) or not path.is_file():
        raise NotFound
    answer = send_file(path, file.media_type, as_attachment=True, download_name=file.name, etag=file.digest)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
