"""The way to a repair: see what stands, put the rest beside it, let others move only where nothing else helps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from matchmaker.meetings.timetable import measuring
from matchmaker.meetings.timetable.domains import hall_table_of
from matchmaker.meetings.timetable.limits import Limits
from matchmaker.meetings.timetable.reasons import reasons
from matchmaker.meetings.timetable.repairing.damage import Damage, assess
from matchmaker.meetings.timetable.repairing.filling import fill
from matchmaker.meetings.timetable.repairing.rearranging import rearrange
from matchmaker.meetings.timetable.repairing.tabling import seat_moved
from matchmaker.meetings.timetable.seating import forced_moves
from matchmaker.meetings.timetable.trimming import within_spread
from matchmaker.meetings.timetable.values import (
    Assignment,
    Instance,
    OutOfTime,
    Progress,
    Repair,
    Stage,
    StageName,
    Timetable,
)


def mend(
    instance: Instance,
    published: Sequence[Assignment],
    *,
    cancelled: Collection[int],
    seed: int,
    work: float,
    out_of_time: OutOfTime,
    progress: Progress,
) -> Repair:
    """Repair one published timetable; see `repair` of the package."""
    damage = assess(instance, published, cancelled)
    board = rearrange(instance, damage, seed=seed, work=work, out_of_time=out_of_time)
    seats = {(held.table, held.slot) for k, held in damage.standing.items() if board.slot_of.get(k) == held.slot}
    fill(board, damage, seats)
    slots = within_spread(instance, board.slot_of)
    stays = _staying(instance, damage, slots)
    repaired = _report(instance, damage, seat_moved(instance, damage.domains, stays, slots))
    for stage in repaired.timetable.stages:
        progress(stage)
    return repaired


def _staying(instance: Instance, damage: Damage, slots: Mapping[int, int]) -> dict[int, Assignment]:
    """Those who sit where they sat: at their hour, and nobody else's own table is needed there by now."""
    owners = {(hall_table_of(instance, k), slot): k for k, slot in slots.items()}
    return {
        k: held
        for k, held in damage.standing.items()
        if slots.get(k) == held.slot and owners.get((held.table, held.slot), k) == k
    }


def _report(instance: Instance, damage: Damage, held: Mapping[int, Assignment]) -> Repair:
    before = damage.published
    moved = sorted(k for k, old in before.items() if k in held and held[k] != old)
    dropped = sorted(before.keys() - held.keys())
    added = sorted(held.keys() - before.keys())
    told = {person for k in (*moved, *dropped, *added) for person in instance.meetings[k].sides}
    return Repair(
        timetable=_timetable(instance, damage, held),
        broken=tuple(sorted(damage.broken)),
        moved=tuple(moved),
        dropped=tuple(dropped),
        added=tuple(added),
        told=tuple(sorted(told)),
    )


def _timetable(instance: Instance, damage: Damage, held: Mapping[int, Assignment]) -> Timetable:
    """The same values a search returns, with bounds from counting alone."""
    slots = {k: seat.slot for k, seat in held.items()}
    limits = Limits(instance, damage.domains)
    seated = tuple(held[k] for k in sorted(held))
    moves = measuring.table_moves(instance, seated)
    floor = forced_moves(instance, damage.domains, slots)
    stages = (*limits.stages(slots), Stage(StageName.TABLE_MOVES, moves, floor))
    left = reasons(instance, damage.domains, slots)
    return Timetable(
        assignments=seated,
        unplaced=tuple(one for one in left if one.meeting not in damage.cancelled),
        stages=stages,
        status=limits.status(stages),
    )
