"""The pages about progress: the overview, the standings, and the rows behind every number."""

from matchmaker.progress.views import conversion, exports, rows, totals
from matchmaker.progress.views.blueprint import bp

__all__ = ["bp", "conversion", "exports", "rows", "totals"]
