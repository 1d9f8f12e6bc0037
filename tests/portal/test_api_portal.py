"""How far work is that a program asked for."""

from __future__ import annotations

from matchmaker.accounts.models import Role
from matchmaker.jobs.services import promise


def test_a_program_sees_how_far_its_own_work_is(as_program, make, session) -> None:
    user = make.user()
    job = promise(session, "compute timetable", payload={"timetable_id": 7}, user_id=user.id)
    job.done, job.total = 3, 20

    answer = as_program(user).get(f"/api/v1/jobs/{job.public_id}").json

    assert (answer["id"], answer["state"], answer["done"], answer["total"]) == (job.public_id, "queued", 3, 20)
    assert "payload" not in answer


def test_the_work_of_others_is_absent(as_program, make, session) -> None:
    job = promise(session, "compute timetable", payload={}, user_id=make.user().id)

    assert as_program(make.user(Role.ADMINISTRATOR)).get(f"/api/v1/jobs/{job.public_id}").status_code == 404
