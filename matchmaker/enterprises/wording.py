"""The words people use for what the registers hold, for choices, exports and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from matchmaker.enterprises.models import (
    CapabilityState,
    EnterpriseKind,
    EnterpriseSize,
    EnterpriseState,
    NeedKind,
    NeedState,
    NeedVisibility,
    Verdict,
)
from matchmaker.enterprises.reading import Kind
from matchmaker.enterprises.resolving import Reason, Told
from matchmaker.i18n import lazy as _

Member = TypeVar("Member", bound=Enum)

KINDS = {
    EnterpriseKind.ENTERPRISE: _("企业"),
    EnterpriseKind.INSTITUTION: _("科研院所"),
    EnterpriseKind.UNIVERSITY: _("高校"),
    EnterpriseKind.BANK: _("银行"),
    EnterpriseKind.ASSOCIATION: _("协会"),
}

SIZES = {
    EnterpriseSize.LARGE: _("大型"),
    EnterpriseSize.MEDIUM: _("中型"),
    EnterpriseSize.SMALL: _("小型"),
    EnterpriseSize.MICRO: _("微型"),
}

STATES = {
    EnterpriseState.DRAFT: _("草稿"),
    EnterpriseState.PENDING: _("待核验"),
    EnterpriseState.VERIFIED: _("已认证"),
    EnterpriseState.UNCLAIMED: _("待认领"),
    EnterpriseState.CORRECTING: _("补正中"),
    EnterpriseState.REVIEW: _("待复核"),
    EnterpriseState.SUSPENDED: _("停用"),
    EnterpriseState.MERGED: _("已并入"),
}

CAPABILITY_STATES = {
    CapabilityState.DRAFT: _("草稿"),
    CapabilityState.STATED: _("自报"),
    CapabilityState.EVIDENCED: _("已佐证"),
    CapabilityState.VERIFIED: _("已核验"),
    CapabilityState.WITHDRAWN: _("已撤下"),
}

NEED_KINDS = {
    NeedKind.PURCHASE: _("采购"),
    NeedKind.OUTSOURCING: _("外协"),
    NeedKind.TECHNOLOGY: _("技术"),
    NeedKind.EQUIPMENT: _("设备更新"),
    NeedKind.FINANCING: _("融资"),
    NeedKind.TALENT: _("人才"),
    NeedKind.BY_PRODUCT: _("副产物"),
}

NEED_STATES = {
    NeedState.DRAFT: _("草稿"),
    NeedState.PENDING: _("待审"),
    NeedState.PUBLISHED: _("发布"),
    NeedState.TALKING: _("洽谈中"),
    NeedState.INTENDED: _("达成意向"),
    NeedState.MET: _("已满足"),
    NeedState.WITHDRAWN: _("撤回"),
    NeedState.EXPIRED: _("过期"),
    NeedState.UNMET: _("未满足"),
}

VISIBILITIES = {
    NeedVisibility.PUBLIC: _("公开"),
    NeedVisibility.MATCHED: _("仅匹配方"),
    NeedVisibility.ORGANISERS: _("仅组织方"),
}

PERIODS = {"year": _("年"), "month": _("月"), "day": _("日")}


def choices(words: Mapping[Member, str]) -> list[tuple[str, str]]:
    """The values of an enumeration with their words, to choose from."""
    return [(str(member.value), word) for member, word in words.items()]


VERDICTS = {
    Verdict.OPEN: _("待核对"),
    Verdict.LATER: _("以后再看"),
    Verdict.SAME: _("同一家"),
    Verdict.DIFFERENT: _("不同的两家"),
}

_REASONS = {
    Reason.SAME: _("名称完全相同"),
    Reason.SCRIPT: _("简繁体或全半角不同"),
    Reason.BRANCH: _("分支机构不同"),
    Reason.LEGAL_FORM: _("公司形式不同"),
    Reason.BRACKETS: _("括号不同"),
    Reason.ORDER: _("字序不同"),
    Reason.SOUND: _("“{asked}”与“{known}”音同或音近"),
    Reason.DOUBLED: _("多打了一个字"),
    Reason.PLACE_ADDED: _("多地名“{asked}”"),
    Reason.PLACE_MISSING: _("少地名“{known}”"),
    Reason.ADDED: _("多“{asked}”"),
    Reason.MISSING: _("少“{known}”"),
}


def told_as(told: Told) -> str:
    """In what one name differs from another, in a few words."""
    return str(_REASONS[told.reason]).format(asked=told.asked, known=told.known)


CONDITIONS = {
    Kind.SPECIFICATION: _("规格"),
    Kind.MATERIAL: _("材质"),
    Kind.QUANTITY: _("数量"),
    Kind.MINIMUM: _("起订"),
    Kind.CERTIFICATE: _("资质"),
    Kind.PLACE: _("地点"),
    Kind.RADIUS: _("半径"),
    Kind.PARK: _("园区"),
    Kind.LEAD: _("交期"),
    Kind.DEADLINE: _("交期"),
    Kind.START: _("开始"),
    Kind.BUDGET: _("预算"),
    Kind.PAYMENT: _("付款"),
}

WISHES = {"hard": _("必须"), "soft": _("最好"), "none": _("不作条件")}
FILLINGS = {"fill": _("填入"), "none": _("不填")}


def without_label(kind: Kind, said: str) -> str:
    """A condition as it stands behind its label: 预算 300万元 and not 预算 预算300万元."""
    label = str(CONDITIONS[kind])
    rest = said.removeprefix(label).lstrip("为在是:： ")
    return rest if rest != said and rest else said
