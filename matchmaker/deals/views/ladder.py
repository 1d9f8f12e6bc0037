"""The steps of assurance a deal has climbed, with who and when for each, as its page shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matchmaker.deals import wording
from matchmaker.deals.auditing.models import AuditFinding
from matchmaker.deals.models import Assurance, Deal, DealEntry, EntryType, Party
from matchmaker.deals.standing import CONSENTS
from matchmaker.i18n import gettext as _
from matchmaker.web.formats import moment

_LEVELS = tuple(Assurance)


@dataclass(frozen=True, slots=True)
class Rung:
    """One level: whether the deal stands on or above it, and what was done for it, each with who and when."""

    level: Assurance
    word: str
    is_reached: bool
    is_current: bool
    deeds: list[tuple[str, str, str]]  # what, who, when


def rungs_of(deal: Deal, offices: Mapping[int, str], finding: AuditFinding | None) -> list[Rung]:
    """The four rungs. finding: the audit finding that upholds the amount in force, where there is one."""
    level = Assurance.REVIEWED if finding is not None else deal.standing.assurance
    deeds = {
        Assurance.DECLARED: [_declared(deal, offices)],
        Assurance.CONFIRMED: list(_consented(deal, offices, _version(deal))),
        Assurance.VERIFIED: list(_verified(deal, offices)),
        Assurance.REVIEWED: [_reviewed(finding)] if finding is not None else [],
    }
    return [
        Rung(
            each,
            str(wording.ASSURANCES[each]),
            _LEVELS.index(each) <= _LEVELS.index(level) and _is_climbed(each, deal),
            each is level,
            deeds[each],
        )
        for each in _LEVELS
    ]


def _is_climbed(level: Assurance, deal: Deal) -> bool:
    """An auditor may review what no office verified: that rung is then passed over, not reached."""
    return level is not Assurance.VERIFIED or deal.standing.assurance is Assurance.VERIFIED


def _declared(deal: Deal, offices: Mapping[int, str]) -> tuple[str, str, str]:
    first = deal.entries[0]
    return _("申报"), _speaker(deal, first, offices), moment(first.at)


def _version(deal: Deal) -> int:
    """The version of the amount the page speaks of: the last both sides consented to, else the newest."""
    newest = max(entry.round for entry in deal.entries)
    agreed = (number for number in range(newest, 0, -1) if len(_parties(deal, number)) > 1)
    return next(agreed, newest)


def _parties(deal: Deal, version: int) -> dict[Party, DealEntry]:
    """Who consented to a version, each by which entry."""
    consents = [entry for entry in deal.entries if entry.round == version and entry.type in CONSENTS]
    return {entry.party: entry for entry in reversed(consents) if entry.party is not Party.OFFICE}


def _consented(deal: Deal, offices: Mapping[int, str], version: int) -> Iterator[tuple[str, str, str]]:
    found = _parties(deal, version)
    for party, firm in ((Party.BUYER, deal.buyer), (Party.SELLER, deal.seller)):
        entry = found.get(party)
        if entry is None:
            continue
        name = f"{wording.PARTIES[party]}·{firm.display_name}"
        if entry.is_from_paper:
            office = offices.get(entry.office_id or 0, "")
            yield _("以盖章纸质件确认，%(office)s复核录入", office=office), name, moment(entry.at)
        else:
            yield _("本单位账号确认"), name, moment(entry.at)


def _verified(deal: Deal, offices: Mapping[int, str]) -> Iterator[tuple[str, str, str]]:
    last = next((entry for entry in reversed(deal.entries) if entry.type is EntryType.VERIFY), None)
    if last is None:
        return
    what = _("核验当前金额") if deal.standing.assurance is Assurance.VERIFIED else _("核验过更正前的金额，须重新核验")
    yield what, _speaker(deal, last, offices), moment(last.at)


def _reviewed(finding: AuditFinding) -> tuple[str, str, str]:
    return _("查实与账面一致"), _("第 %(number)s 次抽样", number=finding.pick.draw.number), moment(finding.at)


def _speaker(deal: Deal, entry: DealEntry, offices: Mapping[int, str]) -> str:
    if entry.party is Party.OFFICE:
        return offices.get(entry.office_id or 0, str(wording.PARTIES[Party.OFFICE]))
    firm = deal.buyer if entry.party is Party.BUYER else deal.seller
    return f"{wording.PARTIES[entry.party]}·{firm.display_name}"
