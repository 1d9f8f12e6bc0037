"""The pages of matching: lists of partners, the evidence of one, answers to it, and the search."""

from matchmaker.matching.views import answers, exposure, lists, search
from matchmaker.matching.views.blueprint import bp

__all__ = ["answers", "bp", "exposure", "lists", "search"]
