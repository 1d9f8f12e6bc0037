"""The page on conversion: the slices of a province known by hand, and the stalled deals of the reader's region."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from matchmaker.accounts.models import Role
from matchmaker.db import utcnow
from matchmaker.deals.following_up.models import Answer, FollowUp, FollowUpAnswer, OffReason
from matchmaker.deals.models import Party
from matchmaker.deals.recounting import recounted
from matchmaker.progress.conversion import Fate, Part
from matchmaker.progress.queries.conversion import conversion_of, stuck_deals
from tests.progress.conftest import AS_OF, YI

NOW = utcnow()


def text_of(response):
    assert response.status_code == 200
    body = re.sub(r"(?s).*<main", "<main", response.text)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def ago(days):
    return f"{NOW - timedelta(days=days):%Y-%m-%dT%H:%M}"


def confirmed(days, *rest):
    return ("declare", "buyer", ago(days)), ("confirm", "seller", ago(days)), *rest


def test_every_confirmed_purchase_is_in_one_slice(session, province):
    found = conversion_of(session, recounted(session, province.programme, AS_OF))

    assert found.whole.all == Part(6, 3 * YI + 6 * YI + 80_000_000 + 20_000_000 + 10_000_000 + 12 * YI)
    assert found.whole.parts[Fate.CONTRACTED] == Part(1, 3 * YI)
    assert found.whole.parts[Fate.ENDED] == Part(1, 20_000_000)
    assert found.whole.parts[Fate.UNKNOWN].count == 4
    assert [(cohort.month, cohort.whole.all.count) for cohort in found.cohorts] == [
        ("2024-03", 3), ("2024-04", 2), ("2024-05", 1),
    ]  # fmt: skip
    assert found.waiting is None


def test_the_page_says_what_is_known_and_what_is_not(make, sign_in, province):
    page = text_of(sign_in(make.user(Role.OFFICIAL)).get("/progress/conversion?as_of=2024-09-30"))

    assert "双方确认6笔，已签合同1笔，去向不明4笔。" in page
    assert "不足8笔，只列笔数" in page
    assert "待跟进" in page


def test_the_curve_is_drawn_from_eight_on(make, sign_in):
    make.programme(2024)
    said = ("declare", "buyer", "2024-03-01T02:00"), ("confirm", "seller", "2024-03-01T03:00")
    for number in range(8):
        signed = [("contract", "buyer", "2024-03-11T02:00", YI)] if number < 4 else []
        make.recorded_deal(*said, *signed)
    page = sign_in(make.user(Role.AUDITOR)).get("/progress/conversion?year=2024&as_of=2024-09-30")

    assert "双方确认8笔，已签合同4笔，去向不明4笔。" in text_of(page)
    assert "30天内450.0%" in text_of(page)
    assert '<path class="g-line" d="M' in page.text
    assert ">50.0%</text>" in page.text


def test_only_confirmed_deals_without_a_word_for_sixty_days_are_stuck(session, make):
    stuck = make.recorded_deal(*confirmed(61))
    make.recorded_deal(*confirmed(59))
    make.recorded_deal(("declare", "buyer", ago(90)))
    make.recorded_deal(*confirmed(90, ("contract", "buyer", ago(80), YI)))
    make.recorded_deal(*confirmed(90, ("withdraw", "buyer", ago(80))))
    make.recorded_deal(*confirmed(90), duplicate_of=stuck)

    assert stuck_deals(session, make.user(Role.OFFICIAL), NOW, number=1).rows == [stuck]


def test_an_office_follows_up_its_own_region(session, make, sign_in):
    make.programme(NOW.year)
    parties = {name: make.enterprise(region="420100") for name in ("buyer", "seller")}
    wuhan = make.recorded_deal(*confirmed(61), **parties)
    here = make.recorded_deal(*confirmed(61), buyer=make.enterprise(region="420600"))

    page = sign_in(make.user(Role.COUNTY_OFFICER, office=make.office(region="420600"))).get("/progress/conversion")

    assert here.number in page.text
    assert wuhan.number not in page.text


@pytest.fixture
def answered(session, make):
    """Let a side have answered so many days ago."""

    def say(deal, side, days, answer, reason=None):
        asked = FollowUp(deal=deal, party=side, day=days, due_on=NOW.date(), asked_at=NOW - timedelta(days=days))
        said = FollowUpAnswer(number=1, answer=answer, reason=reason, at=NOW - timedelta(days=days))
        said.user = make.person_of(deal.buyer)
        asked.answers.append(said)
        session.add(asked)
        session.flush()

    return say


def test_an_answer_says_what_became_of_an_intent_and_contradictions_leave_it_unknown(session, make, answered):
    programme = make.programme(NOW.year)
    off, talking, silent, odds, stale = (make.recorded_deal(*confirmed(90)) for _number in range(5))
    answered(off, Party.BUYER, 30, Answer.OFF, OffReason.FUNDS)
    answered(talking, Party.SELLER, 5, Answer.TALKING)
    answered(odds, Party.BUYER, 5, Answer.OFF, OffReason.PRICE)
    answered(odds, Party.SELLER, 4, Answer.TALKING)
    answered(stale, Party.SELLER, 70, Answer.TALKING)

    found = conversion_of(session, recounted(session, programme, NOW.date()))
    before = conversion_of(session, recounted(session, programme, NOW.date() - timedelta(days=31)))

    assert {fate: part.count for fate, part in found.whole.parts.items()} == {
        Fate.CONTRACTED: 0, Fate.TALKING: 1, Fate.OFF: 1, Fate.ENDED: 0, Fate.UNKNOWN: 3,
    }  # fmt: skip
    assert (found.reasons, found.at_odds) == ({"funds": 1}, 1)
    assert before.reasons == {}
    assert stuck_deals(session, make.user(Role.OFFICIAL), NOW, number=1).rows == [silent, stale]


def test_below_eight_reasons_are_counts_only(make, sign_in, answered):
    make.programme(NOW.year)
    for number in range(9):
        deal = make.recorded_deal(*confirmed(90))
        answered(deal, Party.BUYER, 10, *([Answer.OFF, OffReason.PRICE] if number < 7 else [Answer.TALKING]))

    page = text_of(sign_in(make.user(Role.OFFICIAL)).get("/progress/conversion"))

    assert "价格没谈拢7—" in page
    assert "不足8笔，只列笔数（R21）" in page


def test_sides_at_odds_are_listed_for_their_officer(make, sign_in, answered):
    make.programme(NOW.year)
    deal = make.recorded_deal(*confirmed(90))
    answered(deal, Party.BUYER, 5, Answer.OFF, OffReason.PRICE)
    answered(deal, Party.SELLER, 4, Answer.TALKING)

    here = text_of(sign_in(make.user(Role.OFFICIAL)).get("/progress/conversion"))
    elsewhere = sign_in(make.user(Role.COUNTY_OFFICER, office=make.office(region="420100")))

    assert "双方说法不一" in here.partition("待跟进")[0]
    assert deal.number not in elsewhere.get("/progress/conversion").text


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.ADMINISTRATOR])
def test_firms_do_not_come_in(make, sign_in, role):
    assert sign_in(make.user(role)).get("/progress/conversion").status_code == 403


def test_without_a_programme_the_page_says_so(make, sign_in):
    assert sign_in(make.user(Role.OFFICIAL)).get("/progress/conversion").status_code == 200
