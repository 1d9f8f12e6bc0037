"""The words for what numbers are made of: slices, reasons of events, bands, kinds."""

from __future__ import annotations

from matchmaker.deals.counting import DealKind, EventReason
from matchmaker.deals.counting.totals import NO_EVENT, OUTSIDE
from matchmaker.i18n import lazy as _
from matchmaker.progress.slices import Basis, Slice

# What a number is called, and what it is made of.
SLICES = {
    Slice.COUNTED: (_("净意向额"), _("双方确认，按口径计入，已扣除撤回。")),
    Slice.NET: (_("当月净额"), _("当月计入的，减去撤回冲减在当月的。")),
    Slice.GROSS: (_("总额"), _("按口径计入过的，含后来撤回的。")),
    Slice.WITHDRAWN: (_("撤回"), _("曾经计入、后来撤回的，在撤回当月冲减（R17）。")),
    Slice.DECLARED: (_("申报口径"), _("全部申报的全额，仅供对照，不作主要数字（R8）。")),
    Slice.CONFIRMED: (_("双方确认"), _("双方确认过同一金额的全额，含重复、关联、争议与待核验。")),
    Slice.VERIFIED: (_("已核验"), _("在效金额已由属地核验的全额。")),
    Slice.UNCONFIRMED: (_("待对方确认"), _("只有一方申报，仅列入申报口径（R8）。")),
    Slice.DUPLICATE: (_("重复"), _("与另一笔是同一笔意向，只计一次（R6）。")),
    Slice.RELATED_PARTY: (_("关联方"), _("双方为关联方，不计入，另行列示（R12）。")),
    Slice.DISPUTED: (_("争议"), _("一方不认可，争议解除之前不计入。")),
    Slice.HELD: (_("待核验"), _("金额达到核验标准，属地核验之后才计入（R14）。")),
    Slice.ANNUALISED: (_("年限折算"), _("期限超过 12 个月的，按“金额 × 12 ÷ 月数”计入，这里是未计入的部分（R9）。")),
    Slice.CONTRACTED: (_("合同"), _("计入的意向中已登记合同的，列合同金额，不与意向相加（R20）。")),
    Slice.UNCONTRACTED: (_("合同去向未登记"), _("计入的意向中还没有登记合同的，列意向计入额。")),
    Slice.DELIVERED: (_("履约"), _("计入的意向中累计已登记的履约金额，不与合同相加（R20）。")),
    Slice.UNDELIVERED: (_("履约进度未登记"), _("已登记合同、还没有登记履约的，列合同金额。")),
    Slice.INCREMENT: (
        _("新增"),
        _("净意向额中新增的部分：续签的按计入额减去原合作每年金额，不足或未填的计 0；不是续签的全部计入（R13）。"),
    ),
    Slice.CONTINUED: (_("续签的原有部分"), _("续签的计入额中，不超过原合作每年金额的部分，不算新增（R13）。")),
    Slice.FORMER_UNKNOWN: (
        _("续签、原合作金额未填"),
        _("续签而没有填写原合作每年金额的，新增多少无从得知，按 0 计，这里列全部计入额（R13）。"),
    ),
}

EVENT_REASONS = {
    EventReason.COUNTED: _("计入"),
    EventReason.NOT_APPROVED: _("未核定，核定后才计入（R1）"),
    EventReason.NO_OWN_MATCHING: _("没有自己的对接环节（R2）"),
    EventReason.TOO_FEW: _("签到企业不足规定家数（R1）"),
    EventReason.ONE_SIDED: _("签到的只有买方或卖方（R1）"),
    EventReason.AFTER_AS_OF: _("截至日之后举行"),
}

KINDS = {
    DealKind.PURCHASE: _("采购／配套"),
    DealKind.TECHNOLOGY: _("技术合作"),
    DealKind.INVESTMENT: _("投资"),
    DealKind.CREDIT: _("授信"),
    DealKind.FRAMEWORK: _("战略框架"),
}

BASES = {Basis.SHARED: _("买卖双方各半"), Basis.ORGANISER: _("按承办地")}

BANDS = (
    (1, _("领先，≥ 1.05")),
    (2, _("达序时，1.00—1.05")),
    (3, _("略缓，0.90—1.00")),
    (4, _("滞后，0.80—0.90")),
    (5, _("严重滞后，< 0.80")),
    (0, _("未下达目标")),
)

PACES = {1: _("领先"), 2: _("达序时"), 3: _("略缓"), 4: _("滞后"), 5: _("严重滞后")}

# Places that are no prefecture.
OTHER_PLACES = {OUTSIDE: _("省外"), NO_EVENT: _("不经场次"), "420000": _("省级")}
