"""The letter about news: written when it is sent, of what may still be shown then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import utcnow
from matchmaker.enterprises.models import Need
from matchmaker.matching import telling
from matchmaker.matching.models import Watch, WatchFind
from matchmaker.matching.queries import alerts, rounds
from matchmaker.matching.queries.indexable import line_of
from matchmaker.matching.queries.runs import Showable
from matchmaker.matching.services.stopping import open_stop_link
from matchmaker.notices.letters import Letter, paper
from matchmaker.web.formats import points

_SHOWN: Final = 5  # of each watch; the rest is on its page


@dataclass(frozen=True, slots=True)
class Line:
    """One answer in words."""

    name: str
    line: str
    score: str


@dataclass(frozen=True, slots=True)
class Part:
    """The news of one watch: how much, the best of it, and the addresses of the whole and of the way out."""

    headline: str
    lines: tuple[Line, ...]
    count: int
    url: str
    stop_url: str

    @property
    def more(self) -> int:
        """How many there are besides those named."""
        return self.count - len(self.lines)


def write_letter(session: Session, payload: dict[str, Any], *, secret: str, public_url: str) -> Letter | None:
    """The letter for a membership about some finds, or None when nobody is to be told of any of them now."""
    membership_id: int = payload["membership"]
    user = rounds.membership_eyes(session, membership_id, now=utcnow())
    if user is None or not user.email or user.mail_stopped_at is not None:
        return None

    def way_out(watch: Watch | None) -> str:
        token = open_stop_link(session, membership_id=membership_id, watch=watch, secret=secret)
        return f"{public_url}/alerts/out/{token}"

    finds = rounds.finds_to_write(session, membership_id=membership_id, find_ids=payload["finds"])
    parts = list(_parts(session, user, finds, public_url, way_out))
    if not parts:
        return None
    return _letter(user.email, parts, stop_url=way_out(None), alerts_url=f"{public_url}/alerts")


def _parts(
    session: Session, user: User, finds: list[WatchFind], public_url: str, way_out: Callable[[Watch | None], str]
) -> Iterator[Part]:
    rows = alerts.shown_finds(session, user, finds)
    still = [find for find in finds if alerts.is_shown(find, rows)]
    for watch, group in groupby(still, key=lambda find: find.watch):
        told = list(group)
        lines = tuple(_line(find, rows) for find in told[:_SHOWN])
        headline = telling.headline(watch, [find.key for find in told])
        yield Part(headline, lines, len(told), public_url + telling.list_path(watch), way_out(watch))


def _line(find: WatchFind, rows: Showable) -> Line:
    line = rows.lines[line_of(find.line_number)]
    text = line.text if isinstance(line, Need) else line.product
    return Line(rows.firms[find.enterprise_id].name, " ".join(text.split()), points(find.score))


def _letter(to: str, parts: list[Part], *, stop_url: str, alerts_url: str) -> Letter:
    subject = telling.letter_subject([part.headline for part in parts], sum(part.count for part in parts))
    words = {"subject": subject, "parts": parts, "stop_url": stop_url, "alerts_url": alerts_url}
    text, page = paper(autoescape=False), paper(autoescape=True)
    return Letter(
        to=to,
        subject=subject,
        text=text.get_template("matching/letter_text.html").render(words),
        html=page.get_template("matching/letter.html").render(words),
        stop_url=stop_url,
    )
