"""The pages of months that close, and the revision triangle."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import re
from datetime import timedelta

import pytest

from matchmaker.accounts.models import Role
from matchmaker.events.models import EventState, Side
from matchmaker.programmes.models import Period, PeriodState
from matchmaker.programmes.queries import find_period
from matchmaker.progress.closing.models import IssuedFile, Snapshot
from tests.progress.closing.conftest import YI

PAGES = ("months", "triangle", "triangle/export", "months/{frozen}", "months/{frozen}/waiting/unconfirmed",
         "months/{frozen}/late", "months/{frozen}/corrections")  # fmt: skip


def text_of(response) -> str:
    body = re.sub(r"(?s).*<main", "<main", response.get_data(as_text=True))
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def version_of(browser, month: str) -> str:
    found = re.search(r'name="seen_version"[^>]*value="(\d+)"', browser.get(f"/progress/months/{month}").text)
    assert found is not None
    return found[1]


def post(browser, month: str, step: str, seen: str | None = None):
    seen = seen or version_of(browser, month)
    return browser.post(f"/progress/months/{month}/{step}", data={"seen_version": seen}, follow_redirects=True)


@pytest.fixture
def browsers(sign_in, officials, year):
    return [sign_in(each) for each in officials]


@pytest.fixture
def publish(browsers, year):
    """Freeze the first month by two persons."""

    def run() -> None:
        proposer, reviewer = browsers
        assert post(proposer, year.frozen, "propose").status_code == 200
        assert post(reviewer, year.frozen, "freeze").status_code == 200

    return run


def test_the_checklist_counts_what_waits_and_opens_to_it(browsers, year, agreed, make, say, session):
    disputed, silent = agreed(YI), make.deal(event=year.event, amount=2 * YI, unit_checked=True)
    say("dispute_deal", disputed, reason="不认可")
    held = agreed(12 * YI)
    make.event(
        title="没核定的专场", held_on=year.event.held_on, starts_at=year.event.starts_at, state=EventState.CLOSING,
        programme=year.programme,
    )  # fmt: skip
    make.event(
        title="取消的专场", held_on=year.event.held_on, starts_at=year.event.starts_at, state=EventState.CANCELLED,
        programme=year.programme,
    )  # fmt: skip
    session.commit()
    browser = browsers[0]

    page = text_of(browser.get(f"/progress/months/{year.frozen}"))

    assert "待对方确认 1 2.00" in page
    assert "争议 1 1.00" in page
    assert "待核验 1 12.00" in page
    assert "未核定的场次 1 —" in page
    assert "没有签到的场次 2 —" in page
    assert "当日之后才收到签到的场次 无 —" in page
    for what, deal in (("unconfirmed", silent), ("disputed", disputed), ("held", held)):
        assert deal.number in text_of(browser.get(f"/progress/months/{year.frozen}/waiting/{what}"))
    unapproved = text_of(browser.get(f"/progress/months/{year.frozen}/waiting/unapproved"))
    assert "没核定的专场" in unapproved
    assert "取消的专场" not in unapproved
    assert browser.get(f"/progress/months/{year.frozen}/waiting/nothing").status_code == 404
    assert "待对方确认 无" in text_of(browser.get(f"/progress/months/{year.open}"))


def test_check_ins_received_after_the_day_are_named_before_the_freeze(browsers, year, make, session):
    check_in = make.check_in(year.event, make.enterprise(), Side.BUYER)
    check_in.received_at = check_in.at + timedelta(days=2 if year.event.held_on.month < 12 else 60)
    session.commit()

    page = text_of(browsers[0].get(f"/progress/months/{year.frozen}"))

    assert "当日之后才收到签到的场次 1 —" in page
    rows = text_of(browsers[0].get(f"/progress/months/{year.frozen}/waiting/late_check_ins"))
    assert "当月专场" in rows
    assert "1 条" in rows


def test_whoever_proposed_is_told_that_another_has_to_review(browsers, year, session):
    proposer, reviewer = browsers
    post(proposer, year.frozen, "propose")

    assert "您已提请关账。按规定须由另一位同事复核" in text_of(proposer.get(f"/progress/months/{year.frozen}"))
    assert "复核并冻结" in text_of(reviewer.get(f"/progress/months/{year.frozen}"))
    refused = post(proposer, year.frozen, "freeze")
    assert refused.status_code == 403
    assert "提请关账的人不能自己复核" in text_of(refused)
    session.expire_all()
    assert find_period(session, year.programme, year.frozen).state is PeriodState.CLOSING


def test_a_step_decided_on_an_older_version_is_refused(browsers, year):
    proposer, reviewer = browsers
    seen = version_of(reviewer, year.frozen)
    post(proposer, year.frozen, "propose")

    refused = post(reviewer, year.frozen, "freeze", seen=seen)

    assert refused.status_code == 409
    assert "已被他人修改" in text_of(refused)


def test_a_proposal_taken_back_opens_the_month_again(browsers, year):
    proposer, reviewer = browsers
    post(proposer, year.frozen, "propose")

    assert "已退回，月份重新开放" in text_of(post(reviewer, year.frozen, "take-back"))
    assert "提请关账" in text_of(reviewer.get(f"/progress/months/{year.frozen}"))


def test_a_month_that_has_not_begun_cannot_be_proposed(browsers, make, session, year, sign_in):
    session.add(Period(programme=make.programme(2099), month="2099-01"))
    session.commit()

    assert "这个月还没有到" in text_of(browsers[0].get("/progress/months/2099-01"))
    refused = post(browsers[0], "2099-01", "propose", seen="1")
    assert (refused.status_code, "2099-01 还没有到，不能关账" in text_of(refused)) == (422, True)


def test_what_was_issued_stays_byte_for_byte_whatever_the_ledger_says_later(
    browsers, publish, year, agreed, say, session
):
    deal = agreed(3 * YI)
    session.commit()
    publish()
    reader = browsers[0]
    files = session.query(IssuedFile).order_by(IssuedFile.id).all()
    paths = [f"/progress/months/{year.frozen}/files/{file.public_id}" for file in files]
    before = [reader.get(path) for path in paths]
    say("withdraw_deal", deal, reason="取消")
    agreed(YI)
    session.commit()

    after = [reader.get(path) for path in paths]

    assert [each.data for each in before] == [each.data for each in after]
    assert [hashlib.sha256(each.data).hexdigest() for each in after] == [file.digest for file in files]
    assert [each.headers["ETag"] for each in after] == [f'"{file.digest}"' for file in files]
    kept = reader.get(paths[0], headers={"If-None-Match": after[0].headers["ETag"]})
    assert (kept.status_code, kept.data) == (304, b"")


def test_a_damaged_file_is_not_handed_out(browsers, publish, year, agreed, session, settings):
    agreed()
    session.commit()
    publish()
    file = session.query(IssuedFile).first()
    (settings.data_dir / "issued" / file.digest).write_bytes(b"something else")

    answer = browsers[0].get(f"/progress/months/{year.frozen}/files/{file.public_id}")

    assert answer.status_code == 503
    assert "与登记的摘要不符，未予提供" in text_of(answer)


def test_a_frozen_month_shows_what_was_published_beside_what_is_said_now(
    browsers, publish, year, agreed, make, say, session
):
    deal, other = agreed(5 * YI), agreed(3 * YI)
    late = make.deal(event=year.event, amount=YI, unit_checked=True)
    session.commit()
    publish()
    say("confirm_deal", late, side="seller", unit_checked=True)
    say("withdraw_deal", deal, reason="取消")
    say("dispute_deal", other, reason="不认可")
    reader = browsers[1]

    months = text_of(reader.get("/progress/months"))
    month = text_of(reader.get(f"/progress/months/{year.frozen}"))
    following = text_of(reader.get(f"/progress/months/{year.open}"))

    assert f"{year.frozen} 已冻结 8.00 5.00 亿元 −3.00" in months
    assert "公布 8.00 亿元，现为 5.00 亿元。" in month
    assert "公布 8.00 0.00 0.00 8.00 现为 5.00 0.00 0.00 5.00 差额 −3.00 — — −3.00" in month
    assert (
        "此前各月公布累计 8.00 — 红冲：已公布月份的更正 −3.00 1 本月按期 0.00 — 本月补报 1.00 — "
        "红冲：已公布意向的撤回 −5.00 1 本月意向的撤回 0.00 — 截至本月累计 1.00"
    ) in following
    lines = text_of(reader.get(f"/progress/months/{year.open}/corrections"))
    assert "−8.00 亿元，2 条" in lines
    assert re.search(rf"{deal.number} \S+ \S+ .*?{year.frozen} 5.00 0.00 −5.00 亿元 撤回", lines)
    assert re.search(rf"{other.number} \S+ \S+ .*?{year.frozen} 3.00 0.00 −3.00 亿元 争议", lines)
    assert re.search(rf"{late.number} .*?属于 {year.frozen}，记在 {year.open}", text_of(
        reader.get(f"/progress/months/{year.open}/late")))  # fmt: skip
    since = text_of(reader.get(f"/progress/months/{year.frozen}/since"))
    assert other.number in since
    assert deal.number not in since


def test_the_triangle_shows_what_was_said_when_and_opens_to_lines(browsers, publish, year, agreed, say, session):
    deal = agreed(3 * YI)
    session.commit()
    publish()
    say("dispute_deal", deal, reason="不认可")
    reader = browsers[0]

    page = text_of(reader.get("/progress/triangle"))

    assert f"{year.frozen} 3.00 首次公布 0.00 −3.00" in page
    assert "合计 3.00 0.00" in page
    lines = text_of(reader.get(f"/progress/triangle/{year.frozen}/today"))
    assert deal.number in lines
    assert "−3.00 亿元，1 条" in lines
    exported = reader.get("/progress/triangle/export?format=csv").get_data(as_text=True).removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(exported)))
    assert rows[1] == [year.frozen, "300000000", "0"]
    assert ["合计", "300000000", "0"] in rows
    assert reader.get("/progress/triangle/export").status_code == 200
    for nowhere in (f"{year.frozen}/{year.frozen}", f"{year.open}/today", f"{year.frozen}/nothing"):
        assert reader.get(f"/progress/triangle/{nowhere}").status_code == 404


def test_a_prefecture_reads_the_totals_and_only_its_own_rows(
    browsers, publish, year, agreed, say, session, sign_in, make
):
    far = make.enterprise("宜昌甲", region="420500"), make.enterprise("宜昌乙", region="420500")
    deal = agreed(3 * YI, buyer=far[0], seller=far[1])
    session.commit()
    publish()
    say("dispute_deal", deal, reason="不认可")
    prefecture = sign_in(make.user(Role.OFFICIAL, office=make.office(region="420300")))

    assert "公布 3.00 亿元，现为 0.00 亿元。" in text_of(prefecture.get(f"/progress/months/{year.frozen}"))
    for path in (f"months/{year.open}/corrections", f"months/{year.frozen}/since", f"triangle/{year.frozen}/today"):
        page = text_of(prefecture.get(f"/progress/{path}"))
        assert deal.number not in page
        assert "宜昌甲" not in page
        assert "另有 1 条不在查看范围" in page
    result = session.query(IssuedFile).filter_by(media_type="application/json").one()
    workbook = session.query(IssuedFile).filter(IssuedFile.name.endswith(".xlsx")).one()
    session.commit()
    path = f"/progress/months/{year.frozen}/files"
    assert prefecture.get(f"{path}/{result.public_id}").status_code == 404
    assert prefecture.get(f"{path}/{workbook.public_id}").status_code == 200
    assert result.public_id not in prefecture.get(f"/progress/months/{year.frozen}").text
    refused = post(prefecture, year.open, "propose", seen="1")
    assert (refused.status_code, session.query(Snapshot).count()) == (403, 1)


def test_waiting_deals_of_others_are_counted_and_not_described(browsers, year, make, session, sign_in):
    far = make.enterprise("宜昌甲", region="420500"), make.enterprise("宜昌乙", region="420500")
    deal = make.deal(event=year.event, buyer=far[0], seller=far[1], amount=YI, unit_checked=True)
    prefecture = sign_in(make.user(Role.OFFICIAL, office=make.office(region="420300")))

    page = text_of(prefecture.get(f"/progress/months/{year.frozen}/waiting/unconfirmed"))

    assert "0.00 亿元，0 笔" in page
    assert "金额不在此列示" in page
    assert deal.number not in page


def test_firms_and_visitors_read_none_of_it(client, year, make, sign_in):
    firm = sign_in(make.user())

    paths = [f"/progress/{page.format(frozen=year.frozen)}" for page in PAGES]
    assert {firm.get(path).status_code for path in paths} == {403}
    assert {client.get(path).status_code for path in paths} == {302}
    assert firm.post(f"/progress/months/{year.frozen}/propose").status_code == 403


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.OFFICIAL, Role.COUNTY_OFFICER, Role.AUDITOR])
def test_offices_and_auditors_read_every_page(publish, agreed, year, make, sign_in, session, role):
    agreed()
    session.commit()
    publish()
    browser = sign_in(make.user(role))

    assert {browser.get(f"/progress/{page.format(frozen=year.frozen)}").status_code for page in PAGES} == {200}


@pytest.mark.parametrize("month", ["1999-01", "2024-13", "xxxx", "２０２６-03", "2026"])
def test_a_month_that_does_not_exist_is_absent(browsers, month):
    assert browsers[0].get(f"/progress/months/{month}").status_code == 404


def test_months_and_triangle_without_a_programme_or_a_freeze_say_so(sign_in, make, officials, session):
    browser = sign_in(officials[0])
    assert browser.get("/progress/months").status_code == browser.get("/progress/triangle").status_code == 200
    assert browser.get("/progress/triangle/export").status_code == 404
    make.programme()
    session.commit()

    assert "还没有月份" in text_of(browser.get("/progress/months?year=2026"))
    assert "还没有公布过" in text_of(browser.get("/progress/triangle?year=2026"))
