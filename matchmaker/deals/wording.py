"""The words people use for what a deal is and where it stands, for choices, exports and histories."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from matchmaker.deals.counting import DealReason
from matchmaker.deals.models import Assurance, DealKind, DealStage, EntryType, Party
from matchmaker.i18n import lazy as _

Member = TypeVar("Member", bound=Enum)

KINDS = {
    DealKind.PURCHASE: _("采购／配套"),
    DealKind.TECHNOLOGY: _("技术合作"),
    DealKind.INVESTMENT: _("投资"),
    DealKind.CREDIT: _("授信"),
    DealKind.FRAMEWORK: _("战略框架"),
}

STAGES = {
    DealStage.INTENT: _("意向"),
    DealStage.CONTRACT: _("合同"),
    DealStage.DELIVERING: _("履约中"),
    DealStage.DELIVERED: _("已履约"),
    DealStage.WITHDRAWN: _("撤回"),
}

ASSURANCES = {
    Assurance.DECLARED: _("自报"),
    Assurance.CONFIRMED: _("双方确认"),
    Assurance.VERIFIED: _("属地核验"),
    Assurance.REVIEWED: _("抽查复核"),
}

ASSURANCE_SENTENCES = {
    Assurance.DECLARED: _("目前只有申报，还没有双方对同一金额的确认。"),
    Assurance.CONFIRMED: _("买卖双方已确认同一金额。"),
    Assurance.VERIFIED: _("双方确认的金额已由未参与承办和登记的属地单位核验。"),
    Assurance.REVIEWED: _("已在抽查中复核。"),
}

PARTIES = {Party.BUYER: _("买方"), Party.SELLER: _("卖方"), Party.OFFICE: _("主管部门")}

ENTRIES = {
    EntryType.DECLARE: _("申报"),
    EntryType.CONFIRM: _("确认"),
    EntryType.DISPUTE: _("不认可"),
    EntryType.RESOLVE: _("解除争议"),
    EntryType.VERIFY: _("核验"),
    EntryType.CONTRACT: _("登记合同"),
    EntryType.DELIVER: _("登记履约"),
    EntryType.AMEND: _("更正金额"),
    EntryType.WITHDRAW: _("撤回"),
    EntryType.MERGE: _("并入"),
    EntryType.UNMERGE: _("解除并入"),
}

REASONS = {
    DealReason.COUNTED: _("双方确认，按口径计入采购配套净意向额。"),
    DealReason.AFTER_AS_OF: _("截至日之后才申报或举行，尚不在统计之内。"),
    DealReason.DUPLICATE: _("与另一笔记录是同一笔意向，只计一次（R6）。"),
    DealReason.RELATED_PARTY: _("双方为关联方，不计入，另行列示（R12）。"),
    DealReason.UNCONFIRMED: _("一方尚未确认，仅列入申报口径（R8）。"),
    DealReason.DISPUTED: _("有争议，解除之前不计入。"),
    DealReason.HELD: _("金额较大，属地核验之后才计入（R14）。"),
    DealReason.WITHDRAWN: _("已撤回，从净额中冲减（R17）。"),
    DealReason.OTHER_KIND: _("按类别单列合计，不计入采购配套总额（R7）。"),
}


def choices(words: Mapping[Member, str]) -> list[tuple[str, str]]:
    """The values of an enumeration with their words, to choose from."""
    return [(str(member.value), word) for member, word in words.items()]
