from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.db import utcnow
from matchmaker.enterprises.models import (
    CapabilityState,
    EnterpriseState,
    LineChange,
    LineKind,
    NeedState,
    NeedVisibility,
)
from matchmaker.jobs.models import Job
from matchmaker.matching.conditions import Condition, Supplier, certificates_among, judged
from matchmaker.matching.engine import FULL_SCORE
from matchmaker.matching.models import Feedback, MatchRun, MatchSubject, Suggestion, Verdict
from matchmaker.matching.queries.runs import Answer, fresh_suggestions, shown_list, shown_suggestion
from matchmaker.matching.questions import about_capability, about_enterprise, about_need
from matchmaker.matching.records import evidence_of, evidence_record
from matchmaker.matching.services import (
    IndexNotKept,
    answer_suggestion,
    note_changes,
    replay,
    suggest,
    take_back_answer,
)

TODAY = date(2026, 3, 2)


@pytest.fixture
def run(session, market, indexed):
    """The suppliers of the market's need, as suggested and kept."""
    kept = suggest(session, question=about_need(market.need, today=TODAY), published=indexed())
    session.commit()
    return kept


@pytest.fixture
def run_on_disk(session, market, publish):
    """The same, from an index that is kept as files."""
    kept = suggest(session, question=about_need(market.need, today=TODAY), published=publish())
    session.commit()
    return kept


def firms(shown):
    return [each.enterprise.name for each in shown]


def test_the_parts_of_kept_evidence_add_up_exactly_to_the_score(session, market, indexed, run):
    published = indexed()
    lists = [
        run,
        suggest(session, question=about_capability(market.mould), published=published),
        suggest(session, question=about_enterprise(market.maker, subject=MatchSubject.DOWNSTREAM), published=published),
        suggest(session, question=about_enterprise(market.buyer, subject=MatchSubject.UPSTREAM), published=published),
    ]

    for each in lists:
        assert each.suggestions
        for suggestion in each.suggestions:
            parts = evidence_of(suggestion.evidence).parts
            assert sum(part.points for part in parts) == suggestion.score
            assert sum(part.maximum for part in parts) == FULL_SCORE


def test_evidence_comes_back_from_its_record_unchanged(session, run):
    for suggestion in run.suggestions:
        assert evidence_record(evidence_of(suggestion.evidence)) == suggestion.evidence


def test_a_need_is_answered_by_its_makers_best_first(session, make, market, run):
    user = make.user(enterprise=market.buyer)

    shown = shown_list(session, user, run)

    assert firms(shown) == [market.maker.name, market.rival.name]
    assert [each.capability.product for each in shown] == ["铝合金压铸模", "压铸模具"]
    assert shown[0].conditions == (Condition("IATF 16949", True),)
    assert shown[1].failed == (Condition("IATF 16949", False),)


def test_a_capability_finds_the_need_and_is_held_against_its_conditions(session, make, market, indexed):
    user = make.user(enterprise=market.rival)
    kept = suggest(session, question=about_capability(market.rival_mould), published=indexed())

    [shown] = shown_list(session, user, kept)

    assert (shown.enterprise, shown.need, shown.capability) == (market.buyer, market.need, None)
    assert shown.conditions == (Condition("IATF 16949", False),)


def test_the_same_question_of_the_same_index_is_kept_once(session, market, indexed, run):
    again = suggest(session, question=about_need(market.need, today=TODAY), published=indexed())

    assert again is run
    assert session.scalar(select(func.count(MatchRun.id))) == 1


@pytest.fixture
def bystander(make):
    """A firm nobody is looking for, listed before the first index is built."""
    return make.capability(make.enterprise(state=EnterpriseState.PENDING), "聚丙烯酰胺").enterprise


def test_a_list_that_comes_out_the_same_moves_to_the_newer_index(session, bystander, market, indexed, run):
    before = run.index_version
    bystander.state = EnterpriseState.VERIFIED
    session.commit()
    published = indexed()

    again = suggest(session, question=about_need(market.need, today=TODAY), published=published)

    assert again is run
    assert run.index_version == published.edition.version != before


def test_an_edited_need_is_asked_anew_with_its_present_text_though_the_index_is_old(session, market, indexed, run):
    published = indexed()
    market.need.text = "塑料注塑模 2 套"
    session.commit()

    again = suggest(session, question=about_need(market.need, today=TODAY), published=published)

    assert again is not run
    assert again.asked["text"] == "塑料注塑模 2 套"
    assert again.index_version == run.index_version


def withdraw(market):
    market.mould.state = CapabilityState.WITHDRAWN


def suspend(market):
    market.maker.state = EnterpriseState.SUSPENDED


@pytest.mark.parametrize("change", [withdraw, suspend])
def test_what_is_withdrawn_vanishes_at_once_though_the_index_is_old(session, make, market, run, change):
    user, office = make.user(enterprise=market.buyer), make.user(Role.ORGANISER)
    first = run.suggestions[0]
    assert shown_suggestion(session, user, first) is not None

    change(market)
    session.commit()

    assert firms(shown_list(session, user, run)) == [market.rival.name]
    assert firms(shown_list(session, office, run)) == [market.rival.name]
    assert shown_suggestion(session, user, first) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("state", NeedState.WITHDRAWN), ("visibility", NeedVisibility.ORGANISERS), ("visibility", NeedVisibility.MATCHED)],
)
def test_a_need_that_is_hidden_from_the_reader_takes_its_suggestion_along(session, make, market, indexed, field, value):
    user = make.user(enterprise=market.rival)
    market.rival_mould.segment = None  # “matched” means supplying the same segment
    kept = suggest(session, question=about_capability(market.rival_mould), published=indexed())
    assert len(shown_list(session, user, kept)) == 1

    setattr(market.need, field, value)
    session.commit()

    assert shown_list(session, user, kept) == []


def test_another_firm_sees_nothing_of_a_list(session, make, market, run):
    assert shown_list(session, make.user(enterprise=market.rival), run) == []


def test_the_latest_answer_stands_and_can_be_taken_back(session, make, market, run):
    user, suggestion = make.user(enterprise=market.buyer), run.suggestions[1]

    answer_suggestion(session, suggestion=suggestion, verdict=Verdict.INTERESTED, actor=user)
    answer_suggestion(session, suggestion=suggestion, verdict=Verdict.UNSUITABLE, reason="distance", actor=user)
    session.flush()
    shown = shown_list(session, user, run)
    assert [each.answer for each in shown] == [None, Answer(Verdict.UNSUITABLE, "distance")]
    assert [each.is_set_aside for each in shown] == [False, True]

    take_back_answer(session, suggestion=suggestion, actor=user)
    session.flush()
    assert [each.answer for each in shown_list(session, user, run)] == [None, None]
    assert session.scalar(select(func.count(Feedback.id))) == 3
    assert [entry.action for entry in session.scalars(select(AuditEntry))] == ["answer suggestion"] * 3


def test_an_answer_holds_for_the_same_question_on_a_later_list(session, make, market, indexed, run):
    user = make.user(enterprise=market.buyer)
    answer_suggestion(session, suggestion=run.suggestions[1], verdict=Verdict.UNSUITABLE, actor=user)
    make.capability(make.enterprise("黄石试样压铸有限公司"), "铝合金压铸模")
    session.commit()

    later = suggest(session, question=about_need(market.need, today=TODAY), published=indexed())
    session.flush()

    assert later is not run
    assert [each.enterprise.name for each in shown_list(session, user, later) if each.is_set_aside] == [
        market.rival.name
    ]


def test_partners_are_partners_on_every_list_but_unsuitable_is_for_one_question(session, make, market, indexed, run):
    user = make.user(enterprise=market.buyer)
    other = make.need(market.buyer, "压铸模具 3 副", segment=market.need.segment)
    session.commit()
    second = suggest(session, question=about_need(other, today=TODAY), published=indexed())
    session.flush()
    by_name = {each.enterprise.name: each.suggestion for each in shown_list(session, user, run)}

    answer_suggestion(session, suggestion=by_name[market.maker.name], verdict=Verdict.PARTNERS, actor=user)
    answer_suggestion(session, suggestion=by_name[market.rival.name], verdict=Verdict.UNSUITABLE, actor=user)
    session.flush()

    answers = {each.enterprise.name: each.answer for each in shown_list(session, user, second)}
    assert answers == {market.maker.name: Answer(Verdict.PARTNERS, ""), market.rival.name: None}


def test_the_home_page_is_offered_what_is_whole_and_unanswered(session, make, market, run):
    user = make.user(enterprise=market.buyer)
    assert firms(fresh_suggestions(session, user, enterprise_id=market.buyer.id, limit=3)) == [market.maker.name]

    answer_suggestion(session, suggestion=run.suggestions[0], verdict=Verdict.INTERESTED, actor=user)
    session.flush()

    assert fresh_suggestions(session, user, enterprise_id=market.buyer.id, limit=3) == []


def test_a_kept_list_is_replayed_byte_for_byte_after_everything_has_changed(
    session, make, market, publish, run_on_disk, data_dir
):
    market.need.text = "完全不同的需求"
    make.capability(make.enterprise(), "铝合金压铸模")
    session.commit()
    publish()

    again = replay(session, run=run_on_disk, data_dir=data_dir)

    assert again.is_equal
    assert again.stored == again.repeated
    assert market.maker.id in [suggestion.enterprise_id for suggestion in run_on_disk.suggestions]


def test_a_replay_notices_a_suggestion_that_was_touched(session, run_on_disk, data_dir):
    session.get(Suggestion, run_on_disk.suggestions[0].id).score += 1
    session.flush()

    assert not replay(session, run=run_on_disk, data_dir=data_dir).is_equal


def test_a_list_whose_index_is_gone_cannot_be_replayed(session, run, data_dir):
    run.index_version = "0123456789abcdef"

    with pytest.raises(IndexNotKept, match="0123456789abcdef"):
        replay(session, run=run, data_dir=data_dir)


def test_a_list_of_another_engine_cannot_be_replayed(session, run, data_dir):
    run.engine_version = "0.9"

    with pytest.raises(IndexNotKept):
        replay(session, run=run, data_dir=data_dir)


def changed(session, line):
    session.add(LineChange(kind=LineKind.NEED, line_id=line.id, at=utcnow()))
    session.commit()


def test_a_change_promises_one_new_index_and_not_two(session, market, publish, data_dir):
    publish()
    assert note_changes(session, data_dir=data_dir) is None

    changed(session, market.need)
    assert note_changes(session, data_dir=data_dir).kind == "reindex"
    changed(session, market.need)
    assert note_changes(session, data_dir=data_dir) is None

    assert session.scalar(select(func.count(Job.id))) == 1


def test_a_mark_that_was_committed_late_is_not_overlooked(session, market, publish, data_dir):
    changed(session, market.need)
    changed(session, market.need)
    first = session.scalars(select(LineChange).order_by(LineChange.id)).first()
    session.delete(first)
    session.commit()
    publish()

    session.add(LineChange(id=first.id, kind=LineKind.NEED, line_id=market.need.id, at=utcnow()))
    session.commit()

    assert note_changes(session, data_dir=data_dir) is not None


def test_no_index_at_all_promises_one(session, market, data_dir):
    assert note_changes(session, data_dir=data_dir).kind == "reindex"


HENGCHANG = Supplier("420600", ("IATF16949", "ISO 9001:2015"), lead_days=20)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("IATF 16949", True),
        ("iso9001", True),
        ("ISO14001", False),
        ("特种设备制造许可", False),
        ("须通过 ISO 9001 认证", True),
        ("首批 30 天内到货", True),
        ("首批 15 天内到货", False),
        ("供货地在湖北省内", True),
        ("可提供小试样品", None),
        ("接受 60 天账期", None),
        ("交货地在湖北省内", None),
    ],
)
def test_a_condition_is_met_or_failed_only_where_the_register_speaks_of_it(text, verdict):
    assert judged([text], HENGCHANG) == (Condition(text, verdict),)


def test_what_a_supplier_has_not_stated_is_not_held_against_it():
    assert judged(["首批 15 天内到货"], Supplier("420600")) == (Condition("首批 15 天内到货", None),)
    assert judged(["供货地在湖北省内"], Supplier("330100")) == (Condition("供货地在湖北省内", False),)


def test_certificates_among_conditions_are_asked_of_the_engine():
    conditions = ["供货地在湖北省内", "IATF16949", "特种设备制造许可", "可提供小试样品", "CNAS"]

    assert certificates_among(conditions) == ("IATF16949", "特种设备制造许可", "CNAS")
