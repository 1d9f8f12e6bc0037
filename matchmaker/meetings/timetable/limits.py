"""What no timetable of a session can beat, as far as it is known."""

from __future__ import annotations

from matchmaker.meetings.timetable import measuring
from matchmaker.meetings.timetable.choosing import Choice, Relaxation
from matchmaker.meetings.timetable.domains import Domains
from matchmaker.meetings.timetable.values import Instance, Stage, StageName, Status


class Limits:
    """Bounds of the four aims that depend on slots. Counting gives the first; the search sharpens them."""

    def __init__(self, instance: Instance, domains: Domains) -> None:
        self.instance = instance
        placeable = [r for k, r in enumerate(instance.meetings) if domains.placeable(k)]
        self.wanted = sum(request.required for request in instance.meetings)
        self.required = sum(request.required for request in placeable)
        self.served = len({person for request in placeable for person in request.sides})
        self.utility = sum(request.utility for request in placeable)
        self._most_served = self.served
        self._breaks: tuple[tuple[int, int, int], int] | None = None
        self._floors = (0, 0)  # required and served, as the limits of what comes after them take for granted
        self._relaxation = Relaxation(instance, domains)

    def relax(self) -> Choice:
        """Solve the relaxation that forgets the slots; its selection is worth trying first."""
        choice = self._relaxation.choose()
        self.required, self.served, self.utility = choice.required, choice.served, choice.utility
        self._floors = (choice.required, choice.served)
        return choice

    def not_all_required(self) -> None:
        """It was proved that not every required meeting can be held."""
        self.required = min(self.required, self.wanted - 1)

    def of(self, name: StageName) -> int:
        """The limit of one of the aims."""
        return {
            StageName.REQUIRED: self.required,
            StageName.SERVED: self.served,
            StageName.UTILITY: self.utility,
            StageName.BREAKS: 0,
        }[name]

    def sharpen(self, name: StageName, bound: int, rank: tuple[int, int, int, int]) -> None:
        """Note a proved bound; that of breaks holds only while the aims before it stay as they are in `rank`."""
        match name:
            case StageName.REQUIRED:
                self.required = min(self.required, bound)
            case StageName.SERVED:
                self.served = min(self.served, bound)
            case StageName.UTILITY:
                self.utility = min(self.utility, bound)
            case _:
                self._breaks = (rank[:3], bound)

    def settle(self, name: StageName, slots: measuring.Slots) -> None:
        """Once a stage is over, widen the limits of later ones that took for granted more than it reached."""
        required, served, _, _ = measuring.rank(self.instance, slots)
        if name is StageName.REQUIRED and required < self._floors[0]:
            self.served = self._most_served
            self._floors = (required, self._most_served + 1)
        if name is StageName.SERVED and served < self._floors[1]:
            self.utility = self._relaxation.utility_bound(required, served)
            self._floors = (required, served)

    def stages(self, slots: measuring.Slots) -> tuple[Stage, ...]:
        """Values reached beside the limits."""
        rank = measuring.rank(self.instance, slots)
        fewest = self._breaks[1] if self._breaks and self._breaks[0] == rank[:3] else 0
        return (
            Stage(StageName.REQUIRED, rank[0], self.required),
            Stage(StageName.SERVED, rank[1], self.served),
            Stage(StageName.UTILITY, rank[2], self.utility),
            Stage(StageName.BREAKS, -rank[3], max(0, fewest)),
        )

    def status(self, stages: tuple[Stage, ...]) -> Status:
        """How much these stages prove."""
        required = stages[0]
        if required.value < self.wanted:
            return Status.INFEASIBLE if required.bound < self.wanted else Status.UNKNOWN
        slots_proved = all(stage.proved for stage in stages if stage.name is not StageName.TABLE_MOVES)
        return Status.OPTIMAL if slots_proved else Status.FEASIBLE
