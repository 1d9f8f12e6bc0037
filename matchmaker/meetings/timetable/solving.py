"""The way to a timetable: choose, place, smooth, prove, seat; each step leaves something valid behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from matchmaker.meetings.timetable import measuring
from matchmaker.meetings.timetable.board import Board
from matchmaker.meetings.timetable.cores import fewest_breaks
from matchmaker.meetings.timetable.domains import domains_of
from matchmaker.meetings.timetable.limits import Limits
from matchmaker.meetings.timetable.placing import place_all, place_open
from matchmaker.meetings.timetable.proving import Answer, Model
from matchmaker.meetings.timetable.reasons import reasons
from matchmaker.meetings.timetable.seating import forced_moves, seat
from matchmaker.meetings.timetable.smoothing import smooth
from matchmaker.meetings.timetable.trimming import within_spread
from matchmaker.meetings.timetable.values import Instance, OutOfTime, Progress, Stage, StageName, Timetable

STEPS = 600_000  # of smoothing, per unit of work
CONFLICTS = 7_000  # of the proof by cores, per unit of work
MODEL_SIZE = 15_000  # pairs of meeting and slot; beyond, the exact model takes longer than anybody waits

# Shares of the work left that a step may use.
PLACING = 0.5
SMOOTHING = 0.3
PURSUING = 0.4
PROVING = 0.5
BY_CORES = 0.9
REFUTED = 0.2  # a unit, not a share: at most, once it is known that not every required meeting can be held
SMALL = 500  # pairs of meeting and slot for which the exact model is then still worth making
QUICK = 0.1  # at most, of smoothing before the proof by cores: a unit, not a share


class Search:
    """One search: the best slots so far, the limits known, and what is left of the work."""

    def __init__(self, instance: Instance, seed: int, work: float, out_of_time: OutOfTime, progress: Progress) -> None:
        self.instance = instance
        self.domains = domains_of(instance)
        self.limits = Limits(instance, self.domains)
        self.slots: dict[int, int] = {}
        self.seed, self.work = seed, work
        self.out_of_time, self.progress = out_of_time, progress
        self._told: dict[StageName, Stage] = {}
        self._size = sum(len(room) for room in self.domains.slots)
        self._fits_model = 0 < self._size <= MODEL_SIZE

    def start(self) -> dict[int, int]:
        """Choose and place; returns the start for the exact model, whose breaks may lie too far apart."""
        chosen = () if self.out_of_time() else self.limits.relax().held
        board = Board(self.instance, self.domains)
        place_all(board, self._order(chosen, all_fit=True), self.out_of_time)
        rest = [meeting for meeting in range(len(self.instance.meetings)) if meeting not in board.slot_of]
        place_open(board, self._order(rest, all_fit=False))
        self._keep(within_spread(self.instance, board.slot_of))
        if self._fits_model and not self._holds(chosen):
            self._place_exactly(frozenset(chosen), board.slot_of)
        if not self._fits_model:
            self.smooth(self.work)
        return board.slot_of

    def prove(self, hint: dict[int, int]) -> None:
        """Improve and prove with the exact models, where they are small enough."""
        if not self._fits_model or self.out_of_time():
            return
        everything = all(request.required for request in self.instance.meetings)
        if not (self._hold_everything() if everything else self._all_stages(hint)):
            self.limits.not_all_required()
            self._as_many_as_can(hint) if everything else self._all_stages(self.slots)

    def _as_many_as_can(self, placed: dict[int, int]) -> None:
        """Once it is known that something is left out: the proof is what matters, so little is spent on the rest."""
        self.work = min(REFUTED, self.work)
        calm = replace(self.instance, fairness=None)
        for slots in (placed, self.slots):
            if len(placed) > len(self.slots) and slots:
                steps = int(self.work / 2 * STEPS)
                found = smooth(calm, self.domains, slots, steps=steps, seed=self.seed, out_of_time=self.out_of_time)
                self._keep(within_spread(self.instance, found))
        if self._size <= SMALL:
            self._all_stages(self.slots)
        elif self._is_open(StageName.BREAKS):
            self.smooth(self.work)

    def _hold_everything(self) -> bool:
        """Hold every meeting with the fewest breaks; False when it turns out that they cannot all be held."""
        if self.limits.required < self.limits.wanted:
            return False
        if self._holds_all():
            self.smooth(min(QUICK, self.work))
        if (not self._holds_all() or self._is_open(StageName.BREAKS)) and not self._prove_by_cores():
            return False
        if self._holds_all() and self._is_open(StageName.BREAKS):
            self.smooth(self.work)
        return True

    def _prove_by_cores(self) -> bool:
        def tell(bound: int) -> None:
            if self._holds_all():
                self._tell(Stage(StageName.BREAKS, self._value(StageName.BREAKS), bound))

        conflicts = int(self.work * BY_CORES * CONFLICTS)
        proof = fewest_breaks(self.instance, self.domains, conflicts=conflicts, out_of_time=self.out_of_time, tell=tell)
        self.work -= proof.conflicts / CONFLICTS
        if proof.is_impossible:
            return False
        if proof.slots is not None:
            self._keep(proof.slots)
        if self._holds_all():
            self.limits.sharpen(StageName.BREAKS, proof.bound, measuring.rank(self.instance, self.slots))
        return True

    def _holds_all(self) -> bool:
        return len(self.slots) == len(self.instance.meetings)

    def smooth(self, work: float) -> None:
        """Look for fewer breaks with the meetings held now."""
        known = self._stage(StageName.BREAKS)
        self._tell(known)
        found = smooth(
            self.instance,
            self.domains,
            self.slots,
            steps=int(work * STEPS),
            seed=self.seed,
            out_of_time=self.out_of_time,
            tell=lambda fewest: self._tell(replace(known, value=fewest)),
        )
        self.work -= work
        self._keep(found)

    def finish(self) -> Timetable:
        """Seat everybody and say what is known."""
        for name in (StageName.REQUIRED, StageName.SERVED):
            self.limits.settle(name, self.slots)
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

    def _holds(self, meetings: Collection[int]) -> bool:
        return all(meeting in self.slots for meeting in meetings)

    def _place_exactly(self, chosen: frozenset[int], hint: dict[int, int]) -> None:
        """Where placing one by one left out chosen meetings, let the exact model find slots for all of them."""
        if len(chosen) < len(self.instance.meetings) and not self.out_of_time():
            model = Model(self.instance, self.domains)
            model.hold(chosen, no_others=True)
            self._run(model, StageName.UTILITY, hint, PLACING)

    def _order(self, meetings: Iterable[int], *, all_fit: bool) -> list[int]:
        """The required first; of others the dearest, but if all should fit, those with the least room."""

        def urgency(meeting: int) -> tuple[bool, int, int, int]:
            request, room = self.instance.meetings[meeting], len(self.domains.slots[meeting])
            return not request.required, room if all_fit else 0, -request.utility, meeting

        return sorted(filter(self.domains.placeable, meetings), key=urgency)

    def _keep(self, slots: dict[int, int]) -> None:
        """Remember valid slots if they are better than the best so far."""
        if measuring.rank(self.instance, slots) > measuring.rank(self.instance, self.slots) or not self.slots:
            self.slots = slots
            self._tell_all()

    def _tell_all(self) -> None:
        """Tell of every aim of which more is known than was told."""
        for stage in self.limits.stages(self.slots):
            if self._told.get(stage.name) != stage:
                self._tell(stage)

    def _tell(self, stage: Stage) -> None:
        self._told[stage.name] = stage
        self.progress(stage)

    def _all_stages(self, hint: dict[int, int]) -> bool:
        """Solve every stage in its order; False when it turns out that not all required meetings can be held."""
        model = Model(self.instance, self.domains)
        if self.limits.required == self.limits.wanted:
            required = frozenset(k for k, request in enumerate(self.instance.meetings) if request.required)
            model.hold(required, no_others=False)
            if not self._holds(required):
                answer = self._run(model, StageName.REQUIRED, hint, PLACING)
                if answer.slots is None:
                    return not answer.is_impossible
        for name in (StageName.REQUIRED, StageName.SERVED, StageName.UTILITY):
            if self._is_open(name):
                self._pursue(model, name, PURSUING)
            self.limits.settle(name, self.slots)
            model.demand(name, self._value(name))
        self._fewest_breaks(model)
        return True

    def _fewest_breaks(self, model: Model) -> None:
        """Smooth, then prove for the meetings held, then for any as good a selection, and smooth with what is left."""
        if self._is_open(StageName.BREAKS):
            self.smooth(self.work * SMOOTHING)
        if self._is_open(StageName.BREAKS) and len(self.slots) < len(self.instance.meetings):
            fixed = Model(self.instance, self.domains)
            fixed.hold(frozenset(self.slots), no_others=True)
            fixed.aim(StageName.BREAKS)
            self._run(fixed, StageName.BREAKS, self.slots, PURSUING)
        if self._is_open(StageName.BREAKS):
            self._pursue(model, StageName.BREAKS, PROVING)
        if self._is_open(StageName.BREAKS):
            self.smooth(self.work)

    def _is_open(self, name: StageName) -> bool:
        """Whether there may be something to win in a stage, and something left to win it with."""
        return not self._stage(name).proved and self.work > 0 and not self.out_of_time()

    def _pursue(self, model: Model, name: StageName, share: float) -> None:
        self._tell(self._stage(name))
        model.aim(name)
        if name is not StageName.BREAKS:
            model.limit(name, self.limits.of(name))
        answer = self._run(model, name, self.slots, share)
        if answer.bound is not None:
            self.limits.sharpen(name, answer.bound, measuring.rank(self.instance, self.slots))
            self._tell_all()

    def _run(self, model: Model, name: StageName, hint: dict[int, int], share: float) -> Answer:
        def tell(value: int, bound: int | None) -> None:
            self._tell(Stage(name, value, self.limits.of(name) if bound is None else bound))

        work = self.work * share
        answer = model.solve(hint, work=work, seed=self.seed, out_of_time=self.out_of_time, tell=tell)
        self.work -= answer.work
        if answer.slots is not None:
            self._keep(answer.slots)
        return answer

    def _stage(self, name: StageName) -> Stage:
        return next(stage for stage in self.limits.stages(self.slots) if stage.name is name)

    def _value(self, name: StageName) -> int:
        return self._stage(name).value


def solve_instance(
    instance: Instance, *, seed: int, work: float, out_of_time: OutOfTime, progress: Progress
) -> Timetable:
    """Timetable one session; see `solve` of the package."""
    search = Search(instance, seed, work, out_of_time, progress)
    search.prove(search.start())
    return search.finish()
