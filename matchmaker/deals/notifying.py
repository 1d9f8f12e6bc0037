"""Who is told what when something is said of a deal."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.deals.models import Deal, DealEntry, EntryType, Party
from matchmaker.i18n import lazy as _
from matchmaker.money import wan
from matchmaker.notices.services import tell

_TO_ANSWER = (EntryType.DECLARE, EntryType.AMEND)
_TITLES = {
    EntryType.DECLARE: _("{who}申报了 {amount}的意向，请核对并答复"),
    EntryType.CONFIRM: _("{who}确认了意向"),
    EntryType.AMEND: _("{who}将金额更正为 {amount}，请核对并答复"),
    EntryType.DISPUTE: _("{who}不认可这笔意向"),
    EntryType.RESOLVE: _("{who}解除了争议"),
    EntryType.VERIFY: _("{who}核验了这笔意向"),
    EntryType.CONTRACT: _("{who}登记了合同，金额 {amount}"),
    EntryType.WITHDRAW: _("{who}撤回了这笔意向"),
    EntryType.MERGE: _("{who}认定这笔意向与 {other} 是同一笔，并入后只计一次"),
    EntryType.UNMERGE: _("{who}解除了这笔意向与 {other} 的并入，重新单独计算"),
}


def tell_parties(session: Session, *, deal: Deal, entry: DealEntry) -> None:
    """Tell each side what it did not say itself."""
    title = _title(deal, entry)
    if title is None:
        return
    page = "/confirm" if entry.type in _TO_ANSWER else ""
    for party, enterprise_id in ((Party.BUYER, deal.buyer_id), (Party.SELLER, deal.seller_id)):
        if entry.party is not party:
            tell(
                session,
                title=title,
                body=f"{deal.subject}（{deal.number}）",
                path=f"/deals/{deal.public_id}{page}",
                enterprise_id=enterprise_id,
            )


def _title(deal: Deal, entry: DealEntry) -> str | None:
    """One sentence for the notice, or None for what is shown on the deal's own page only."""
    template = _TITLES.get(entry.type)
    if template is None:
        return None
    other = entry.other.number if entry.other is not None else ""
    return str(template).format(who=_speaker(deal, entry), amount=_amount(deal, entry), other=other)


def _amount(deal: Deal, entry: DealEntry) -> str:
    if entry.amount is None:
        return f"{wan(deal.standing.amount)} 万元"
    return f"{wan(entry.amount)} 万元" if deal.rate is None else f"{entry.amount:,d} {deal.currency}"


def _speaker(deal: Deal, entry: DealEntry) -> str:
    if entry.party is Party.OFFICE:
        return str(_("主管部门"))
    return (deal.buyer if entry.party is Party.BUYER else deal.seller).display_name
