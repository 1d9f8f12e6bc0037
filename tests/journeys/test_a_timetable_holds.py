"""From two hundred accepted requests to a timetable that survives the loss of a table."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Role, User
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import MatchmakingEvent, RegistrationState
from matchmaker.jobs import services as jobs
from matchmaker.jobs.queries import waiting_jobs
from matchmaker.meetings import services
from matchmaker.meetings.models import (
    Appointment,
    Meeting,
    MeetingRequest,
    RequestState,
    TimetableState,
    TimetableVersion,
)
from matchmaker.notices.models import Notice
from tests.journeys.conftest import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.browser

FIRMS = 60
FREE = 56  # of them without limits
TALKS = 196  # among those; one more fits, three do not
SLOTS, TABLES = 12, 20


@dataclass(frozen=True, slots=True)
class Fair:
    """An event with two hundred accepted requests, three of which cannot be placed."""

    event: MatchmakingEvent
    firms: list[Enterprise]
    organiser: User

    @property
    def path(self) -> str:
        return f"/events/{self.event.public_id}/timetable"


@pytest.fixture
def fair(session, make) -> Fair:
    event = make.event(title="汽车零部件专场", slot_count=SLOTS, table_count=TABLES)
    firms = [make.enterprise(f"鄂东{n:02d}试样机械有限公司", short_name=f"试样{n:02d}") for n in range(1, FREE + 1)]
    late, early, capped, waiting = (
        make.enterprise(f"{name}试样有限公司", short_name=name) for name in ("晚到", "早走", "限次", "候补")
    )
    for firm in (*firms, late, early, capped):
        make.registration(event, firm)
    make.registration(event, waiting, state=RegistrationState.WAITING)
    everybody = [*firms, late, early, capped, waiting]
    assert len(everybody) == FIRMS
    organiser = make.user(Role.ORGANISER, office=event.organiser)
    return Fair(event, everybody, organiser)


@pytest.fixture
def asked(session, make, fair) -> Fair:
    """Talks among the 56 firms without limits; one each that no hour, no cap and no seat allows."""
    free, (late, early, capped, waiting) = fair.firms[:-4], fair.firms[-4:]
    ring = [(free[n], free[(n + step) % len(free)]) for step in (1, 7, 13, 22) for n in range(len(free))]
    talks = [*ring[:TALKS], (capped, free[0])]
    impossible = [(late, early), (capped, free[5]), (waiting, free[9])]
    for preference, some in ((5, talks), (1, impossible)):
        for asker, other in some:
            session.add(
                MeetingRequest(
                    event=fair.event, asker=asker, asked=other, preference=preference, state=RequestState.ACCEPTED
                )
            )
    session.flush()
    half = SLOTS // 2
    limits = ((late, range(1, half + 1), None), (early, range(half + 1, SLOTS + 1), None), (capped, (), 1))
    for firm, absent, most in limits:
        services.limit_firm(
            session, event=fair.event, firm=firm, absent_slots=list(absent), most=most, actor=fair.organiser
        )
    session.commit()
    return fair


@contextmanager
def worker(engine, *, until: threading.Event | None = None) -> Iterator[None]:
    """The background work done beside the browser; a search stands still at its first timetable until that was seen."""

    def compute(session, job, report):
        def told(done, total, message="", *, so_far=None):
            is_wanted = report(done, total, message, so_far=so_far)
            if until is not None and so_far and so_far["stages"]:
                until.wait(60)
                return report(done, total, message, so_far=so_far)
            return is_wanted

        return services.compute_timetable(session, job, told)

    def work() -> None:
        with Session(engine, expire_on_commit=False) as session:
            (job_id,) = waiting_jobs(session)
            session.commit()
            jobs.run(session, job_id, {"compute timetable": compute})

    thread = threading.Thread(target=work)
    thread.start()
    yield
    thread.join(timeout=120)
    assert not thread.is_alive()


def rows(engine, statement):
    """Rows as they are now, read apart from the test's own session."""
    with Session(engine, expire_on_commit=False) as session:
        return session.scalars(statement).all()


def meetings_in(engine, state: TimetableState) -> dict[int, tuple[int, int]]:
    with Session(engine) as session:
        found = session.scalars(select(Meeting).join(Meeting.timetable).where(TimetableVersion.state == state)).all()
        return {each.request_id: (each.slot.number, each.table.number) for each in found}


def compute(window: Visit, fair: Fair, engine) -> None:
    seen = threading.Event()
    window.open(fair.path)
    window.page.get_by_role("button", name="计算排期").click()
    with worker(engine, until=seen):
        progress = window.page.locator("#progress")
        reached = progress.locator("tbody tr").first
        expect(reached).to_have_text(re.compile(r"(空档|意愿值|有洽谈的企业)\D*\d"), timeout=60_000)
        expect(progress.get_by_role("button", name="够好了，就用这个")).to_be_visible()
        seen.set()
    expect(window.page.locator(".strip")).to_contain_text("第 1 版", timeout=30_000)


def cell(window: Visit, place: tuple[int, int]):
    slot, table = place
    return window.page.locator("[data-board] tbody tr").nth(slot - 1).locator("td").nth(table - 1).locator(".mt")


def lock_two_and_move_one(staff: Visit, engine) -> dict[int, tuple[int, int]]:
    """Lock by pointer and move by keys alone; returns where every meeting then is."""
    page = staff.page
    placed = meetings_in(engine, TimetableState.DRAFT)
    first, second, moved = sorted(placed)[:3]
    for request in (first, second):
        cell(staff, placed[request]).click()
        page.get_by_role("button", name="锁定在这里").click()
        expect(cell(staff, placed[request])).to_have_class(re.compile("pin"))
    cell(staff, placed[moved]).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#board [data-clash]")).to_have_count(1)
    expect(page.locator("button.mt.drop:focus")).to_have_count(1)
    blocked = page.locator("button.mt.blocked").first
    blocked.focus()
    expect(page.locator("[data-clash]")).to_have_text(f"不能放：{blocked.get_attribute('data-why')}")
    page.locator("button.mt.drop[data-focus]").focus()
    target = page.locator("button.mt.drop:focus").get_attribute("value")
    page.keyboard.press("Enter")
    expect(page.locator(".flashes")).to_contain_text("已移到")
    after = meetings_in(engine, TimetableState.DRAFT)
    assert after[moved] == tuple(int(part) for part in target.split("-"))
    assert {key: place for key, place in after.items() if key != moved} == {
        key: place for key, place in placed.items() if key != moved
    }
    return after


def lose_a_table(staff: Visit, fair: Fair, engine, after: dict[int, tuple[int, int]]) -> None:
    """A table is lost for one hour: the one meeting there takes a free table, and only its two firms hear of it."""
    page = staff.page
    used = Counter(slot for slot, _table in after.values())
    lost = min(key for key, (slot, _table) in after.items() if used[slot] < TABLES)
    slot, table = after[lost]
    known = {each.id for each in rows(engine, select(Notice))}
    page.get_by_role("link", name="现场变动").click()
    page.get_by_label("桌位").select_option(str(table))
    page.locator(f"#lost-slots-{slot - 1}").check()
    page.get_by_role("button", name="预览停用桌位").click()
    expect(page.locator("#progress")).to_be_visible()
    with worker(engine):
        pass
    page.goto(f"{staff.address}{fair.path}")
    preview = page.locator("#preview")
    expect(preview).to_contain_text("改动 1 场，通知 2 家")
    expect(preview.locator("tbody tr")).to_have_count(1)
    assert meetings_in(engine, TimetableState.PUBLISHED) == after  # a preview touches nothing

    preview.get_by_role("button", name="应用改动并通知 2 家").click()
    expect(page.locator(".flashes")).to_contain_text("已通知有变动的企业")
    mended = meetings_in(engine, TimetableState.PUBLISHED)
    (request,) = rows(engine, select(MeetingRequest).where(MeetingRequest.id == lost))
    new = [each for each in rows(engine, select(Notice)) if each.id not in known and each.enterprise_id is not None]
    assert {key for key in after if mended[key] != after[key]} == {lost}
    assert mended[lost] != after[lost]
    assert sorted(each.enterprise_id for each in new) == sorted([request.asker_id, request.asked_id])


def test_two_hundred_requests_are_timetabled_arranged_published_and_mended(asked, engine, visit) -> None:
    staff = visit(asked.organiser, DESKTOP)
    page = staff.page
    compute(staff, asked, engine)

    # Why three were left out.
    left_out = page.locator("#unplaced li")
    expect(left_out).to_have_count(3)
    expect(left_out.filter(has_text="晚到 × 早走")).to_contain_text("没有共同在场的时段")
    expect(left_out.filter(has_text="限次 × ")).to_contain_text("限次的洽谈次数已达上限")
    expect(left_out.filter(has_text="候补 × ")).to_contain_text("候补的报名没有通过")

    after = lock_two_and_move_one(staff, engine)
    page.get_by_role("button", name="发布排期").click()
    expect(page.locator(".flashes")).to_contain_text("排期已发布")

    lose_a_table(staff, asked, engine, after)


def test_what_was_found_so_far_is_good_enough(asked, engine, visit) -> None:
    staff, seen = visit(asked.organiser, DESKTOP), threading.Event()
    page = staff.page
    staff.open(asked.path)
    page.get_by_role("button", name="计算排期").click()
    with worker(engine, until=seen):
        progress = page.locator("#progress")
        expect(progress.locator("tbody tr")).to_have_count(3, timeout=60_000)
        so_far = int(progress.locator("tbody tr", has_text="空档").locator("td").first.inner_text())
        progress.get_by_role("button", name="够好了，就用这个").click()
        expect(page.locator("#progress")).to_contain_text("正在保存为草稿")
        seen.set()
    expect(page.locator(".strip")).to_contain_text("未证明最优", timeout=30_000)

    (version,) = rows(engine, select(TimetableVersion))
    seats = rows(engine, select(Appointment))
    placed = meetings_in(engine, TimetableState.DRAFT)
    stages = {stage["name"]: (stage["value"], stage["proved"]) for stage in version.stages}
    assert version.state is TimetableState.DRAFT
    assert (stages["served"], stages["breaks"]) == ((FREE + 1, True), (so_far, False))
    assert len(placed) == len(set(placed.values())) == TALKS + 1  # no table twice
    assert len({(each.slot_id, each.enterprise_id) for each in seats}) == 2 * (TALKS + 1)  # nobody in two places
    expect(page.get_by_role("button", name="发布排期")).to_be_visible()


@dataclass(frozen=True, slots=True)
class SmallFair:
    """An event with a draft of four talks, one of them left out, and the version participants know."""

    event: MatchmakingEvent
    organiser: User
    participant: User

    @property
    def path(self) -> str:
        return f"/events/{self.event.public_id}/timetable"


@pytest.fixture
def small(session, make, run_jobs) -> SmallFair:
    event = make.event(title="汽车零部件专场", slot_count=4, table_count=3)
    names = ("汉江重卡", "恒昌模具", "应城精铸", "枣阳紧固")
    firms = [make.enterprise(f"{name}试样有限公司", short_name=name) for name in names]
    for firm in firms:
        make.registration(event, firm)
    organiser = make.user(Role.ORGANISER, office=event.organiser)
    for asker, other in ((0, 1), (0, 2), (1, 2), (2, 3)):
        request = MeetingRequest(event=event, asker=firms[asker], asked=firms[other], state=RequestState.ACCEPTED)
        session.add(request)
    session.flush()
    services.limit_firm(session, event=event, firm=firms[3], absent_slots=[1, 2, 3, 4], most=None, actor=organiser)
    for publish in (True, False):
        version = services.start_timetable(session, event=event, actor=organiser)
        session.commit()
        run_jobs()
        session.refresh(version)
        if publish:
            services.publish_timetable(session, timetable=version, actor=organiser)
            session.commit()
    session.commit()
    return SmallFair(event, organiser, make.user(enterprise=firms[0]))


def test_a_meeting_is_dragged_to_a_free_place_and_not_dropped_on_a_closed_one(small, session, engine, visit) -> None:
    session.commit()
    staff = visit(small.organiser, DESKTOP)
    staff.open(small.path)
    before = meetings_in(engine, TimetableState.DRAFT)
    request, place = min(before.items())
    other = next(where for key, where in before.items() if key != request)

    cell(staff, place).drag_to(cell(staff, other))
    assert meetings_in(engine, TimetableState.DRAFT) == before
    expect(staff.page.locator("#board .mt.drop")).to_have_count(0)
    cell(staff, place).hover()
    staff.page.mouse.down()
    cell(staff, (4, 3)).hover()
    expect(cell(staff, (4, 3))).to_have_class(re.compile("drop"))
    cell(staff, (4, 3)).hover()
    staff.page.mouse.up()
    expect(staff.page.locator(".flashes")).to_contain_text("已移到 3 号桌")

    assert meetings_in(engine, TimetableState.DRAFT) == before | {request: (4, 3)}
    staff.page.get_by_role("button", name="撤销上一次移动").click()
    expect(staff.page.locator(".flashes")).to_contain_text("已移回原位置")
    assert meetings_in(engine, TimetableState.DRAFT) == before


def test_escape_leaves_a_meeting_where_it_is_and_returns_to_it(small, session, engine, visit) -> None:
    session.commit()
    staff = visit(small.organiser, DESKTOP)
    staff.open(small.path)
    before = meetings_in(engine, TimetableState.DRAFT)
    place = min(before.values())

    cell(staff, place).focus()
    staff.page.keyboard.press("Enter")
    expect(staff.page.locator("button.mt.drop:focus")).to_have_count(1)
    staff.page.keyboard.press("Escape")

    expect(staff.page.locator(".moving")).to_have_count(0)
    expect(cell(staff, place)).to_be_focused()
    assert meetings_in(engine, TimetableState.DRAFT) == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_the_pages_of_a_timetable_are_usable_by_everybody(small, session, visit, viewport, scheme) -> None:
    picked = session.scalars(select(Meeting).order_by(Meeting.id.desc())).first().public_id
    session.commit()
    staff, firm = visit(small.organiser, viewport), visit(small.participant, viewport)
    for window, paths in (
        (staff, (small.path, f"{small.path}?pick={picked}", f"{small.path}/limits", f"{small.path}/trouble")),
        (firm, ("/meetings",)),
    ):
        window.page.emulate_media(color_scheme=scheme)
        for path in paths:
            window.open(path)
            assert window.overflow() <= 0, path
            found = Axe().run(window.page).response["violations"]
            assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], path
