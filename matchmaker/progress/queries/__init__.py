"""The totals of a programme, and the rows behind each of them."""

from matchmaker.progress.queries.rows import (
    DealLine,
    EnterpriseLine,
    EventCut,
    EventLine,
    Opened,
    all_deals,
    all_enterprises,
    all_events,
    counted_among,
    opened_deals,
    opened_enterprises,
    opened_events,
)
from matchmaker.progress.queries.totals import (
    KindLine,
    MonthLine,
    Overview,
    overview_of,
    place_names,
    standings_of_day,
)

__all__ = [
    "DealLine",
    "EnterpriseLine",
    "EventCut",
    "EventLine",
    "KindLine",
    "MonthLine",
    "Opened",
    "Overview",
    "all_deals",
    "all_enterprises",
    "all_events",
    "counted_among",
    "opened_deals",
    "opened_enterprises",
    "opened_events",
    "overview_of",
    "place_names",
    "standings_of_day",
]
