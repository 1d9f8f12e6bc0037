import pytest
from sqlalchemy import select

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.enterprises.models import Enterprise, EnterpriseState, LikenessVerdict, Verdict
from matchmaker.enterprises.queries.likeness import lookalikes, lookalikes_of, register_names
from matchmaker.enterprises.refusals import OutOfReach, SameEnterprise
from matchmaker.enterprises.services import EnterpriseFacts, edit_enterprise, note_likeness

KNOWN = "襄阳恒昌模具有限公司"


@pytest.fixture
def official(make):
    return make.user(Role.OFFICIAL)


def found(session, user, *names):
    return [each.enterprise.name for each in lookalikes(session, user, names)]


def test_a_firm_is_proposed_by_its_full_short_and_former_names(session, make, official):
    make.enterprise(KNOWN, short_name="恒昌精模", former_names=["襄阳县第二农机厂"])
    make.enterprise("武汉锐科光纤激光技术股份有限公司")

    assert found(session, official, "襄陽恆昌模具有限責任公司") == [KNOWN]
    assert found(session, official, "恒昌精模有限公司") == [KNOWN]
    assert found(session, official, "襄阳县第二农机厂") == [KNOWN]
    assert found(session, official, "襄阳拓新模具有限公司", "襄阳县第二农机厂") == [KNOWN]
    assert found(session, official, "襄阳恒昌食品有限公司") == []


def test_a_firm_entered_renamed_or_merged_after_the_first_question_is_known_at_once(session, make, official):
    firm = make.enterprise(KNOWN)
    assert found(session, official, "恒昌模具有限公司") == [KNOWN]

    make.enterprise("潜江翊渊电气有限公司")
    assert found(session, official, "潜江翊渊电器有限公司") == ["潜江翊渊电气有限公司"]
    facts = EnterpriseFacts(name="襄阳楚岳重工有限公司", region=firm.region)
    edit_enterprise(session, enterprise=firm, facts=facts, actor=official)
    assert found(session, official, "襄阳楚岳重工") == ["襄阳楚岳重工有限公司"]
    assert found(session, official, "恒昌模具有限公司") == ["襄阳楚岳重工有限公司"]  # among its former names


def test_the_names_are_read_once_and_not_again_for_every_question(session, make):
    make.enterprise(KNOWN)
    names = register_names(session)

    assert register_names(session) is names


def test_a_member_learns_only_of_firms_the_register_shows(session, make):
    make.enterprise(KNOWN, state=EnterpriseState.SUSPENDED)
    member = make.user(enterprise=make.enterprise("宜昌甲有限公司"))

    assert found(session, make.user(Role.OFFICIAL), KNOWN) == [KNOWN]
    assert found(session, member, KNOWN) == []


def test_a_firm_under_review_is_never_its_own_duplicate(session, make, official):
    firm = make.enterprise(KNOWN, former_names=["襄阳恒昌模具厂"])
    other = make.enterprise("恒昌模具（襄阳）有限公司")

    assert [each.enterprise for each in lookalikes_of(session, official, firm)] == [other]
    assert [each.enterprise for each in lookalikes_of(session, official, other)] == [firm]


def test_an_officers_answer_is_noted_sealed_and_may_change(session, make, official):
    firm, other = make.enterprise(KNOWN), make.enterprise("恒昌模具（襄阳）有限公司")

    note_likeness(session, enterprise=other, other=firm, verdict=Verdict.DIFFERENT, actor=official)
    note_likeness(session, enterprise=firm, other=other, verdict=Verdict.SAME, actor=official)

    rows = session.scalars(select(LikenessVerdict)).all()
    assert [(row.first_id, row.second_id, row.verdict) for row in rows] == [(firm.id, other.id, Verdict.SAME)]
    noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "note likeness").order_by(AuditEntry.id))
    assert [(entry.subject_id, entry.detail["verdict"]) for entry in noted] == [
        (other.public_id, "different"),
        (firm.public_id, "different"),
        (firm.public_id, "same"),
        (other.public_id, "same"),
    ]
    assert lookalikes_of(session, official, firm)[0].verdict is rows[0]


def test_only_an_office_of_one_of_the_places_answers_and_a_firm_is_no_pair(session, make, official):
    firm, other = make.enterprise(KNOWN), make.enterprise("恒昌模具（襄阳）有限公司")
    elsewhere = make.user(Role.COUNTY_OFFICER, office=make.office("宜昌市经信局", region="420500"))

    with pytest.raises(OutOfReach):
        note_likeness(session, enterprise=firm, other=other, verdict=Verdict.SAME, actor=elsewhere)
    with pytest.raises(SameEnterprise):
        note_likeness(session, enterprise=firm, other=firm, verdict=Verdict.SAME, actor=official)
    assert session.scalars(select(LikenessVerdict)).all() == []


@pytest.mark.parametrize("verdict", list(Verdict))
def test_nothing_is_ever_merged_by_an_answer(session, make, official, verdict):
    firm, other = make.enterprise(KNOWN), make.enterprise("恒昌模具（襄阳）有限公司")
    make.capability(other)
    before = rows_of(session)

    note_likeness(session, enterprise=firm, other=other, verdict=verdict, actor=official)
    session.flush()

    assert rows_of(session) == before


def rows_of(session):
    columns = Enterprise.__table__.c
    return session.execute(select(*columns).order_by(columns.id)).all()


# --- the pages ---


def test_a_reviewing_officer_sees_why_and_is_led_to_the_pair(session, make, sign_in, official):
    firm = make.enterprise(KNOWN, state=EnterpriseState.PENDING)
    other = make.enterprise("恒昌磨具（襄阳）有限公司武汉分公司")
    session.commit()
    page = sign_in(official).get(f"/enterprises/{firm.public_id}").text

    assert "分支机构不同；括号不同；“模”与“磨”音同或音近" in page
    assert f'href="/enterprises/duplicates/{firm.public_id}/{other.public_id}"' in page
    for role in (Role.ORGANISER, Role.AUDITOR):
        assert other.name not in sign_in(make.user(role)).get(f"/enterprises/{firm.public_id}").text
