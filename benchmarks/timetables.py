"""How good timetables, repairs and year plans are, beside first come and greedy: `python -m benchmarks.timetables`.

Sessions and a year are generated from seeds. Every answer is read against every rule by an independent checker; then
`--instances` small random sessions with every feature are solved, disturbed and repaired, and read the same way.
Where a scheduling harness is at hand (`--harness FOLDER`, MATCHMAKER_HARNESS or ../shared/bench), its sets are measured
beside its baselines as well, and its own checker reads the small sessions too.
"""

from __future__ import annotations

import argparse
import importlib
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from benchmarks.harnesses import harness_folder
from matchmaker.events import planning
from matchmaker.meetings import timetable
from matchmaker.meetings.timetable import Assignment, Instance, Objective, Participant, Request, Table
from matchmaker.meetings.timetable.instances import instance_data
from matchmaker.meetings.timetable.measuring import breaks_in
from tests.events.planning.checking import broken_rules as broken_in_year
from tests.events.planning.years import random_year
from tests.meetings.checking import broken_rules
from tests.meetings.sessions import disturbed, random_session

Answer = TypeVar("Answer")
Rows = list[tuple[int, int, int]]
Checker = Callable[[Instance, Rows], list[str]]  # every rule that is broken; leaving out what is required is none

SIZES = ((40, 150, 160), (150, 560, 900), (400, 1_500, 2_700))  # firms, requests when all required, when to choose
SLOTS = 16
SPARE = 1.08  # seats for each required meeting
PUBLISHED_SECONDS = 60


def session(firms: int, requests: int, *, choose: bool, seed: int = 1) -> Instance:
    """A hall with few seats to spare, or with far fewer than were asked for."""
    chance = random.Random(seed)
    pairs: set[tuple[int, int]] = set()
    load = [0] * firms
    while len(pairs) < requests:
        a, b = sorted(chance.sample(range(firms), 2))
        if choose or max(load[a], load[b]) < SLOTS - 4:
            load[a] += (a, b) not in pairs
            load[b] += (a, b) not in pairs
            pairs.add((a, b))
    ordered = chance.sample(sorted(pairs), len(pairs))
    seats = requests * (0.6 if choose else SPARE)
    return Instance(
        slots=SLOTS,
        participants=(Participant(),) * firms,
        tables=(Table(),) * round(seats / SLOTS + 0.5),
        meetings=tuple(Request(a, b, chance.randint(1, 100), required=not choose) for a, b in ordered),
        objective=Objective.UTILITY if choose else Objective.BREAKS,
        name=f"{'choose' if choose else 'all'}-{firms}",
    )


def first_come(instance: Instance) -> Rows:
    """In order of arrival, the first slot in which both are free and a table is left."""
    return _one_by_one(instance, range(len(instance.meetings)), lambda _busy, _slot: 0)


def greedy(instance: Instance) -> Rows:
    """The dearest first, each in the slot that opens the fewest gaps."""
    dearest = sorted(range(len(instance.meetings)), key=lambda k: (-instance.meetings[k].utility, k))
    return _one_by_one(instance, dearest, lambda busy, slot: breaks_in([*busy, slot]) - breaks_in(busy))


def _one_by_one(instance: Instance, order: range | list[int], cost: Callable[[set[int], int], int]) -> Rows:
    busy: list[set[int]] = [set() for _ in instance.participants]
    taken = [0] * instance.slots
    rows = []
    for meeting in order:
        a, b = instance.meetings[meeting].sides
        free = [s for s in range(instance.slots) if s not in busy[a] | busy[b] and taken[s] < len(instance.tables)]
        if free:
            slot = min(free, key=lambda slot: (cost(busy[a], slot) + cost(busy[b], slot), slot))
            rows.append((meeting, slot, taken[slot]))
            taken[slot] += 1
            busy[a].add(slot)
            busy[b].add(slot)
    return rows


def timed(call: Callable[[], Answer]) -> tuple[Answer, float]:
    """The answer, and the processor seconds it took."""
    start = time.process_time()
    answer = call()
    return answer, time.process_time() - start


def measure(instance: Instance, rows: Rows) -> str:
    """What a timetable reached; a broken rule stops everything."""
    if broken := broken_rules(instance, rows, required=False):
        raise SystemExit(f"{instance.name}: {broken[0]}")
    plans: list[set[int]] = [set() for _ in instance.participants]
    for meeting, slot, _ in rows:
        for person in instance.meetings[meeting].sides:
            plans[person].add(slot)
    missing = sum(request.required for request in instance.meetings)
    missing -= sum(instance.meetings[meeting].required for meeting, _, _ in rows)
    unserved = sum(not plan for plan in plans)
    utility = sum(instance.meetings[meeting].utility for meeting, _, _ in rows)
    return f"{missing:8} {unserved:8} {utility:9} {sum(map(breaks_in, plans)):7}"


def sessions(seconds: float) -> list[tuple[Instance, list[Assignment]]]:
    """Print a row for each session and way of timetabling; what our engine arranged is returned."""
    print(f"{'session':12} {'way':10} {'missing':>8} {'unserved':>8} {'utility':>9} {'breaks':>7} {'cpu s':>7}  proved")
    arranged = []
    for firms, required, wished in SIZES:
        for choose in (False, True):
            instance = session(firms, wished if choose else required, choose=choose)
            for way in (first_come, greedy):
                rows, used = timed(lambda way=way, instance=instance: way(instance))
                print(f"{instance.name:12} {way.__name__:10} {measure(instance, rows)} {used:7.2f}")
            answer, used = timed(lambda instance=instance: timetable.solve(instance, work=seconds))
            rows = [(held.meeting, held.slot, held.table) for held in answer.assignments]
            proved = " ".join(stage.name for stage in answer.stages if stage.proved)
            print(f"{instance.name:12} {'ours':10} {measure(instance, rows)} {used:7.2f}  {proved}", flush=True)
            arranged.append((instance, list(answer.assignments)))
    return arranged


def repairs(arranged: list[tuple[Instance, list[Assignment]]]) -> None:
    """Print what three kinds of event change."""
    print(
        f"\n{'session':12} {'event':10} {'broken':>6} {'moved':>6} {'dropped':>7} {'added':>6} {'told':>5} {'cpu s':>7}"
    )
    for instance, published in arranged:
        for event, after in _events(instance):
            mended, used = timed(lambda after=after, published=published: timetable.repair(after, published))
            measure(after, [(held.meeting, held.slot, held.table) for held in mended.timetable.assignments])
            counts = (mended.broken, mended.moved, mended.dropped, mended.added, mended.told)
            broken, moved, dropped, added, told = map(len, counts)
            print(f"{instance.name:12} {event:10} {broken:6} {moved:6} {dropped:7} {added:6} {told:5} {used:7.2f}")


def _events(instance: Instance) -> list[tuple[str, Instance]]:
    people, tables, meetings = instance.participants, instance.tables, instance.meetings
    guest, other = len(people), random.Random(7)
    late = Participant(frozenset(range(SLOTS // 4)))
    walk_ins = tuple(
        Request(guest + n, partner, 50, required=True) for n in range(5) for partner in other.sample(range(guest), 2)
    )
    facts = {"slots": instance.slots, "objective": instance.objective, "name": instance.name}
    return [
        ("late", Instance(participants=(late, *people[1:]), tables=tables, meetings=meetings, **facts)),
        (
            "table lost",
            Instance(
                participants=people, tables=(Table(frozenset(range(SLOTS))), *tables[1:]), meetings=meetings, **facts
            ),
        ),
        (
            "walk-ins",
            Instance(
                participants=(*people, *(Participant(),) * 5), tables=tables, meetings=(*meetings, *walk_ins), **facts
            ),
        ),
    ]


def years(seconds: float) -> None:
    """Print cost and bound of a generated year."""
    year = random_year(11, events=60, days=240, cities=8)
    answer, used = timed(lambda: planning.plan(year, work=seconds))
    if broken := answer.placements and broken_in_year(year, answer.placements):
        raise SystemExit(f"year: {broken[0]}")
    print(
        f"\nyear of {len(year.events)} events: {answer.status.value}, cost {answer.cost}, bound {answer.bound}", end=""
    )
    print(f", {used:.2f} cpu s")


def harness(folder: Path, seconds: float, year_seconds: float) -> None:
    """Print what a harness measures of first come, greedy and ours, set by set."""
    ours = "benchmarks.adapters:Timetable"
    runs = [("sessions", engine, seconds) for engine in ("baselines:FirstCome", "baselines:Greedy", ours)]
    runs += [("repair", ours, seconds), ("year", ours, year_seconds), ("published", ours, PUBLISHED_SECONDS)]
    for name, engine, limit in runs:
        print(f"\n{name}, {engine}", flush=True)
        how = ("--engine", engine, "--set", name, "--seconds", str(limit))
        subprocess.run([sys.executable, f"{folder}/run.py", *how], check=False)


def checker_in(folder: Path) -> Checker:
    """The checker of a harness, of instances and rows as it writes them."""
    sys.path.insert(0, str(folder))
    b2bio, independent = importlib.import_module("b2bio"), importlib.import_module("validate")

    def read(instance: Instance, rows: Rows) -> list[str]:
        broken = independent.violations(b2bio.complete(instance_data(instance)), [list(row) for row in rows])
        return [each for each in broken if "must be held" not in each]

    return read


def validate(count: int, check: Checker) -> None:
    """Solve, disturb and repair so many small sessions; any broken rule stops everything."""
    _, used = timed(lambda: _validate(count, check))
    print(f"{count} generated sessions: no timetable and no repair breaks a rule, {used:.0f} cpu s")


def _validate(count: int, check: Checker) -> None:
    for seed in range(count):
        before = random_session(seed)
        published = list(timetable.solve(before, seed=seed, work=0.02).assignments)
        _insist(before, published, check)
        after, cancelled = disturbed(before, published, seed)
        mended = timetable.repair(after, published, cancelled=cancelled, seed=seed, work=0.1).timetable
        _insist(after, mended.assignments, check)
        if seed % 1_000 == 999:
            print(f"{seed + 1} generated sessions solved and repaired, no rule broken", flush=True)


def _insist(instance: Instance, held: Sequence[Assignment], check: Checker) -> None:
    if broken := check(instance, [(each.meeting, each.slot, each.table) for each in held]):
        raise SystemExit(f"{instance.name}: {broken[0]}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10, help="of work for each session")
    parser.add_argument("--year-seconds", type=float, default=60, help="of work for the year")
    parser.add_argument("--instances", type=int, default=10_000, help="small sessions to validate")
    parser.add_argument("--harness", help="folder that holds a scheduling harness to measure with as well")
    args = parser.parse_args()
    check: Checker = partial(broken_rules, required=False)
    repairs(sessions(args.seconds))
    years(args.year_seconds)
    if folder := harness_folder("scheduling", "run.py", args.harness):
        harness(folder, args.seconds, args.year_seconds)
        check = checker_in(folder)
    validate(args.instances, check)


if __name__ == "__main__":
    main()
