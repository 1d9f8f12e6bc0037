"""The audit sample from the draw to the estimate, as auditors work with it."""

from __future__ import annotations

import html
import json
import re

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.cli import matchmaker
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import services as deals
from matchmaker.deals.auditing import queries, refusals
from matchmaker.deals.auditing.models import AuditDraw, AuditFinding, AuditPick
from matchmaker.deals.auditing.services import draw_sample, record_finding
from matchmaker.deals.models import Assurance, DealKind
from matchmaker.errors import Stale

TODAY = shanghai_day(utcnow())
YI = 100_000_000


def words_of(page):
    body = re.sub(r"(?s).*<main", "<main", page.text)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture
def programme(make):
    return make.programme(TODAY.year)


@pytest.fixture
def auditor(make):
    return make.user(Role.AUDITOR)


@pytest.fixture
def counted(session, make, programme):
    """One deal of 2 亿 and four of 1,000 to 4,000 万, all counted; and three that do not count."""
    large = make.deal(amount=2 * YI, confirmed=True)
    small = [make.deal(amount=number * 10_000_000, confirmed=True) for number in (1, 2, 3, 4)]
    make.deal(amount=3 * YI)
    make.deal(amount=3 * YI, confirmed=True, kind=DealKind.INVESTMENT)
    gone = make.deal(amount=3 * YI, confirmed=True)
    deals.withdraw_deal(session, deal=gone, actor=make.person_of(gone.buyer), reason="不再合作")
    session.commit()
    return [large, *small]


def drawn(session, programme, auditor, *, seed="2026", size=2):
    return draw_sample(session, programme=programme, as_of=TODAY, seed=seed, size=size, actor=auditor)


def test_only_what_counts_is_drawn_from(session, programme, auditor, counted):
    sample = drawn(session, programme, auditor)

    assert (sample.frame_count, sample.frame_amount, sample.number) == (5, 3 * YI, 1)
    assert [pick.deal_id for pick in sample.picks if pick.amount >= YI] == [counted[0].id]
    assert len(sample.picks) == 3
    assert {pick.deal_id for pick in sample.picks} <= {deal.id for deal in counted}


def test_every_draw_stays_listed_and_the_same_one_is_not_drawn_again(session, programme, auditor, counted):
    first, second = drawn(session, programme, auditor), drawn(session, programme, auditor, seed="2027")

    with pytest.raises(refusals.SampleKnown) as known:
        drawn(session, programme, auditor)
    assert known.value.values == {"number": 1}
    assert [audit.draw for audit in queries.audits_of(session, auditor, programme)] == [second, first]


@pytest.mark.parametrize(
    ("seed", "size", "refusal"),
    [
        ("", 2, refusals.SeedMissing),
        ("a b", 2, refusals.SeedMissing),
        ("x" * 41, 2, refusals.SeedMissing),
        ("$(x)", 2, refusals.SeedMissing),
        ("x", 0, refusals.SizeOutOfRange),
        ("x", 2_001, refusals.SizeOutOfRange),
    ],
)
def test_a_seed_that_cannot_be_typed_again_and_a_size_that_is_none_are_refused(
    session, programme, auditor, counted, seed, size, refusal
):
    with pytest.raises(refusal):
        drawn(session, programme, auditor, seed=seed, size=size)
    assert session.scalar(select(func.count()).select_from(AuditDraw)) == 0


def test_where_nothing_counts_there_is_nothing_to_draw(session, make, programme, auditor):
    make.deal()

    with pytest.raises(refusals.NothingToDraw):
        drawn(session, programme, auditor)


def test_the_estimate_waits_for_the_last_finding_and_adds_the_certain_part_exactly(
    session, programme, auditor, counted
):
    sample = drawn(session, programme, auditor, size=4)
    for pick in sample.picks[:-1]:
        record_finding(session, pick=pick, true_amount=pick.amount, actor=auditor)
    assert (queries.audit_of(sample).left, queries.audit_of(sample).estimate) == (1, None)

    last = sample.picks[-1]
    record_finding(session, pick=last, true_amount=0, actor=auditor, note="查无此事")
    assert {pick.stratum for pick in sample.picks} == {"certain"}
    found = queries.audit_of(sample).estimate
    assert (found.overstated, found.low, found.high) == (last.amount,) * 3


def test_a_correction_is_a_further_finding_and_the_last_one_holds(session, programme, auditor, counted):
    pick = drawn(session, programme, auditor).picks[0]
    record_finding(session, pick=pick, true_amount=1, actor=auditor, note="误记", seen=0)

    with pytest.raises(Stale):
        record_finding(session, pick=pick, true_amount=2, actor=auditor, note="晚到", seen=0)
    record_finding(session, pick=pick, true_amount=pick.amount, actor=auditor, seen=1)

    assert [finding.true_amount for finding in pick.findings] == [1, pick.amount]
    assert pick.finding.number == 2


def test_a_finding_that_differs_says_why_and_no_amount_is_below_nothing(session, programme, auditor, counted):
    pick = drawn(session, programme, auditor).picks[0]

    with pytest.raises(refusals.FindingUnexplained):
        record_finding(session, pick=pick, true_amount=1, actor=auditor, note=" ")
    with pytest.raises(refusals.AmountOutOfRange):
        record_finding(session, pick=pick, true_amount=-1, actor=auditor, note="x")
    assert pick.finding is None


def test_the_third_level_comes_from_a_finding_that_upholds_the_amount_in_force(
    session, make, programme, auditor, counted
):
    large, deal = counted[0], counted[0]
    pick = drawn(session, programme, auditor).picks[0]
    assert queries.assurance_of(session, large) is Assurance.CONFIRMED

    record_finding(session, pick=pick, true_amount=pick.amount - 1, actor=auditor, note="少一元")
    assert queries.assurance_of(session, large) is Assurance.CONFIRMED
    record_finding(session, pick=pick, true_amount=pick.amount, actor=auditor)
    assert queries.assurance_of(session, large) is Assurance.REVIEWED
    assert queries.reviewed(session, counted) == {large.id}

    buyer, seller = make.person_of(deal.buyer), make.person_of(deal.seller)
    deals.dispute_deal(session, deal=deal, actor=seller, reason="金额有误")
    assert queries.assurance_of(session, deal) is Assurance.CONFIRMED
    deals.resolve_dispute(session, deal=deal, actor=seller)
    assert queries.assurance_of(session, deal) is Assurance.REVIEWED
    deals.amend_deal(session, deal=deal, actor=buyer, amount=3 * YI, unit_checked=True)
    deals.confirm_deal(session, deal=deal, actor=seller, unit_checked=True)
    assert queries.assurance_of(session, deal) is Assurance.CONFIRMED


@pytest.mark.parametrize("table", ["audit_draw", "audit_pick", "audit_finding"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET public_id = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_redraw_in_silence(session, programme, auditor, counted, table, deed):
    pick = drawn(session, programme, auditor).picks[0]
    record_finding(session, pick=pick, true_amount=pick.amount, actor=auditor)
    session.commit()

    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(deed.format(table)))
    session.rollback()


def test_an_auditor_draws_records_and_reads_the_estimate(session, programme, auditor, counted, sign_in):
    browser = sign_in(auditor)
    assert "还没有抽取样本" in words_of(browser.get("/deals/samples"))
    answer = browser.post("/deals/samples", data={"size": "2", "seed": "20260320"})
    assert answer.status_code == 302
    page = browser.get(answer.location)
    assert "还有3笔待查" in words_of(page)
    assert "种子20260320样本数2" in words_of(page)
    assert f"matchmakersample--seed20260320--size2--year{TODAY.year}--as-of{TODAY}" in words_of(page)

    links = re.findall(rf'href="({answer.location}/[0-9a-z]{{20}})"', page.text)
    for link in links:
        assert "查实金额是多少" in words_of(browser.get(link))
        assert browser.post(link, data={"is_right": "y", "seen_version": "0"}).location == answer.location
    done = words_of(browser.get(answer.location))
    assert "已全部查完：估计高报0.00亿元，95%区间0.00—" in done
    assert done.count("抽查复核") == 3
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("sample%"))).all()
    assert actions == ["sample drawn"] + ["sample finding"] * 3
    assert "第1次" in words_of(browser.get("/deals/samples"))


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        ({}, 422, "二者取一"),
        ({"is_right": "y", "true_amount": "1"}, 422, "二者取一"),
        ({"true_amount": "1"}, 422, "须写明依据"),
        ({"true_amount": "-1", "note": "x"}, 422, "不是以万元为单位的数"),
        ({"true_amount": "1.2亿", "note": "x"}, 422, "不是以万元为单位的数"),
        ({"is_right": "y", "seen_version": "3"}, 409, "已被他人修改"),
    ],
)
def test_a_finding_that_cannot_be_kept_comes_back_with_the_reason(
    session, programme, auditor, counted, sign_in, data, status, said
):
    sample = drawn(session, programme, auditor)
    address = f"/deals/samples/{sample.public_id}/{sample.picks[0].public_id}"

    page = sign_in(auditor).post(address, data=data)

    assert page.status_code == status
    assert said in words_of(page)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(AuditFinding)) == 0


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        ({"size": "0", "seed": "x"}, 422, "1"),
        ({"size": "很多", "seed": "x"}, 422, "整数"),
        ({"size": "2", "seed": "a b"}, 422, "不含空格"),
        ({"size": "2", "seed": ""}, 422, "必填"),
        ({"size": "2", "seed": "2026"}, 409, "已在第1次抽取"),
    ],
)
def test_a_draw_that_cannot_be_made_comes_back_with_the_reason(
    session, programme, auditor, counted, sign_in, data, status, said
):
    drawn(session, programme, auditor)

    page = sign_in(auditor).post("/deals/samples", data=data)

    assert page.status_code == status
    assert said in words_of(page)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(AuditDraw)) == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_only_auditors_come_in(session, make, programme, auditor, counted, sign_in, role):
    sample = drawn(session, programme, auditor)
    browser = sign_in(make.user(role))

    for address in ("", f"/{sample.public_id}", f"/{sample.public_id}/{sample.picks[0].public_id}"):
        assert browser.get(f"/deals/samples{address}").status_code == 403


def test_a_draw_or_a_pick_that_is_none_has_no_page(session, programme, auditor, counted, sign_in):
    sample, other = drawn(session, programme, auditor), drawn(session, programme, auditor, seed="x")
    browser = sign_in(auditor)

    assert browser.get(f"/deals/samples/{'0' * 20}").status_code == 404
    assert browser.get(f"/deals/samples/{sample.public_id}/{other.picks[0].public_id}").status_code == 404


@pytest.fixture
def run(session, database_url, tmp_path, monkeypatch):
    session.commit()
    monkeypatch.setenv("MATCHMAKER_DEMO", "1")
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", database_url)
    monkeypatch.setenv("MATCHMAKER_DATA_DIR", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(matchmaker, ["sample", *words])


def test_the_command_draws_the_sample_that_was_kept(session, programme, auditor, counted, run):
    sample = drawn(session, programme, auditor)
    session.commit()

    again = json.loads(run("--seed", "2026", "--size", "2", "--as-of", f"{TODAY}", "--json").output)

    assert (again["digest"], again["count"], again["amount"]) == (sample.digest, 5, 3 * YI)
    numbers = {deal.id: deal.number for deal in counted}
    kept = session.scalars(select(AuditPick).where(AuditPick.draw == sample).order_by(AuditPick.position))
    assert [(pick["number"], pick["stratum"], pick["amount"]) for pick in again["picks"]] == [
        (numbers[pick.deal_id], pick.stratum, pick.amount) for pick in kept
    ]
    spoken = run("--seed", "2026", "--size", "2").output
    assert "种子 2026 · 样本数 2" in spoken
    assert f"必查  {counted[0].number}" in spoken


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--seed", "x"), "--size"),
        (("--seed", "x", "--size", "many"), "many"),
        (("--seed", "x", "--size", "0"), "样本数须在 1 到"),
        (("--seed", "a b", "--size", "2"), "种子须为"),
        (("--seed", "x", "--size", "2", "--year", "1999"), "1999 年没有年度计划"),
        (("--seed", "x", "--size", "2", "--as-of", "2026-02-30"), "--as-of: "),
        (("--seed", "x", "--size", "2", "--as-of", f"{TODAY.year}-01-01"), "无从抽样"),
    ],
)
def test_the_command_refuses_bad_input_in_one_line(programme, counted, run, options, said):
    answer = run(*options)

    assert (answer.exit_code, answer.stdout, len(answer.stderr.splitlines())) == (2, "", 1)
    assert said in answer.stderr
