"""Filters, order, comparison, answers in place and replay of a list, all of which live in its address."""

from __future__ import annotations

import html
import re
import shutil

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import Role
from matchmaker.db import utcnow
from matchmaker.enterprises.models import Badge, EnterpriseSize, NeedKind
from matchmaker.matching.indexing import FOLDER
from matchmaker.matching.models import Feedback, MatchRun, Verdict
from tests.matching.test_views import firms_on, first_suggestion, page


@pytest.fixture
def buyer(make, market, sign_in):
    return sign_in(make.user(enterprise=market.buyer))


@pytest.fixture
def needs(market, publish):
    """The address of the list for the market's need, which no hard condition narrows."""
    market.need.hard_conditions = []
    market.maker.badges = [Badge(name="专精特新", starts_on=utcnow().date())]
    market.rival.size = EnterpriseSize.SMALL
    market.rival_mould.lead_days = 20
    publish()
    return f"/suggestions?need={market.need.public_id}"


def words_of(answer):
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", "", page(answer)))


def test_each_filter_of_the_address_narrows_the_list_and_can_be_dropped(buyer, market, needs):
    both, maker, rival = [market.maker.name, market.rival.name], [market.maker.name], [market.rival.name]
    told = {
        "": (both, None),
        "&prefecture=420600": (maker, "襄阳"),
        "&badge=专精特新": (maker, "专精特新"),
        "&size=small": (rival, "小型"),
        "&chain=auto": (both, None),
        "&segment=auto.mould": (both, None),
        "&meets=1": (both, "硬条件全部符合"),
        "&least=1": (both, "1 分以上"),
    }
    for query, (firms, chip) in told.items():
        answer = buyer.get(needs + query)
        assert firms_on(answer) == firms, query
        assert chip is None or f"{chip}去掉此条件" in words_of(answer)


def test_the_order_is_the_readers_choice(buyer, market, needs):
    assert firms_on(buyer.get(needs)) == [market.maker.name, market.rival.name]
    assert firms_on(buyer.get(f"{needs}&sort=days")) == [market.rival.name, market.maker.name]
    assert firms_on(buyer.get(f"{needs}&sort=near")) == [market.maker.name, market.rival.name]


def test_an_empty_list_names_the_one_filter_to_drop_and_how_many_that_gives(buyer, market, needs):
    answer = buyer.get(f"{needs}&prefecture=420600&size=small")

    assert firms_on(answer) == []
    assert "去掉“市州”，有 1 家" in words_of(answer)
    assert "去掉“规模”，有 1 家" in words_of(answer)
    assert "全部清除，有 2 家" in words_of(answer)


def test_an_address_nobody_wrote_is_read_as_far_as_it_makes_sense(buyer, market, needs):
    strange = "&sort=nope&least=9e9&with=../..&with=x&at=%00&said=1&whole=yes"
    assert firms_on(buyer.get(needs + strange)) == [market.maker.name, market.rival.name]
    for query in ("&segment=no.such", "&chain=🙂", "&prefecture=" + "9" * 5000, "&badge=<script>", "&size=huge"):
        answer = buyer.get(needs + query)
        assert answer.status_code == 200
        assert firms_on(answer) == []
        assert "全部清除，有 2 家" in words_of(answer)
        assert "<script>" not in answer.get_data(as_text=True).replace("<script src", "")


def test_two_firms_stand_side_by_side_and_the_better_is_named_in_a_word(buyer, market, needs):
    chosen = f"{needs}&with={market.rival.public_id}&with={market.maker.public_id}".replace("?", "/compare?")

    text = page(buyer.get(chosen))

    heads = re.findall(r'<th scope="col"><a[^>]*>([^<]+)</a>', text)
    assert heads == [market.rival.name, market.maker.name]
    score = re.search(r'scope="row">匹配分</th>(.*?)</tr>', text, re.DOTALL)[1]
    assert [("最高" in cell) for cell in score.split("</td>")[:2]] == [False, True]
    days = re.search(r'scope="row">交期</th>(.*?)</tr>', text, re.DOTALL)[1]
    assert [("最短" in cell) for cell in days.split("</td>")[:2]] == [True, False]


def test_only_three_are_compared_and_one_that_left_the_list_is_told(make, buyer, market, needs):
    gone = [make.enterprise().public_id for _ in range(3)]
    make.session.commit()
    base = needs.replace("?", "/compare?")

    assert "还没有选企业" in words_of(buyer.get(base))
    answer = buyer.get(f"{base}&with={market.maker.public_id}" + "".join(f"&with={each}" for each in gone))
    assert "有 2 家已不在这份名单里" in words_of(answer)
    assert "再选一两家才有得比" in words_of(answer)


def test_an_office_compares_for_a_firm_and_asks_nobody(make, sign_in, market, needs):
    office = sign_in(make.user(Role.ORGANISER))
    base = f"/enterprises/{market.buyer.public_id}/partners"
    listed = page(office.get(f"{base}?by=need"))
    chosen = f"with={market.maker.public_id}"
    assert chosen in listed

    answer = office.get(f"{base}/compare?by=need&{chosen}&with={market.rival.public_id}")

    assert market.maker.name in page(answer)
    assert "申请洽谈" not in page(answer)
    assert office.get("/suggestions/compare").status_code == 403


def test_a_script_is_given_only_the_part_of_the_page_that_changes(buyer, market, needs):
    part = buyer.get(needs, headers={"HX-Request": "true", "HX-Target": "div#suggested"})

    assert page(part).lstrip().startswith('<div id="suggested">')
    assert firms_on(part) == [market.maker.name, market.rival.name]


def test_an_answer_is_noted_at_its_row_and_taken_back_there(buyer, session, market, needs):
    suggestion = first_suggestion(buyer.get(needs))

    answer = buyer.post(f"/suggestions/{suggestion}/answer?back=list&sort=days", data={"verdict": "unsuitable"})
    noted = buyer.get(answer.location)
    assert firms_on(noted)[:2] == [market.rival.name, market.maker.name]  # where it stood, to be undone there
    assert "已记下：不合适。" in words_of(noted)
    assert firms_on(buyer.get(needs)) == [market.rival.name, market.maker.name]  # the second folded away
    assert "已标为不合适的 1 家" in words_of(buyer.get(needs))

    back = buyer.post(f"/suggestions/{suggestion}/answer/undo?back=list")
    assert "已收回。" in words_of(buyer.get(back.location))
    assert firms_on(buyer.get(needs)) == [market.maker.name, market.rival.name]
    verdicts = [each.verdict for each in session.scalars(select(Feedback).order_by(Feedback.id))]
    assert verdicts == [Verdict.UNSUITABLE, Verdict.TAKEN_BACK]


def test_partners_are_marked_and_can_be_left_out(buyer, market, needs):
    suggestion = first_suggestion(buyer.get(needs))
    buyer.post(f"/suggestions/{suggestion}/answer?back=list", data={"verdict": "partners"})

    row = page(buyer.get(needs)).partition(f'id="s-{market.maker.public_id}"')[2].partition("</li>")[0]
    assert re.search(r'class="tag acc">.*已合作', row)
    assert firms_on(buyer.get(f"{needs}&strangers=1")) == [market.rival.name]


def test_a_near_miss_says_the_one_thing_it_lacks_and_hides_who_lacks_more(buyer, session, market, make, publish):
    third = make.enterprise("宜昌试样模具有限公司", region="420500")
    make.capability(third, "铝合金压铸模", lead_days=90)
    market.need.hard_conditions = ["IATF 16949", "60 天内交货"]
    market.mould.lead_days = 75
    session.commit()
    publish()

    text = words_of(buyer.get(f"/suggestions?need={market.need.public_id}"))

    assert "差一项：60 天内交货（对方交期 75 天）" in text
    assert "差 2 项" not in text


def test_where_nobody_lacks_only_one_thing_those_who_lack_more_are_shown(buyer, session, market, make, publish):
    third = make.enterprise("宜昌试样模具有限公司", region="420500")
    make.capability(third, "铝合金压铸模", lead_days=90)
    market.need.hard_conditions = ["IATF 16949", "60 天内交货"]
    market.mould.certificates, market.mould.lead_days = [], 75
    session.commit()
    publish()

    text = words_of(buyer.get(f"/suggestions?need={market.need.public_id}"))

    assert "差 2 项：IATF 16949（对方没有列出）；60 天内交货（对方交期 90 天）" in text
    assert "差一项或几项，差得少的在前" in text


def test_a_list_is_replayed_from_its_page_and_says_in_words_that_it_is_the_same(buyer, session, needs, data_dir):
    text = page(buyer.get(needs))
    run = session.scalars(select(MatchRun)).one()
    assert f"输入摘要 {run.input_digest[:8]}（前 8 位）" in text
    assert f"索引 {run.index_version[:8]}·" in text
    url = re.search(r'href="(/suggestions/lists/[0-9a-z]{20}/replay)"', text)[1]

    assert "名单与每一分都相同，逐字节一致" in words_of(buyer.get(url))

    first = run.suggestions[0]
    first.score -= 1
    session.commit()
    assert "与存下的名单不同" in words_of(buyer.get(url))

    shutil.rmtree(data_dir / FOLDER)
    assert "已不再保留，不能重放" in words_of(buyer.get(url))


def test_another_firms_list_is_not_replayed(make, sign_in, buyer, session, needs):
    buyer.get(needs)
    run = session.scalars(select(MatchRun)).one()

    assert sign_in(make.user()).get(f"/suggestions/lists/{run.public_id}/replay").status_code == 404
    office = sign_in(make.user(Role.ORGANISER)).get(f"/suggestions/lists/{run.public_id}/replay")
    assert "逐字节一致" in words_of(office)


@pytest.mark.parametrize("text", ["🙂🙂", "1", "模", "的", "12345 678", "M8×30", "的 了 和", "铝" * 400])
def test_whatever_a_need_says_its_list_is_a_sensible_page(buyer, make, market, session, publish, text):
    need = make.need(market.buyer, text)
    session.commit()
    publish()

    answer = buyer.get(f"/suggestions?need={need.public_id}")

    assert answer.status_code == 200
    assert firms_on(answer) or "还没有找到合适的企业" in words_of(answer)


def test_a_need_of_ten_thousand_characters_is_refused_with_its_form(buyer, market):
    answer = buyer.post("/needs/new", data={"text": "铝" * 10_000, "kind": "purchase", "visibility": "public"})

    assert answer.status_code == 422
    assert "内容尚未保存" in page(answer)


def test_a_published_need_leads_to_who_can_supply_it(buyer, market, session, publish):
    publish()
    told = {"kind": "purchase", "visibility": "public"}

    sought = buyer.post("/needs/new", data={"text": "铝合金压铸模 3 套", **told})
    assert sought.location.startswith("/suggestions?need=")
    assert firms_on(buyer.get(sought.location)) == [market.maker.name, market.rival.name]
    draft = buyer.post("/needs/new", data={"text": "压铸模", "draft": "1", **told})
    credit = buyer.post("/needs/new", data={"text": "流动资金贷款", **told, "kind": NeedKind.FINANCING.value})
    hidden = buyer.post("/needs/new", data={"text": "压铸模", **told, "visibility": "organisers"})
    assert [each.location[:7] for each in (draft, credit, hidden)] == ["/needs/"] * 3


def test_a_need_for_money_leads_to_no_list_of_suppliers(buyer, session, market, make):
    credit = make.need(market.buyer, "流动资金贷款", kind=NeedKind.FINANCING)
    session.commit()

    goods, money = (buyer.get(f"/needs/{need.public_id}").text for need in (market.need, credit))

    assert f"/suggestions?need={market.need.public_id}" in goods
    assert "/suggestions?need=" not in money


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("🙂🙂", "只有符号或表情"),
        ("……。。", "只有符号或表情"),
        ("1", "只有数字"),
        ("12345 678", "只有数字"),
        ("铝", "只有一个字"),
        ("的", "没有找到“的”"),
        ("铝合金压铸模" * 2000, "只按前 100 个字搜索"),
    ],
)
def test_a_search_for_what_can_hardly_be_compared_says_why(buyer, market, publish, typed, told):
    publish()

    answer = buyer.get("/search", query_string={"q": typed})

    assert answer.status_code == 200
    assert told in words_of(answer)


def test_a_lone_figure_names_no_firm_by_its_code(buyer, market, session, publish):
    code = market.maker.credit_code
    market.maker.search_text = f"{market.maker.name}\n{code.lower()}"
    session.commit()
    publish()

    assert market.maker.name not in html.unescape(page(buyer.get("/search?q=0")))
    assert market.maker.name in page(buyer.get(f"/search?q={code}"))
