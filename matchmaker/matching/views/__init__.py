"""The pages of matching: lists, evidence, comparison, answers, replay, search, alerts, and who is seen."""

from matchmaker.matching.views import alerts, answers, comparing, exposure, leaving, lists, replaying, search
from matchmaker.matching.views.blueprint import bp

__all__ = ["alerts", "answers", "bp", "comparing", "exposure", "leaving", "lists", "replaying", "search"]
