"""Fewer breaks by letting meetings change places between two slots, in the manner of annealing."""

from __future__ import annotations

import math
import random

from matchmaker.meetings.timetable.board import Board
from matchmaker.meetings.timetable.measuring import breaks_in
from matchmaker.meetings.timetable.values import OutOfTime

WARMTH, COLD = 0.7, 0.05  # breaks gladly accepted at first, and at the end
STRIDE = 64  # steps between two looks at the deadline


def smooth(board: Board, *, moves: int, seed: int, out_of_time: OutOfTime) -> dict[int, int]:
    """Exchange slots, for so many meetings tried; what is held stays. Returns the slots with the fewest breaks seen."""
    chance = random.Random(seed)  # noqa: S311 -- repeatable, not secret
    meetings = sorted(board.slot_of)
    total = sum(breaks_in(plan) for plan in board.agenda)
    best, fewest = dict(board.slot_of), total
    spent = steps = 0
    while meetings and fewest > 0 and spent < moves:
        if steps % STRIDE == 0 and out_of_time():
            break
        change, cost = _step(board, meetings, chance, WARMTH * (COLD / WARMTH) ** (spent / moves))
        total, spent, steps = total + change, spent + cost, steps + 1
        if total < fewest:
            best, fewest = dict(board.slot_of), total
    return best


def _step(board: Board, meetings: list[int], chance: random.Random, warmth: float) -> tuple[int, int]:
    """Try one exchange; the change of the total (none when it was not accepted) and the meetings looked at."""
    meeting = chance.choice(meetings)
    here, there = board.slot_of[meeting], chance.randrange(board.instance.slots)
    chain = None if here == there else board.chain([meeting], here, there)
    if chain is None:
        return 0, 1
    freed = board.tables_freed(chain, here)
    if board.spare[here] + freed < 0 or board.spare[there] - freed < 0:
        return 0, len(chain)
    people = {person for k in chain for person in board.instance.meetings[k].sides}
    before = sum(breaks_in(board.agenda[person]) for person in people)
    board.exchange(chain, here, there)
    change = sum(breaks_in(board.agenda[person]) for person in people) - before
    if change > 0 and chance.random() >= math.exp(-change / warmth):
        board.exchange(chain, here, there)
        change = 0
    return change, 3 * len(chain)
