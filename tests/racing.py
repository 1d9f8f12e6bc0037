"""Several people at the same moment, each in a session and thread of their own."""

from __future__ import annotations

import threading

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.errors import RuleViolation

REFUSALS = (RuleViolation, StaleDataError, IntegrityError)  # what a page answers with 409 or 422


def at_once(engine, works):
    """Run each work in a session and thread of its own, all let loose together; returns what became of each."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(number, work):
        with Session(engine, expire_on_commit=False) as session:
            gate.wait()
            try:
                results[number] = work(session)
                session.commit()
            except REFUSALS as refusal:
                session.rollback()
                results[number] = type(refusal).__name__

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
