"""Whether two company names mean the same firm, proposed from the names alone.

Pure computation. A proposal is for a person to judge: nothing is ever merged because of it. A name is taken apart
(place, the firm's own, trade, organisation, legal form, branch, brackets), compared character by character with the
nearest names of the register, and what is left over is measured and weighed by a small network that was trained on
coined names with made-up slips (benchmarks/naming). The candidates share one chance with “none of them”, so a name
that two firms fit equally well is neither's for certain.
"""

from matchmaker.enterprises.resolving.names import DUPLICATE_THRESHOLD, Names
from matchmaker.enterprises.resolving.telling import Reason, Told, reasons

__all__ = ["DUPLICATE_THRESHOLD", "Names", "Reason", "Told", "reasons"]
