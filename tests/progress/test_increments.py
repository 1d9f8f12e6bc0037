"""The 新增 view (R13): what of the net is new, opened to its rows, exported, and kept beside the ledger."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from matchmaker.accounts.models import OfficeLevel, Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.counting import DealKind as Kind
from matchmaker.deals.models import Deal, DealKind
from matchmaker.deals.recounting import recounted
from matchmaker.progress.models import Projection
from matchmaker.progress.projection import find_sheet, follow, sheet_for, sheet_of
from matchmaker.progress.projection.checking import differences
from matchmaker.progress.projection.following import rebuild
from matchmaker.progress.slices import Basis, Cut, Slice, lines, total
from matchmaker.progress.walk import renewed_of
from tests.progress.conftest import AS_OF, YI, confirmed
from tests.progress.test_views import head_figure, links_of, text_of

DAY = "as_of=2024-09-30"
WAN = 10_000
MAY = "2024-05-20T02:00"


@pytest.fixture
def renewals(session, make, province):
    """Beside 5.80 亿元 of new deals: four purchases renewed, one of them withdrawn, and a credit line renewed."""
    between = {"buyer": province.firms.x1, "seller": province.firms.w1, "is_renewal": True}
    gone = ("withdraw", "buyer", "2024-07-02T02:00")
    made = SimpleNamespace(
        grown=make.recorded_deal(*confirmed(3000 * WAN, MAY), months=12, former_amount=1000 * WAN, **between),
        shrunk=make.recorded_deal(*confirmed(500 * WAN, MAY), months=12, former_amount=800 * WAN, **between),
        long=make.recorded_deal(*confirmed(YI, MAY), months=36, former_amount=33_333_332, **between),
        untold=make.recorded_deal(*confirmed(700 * WAN, MAY), months=12, **between),
        gone=make.recorded_deal(*confirmed(900 * WAN, MAY, gone), months=12, former_amount=100 * WAN, **between),
        credit=make.recorded_deal(
            *confirmed(2000 * WAN, MAY), kind=DealKind.CREDIT, former_amount=500 * WAN, months=12, **between
        ),
    )
    session.commit()
    return made


@pytest.fixture
def official(make, sign_in, province):
    return sign_in(make.user(Role.OFFICIAL))


@pytest.fixture
def recount(session, province, renewals):
    return recounted(session, province.programme, AS_OF)


def named(renewals, found) -> dict[str, int]:
    names = {deal.public_id: name for name, deal in vars(renewals).items()}
    return {names[line.deal.id]: line.figure for line in found if line.deal.id in names}


def test_the_increment_opens_to_what_each_deal_brings_to_it(recount, renewals) -> None:
    new, going_on = lines(recount, Cut(Slice.INCREMENT)), lines(recount, Cut(Slice.CONTINUED))

    assert named(renewals, new) == {"grown": 2000 * WAN, "long": 1}  # a third of one 亿 a year is 33,333,333 yuan
    assert named(renewals, going_on) == {"grown": 1000 * WAN, "shrunk": 500 * WAN, "long": 33_333_332}
    assert named(renewals, lines(recount, Cut(Slice.FORMER_UNKNOWN))) == {"untold": 700 * WAN}
    assert total(new) == 580_000_000 + 2000 * WAN + 1


def test_the_three_parts_come_to_the_net_wherever_they_are_cut(recount) -> None:
    cuts = [{}, {"kind": Kind.CREDIT}, {"month": "2024-05"}, {"month": "2024-05", "late": False}]
    cuts += [{"place": place, "basis": basis} for place in ("420600", "420100", "outside") for basis in Basis]

    for cut in cuts:
        parts = [total(lines(recount, Cut(part, **cut))) for part in (Slice.INCREMENT, Slice.CONTINUED)]
        parts.append(total(lines(recount, Cut(Slice.FORMER_UNKNOWN, **cut))))
        assert sum(parts) == total(lines(recount, Cut(Slice.COUNTED, **cut))), cut


def test_kinds_are_not_mixed_in_what_is_new(recount, renewals) -> None:
    assert named(renewals, lines(recount, Cut(Slice.INCREMENT, Kind.CREDIT))) == {"credit": 1500 * WAN}


def test_the_sheet_holds_the_sums_of_the_lines(recount) -> None:
    renewed = renewed_of(sheet_of(recount))

    assert (renewed.increment.amount, renewed.increment.deals) == (600_000_001, 5)
    assert (renewed.continued.amount, renewed.continued.deals) == (1500 * WAN + 33_333_332, 3)
    assert (renewed.unknown.amount, renewed.unknown.deals) == (700 * WAN, 1)
    assert renewed.increment.amount + renewed.continued.amount + renewed.unknown.amount == recount.count.net


def test_the_count_itself_is_not_moved_by_what_a_deal_renews(session, province, recount, renewals) -> None:
    before = recount.count
    for deal in vars(renewals).values():
        deal.is_renewal, deal.former_amount = False, None
    session.commit()

    assert recounted(session, province.programme, AS_OF).count == before


def test_the_overview_tells_the_increment_beside_the_net_with_its_rule(official, renewals) -> None:
    page = text_of(official.get(f"/progress?{DAY}"))

    assert "6.55 / 8.00 亿元 其中新增 6.00 亿元 口径" in page
    assert "新增 6.00 5 续签的原有部分 0.48 3 续签、原合作金额未填 0.07 1 合计，即净意向额 6.55" in page
    assert "续签的按计入额减去原合作每年金额" in page
    assert "有 1 笔续签没有填写原合作金额，按 0 计。" in page


def test_without_renewals_everything_is_new_and_nothing_is_said_of_unknown_ones(official) -> None:
    page = text_of(official.get(f"/progress?{DAY}"))

    assert "其中新增 5.80 亿元" in page
    assert "没有填写原合作金额" not in page


def test_every_part_on_the_overview_opens_to_rows_that_come_to_it(official, renewals) -> None:
    links = links_of(official.get(f"/progress?{DAY}"))
    told = [(address, figure) for address, figure in links if "increment" in address or "unknown" in address]

    assert [figure for _address, figure in told] == ["6.00", "6.00", "0.07"]
    for address, figure in links:
        assert head_figure(official.get(address))[0] == figure, address


def test_a_row_tells_what_counts_what_went_before_and_what_is_new(official, renewals) -> None:
    new = text_of(official.get(f"/progress/deals?{DAY}&reason=increment"))
    untold = text_of(official.get(f"/progress/deals?{DAY}&reason=former_unknown"))

    assert f"{renewals.grown.number} 襄阳甲 武汉甲" in new
    assert "0.30 0.10 0.20 亿元 计入" in new
    assert "3.00 不是续签 3.00 亿元 计入" in new
    assert renewals.shrunk.number not in new
    assert "0.07 未填 0.07 亿元 计入" in untold


def test_the_exported_rows_tell_the_same(official, renewals) -> None:
    answer = official.get(f"/progress/export/deals?{DAY}&reason=increment&format=csv")

    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0][-3:] == ["续签", "原合作每年金额", "本数"]
    told = {row[0]: row[-3:] for row in rows[1:6]}
    assert told[renewals.grown.number] == ["是", "10000000", "20000000"]
    assert told[renewals.long.number] == ["是", "33333332", "1"]
    assert sum(int(row[-1]) for row in rows[1:6]) == 600_000_001
    assert ["列出合计", "600000001"] in rows


def test_a_part_cut_narrower_does_not_tell_a_prefecture_what_others_renewed(make, sign_in, province, renewals) -> None:
    office = make.office(region="420300", level=OfficeLevel.PREFECTURE)
    elsewhere = sign_in(make.user(Role.OFFICIAL, office=office))

    assert head_figure(elsewhere.get(f"/progress/deals?{DAY}&reason=continued")) == ("0.48", "亿元，3笔")
    for narrowed in ("&month=2024-05", "&prefecture=420600", "&kind=credit"):
        answer = elsewhere.get(f"/progress/deals?{DAY}&reason=continued{narrowed}")
        assert head_figure(answer) == ("0.00", "亿元，0笔"), narrowed
        assert "金额不在此列示" in text_of(answer)


def test_programs_read_the_same_parts(as_program, make, renewals) -> None:
    answer = as_program(make.user(Role.OFFICIAL)).get("/api/v1/progress?year=2024&as_of=2024-09-30").json

    assert answer["increment"] == {"slice": "increment", "amount": 600_000_001, "deals": 5}
    assert answer["former_unknown"] == {"slice": "former_unknown", "amount": 7_000_000, "deals": 1}
    parts = (answer[name]["amount"] for name in ("increment", "continued", "former_unknown"))
    assert sum(parts) == answer["net"]["amount"]


@pytest.fixture
def kept(session, make):
    """A projection of today with a renewal that counts."""
    programme = make.programme(shanghai_day(utcnow()).year)
    make.deal(confirmed=True, months=12, is_renewal=True, former_amount=1000 * WAN)
    rebuild(session, programme)
    session.commit()
    return programme


def test_a_renewal_confirmed_since_is_laid_over_the_kept_sums(session, make, kept) -> None:
    make.deal(confirmed=True, amount=500 * WAN, months=12, is_renewal=True, former_amount=100 * WAN)
    session.commit()
    today = shanghai_day(utcnow())

    found = find_sheet(session, kept, today)
    assert found is not None
    assert renewed_of(found).increment.amount == 2400 * WAN
    assert list(differences(session, kept)) == []
    follow(session, kept)
    assert renewed_of(sheet_for(session, kept, today)) == renewed_of(found)


def test_sums_kept_before_renewals_told_what_they_renew_are_counted_anew(session, kept) -> None:
    today = shanghai_day(utcnow())
    projection = session.query(Projection).filter_by(is_live=True).one()
    grounds = {name: value for name, value in projection.grounds.items() if name != "parts"}
    session.execute(update(Projection).where(Projection.id == projection.id).values(grounds=grounds))
    session.commit()

    assert find_sheet(session, kept, today) is None
    assert renewed_of(sheet_for(session, kept, today)).increment.amount == 2000 * WAN
    follow(session, kept)
    session.commit()
    assert find_sheet(session, kept, today) is not None


def test_a_check_names_an_increment_that_was_changed(session, kept) -> None:
    deal = session.query(Deal).one()
    session.execute(update(Deal).where(Deal.id == deal.id).values(former_amount=0))
    session.commit()

    assert [said.split(": ")[1].split(" is ")[0] for said in differences(session, kept)] == [
        "slice:continued", "slice:increment",
    ]  # fmt: skip
