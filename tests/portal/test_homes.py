"""Each role lands on a page that says what to do now."""

from __future__ import annotations

import pytest

from matchmaker.accounts.models import Role
from matchmaker.db import utcnow
from matchmaker.deals.models import Party
from matchmaker.events.models import EventState, RegistrationState
from matchmaker.jobs import services as jobs
from matchmaker.portal.navigation import PLACES


@pytest.mark.parametrize("role", list(Role))
def test_every_place_of_a_role_opens(sign_in, make, role) -> None:
    make.programme()
    browser = sign_in(make.user(role))

    places = [endpoint for endpoint, _label, _icon in PLACES[role]]
    with browser.application.test_request_context():
        from flask import url_for

        addresses = [url_for(endpoint) for endpoint in places]
    answers = {address: browser.get(address, follow_redirects=True).status_code for address in addresses}

    assert answers == dict.fromkeys(addresses, 200)


def test_a_visitor_is_sent_to_the_sign_in_page_and_back(client) -> None:
    answer = client.get("/deals")

    assert answer.location == "/sign-in?next=/deals"


def test_a_firm_without_capabilities_is_told_to_publish_one(sign_in, make) -> None:
    page = sign_in(make.user()).get("/").text

    assert "发布第一条供给能力" in page


def test_an_intent_to_answer_comes_before_everything_else(sign_in, make, app) -> None:
    firm = make.enterprise()
    make.deal(seller=firm, by=Party.BUYER, amount=30_000_000)

    page = sign_in(make.user(enterprise=firm)).get("/").text

    assert "核对一笔对方已申报的意向" in page
    assert "金额 3,000 万元" in page


def test_an_organiser_sees_who_waits(sign_in, make, session) -> None:
    office = make.office(region="420600")
    event = make.event(organiser=office, title="待审专场", state=EventState.OPEN)
    make.registration(event, make.enterprise(), state=RegistrationState.APPLIED)

    page = sign_in(make.user(Role.ORGANISER, office=office)).get("/").text

    assert "审核 1 家报名" in page


def test_on_the_day_an_organiser_timetables_before_opening_the_door(sign_in, make) -> None:
    office = make.office(region="420600")
    make.event(organiser=office, title="今日专场", state=EventState.TIMETABLING, starts_at=utcnow())

    page = sign_in(make.user(Role.ORGANISER, office=office)).get("/").text

    assert "今天：今日专场" in page
    assert "打开排期" in page
    assert "打开签到" not in page


def test_an_official_begins_with_the_totals(sign_in, make) -> None:
    assert sign_in(make.user(Role.OFFICIAL)).get("/").location == "/progress"


def test_an_administrator_sees_failed_work(sign_in, make, session) -> None:
    job = jobs.promise(session, "reindex", payload={})
    job.state, job.message, job.finished_at = jobs.JobState.FAILED, "磁盘已满", utcnow()

    assert "磁盘已满" in sign_in(make.user(Role.ADMINISTRATOR)).get("/").text


def test_a_job_is_seen_only_by_whoever_asked_for_it(sign_in, make, session) -> None:
    owner = make.user()
    job = jobs.promise(session, "reindex", payload={}, user_id=owner.id)

    assert sign_in(owner).get(f"/jobs/{job.public_id}").status_code == 200
    assert sign_in(make.user()).get(f"/jobs/{job.public_id}").status_code == 404


def test_an_ended_job_has_the_waiting_page_drawn_anew(sign_in, make, session) -> None:
    owner = make.user()
    job = jobs.promise(session, "reindex", payload={}, user_id=owner.id)
    job.state = jobs.JobState.DONE

    answer = sign_in(owner).get(f"/jobs/{job.public_id}", headers={"HX-Request": "true"})

    assert answer.headers["HX-Refresh"] == "true"


def test_the_demo_accounts_are_listed_and_enter_with_one_click(client, make, session) -> None:
    user = make.user()
    user.is_listed = True
    session.commit()

    page = client.get("/sign-in").text
    assert f"/sign-in/demo/{user.public_id}" in page
    assert client.post(f"/sign-in/demo/{user.public_id}").location == "/"
    assert client.get("/").status_code == 200


def test_nobody_enters_with_one_click_outside_the_demo(app, client, make, session) -> None:
    user = make.user()
    user.is_listed = True
    session.commit()
    app.extensions["settings"].demo = False

    assert f"/sign-in/demo/{user.public_id}" not in client.get("/sign-in").text
    assert client.post(f"/sign-in/demo/{user.public_id}").status_code == 404
