"""The pages of the register."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import select

from matchmaker.accounts.models import Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import (
    Badge,
    Capability,
    CapabilityState,
    Enterprise,
    EnterpriseSize,
    EnterpriseState,
    Need,
    NeedKind,
    NeedState,
    NeedVisibility,
)
from matchmaker.enterprises.naming import search_text_of
from matchmaker.enterprises.services import registering


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def names_on(page):
    """The firms of a register page, in order."""
    return re.findall(r'class="p-main"><a class="plain" href="[^"]+">([^<]+)<', page.text)


def rows_of(session, model):
    """Every row as the database has it; reading ends, so that the next request may write."""
    session.expire_all()
    rows = list(session.scalars(select(model)))
    session.commit()
    return rows


def now(session, row):
    """A row as the database has it; reading ends, so that the next request may write."""
    session.refresh(row)
    session.commit()
    return row


def found(make, name, **values):
    firm = make.enterprise(name, **values)
    firm.search_text = search_text_of(name, firm.short_name or "", firm.former_names or [], firm.credit_code)
    make.session.flush()
    return firm


@pytest.fixture
def official(make):
    return make.user(Role.OFFICIAL)


# --- the register ---


def test_the_register_is_searched_and_filtered_together(session, make, sign_in, official):
    wanted = found(make, "襄阳恒昌模具有限公司", region="420602", size=EnterpriseSize.SMALL)
    make.capability(wanted, segment=make.segment("auto.mould"))
    session.add(Badge(enterprise=wanted, name="专精特新", starts_on=date(2020, 1, 1)))
    past = found(make, "襄阳旧昌模具有限公司", region="420602", size=EnterpriseSize.SMALL)
    make.capability(past, segment=make.segment("auto.mould"))
    session.add(Badge(enterprise=past, name="专精特新", starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1)))
    draft = found(make, "襄阳稿昌模具有限公司", region="420602", size=EnterpriseSize.SMALL)
    make.capability(draft, segment=make.segment("auto.mould"), state=CapabilityState.DRAFT)
    found(make, "宜昌恒昌模具有限公司", region="420500", size=EnterpriseSize.SMALL)
    browser = sign_in(official)

    def ask(**query):
        return sorted(names_on(browser.get("/enterprises", query_string=query)))

    assert ask(q="昌模具", prefecture="420600") == sorted(each.name for each in (wanted, past, draft))
    assert ask(q="昌模具", chain="auto") == sorted([wanted.name, past.name])
    assert ask(segment="auto.mould", badge="专精特新", size="small", state="verified") == [wanted.name]
    assert ask(q="hcmj", prefecture="420600", kind="enterprise") == [wanted.name]
    assert ask(q="没有这家") == []


def test_what_cannot_be_read_in_the_address_is_not_asked(make, sign_in, official):
    found(make, "襄阳恒昌模具有限公司")
    browser = sign_in(official)

    query = {
        "state": "nonsense",
        "size": "'",
        "page": "９",
        "sort": "password",
        "q": "\0",
        "chain": "",
        "endpoint": "x",
    }
    page = browser.get("/enterprises", query_string=query)

    assert (page.status_code, names_on(page)) == (200, ["襄阳恒昌模具有限公司"])


def test_firms_see_the_listed_register_and_nobodys_revenue(session, make, sign_in):
    small = found(make, "甲有限公司", last_year_revenue=10_000_000, legal_representative="张某某")
    large = found(make, "乙有限公司", last_year_revenue=987_650_000)
    hidden = found(make, "丙有限公司", state=EnterpriseState.SUSPENDED)
    small.updated_at, large.updated_at = utcnow() - timedelta(days=1), utcnow()
    reader = make.user(enterprise=small)
    browser = sign_in(reader)

    page = browser.get("/enterprises?sort=revenue")

    assert names_on(page) == ["乙有限公司", "甲有限公司"]
    assert "2 家" in words_of(page)
    assert "98,765" not in page.text
    shown = browser.get(f"/enterprises/{large.public_id}").text
    assert "98,765" not in shown
    assert browser.get(f"/enterprises/{hidden.public_id}").status_code == 404
    own = browser.get(f"/enterprises/{small.public_id}").text
    assert "1,000" in own
    assert "张某某" in own


def test_an_official_sorts_by_revenue_with_the_unknown_last(make, sign_in, official):
    found(make, "甲有限公司", last_year_revenue=10_000_000)
    found(make, "乙有限公司", last_year_revenue=None)
    found(make, "丙有限公司", last_year_revenue=90_000_000)
    browser = sign_in(official)

    assert names_on(browser.get("/enterprises?sort=-revenue")) == ["丙有限公司", "甲有限公司", "乙有限公司"]
    assert names_on(browser.get("/enterprises?sort=revenue")) == ["甲有限公司", "丙有限公司", "乙有限公司"]


def test_the_register_comes_in_pages(make, sign_in, official):
    for number in range(23):
        found(make, f"第{number:02}有限公司")
    browser = sign_in(official)

    first, last = browser.get("/enterprises"), browser.get("/enterprises?page=999")

    assert len(names_on(first)) == 20
    assert len(names_on(last)) == 3
    assert not set(names_on(first)) & set(names_on(last))
    assert "第 21—23，共 23" in words_of(last)


def test_an_export_holds_what_was_filtered_and_no_live_formula(make, sign_in, official):
    firm = found(make, "=HYPERLINK(0)有限公司", short_name="+cmd", former_names=["@旧名"], last_year_revenue=12_345_678)
    found(make, "宜昌乙有限公司", region="420500")
    make.capability(firm, segment=make.segment("auto.mould"))
    browser = sign_in(official)

    sheet = openpyxl.load_workbook(io.BytesIO(browser.get("/enterprises/export?prefecture=420600").data)).active
    lines = browser.get("/enterprises/export?prefecture=420600&format=csv").data.decode("utf-8-sig").splitlines()

    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert head[:5] == ["信用代码", "企业名称", "简称", "曾用名", "地区"]
    assert len(rows) == 1
    assert rows[0][:5] == [firm.credit_code, "'=HYPERLINK(0)有限公司", "'+cmd", "'@旧名", "襄阳市"]
    assert dict(zip(head, rows[0], strict=True))["上年营收（万元）"] == 1234.5678
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert len(lines) == 2
    assert lines[1].startswith(f"{firm.credit_code},'=HYPERLINK(0)有限公司,'+cmd,'@旧名,")


def test_a_firms_export_leaves_out_what_it_may_not_know(make, sign_in):
    firm = found(make, "甲有限公司")
    found(make, "乙有限公司", last_year_revenue=987_650_000, legal_representative="张某某")
    browser = sign_in(make.user(enterprise=firm))

    text = browser.get("/enterprises/export?format=csv").data.decode("utf-8-sig")

    assert len(text.splitlines()) == 3
    assert "营收" not in text
    assert "98765" not in text
    assert "张某某" not in text


def test_a_visitor_is_sent_to_sign_in(client):
    for path in ("/enterprises", "/needs", "/chains", "/enterprises/export", "/segments/propose?text=x"):
        assert client.get(path).location.startswith("/sign-in?next=")


# --- registering and editing ---


def filled(**changes):
    known = {
        "credit_code": "DEMO42060000000001", "name": "襄阳恒昌模具有限公司", "region": "420602", "kind": "enterprise",
        "size": "small", "industry": "3525", "last_year_revenue": "5280", "former_names": "恒昌模具厂\n恒昌厂",
    }  # fmt: skip
    return known | changes


def test_an_official_registers_a_firm(session, make, sign_in, official):
    browser = sign_in(official)

    answer = browser.post("/enterprises/new", data=filled(credit_code="ｄｅｍｏ42060000000001"))

    firm = rows_of(session, Enterprise)[0]
    assert (answer.status_code, answer.location) == (302, f"/enterprises/{firm.public_id}")
    assert (firm.last_year_revenue, firm.former_names, firm.industry_code) == (
        52_800_000, ["恒昌模具厂", "恒昌厂"], "3525"
    )  # fmt: skip


def test_a_code_already_registered_is_refused_with_the_input_kept(session, make, sign_in, official):
    known = make.enterprise("武汉别的有限公司")
    browser = sign_in(official)

    page = browser.post("/enterprises/new", data=filled(credit_code=known.credit_code))

    assert page.status_code == 409
    assert "武汉别的有限公司" in page.text
    assert 'value="襄阳恒昌模具有限公司"' in page.text


def test_of_two_offices_entering_one_code_at_once_the_second_is_refused(make, sign_in, official, monkeypatch):
    known = make.enterprise("武汉别的有限公司")
    browser = sign_in(official)
    monkeypatch.setattr(registering, "find_enterprise_by_code", lambda *_asked: None)

    page = browser.post("/enterprises/new", data=filled(credit_code=known.credit_code))

    assert page.status_code == 409
    assert "与已有记录冲突" in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"credit_code": "91420600MA0000000"}, "应为 18 位"),
        ({"last_year_revenue": "1.2亿"}, "不是以万元为单位的数"),
        ({"region": "999999"}, "有 1 处需要修改"),
        ({"name": ""}, "有 1 处需要修改"),
        ({"industry": "0000"}, "国民经济行业分类里没有代码“0000”"),
    ],
)
def test_wrong_facts_are_told_and_nothing_is_kept(session, make, sign_in, official, changes, sentence):
    page = sign_in(official).post("/enterprises/new", data=filled(**changes))

    assert page.status_code == 422
    assert sentence in words_of(page)
    assert rows_of(session, Enterprise) == []


def test_a_like_name_is_shown_first_and_never_merged(session, make, sign_in, official):
    known = found(make, "襄阳恒昌模具股份有限公司")
    browser = sign_in(official)

    page = browser.post("/enterprises/new", data=filled())
    assert page.status_code == 422
    assert f'href="/enterprises/{known.public_id}"' in page.text
    assert len(rows_of(session, Enterprise)) == 1

    assert browser.post("/enterprises/new", data=filled(is_other_firm="y")).status_code == 302
    assert len(rows_of(session, Enterprise)) == 2


def test_a_name_that_only_sounds_alike_is_shown_too(make, sign_in, official):
    known = found(make, "襄阳恒昌磨具有限公司")

    page = sign_in(official).post("/enterprises/new", data=filled())

    assert f'href="/enterprises/{known.public_id}"' in page.text


def test_another_firm_of_the_trade_is_no_duplicate(session, make, sign_in, official):
    found(make, "襄阳东风模具有限公司")

    assert sign_in(official).post("/enterprises/new", data=filled()).status_code == 302


def test_who_may_register_and_edit(make, sign_in):
    firm = make.enterprise()
    assert sign_in(make.user(enterprise=firm)).get("/enterprises/new").status_code == 403
    assert sign_in(make.user(Role.AUDITOR)).get("/enterprises/new").status_code == 403
    assert sign_in(make.user(Role.AUDITOR)).get(f"/enterprises/{firm.public_id}/edit").status_code == 403
    assert sign_in(make.user()).get(f"/enterprises/{firm.public_id}/edit").status_code == 403
    away = make.user(Role.COUNTY_OFFICER, office=make.office(region="420500"))
    assert sign_in(away).get(f"/enterprises/{firm.public_id}/edit").status_code == 403
    near = make.user(Role.COUNTY_OFFICER, office=make.office(region="420600"))
    assert sign_in(near).get(f"/enterprises/{firm.public_id}/edit").status_code == 200


def test_the_second_of_two_editors_is_told_and_keeps_the_text(session, make, sign_in, official):
    firm = make.enterprise("襄阳恒昌模具有限公司", region="420602")
    url = f"/enterprises/{firm.public_id}/edit"
    first, second = sign_in(official), sign_in(make.user(enterprise=firm))
    seen = re.search(r'name="seen_version" type="hidden" value="(\d+)"', second.get(url).text)[1]

    assert first.post(url, data=filled(short_name="甲", seen_version=seen)).status_code == 302
    refused = second.post(url, data=filled(short_name="我的简称", seen_version=seen))

    assert refused.status_code == 409
    assert "我的简称" in refused.text
    assert now(session, firm).short_name == "甲"


def test_an_official_verifies_and_the_firm_reads_it(session, make, sign_in):
    firm = make.enterprise(state=EnterpriseState.PENDING)
    official = make.user(Role.COUNTY_OFFICER, office=make.office(region="420600"))
    browser = sign_in(official)
    assert "核验通过" in browser.get(f"/enterprises/{firm.public_id}").text

    answer = browser.post(f"/enterprises/{firm.public_id}/steps/verify", data={"seen_version": str(firm.version)})

    assert (answer.status_code, now(session, firm).state) == (302, EnterpriseState.VERIFIED)
    again = browser.post(f"/enterprises/{firm.public_id}/steps/verify")
    assert again.status_code == 409
    assert "已认证" in words_of(again)


def test_asking_for_a_correction_needs_words_that_the_firm_then_reads(session, make, sign_in):
    firm = make.enterprise(state=EnterpriseState.PENDING)
    person = make.user(enterprise=firm)
    browser = sign_in(make.user(Role.OFFICIAL))
    url = f"/enterprises/{firm.public_id}/steps/correct"

    assert browser.get(url).status_code == 200
    assert browser.post(url, data={"reason": " "}).status_code == 422
    assert browser.post(url, data={"reason": "请补营业收入"}).status_code == 302

    own = sign_in(person).get("/enterprises/mine")
    assert "请补营业收入" in own.text
    assert "补正完毕，重新提交" in own.text
    other = sign_in(make.user()).get(f"/enterprises/{firm.public_id}")
    assert other.status_code == 404


def test_a_firm_takes_no_step_of_the_offices(make, sign_in):
    firm = make.enterprise(state=EnterpriseState.PENDING)
    browser = sign_in(make.user(enterprise=firm))

    assert browser.post(f"/enterprises/{firm.public_id}/steps/verify").status_code == 403
    assert browser.post(f"/enterprises/{firm.public_id}/steps/nonsense").status_code == 404


# --- capabilities ---


def test_a_capability_is_added_published_and_taken_back(session, make, sign_in):
    person = make.user()
    browser = sign_in(person)

    answer = browser.post(
        "/capabilities/new",
        data={
            "product": "汽车保险杠注塑模具", "segment": "auto.mould", "proposed": "auto.mould", "spare": "3",
            "capacity_unit": "套", "certificates": "IATF 16949；ISO 9001",
        },
    )  # fmt: skip

    line = rows_of(session, Capability)[0]
    assert (answer.status_code, answer.location) == (302, "/enterprises/mine#capabilities")
    assert (line.state, line.segment.code, line.certificates) == (
        CapabilityState.STATED, "auto.mould", ["IATF 16949", "ISO 9001"]
    )  # fmt: skip
    session.commit()
    assert "开始参与匹配" in browser.get("/enterprises/mine").text
    browser.post(f"/capabilities/{line.public_id}/withdraw", data={"seen_version": str(line.version)})
    assert now(session, line).state is CapabilityState.WITHDRAWN
    page = browser.get("/enterprises/mine")
    assert f'action="/capabilities/{line.public_id}/publish"' in page.text


def test_a_character_no_database_keeps_is_left_out(session, make, sign_in):
    browser = sign_in(make.user())

    answer = browser.post("/capabilities/new", data={"product": "压铸\0模", "certificates": "\0", "segment": "\0"})

    line = rows_of(session, Capability)[0]
    assert (answer.status_code, line.product, line.certificates, line.segment) == (302, "压铸模", [], None)
    assert browser.get("/segments/propose?text=a%00b&segment=%00").status_code == 200
    assert browser.get("/chains/battery?segment=%00").status_code == 200
    assert browser.get("/chains/%00").status_code == 404


def test_the_same_form_sent_twice_makes_one_capability(session, make, sign_in):
    browser = sign_in(make.user())
    headers = {"Idempotency-Key": "one-and-the-same"}

    answers = [browser.post("/capabilities/new", data={"product": "压铸模"}, headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(rows_of(session, Capability)) == 1


def test_a_draft_is_seen_by_its_firm_and_by_offices_only(session, make, sign_in):
    firm = make.enterprise()
    browser = sign_in(make.user(enterprise=firm))
    browser.post("/capabilities/new", data={"product": "压铸模草稿", "draft": "1"})

    assert rows_of(session, Capability)[0].state is CapabilityState.DRAFT
    assert "压铸模草稿" in browser.get("/enterprises/mine").text
    page = sign_in(make.user()).get(f"/enterprises/{firm.public_id}")
    assert page.status_code == 200
    assert "压铸模草稿" not in page.text


def test_the_listed_segment_wins_and_none_of_these_is_none(session, make, sign_in):
    browser = sign_in(make.user())

    browser.post("/capabilities/new", data={"product": "甲", "segment": "auto.mould", "listed_segment": "auto.cast"})
    browser.post("/capabilities/new", data={"product": "乙", "segment": "none"})

    lines = {line.product: line for line in rows_of(session, Capability)}
    assert lines["甲"].segment.code == "auto.cast"
    assert lines["乙"].segment is None


def test_a_refused_capability_keeps_what_was_typed(session, make, sign_in):
    browser = sign_in(make.user())

    page = browser.post("/capabilities/new", data={"product": "压铸模", "capacity": "120", "segment": "auto.mould"})

    assert page.status_code == 422
    assert "请同时填写单位" in words_of(page)
    assert 'value="120"' in page.text
    assert re.search(r'value="auto.mould" checked', page.text)
    assert rows_of(session, Capability) == []


def test_anothers_lines_are_as_absent_as_none(make, sign_in):
    line, need = make.capability(), make.need()
    browser = sign_in(make.user())

    for url in (
        f"/capabilities/{line.public_id}/edit",
        f"/needs/{need.public_id}/edit",
        f"/needs/{need.public_id}/close",
        "/capabilities/00000000000000000000/edit",
    ):
        assert browser.get(url).status_code == 404
    for url in (
        f"/capabilities/{line.public_id}/publish",
        f"/capabilities/{line.public_id}/withdraw",
        f"/needs/{need.public_id}/withdraw",
        f"/needs/{need.public_id}/publish",
    ):
        assert browser.post(url).status_code == 404
    assert sign_in(make.user(Role.OFFICIAL)).get("/capabilities/new").status_code == 403


def test_a_stale_edit_of_a_capability_changes_nothing(session, make, sign_in):
    line = make.capability(product="压铸模")
    browser = sign_in(make.user(enterprise=line.enterprise))

    answer = browser.post(f"/capabilities/{line.public_id}/edit", data={"product": "注塑模", "seen_version": "0"})

    assert answer.status_code == 409
    assert "注塑模" in answer.text
    assert now(session, line).product == "压铸模"


# --- needs ---


def test_a_need_is_published_and_read_by_others(session, make, sign_in):
    person = make.user()
    answer = sign_in(person).post(
        "/needs/new",
        data={
            "text": "铝合金压铸模 12 套", "kind": "purchase", "quantity": "12", "unit": "套", "budget_low": "2400",
            "budget_high": "3200", "deliver_by": "2030-07-31", "visibility": "public", "hard_conditions": "IATF 16949",
        },
    )  # fmt: skip

    need = rows_of(session, Need)[0]
    assert (answer.status_code, answer.location) == (302, f"/suggestions?need={need.public_id}")
    assert (need.budget_low, need.budget_high, need.kind) == (24_000_000, 32_000_000, NeedKind.PURCHASE)
    page = sign_in(make.user()).get(f"/needs/{need.public_id}")
    assert "2,400— 3,200 万元" in words_of(page)
    assert f"/meetings/ask?enterprise={person_firm(session, person).public_id}" in page.text


SENTENCE = "M8×30 304 不锈钢螺栓 年需20万件，要求IATF16949，宜昌、襄阳周边优先，预算300万元，2030年10月底前交货"


def test_what_a_sentence_asks_for_is_shown_to_keep_as_a_must_or_a_wish(make, sign_in):
    page = sign_in(make.user()).get("/conditions/read", query_string={"text": SENTENCE})

    assert chips(page) == [
        ("规格 M8×30", "soft"), ("材质 304", "soft"), ("数量 年需20万件", "soft"), ("资质 IATF16949", "hard"),
        ("地点 宜昌或襄阳周边", "soft"), ("预算 300万元", "soft"), ("交期 2030年10月底前交货", "soft"),
    ]  # fmt: skip


def chips(page):
    """What each recognised condition says, and what it is to be."""
    return re.findall(r'<select class="chip[^>]*name="wish" aria-label="([^"]*)">.*?value="(\w+)" selected', page.text)


@pytest.mark.parametrize("text", ["", "😀😀", "12345", "不" * 10_000, "\0"])
def test_odd_texts_show_no_conditions_that_are_none(make, sign_in, text):
    answer = sign_in(make.user()).get("/conditions/read", query_string={"text": text[:2_000]})

    assert answer.status_code == 200
    assert chips(answer) == ([("规格 12345", "soft")] if "1" in text else [])


def test_without_javascript_a_button_reads_the_conditions_and_keeps_what_was_typed(session, make, sign_in):
    page = sign_in(make.user()).post(
        "/needs/new", data={"text": SENTENCE, "kind": "purchase", "visibility": "public", "propose": "1"}
    )

    assert page.status_code == 200
    assert len(chips(page)) == 7
    assert rows_of(session, Need) == []


def test_chosen_conditions_are_saved_and_fill_only_fields_left_empty(session, make, sign_in):
    person = make.user()
    wishes = {
        "年需20万件": "soft", "IATF16949": "hard", "宜昌或襄阳周边": "soft", "预算300万元": "none",
        "2030年10月底前交货": "soft",
    }  # fmt: skip
    sign_in(person).post(
        "/needs/new",
        data={
            "text": SENTENCE, "kind": "purchase", "visibility": "public", "quantity": "5", "unit": "箱",
            "hard_conditions": "可提供样品", "term": list(wishes), "wish": list(wishes.values()),
        },
    )  # fmt: skip

    need = rows_of(session, Need)[0]
    assert (need.hard_conditions, need.soft_conditions) == (["可提供样品", "IATF16949"], ["宜昌或襄阳周边"])
    assert (need.quantity, need.unit, need.budget_high, need.deliver_by) == (5, "箱", None, date(2030, 10, 31))
    edit = sign_in(person).get(f"/needs/{need.public_id}/edit")
    assert [wish for _word, wish in chips(edit)][3:5] == ["hard", "soft"]


def test_conditions_nobody_was_shown_are_not_written_down(session, make, sign_in):
    sign_in(make.user()).post("/needs/new", data={"text": SENTENCE, "kind": "purchase", "visibility": "public"})

    need = rows_of(session, Need)[0]
    assert (need.hard_conditions, need.soft_conditions, need.quantity) == ([], [], None)


PRODUCT = "6061 铝合金压铸件 年产30万件，交期20天，IATF16949，半径300公里内"


def test_what_a_products_name_states_is_shown_to_fill_in_or_leave(make, sign_in):
    page = sign_in(make.user()).get("/statements/read", query_string={"product": PRODUCT})

    assert chips(page) == [
        ("材质 6061", "none"), ("数量 年产30万件", "fill"), ("交期 20天", "fill"), ("资质 IATF16949", "fill"),
        ("半径 300公里内", "fill"),
    ]  # fmt: skip


def test_what_was_to_be_filled_in_is_saved_and_a_filled_field_keeps_what_it_says(session, make, sign_in):
    choices = {"6061": "fill", "年产30万件": "fill", "交期20天": "none", "IATF16949": "fill", "半径300公里内": "fill"}
    sign_in(make.user()).post(
        "/capabilities/new",
        data={"product": PRODUCT, "radius_km": "50", "term": list(choices), "wish": list(choices.values())},
    )

    line = rows_of(session, Capability)[0]
    assert (line.material, line.capacity, line.capacity_unit, line.capacity_period) == ("6061", 300_000, "件", "year")
    assert (line.lead_days, line.certificates, line.radius_km) == (None, ["IATF16949"], 50)


def test_what_a_products_name_states_is_left_in_the_name_unless_it_was_shown(session, make, sign_in):
    sign_in(make.user()).post("/capabilities/new", data={"product": PRODUCT})

    line = rows_of(session, Capability)[0]
    assert (line.product, line.capacity, line.certificates) == (PRODUCT, None, [])


def person_firm(session, person):
    return session.get_one(Enterprise, person.enterprise_id)


def test_who_reads_a_need_depends_on_its_visibility(make, sign_in):
    buyer = make.enterprise()
    mould = make.segment("auto.mould")
    texts = {
        "公开的一条": make.need(buyer, "公开的一条", segment=mould),
        "给匹配方的": make.need(buyer, "给匹配方的", segment=mould, visibility=NeedVisibility.MATCHED),
        "给组织方的": make.need(buyer, "给组织方的", segment=mould, visibility=NeedVisibility.ORGANISERS),
        "还是草稿的": make.need(buyer, "还是草稿的", segment=mould, state=NeedState.DRAFT),
    }
    supplier = make.user()
    make.capability(make.session.get_one(Enterprise, supplier.enterprise_id), segment=mould)
    drafting = make.user()
    make.capability(
        make.session.get_one(Enterprise, drafting.enterprise_id), segment=mould, state=CapabilityState.DRAFT
    )

    def read_by(user):
        browser = sign_in(user)
        listed, firm = browser.get("/needs").text, browser.get(f"/enterprises/{buyer.public_id}").text
        chain = browser.get("/chains/auto?segment=auto.mould").text
        export = browser.get("/needs/export?format=csv").data.decode("utf-8-sig")
        opened = {text for text, need in texts.items() if browser.get(f"/needs/{need.public_id}").status_code == 200}
        shown = [{text for text in texts if text in page} for page in (listed, firm, chain, export)]
        assert all(each == opened - {"还是草稿的"} for each in shown)
        return sorted(opened)

    assert read_by(make.user()) == ["公开的一条"]
    assert read_by(drafting) == ["公开的一条"]
    assert read_by(supplier) == ["公开的一条", "给匹配方的"]
    assert read_by(make.user(Role.OFFICIAL)) == sorted(texts)
    assert read_by(make.user(enterprise=buyer)) == sorted(texts)


def test_the_needs_of_a_suspended_firm_and_those_overdue_are_not_listed(make, sign_in):
    gone = make.enterprise(state=EnterpriseState.SUSPENDED)
    hidden = make.need(gone, "停用企业的需求")
    make.need(None, "过了有效期的需求", valid_until=shanghai_day(utcnow()) - timedelta(days=1))
    make.need(None, "今天到期的需求", valid_until=shanghai_day(utcnow()))
    browser = sign_in(make.user())

    page = browser.get("/needs")

    assert "今天到期的需求" in page.text
    assert "停用企业的需求" not in page.text
    assert "过了有效期的需求" not in page.text
    assert browser.get(f"/needs/{hidden.public_id}").status_code == 404


def test_needs_are_filtered_and_sorted(make, sign_in):
    far = found(make, "宜昌乙有限公司", region="420500")
    make.need(far, "采购 ADC12 铝锭", kind=NeedKind.PURCHASE, segment=make.segment("auto.alloy"))
    make.need(
        None, "压铸件外协", kind=NeedKind.OUTSOURCING, segment=make.segment("auto.cast"), deliver_by=date(2030, 1, 1)
    )
    make.need(None, "电芯隔膜", segment=make.segment("battery.sep"), deliver_by=date(2029, 1, 1))
    browser = sign_in(make.user())

    def ask(**query):
        return names_on(browser.get("/needs", query_string=query))

    assert ask(kind="outsourcing") == ["压铸件外协"]
    assert sorted(ask(chain="auto")) == ["压铸件外协", "采购 ADC12 铝锭"]
    assert ask(segment="battery.sep") == ["电芯隔膜"]
    assert ask(prefecture="420500") == ["采购 ADC12 铝锭"]
    assert ask(q="adc12 铝") == ["采购 ADC12 铝锭"]
    assert ask(q="宜昌乙") == ["采购 ADC12 铝锭"]
    assert ask(sort="deliver") == ["电芯隔膜", "压铸件外协", "采购 ADC12 铝锭"]
    assert ask(state="met") == []


def test_an_export_of_needs_has_no_live_formula(make, sign_in):
    make.need(None, "=1+1", budget_low=24_000_000, hard_conditions=["-条件"], deliver_by=date(2030, 1, 1))
    browser = sign_in(make.user(Role.OFFICIAL))

    sheet = openpyxl.load_workbook(io.BytesIO(browser.get("/needs/export").data)).active

    head, row = [[cell.value for cell in row] for row in sheet.iter_rows()]
    values = dict(zip(head, row, strict=True))
    assert (values["需求"], values["必须满足"], values["预算下限（万元）"]) == ("'=1+1", "'-条件", 2400)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} <= {"s", "n", "d"}


def test_a_need_is_closed_reopened_and_withdrawn(session, make, sign_in):
    need = make.need()
    browser = sign_in(make.user(enterprise=need.enterprise))
    url = f"/needs/{need.public_id}"

    assert browser.post(f"{url}/close", data={"outcome": "unmet", "reason": ""}).status_code == 422
    assert browser.post(f"{url}/close", data={"outcome": "unmet", "reason": "价格谈不拢"}).status_code == 302
    assert "价格谈不拢" in browser.get(url).text
    assert browser.post(f"{url}/publish").status_code == 302
    assert browser.post(f"{url}/withdraw").status_code == 302
    assert now(session, need).state is NeedState.WITHDRAWN
    assert browser.post(f"{url}/withdraw").status_code == 409


def test_an_officer_lets_the_need_of_an_unverified_firm_out(session, make, sign_in):
    firm = make.enterprise(state=EnterpriseState.PENDING)
    officer = make.user(Role.COUNTY_OFFICER, office=make.office(region="420600"))
    own = sign_in(make.user(enterprise=firm))
    own.post("/needs/new", data={"text": "压铸模", "kind": "purchase", "visibility": "public"})
    need = rows_of(session, Need)[0]
    assert need.state is NeedState.PENDING
    assert sign_in(make.user()).get(f"/needs/{need.public_id}").status_code == 404
    assert own.post(f"/needs/{need.public_id}/approve").status_code == 403

    browser = sign_in(officer)
    assert "压铸模" in browser.get("/needs?state=pending").text
    assert browser.post(f"/needs/{need.public_id}/approve").status_code == 302

    assert now(session, need).state is NeedState.PUBLISHED


# --- the firm's own page ---


def test_a_new_firm_is_told_what_to_say_first(make, sign_in):
    browser = sign_in(make.user())

    page = browser.get("/enterprises/mine")

    assert "0 / 7" in words_of(page)
    assert "发布一条供给能力" in page.text


def test_an_official_has_no_own_firm(make, sign_in):
    assert sign_in(make.user(Role.OFFICIAL)).get("/enterprises/mine").status_code == 403
