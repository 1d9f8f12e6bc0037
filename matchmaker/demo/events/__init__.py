"""A year of matchmaking events: which are held, who registers and who comes."""

from matchmaker.demo.events.attendance import Attendance, attend
from matchmaker.demo.events.planning import build_events

__all__ = ["Attendance", "attend", "build_events"]
