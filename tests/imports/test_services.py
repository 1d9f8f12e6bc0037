"""A workbook goes in whole or not at all, and a second time changes nothing."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.enterprises.models import (
    Capability,
    CapabilityState,
    Enterprise,
    EnterpriseKind,
    EnterpriseState,
    Identity,
    LineChange,
    LineKind,
    Need,
    NeedKind,
    NeedState,
    NeedVisibility,
)
from matchmaker.imports import filing, services, writing
from matchmaker.imports.columns import CAPABILITIES, ENTERPRISES
from matchmaker.imports.models import ImportBatch, ImportState
from matchmaker.imports.queries import is_confirmable, shown_state
from matchmaker.jobs.models import Job, JobState
from matchmaker.notices.models import Notice
from tests.imports.books import book, code, csv, firm, line, need


@dataclass
class Desk:
    """Takes a workbook through the background work, as the pages and the worker do."""

    session: Any
    settings: Any
    run_jobs: Any
    user: Any

    def check(self, content: bytes, name: str = "企业名单.xlsx") -> ImportBatch:
        batch = services.receive_workbook(
            self.session, content=io.BytesIO(content), file_name=name, actor=self.user, data_dir=self.settings.data_dir
        )
        services.promise_check(self.session, batch=batch)
        return self._after_work(batch)

    def write(self, batch: ImportBatch) -> ImportBatch:
        services.confirm_import(self.session, batch=batch, actor=self.user)
        services.promise_writing(self.session, batch=batch)
        return self._after_work(batch)

    def bring_in(self, content: bytes, name: str = "企业名单.xlsx") -> ImportBatch:
        batch = self.check(content, name)
        assert batch.faults == []
        return self.write(batch)

    def _after_work(self, batch: ImportBatch) -> ImportBatch:
        self.session.commit()
        self.run_jobs()
        self.session.expire_all()
        return batch


@pytest.fixture
def desk(session, settings, run_jobs, make) -> Desk:
    return Desk(session, settings, run_jobs, make.user(Role.OFFICIAL))


@pytest.fixture
def own_desk(session, settings, run_jobs, make) -> Desk:
    enterprise = make.enterprise("襄阳试样模具厂", credit_code=code(1), identity=Identity.CREDIT_CODE)
    return Desk(session, settings, run_jobs, make.user(enterprise=enterprise))


def rows(session, model):
    return list(session.scalars(select(model).order_by(model.id)))


def counted(session):
    return tuple(session.scalar(select(func.count(model.id))) for model in (Enterprise, Capability, Need, LineChange))


def counts(new: int = 0, changed: int = 0, unchanged: int = 0):
    return {"new": new, "changed": changed, "unchanged": unchanged}


def test_a_workbook_is_written_as_it_says(desk, session) -> None:
    batch = desk.bring_in(
        book(
            firms=[
                firm(
                    short_name="一模", former_names="襄樊模具厂；老厂", industry_code="3525", size="小型",
                    last_year_revenue=5280.5, legal_representative="张三",
                )
            ],
            lines=[
                line(
                    segment_code="auto.cast", material="P20", spec="2500 t", capacity=120, capacity_unit="套",
                    capacity_period="年", spare=30, lead_days=45, certificates="ISO 9001；IATF 16949", radius_km=500,
                )
            ],
            needs=[
                need(
                    quantity=20000, unit="件", budget_low=800, budget_high=1000, deliver_by="2026-09-30",
                    hard_conditions="IATF 16949", visibility="仅匹配方",
                )
            ],
        )
    )  # fmt: skip

    assert batch.state is ImportState.IN
    assert batch.counts == {
        "enterprises": counts(1), "products": counts(), "capabilities": counts(1), "needs": counts(1)
    }  # fmt: skip
    (enterprise,), (capability,), (wanted,) = rows(session, Enterprise), rows(session, Capability), rows(session, Need)
    assert (enterprise.credit_code, enterprise.name, enterprise.short_name) == (code(1), "襄阳第1模具厂", "一模")
    assert (enterprise.state, enterprise.identity) == (EnterpriseState.UNCLAIMED, Identity.CREDIT_CODE)
    assert (enterprise.region.code, enterprise.industry_code, enterprise.kind) == (
        "420600", "3525", EnterpriseKind.ENTERPRISE,
    )  # fmt: skip
    assert (enterprise.former_names, enterprise.last_year_revenue) == (["襄樊模具厂", "老厂"], 52_805_000)
    assert "xiangyangdi1mujuchang" in enterprise.search_text.split("\n")
    assert (capability.enterprise_id, capability.segment.code) == (enterprise.id, "auto.cast")
    assert (capability.state, capability.capacity, capability.spare) == (CapabilityState.STATED, 120, 30)
    assert (capability.certificates, capability.lead_days) == (["ISO 9001", "IATF 16949"], 45)
    assert (wanted.enterprise_id, wanted.kind, wanted.state) == (enterprise.id, NeedKind.PURCHASE, NeedState.PUBLISHED)
    assert (wanted.budget_low, wanted.budget_high, wanted.quantity) == (8_000_000, 10_000_000, Decimal(20000))
    assert (wanted.visibility, wanted.deliver_by) == (NeedVisibility.MATCHED, date(2026, 9, 30))


def test_every_new_line_leaves_a_mark_and_the_import_is_sealed(desk, session) -> None:
    batch = desk.bring_in(book(firms=[firm()], lines=[line()], needs=[need()]))

    marks = [(mark.kind, mark.line_id) for mark in rows(session, LineChange)]
    ids = [rows(session, model)[0].id for model in (Enterprise, Capability, Need)]
    assert marks == list(zip((LineKind.ENTERPRISE, LineKind.CAPABILITY, LineKind.NEED), ids, strict=True))
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == batch.public_id))
    assert list(actions) == ["upload workbook", "confirm import", "import workbook"]
    assert [notice.title for notice in rows(session, Notice)] == [
        "“企业名单.xlsx”已检查，可以导入", "“企业名单.xlsx”已导入",
    ]  # fmt: skip


def test_nothing_is_written_before_somebody_confirms(desk, session) -> None:
    batch = desk.check(book(firms=[firm()], lines=[line()]))

    assert (batch.state, batch.counts["enterprises"]) == (ImportState.CHECKED, counts(1) | {"faulty": 0})
    assert counted(session) == (0, 0, 0, 0)


def test_the_same_workbook_again_changes_nothing(desk, session) -> None:
    content = book(
        firms=[firm(number, products="冲压件") for number in (1, 2)],
        lines=[line(), line(capacity=120, capacity_unit="套", spec="P20"), line(2, spec="8 * 30")],
        needs=[need(budget_low=800, quantity=1.5, unit="吨"), need(2, hard_conditions="ISO 9001")],
    )
    desk.bring_in(content)
    before = counted(session)
    versions = [row.version for model in (Enterprise, Capability, Need) for row in rows(session, model)]

    batch = desk.bring_in(content)

    assert counted(session) == before == (2, 5, 2, 9)
    assert [row.version for model in (Enterprise, Capability, Need) for row in rows(session, model)] == versions
    assert batch.counts == {
        "enterprises": counts(unchanged=2),
        "products": counts(unchanged=2),
        "capabilities": counts(unchanged=3),
        "needs": counts(unchanged=2),
    }


def test_a_fault_in_the_last_of_many_rows_keeps_all_of_them_out(desk, session) -> None:
    lines = [line(product=f"模具{number}") for number in range(2_000)]
    batch = desk.check(book(firms=[firm()], lines=[*lines, line(product="模具", lead_days="一个月")]))

    assert (batch.state, batch.fault_count) == (ImportState.REFUSED, 1)
    assert batch.faults == [
        {
            "sheet": "供给能力",
            "row": 2002,
            "column": "交期（天）",
            "message": "写的是“一个月”，只能填数字，不带单位和文字（单位见表头）。",
        }
    ]
    assert batch.counts["capabilities"] == {"new": 2000, "changed": 0, "unchanged": 0, "faulty": 1}
    assert not is_confirmable(batch)
    with pytest.raises(services.NotToBeImported):
        services.confirm_import(session, batch=batch, actor=desk.user)
    assert counted(session) == (0, 0, 0, 0)


def test_a_write_that_dies_half_way_leaves_nothing_and_can_be_confirmed_again(desk, session, monkeypatch) -> None:
    batch = desk.check(book(firms=[firm(1), firm(2)], lines=[line(1), line(2)], needs=[need()]))
    mark = writing._mark

    def die(session, kind, ids):
        mark(session, kind, ids)
        if kind is LineKind.CAPABILITY:
            raise OSError("the disk went away")

    with monkeypatch.context() as patched:
        patched.setattr(writing, "_mark", die)
        desk.write(batch)

    assert counted(session) == (0, 0, 0, 0)
    assert (batch.job.state, batch.job.attempts) == (JobState.FAILED, 3)
    assert (shown_state(batch), is_confirmable(batch)) == (ImportState.CHECKED, True)

    desk.write(batch)

    assert batch.state is ImportState.IN
    assert counted(session) == (2, 2, 1, 5)


def test_a_worker_that_dies_once_is_made_up_for_by_the_next_attempt(desk, session, monkeypatch) -> None:
    batch = desk.check(book(firms=[firm(1)], lines=[line(1)]))
    write, deaths = writing.write, []

    def die_once(*args, **kwargs):
        write(*args, **kwargs)
        if not deaths:
            deaths.append("killed")
            raise OSError("the worker was killed")

    monkeypatch.setattr(writing, "write", die_once)
    desk.write(batch)

    assert (batch.state, batch.job.attempts) == (ImportState.IN, 2)
    assert counted(session) == (1, 1, 0, 2)


def test_a_workbook_handed_over_twice_is_written_once(desk, session) -> None:
    batch = desk.check(book(firms=[firm()], needs=[need()]))
    services.confirm_import(session, batch=batch, actor=desk.user)
    services.promise_writing(session, batch=batch)
    services.promise_writing(session, batch=batch)
    desk._after_work(batch)

    assert [job.state for job in session.scalars(select(Job).where(Job.kind == services.WRITE))] == [JobState.DONE] * 2
    assert counted(session) == (1, 0, 1, 2)


def test_a_confirmed_workbook_cannot_be_confirmed_while_it_is_being_written(desk, session) -> None:
    batch = desk.check(book(firms=[firm()]))
    services.confirm_import(session, batch=batch, actor=desk.user)
    services.promise_writing(session, batch=batch)

    with pytest.raises(services.NotToBeImported):
        services.confirm_import(session, batch=batch, actor=desk.user)


def test_what_was_merged_since_the_check_refuses_the_workbook(desk, session, make) -> None:
    make.enterprise(credit_code=code(1), identity=Identity.CREDIT_CODE)
    batch = desk.check(book(lines=[line()]))
    rows(session, Enterprise)[0].state = EnterpriseState.MERGED
    session.commit()

    desk.write(batch)

    assert batch.state is ImportState.REFUSED
    assert [fault["message"] for fault in batch.faults] == ["这家企业已并入另一家，请改用并入后的信用代码。"]
    assert counted(session) == (1, 0, 0, 0)


def test_a_firm_registered_by_somebody_else_meanwhile_is_updated_not_doubled(desk, session, make) -> None:
    batch = desk.check(book(firms=[firm()], lines=[line()]))
    assert batch.counts["enterprises"]["new"] == 1
    make.enterprise("襄阳第1模具厂", credit_code=code(1), identity=Identity.CREDIT_CODE)
    session.commit()

    desk.write(batch)

    assert batch.counts["enterprises"] == counts(unchanged=1)
    assert counted(session) == (1, 1, 0, 1)


def test_only_what_differs_is_changed_and_an_empty_cell_changes_nothing(desk, session, make) -> None:
    enterprise = make.enterprise(
        "襄阳旧名模具厂", credit_code=code(1), identity=Identity.CREDIT_CODE, short_name="旧名",
        kind=EnterpriseKind.INSTITUTION, legal_representative="张三", state=EnterpriseState.VERIFIED,
    )  # fmt: skip
    held = make.capability(enterprise, "注塑模具", lead_days=30, material="P20", segment=make.segment())
    make.need(enterprise, "电池托盘", visibility=NeedVisibility.ORGANISERS, budget_low=10, budget_high=20)

    batch = desk.bring_in(
        book(
            firms=[firm(name="襄阳新名模具厂")],
            lines=[line(product="注塑模具", material="ｐ20", lead_days=45)],
            needs=[need(text="电池托盘", budget_low=1)],
        )
    )

    assert [batch.counts[name] for name in ("enterprises", "capabilities", "needs")] == [counts(changed=1)] * 3
    (enterprise,), (capability,), (wanted,) = rows(session, Enterprise), rows(session, Capability), rows(session, Need)
    assert (enterprise.name, enterprise.short_name, enterprise.version) == ("襄阳新名模具厂", "旧名", 2)
    assert (enterprise.kind, enterprise.legal_representative) == (EnterpriseKind.INSTITUTION, "张三")
    assert (enterprise.state, enterprise.public_id) == (EnterpriseState.VERIFIED, enterprise.public_id)
    assert "襄阳新名模具厂" in enterprise.search_text
    assert (capability.id, capability.lead_days, capability.segment.code) == (held.id, 45, "auto.cast")
    assert capability.version == 2
    assert (wanted.visibility, wanted.budget_low, wanted.budget_high) == (NeedVisibility.ORGANISERS, 10_000, None)


def test_a_verified_capability_that_reads_differently_is_only_stated_again(desk, session, make) -> None:
    enterprise = make.enterprise(credit_code=code(1), identity=Identity.CREDIT_CODE)
    make.capability(enterprise, "注塑模具", state=CapabilityState.VERIFIED, lead_days=30)
    make.capability(enterprise, "压铸模具", state=CapabilityState.VERIFIED, lead_days=30)

    desk.bring_in(book(lines=[line(product="注塑模具", lead_days=9), line(product="压铸模具", lead_days=30)]))

    assert [row.state for row in rows(session, Capability)] == [CapabilityState.STATED, CapabilityState.VERIFIED]


def test_a_met_need_stays_met_and_a_different_one_of_the_same_words_is_new(desk, session, make) -> None:
    enterprise = make.enterprise(credit_code=code(1), identity=Identity.CREDIT_CODE)
    make.need(enterprise, "电池托盘", state=NeedState.MET, unit="件")

    again = desk.bring_in(book(needs=[need(text="电池托盘", unit="件")]))
    other = desk.bring_in(book(needs=[need(text="电池托盘", unit="件", quantity=900)]))
    twice = desk.bring_in(book(needs=[need(text="电池托盘", unit="件", quantity=900)]))

    assert [batch.counts["needs"] for batch in (again, other, twice)] == [
        counts(unchanged=1), counts(new=1), counts(unchanged=1),
    ]  # fmt: skip
    assert [row.state for row in rows(session, Need)] == [NeedState.MET, NeedState.PUBLISHED]


def test_products_named_beside_a_firm_become_capabilities_unless_told_in_detail(desk, session) -> None:
    batch = desk.bring_in(
        book(firms=[firm(products="注塑模具；冲压件；注塑 模具")], lines=[line(product="注塑模具", spec="大型")])
    )

    assert batch.counts["products"] == counts(1)
    assert sorted((row.product, row.spec) for row in rows(session, Capability)) == [
        ("冲压件", ""), ("注塑模具", "大型"),
    ]  # fmt: skip


def test_a_line_without_segment_gets_the_one_its_words_clearly_name(desk, session, make) -> None:
    product = make.segment().products[0]["name"]

    desk.bring_in(book(firms=[firm()], lines=[line(product=product), line(product="某某业务及其他")]))

    placed = {row.product: row.segment and row.segment.code for row in rows(session, Capability)}
    assert placed == {product: "auto.cast", "某某业务及其他": None}


def test_text_that_looks_like_a_formula_goes_in_as_text(desk, session) -> None:
    desk.bring_in(book(firms=[firm()], lines=[line(product="=HYPERLINK(1)", spec="+8618812345678")]))

    (capability,) = rows(session, Capability)
    assert (capability.product, capability.spec) == ("=HYPERLINK(1)", "+8618812345678")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_a_csv_goes_in_whatever_its_encoding(desk, session, encoding) -> None:
    desk.bring_in(csv(ENTERPRISES, [firm(name="襄阳镕铸模具厂")], encoding), "企业.csv")
    desk.bring_in(csv(CAPABILITIES, [line(product="镁合金压铸模")], encoding), "能力.csv")

    assert [row.name for row in rows(session, Enterprise)] == ["襄阳镕铸模具厂"]
    assert [row.product for row in rows(session, Capability)] == ["镁合金压铸模"]


def test_an_unreadable_file_is_refused_with_its_reason(desk) -> None:
    batch = desk.check(b"\xff\x81\x20\xff", "坏.csv")

    assert (batch.state, batch.message) == (
        ImportState.REFUSED, "读不出文字编码。请把 .csv 另存为 UTF-8 或 GBK 编码后再上传。",
    )  # fmt: skip


def test_an_enterprise_brings_in_its_own_lines_only(own_desk, session, make) -> None:
    make.enterprise(credit_code=code(2), identity=Identity.CREDIT_CODE)

    faulty = own_desk.check(book(firms=[firm(1)], lines=[line(1), line(2)], needs=[need(3)]))
    clean = own_desk.bring_in(book(lines=[line(1)], needs=[need(1)]))

    assert [(fault["sheet"], fault["row"], fault["message"]) for fault in faulty.faults] == [
        ("企业", 2, "企业信息不能由企业自己导入，请在“企业”页修改，并删除本行。"),
        ("供给能力", 3, f"只能导入本企业（{code(1)}）的内容。"),
        ("需求", 2, f"只能导入本企业（{code(1)}）的内容。"),
    ]
    assert clean.state is ImportState.IN
    assert [row.state for row in rows(session, Need)] == [NeedState.PUBLISHED]


def test_the_needs_of_an_unverified_firm_wait_for_its_office(own_desk, session, make) -> None:
    office = make.office(region="420600")
    session.get_one(Enterprise, own_desk.user.enterprise_id).state = EnterpriseState.PENDING

    own_desk.bring_in(book(needs=[need(text="电池托盘"), need(text="水冷板")]))

    assert [row.state for row in rows(session, Need)] == [NeedState.PENDING] * 2
    told = session.scalars(select(Notice).where(Notice.office_id == office.id)).one()
    assert told.title == "襄阳试样模具厂导入了 2 条需求，待审"


def test_the_lines_of_a_firm_that_is_not_listed_are_drafts(own_desk, session) -> None:
    session.get_one(Enterprise, own_desk.user.enterprise_id).state = EnterpriseState.CORRECTING

    own_desk.bring_in(book(lines=[line(1)], needs=[need(1)]))

    assert [row.state for row in rows(session, Capability)] == [CapabilityState.DRAFT]
    assert [row.state for row in rows(session, Need)] == [NeedState.DRAFT]


def test_a_suspended_firm_stays_as_it_is(desk, make) -> None:
    make.enterprise(credit_code=code(1), identity=Identity.CREDIT_CODE, state=EnterpriseState.SUSPENDED)

    batch = desk.check(book(firms=[firm()], needs=[need()]))

    assert [fault["message"] for fault in batch.faults] == ["这家企业目前是“停用”，资料不能修改。"] * 2


def test_a_need_whose_day_has_passed_is_not_published(desk) -> None:
    batch = desk.check(
        book(firms=[firm()], needs=[need(valid_until="2020-12-31"), need(text="水冷板", valid_until="2099-12-31")])
    )

    assert [(fault["row"], fault["column"], fault["message"]) for fault in batch.faults] == [
        (2, "有效期至", "有效期 2020-12-31 已过，请先改为今天以后的日期。")
    ]


def test_numbers_come_with_their_unit_and_no_more_is_spare_than_there_is(desk) -> None:
    lines = [line(capacity=5), line(spec="甲", spare=5), line(spec="乙", capacity=5, spare=6, capacity_unit="套")]
    batch = desk.check(book(firms=[firm()], lines=lines, needs=[need(quantity=3)]))

    assert [(fault["sheet"], fault["row"], fault["column"], fault["message"]) for fault in batch.faults] == [
        ("供给能力", 2, "产能单位", "填了产能或余量，请同时填写单位，例如“套”“吨”。"),
        ("供给能力", 3, "产能单位", "填了产能或余量，请同时填写单位，例如“套”“吨”。"),
        ("供给能力", 4, "余量", "余量不能大于产能。"),
        ("需求", 2, "单位", "填了数量，请同时填写单位，例如“套”“吨”。"),
    ]


def test_former_names_gather_and_the_name_given_up_joins_them(desk, session, make) -> None:
    make.enterprise("襄阳旧名厂", credit_code=code(1), identity=Identity.CREDIT_CODE, former_names=["襄樊老名厂"])
    content = book(firms=[firm(name="襄阳新名厂", former_names="襄樊机械厂")])

    first, second = desk.bring_in(content), desk.bring_in(content)

    (enterprise,) = rows(session, Enterprise)
    assert (enterprise.name, enterprise.former_names) == ("襄阳新名厂", ["襄樊老名厂", "襄樊机械厂", "襄阳旧名厂"])
    assert [batch.counts["enterprises"] for batch in (first, second)] == [counts(changed=1), counts(unchanged=1)]
    assert "襄樊机械厂" in enterprise.search_text.split("\n")


def test_capacity_is_taken_whole_with_its_unit(desk, session, make) -> None:
    enterprise = make.enterprise(credit_code=code(1), identity=Identity.CREDIT_CODE)
    make.capability(enterprise, "注塑模具", capacity=10, capacity_unit="套", capacity_period="month", spare=9)

    desk.bring_in(book(lines=[line(product="注塑模具", capacity=3, capacity_unit="吨")]))

    (capability,) = rows(session, Capability)
    assert (capability.capacity, capability.capacity_unit) == (3, "吨")
    assert (capability.capacity_period, capability.spare) == ("", None)


def test_an_office_reaches_its_own_region_only(session, settings, run_jobs, make) -> None:
    desk = Desk(session, settings, run_jobs, make.user(Role.OFFICIAL, office=make.office(region="420600")))
    for number, region in ((1, "420606"), (2, "420100"), (3, "440000")):
        make.enterprise(credit_code=code(number), identity=Identity.CREDIT_CODE, region=region)

    firms = [firm(4, region_code="樊城区"), firm(5, region_code="武汉市")]
    batch = desk.check(book(firms=firms, lines=[line(number) for number in (1, 2, 3)]))

    assert [(fault["sheet"], fault["row"], fault["column"], fault["message"]) for fault in batch.faults] == [
        ("企业", 3, "地区*", "本单位只能登记本地区的企业。"),
        ("供给能力", 3, "信用代码*", "这家企业登记在武汉市，不在本单位的范围内。"),
        ("供给能力", 4, "信用代码*", "这家企业登记在广东省，不在本单位的范围内。"),
    ]


def test_sample_codes_stay_out_of_a_real_installation(desk, settings) -> None:
    settings.allow_sample_codes = False
    batch = desk.check(book(firms=[firm(code="DEMO00000000000001")]))

    assert batch.faults[0]["message"] == "“DEMO00000000000001”是演示代码，只能在演示环境使用。"


def test_the_file_is_kept_once_by_its_digest(desk, settings) -> None:
    content = book(firms=[firm()])
    one, two = desk.check(content), desk.check(content)

    assert one.file_digest == two.file_digest
    kept = [path for path in (settings.data_dir / filing.FOLDER).glob("??/*") if path.is_file()]
    assert kept == [filing.path_of(settings.data_dir, one.file_digest)]
    assert kept[0].read_bytes() == content


def test_a_name_with_a_path_is_kept_as_a_name(desk) -> None:
    batch = desk.check(book(firms=[firm()]), "..\\..\\C:/etc/\0名单.xlsx")

    assert (batch.file_name, batch.state) == ("名单.xlsx", ImportState.CHECKED)


def test_two_writers_of_one_new_firm_leave_one_firm(desk, session, monkeypatch) -> None:
    """The loser finds the row of the winner when it tries again."""
    batch = desk.check(book(firms=[firm()], lines=[line()]))
    write, tries = writing.write, []

    def beaten_once(session, plans, *args, **kwargs):
        tries.append(plans.enterprises.counts)
        if len(tries) == 1:
            raise IntegrityError("insert", {}, Exception("another import was first"))
        write(session, plans, *args, **kwargs)

    monkeypatch.setattr(writing, "write", beaten_once)
    desk.write(batch)

    assert (len(tries), batch.state, counted(session)) == (2, ImportState.IN, (1, 1, 0, 2))


def test_a_new_firm_that_may_be_registered_already_is_named_and_goes_in_all_the_same(desk, session, make) -> None:
    make.enterprise("襄阳恒昌模具有限公司", former_names=["襄阳县第二农机厂"])
    known = session.scalars(select(Enterprise)).one()
    firms = [
        firm(1, name="恒昌磨具（襄阳）有限公司"),
        firm(2, name="襄阳恒昌食品有限公司"),
        firm(3, name="潜江翊渊电气有限公司", former_names="襄阳县第二农机厂"),
    ]

    batch = desk.check(book(firms=firms))

    assert [(each["name"], each["known"], each["code"]) for each in batch.lookalikes] == [
        ("恒昌磨具（襄阳）有限公司", known.name, known.credit_code),
        ("潜江翊渊电气有限公司", known.name, known.credit_code),
    ]
    assert [each["why"] for each in batch.lookalikes] == [
        "括号不同；“磨”与“模”音同或音近",
        "与其简称或曾用名“襄阳县第二农机厂”相近：名称完全相同",
    ]
    assert (batch.lookalike_count, batch.fault_count, is_confirmable(batch)) == (2, 0, True)
    before = (known.id, known.name, known.credit_code, known.version)
    desk.write(batch)
    session.expire_all()
    assert session.scalar(select(func.count(Enterprise.id))) == 4
    kept = session.get(Enterprise, before[0])
    assert (kept.id, kept.name, kept.credit_code, kept.version) == before


def test_a_row_of_a_registered_firm_is_an_update_and_no_lookalike(desk, make) -> None:
    desk.bring_in(book(firms=[firm(1, name="襄阳恒昌模具有限公司")]))

    batch = desk.check(book(firms=[firm(1, name="襄阳恒昌精密模具有限公司")]))

    assert (batch.lookalikes, batch.counts["enterprises"]["changed"]) == ([], 1)
