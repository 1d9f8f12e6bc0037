"""What a finding says to its reader: neutral words, with the figures behind them."""

from __future__ import annotations

from collections.abc import Callable

from matchmaker.deals.reviewing.models import Verdict
from matchmaker.deals.signals import Finding, Rule
from matchmaker.deals.signals.month_ends import LAST_DAYS
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.money import wan

RULES = {
    Rule.SAME_PAIR: (_("同一对企业多场次"), _("同一对企业在 3 场及以上活动各有意向，请核对是不是同一个项目。")),
    Rule.RECIPROCAL: (_("互为买卖"), _("两家企业互为买方和卖方，申报相隔不超过 90 天，金额相差不超过两成。")),
    Rule.RELATED: (
        _("关联关系"),
        _("买卖双方的最终控制方相同，或法定代表人相同。这类意向按口径不计入（R12），列在这里供核对登记信息。"),
    ),
    Rule.ABOVE_REVENUE: (_("金额远高于营收"), _("金额超过其中一方上年营业收入的 3 倍。")),
    Rule.SLIP: (
        _("万与亿相差"),
        _("金额与对方所报、与同一对企业的另一笔，或与该企业、该环节的常见金额相差约一万倍，请核对单位。"),
    ),
    Rule.BEYOND_CONTRACT: (
        _("履约超过合同"),
        _(
            "累计履约超过合同金额的 110%。超出 110% 的部分不进入履约合计；"
            "核实后由属地主管部门登记补充合同，这一条随之消失。意向净额不受履约影响。"
        ),
    ),
    Rule.ROUND_HEAP: (
        _("整数金额集中"),
        _(
            "同一承办单位的意向落在一个整数金额上的，比落在邻近金额上的多得多。取该金额上下各八分之一，分成五段，"
            "以中段所占作单侧精确二项检验（Przyborowski 与 Wilenski，1940），按检验组数校正后 P < 0.001。"
            "整数金额本来就常见。"
        ),
    ),
    Rule.MONTH_END: (
        _("月末集中申报"),
        _(
            "活动次月起（且活动三天以后）申报的或场次之外的意向，集中在月末三天。"
            "按当月各日机会均等作单侧精确二项检验（Conover，1999），按检验组数校正后 P < 0.001。"
        ),
    ),
}

VERDICTS = {Verdict.OPEN: _("待看"), Verdict.SEEN: _("已看过"), Verdict.EXPLAINED: _("有说明")}

_SHARED = {
    "parent": _("最终控制方相同"),
    "representative": _("法定代表人相同"),
    "both": _("最终控制方和法定代表人都相同"),
}
_BESIDE = {
    "report": _("另一方先后所报的金额"),
    "twin": _("同一买卖双方的另一笔金额"),
    "firm": _("其中一家企业的常见金额（中位数）"),
    "segment": _("该环节的常见金额（中位数）"),
}
_SIDES = {"buyer": _("买方"), "seller": _("卖方")}


def sentence(finding: Finding) -> str:
    """What was found, in one sentence that ends by asking for a look."""
    return str(gettext("%(what)s，供复核。", what=_SENTENCES[finding.rule](finding)))


def _same_pair(finding: Finding) -> str:
    return str(gettext("在 %(events)s 场活动共有 %(deals)s 笔意向", **finding.figures))


def _reciprocal(finding: Finding) -> str:
    return str(gettext("互为买卖且相近的有 %(pairs)s 对，申报日最近相隔 %(days)s 天", **finding.figures))


def _related(finding: Finding) -> str:
    shared = str(_SHARED[str(finding.figures["shared"])])
    return str(gettext("%(shared)s，共 %(deals)s 笔意向", shared=shared, deals=finding.figures["deals"]))


def _above_revenue(finding: Finding) -> str:
    amount, revenue = int(finding.figures["amount"]), int(finding.figures["revenue"])
    words = {"side": str(_SIDES[str(finding.figures["side"])]), "amount": wan(amount), "revenue": wan(revenue)}
    if not revenue:
        return str(gettext("金额 %(amount)s 万元，%(side)s登记的上年营业收入为 0", **words))
    times = f"{amount / revenue:,.1f}"
    return str(
        gettext("金额 %(amount)s 万元，是%(side)s上年营业收入 %(revenue)s 万元的 %(times)s 倍", times=times, **words)
    )


def _slip(finding: Finding) -> str:
    amount, other = int(finding.figures["amount"]), int(finding.figures["other"])
    words = {"amount": wan(amount), "other": wan(other), "beside": str(_BESIDE[str(finding.figures["beside"])])}
    times = f"{max(amount, other) / max(1, min(amount, other)):,.0f}"
    return str(gettext("金额 %(amount)s 万元，与%(beside)s %(other)s 万元相差 %(times)s 倍", times=times, **words))


def _beyond_contract(finding: Finding) -> str:
    contract, delivered = int(finding.figures["contract"]), int(finding.figures["delivered"])
    share = f"{delivered / contract:.0%}"
    words = {"delivered": wan(delivered), "contract": wan(contract), "share": share}
    return str(gettext("累计履约 %(delivered)s 万元，是合同金额 %(contract)s 万元的 %(share)s", **words))


def _round_heap(finding: Finding) -> str:
    figures = finding.figures
    return str(
        gettext(
            "%(organiser)s：在 %(amount)s 万元上下共 %(near)s 笔，其中 %(heaped)s 笔在中段"
            "（全部意向在这一段的占 %(everywhere)s）",
            organiser=_organiser(finding),
            amount=wan(int(figures["amount"])),
            near=figures["near"],
            heaped=figures["heaped"],
            everywhere=f"{float(figures['everywhere']):.0%}",
        )
    )


def _month_end(finding: Finding) -> str:
    return str(
        gettext(
            "%(organiser)s：%(month)s 申报的 %(all)s 笔中，%(last)s 笔在最后 %(days)s 天",
            **(dict(finding.figures) | {"organiser": _organiser(finding), "days": LAST_DAYS}),
        )
    )


def _organiser(finding: Finding) -> str:
    return str(finding.figures["organiser"] or _("场次之外"))


_SENTENCES: dict[Rule, Callable[[Finding], str]] = {
    Rule.SAME_PAIR: _same_pair,
    Rule.RECIPROCAL: _reciprocal,
    Rule.RELATED: _related,
    Rule.ABOVE_REVENUE: _above_revenue,
    Rule.SLIP: _slip,
    Rule.BEYOND_CONTRACT: _beyond_contract,
    Rule.ROUND_HEAP: _round_heap,
    Rule.MONTH_END: _month_end,
}
