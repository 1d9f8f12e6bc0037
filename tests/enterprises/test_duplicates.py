"""Pairs that may be one firm: found, judged, merged and taken apart again."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.cli import matchmaker
from matchmaker.db import utcnow
from matchmaker.enterprises.models import Enterprise, EnterpriseState, LikenessVerdict, Merger, Verdict
from matchmaker.enterprises.queries.duplicates import (
    DuplicateFilters,
    all_duplicates,
    duplicate_counts,
    duplicates_behind,
    merger_of,
)
from matchmaker.enterprises.queries.likeness import lookalikes
from matchmaker.enterprises.queries.lines import shown_needs
from matchmaker.enterprises.refusals import AlreadyMerged, MergerSettled, NotMerged, OutOfReach, SameEnterprise
from matchmaker.enterprises.services import (
    EnterpriseFacts,
    edit_enterprise,
    end_merger,
    find_duplicates,
    merge_duplicate,
    note_likeness,
    promise_search,
)
from matchmaker.notices.models import Notice

KNOWN = "襄阳恒昌模具有限公司"
ALIKE = "恒昌模具（襄阳）有限公司"


@pytest.fixture
def official(make):
    return make.user(Role.OFFICIAL)


@pytest.fixture
def pair(make):
    return make.enterprise(KNOWN), make.enterprise(ALIKE)


def search(session, **options):
    session.commit()
    found = find_duplicates(session, report=lambda *_: True, **options)
    session.commit()
    return found


def kept(session):
    """The one pair as the pages left it; SQLite lets nobody write while a test reads."""
    row = session.execute(select(*LikenessVerdict.__table__.c)).one()
    session.commit()
    return row


def states(session):
    found = dict(session.execute(select(Enterprise.name, Enterprise.state)).all())
    session.commit()
    return found


def waiting(session, user, **asked):
    return [(row.first.name, row.second.name) for row in all_duplicates(session, user, DuplicateFilters(**asked))]


# --- finding ---


def test_a_search_puts_look_alikes_before_officers_nearest_first(session, make, official):
    make.enterprise("武汉锐科光纤激光技术股份有限公司")
    far = make.enterprise("潜江翊渊电气有限公司"), make.enterprise("潜江翊渊电器有限公司")
    near = make.enterprise(KNOWN), make.enterprise("襄陽恆昌模具有限公司")

    found = search(session)

    assert (found.compared, found.firms, found.added) == (5, 5, 2)
    assert waiting(session, official) == [tuple(firm.name for firm in near), tuple(firm.name for firm in far)]


def test_only_firms_with_new_names_are_compared_again(session, make, official, pair):
    make.enterprise("武汉锐科光纤激光技术股份有限公司")
    search(session)
    assert search(session).compared == 0

    make.enterprise("潜江翊渊电气有限公司")
    make.enterprise("潜江翊渊电器有限公司")
    assert search(session).compared == 2
    assert search(session, anew=True).compared == 5
    assert len(waiting(session, official)) == 2


def test_a_renamed_firm_leaves_the_queue_and_what_was_judged_stays(session, make, official, pair):
    firm, _other = pair
    one, another = make.enterprise("潜江翊渊电气有限公司"), make.enterprise("潜江翊渊电器有限公司")
    search(session)
    note_likeness(session, enterprise=one, other=another, verdict=Verdict.DIFFERENT, actor=official)
    for renamed, name in ((firm, "宜昌山峡重工有限公司"), (one, "随州九头鸟专用汽车有限公司")):
        facts = EnterpriseFacts(name=name, region=renamed.region)
        edit_enterprise(session, enterprise=renamed, facts=facts, actor=official)
        renamed.former_names = []

    assert search(session).dropped == 1

    assert waiting(session, official) == []
    assert waiting(session, official, verdict=Verdict.DIFFERENT) == [(one.name, another.name)]


def test_a_search_that_is_told_to_stop_changes_nothing(session, make, official, pair):
    session.commit()

    find_duplicates(session, report=lambda *_: False)
    session.commit()

    assert waiting(session, official) == []
    assert search(session).added == 1


def test_a_search_is_promised_once_and_done_by_the_worker(session, official, pair, run_jobs):
    session.commit()
    assert promise_search(session) is not None
    assert promise_search(session) is None
    session.commit()

    run_jobs()

    assert waiting(session, official) == [(KNOWN, ALIKE)]


def test_an_operator_searches_from_the_terminal(session, settings, official, pair, monkeypatch):
    session.commit()
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("MATCHMAKER_DEMO", "1")

    answer = CliRunner().invoke(matchmaker, ["duplicates", "--json"])

    assert answer.exit_code == 0
    assert answer.stdout == '{"compared": 2, "firms": 2, "added": 1, "dropped": 0}\n'
    assert waiting(session, official) == [(KNOWN, ALIKE)]


# --- merging ---


def test_a_duplicate_stands_behind_its_survivor_with_its_lines_kept(session, make, official, pair):
    survivor, duplicate = pair
    need = make.need(duplicate)
    search(session)

    merge_duplicate(session, duplicate=duplicate, survivor=survivor, actor=official)
    session.flush()

    assert (duplicate.state, survivor.state) == (EnterpriseState.MERGED, EnterpriseState.VERIFIED)
    assert merger_of(session, duplicate).survivor is survivor
    assert [merger.duplicate for merger in duplicates_behind(session, survivor)] == [duplicate]
    assert shown_needs(session, make.user(enterprise=survivor), duplicate) == []
    assert need.enterprise is duplicate
    assert [each.enterprise for each in lookalikes(session, official, [ALIKE])] == [survivor]
    assert waiting(session, official) == []
    assert waiting(session, official, verdict=Verdict.SAME) == [(KNOWN, ALIKE)]
    told = session.scalars(select(Notice).where(Notice.enterprise_id == duplicate.id)).one()
    assert told.title == f"贵公司的登记已并入“{KNOWN}”"


def test_a_merger_taken_back_leaves_everything_as_it_was_and_its_history(session, make, official, pair):
    survivor, duplicate = pair
    duplicate.state = EnterpriseState.REVIEW
    need = make.need(duplicate)
    merge_duplicate(session, duplicate=duplicate, survivor=survivor, actor=official)

    end_merger(session, duplicate=duplicate, survivor=survivor, actor=official)
    session.flush()

    assert duplicate.state is EnterpriseState.REVIEW
    assert shown_needs(session, make.user(enterprise=survivor), duplicate) == [need]
    assert merger_of(session, duplicate) is None
    merger = session.scalars(select(Merger)).one()
    assert (merger.user_id, merger.ended_by_id) == (official.id, official.id)
    assert duplicate_counts(session, official) == {
        Verdict.OPEN: 1,
        Verdict.SAME: 0,
        Verdict.DIFFERENT: 0,
        Verdict.LATER: 0,
    }
    deeds = session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_id == duplicate.public_id).order_by(AuditEntry.id)
    )
    assert list(deeds) == ["note likeness", "merge enterprise", "note likeness", "end merger"]

    merge_duplicate(session, duplicate=survivor, survivor=duplicate, actor=official)
    assert merger_of(session, survivor).survivor is duplicate


def test_a_duplicate_has_one_survivor_and_a_survivor_is_no_duplicate(session, make, official, pair):
    survivor, duplicate = pair
    third = make.enterprise("襄阳恒昌模具厂")
    merge_duplicate(session, duplicate=duplicate, survivor=survivor, actor=official)

    with pytest.raises(AlreadyMerged):
        merge_duplicate(session, duplicate=duplicate, survivor=third, actor=official)
    with pytest.raises(AlreadyMerged):
        merge_duplicate(session, duplicate=third, survivor=duplicate, actor=official)
    with pytest.raises(NotMerged):
        end_merger(session, duplicate=duplicate, survivor=third, actor=official)
    with pytest.raises(SameEnterprise):
        merge_duplicate(session, duplicate=third, survivor=third, actor=official)


def test_a_merger_is_settled_after_thirty_days(session, official, pair):
    survivor, duplicate = pair
    merger = merge_duplicate(session, duplicate=duplicate, survivor=survivor, actor=official)
    merger.at = utcnow() - timedelta(days=30, minutes=1)

    with pytest.raises(MergerSettled):
        end_merger(session, duplicate=duplicate, survivor=survivor, actor=official)

    assert duplicate.state is EnterpriseState.MERGED


def test_who_merges_checks_firms_where_the_duplicate_is(session, make):
    here, elsewhere = make.enterprise(KNOWN), make.enterprise(ALIKE, region="420500")
    officer = make.user(Role.COUNTY_OFFICER, office=make.office("襄阳市经信局", region="420600"))
    search(session)

    assert waiting(session, officer) == [(KNOWN, ALIKE)]
    with pytest.raises(OutOfReach):
        merge_duplicate(session, duplicate=elsewhere, survivor=here, actor=officer)
    merge_duplicate(session, duplicate=here, survivor=elsewhere, actor=officer)

    assert here.state is EnterpriseState.MERGED


def test_an_office_sees_the_pairs_of_its_region_only(session, make, pair):
    search(session)
    elsewhere = make.user(Role.COUNTY_OFFICER, office=make.office("宜昌市经信局", region="420500"))

    assert waiting(session, elsewhere) == []
    assert duplicate_counts(session, elsewhere)[Verdict.OPEN] == 0
    assert waiting(session, make.user(Role.ORGANISER)) == []


# --- the pages ---


def address(one, other):
    return f"/enterprises/duplicates/{one.public_id}/{other.public_id}"


def test_an_officer_compares_two_registrations_merges_one_and_takes_it_back(session, make, sign_in, official, pair):
    survivor, duplicate = pair
    survivor.legal_representative = duplicate.legal_representative = "周启明"
    make.capability(duplicate, "压铸模架")
    search(session)
    browser = sign_in(official)
    listed = browser.get("/enterprises/duplicates").text
    assert f'href="{address(survivor, duplicate)}"' in listed
    assert "括号不同" in listed
    page = browser.get(address(survivor, duplicate)).text
    assert "压铸模架" in page
    assert page.count("周启明") == 2
    row = kept(session)

    answer = browser.post(
        address(survivor, duplicate),
        data={"verdict": "same", "survivor": survivor.public_id, "seen_version": row.version},
    )
    assert answer.location == "/enterprises/duplicates"
    assert f"“{ALIKE}”已并入“{KNOWN}”，30 天内可撤销。" in browser.get(answer.location).text
    assert "已并入：" in browser.get(f"/enterprises/{duplicate.public_id}").text
    assert ALIKE in browser.get(f"/enterprises/{survivor.public_id}").text
    assert states(session)[ALIKE] is EnterpriseState.MERGED

    browser.post(address(survivor, duplicate) + "/reopen")
    assert states(session)[ALIKE] is EnterpriseState.VERIFIED
    assert f'href="{address(survivor, duplicate)}"' in browser.get("/enterprises/duplicates").text


def test_two_firms_or_a_decision_put_off_leave_both_as_they_are(session, sign_in, official, pair):
    firm, other = pair
    search(session)
    browser = sign_in(official)

    for verdict, word in (("later", "以后再看"), ("different", "不同的两家")):
        browser.post(address(firm, other), data={"verdict": verdict})
        page = browser.get(f"/enterprises/duplicates?verdict={verdict}").text
        assert f"已记录：{word}。两条登记都保持原样。" in page
        assert official.name in page
        row = kept(session)
        assert (row.verdict, row.user_id) == (Verdict(verdict), official.id)
    assert set(states(session).values()) == {EnterpriseState.VERIFIED}


def test_a_decision_on_an_older_reading_and_one_that_is_none_are_refused(session, sign_in, official, pair):
    firm, other = pair
    search(session)
    browser = sign_in(official)
    seen = kept(session).version
    browser.post(address(firm, other), data={"verdict": "different", "seen_version": seen})

    for data, status in (
        ({"verdict": "later", "seen_version": seen}, 409),
        ({"verdict": "open"}, 422),
        ({"verdict": "same"}, 422),
        ({"verdict": "same", "survivor": "x" * 20}, 422),
    ):
        assert browser.post(address(firm, other), data=data).status_code == status
    assert kept(session).verdict is Verdict.DIFFERENT


def test_others_neither_see_nor_judge_pairs(session, make, sign_in, pair):
    firm, other = pair
    search(session)

    for user in (make.user(enterprise=firm), make.user(Role.ORGANISER), make.user(Role.AUDITOR)):
        browser = sign_in(user)
        assert browser.get("/enterprises/duplicates").status_code == 403
        assert browser.post(address(firm, other), data={"verdict": "different"}).status_code == 403
    elsewhere = make.user(Role.COUNTY_OFFICER, office=make.office("宜昌市经信局", region="420500"))
    browser = sign_in(elsewhere)
    assert ALIKE not in browser.get("/enterprises/duplicates").text
    assert browser.get(address(firm, other)).status_code == 403
    assert session.scalars(select(LikenessVerdict)).one().verdict is Verdict.OPEN


def test_the_queue_is_searched_narrowed_and_exported(session, make, sign_in, official, pair):
    make.enterprise("潜江翊渊电气有限公司", region="429005")
    make.enterprise("潜江翊渊电器有限公司", region="429005")
    search(session)
    browser = sign_in(official)

    assert waiting(session, official, q="恒昌") == [(KNOWN, ALIKE)]
    assert waiting(session, official, prefecture="429005") == [("潜江翊渊电气有限公司", "潜江翊渊电器有限公司")]
    csv = browser.get("/enterprises/duplicates/export?format=csv&q=恒昌").data.decode("utf-8-sig").splitlines()
    assert len(csv) == 2
    assert csv[1].startswith(KNOWN)
    assert csv[1].endswith("待核对,,")
    assert "没有符合条件的" in browser.get("/enterprises/duplicates?q=没有的").text


def test_before_the_first_search_the_queue_says_how_to_begin(session, sign_in, official, run_jobs, pair):
    browser = sign_in(official)
    assert "还没有查找过" in browser.get("/enterprises/duplicates").text

    browser.post("/enterprises/duplicates/search")
    assert "正在查找" in browser.get("/enterprises/duplicates").text
    run_jobs()

    assert ALIKE in browser.get("/enterprises/duplicates").text
