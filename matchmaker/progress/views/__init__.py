"""The pages about progress: the overview, the standings, and the rows behind every number."""

from matchmaker.progress.views import closed_rows, closing, conversion, exports, rows, totals, triangle
from matchmaker.progress.views.blueprint import bp

__all__ = ["bp", "closed_rows", "closing", "conversion", "exports", "rows", "totals", "triangle"]
