"""The queue of likely repeated deals on the page: who sees it, what is decided there, and that it can be undone."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Role
from matchmaker.deals import services as deals
from matchmaker.deals.models import Deal


def words_of(page) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", re.sub(r"(?s).*<main", "<main", page.text)))


def seen(page) -> str:
    return re.search(r'name="seen_cluster"[^>]*value="(\w+)"', page.text)[1]


def link_of(session, deal) -> int | None:
    """What a deal was merged into, read apart, so that no lock is kept."""
    with Session(session.get_bind()) as reader:
        return reader.scalar(select(Deal.duplicate_of_id).where(Deal.id == deal.id))


def count_of(session) -> int:
    with Session(session.get_bind()) as reader:
        return reader.scalar(select(func.count(Deal.id)))


@pytest.fixture
def queue(sign_in, official, programme, twice):
    return sign_in(official)


def test_the_queue_lists_a_cluster_with_what_agrees_and_opens_it_side_by_side(queue, twice):
    first, second = twice
    listed = words_of(queue.get("/deals/duplicates"))
    assert "待判断1" in listed
    assert f"{first.number}{second.number}" in listed
    assert "双方一致，金额相差不超过两成，期限重叠" in listed

    page = words_of(queue.get(f"/deals/duplicates/{second.public_id}"))

    assert "现在5,800" in page
    assert f"只保留{first.number}3,000-2,800只保留{second.number}2,800-3,000" in page
    assert "金额3,000万元2,800万元相近" in page


def test_a_filter_narrows_the_queue_and_an_empty_one_says_how_to_go_on(queue, twice):
    assert "符合条件1组" in words_of(queue.get("/deals/duplicates?q=车身&prefecture=420300"))
    assert "没有符合条件的" in words_of(queue.get("/deals/duplicates?prefecture=420500"))
    assert "这里还没有" in words_of(queue.get("/deals/duplicates?shown=distinct"))
    assert "这里还没有" in words_of(queue.get("/deals/duplicates?shown=merged"))


def test_the_decision_proposed_is_taken_with_one_button_and_undone_with_a_reason(queue, session, twice):
    first, second = twice
    page = queue.get(f"/deals/duplicates/{first.public_id}")
    assert re.search(rf'<input checked[^>]*name="survivor"[^>]*value="{first.public_id}"', page.text)
    assert re.search(rf'<input checked[^>]*name="merged"[^>]*value="{second.public_id}"', page.text)

    answer = queue.post(
        f"/deals/duplicates/{first.public_id}/merge",
        data={
            "survivor": first.public_id,
            "merged": [second.public_id],
            "reason": "同一次握手",
            "seen_cluster": seen(page),
        },
    )
    assert answer.location == f"/deals/{first.public_id}"
    assert link_of(session, second) == first.id
    assert f"已并入这一笔的：{second.number}" in words_of(queue.get(f"/deals/{first.public_id}"))
    merged = words_of(queue.get(f"/deals/{second.public_id}"))
    assert f"已并入{first.number}与那一笔是同一笔意向" in merged
    assert f"并入{first.number}" in merged
    assert "已并入1" in words_of(queue.get("/deals/duplicates"))
    assert first.number in words_of(queue.get("/deals/duplicates?shown=merged"))

    assert "为什么解除并入？" in words_of(queue.get(f"/deals/{second.public_id}/unmerge"))
    assert queue.post(f"/deals/{second.public_id}/unmerge", data={"reason": ""}).status_code == 422
    queue.post(f"/deals/{second.public_id}/unmerge", data={"reason": "是两笔"})
    assert link_of(session, second) is None
    assert "待判断1" in words_of(queue.get("/deals/duplicates"))


def test_deals_told_apart_leave_the_queue_with_the_reason_and_an_undo(queue, session, twice):
    first, _second = twice
    address = f"/deals/duplicates/{first.public_id}"
    assert queue.post(f"{address}/distinct", data={"reason": ""}).status_code == 422
    queue.post(f"{address}/distinct", data={"reason": "两份合同", "seen_cluster": seen(queue.get(address))})

    page = queue.get("/deals/duplicates?shown=distinct")
    assert "两份合同" in words_of(page)
    assert f'action="{address}/reconsider"' in page.text
    assert "没有待判断的" in words_of(queue.get("/deals/duplicates"))
    queue.post(f"{address}/reconsider")
    assert "此前曾判断为不是同一笔" in words_of(queue.get(address))


def test_a_decision_on_anything_but_what_was_read_is_refused(queue, session, make, twice):
    first, second = twice
    page = queue.get(f"/deals/duplicates/{first.public_id}")
    deals.dispute_deal(session, deal=second, actor=make.person_of(second.buyer), reason="金额不符")
    session.commit()

    for verb in ("merge", "distinct"):
        answer = queue.post(
            f"/deals/duplicates/{first.public_id}/{verb}",
            data={
                "survivor": first.public_id, "merged": [second.public_id], "reason": "理由", "seen_cluster": seen(page)
            },
        )  # fmt: skip
        assert answer.status_code == 409
        assert "有了变动" in words_of(answer)
    assert link_of(session, second) is None


def test_a_merger_of_nothing_says_what_is_missing(queue, session, twice):
    first, _second = twice
    chosen = {"survivor": first.public_id, "merged": [first.public_id], "reason": "同一次握手"}

    none = queue.post(f"/deals/duplicates/{first.public_id}/merge", data=chosen)
    forged = queue.post(f"/deals/duplicates/{first.public_id}/merge", data=chosen | {"survivor": "0" * 20})

    assert (none.status_code, forged.status_code) == (422, 422)
    assert "至少勾选另一笔" in words_of(none)


def test_an_auditor_reads_without_buttons_and_other_roles_are_kept_out(sign_in, make, session, twice):
    first, _second = twice
    auditor = sign_in(make.user(Role.AUDITOR))
    page = auditor.get(f"/deals/duplicates/{first.public_id}")

    assert "对合计没有影响" in words_of(page)  # no programme this year
    assert "/merge" not in page.text
    assert auditor.post(f"/deals/duplicates/{first.public_id}/merge").status_code == 403
    for person in (make.user(Role.ORGANISER), make.person_of(first.buyer), make.user(Role.ADMINISTRATOR)):
        assert sign_in(person).get("/deals/duplicates").status_code == 403


def test_an_office_elsewhere_sees_nothing_of_it_and_one_with_a_part_in_it_is_told(sign_in, make, session, twice):
    first, second = twice
    elsewhere = sign_in(make.user(Role.OFFICIAL, office=make.office(region="420500")))

    assert first.number not in elsewhere.get("/deals/duplicates").text
    assert "待判断0" in words_of(elsewhere.get("/deals/duplicates"))
    assert elsewhere.get(f"/deals/duplicates/{first.public_id}").status_code == 404
    assert elsewhere.post(f"/deals/{second.public_id}/unmerge").status_code == 404


def test_a_search_is_asked_for_on_the_page(queue, run_jobs, session):
    queue.post("/deals/duplicates/search")
    assert "正在查找" in words_of(queue.get("/deals/duplicates"))
    session.commit()

    run_jobs()

    assert "上次查找" in words_of(queue.get("/deals/duplicates"))


def test_the_second_report_offers_the_first_for_confirmation_and_can_insist(sign_in, make, session, firms):
    known = make.deal(**firms)
    seller = sign_in(make.person_of(firms["seller"]))
    typed = {
        "side": "seller", "partner": firms["buyer"].name, "subject": "压铸模 12 套", "kind": "purchase",
        "amount": "2950", "months": "12",
    }  # fmt: skip

    offered = seller.post("/deals/new", data=typed)
    assert offered.status_code == 409
    assert "对方已申报一笔相近的意向" in words_of(offered)
    assert f'href="/deals/{known.public_id}/confirm"' in offered.text
    assert count_of(session) == 1
    seller.post("/deals/new", data=typed | {"is_another": "y"})

    assert count_of(session) == 2
