from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises import services
from matchmaker.enterprises.credit_codes import InvalidCreditCode, SampleCodeRefused
from matchmaker.enterprises.models import (
    CapabilityState,
    EnterpriseSize,
    EnterpriseState,
    Identity,
    LineChange,
    LineKind,
    NeedState,
)
from matchmaker.enterprises.refusals import (
    BudgetUpsideDown,
    CapabilityAlreadyStated,
    CapabilityCannotMove,
    CapacityWithoutUnit,
    CreditCodeTaken,
    EnterpriseNotListed,
    InvalidForeignCode,
    NeedCannotMove,
    NeedNotEditable,
    NotEditable,
    OutOfReach,
    QuantityWithoutUnit,
    ReasonMissing,
    SpareAboveCapacity,
    StepNotOpen,
    UnknownIndustry,
    ValidityOver,
)
from matchmaker.enterprises.services import CapabilityFacts, EnterpriseFacts, NeedFacts
from matchmaker.enterprises.transitions import CAPABILITY_MOVES, NEED_MOVES, STEPS
from matchmaker.notices.models import Notice

REAL = "91420000100000000Q"  # coined, with the right check character


def changes(session, kind):
    return [change.line_id for change in session.scalars(select(LineChange).where(LineChange.kind == kind))]


def actions(session):
    return [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


@pytest.fixture
def official(make):
    return make.user(Role.OFFICIAL, office=make.office(region="420600"))


# --- registering ---


def test_an_office_registers_a_firm_that_nobody_has_claimed(session, make, official):
    facts = EnterpriseFacts(name="襄阳恒昌模具有限公司", short_name="恒昌", region=make.region("420600"))

    firm = services.register_enterprise(
        session, credit_code="ｄｅｍｏ 4206 0000 0000 01", facts=facts, actor=official, allow_samples=True
    )

    assert (firm.credit_code, firm.identity) == ("DEMO42060000000001", Identity.SAMPLE)
    assert firm.state is EnterpriseState.UNCLAIMED
    assert "xyhcmj" in firm.search_text.split("\n")
    assert changes(session, LineKind.ENTERPRISE) == [firm.id]
    assert actions(session) == ["register enterprise"]


def test_a_code_is_taken_once_and_the_refusal_names_whose_it_is(session, make, official):
    known = make.enterprise("襄阳甲有限公司")
    facts = EnterpriseFacts(name="襄阳乙有限公司", region=make.region("420600"))

    with pytest.raises(CreditCodeTaken, match="襄阳甲有限公司"):
        services.register_enterprise(
            session, credit_code=known.credit_code.lower(), facts=facts, actor=official, allow_samples=True
        )


def test_sample_codes_are_refused_where_only_real_firms_are_kept(session, make, official):
    facts = EnterpriseFacts(name="襄阳乙有限公司", region=make.region("420600"))

    with pytest.raises(SampleCodeRefused):
        services.register_enterprise(session, credit_code="DEMO42060000000001", facts=facts, actor=official)
    with pytest.raises(InvalidCreditCode):
        services.register_enterprise(session, credit_code=REAL[:-1] + "7", facts=facts, actor=official)


def test_an_office_registers_in_its_region_only(session, make, official):
    county = make.region("420602")
    facts = EnterpriseFacts(name="樊城乙有限公司", region=county)
    away = EnterpriseFacts(name="宜昌乙有限公司", region=make.region("420500"))

    firm = services.register_enterprise(
        session, credit_code="DEMO42060200000001", facts=facts, actor=official, allow_samples=True
    )
    with pytest.raises(OutOfReach):
        services.register_enterprise(
            session, credit_code="DEMO42050000000001", facts=away, actor=official, allow_samples=True
        )

    assert firm.region is county


def test_a_firm_abroad_is_known_by_its_registration_number(session, make):
    provincial = make.user(Role.OFFICIAL)
    facts = EnterpriseFacts(name="Northern Alloys GmbH", region=make.region("900000"))

    firm = services.register_enterprise(session, credit_code="hrb-12345", facts=facts, actor=provincial)

    assert (firm.identity, firm.credit_code) == (Identity.FOREIGN, "HRB-12345")
    with pytest.raises(InvalidForeignCode):
        services.register_enterprise(session, credit_code="注册号", facts=facts, actor=provincial)


def test_a_firm_that_renames_itself_is_found_by_both_names_and_reviewed(session, make):
    firm = make.enterprise("襄阳恒昌模具厂", state=EnterpriseState.VERIFIED)
    office = make.office(region="420600")
    facts = EnterpriseFacts(name="襄阳恒昌模具有限公司", region=firm.region, size=EnterpriseSize.SMALL)

    services.edit_enterprise(session, enterprise=firm, facts=facts, actor=make.user(enterprise=firm))

    assert firm.former_names == ["襄阳恒昌模具厂"]
    assert firm.search_text.split("\n")[:2] == ["襄阳恒昌模具有限公司", "襄阳恒昌模具厂"]
    assert firm.state is EnterpriseState.REVIEW
    assert session.scalars(select(Notice)).one().office_id == office.id


def test_what_does_not_identify_a_firm_changes_without_review(session, make):
    firm = make.enterprise(state=EnterpriseState.VERIFIED)
    facts = EnterpriseFacts(name=firm.name, region=firm.region, last_year_revenue=52_800_000)

    services.edit_enterprise(session, enterprise=firm, facts=facts, actor=make.user(enterprise=firm))

    assert (firm.state, firm.last_year_revenue) == (EnterpriseState.VERIFIED, 52_800_000)


def test_saving_without_a_change_leaves_no_mark(session, make, official):
    firm = make.enterprise(short_name="")

    services.edit_enterprise(
        session, enterprise=firm, facts=EnterpriseFacts(name=firm.name, region=firm.region), actor=official
    )

    assert changes(session, LineKind.ENTERPRISE) == []
    assert actions(session) == []


def test_an_enterprise_edits_only_itself_and_an_office_only_its_region(session, make, official):
    other = make.enterprise(region="420500")
    facts = EnterpriseFacts(name="改了", region=other.region)

    for actor in (make.user(), official, make.user(Role.AUDITOR)):
        with pytest.raises(OutOfReach):
            services.edit_enterprise(session, enterprise=other, facts=facts, actor=actor)
    assert other.name != "改了"


def test_an_office_cannot_move_a_firm_out_of_its_region(session, make, official):
    firm = make.enterprise()

    with pytest.raises(OutOfReach):
        services.edit_enterprise(
            session, enterprise=firm, facts=EnterpriseFacts(name="x", region=make.region("420500")), actor=official
        )


def test_an_unknown_industry_code_changes_nothing(session, make, official):
    firm = make.enterprise("襄阳甲有限公司")

    with pytest.raises(UnknownIndustry):
        services.edit_enterprise(
            session,
            enterprise=firm,
            facts=EnterpriseFacts(name="襄阳乙有限公司", region=firm.region, industry_code="0000"),
            actor=official,
        )

    assert firm.name == "襄阳甲有限公司"


def test_a_suspended_firm_stays_as_it_is(session, make):
    firm = make.enterprise(state=EnterpriseState.SUSPENDED)

    with pytest.raises(NotEditable, match="停用"):
        services.edit_enterprise(
            session,
            enterprise=firm,
            facts=EnterpriseFacts(name="x", region=firm.region),
            actor=make.user(enterprise=firm),
        )


def test_a_firm_goes_from_imported_to_verified(session, make, official):
    firm = make.enterprise(state=EnterpriseState.UNCLAIMED)
    person = make.user(enterprise=firm)
    seen = []

    for name, actor, reason in (
        ("claim", person, ""),
        ("correct", official, "请补营业收入"),
        ("resubmit", person, ""),
        ("verify", official, ""),
    ):
        services.take_step(session, enterprise=firm, name=name, actor=actor, reason=reason)
        seen.append((firm.state.value, firm.state_reason))

    assert seen == [("pending", ""), ("correcting", "请补营业收入"), ("pending", ""), ("verified", "")]
    assert actions(session) == ["claim enterprise", "correct enterprise", "resubmit enterprise", "verify enterprise"]
    told = [(notice.enterprise_id is not None, notice.body) for notice in session.scalars(select(Notice))]
    assert told == [(False, ""), (True, "请补营业收入"), (False, ""), (True, "")]
    assert len(changes(session, LineKind.ENTERPRISE)) == 4


@pytest.mark.parametrize("state", list(EnterpriseState))
@pytest.mark.parametrize("name", list(STEPS))
def test_each_step_is_taken_only_from_its_states(session, make, name, state):
    firm = make.enterprise(state=state)
    step = STEPS[name]
    actor = make.user(Role.OFFICIAL) if step.by_office else make.user(enterprise=firm)

    if state in step.sources:
        services.take_step(session, enterprise=firm, name=name, actor=actor, reason="原因")
        assert firm.state is step.target
    else:
        with pytest.raises(StepNotOpen):
            services.take_step(session, enterprise=firm, name=name, actor=actor, reason="原因")
        assert firm.state is state


def test_steps_belong_to_their_side(session, make, official):
    firm = make.enterprise(state=EnterpriseState.PENDING)

    for actor in (make.user(enterprise=firm), make.user(Role.ORGANISER), make.user(Role.AUDITOR)):
        with pytest.raises(OutOfReach):
            services.take_step(session, enterprise=firm, name="verify", actor=actor)
    with pytest.raises(ReasonMissing):
        services.take_step(session, enterprise=firm, name="correct", actor=official)
    far = make.user(Role.COUNTY_OFFICER, office=make.office(region="420500"))
    with pytest.raises(OutOfReach):
        services.take_step(session, enterprise=firm, name="verify", actor=far)


# --- capabilities ---


def test_a_capability_is_drafted_published_and_withdrawn(session, make):
    firm = make.enterprise()
    person = make.user(enterprise=firm)

    line = services.add_capability(
        session,
        enterprise=firm,
        facts=CapabilityFacts(product="压铸模", segment=make.segment("auto.mould"), certificates=("IATF 16949",)),
        actor=person,
    )
    assert (line.state, line.certificates) == (CapabilityState.DRAFT, ["IATF 16949"])
    services.publish_capability(session, capability=line, actor=person)
    assert line.state is CapabilityState.STATED
    services.withdraw_capability(session, capability=line, actor=person)

    assert line.state is CapabilityState.WITHDRAWN
    assert changes(session, LineKind.CAPABILITY) == [line.id] * 3
    assert actions(session) == ["add capability", "publish capability", "withdraw capability"]


def test_a_verified_capability_that_says_something_else_is_only_stated(session, make):
    line = make.capability(state=CapabilityState.VERIFIED, product="压铸模", spec="800T")
    person = make.user(enterprise=line.enterprise)

    services.edit_capability(
        session, capability=line, facts=CapabilityFacts(product="压铸模", spec="800T"), actor=person
    )
    assert line.state is CapabilityState.VERIFIED
    services.edit_capability(
        session, capability=line, facts=CapabilityFacts(product="压铸模", spec="3000T"), actor=person
    )

    assert (line.state, line.spec) == (CapabilityState.STATED, "3000T")


def test_the_same_product_is_listed_once_however_it_is_written(session, make):
    line = make.capability(product="压铸模", spec="800T")
    person = make.user(enterprise=line.enterprise)

    with pytest.raises(CapabilityAlreadyStated):
        services.add_capability(
            session,
            enterprise=line.enterprise,
            facts=CapabilityFacts(product="壓鑄模", spec="８００ｔ"),
            actor=person,
        )
    services.withdraw_capability(session, capability=line, actor=person)
    again = services.add_capability(
        session, enterprise=line.enterprise, facts=CapabilityFacts(product="压铸模", spec="800T"), actor=person
    )

    assert again.state is CapabilityState.DRAFT


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"capacity": Decimal(120)}, CapacityWithoutUnit),
        ({"spare": Decimal(1)}, CapacityWithoutUnit),
        ({"capacity": Decimal(120), "spare": Decimal(121), "capacity_unit": "套"}, SpareAboveCapacity),
    ],
)
def test_capacity_must_make_sense(session, make, values, refusal):
    firm = make.enterprise()

    with pytest.raises(refusal):
        services.add_capability(
            session,
            enterprise=firm,
            facts=CapabilityFacts(product="压铸模", **values),
            actor=make.user(enterprise=firm),
        )


def test_a_firm_that_is_not_listed_publishes_nothing(session, make):
    firm = make.enterprise(state=EnterpriseState.SUSPENDED)
    person = make.user(enterprise=firm)
    line = make.capability(firm, state=CapabilityState.DRAFT)
    need = make.need(firm, state=NeedState.DRAFT)

    with pytest.raises(EnterpriseNotListed):
        services.publish_capability(session, capability=line, actor=person)
    with pytest.raises(EnterpriseNotListed):
        services.publish_need(session, need=need, actor=person)


@pytest.mark.parametrize("state", list(CapabilityState))
def test_capabilities_move_as_their_table_says(session, make, state):
    line = make.capability(state=state)
    person = make.user(enterprise=line.enterprise)

    if CapabilityState.WITHDRAWN in CAPABILITY_MOVES[state]:
        services.withdraw_capability(session, capability=line, actor=person)
        assert line.state is CapabilityState.WITHDRAWN
    else:
        with pytest.raises(CapabilityCannotMove):
            services.withdraw_capability(session, capability=line, actor=person)


# --- needs ---


def facts_of_need(**values):
    return NeedFacts(**({"text": "铝合金压铸模 12 套"} | values))


def test_the_need_of_a_verified_firm_is_out_at_once(session, make):
    firm = make.enterprise(state=EnterpriseState.VERIFIED)
    person = make.user(enterprise=firm)

    need = services.add_need(session, enterprise=firm, facts=facts_of_need(), actor=person)
    assert need.state is NeedState.DRAFT
    services.publish_need(session, need=need, actor=person)

    assert need.state is NeedState.PUBLISHED
    assert changes(session, LineKind.NEED) == [need.id] * 2


def test_the_need_of_an_unverified_firm_waits_for_the_office(session, make):
    firm = make.enterprise(state=EnterpriseState.PENDING)
    county = make.user(Role.COUNTY_OFFICER, office=make.office(region="420600"))
    need = make.need(firm, state=NeedState.DRAFT)

    services.publish_need(session, need=need, actor=make.user(enterprise=firm))
    assert need.state is NeedState.PENDING
    with pytest.raises(OutOfReach):
        services.approve_need(session, need=need, actor=make.user(enterprise=firm))
    services.approve_need(session, need=need, actor=county)

    assert need.state is NeedState.PUBLISHED
    told = [(notice.office_id, notice.enterprise_id) for notice in session.scalars(select(Notice).order_by(Notice.id))]
    assert told == [(county.office.id, None), (None, firm.id)]


@pytest.mark.parametrize("state", list(NeedState))
def test_needs_move_as_their_table_says(session, make, state):
    need = make.need(state=state)
    person = make.user(enterprise=need.enterprise)

    if NeedState.WITHDRAWN in NEED_MOVES[state]:
        services.withdraw_need(session, need=need, actor=person)
        assert need.state is NeedState.WITHDRAWN
        services.publish_need(session, need=need, actor=person)
        assert need.state is NeedState.PUBLISHED
    else:
        with pytest.raises(NeedCannotMove):
            services.withdraw_need(session, need=need, actor=person)


@pytest.mark.parametrize("state", [NeedState.PENDING, NeedState.PUBLISHED, NeedState.TALKING, NeedState.INTENDED])
def test_what_is_out_is_not_published_again(session, make, state):
    need = make.need(state=state)

    with pytest.raises(NeedCannotMove):
        services.publish_need(session, need=need, actor=make.user(enterprise=need.enterprise))


def test_an_unmet_need_says_why_and_a_closed_one_stays_as_it_was(session, make):
    need = make.need()
    person = make.user(enterprise=need.enterprise)

    with pytest.raises(ReasonMissing):
        services.close_need(session, need=need, actor=person, is_met=False)
    services.close_need(session, need=need, actor=person, is_met=False, reason="省内没有供方")

    assert (need.state, need.reason) == (NeedState.UNMET, "省内没有供方")
    with pytest.raises(NeedNotEditable):
        services.edit_need(session, need=need, facts=facts_of_need(), actor=person)
    with pytest.raises(NeedCannotMove):
        services.close_need(session, need=need, actor=person, is_met=True)


def test_a_need_is_not_published_for_a_day_that_has_passed(session, make):
    yesterday = shanghai_day(utcnow()) - timedelta(days=1)
    need = make.need(state=NeedState.DRAFT, valid_until=yesterday)
    person = make.user(enterprise=need.enterprise)

    with pytest.raises(ValidityOver):
        services.publish_need(session, need=need, actor=person)
    services.edit_need(session, need=need, facts=facts_of_need(valid_until=yesterday), actor=person)
    need.valid_until = None
    services.publish_need(session, need=need, actor=person)
    with pytest.raises(ValidityOver):
        services.edit_need(session, need=need, facts=facts_of_need(valid_until=date(2020, 1, 1)), actor=person)

    assert need.valid_until is None


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"quantity": Decimal(12)}, QuantityWithoutUnit),
        ({"budget_low": 2_000_000, "budget_high": 1_000_000}, BudgetUpsideDown),
    ],
)
def test_figures_of_a_need_must_make_sense(session, make, values, refusal):
    firm = make.enterprise()

    with pytest.raises(refusal):
        services.add_need(session, enterprise=firm, facts=facts_of_need(**values), actor=make.user(enterprise=firm))


def test_nobody_keeps_anothers_lines(session, make):
    firm, stranger = make.enterprise(), make.user()
    line, need = make.capability(firm), make.need(firm)

    for forbidden in (
        lambda: services.add_capability(session, enterprise=firm, facts=CapabilityFacts(product="x"), actor=stranger),
        lambda: services.edit_capability(session, capability=line, facts=CapabilityFacts(product="x"), actor=stranger),
        lambda: services.withdraw_capability(session, capability=line, actor=stranger),
        lambda: services.add_need(session, enterprise=firm, facts=facts_of_need(), actor=stranger),
        lambda: services.edit_need(session, need=need, facts=facts_of_need(), actor=stranger),
        lambda: services.withdraw_need(session, need=need, actor=stranger),
        lambda: services.close_need(session, need=need, actor=stranger, is_met=True),
    ):
        with pytest.raises(OutOfReach):
            forbidden()
    assert actions(session) == []
