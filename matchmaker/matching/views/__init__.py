"""The pages of matching: lists of partners, the evidence of one, answers to it, the search, and alerts."""

from matchmaker.matching.views import alerts, answers, exposure, leaving, lists, search
from matchmaker.matching.views.blueprint import bp

__all__ = ["alerts", "answers", "bp", "exposure", "leaving", "lists", "search"]
