"""How fast the demo stands up, how fast its pages answer, how much memory they take.

    python -m benchmarks.demo [--size 10000] [--data DIR]

Starts the demo as a newcomer does, waits for its first page, enters as each role and reads every main page
several times. Times are the server's own (its Server-Timing header); memory is each process's high-water mark.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROLES = {
    "enterprise": ("/", "/suggestions", "/suggestions?direction=downstream", "/meetings", "/deals", "/needs",
                   "/enterprises/mine"),
    "organiser": ("/", "/events", "/enterprises", "/deals"),
    "official": ("/progress", "/progress/standings", "/progress/deals", "/progress/enterprises", "/enterprises",
                 "/enterprises?q=xiangyang", "/needs", "/chains", "/deals", "/events"),
}  # fmt: skip
FIRST = {"enterprise": 0, "organiser": 2, "official": 4}
PORT = 8765
ADDRESS = f"http://127.0.0.1:{PORT}"


class Visitor:
    """A browser without a screen."""

    def __init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def read(self, path: str, form: dict[str, str] | None = None) -> tuple[str, float, int]:
        """The page, the server's milliseconds and the status."""
        body = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(ADDRESS + path, body, {"Accept-Encoding": "identity", "Referer": ADDRESS})
        try:
            answer = self._opener.open(request, timeout=60)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        spent = re.search(r"dur=([\d.]+)", answer.headers.get("Server-Timing", ""))
        return answer.read().decode(), float(spent[1]) if spent else float("nan"), answer.status


def enter(role: str) -> Visitor:
    """A visitor signed in as the first demo account of a role."""
    visitor = Visitor()
    page, _spent, _status = visitor.read("/sign-in")
    accounts = re.findall(r'action="(/sign-in/demo/[0-9a-z]{20})"', page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    visitor.read(accounts[FIRST[role]], {"csrf_token": token[1] if token else "", "next": "/"})
    return visitor


def wait_for_first_page(started: float) -> float:
    """Seconds until the sign-in page answers."""
    while time.monotonic() - started < 300:
        try:
            if Visitor().read("/sign-in")[2] == 200:
                return time.monotonic() - started
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the demo did not answer within 300 s")


def wait_for_index(data: Path, started: float) -> float:
    """Seconds until the matching index is published."""
    while time.monotonic() - started < 300:
        if (data / "index" / "CURRENT").exists():
            return time.monotonic() - started
        time.sleep(0.2)
    return float("nan")


def memory_of(root: int) -> list[tuple[str, float]]:
    """Each descendant's command and peak resident memory in MB."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            facts = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            command = (status.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        parents[int(status.parent.name)] = (int(facts["PPid"]), command, int(facts.get("VmHWM", "0").split()[0]) / 1024)
    family = {root}
    while grown := {pid for pid, (parent, *_rest) in parents.items() if parent in family} - family:
        family |= grown
    return [(parents[pid][1][:60], parents[pid][2]) for pid in sorted(family) if pid in parents]


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=10_000)
    options.add_argument("--data", type=Path)
    options.add_argument("--rounds", type=int, default=9)
    chosen = options.parse_args()
    data = chosen.data or Path(tempfile.mkdtemp(prefix="matchmaker-bench-"))
    environment = {**os.environ, "MATCHMAKER_DATA_DIR": str(data), "MATCHMAKER_DATABASE_URL": ""}
    command = [sys.executable, "-m", "matchmaker", "demo", "--size", str(chosen.size), "--port", str(PORT)]
    started = time.monotonic()
    demo = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        print(f"first page after {wait_for_first_page(started):.1f} s (installed, {chosen.size:,} enterprises)")
        print(f"matching index after {wait_for_index(data, started):.1f} s")
        for role, pages in ROLES.items():
            visitor = enter(role)
            for page in pages:
                answers = [visitor.read(page) for _round in range(chosen.rounds)]
                spent = [milliseconds for _text, milliseconds, _status in answers]
                print(
                    f"{role:<10} {page:<38} {answers[-1][2]} median {statistics.median(spent):7.1f} ms, "
                    f"worst {max(spent):7.1f} ms, {len(answers[-1][0]) / 1024:6.0f} KB"
                )
        for name, megabytes in memory_of(demo.pid):
            print(f"peak memory {megabytes:7.0f} MB  {name}")
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(30)


if __name__ == "__main__":
    main()
