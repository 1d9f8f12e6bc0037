"""What following up does: ask, tell, take answers, and open links that need no signing in."""

from matchmaker.deals.following_up.services.answering import Said, answer_follow_up
from matchmaker.deals.following_up.services.asking import ask_again, ask_due, tell_firms
from matchmaker.deals.following_up.services.letters import LETTER, write_letter
from matchmaker.deals.following_up.services.linking import find_link, open_link, person_of, prune_links

__all__ = [
    "LETTER",
    "Said",
    "answer_follow_up",
    "ask_again",
    "ask_due",
    "find_link",
    "open_link",
    "person_of",
    "prune_links",
    "tell_firms",
    "write_letter",
]
