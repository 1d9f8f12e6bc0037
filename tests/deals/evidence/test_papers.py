"""Sealed papers: recorded by one officer, checked by another, and what the ledger says of it afterwards."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from matchmaker.accounts.models import AuditEntry, Role, User
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import services as deals
from matchmaker.deals.evidence import refusals, services
from matchmaker.deals.evidence.models import EvidenceFile, PaperCheck, SealedPaper
from matchmaker.deals.evidence.queries import papers_of, waiting_paper
from matchmaker.deals.evidence.uploads import Upload, read_upload
from matchmaker.deals.models import Assurance, Deal, DealKind, Party
from matchmaker.deals.refusals import DealDisputed, NotRecorder, OutOfRegion, VerifierInvolved
from matchmaker.notices.models import Notice
from tests.deals.evidence.conftest import file_of, words_of
from tests.deals.evidence.files import PDF
from tests.racing import at_once


@pytest.fixture
def office(make):
    return make.office("襄阳试样局", region="420600")


@pytest.fixture
def recorder(make, office):
    return make.user(Role.COUNTY_OFFICER, office=office)


@pytest.fixture
def checker(make, office):
    return make.user(Role.OFFICIAL, office=office)


@pytest.fixture
def scan() -> Upload:
    return read_upload(io.BytesIO(PDF), name="意向书.pdf", declared="", megabytes=1)


@pytest.fixture
def record(session, make, recorder, scan, settings):
    """Record a deal from a paper as the office, and return it."""

    def recorded(actor=recorder, *, sealed=(True, True), event=None, **parties) -> Deal:
        buyer, seller = parties.get("buyer") or make.enterprise(), parties.get("seller") or make.enterprise()
        deal = services.record_on_paper(
            session,
            lambda: deals.declare_deal(
                session, buyer=buyer, seller=seller, kind=DealKind.PURCHASE, subject="压铸模 12 套",
                amount=parties.get("amount", 30_000_000), months=9, by=Party.OFFICE, actor=actor, event=event,
                unit_checked=True,
            ),
            buyer=buyer, seller=seller, event=event, actor=actor, upload=scan, data_dir=settings.data_dir,
            buyer_sealed=sealed[0], seller_sealed=sealed[1],
        )  # fmt: skip
        session.commit()
        return deal

    return recorded


def check(session, deal, actor, *, agrees=True, **more):
    found = services.check_paper(session, paper=waiting_paper(session, deal), actor=actor, agrees=agrees, **more)
    session.commit()
    return found


def said(deal) -> list[tuple[str, str, int | None]]:
    return [(entry.type.value, entry.party.value, entry.office_id) for entry in deal.entries]


def fresh(session, deal) -> Deal:
    found = session.get_one(Deal, deal.id, populate_existing=True)
    session.refresh(found, ["entries", "standing"])
    session.commit()
    return found


def test_a_paper_alone_is_nobodys_consent(record) -> None:
    deal = record()

    assert deal.standing.assurance is Assurance.DECLARED
    assert (deal.standing.buyer_consents, deal.standing.seller_consents) == (False, False)


def test_the_check_of_another_person_enters_both_consents_with_the_papers_digest(
    session, make, record, checker, office, scan
) -> None:
    make.programme(shanghai_day(utcnow()).year)
    deal = record()

    check(session, deal, checker)

    assert said(deal) == [
        ("declare", "office", office.id),
        ("confirm", "buyer", office.id),
        ("confirm", "seller", office.id),
    ]
    assert deal.standing.assurance is Assurance.CONFIRMED
    assert {entry.note for entry in deal.entries[1:]} == {f"sha256:{scan.digest}"}
    assert {entry.actor_id for entry in deal.entries[1:]} == {checker.id}
    assert all(entry.is_from_paper for entry in deal.entries[1:])


def test_both_sides_are_told_what_was_entered_in_their_name(session, record, checker) -> None:
    deal = record()
    check(session, deal, checker)

    told = select(Notice.enterprise_id, Notice.title).where(Notice.title.like("%凭盖章纸质件%"))
    rows = session.execute(told).all()

    assert {row.enterprise_id for row in rows} == {deal.buyer_id, deal.seller_id}
    assert all("如有不符请提出" in row.title for row in rows)


def test_a_side_that_agreed_by_its_own_account_keeps_its_own_word(session, make, record, checker, office) -> None:
    deal = record()
    deals.confirm_deal(session, deal=deal, actor=make.person_of(deal.buyer))
    session.commit()

    check(session, deal, checker)

    assert said(deal)[1:] == [("confirm", "buyer", None), ("confirm", "seller", office.id)]


@pytest.mark.parametrize("sealed", [(False, True), (True, False), (False, False)])
def test_a_paper_without_both_seals_is_not_recorded(session, record, sealed) -> None:
    with pytest.raises(refusals.SealsMissing):
        record(sealed=sealed)
    session.rollback()

    assert session.scalar(select(func.count(Deal.id))) == 0


def test_an_office_records_only_what_lies_near_it_or_at_its_event(session, make, record, office) -> None:
    far = {"buyer": make.enterprise(region="420500"), "seller": make.enterprise(region="420500")}
    with pytest.raises(OutOfRegion):
        record(**far)
    session.rollback()
    session.expire_all()

    far = {"buyer": make.enterprise(region="420500"), "seller": make.enterprise(region="420500")}
    event = make.event(organiser=make.office("承办试样局", region="420200"), starts_at=make.moment("2026-01-05T01:00"))
    ran = make.user(Role.ORGANISER, office=event.organiser)
    assert record(ran, event=event, **far).entries[0].office_id == event.organiser_id


def test_whoever_recorded_the_deal_cannot_check_its_paper_and_nothing_is_entered(session, record, recorder) -> None:
    deal = record()

    with pytest.raises(refusals.CheckerInvolved):
        check(session, deal, recorder)
    session.rollback()

    assert len(fresh(session, deal).entries) == 1


def test_nor_can_whoever_stated_the_seals_of_a_deal_another_recorded(
    session, make, record, recorder, checker, scan, settings
) -> None:
    deal = record()
    check(session, deal, checker, agrees=False, note="卖方公章模糊")
    third = make.user(Role.COUNTY_OFFICER, office=recorder.office)
    services.state_paper(
        session, deal=deal, actor=third, upload=scan, data_dir=settings.data_dir, buyer_sealed=True, seller_sealed=True
    )
    session.commit()

    for person in (third, recorder):
        with pytest.raises(refusals.CheckerInvolved):
            check(session, deal, person)
    check(session, deal, checker)

    assert deal.standing.assurance is Assurance.CONFIRMED
    assert [paper.check.agrees for paper in papers_of(session, deal)] == [False, True]


def test_the_database_itself_insists_on_another_person(session, record, recorder) -> None:
    paper = waiting_paper(session, record())

    session.add(PaperCheck(paper=paper, agrees=True, office_id=recorder.office.id, checked_by=recorder))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_refuses_a_check_that_names_another_stater(session, record, recorder, checker) -> None:
    paper = waiting_paper(session, record())
    values = {"paper": paper.id, "other": checker.id, "by": recorder.id, "office": recorder.office.id}

    with pytest.raises(IntegrityError):
        session.execute(
            text(
                "INSERT INTO paper_check (paper_id, stated_by_id, agrees, note, office_id, checked_by_id, at) "
                "VALUES (:paper, :other, true, '', :office, :by, '2026-01-01')"
            ),
            values,
        )


@pytest.mark.parametrize("table", ["sealed_paper", "paper_check", "evidence_withdrawal"])
def test_papers_and_checks_are_never_rewritten(session, record, checker, table) -> None:
    deal = record()
    check(session, deal, checker)

    for deed in (f"UPDATE {table} SET at = at", f"DELETE FROM {table}"):
        if session.get_bind().dialect.name == "sqlite" and table == "evidence_withdrawal":
            continue  # its triggers speak row by row, and there is none
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(deed))
        session.rollback()


def test_a_paper_goes_back_with_its_reason_and_may_come_again(
    session, record, recorder, checker, scan, settings
) -> None:
    deal = record()
    with pytest.raises(Exception, match="请写明原因"):
        check(session, deal, checker, agrees=False)
    session.rollback()
    again = {"deal": deal, "actor": recorder, "upload": scan, "data_dir": settings.data_dir}
    with pytest.raises(refusals.PaperWaiting):
        services.state_paper(session, buyer_sealed=True, seller_sealed=True, **again)

    check(session, deal, checker, agrees=False, note="金额与纸质件不符")
    services.state_paper(session, buyer_sealed=True, seller_sealed=True, **again)
    session.commit()

    assert deal.standing.assurance is Assurance.DECLARED
    told = session.scalars(select(Notice).where(Notice.user_id == recorder.id)).one()
    assert told.body == f"{deal.number}：金额与纸质件不符"
    assert waiting_paper(session, deal) is not None


def test_a_paper_does_not_speak_for_an_amount_changed_since(session, record, recorder, checker, scan, settings) -> None:
    deal = record()
    deals.amend_deal(session, deal=deal, actor=recorder, amount=28_000_000)
    session.commit()

    with pytest.raises(refusals.PaperOutdated):
        check(session, deal, checker)
    session.rollback()
    services.state_paper(
        session, deal=deal, actor=recorder, upload=scan, data_dir=settings.data_dir,
        buyer_sealed=True, seller_sealed=True,
    )  # fmt: skip
    session.commit()
    check(session, deal, checker)

    assert (deal.standing.amount, deal.standing.assurance) == (28_000_000, Assurance.CONFIRMED)


def test_a_disputed_paper_waits(session, make, record, checker) -> None:
    deal = record()
    deals.dispute_deal(session, deal=deal, actor=make.person_of(deal.seller), reason="没有盖过章")
    session.commit()

    with pytest.raises(DealDisputed):
        check(session, deal, checker)


def test_an_office_states_no_paper_for_a_deal_it_did_not_record(session, make, recorder, scan, settings) -> None:
    deal = make.deal()

    with pytest.raises(NotRecorder):
        services.state_paper(
            session, deal=deal, actor=recorder, upload=scan, data_dir=settings.data_dir,
            buyer_sealed=True, seller_sealed=True,
        )  # fmt: skip


def test_the_paper_a_consent_rests_on_stays_in_view(session, record, recorder, checker) -> None:
    deal = record()
    file = papers_of(session, deal)[0].file

    with pytest.raises(refusals.PaperInUse):
        services.take_down(session, file=file, actor=recorder, reason="不要了")
    check(session, deal, checker)
    with pytest.raises(refusals.PaperInUse):
        services.take_down(session, file=file, actor=recorder, reason="不要了")


def test_neither_the_office_that_recorded_nor_the_one_that_checked_verifies_afterwards(
    session, make, record, recorder
) -> None:
    deal = record(buyer=make.enterprise(region="420300"))
    other = make.user(Role.OFFICIAL, office=make.office(region="420300"))
    check(session, deal, other)

    for office in (recorder.office, other.office):
        with pytest.raises(VerifierInvolved):
            deals.verify_deal(session, deal=deal, actor=make.user(Role.OFFICIAL, office=office))
    deals.verify_deal(session, deal=deal, actor=make.user(Role.OFFICIAL))
    assert deal.standing.assurance is Assurance.VERIFIED


def test_two_checks_at_once_enter_the_consents_once(engine, session, record, checker, make) -> None:
    deal = record()
    second, paper_id = make.user(Role.OFFICIAL, office=checker.office), waiting_paper(session, deal).id
    session.commit()

    def checking(person_id):
        def work(own):
            person = own.get_one(User, person_id)
            person.acting_as = person.memberships[0]
            found = own.get_one(SealedPaper, paper_id)
            services.check_paper(own, paper=found, actor=person, agrees=True)
            return "checked"

        return work

    results = at_once(engine, [checking(checker.id), checking(second.id)])

    assert results.count("checked") == 1
    assert len(fresh(session, deal).entries) == 3


# --- the pages ---


def paper_form(buyer, seller, **changes):
    known = {
        "buyer": buyer.name, "seller": seller.credit_code, "subject": "压铸模 12 套", "kind": "purchase",
        "amount": "3000", "months": "9", "event": "", "segment": "", "buyer_sealed": "y", "seller_sealed": "y",
        "scan": file_of(),
    }  # fmt: skip
    return {name: value for name, value in (known | changes).items() if value is not None}


def test_an_officer_records_a_paper_and_another_checks_it_on_the_pages(session, make, sign_in, recorder, checker):
    buyer, seller = make.enterprise("楚风商用车股份有限公司"), make.enterprise()
    one, two = sign_in(recorder), sign_in(checker)

    sent = one.post("/deals/on-paper", data=paper_form(buyer, seller))
    deal = session.scalars(select(Deal)).one()
    session.commit()
    assert (sent.status_code, sent.location) == (302, f"/deals/{deal.public_id}")
    page = words_of(one.get(f"/deals/{deal.public_id}"))
    assert "盖章纸质件等待复核" in page
    assert "复核纸质件" not in page
    assert "您提交的，等另一人复核" in words_of(one.get("/deals/papers"))
    assert f"/deals/{deal.public_id}/paper/check" in two.get("/deals/papers").text

    shown = two.get(f"/deals/{deal.public_id}/paper/check")
    assert "三千万元整" in shown.text
    done = two.post(f"/deals/{deal.public_id}/paper/check", data={"verdict": "agrees", "seen_version": "2"})
    assert done.status_code == 302
    page = words_of(two.get(f"/deals/{deal.public_id}"))
    assert "以盖章纸质件确认" in page
    assert "买方·楚风商用车股份有限公司（由襄阳试样局复核录入）" in page
    assert "没有等待复核的纸质件" in words_of(two.get("/deals/papers"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"buyer": "没有的公司"}, "名录里没有这家单位"),
        ({"scan": None}, "请选择扫描件"),
        ({"seller_sealed": None}, "纸质件须有买卖双方的公章"),
        ({"scan": "a page"}, "文件内容是网页或SVG"),
        ({"amount": "0"}, "金额必须是大于零"),
        ({"amount": "100000"}, "请核对单位"),
    ],
)
def test_a_paper_that_cannot_be_recorded_comes_back_with_the_reason(session, make, sign_in, recorder, change, said):
    filled = paper_form(make.enterprise(), make.enterprise()) | change
    if change.get("scan"):
        filled["scan"] = file_of(b"<html>", "意向书.pdf")
    filled = {name: value for name, value in filled.items() if value is not None}

    page = sign_in(recorder).post("/deals/on-paper", data=filled)

    assert page.status_code == 422
    assert said in words_of(page)
    assert session.scalar(select(func.count(Deal.id))) == 0
    assert session.scalar(select(func.count(EvidenceFile.id))) == 0


def test_one_firm_is_not_both_sides_of_a_paper(session, make, sign_in, recorder):
    firm = make.enterprise()

    page = sign_in(recorder).post("/deals/on-paper", data=paper_form(firm, firm))

    assert page.status_code == 422
    assert "买方和卖方不能是同一家单位" in words_of(page)


def test_a_refused_check_is_logged_once_survives_and_the_auditor_reads_it(session, make, sign_in, record, recorder):
    deal = record()
    browser, auditor = sign_in(recorder), sign_in(make.user(Role.AUDITOR))

    looked = browser.get(f"/deals/{deal.public_id}/paper/check")
    key = {"Idempotency-Key": "the-same-click"}
    tried = [
        browser.post(f"/deals/{deal.public_id}/paper/check", data={"verdict": "agrees"}, headers=key) for _ in range(2)
    ]

    assert [each.status_code for each in (looked, *tried)] == [302] * 3
    assert "请由另一人办理" in words_of(browser.get(f"/deals/{deal.public_id}"))
    traces = select(AuditEntry.actor_id).where(AuditEntry.action == "deal paper check refused")
    assert session.scalars(traces).all() == [recorder.id]
    assert len(fresh(session, deal).entries) == 1
    for address in ("/deals/refused", "/"):
        page = words_of(auditor.get(address))
        assert "想复核自己登记的盖章纸质件" in page
        assert "襄阳试样局" in page
        assert deal.number in page


def test_a_refused_verification_stands_beside_it(session, make, sign_in, record, recorder, checker):
    deal = record()
    check(session, deal, checker)
    sign_in(checker).post(f"/deals/{deal.public_id}/verify", data={"note": ""})

    page = sign_in(make.user(Role.AUDITOR)).get("/deals/refused")

    assert "想核验本单位登记或承办的意向" in words_of(page)


def test_attempts_are_for_auditors_only(make, sign_in):
    for role in set(Role) - {Role.AUDITOR}:
        assert sign_in(make.user(role)).get("/deals/refused").status_code == 403
    assert "没有被拒绝的核验和复核" in words_of(sign_in(make.user(Role.AUDITOR)).get("/deals/refused"))


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.AUDITOR, Role.ADMINISTRATOR])
def test_papers_are_recorded_by_offices_only(make, sign_in, role):
    browser = sign_in(make.user(role))

    for address in ("/deals/on-paper", "/deals/papers", f"/deals/{'0' * 20}/paper", f"/deals/{'0' * 20}/paper/check"):
        assert browser.get(address).status_code == 403


def test_a_far_office_neither_sees_nor_checks_a_paper(make, sign_in, record):
    deal = record()
    far = sign_in(make.user(Role.OFFICIAL, office=make.office(region="420500")))

    assert far.get(f"/deals/{deal.public_id}/paper/check").status_code == 404
    assert far.post(f"/deals/{deal.public_id}/paper/check", data={"verdict": "agrees"}).status_code == 404
    assert deal.number not in far.get("/deals/papers").text


def test_a_returned_paper_says_why_on_the_page_and_is_sent_anew(session, make, sign_in, record, recorder, checker):
    deal = record()
    one, two = sign_in(recorder), sign_in(checker)
    address = f"/deals/{deal.public_id}/paper"

    without = two.post(f"{address}/check", data={"verdict": "returned"})
    two.post(f"{address}/check", data={"verdict": "returned", "note": "缺骑缝章"})
    page = words_of(one.get(f"/deals/{deal.public_id}"))
    again = one.post(address, data={"buyer_sealed": "y", "seller_sealed": "y", "scan": file_of()})

    assert without.status_code == 422
    assert "请写明原因" in words_of(without)
    assert "缺骑缝章" in page
    assert "提交盖章纸质件" in page
    assert again.status_code == 302
    assert session.scalar(select(func.count(SealedPaper.id))) == 2


def test_a_stale_check_is_refused(session, make, sign_in, record, recorder, checker):
    deal = record()
    seen = deal.version
    deals.amend_deal(session, deal=deal, actor=recorder, amount=28_000_000)
    session.commit()

    page = sign_in(checker).post(
        f"/deals/{deal.public_id}/paper/check", data={"verdict": "agrees", "seen_version": seen}
    )

    assert page.status_code == 409
    assert len(fresh(session, deal).entries) == 2


def test_a_firm_that_never_signed_in_reads_how_it_was_confirmed_once_it_does(session, make, sign_in, record, checker):
    deal = record()
    check(session, deal, checker)

    page = words_of(sign_in(make.person_of(deal.seller)).get(f"/deals/{deal.public_id}"))

    assert re.search(r"V1双方确认✓已达到以盖章纸质件确认，襄阳试样局复核录入买方·", page)
    assert "意向书.pdf盖章纸质件襄阳试样局" in page


def test_a_program_reads_that_a_consent_came_from_paper(session, make, as_program, record, checker):
    deal = record()
    check(session, deal, checker)

    entries = as_program(make.person_of(deal.seller)).get(f"/api/v1/deals/{deal.public_id}").json["entries"]

    assert [(each["type"], each["from_paper"]) for each in entries] == [
        ("declare", False), ("confirm", True), ("confirm", True),
    ]  # fmt: skip
