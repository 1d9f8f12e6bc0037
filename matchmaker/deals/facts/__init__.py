"""FACTS.json read strictly into facts, and a count written out in the layout others rely on.

Whatever is not exactly as specified is refused with the path of the fault, so that nobody
counts a ledger that was read otherwise than it was meant.
"""

from matchmaker.deals.facts.document import MalformedFacts
from matchmaker.deals.facts.ledger import decode_facts
from matchmaker.deals.facts.readers import read_day
from matchmaker.deals.facts.result import result_of

__all__ = ["MalformedFacts", "decode_facts", "read_day", "result_of"]
