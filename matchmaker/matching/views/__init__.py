"""The pages of matching: lists of partners, the evidence of one, several side by side, answers, replay, search."""

from matchmaker.matching.views import answers, comparing, lists, replaying, search
from matchmaker.matching.views.blueprint import bp

__all__ = ["answers", "bp", "comparing", "lists", "replaying", "search"]
