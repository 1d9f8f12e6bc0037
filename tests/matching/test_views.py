from __future__ import annotations

import html
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from matchmaker.accounts.models import Role
from matchmaker.db import utcnow
from matchmaker.enterprises.models import CapabilityState, LineChange, LineKind, NeedVisibility
from matchmaker.jobs.models import Job
from matchmaker.matching.models import Feedback, MatchRun, Verdict
from matchmaker.matching.questions import about_text


def page(answer):
    return html.unescape(answer.get_data(as_text=True))


def firms_on(answer):
    """The firms of a list, in the order they stand."""
    return re.findall(r'class="h-row"><a class="plain" href="/suggestions/[0-9a-z]{20}[^>]*>([^<]+)</a>', page(answer))


def first_suggestion(answer):
    return re.search(r"/suggestions/([0-9a-z]{20})", page(answer))[1]


def pressed(text):
    """The verdicts that stand on the page of one suggestion."""
    panel = text[text.index('id="panel"') :]
    return re.findall(r'name="verdict" value="([a-z]+)" data-verdict="[0-9]" aria-pressed="true"', panel)


@pytest.fixture
def buyer(make, market, sign_in):
    return sign_in(make.user(enterprise=market.buyer))


@pytest.fixture
def maker(make, market, sign_in):
    return sign_in(make.user(enterprise=market.maker))


def test_a_buyer_sees_makers_for_its_need_and_near_misses_under_their_own_heading(buyer, market, publish):
    publish()

    answer = buyer.get(f"/suggestions?need={market.need.public_id}")

    assert answer.status_code == 200
    assert firms_on(answer) == [market.maker.name, market.rival.name]
    text = page(answer)
    assert text.index(market.maker.name) < text.index("差一项即可") < text.index(market.rival.name)
    assert "差一项：IATF 16949" in text


def test_a_maker_sees_who_published_a_need_for_its_capability(maker, market, publish):
    publish()

    answer = maker.get("/suggestions?by=capability")

    assert firms_on(answer) == [market.buyer.name]
    assert "铝合金压铸模 12 套" in page(answer)


def test_lists_by_direction_open_for_a_firm_with_nothing_but_its_products(maker, publish):
    publish()

    assert "上游供方</h1>" in page(maker.get("/suggestions?direction=upstream"))
    assert "下游买方</h1>" in page(maker.get("/suggestions?direction=downstream"))


def test_the_list_a_firm_meets_first_is_of_what_it_touched_last(buyer, market, publish):
    publish()

    assert firms_on(buyer.get("/suggestions"))[0] == market.maker.name


def test_a_page_seen_twice_keeps_its_list_once(buyer, session, market, publish):
    publish()
    buyer.get("/suggestions?by=need")
    buyer.get("/suggestions?by=need")

    assert session.scalar(select(func.count(MatchRun.id))) == 1


def test_many_readers_at_once_are_all_answered_and_keep_one_list(make, market, sign_in, session, publish):
    publish()
    user = make.user(enterprise=market.buyer)
    browsers = [sign_in(user) for _ in range(6)]

    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(pool.map(lambda browser: browser.get("/suggestions?by=need"), browsers))

    assert [firms_on(answer) for answer in answers] == [[market.maker.name, market.rival.name]] * len(browsers)
    assert session.scalar(select(func.count(MatchRun.id))) == 1


def test_lists_are_filtered_by_prefecture_and_say_so_when_nothing_is_left(buyer, publish):
    publish()

    assert firms_on(buyer.get("/suggestions?by=need&prefecture=420100")) == ["武汉试样精模有限公司"]
    nothing = buyer.get("/suggestions?by=need&prefecture=421200")
    assert firms_on(nothing) == []
    assert "不加筛选时有 2 家" in page(nothing)


def test_the_need_of_another_firm_cannot_be_asked_for(maker, market, publish):
    publish()

    assert maker.get(f"/suggestions?need={market.need.public_id}").status_code == 404


def test_evidence_adds_up_on_the_page_and_names_engine_index_and_number(buyer, session, publish):
    published = publish()
    suggestion_id = first_suggestion(buyer.get("/suggestions?by=need"))

    answer = buyer.get(f"/suggestions/{suggestion_id}")

    text = page(answer)
    table = re.search(r'<table class="parts">(.*?)</table>', text, re.DOTALL)[1]
    points = [float(each) for each in re.findall(r'<td class="pt"><b>([\d.]+)</b>', table)]
    total = float(re.search(r'合计</th><td class="pt">([\d.]+)', table)[1])
    assert round(sum(points), 2) == total
    assert f'<div class="total mt-3"><b>{total:g}</b>' in text
    assert f"索引 {published.edition.version}" in text
    run = session.scalars(select(MatchRun)).one()
    assert run.public_id in text


def test_the_suggestion_of_another_firm_looks_like_none(buyer, maker, publish):
    publish()
    suggestion_id = first_suggestion(buyer.get("/suggestions?by=need"))

    assert maker.get(f"/suggestions/{suggestion_id}").status_code == 404
    assert maker.post(f"/suggestions/{suggestion_id}/answer", data={"verdict": "interested"}).status_code == 404
    assert maker.get("/suggestions/00000000000000000000").status_code == 404


def test_a_withdrawn_line_is_gone_from_list_and_page_at_once(buyer, session, market, publish):
    publish()
    suggestion_id = first_suggestion(buyer.get("/suggestions?by=need"))

    market.mould.state = CapabilityState.WITHDRAWN
    session.commit()

    assert firms_on(buyer.get("/suggestions?by=need")) == [market.rival.name]
    assert buyer.get(f"/suggestions/{suggestion_id}").status_code == 404
    assert market.maker.name not in page(buyer.get("/search?q=铝合金压铸模")).replace("<mark>", "")


def test_one_tap_is_kept_and_can_be_undone(buyer, session, publish):
    publish()
    suggestion_id = first_suggestion(buyer.get("/suggestions?by=need"))

    answer = buyer.post(f"/suggestions/{suggestion_id}/answer", data={"verdict": "interested"})
    assert answer.location == f"/suggestions/{suggestion_id}"
    shown = page(buyer.get(answer.location))
    assert "已记下：感兴趣。" in shown
    assert pressed(shown) == ["interested"]
    assert f'action="/suggestions/{suggestion_id}/answer/undo"' in shown

    buyer.post(f"/suggestions/{suggestion_id}/answer/undo")
    assert pressed(page(buyer.get(f"/suggestions/{suggestion_id}"))) == []
    assert [each.verdict for each in session.scalars(select(Feedback).order_by(Feedback.id))] == [
        Verdict.INTERESTED,
        Verdict.TAKEN_BACK,
    ]


def test_what_is_unsuitable_leaves_the_list_with_its_reason(buyer, session, market, publish):
    publish()
    suggestion_id = first_suggestion(buyer.get("/suggestions?by=need"))

    answer = buyer.post(
        f"/suggestions/{suggestion_id}/answer?back=list", data={"verdict": "unsuitable", "reason": "distance"}
    )

    said = market.maker.public_id
    assert answer.location == f"/suggestions?need={market.need.public_id}&said={said}#s-{said}"
    text = page(buyer.get(answer.location))
    assert "已记下：不合适。" in text
    assert text.index(market.rival.name) < text.index("已标为不合适的 1 家") < text.rindex(market.maker.name)
    assert session.scalars(select(Feedback)).one().reason == "distance"


def test_sent_twice_under_one_key_it_is_one_answer(buyer, session, publish):
    publish()
    suggestion_id = first_suggestion(buyer.get("/suggestions?by=need"))
    for _ in range(2):
        buyer.post(
            f"/suggestions/{suggestion_id}/answer",
            data={"verdict": "partners"},
            headers={"Idempotency-Key": "the-same-key-1"},
        )

    assert session.scalar(select(func.count(Feedback.id))) == 1


def test_an_answer_nobody_offers_is_refused_with_the_page(buyer, session, publish):
    publish()
    suggestion_id = first_suggestion(buyer.get("/suggestions?by=need"))

    for data in ({}, {"verdict": "best"}, {"verdict": "taken_back"}, {"verdict": "unsuitable", "reason": "x"}):
        answer = buyer.post(f"/suggestions/{suggestion_id}/answer", data=data)
        assert answer.status_code == 422
        assert "请选一项看法。" in page(answer)

    assert session.scalar(select(func.count(Feedback.id))) == 0


def test_an_office_opens_any_firms_lists_to_invite_but_answers_nothing(make, market, sign_in, publish):
    publish()
    office = sign_in(make.user(Role.ORGANISER))

    answer = office.get(f"/enterprises/{market.buyer.public_id}/partners?by=need")
    assert firms_on(answer) == [market.maker.name, market.rival.name]
    assert "申请洽谈" not in page(answer)
    suggestion_id = first_suggestion(answer)

    shown = office.get(f"/suggestions/{suggestion_id}")
    assert shown.status_code == 200
    assert "这条推荐怎么样" not in page(shown)
    assert office.post(f"/suggestions/{suggestion_id}/answer", data={"verdict": "interested"}).status_code == 403
    assert office.get("/suggestions").status_code == 403


def test_a_firm_cannot_open_another_firms_lists(maker, market, publish):
    publish()

    assert maker.get(f"/enterprises/{market.buyer.public_id}/partners?by=need").status_code == 403


def test_without_an_index_the_page_says_so_and_has_one_built(buyer, session, market, run_jobs):
    waiting = buyer.get("/suggestions?by=need")
    buyer.get("/suggestions?by=need")

    assert "推荐正在准备" in page(waiting)
    assert [job.kind for job in session.scalars(select(Job))] == ["reindex"]
    session.commit()

    run_jobs()
    assert firms_on(buyer.get("/suggestions?by=need")) == [market.maker.name, market.rival.name]


def test_a_page_notices_that_lines_have_changed(buyer, session, market, publish):
    publish()
    session.add(LineChange(kind=LineKind.NEED, line_id=market.need.id, at=utcnow()))
    session.commit()

    buyer.get("/suggestions?by=need")

    assert [job.kind for job in session.scalars(select(Job))] == ["reindex"]


def test_a_firm_that_published_nothing_is_told_the_first_step(make, sign_in, publish):
    publish()
    newcomer = sign_in(make.user())

    assert "先发布一条供给能力或需求" in page(newcomer.get("/suggestions"))
    assert "先发布一条供给能力或需求" in page(newcomer.get("/suggestions?direction=upstream"))


def test_the_search_finds_firms_makers_and_needs_even_by_two_characters(maker, market, publish):
    publish()

    by_name = page(maker.get("/search?q=精模"))
    assert "武汉试样精模有限公司" in by_name
    assert "襄阳试样模具有限公司" in page(maker.get("/search?q=xysymj"))
    by_product = re.sub("</?mark>", "", page(maker.get("/search?q=铝合金压铸模")))
    assert by_product.index("襄阳试样模具有限公司") < by_product.index("武汉试样精模有限公司")
    assert "铝合金压铸模 12 套" in by_product


def test_what_a_search_asks_for_besides_the_product_is_shown_and_can_be_dropped(maker, publish):
    text = "压铸模 年需20套，IATF16949，襄阳周边，预算300万元"
    answer = maker.get("/search", query_string={"q": text})

    chips = re.findall(r'<a class="chip on" href="([^"]*)">(\S+ \S+?)<', page(answer))
    assert [shown for _url, shown in chips] == ["数量 年需20套", "资质 IATF16949", "地点 襄阳周边", "预算 300万元"]
    dropped = parse_qs(urlsplit(chips[1][0]).query)["q"]
    assert dropped == ["压铸模 年需20套 襄阳周边，预算300万元"]


def test_a_search_ranks_by_the_place_and_amount_it_names(market):
    query = about_text("铝合金压铸模 12 套，襄阳周边，30天内交货", today=date(2026, 3, 1))

    assert (query.region_code, query.quantity, query.unit, query.days) == ("420600", 12, "套", 30)
    assert about_text("铝合金压铸模，襄阳、宜昌周边", today=date(2026, 3, 1)).region_code is None


def test_whatever_is_typed_the_search_answers(maker, publish):
    publish()

    for text in ("", " ", "%", "_", "\\", "🙂", "1", "的", "铝" * 5000, "\x00", "<script>alert(1)</script>"):
        answer = maker.get("/search", query_string={"q": text})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.get_data(as_text=True)


def test_a_need_for_organisers_only_is_never_found(make, maker, market, session, publish):
    make.need(market.buyer, "机密砂型铸造 5 件", visibility=NeedVisibility.ORGANISERS)
    session.commit()
    publish()

    assert "机密" not in page(maker.get("/search?q=砂型铸造"))


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get("/suggestions").location == "/sign-in?next=/suggestions"
    assert client.get("/search?q=x").status_code == 302
