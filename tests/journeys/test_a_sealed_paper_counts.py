"""A deal of two firms without accounts: recorded from paper by one officer, checked by another, counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from matchmaker.accounts.models import Office, Role, User
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.models import Assurance, Deal
from tests.deals.evidence.files import PDF, jpeg
from tests.journeys.conftest import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Bureau:
    """Two officers of one office, an official above them, and the auditor."""

    office: Office
    first: User
    second: User
    official: User
    auditor: User


@pytest.fixture
def bureau(session, make) -> Bureau:
    make.programme(shanghai_day(utcnow()).year)
    make.enterprise("襄阳隆中铸造有限公司")
    make.enterprise("襄阳汉江农机有限公司")
    office = make.office("襄阳市试样经信局", region="420600")
    people = Bureau(
        office=office,
        first=make.user(Role.COUNTY_OFFICER, office=office),
        second=make.user(Role.OFFICIAL, office=office),
        official=make.user(Role.OFFICIAL),
        auditor=make.user(Role.AUDITOR),
    )
    session.commit()
    return people


def test_a_paper_recorded_by_one_officer_counts_once_another_has_checked_it(bureau, visit, session) -> None:
    official = visit(bureau.official, DESKTOP)
    before = net_intent(official)
    first = visit(bureau.first, PHONE)

    record_it(first)
    deal = session.scalars(select(Deal)).one()
    session.commit()
    waiting = net_intent(official)
    check_it_oneself(first, deal)
    the_auditor_sees_the_attempt(visit(bureau.auditor, DESKTOP), deal)
    still_waiting = net_intent(official)
    check_it(visit(bureau.second, DESKTOP), deal)

    assert (before, waiting, still_waiting, net_intent(official)) == ("0.00", "0.00", "0.00", "0.30")
    session.refresh(deal, ["entries", "standing"])
    assert deal.standing.assurance is Assurance.CONFIRMED
    assert [(entry.type.value, entry.party.value) for entry in deal.entries] == [
        ("declare", "office"), ("confirm", "buyer"), ("confirm", "seller"),
    ]  # fmt: skip


def net_intent(official: Visit) -> str:
    """净意向额 as the overview shows it, in 亿元."""
    official.open("/progress")
    target = official.page.locator(".tgt", has_text="净意向额")
    return re.sub(r"[^\d.]", "", target.locator(".big").inner_text().split("/")[0])


def record_it(officer: Visit) -> None:
    """From the list of papers to the deal, with a wrong file first."""
    page = officer.page
    officer.open("/deals/papers")
    page.get_by_role("link", name="登记纸质意向").click()
    page.get_by_label("买方", exact=True).fill("襄阳汉江农机有限公司")
    page.get_by_label("卖方", exact=True).fill("襄阳隆中铸造有限公司")
    page.get_by_label("标的").fill("收割机变速箱壳体铸件，3,000 件")
    page.get_by_label("金额（含税）").fill("3000")
    page.get_by_label("买方公章在纸质件上").check()
    page.get_by_label("卖方公章在纸质件上").check()
    page.get_by_label("盖章纸质件扫描件").set_input_files(
        {"name": "意向书.pdf", "mimeType": "application/pdf", "buffer": b"<html><script>alert(1)</script></html>"}
    )
    assert officer.overflow() <= 0
    page.get_by_role("button", name="登记，请另一人复核").click()
    expect(page.locator("main")).to_contain_text("文件内容是网页或 SVG，没有保存")
    officer.faults.clear()  # the browser notes the refusal's status
    assert page.get_by_label("标的").input_value() == "收割机变速箱壳体铸件，3,000 件"
    page.get_by_label("盖章纸质件扫描件").set_input_files(
        {"name": "意向书.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="登记，请另一人复核").click()
    expect(page.locator("main")).to_contain_text("盖章纸质件等待复核")
    expect(page.locator("main")).to_contain_text("意向书.pdf")
    assert officer.overflow() <= 0


def check_it_oneself(officer: Visit, deal: Deal) -> None:
    """There is no button for it; a form made by hand is refused."""
    expect(officer.page.get_by_role("link", name="复核纸质件", exact=True)).to_have_count(0)
    officer.page.evaluate(
        """address => {
             const form = document.querySelector("form[method=post]").cloneNode(true);
             form.action = address;
             form.insertAdjacentHTML(
               "beforeend", "<input name=form_key value=made-by-hand-0001><input name=verdict value=agrees>");
             document.body.append(form);
             form.submit();
           }""",
        f"/deals/{deal.public_id}/paper/check",
    )
    expect(officer.page.locator("body")).to_contain_text("不能自己复核，请由另一人办理")


def the_auditor_sees_the_attempt(auditor: Visit, deal: Deal) -> None:
    auditor.open("/")
    expect(auditor.page.locator("main")).to_contain_text("想复核自己登记的盖章纸质件")
    auditor.open("/deals/refused")
    expect(auditor.page.locator("main")).to_contain_text("襄阳市试样经信局")
    auditor.page.get_by_role("link", name=deal.number).click()
    expect(auditor.page.locator("h1")).to_contain_text("收割机变速箱壳体铸件")


def check_it(officer: Visit, deal: Deal) -> None:
    """Open the scan, agree, and add a picture of the seals."""
    page = officer.page
    officer.open("/deals")
    page.get_by_role("link", name="待复核纸质件 1").click()
    page.get_by_role("link", name=re.compile(deal.number)).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="打开扫描件").click()
    assert download.value.path().read_bytes() == PDF
    expect(page.locator("main")).to_contain_text("三千万元整")
    page.get_by_label("一致：双方名称").check()
    page.get_by_role("button", name="提交复核结果").click()
    expect(page.locator("main")).to_contain_text("以盖章纸质件确认")
    page.get_by_role("link", name="添加材料").click()
    page.get_by_label("附上材料选填").set_input_files({"name": "印章.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    page.get_by_role("button", name="附上材料", exact=True).click()
    expect(page.locator("#evidence")).to_contain_text("印章.jpg")
