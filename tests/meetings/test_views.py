from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import Role
from matchmaker.db import utcnow
from matchmaker.events.models import EventState, Registration, RegistrationState, Side
from matchmaker.jobs.models import Job, JobState
from matchmaker.matching.models import MatchRun, MatchSubject, Suggestion
from matchmaker.meetings import services
from matchmaker.meetings.models import (
    Meeting,
    MeetingOutcome,
    MeetingRequest,
    MeetingState,
    Repair,
    RequestState,
    TimetableState,
    TimetableVersion,
    TroubleKind,
)


def page(answer):
    return answer.get_data(as_text=True)


def read(session, statement):
    """Rows as they are now; no lock on the database is left behind."""
    session.commit()
    for row in list(session):
        session.refresh(row)
    rows = session.scalars(statement).all()
    session.commit()
    return rows


def rows_of(answer):
    """The words of a table's rows."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page(answer).partition("<tbody>")[2], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in rows]


@pytest.fixture
def event(make):
    return make.event(slot_count=3, table_count=2)


@pytest.fixture
def buyer(make, event):
    firm = make.enterprise("汉江重卡有限公司", short_name="汉江重卡")
    make.registration(event, firm, side=Side.BUYER)
    return firm


@pytest.fixture
def seller(make, event):
    firm = make.enterprise("恒昌模具有限公司", short_name="恒昌模具")
    make.registration(event, firm)
    return firm


@pytest.fixture
def staff(make, event):
    return make.user(Role.ORGANISER, office=event.organiser)


def accepted(session, event, asker, asked):
    request = services.ask_for_meeting(session, event=event, asker=asker, asked=asked, actor=None)
    services.accept_meeting(session, request=request, actor=None)
    return request


def suggested(session, firm, partner):
    run = MatchRun(
        subject=MatchSubject.DOWNSTREAM,
        subject_id=firm.id,
        enterprise_id=firm.id,
        engine_version="1",
        index_version="1",
        input_digest=str(firm.id),
        asked={},
    )
    suggestion = Suggestion(run=run, rank=1, enterprise_id=partner.id, score=8_750, evidence={})
    session.add(suggestion)
    session.flush()
    return suggestion


def test_a_firm_asks_from_a_suggestion_and_the_other_side_accepts(sign_in, session, make, event, buyer, seller):
    suggestion = suggested(session, seller, buyer)
    asker, asked = sign_in(make.user(enterprise=seller)), sign_in(make.user(enterprise=buyer))
    path = f"/meetings/ask?enterprise={buyer.public_id}&suggestion={suggestion.public_id}"

    offered = page(asker.get(path))
    answer = asker.post(
        "/meetings/ask",
        data={
            "enterprise": buyer.public_id,
            "suggestion": suggestion.public_id,
            "event": event.public_id,
            "note": "12 套压铸模",
            "preference": "5",
        },
    )
    (request,) = read(session, select(MeetingRequest))
    waiting = page(asked.get("/meetings"))
    asked.post(f"/meetings/{request.public_id}/accept")

    assert "双方报名已通过" in offered
    assert answer.location == "/meetings"
    assert (request.suggestion_id, request.note, request.preference) == (suggestion.id, "12 套压铸模", 5)
    assert ("1 个请求等贵公司答复。" in waiting, "由推荐发起" in waiting) == (True, True)
    assert [each.state for each in read(session, select(MeetingRequest))] == [RequestState.ACCEPTED]


def test_a_firm_registers_and_asks_in_one_step(sign_in, session, make, event, buyer):
    stranger = make.enterprise()
    browser = sign_in(make.user(enterprise=stranger))

    offered = page(browser.get(f"/meetings/ask?enterprise={buyer.public_id}"))
    browser.post(
        "/meetings/ask",
        data={"enterprise": buyer.public_id, "event": event.public_id, "side": "seller", "preference": "3"},
    )

    (registration,) = read(session, select(Registration).where(Registration.enterprise_id == stranger.id))
    assert "将一并报名" in offered
    assert (registration.state, registration.side) == (RegistrationState.APPLIED, Side.SELLER)
    assert [each.asker_id for each in read(session, select(MeetingRequest))] == [stranger.id]


def test_registering_in_the_same_step_asks_for_the_side(sign_in, session, make, event, buyer):
    stranger = make.enterprise()
    browser = sign_in(make.user(enterprise=stranger))

    answer = browser.post(
        "/meetings/ask",
        data={"enterprise": buyer.public_id, "event": event.public_id, "note": "谈压铸模", "preference": "3"},
    )

    assert answer.status_code == 422
    assert ("请选择贵公司以买方还是卖方身份参加" in page(answer), "谈压铸模" in page(answer)) == (True, True)
    assert read(session, select(MeetingRequest)) == []


def test_a_failed_request_registers_nobody(sign_in, session, make, event, buyer):
    stranger = make.enterprise()
    browser = sign_in(make.user(enterprise=stranger))

    answer = browser.post("/meetings/ask", data={"enterprise": buyer.public_id, "event": "nowhere", "preference": "3"})

    assert answer.status_code == 422
    assert read(session, select(Registration).where(Registration.enterprise_id == stranger.id)) == []


def test_only_events_where_both_may_come_are_offered(sign_in, make, event, buyer, seller):
    make.event(title="已排期专场", state=EventState.TIMETABLED)
    closed = make.event(title="截止的专场", state=EventState.TIMETABLING)
    make.registration(closed, seller)
    make.event(title="开放的专场")
    refused = make.event(title="婉拒的专场")
    make.registration(refused, buyer, state=RegistrationState.REFUSED)
    browser = sign_in(make.user(enterprise=seller))

    text = page(browser.get(f"/meetings/ask?enterprise={buyer.public_id}"))

    assert [title in text for title in ("压铸模专场", "开放的专场", "已排期专场", "截止的专场", "婉拒的专场")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_the_asked_firm_may_register_by_accepting(sign_in, session, make, event, seller):
    invited = make.enterprise()
    request = services.ask_for_meeting(session, event=event, asker=seller, asked=invited, actor=None)
    browser = sign_in(make.user(enterprise=invited))

    shown = page(browser.get("/meetings"))
    browser.post(f"/meetings/{request.public_id}/accept", data={"register": "1"})

    (registration,) = read(session, select(Registration).where(Registration.enterprise_id == invited.id))
    assert "报名本场并接受" in shown
    assert (registration.side, registration.state) == (Side.BUYER, RegistrationState.APPLIED)
    assert request.state is RequestState.ACCEPTED


def test_a_decline_carries_its_reason_and_can_be_taken_back(sign_in, session, make, event, buyer, seller):
    request = services.ask_for_meeting(session, event=event, asker=seller, asked=buyer, actor=None)
    browser, other = sign_in(make.user(enterprise=buyer)), sign_in(make.user(enterprise=seller))

    flashed = page(
        browser.post(f"/meetings/{request.public_id}/decline", data={"reason": "近期无需求"}, follow_redirects=True)
    )
    seen = page(other.get("/meetings"))
    browser.post(f"/meetings/{request.public_id}/reopen")

    assert f'action="/meetings/{request.public_id}/reopen"' in flashed
    assert "对方的原因：近期无需求" in seen
    assert [each.state for each in read(session, select(MeetingRequest))] == [RequestState.ASKED]


def test_a_third_firm_sees_no_request_and_a_party_does_only_its_own_part(sign_in, session, make, event, buyer, seller):
    request = services.ask_for_meeting(
        session, event=event, asker=seller, asked=buyer, note="底价面议的模具", actor=None
    )
    third, asker, asked = (sign_in(make.user(enterprise=firm)) for firm in (make.enterprise(), seller, buyer))
    path = f"/meetings/{request.public_id}"

    statuses = [
        third.post(f"{path}/accept").status_code,
        third.post(f"{path}/withdraw").status_code,
        asker.post(f"{path}/accept").status_code,
        asked.post(f"{path}/withdraw").status_code,
    ]

    assert statuses == [404, 404, 403, 403]
    assert "底价面议" not in page(third.get("/meetings"))
    assert [each.state for each in read(session, select(MeetingRequest))] == [RequestState.ASKED]


def test_somebody_elses_suggestion_cannot_be_named(sign_in, session, make, event, buyer, seller):
    foreign = suggested(session, make.enterprise(), buyer)
    browser = sign_in(make.user(enterprise=seller))

    answer = browser.get(f"/meetings/ask?enterprise={buyer.public_id}&suggestion={foreign.public_id}")

    assert answer.status_code == 404


def test_an_organiser_computes_looks_and_publishes(sign_in, session, make, run_jobs, event, buyer, seller, staff):
    accepted(session, event, seller, buyer)
    browser, path = sign_in(staff), f"/events/{event.public_id}/timetable"

    before = page(browser.get(path))
    browser.post(path)
    computing = page(browser.get(path))
    run_jobs()
    draft = page(browser.get(path))
    (version,) = read(session, select(TimetableVersion))
    hidden = page(sign_in(make.user(enterprise=buyer)).get("/meetings"))
    published = page(browser.post(f"/timetables/{version.public_id}/publish", follow_redirects=True))
    shown = page(sign_in(make.user(enterprise=buyer)).get("/meetings"))
    at_event = page(sign_in(make.user(enterprise=seller)).get(f"/meetings/at/{event.public_id}"))

    assert "1 个请求双方都已接受、报名都已通过" in before
    assert "正在计算第 1 版排期" in computing
    assert ("恒昌模具" in draft, "发布排期" in draft) == (True, True)
    assert "排期已发布，已通知双方企业" in published
    assert ("1 号桌" in hidden, "1 号桌" in shown, "1 号桌" in at_event) == (False, True, True)
    (version,) = read(session, select(TimetableVersion))
    assert (version.state, version.event.state) == (TimetableState.PUBLISHED, EventState.TIMETABLED)


def test_publishing_twice_is_refused_and_a_version_can_be_taken_back(
    sign_in, session, make, run_jobs, event, buyer, seller, staff
):
    accepted(session, event, seller, buyer)
    browser = sign_in(staff)
    browser.post(f"/events/{event.public_id}/timetable")
    run_jobs()
    (version,) = read(session, select(TimetableVersion))

    answers = [browser.post(f"/timetables/{version.public_id}/publish").status_code for _ in range(2)]
    back = browser.post(f"/timetables/{version.public_id}/unpublish").status_code

    assert (answers, back) == ([302, 409], 302)
    (version,) = read(session, select(TimetableVersion))
    assert (version.state, version.event.state) == (TimetableState.DRAFT, EventState.TIMETABLING)


def test_a_draft_is_closed_to_firms_and_to_offices_elsewhere(
    sign_in, session, make, run_jobs, event, buyer, seller, staff
):
    accepted(session, event, seller, buyer)
    sign_in(staff).post(f"/events/{event.public_id}/timetable")
    run_jobs()
    (version,) = read(session, select(TimetableVersion))
    firm = sign_in(make.user(enterprise=buyer))
    elsewhere = sign_in(make.user(Role.ORGANISER, office=make.office(region="420300")))
    official = sign_in(make.user(Role.OFFICIAL, office=event.organiser))
    page_path, publish = f"/events/{event.public_id}/timetable", f"/timetables/{version.public_id}/publish"

    statuses = [
        (browser.get(page_path).status_code, browser.post(publish).status_code)
        for browser in (firm, elsewhere, official)
    ]

    assert statuses == [(403, 403), (404, 404), (200, 403)]


def test_a_meeting_whose_party_gave_up_its_seat_is_marked(
    sign_in, session, make, run_jobs, event, buyer, seller, staff
):
    accepted(session, event, seller, buyer)
    browser, path = sign_in(staff), f"/events/{event.public_id}/timetable"
    browser.post(path)
    run_jobs()
    (registration,) = read(session, select(Registration).where(Registration.enterprise_id == buyer.id))
    sign_in(make.user(enterprise=buyer)).post(f"/events/registrations/{registration.public_id}/cancel")

    text = page(browser.get(path))

    assert "1 场洽谈有一方已取消报名" in text
    assert 'class="mt clash"' in text


def test_reaching_terms_leads_on_to_the_declaration(sign_in, session, make, run_jobs, event, buyer, seller, staff):
    accepted(session, event, seller, buyer)
    organiser = sign_in(staff)
    organiser.post(f"/events/{event.public_id}/timetable")
    run_jobs()
    (version,) = read(session, select(TimetableVersion))
    organiser.post(f"/timetables/{version.public_id}/publish")
    (meeting,) = read(session, select(Meeting))
    browser, third = sign_in(make.user(enterprise=buyer)), sign_in(make.user())
    path = f"/meetings/{meeting.public_id}/outcome"

    early = browser.post(path, data={"outcome": "intent", "seen_version": "1"}).status_code
    event.state = EventState.RUNNING
    session.commit()
    answer = browser.post(path, data={"outcome": "intent", "seen_version": "1"})
    stale = browser.post(path, data={"outcome": "nothing", "seen_version": "1"}).status_code
    foreign = third.post(path, data={"outcome": "nothing", "seen_version": "2"}).status_code

    (meeting,) = read(session, select(Meeting))
    assert (early, stale, foreign) == (422, 422, 404)
    assert answer.location == f"/deals/declare?meeting={meeting.public_id}" or meeting.public_id in answer.location
    assert (meeting.state, meeting.outcome) == (MeetingState.HELD, MeetingOutcome.INTENT)


def test_an_organiser_records_an_absence_and_reads_the_figures(
    sign_in, session, make, run_jobs, event, buyer, seller, staff
):
    accepted(session, event, seller, buyer)
    browser = sign_in(staff)
    browser.post(f"/events/{event.public_id}/timetable")
    run_jobs()
    (version,) = read(session, select(TimetableVersion))
    browser.post(f"/timetables/{version.public_id}/publish")
    (meeting,) = read(session, select(Meeting))
    event.state = EventState.RUNNING
    session.commit()

    answer = browser.post(f"/meetings/{meeting.public_id}/outcome", data={"outcome": "missed", "seen_version": "1"})
    figures = page(browser.get(f"/events/{event.public_id}/meeting-figures"))

    (meeting,) = read(session, select(Meeting))
    assert (answer.location, meeting.state) == (f"/events/{event.public_id}/timetable", MeetingState.MISSED)
    assert "<dt>缺席</dt><dd>1</dd>" in figures


def test_stopping_the_search_keeps_the_version_waiting_for_its_worker(
    sign_in, session, make, run_jobs, event, buyer, seller, staff
):
    accepted(session, event, seller, buyer)
    browser, path = sign_in(staff), f"/events/{event.public_id}/timetable"
    browser.post(path)
    (version,) = read(session, select(TimetableVersion))

    browser.post(f"/timetables/{version.public_id}/stop")
    again = browser.post(path).status_code

    assert again == 302
    assert [each.number for each in read(session, select(TimetableVersion))] == [1, 2]


def test_what_is_past_is_folded_away_behind_what_is_to_come(sign_in, session, make, event, buyer, seller):
    past = make.event(title="往年的专场", starts_at=make.moment("2026-03-20T01:30:00"))
    for firm in (buyer, seller):
        make.registration(past, firm)
    accepted(session, past, seller, buyer)
    accepted(session, event, seller, buyer)

    text = page(sign_in(make.user(enterprise=seller)).get("/meetings"))

    before, _fold, after = text.partition("此前活动的请求 1 个")
    assert ("往年的专场" in before, "往年的专场" in after) == (False, True)
    assert "压铸模专场" in before


@pytest.fixture
def drafted(sign_in, session, event, buyer, seller, staff, run_jobs):
    """A computed draft with one meeting, and the organiser's browser."""
    accepted(session, event, seller, buyer)
    browser = sign_in(staff)
    browser.post(f"/events/{event.public_id}/timetable")
    run_jobs()
    (version,), (meeting,) = read(session, select(TimetableVersion)), read(session, select(Meeting))
    return browser, version, meeting


def test_a_meeting_is_picked_and_moved_without_any_script(drafted, session, event):
    browser, version, meeting = drafted
    here = f"/events/{event.public_id}/timetable?version={version.public_id}"

    picked = page(browser.get(f"{here}&pick={meeting.public_id}"))
    answer = browser.post(
        f"/meetings/{meeting.public_id}/move", data={"to": "3-2", "seen_version": str(version.version)}
    )
    (moved,) = read(session, select(Meeting))
    shown = page(browser.get(answer.location))
    browser.post(f"/timetables/{version.public_id}/undo-move")
    (back,) = read(session, select(Meeting))

    assert "正在移动 恒昌模具 × 汉江重卡，现在 1 号桌" in picked
    assert picked.count('class="mt drop"') == 5
    assert "撤销上一次移动" in shown
    assert (back.slot.number, back.table.number) == (1, 1)
    assert moved is back


def test_a_move_that_clashes_or_comes_late_changes_nothing_and_says_why(drafted, session, event, make):
    browser, _version, meeting = drafted
    services.close_table(session, event=event, number=2, slots=[3], actor=make.user(Role.ORGANISER))
    session.commit()
    path = f"/meetings/{meeting.public_id}/move"

    clash = page(browser.post(path, data={"to": "3-2"}, follow_redirects=True))
    late = page(browser.post(path, data={"to": "2-1", "seen_version": "0"}, follow_redirects=True))
    nowhere = browser.post(path, data={"to": "9-9"}).status_code

    (same,) = read(session, select(Meeting))
    assert "不能移到这里：这张桌此时不开放。最近的可放位置是 1 号桌" in clash
    assert "这条记录已被他人修改" in late
    assert (nowhere, same.slot.number, same.table.number) == (400, 1, 1)


def test_a_locked_meeting_stays_when_the_version_on_the_screen_is_computed_anew(drafted, session, event, run_jobs):
    browser, version, meeting = drafted
    browser.post(f"/meetings/{meeting.public_id}/move", data={"to": "3-2"})
    browser.post(f"/meetings/{meeting.public_id}/lock")

    locked = page(browser.get(f"/events/{event.public_id}/timetable?pick={meeting.public_id}"))
    browser.post(f"/events/{event.public_id}/timetable", data={"locks_of": version.public_id})
    run_jobs()

    kept = read(session, select(Meeting).order_by(Meeting.id))[-1]
    assert "锁定在 2 号桌" in locked
    assert 'class="mt drop"' not in locked
    assert (kept.timetable.number, kept.slot.number, kept.table.number, kept.is_locked) == (2, 3, 2, True)


def test_arranging_is_for_those_who_run_the_event(drafted, sign_in, make, event, buyer):
    _browser, version, meeting = drafted
    elsewhere = sign_in(make.user(Role.ORGANISER, office=make.office(region="420300")))
    official = sign_in(make.user(Role.OFFICIAL, office=event.organiser))
    firm = sign_in(make.user(enterprise=buyer))
    writes = [
        f"/meetings/{meeting.public_id}/move",
        f"/meetings/{meeting.public_id}/lock",
        f"/meetings/{meeting.public_id}/unlock",
        f"/timetables/{version.public_id}/undo-move",
        f"/timetables/{version.public_id}/discard",
        f"/timetables/{version.public_id}/take-up",
        f"/timetables/{version.public_id}/undo-repair",
        f"/events/{event.public_id}/timetable/newcomers",
        f"/events/{event.public_id}/timetable/limits",
        f"/events/{event.public_id}/timetable/trouble",
    ]

    for browser, status in ((elsewhere, 404), (official, 403), (firm, 403)):
        assert {path: browser.post(path, data={"to": "1-2"}).status_code for path in writes} == dict.fromkeys(
            writes, status
        )
    assert elsewhere.get(f"/timetables/{version.public_id}/progress").status_code == 404


def test_limits_are_set_shown_and_refused_with_their_reason(drafted, session, event, buyer):
    browser, _version, _meeting = drafted
    path = f"/events/{event.public_id}/timetable/limits"

    browser.post(path, data={"of": "firm", "firm-firm": buyer.public_id, "firm-slots": ["1", "2"], "firm-most": "3"})
    browser.post(path, data={"of": "table", "table-table": "2", "table-slots": ["3"]})
    wrong = browser.post(path, data={"of": "firm", "firm-firm": buyer.public_id, "firm-most": "-1"})
    shown = page(browser.get(path))

    assert wrong.status_code == 422
    assert "现有限制" in shown
    assert "汉江重卡有限公司</th>" in shown
    assert '<th scope="row">2 号桌</th>' in shown


def test_the_progress_of_a_computation_is_a_fragment_that_ends_by_drawing_the_page_anew(
    sign_in, session, event, buyer, seller, staff, run_jobs
):
    accepted(session, event, seller, buyer)
    browser = sign_in(staff)
    browser.post(f"/events/{event.public_id}/timetable")
    (version,) = read(session, select(TimetableVersion))
    job = session.get_one(Job, version.job_id)
    job.result = {
        "stages": {"required": [0, 0], "served": [2, 2], "utility": [12, 15], "breaks": [1, 0]},
        "curves": {"utility": [[0.1, 10, 15], [0.6, 12, 15]]},
        "current": "utility",
    }
    session.commit()
    path = f"/timetables/{version.public_id}/progress"

    waiting = browser.get(path, headers={"HX-Request": "true"})
    run_jobs()
    done = browser.get(path, headers={"HX-Request": "true"})

    assert 'hx-trigger="every 1s"' in page(waiting)
    assert rows_of(waiting) == [
        "有洽谈的企业 2 2 已证明最优",
        "意愿值 12 15 3 正在求解",
        "空档 1 0 1",
    ]
    assert page(waiting).count('<tr aria-current="step"><th scope="row">意愿值</th>') == 1
    assert 'class="g-line"' in page(waiting)
    assert ("HX-Refresh" in waiting.headers, done.headers.get("HX-Refresh")) == (False, "true")


def test_a_computation_whose_worker_died_is_given_up_and_the_published_version_stays(drafted, session, event, run_jobs):
    browser, published, _meeting = drafted
    browser.post(f"/timetables/{published.public_id}/publish")
    browser.post(f"/events/{event.public_id}/timetable")
    lost = read(session, select(TimetableVersion).order_by(TimetableVersion.number))[-1]
    job = session.get_one(Job, lost.job_id)
    job.state, job.started_at = JobState.RUNNING, utcnow() - timedelta(minutes=3)
    session.commit()

    told = page(browser.get(f"/events/{event.public_id}/timetable"))
    again = browser.post(f"/events/{event.public_id}/timetable").status_code
    run_jobs()

    states = {each.number: each.state for each in read(session, select(TimetableVersion))}
    assert "第 2 版的计算中断了" in told
    assert again == 302
    assert states == {1: TimetableState.PUBLISHED, 2: TimetableState.FAILED, 3: TimetableState.DRAFT}


def test_versions_are_compared_put_aside_and_taken_up_again(drafted, session, event, run_jobs):
    browser, first, _meeting = drafted
    browser.post(f"/timetables/{first.public_id}/publish")
    browser.post(f"/events/{event.public_id}/timetable")
    run_jobs()
    second = read(session, select(TimetableVersion).order_by(TimetableVersion.number))[-1]
    moved = read(session, select(Meeting).order_by(Meeting.id))[-1]
    browser.post(f"/meetings/{moved.public_id}/move", data={"to": "2-1"})

    compared = page(browser.get(f"/events/{event.public_id}/timetable"))
    stale = browser.post(f"/timetables/{second.public_id}/discard", data={"seen_version": "1"}).status_code
    aside = page(browser.post(f"/timetables/{second.public_id}/discard", follow_redirects=True))
    browser.post(f"/timetables/{second.public_id}/take-up")

    assert "与第 1 版相比" in compared
    assert "改动 1 场，其余 0 场不变" in compared
    assert "涉及 2 家：恒昌模具、汉江重卡" in compared
    assert stale == 409
    assert "第 2 版已放弃，参会企业不受影响" in aside
    assert [each.state for each in read(session, select(TimetableVersion).order_by(TimetableVersion.number))] == [
        TimetableState.PUBLISHED,
        TimetableState.DRAFT,
    ]


def test_trouble_is_reported_previewed_applied_and_undone(drafted, session, event, run_jobs, make):
    browser, published, _meeting = drafted
    browser.post(f"/timetables/{published.public_id}/publish")
    path = f"/events/{event.public_id}/timetable"

    empty = browser.post(f"{path}/trouble", data={"of": "lost", "lost-table": "1"})
    browser.post(f"{path}/trouble", data={"of": "lost", "lost-table": "1", "lost-slots": ["1", "2", "3"]})
    run_jobs()
    preview = page(browser.get(path))
    repaired = read(session, select(TimetableVersion).order_by(TimetableVersion.number))[-1]
    applied = page(browser.post(f"/timetables/{repaired.public_id}/publish", follow_redirects=True))
    undone = page(browser.post(f"/timetables/{repaired.public_id}/undo-repair", follow_redirects=True))

    assert (empty.status_code, "请至少选一个时段" in page(empty)) == (422, True)
    assert "变动预览：停用桌位" in preview
    assert "改动 1 场，通知 2 家，其余 0 场不变" in preview
    assert "排期已更新，已通知有变动的企业" in applied
    assert "撤销这次改动" in applied
    assert "已恢复第 1 版，已通知有变动的企业" in undone
    assert [each.state for each in read(session, select(TimetableVersion).order_by(TimetableVersion.number))] == [
        TimetableState.PUBLISHED,
        TimetableState.DRAFT,
    ]


def test_every_kind_of_trouble_can_be_reported(drafted, session, event, run_jobs, make, buyer):
    browser, published, meeting = drafted
    browser.post(f"/timetables/{published.public_id}/publish")
    session.refresh(event)  # publishing moved it on
    newcomer = make.enterprise("新到试样有限公司")
    make.registration(event, newcomer)
    session.commit()
    path = f"/events/{event.public_id}/timetable"

    browser.post(f"{path}/trouble", data={"of": "off", "off-meeting": meeting.public_id})
    run_jobs()
    browser.post(f"{path}/trouble", data={"of": "away", "away-firm": buyer.public_id, "away-slots": ["1"]})
    run_jobs()
    agreed = {"agreed-asker": newcomer.public_id, "agreed-asked": buyer.public_id, "agreed-preference": "5"}
    browser.post(f"{path}/trouble", data={"of": "agreed", **agreed})
    twice = browser.post(f"{path}/trouble", data={"of": "agreed", **agreed})
    waiting = page(browser.get(f"{path}/trouble"))
    browser.post(f"{path}/newcomers")
    run_jobs()

    repairs = read(session, select(Repair).order_by(Repair.id))
    assert [each.kind for each in repairs] == [TroubleKind.CALLED_OFF, TroubleKind.FIRM_AWAY, TroubleKind.NEWCOMERS]
    held = [len(read(session, select(Meeting).where(Meeting.timetable_id == each.timetable_id))) for each in repairs]
    assert held == [0, 1, 2]
    assert (twice.status_code, "双方在本场已有洽谈请求" in page(twice)) == (422, True)
    assert "等待排入 1 场" in waiting
