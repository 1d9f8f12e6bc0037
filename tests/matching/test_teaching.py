from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.db import utcnow
from matchmaker.matching import questions
from matchmaker.matching.engine import DEFAULT_WEIGHTS, ENGINE_VERSION, FULL_SCORE, Part, Weights
from matchmaker.matching.indexing import Published, current_index
from matchmaker.matching.learning import Result
from matchmaker.matching.models import Feedback, MatchRun, MatchSubject, Outcome, Suggestion, Verdict
from matchmaker.matching.queries.seen import exposure_now, seen_often
from matchmaker.matching.questions import about_need
from matchmaker.matching.ranking import ENGINES_OWN, current_ranking, use_ranking, write_ranking
from matchmaker.matching.records import evidence_of
from matchmaker.matching.services import IndexNotKept, answer_suggestion, record_outcome, replay, suggest
from matchmaker.matching.teaching import answered_list, train
from matchmaker.matching.trying import DEFAULT_TRIAL, TrialRule
from tests.matching.test_services import TODAY

HEAVY_REGION = Weights({**DEFAULT_WEIGHTS.search, Part.REGION: 60}, DEFAULT_WEIGHTS.partner)
PARTS = (Part.WORDING, Part.CERTIFICATE, Part.REGION)


def silent(done, total):
    """Nobody listens."""


@pytest.fixture
def crowd(session, make, market):
    """Twenty more mould makers, so that a list has more than ten places."""
    for number in range(20):
        firm = make.enterprise(f"试样第{number}模具有限公司", region="420600" if number % 2 else "420100")
        make.capability(firm, "铝合金压铸模", segment=market.mould.segment)
    session.commit()


@pytest.fixture
def kept(session, market, crowd, publish):
    """The suppliers of the market's need, from an index kept as files."""
    run = suggest(session, question=about_need(market.need, today=TODAY), published=publish())
    session.commit()
    return run


def order(session, run):
    statement = select(Suggestion.enterprise_id).where(Suggestion.run_id == run.id).order_by(Suggestion.rank)
    return list(session.scalars(statement))


def use(data_dir, weights=DEFAULT_WEIGHTS, trial=DEFAULT_TRIAL):
    return use_ranking(data_dir, write_ranking(data_dir, weights=weights, trial=trial).version)


def test_another_ranking_makes_another_list_that_names_it(session, market, data_dir, kept) -> None:
    learned = use(data_dir, HEAVY_REGION)

    again = suggest(session, question=about_need(market.need, today=TODAY), published=current_index(data_dir))

    assert again is not kept
    assert (kept.engine_version, again.engine_version) == (ENGINE_VERSION, f"{ENGINE_VERSION}+{learned.version}")
    assert again.index_version == kept.index_version
    assert again.input_digest != kept.input_digest
    for suggestion in again.suggestions:
        parts = evidence_of(suggestion.evidence).parts
        assert sum(part.points for part in parts) == suggestion.score
        assert sum(part.maximum for part in parts) == FULL_SCORE


def test_lists_of_before_and_after_a_swap_are_made_again_byte_for_byte(session, market, data_dir, kept) -> None:
    use(data_dir, HEAVY_REGION)
    after = suggest(session, question=about_need(market.need, today=TODAY), published=current_index(data_dir))
    use_ranking(data_dir, "")

    assert replay(session, run=kept, data_dir=data_dir).is_equal
    assert replay(session, run=after, data_dir=data_dir).is_equal


def test_a_list_whose_ranking_is_gone_cannot_be_made_again(session, market, data_dir, kept) -> None:
    learned = use(data_dir, HEAVY_REGION)
    after = suggest(session, question=about_need(market.need, today=TODAY), published=current_index(data_dir))
    (data_dir / "ranking" / f"{learned.version}.json").unlink()

    with pytest.raises(IndexNotKept):
        replay(session, run=after, data_dir=data_dir)


def test_a_kept_list_tries_one_firm_and_says_which(session, kept) -> None:
    [tried] = [one for one in kept.suggestions if one.is_trial]

    assert 4 <= tried.rank <= 10
    below = next(one for one in kept.suggestions if one.rank == tried.rank + 1)
    assert tried.score <= below.score
    assert tried.enterprise_id in kept.trial["seldom"]
    scores = [one.score for one in kept.suggestions if not one.is_trial]
    assert scores == sorted(scores, reverse=True)


def test_a_list_is_replayed_with_its_trial_though_the_firm_is_seen_often_since(session, market, data_dir, kept) -> None:
    for _ in range(3):
        session.add_all(copy_of(kept))
    session.commit()

    assert seen_often(session, order(session, kept), at_least=3) >= set(order(session, kept)[:10])
    assert replay(session, run=kept, data_dir=data_dir).is_equal


def copy_of(run):
    copied = MatchRun(
        subject=MatchSubject.CAPABILITY,
        subject_id=random.Random(run.id).randrange(10**6),
        enterprise_id=run.enterprise_id,
        engine_version=run.engine_version,
        index_version=run.index_version,
        input_digest=str(random.random()),
        asked=run.asked,
    )
    places = [
        Suggestion(rank=one.rank, enterprise_id=one.enterprise_id, score=one.score, evidence=one.evidence)
        for one in run.suggestions
    ]
    copied.suggestions = places
    return [copied]


def test_firms_seen_often_are_not_tried(session, market, crowd, publish, kept, data_dir) -> None:
    seldom = use(data_dir, trial=TrialRule(seldom=1))
    for _ in range(2):
        session.add_all(copy_of(kept))
    behind = order(session, kept)[10:]
    session.add_all(first_places(kept, behind))
    session.flush()

    again = suggest(session, question=about_need(market.need, today=TODAY), published=current_index(data_dir))

    assert seldom.trial.seldom == 1
    assert not any(one.is_trial for one in again.suggestions)
    assert again.trial == {}


def first_places(run, firms):
    """Lists in which these firms stand first."""
    for number, firm in enumerate(firms):
        [made] = copy_of(run)
        made.subject_id, made.suggestions = 10**7 + number, []
        made.suggestions.append(Suggestion(rank=1, enterprise_id=firm, score=1, evidence={"parts": []}))
        yield made


def test_the_report_counts_places_trials_and_partners_known_already(session, make, market, kept) -> None:
    known = kept.suggestions[0]
    person = make.user(enterprise=market.buyer)
    answer_suggestion(session, suggestion=known, verdict=Verdict.PARTNERS, actor=person)
    session.commit()

    found = exposure_now(session, now=utcnow())

    assert (found.lists, found.places, found.leads) == (1, 10, 9)
    assert (found.trials, found.lists_with_trials) == (1, 1)
    assert found.firms == 23
    assert (found.never_first, found.never_listed) == (13, 23 - len(kept.suggestions))
    size = next(respect for respect in found.respects if respect.name == "size")
    assert (size.groups, size.missing_firms, size.missing_places) == ((), 23, 10)


def test_a_partner_taken_back_is_a_new_lead_again(session, make, market, kept) -> None:
    person = make.user(enterprise=market.buyer)
    answer_suggestion(session, suggestion=kept.suggestions[0], verdict=Verdict.PARTNERS, actor=person)
    answer_suggestion(session, suggestion=kept.suggestions[0], verdict=Verdict.TAKEN_BACK, actor=person)
    session.commit()

    assert exposure_now(session, now=utcnow()).leads == 10


def test_an_answered_list_is_read_with_shares_grades_and_what_they_speak_of(session, make, market, kept) -> None:
    person = make.user(enterprise=market.buyer)
    liked, far, asked, taken_back = kept.suggestions[:4]
    answer_suggestion(session, suggestion=liked, verdict=Verdict.INTERESTED, actor=person)
    answer_suggestion(session, suggestion=far, verdict=Verdict.UNSUITABLE, reason="distance", actor=person)
    record_outcome(session, suggestion=asked, outcome=Outcome.ASKED)
    record_outcome(session, suggestion=asked, outcome=Outcome.ACCEPTED)
    answer_suggestion(session, suggestion=taken_back, verdict=Verdict.UNSUITABLE, actor=person)
    answer_suggestion(session, suggestion=taken_back, verdict=Verdict.TAKEN_BACK, actor=person)
    session.commit()

    found = answered_list(kept, DEFAULT_WEIGHTS)

    assert [(place.grade, place.is_lead) for place in found.places[:4]] == [
        (1, True),
        (0, False),
        (2, True),
        (None, False),
    ]
    assert found.places[1].speaks_of == {Part.REGION}
    assert found.side == "search"
    assert found.room[Part.WORDING] == pytest.approx(1.0, abs=0.005)
    wording = next(part for part in evidence_of(liked.evidence).parts if part.part is Part.WORDING)
    assert found.places[0].shares[Part.WORDING] == wording.points / wording.maximum


def test_a_list_of_learned_weights_is_read_as_the_same_list_of_the_engines_own(session, market, data_dir, kept) -> None:
    use(data_dir, HEAVY_REGION)
    after = suggest(session, question=about_need(market.need, today=TODAY), published=current_index(data_dir))

    before, later = answered_list(kept, DEFAULT_WEIGHTS), answered_list(after, HEAVY_REGION)

    assert later.room == pytest.approx(before.room, abs=0.01)
    shares = {place.firm: place.shares for place in later.places}
    for place in before.places:
        assert shares[place.firm] == pytest.approx(place.shares, abs=0.01)


@pytest.fixture
def answered(session, make, market):
    """Sixty kept lists of which every reader takes up the firm with the best certificate, and refuses the worst."""
    draw, firms = random.Random(2), [make.enterprise() for _ in range(12)]
    askers = [make.enterprise() for _ in range(10)]
    person = make.user(enterprise=askers[0])
    for number in range(60):
        session.add(answered_run(number, askers[number % 10], firms, person, draw))
    session.commit()


def answered_run(number, asker, firms, person, draw):
    run = MatchRun(
        subject=MatchSubject.NEED,
        subject_id=1_000 + number,
        enterprise_id=asker.id,
        engine_version=ENGINE_VERSION,
        index_version="0" * 16,
        input_digest=f"{number}",
        created_at=utcnow() - timedelta(days=100 - number),
    )
    values = {firm.id: {part: draw.random() for part in PARTS} for firm in firms}
    made = sorted((suggestion_of(firm, shares) for firm, shares in values.items()), key=lambda one: -one.score)
    by_certificate = sorted(made, key=lambda one: values[one.enterprise_id][Part.CERTIFICATE])
    for verdict, told in ((Verdict.INTERESTED, by_certificate[-2:]), (Verdict.UNSUITABLE, by_certificate[:2])):
        for one in told:
            one.feedback.append(Feedback(user_id=person.id, verdict=verdict))
    for rank, one in enumerate(made, start=1):
        one.rank = rank
    run.suggestions = made
    return run


def suggestion_of(firm_id, shares):
    most = {part: round(FULL_SCORE * DEFAULT_WEIGHTS.search[part] / 57) for part in PARTS}
    parts = [{"part": part.value, "points": round(shares[part] * most[part]), "maximum": most[part]} for part in PARTS]
    return Suggestion(enterprise_id=firm_id, score=sum(one["points"] for one in parts), evidence={"parts": parts})


def test_training_puts_better_weights_into_use_and_keeps_the_figures(session, answered, data_dir) -> None:
    training = train(session, data_dir, silent)

    assert (training.read, training.of_others) == (60, 0)
    assert [lesson.result for lesson in training.lessons] == [Result.LEARNED, Result.TOO_FEW]
    in_use = current_ranking(data_dir)
    assert in_use == training.ranking
    assert in_use.weights.search[Part.CERTIFICATE] > 200 * DEFAULT_WEIGHTS.search[Part.CERTIFICATE]
    assert in_use.weights.partner == DEFAULT_WEIGHTS.partner
    assert in_use.learned["in_place_of"] == ""
    assert in_use.learned["lessons"][0]["comparison"]["gain"][0] > 0


def test_a_second_training_on_the_same_answers_changes_nothing(session, answered, data_dir) -> None:
    first = train(session, data_dir, silent)

    second = train(session, data_dir, silent)

    assert second.ranking is None
    assert second.lessons[0].result is Result.NOT_BETTER
    assert current_ranking(data_dir) == first.ranking


def test_a_dry_run_learns_but_leaves_everything_as_it_is(session, answered, data_dir) -> None:
    training = train(session, data_dir, silent, dry_run=True)

    assert training.ranking is not None
    assert current_ranking(data_dir) is ENGINES_OWN
    assert not (data_dir / "ranking").exists()


def test_lists_of_another_engine_teach_nothing_and_are_counted(session, answered, data_dir) -> None:
    for run in session.scalars(select(MatchRun).where(MatchRun.subject_id < 1_030)):
        run.engine_version = "0.1"
    session.commit()

    training = train(session, data_dir, silent)

    assert (training.read, training.of_others) == (60, 30)
    assert training.lessons[0].result is Result.TOO_FEW
    assert training.lessons[0].questions_lacking == 10


def test_progress_tells_how_many_of_how_many_lists_are_read(session, answered, data_dir) -> None:
    told = []

    train(session, data_dir, lambda done, total: told.append((done, total)))

    assert told == [(done, 60) for done in range(1, 61)]


def test_a_published_index_names_index_and_ranking(indexed, market) -> None:
    published = indexed()
    learned = replace(ENGINES_OWN, version="0123456789abcdef")

    assert published.version == published.edition.version
    both = Published(published.index, published.edition, learned)
    question = questions.about_capability(market.mould)
    assert question.digest(both.version) != question.digest(published.version)
