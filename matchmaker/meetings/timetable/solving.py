"""The way to a timetable: choose, place, smooth, prove, seat; each step leaves something valid behind."""

from __future__ import annotations

from collections.abc import Collection

from matchmaker.meetings.timetable import measuring
from matchmaker.meetings.timetable.board import Board
from matchmaker.meetings.timetable.domains import domains_of
from matchmaker.meetings.timetable.limits import Limits
from matchmaker.meetings.timetable.placing import place_all
from matchmaker.meetings.timetable.proving import Answer, Model
from matchmaker.meetings.timetable.reasons import reasons
from matchmaker.meetings.timetable.seating import forced_moves, seat
from matchmaker.meetings.timetable.smoothing import smooth
from matchmaker.meetings.timetable.trimming import within_spread
from matchmaker.meetings.timetable.values import Instance, OutOfTime, Progress, Stage, StageName, Timetable

STEPS = 30_000  # exchanges tried per unit of work
MODEL_SIZE = 15_000  # pairs of meeting and slot; beyond, the exact model takes longer than anybody waits
SHARES = {StageName.REQUIRED: 0.5, StageName.SERVED: 0.3, StageName.UTILITY: 0.5, StageName.BREAKS: 1.0}

SMOOTHING = 0.3  # of the work, where the exact model gets the rest


class Search:
    """One search: the best slots so far, the limits known, and what is left of the work."""

    def __init__(self, instance: Instance, seed: int, work: float, out_of_time: OutOfTime, progress: Progress) -> None:
        self.instance = instance
        self.domains = domains_of(instance)
        self.limits = Limits(instance, self.domains)
        self.slots: dict[int, int] = {}
        self.seed, self.work = seed, work
        self.out_of_time, self.progress = out_of_time, progress
        size = sum(len(room) for room in self.domains.slots)
        self._fits_model = 0 < size <= MODEL_SIZE

    def start(self) -> dict[int, int]:
        """Choose, place and smooth; returns the start for the exact model, whose breaks may lie too far apart."""
        chosen = () if self.out_of_time() else self.limits.relax().held
        board = Board(self.instance, self.domains)
        place_all(board, self._order(chosen), self.out_of_time)
        self._keep(within_spread(self.instance, board.slot_of))
        board = self._place_exactly(chosen, board)
        share = self.work * SMOOTHING if self._fits_model else self.work
        self.work -= share
        start = smooth(board, steps=int(share * STEPS), seed=self.seed, out_of_time=self.out_of_time)
        self._keep(within_spread(self.instance, start))
        return start

    def prove(self, hint: dict[int, int]) -> None:
        """Improve and prove with the exact model, where it is small enough."""
        if self._fits_model and not self.out_of_time() and not self._all_stages(hint):
            self.limits.not_all_required()
            self._all_stages(self.slots)

    def finish(self) -> Timetable:
        """Seat everybody and say what is known."""
        self.limits.settle(self.slots)
        seated = seat(self.instance, self.domains, self.slots, self.out_of_time)
        moves = measuring.table_moves(self.instance, seated)
        floor = forced_moves(self.instance, self.domains, self.slots)
        stages = (*self.limits.stages(self.slots), Stage(StageName.TABLE_MOVES, moves, floor))
        return Timetable(
            assignments=tuple(seated),
            unplaced=reasons(self.instance, self.domains, self.slots),
            stages=stages,
            status=self.limits.status(stages),
        )

    def _place_exactly(self, chosen: Collection[int], board: Board) -> Board:
        """Where placing one by one left out chosen meetings, let the exact model find slots for all of them."""
        is_done = all(meeting in board.slot_of for meeting in chosen) or len(chosen) == len(self.instance.meetings)
        if is_done or not self._fits_model or self.out_of_time():
            return board
        model = Model(self.instance, self.domains)
        model.hold(chosen)
        answer = self._run(model, StageName.UTILITY, board.slot_of)
        if answer.slots is None:
            return board
        return Board(self.instance, self.domains, answer.slots)

    def _order(self, chosen: Collection[int]) -> list[int]:
        """First what the relaxation chose, the least flexible first; then the rest, the dearest first."""
        meetings = self.instance.meetings
        first = frozenset(chosen)

        def urgency(meeting: int) -> tuple[bool, bool, int, int, int]:
            request, room = meetings[meeting], len(self.domains.slots[meeting])
            is_chosen = meeting in first
            return (not request.required, not is_chosen, room if is_chosen else 0, -request.utility, meeting)

        return sorted(filter(self.domains.placeable, range(len(meetings))), key=urgency)

    def _keep(self, slots: dict[int, int]) -> None:
        """Remember valid slots if they are better than the best so far."""
        if measuring.rank(self.instance, slots) > measuring.rank(self.instance, self.slots) or not self.slots:
            self.slots = slots
            self.progress(self.limits.stages(slots)[-1])

    def _all_stages(self, hint: dict[int, int]) -> bool:
        """Solve every stage in its order; False when it turns out that not all required meetings can be held."""
        model = Model(self.instance, self.domains)
        if self.limits.required == self.limits.wanted:
            model.demand(StageName.REQUIRED, self.limits.wanted)
            if self._value(StageName.REQUIRED) < self.limits.wanted:
                answer = self._run(model, StageName.REQUIRED, hint)
                if answer.slots is None:
                    return not answer.is_impossible
        for name in SHARES:
            if self._value(name) != self.limits.of(name) and self.work > 0 and not self.out_of_time():
                self._pursue(model, name)
            if name is not StageName.BREAKS:
                model.demand(name, self._value(name))
        return True

    def _pursue(self, model: Model, name: StageName) -> None:
        model.aim(name)
        if name is not StageName.BREAKS:
            model.limit(name, self.limits.of(name))
        answer = self._run(model, name, self.slots)
        if answer.bound is not None:
            self.limits.sharpen(name, answer.bound, measuring.rank(self.instance, self.slots))

    def _run(self, model: Model, name: StageName, hint: dict[int, int]) -> Answer:
        def tell(value: int, bound: int | None) -> None:
            self.progress(Stage(name, value, self.limits.of(name) if bound is None else bound))

        share = self.work * SHARES[name]
        answer = model.solve(hint, work=share, seed=self.seed, out_of_time=self.out_of_time, tell=tell)
        self.work -= answer.work
        if answer.slots is not None:
            self._keep(answer.slots)
        return answer

    def _value(self, name: StageName) -> int:
        rank = dict(zip(SHARES, measuring.rank(self.instance, self.slots), strict=True))
        return -rank[name] if name is StageName.BREAKS else rank[name]


def solve_instance(
    instance: Instance, *, seed: int, work: float, out_of_time: OutOfTime, progress: Progress
) -> Timetable:
    """Timetable one session; see `solve` of the package."""
    search = Search(instance, seed, work, out_of_time, progress)
    search.prove(search.start())
    return search.finish()
