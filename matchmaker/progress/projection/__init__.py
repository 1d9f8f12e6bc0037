"""The sums behind the overview: of a whole recount, or kept beside the ledger and followed entry by entry.

Both ways add up the same parts of the same judged deals; docs/counting.md says how one is checked by the other.
"""

from matchmaker.progress.projection.following import follow
from matchmaker.progress.projection.reading import find_sheet, sheet_for
from matchmaker.progress.projection.sheets import Sheet, sheet_of

__all__ = ["Sheet", "find_sheet", "follow", "sheet_for", "sheet_of"]
