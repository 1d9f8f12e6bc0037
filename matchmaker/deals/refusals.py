"""The rules of the ledger that a person can run into, each with the sentence they read."""

from __future__ import annotations

from matchmaker.deals.models import Deal
from matchmaker.errors import NotAllowed, RuleViolation
from matchmaker.i18n import lazy as _


class NotAParty(NotAllowed):
    """Only the two parties, each for itself, may say this of their deal."""

    template = _("只有这笔意向的买卖双方可以办理这一步，各自只能代表本单位。")


class NotRecorder(NotAllowed):
    """An office may change only what it recorded itself."""

    template = _("只有买卖双方或登记这笔意向的单位可以办理这一步。")


class OutOfRegion(NotAllowed):
    """An office acts only on deals of which a party sits in its region."""

    template = _("买卖双方都不在本单位辖区内，不能办理这一步。")


class VerifierInvolved(NotAllowed):
    """Whoever organised the event or recorded the deal cannot verify it."""

    template = _("本单位承办了该场次或登记过这笔意向，不能核验，请由其他单位核验。")


class SameParty(RuleViolation):
    """A firm makes no deal with itself."""

    template = _("买方和卖方不能是同一家单位。")


class AmountOutOfRange(RuleViolation):
    """An amount is a positive whole number of yuan, at most 10^15."""

    template = _("金额必须是大于零的整数元，且不超过一千万亿元。")


class RangeReversed(RuleViolation):
    """The upper bound of a range lies above its lower bound."""

    template = _("金额上限不能低于金额。")


class FormerMissing(RuleViolation):
    """A renewal says what a year of the cooperation it renews came to (R13)."""

    template = _("续签须填写原合作每年金额，“新增”口径只计超出的部分；原来没有金额的填 0。")


class FormerOfNoRenewal(RuleViolation):
    """Only a renewal has a former amount."""

    template = _("填写了原合作每年金额，请同时勾选“这是原有合作的续签”，或清空这一项。")


class FormerOutOfRange(RuleViolation):
    """A former amount is a whole number of yuan from 0 to 10^15."""

    template = _("原合作每年金额必须是不小于零的整数元，且不超过一千万亿元。")


class TermOutOfRange(RuleViolation):
    """A term is 1 to 1200 months."""

    template = _("期限必须是 1—1200 个月的整数。")


class UnknownCurrency(RuleViolation):
    """A currency is one of those we know."""

    template = _("不认识币种“{currency}”，请使用三位字母代码，例如 USD。")


class RateMissing(RuleViolation):
    """A foreign amount comes with its rate, a yuan amount without."""

    template = _("外币金额须填写折算汇率（0.000001—10000）；人民币金额不填汇率。")


class SubjectMissing(RuleViolation):
    """A deal says what it is about."""

    template = _("请写明标的，例如“铝合金变速箱壳体压铸模，12 套”。")


class ReasonMissing(RuleViolation):
    """A refusal or withdrawal gives its reason to the other side."""

    template = _("请写明原因，对方会看到。")


class NumberMissing(RuleViolation):
    """A contract has its number."""

    template = _("请填写合同编号。")


class EventNotHeld(RuleViolation):
    """A deal comes from an event that is running or over."""

    template = _("该场次尚未举行，举行当天起才能申报意向。")


class MeetingOfOthers(RuleViolation):
    """The meeting a deal names was between its two parties, at its event."""

    template = _("所选洽谈不是这两家单位在该场次的洽谈，请重新选择。")


class AmountLooksWrong(RuleViolation):
    """The amount is of a size that a slip between 万 and 亿 would give; say it was checked."""

    template = _("{why}请核对单位，确认无误后勾选“已核对单位”再提交。")


class DealAlreadyDeclared(RuleViolation):
    """The same handshake was reported before; confirm that one instead of adding another."""

    template = _("双方在该场次已有一笔意向（编号 {number}），不能重复申报。请核对后确认那一笔。")
    status = 409

    def __init__(self, known: Deal) -> None:
        self.known = known
        super().__init__(number=known.number)


class AlreadyConfirmed(RuleViolation):
    """A side consents to one version of the amount once."""

    template = _("贵公司已同意当前金额，无需再次确认。")
    status = 409


class SameAmount(RuleViolation):
    """An amendment changes the amount."""

    template = _("金额与当前申报的相同。如无异议，请直接确认。")


class DealDisputed(RuleViolation):
    """While a deal is disputed it is frozen."""

    template = _("这笔意向有争议，解除争议后才能办理这一步。")
    status = 409


class AlreadyDisputed(RuleViolation):
    """One dispute at a time."""

    template = _("这笔意向已在争议中，无需再次提出。")
    status = 409


class NotDisputed(RuleViolation):
    """There is no dispute to resolve."""

    template = _("这笔意向没有争议需要解除。")
    status = 409


class NotDisputer(NotAllowed):
    """A dispute ends by whoever raised it, or by an office of the region."""

    template = _("争议由提出的一方撤回，或由属地主管部门解除。")


class DealWithdrawn(RuleViolation):
    """A withdrawal ends a deal."""

    template = _("这笔意向已撤回，不能再办理。如重新达成，请另行申报。")
    status = 409


class DeliveryBegun(RuleViolation):
    """What was delivered cannot be withdrawn."""

    template = _("这笔意向已有履约记录，不能撤回。")
    status = 409


class NotConfirmed(RuleViolation):
    """Verification, contract and delivery follow the confirmation of both sides."""

    template = _("双方确认之后才能办理这一步。")
    status = 409


class AlreadyVerified(RuleViolation):
    """The amount in force is verified already."""

    template = _("当前金额已经核验，无需再次核验。")
    status = 409


class NoContract(RuleViolation):
    """Delivery follows a contract."""

    template = _("请先登记合同，再登记履约。")
    status = 409


class ContractFulfilled(RuleViolation):
    """Under a contract that is being fulfilled only an office records another one, to cover what went beyond it."""

    template = _("已有履约记录，合同不能重新登记；只有累计履约超过合同金额 110% 的，由属地主管部门复核后登记补充合同。")
    status = 409


class HandshakeReported(DealAlreadyDeclared):
    """The other side reported a deal very like this one; confirm that one, or say that this is another."""

    template = _("对方已申报一笔相近的意向（编号 {number}），正等待答复。同一笔请确认那一笔；另一笔请注明后再提交。")


class SamePerson(NotAllowed):
    """Two sides that agree are two people."""

    template = _("对方的这一次申报或更正就是您本人提交的，一个人不能代表双方，请由本单位其他人员确认。")


class DealMerged(RuleViolation):
    """What was merged into another deal goes on there."""

    template = _("这笔意向已并入 {number}，请在那一笔办理。")
    status = 409


class NotMerged(RuleViolation):
    """There is no merger to undo."""

    template = _("这笔意向没有并入其他意向，不必解除。")
    status = 409


class MergedIntoItself(RuleViolation):
    """A deal is no duplicate of itself."""

    template = _("不能把一笔意向并入它自己，请选另一笔。")


class SurvivorMerged(RuleViolation):
    """The deal that is to stay was itself merged into another."""

    template = _("要保留的 {number} 本身已并入另一笔，请选那一笔作为保留的。")
    status = 409


class SurvivorWithdrawn(RuleViolation):
    """A deal that ended cannot stand for another."""

    template = _("要保留的 {number} 已撤回，不能作为保留的一笔。")
    status = 409


class OtherParties(RuleViolation):
    """One handshake has the same two firms."""

    template = _("{number} 不是同样两家单位之间的意向，不能并为一笔。")


class MergerInvolved(NotAllowed):
    """Whoever organised an event of either deal, or recorded either, does not decide which of them counts."""

    template = _("本单位承办过其中的场次或登记过其中一笔，不能判断是否重复，请由其他单位判断。")
