"""Promised work is done once, and a failure leaves only its reason."""

from __future__ import annotations

import pytest

from matchmaker.accounts.models import Office, OfficeLevel
from matchmaker.errors import RuleViolation
from matchmaker.jobs import services
from matchmaker.jobs.models import Job, JobState
from matchmaker.jobs.queries import waiting_jobs


def promised(session, kind: str = "open office") -> int:
    job = services.promise(session, kind, payload={"name": "新局"})
    session.commit()
    return job.id


def opening(make):
    region_id = make.region("420000").id

    def open_office(session, job, report):
        session.add(Office(name=job.payload["name"], level=OfficeLevel.PROVINCE, region_id=region_id))
        return {"opened": 1}

    return open_office


def test_the_work_and_its_end_are_kept_together(session, make) -> None:
    job_id = promised(session)

    state = services.run(session, job_id, {"open office": opening(make)})

    assert state is JobState.DONE
    assert session.get(Job, job_id).result == {"opened": 1}
    assert session.query(Office).filter_by(name="新局").count() == 1


def test_a_job_handed_over_twice_is_done_once(session, make) -> None:
    job_id = promised(session)
    handlers = {"open office": opening(make)}

    services.run(session, job_id, handlers)
    services.run(session, job_id, handlers)

    assert session.query(Office).filter_by(name="新局").count() == 1


def test_a_refused_job_says_why_and_leaves_nothing(session, make) -> None:
    job_id = promised(session)

    def refuse(session, job, report):
        opening(make)(session, job, report)
        session.flush()
        raise RuleViolation

    assert services.run(session, job_id, {"open office": refuse}) is JobState.FAILED
    assert session.get(Job, job_id).message == RuleViolation().message
    assert session.query(Office).filter_by(name="新局").count() == 0


def test_a_broken_job_is_tried_three_times(session) -> None:
    job_id = promised(session)

    def crash(session, job, report):
        raise OSError("the disk went away")

    states = [services.run(session, job_id, {"open office": crash}) for _attempt in range(3)]

    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED]
    assert waiting_jobs(session) == []


def test_a_job_asked_to_stop_hears_of_it_when_it_reports(session) -> None:
    job_id = promised(session)
    heard = []

    def work(session, job, report):
        heard.append(report(1, 2, "half"))
        services.stop(session, session.get(Job, job_id, populate_existing=True))
        session.commit()
        heard.append(report(2, 2, "all"))
        return {}

    services.run(session, job_id, {"open office": work})

    assert heard == [True, False]


def test_an_ended_job_no_longer_says_what_it_was_doing(session) -> None:
    job_id = promised(session)

    def work(session, job, report):
        report(1, 2, "half")
        return {}

    services.run(session, job_id, {"open office": work})

    assert session.get(Job, job_id, populate_existing=True).message == ""


def test_a_handler_may_not_pause_in_the_middle_of_writing(session, make) -> None:
    session.add(Office(name="半截", level=OfficeLevel.PROVINCE, region=make.region("420000")))

    with pytest.raises(RuntimeError, match="only pause before it writes"):
        services.release(session)


def test_a_commit_hands_the_promise_to_the_queue_and_a_rollback_forgets_it(session) -> None:
    sent = []
    session.info["send_job"] = sent.append

    services.promise(session, "never", payload={})
    session.rollback()
    job = services.promise(session, "soon", payload={})
    session.commit()

    assert sent == [job.id]
