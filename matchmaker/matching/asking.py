"""What every page and every program asks of the index: the list for a question, kept as it was shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.matching import services
from matchmaker.matching.indexing import Published, current_index
from matchmaker.matching.models import MatchRun
from matchmaker.matching.overlaying import with_changes
from matchmaker.matching.queries import indexable, runs
from matchmaker.matching.questions import Question, matches_for
from matchmaker.settings import Settings
from matchmaker.web.database import get_engine


def settings() -> Settings:
    """The settings of this installation."""
    found: Settings = current_app.extensions["settings"]
    return found


def data_dir() -> Path:
    """Where this installation keeps its index."""
    return settings().data_dir


@contextmanager
def beside_reading() -> Iterator[Session]:
    """A short transaction of its own for what a page keeps while the request itself only reads.

    Were the request to write, every reader of a list would queue for the one writer SQLite has.
    """
    info = {"send_job": current_app.extensions["send_job"]}
    with Session(get_engine(), expire_on_commit=False, info=info) as session:
        yield session
        session.commit()


def find_index(session: Session) -> Published | None:
    """The current index with the latest changes laid over it; has a new one built when there are any, or no index."""
    published = current_index(data_dir())
    latest = with_changes(session, published, data_dir()) if published else None
    is_behind = published is None or indexable.last_change(session) != published.edition.last_change
    if is_behind and not services.is_reindex_waiting(session):
        session.commit()
        with beside_reading() as own:
            services.note_changes(own, data_dir=data_dir())
    return latest


def list_for(session: Session, question: Question, published: Published) -> MatchRun | None:
    """The kept list for a question, computed now if this index and ranking have not answered it yet."""
    run = runs.run_for(session, question, published)
    if run is not None:
        return run
    matches = matches_for(question, published.index)
    session.commit()  # what is kept beside is seen only by a new transaction
    try:
        with beside_reading() as own:
            services.keep_run(own, question=question, published=published, matches=matches)
    except IntegrityError:
        pass  # another request kept the same list a moment earlier
    return runs.run_for(session, question, published)
