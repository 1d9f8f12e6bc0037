"""Who feeds a firm and whom it feeds, from nothing but what the firms offer and what is known of the chains."""

from matchmaker.matching.engine.partnering.ranking import Partnering
from matchmaker.matching.engine.partnering.values import Partners

__all__ = ["Partnering", "Partners"]
