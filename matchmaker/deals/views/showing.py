"""One deal on its page: its facts, its three axes and its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import offices
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import wording
from matchmaker.deals.auditing.queries import upholding
from matchmaker.deals.counting.increments import increment
from matchmaker.deals.duplicates import queries as duplicates
from matchmaker.deals.evidence import queries as evidence
from matchmaker.deals.evidence.models import EvidenceFile, SealedPaper
from matchmaker.deals.evidence.obstacles import is_outdated, to_attaching, to_checking, to_stating, to_taking_down
from matchmaker.deals.evidence.wording import PURPOSES
from matchmaker.deals.following_up import policies as following_policies
from matchmaker.deals.following_up import queries as following_up
from matchmaker.deals.following_up import wording as following_words
from matchmaker.deals.fulfilment import goes_beyond
from matchmaker.deals.judging import counted_answer, renewal_of
from matchmaker.deals.models import Deal, DealEntry, DealKind, DealStage, EntryType, Party
from matchmaker.deals.obstacles import open_steps, party_of
from matchmaker.deals.standing import contract_amount, delivered_amount, newest_amount
from matchmaker.deals.stewardship import policies as steward_policies
from matchmaker.deals.stewardship import queries as stewardship
from matchmaker.deals.stewardship import wording as steward_words
from matchmaker.deals.views.ladder import rungs_of
from matchmaker.i18n import gettext as _
from matchmaker.money import wan
from matchmaker.web.formats import moment

_ON_THE_WAY = (DealStage.INTENT, DealStage.CONTRACT, DealStage.DELIVERING, DealStage.DELIVERED)


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry as the history shows it."""

    at: str
    what: str
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What speaks for a deal, as one reader sees it, and what they may add.

    paper: the sealed paper that waits for its check. returned: the last one, where it was sent back.
    """

    files: list[EvidenceFile]
    removable: set[int]
    sees_taken_down: bool
    may_attach: bool
    paper: SealedPaper | None
    returned: SealedPaper | None
    may_check: bool
    may_state: bool


def deal_page(session: Session, user: User, deal: Deal) -> str:
    """The page of one deal for one reader."""
    stage, offices_by_id = deal.standing.stage, _office_names(session, deal)
    answer = counted_answer(session, deal, shanghai_day(utcnow()))
    return render_template(
        "deals/show.html",
        deal=deal,
        rungs=rungs_of(deal, offices_by_id, upholding(session, deal)),
        proof=_proof_of(session, user, deal),
        party=party_of(deal, user),
        steps=[step.value for step in open_steps(deal, user)],
        history=_history(deal, offices_by_id),
        answer=answer,
        increment=increment(answer.amount, renewal_of(deal)) if answer and deal.is_renewal else None,
        stages=[wording.STAGES[each] for each in _ON_THE_WAY],
        reached=_ON_THE_WAY.index(stage) if stage in _ON_THE_WAY else None,
        newest=newest_amount(deal.entries),
        contract=contract_amount(deal.entries),
        delivered=delivered_amount(deal.entries),
        is_beyond=goes_beyond(contract_amount(deal.entries), delivered_amount(deal.entries)),
        merged=duplicates.merged_into(session, user, deal),
        repeated=duplicates.is_waiting(session, user, deal),
        purposes=PURPOSES,
        wording=wording,
        follow=_followed(session, user, deal),
        stewarded=_stewarded(session, user, deal),
    )


def _followed(session: Session, user: User, deal: Deal) -> dict[str, Any]:
    """What the sides were asked and said, as far as this reader may know."""
    asked = following_up.follow_ups_of(session, user, deal)
    is_open = deal.standing.stage is DealStage.INTENT
    is_office = user.office is not None
    latest = following_up.last_answers(session, user, [deal]).get(deal.id, {}) if is_office else {}
    return {
        "follow_ups": asked,
        "at_odds": is_open and following_up.are_at_odds(latest),
        "may_answer": bool(asked) and is_open and not is_office,
        "may_ask": is_open and deal.standing.confirmed_at is not None and following_policies.may_ask(user, deal),
        "words": following_words,
    }


def _stewarded(session: Session, user: User, deal: Deal) -> dict[str, Any]:
    """Who is in charge of the deal, and for an office who was."""
    holding = stewardship.holding(session, deal)
    history = [
        Happening(moment(row.starts_at), steward_words.happened(row), row.actor.name if row.actor else "", row.why)
        for row in stewardship.history_of(session, user, deal)
    ]
    is_agreed = deal.kind is DealKind.PURCHASE and deal.standing.confirmed_at is not None
    return {
        "holding": holding,
        "history": history,
        "may_hand_over": is_agreed and steward_policies.may_hand_over(user, deal, holding),
        "words": steward_words,
    }


def _proof_of(session: Session, user: User, deal: Deal) -> Proof:
    papers = evidence.papers_of(session, deal)
    paper = next((each for each in reversed(papers) if each.check is None and not is_outdated(each)), None)
    files = evidence.files_of(session, deal, user)
    stated = {each.file_id: each for each in papers}
    return Proof(
        files=files,
        removable={file.id for file in files if to_taking_down(file, stated.get(file.id), user) is None},
        sees_taken_down=evidence.opens_taken_down(user),
        may_attach=to_attaching(deal, user) is None,
        paper=paper,
        returned=papers[-1] if papers and papers[-1].check and not papers[-1].check.agrees else None,
        may_check=to_checking(deal, paper, user) is None,
        may_state=to_stating(deal, paper, user) is None,
    )


def _office_names(session: Session, deal: Deal) -> dict[int, str]:
    if all(entry.office_id is None for entry in deal.entries):
        return {}
    return {office.id: office.name for office in offices(session)}


def _history(deal: Deal, names: dict[int, str]) -> list[Happening]:
    """Newest first, as histories are read."""
    return [
        Happening(moment(entry.at), _what(deal, entry), _who(deal, entry, names), _note(entry))
        for entry in reversed(deal.entries)
    ]


def _note(entry: DealEntry) -> str:
    """What was said beside an entry; of a paper's digest the beginning will do."""
    if not entry.is_from_paper:
        return entry.note
    return str(_("纸质件摘要 %(digest)s", digest=entry.note.removeprefix("sha256:")[:12]))


def _what(deal: Deal, entry: DealEntry) -> str:
    words = str(_("以盖章纸质件确认") if entry.is_from_paper else wording.ENTRIES[entry.type])
    if entry.other is not None:
        return f"{words} {entry.other.number}"
    if entry.amount is None:
        return words
    return f"{words} {in_its_currency(deal, entry.amount)}"


def _who(deal: Deal, entry: DealEntry, names: dict[int, str]) -> str:
    party = str(wording.PARTIES[entry.party])
    if entry.party is Party.OFFICE:
        return names.get(entry.office_id or 0, party)
    firm = deal.buyer if entry.party is Party.BUYER else deal.seller
    who = f"{party}·{firm.display_name}"
    if not entry.is_from_paper:
        return who
    return str(_("%(who)s（由%(office)s复核录入）", who=who, office=names.get(entry.office_id or 0, "")))


def in_its_currency(deal: Deal, amount: int) -> str:
    """An amount of an entry as people read it: 3,000 万元, or 1,000,000 USD."""
    return f"{wan(amount)} 万元" if deal.rate is None else f"{amount:,d} {deal.currency}"


def last_stated(deal: Deal) -> DealEntry:
    """The entry that put the newest amount forward."""
    return next(entry for entry in reversed(deal.entries) if entry.type in (EntryType.DECLARE, EntryType.AMEND))
