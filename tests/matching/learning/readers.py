"""Made-up readers who answer lists by a taste of their own."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from matchmaker.matching.engine import DEFAULT_WEIGHTS, Part
from matchmaker.matching.learning import EVERYTHING, AnsweredList, Place
from matchmaker.matching.learning.judging import score

OWN = DEFAULT_WEIGHTS.search
SEEN = (Part.WORDING, Part.SEGMENT, Part.CATALOGUE, Part.CERTIFICATE, Part.REGION, Part.TRUST)
ROOM = dict.fromkeys(SEEN, 1.0)
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)

Taste = Callable[[Place, random.Random], float]


def listed(draw: random.Random, *, firms: int = 20) -> list[Place]:
    """A list in the engine's own order."""
    made = [Place(firm, 0, {part: draw.random() for part in SEEN}) for firm in range(1, firms + 1)]
    made.sort(key=lambda place: (-score(place, ROOM, OWN), place.firm))
    return [Place(place.firm, rank, place.shares) for rank, place in enumerate(made, start=1)]


def answered(draw: random.Random, number: int, taste: Taste) -> AnsweredList:
    """A list whose reader looks at the first ten, takes up the best two by taste and refuses the worst two."""
    places = listed(draw)
    by_taste = sorted(places[:10], key=lambda place: -taste(place, draw))
    grades = {place.firm: 1 for place in by_taste[:2]} | {place.firm: 0 for place in by_taste[-2:]}
    told = tuple(
        Place(one.firm, one.rank, one.shares, grades.get(one.firm), grades.get(one.firm) == 1, EVERYTHING)
        for one in places
    )
    return AnsweredList(("need", number), number % 25, BEGAN + timedelta(hours=number), "search", ROOM, told)


def many(taste: Taste, *, lists: int = 120, seed: int = 1) -> list[AnsweredList]:
    """Many lists, all answered by one taste."""
    draw = random.Random(seed)
    return [answered(draw, number, taste) for number in range(lists)]


def certificates_matter(place: Place, draw: random.Random) -> float:
    """Somebody for whom the certificate decides."""
    return place.shares[Part.CERTIFICATE] + 0.1 * draw.random()


def the_engines_own(place: Place, draw: random.Random) -> float:
    """Somebody who sees it as the engine does, give or take."""
    return score(place, ROOM, OWN) + 0.05 * draw.random()


def any_at_all(place: Place, draw: random.Random) -> float:
    """Somebody who answers at random."""
    return draw.random()


def the_worst(place: Place, draw: random.Random) -> float:
    """Somebody who takes up whatever the engine thinks least of."""
    return -score(place, ROOM, OWN)
