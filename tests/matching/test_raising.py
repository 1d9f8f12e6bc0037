from __future__ import annotations

from datetime import date, timedelta

import pytest

from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import CapabilityState, EnterpriseState
from matchmaker.matching.engine import FULL_SCORE
from matchmaker.matching.models import MatchSubject
from matchmaker.matching.queries.naming import names
from matchmaker.matching.queries.runs import shown_list
from matchmaker.matching.questions import about_capability, about_enterprise, about_need
from matchmaker.matching.raising import Where, raising
from matchmaker.matching.services import suggest


@pytest.fixture
def raised(session, make, indexed):
    """What would raise each suggestion of the list a question gets, by the name of its firm."""

    def ask(question, asker):
        run = suggest(session, question=question, published=indexed())
        session.commit()
        shown = shown_list(session, make.user(enterprise=asker), run)
        return {each.enterprise.name: (each, raising(each, run, names(session))) for each in shown}

    return ask


def test_what_would_raise_a_score_comes_to_exactly_what_is_missing_to_full_marks(market, raised):
    asked = [
        (about_need(market.need, today=date(2026, 3, 2)), market.buyer),
        (about_capability(market.mould), market.maker),
        (about_enterprise(market.maker, subject=MatchSubject.DOWNSTREAM), market.maker),
        (about_enterprise(market.buyer, subject=MatchSubject.UPSTREAM), market.buyer),
    ]

    told = [each for question, asker in asked for each in raised(question, asker).values()]

    assert len(told) >= 4
    for shown, found in told:
        gained = sum(step.points for step in found.steps) + found.rest
        assert gained == FULL_SCORE - shown.suggestion.score
        assert [step.points for step in found.steps] == sorted((step.points for step in found.steps), reverse=True)


def test_each_side_is_told_what_it_can_do_itself(market, raised, session):
    market.need.text = "铝合金压铸模，壁厚 3.5 mm"
    market.need.deliver_by = shanghai_day(utcnow()) + timedelta(days=30)
    session.commit()

    _, found = raised(about_need(market.need, today=shanghai_day(utcnow())), market.buyer)[market.rival.name]

    theirs = [step.text for step in found.theirs]
    assert "请对方写明能否做到 壁厚 3.5 mm" in theirs
    assert "请对方取得或列出资质 IATF16949" in theirs
    assert "请对方写明余量（要求 12套）" in theirs
    assert "对方交期长于要求的 30 天：可推后最迟交付" in [step.text for step in found.ours]
    assert {step.where for step in found.ours} == {Where.LINE}


def test_an_amount_in_another_unit_is_not_called_too_little(market, raised, session):
    market.mould.capacity_unit = "副"
    session.commit()

    _, found = raised(about_need(market.need, today=date(2026, 3, 2)), market.buyer)[market.maker.name]

    assert "双方余量单位不同，请核对：要求 12套" in [step.text for step in found.ours]


def test_a_firm_and_its_line_that_are_verified_have_nothing_to_verify(market, raised, session):
    market.rival.state = EnterpriseState.REVIEW
    market.mould.state = CapabilityState.VERIFIED
    session.commit()

    told = raised(about_need(market.need, today=date(2026, 3, 2)), market.buyer)

    assert "请对方完成企业认证" in [step.text for step in told[market.rival.name][1].steps]
    assert not [step for step in told[market.maker.name][1].steps if "佐证" in step.text or "认证" in step.text]
