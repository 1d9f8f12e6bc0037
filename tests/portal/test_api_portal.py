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


def test_the_page_of_the_api_lists_every_operation_without_a_script(client, app) -> None:
    page = client.get("/api/v1/docs")

    paths = client.get("/api/v1/openapi.json").json["paths"]
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert all(f"<code>{path}</code>" in page.text for path in paths)
    assert "申报一笔意向" in page.text


def test_members_open_the_page_of_the_api_too(sign_in, make) -> None:
    assert sign_in(make.user(Role.OFFICIAL)).get("/api/v1/docs").status_code == 200
