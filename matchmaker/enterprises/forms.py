"""What people type about enterprises, capabilities and needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional

from matchmaker.chains.models import Segment
from matchmaker.enterprises import wording
from matchmaker.enterprises.models import Capability, Enterprise, Need, NeedKind, NeedVisibility, Verdict
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.regions.models import Region
from matchmaker.web.forms import Form, QuantityField, WanField, lines_of

REFUSED = "none"  # “none of these”, among the proposed segments
_ENTRY_LINES = 2000
_PERIODS = [SelectChoice(value, word) for value, word in wording.PERIODS.items()]


def _words(words: Mapping[wording.Member, str]) -> list[SelectChoice]:
    return [SelectChoice(*choice) for choice in wording.choices(words)]


class EnterpriseForm(Form):
    """The facts of an enterprise; the view fills in which regions may be chosen."""

    name = StringField(_("企业名称"), [DataRequired(), Length(max=100)])
    short_name = StringField(_("简称"), [Optional(), Length(max=60)])
    former_names = TextAreaField(_("曾用名"), [Optional(), Length(max=1000)])
    region = SelectField(_("所在地"), [DataRequired()])
    industry = StringField(_("行业代码"), [Optional(), Length(max=4)])
    kind = SelectField(_("类型"), [InputRequired()], choices=_words(wording.KINDS))
    size = SelectField(_("规模"), [Optional()], choices=[SelectChoice("", _("不详")), *_words(wording.SIZES)])
    last_year_revenue = WanField(_("上年营业收入"), [Optional()])
    legal_representative = StringField(_("法定代表人"), [Optional(), Length(max=60)])
    parent_code = StringField(_("最终控股单位信用代码"), [Optional(), Length(max=40)])

    def offer(self, regions: Iterable[Region]) -> None:
        """Offer these places, counties under their prefecture."""
        self.region.choices = [
            SelectChoice("", gettext("选择所在地")),
            *(SelectChoice(region.code, region.name, optgroup=_around(region)) for region in regions),
        ]

    def show(self, enterprise: Enterprise) -> None:
        """Fill the form with an enterprise as it is."""
        for name in ("name", "short_name", "last_year_revenue", "legal_representative", "parent_code"):
            self[name].data = getattr(enterprise, name)
        self.former_names.data = "\n".join(enterprise.former_names)
        self.region.data, self.industry.data = enterprise.region.code, enterprise.industry_code
        self.kind.data = enterprise.kind.value
        self.size.data = enterprise.size.value if enterprise.size else ""
        self.seen_version.data = str(enterprise.version)


class RegisterForm(EnterpriseForm):
    """A new enterprise: its code too, and whether a like name is another firm."""

    credit_code = StringField(_("统一社会信用代码"), [DataRequired(), Length(max=60)])
    is_other_firm = BooleanField(_("已核对，不是同一家企业"))

    @property
    def all_names(self) -> list[str]:
        """The full name and the former ones, by which the firm may be on the register already."""
        return [self.name.data, *lines_of(self.former_names.data)]


def _around(region: Region) -> str:
    if not region.is_inside:
        return str(gettext("省外与境外"))
    prefecture = region.prefecture
    return str(prefecture.name) if prefecture else str(gettext("全省"))


class _LineForm(Form):
    """What capabilities and needs share: the segment, proposed from the text or picked from the list."""

    segment = HiddenField()  # drawn by the fragment with the proposals
    proposed = HiddenField()
    listed_segment = SelectField(_("从全部环节中选"), [Optional()])

    def offer(self, segments: Iterable[Segment]) -> None:
        """Offer every segment, chain by chain."""
        self.listed_segment.choices = [
            SelectChoice("", gettext("不另选")),
            *(SelectChoice(each.code, each.name, optgroup=each.chain.name) for each in segments),
        ]

    @property
    def segment_code(self) -> str:
        """The segment picked from the list, else the proposal accepted, or nothing."""
        accepted = str(self.segment.data or "")
        return str(self.listed_segment.data or "") or ("" if accepted == REFUSED else accepted)

    def show_segment(self, segment: Segment | None) -> None:
        """Begin with the segment the line has."""
        self.segment.data = segment.code if segment else ""


class CapabilityForm(_LineForm):
    """One product or process a firm can supply."""

    product = StringField(_("产品或工艺"), [DataRequired(), Length(max=200)])
    material = StringField(_("材料"), [Optional(), Length(max=200)])
    spec = StringField(_("规格"), [Optional(), Length(max=500)])
    capacity = QuantityField(_("产能"), [Optional()])
    capacity_unit = StringField(_("单位"), [Optional(), Length(max=20)])
    capacity_period = SelectField(_("周期"), [Optional()], choices=[SelectChoice("", _("不填")), *_PERIODS])
    spare = QuantityField(_("余量"), [Optional()])
    lead_days = IntegerField(_("交期"), [Optional(), NumberRange(0, 3650)])
    certificates = TextAreaField(_("资质与认证"), [Optional(), Length(max=_ENTRY_LINES)])
    radius_km = IntegerField(_("服务半径"), [Optional(), NumberRange(0, 20_000)])

    def show(self, capability: Capability) -> None:
        """Fill the form with a capability as it is."""
        for name in ("product", "material", "spec", "capacity", "capacity_unit", "capacity_period", "spare"):
            self[name].data = getattr(capability, name)
        self.lead_days.data, self.radius_km.data = capability.lead_days, capability.radius_km
        self.certificates.data = "\n".join(capability.certificates)
        self.show_segment(capability.segment)
        self.seen_version.data = str(capability.version)


class NeedForm(_LineForm):
    """One thing a firm wants."""

    text = TextAreaField(_("需要什么"), [DataRequired(), Length(max=400)])
    kind = SelectField(_("类别"), [InputRequired()], choices=_words(wording.NEED_KINDS))
    quantity = QuantityField(_("数量"), [Optional()])
    unit = StringField(_("单位"), [Optional(), Length(max=20)])
    budget_low = WanField(_("预算下限"), [Optional()])
    budget_high = WanField(_("预算上限"), [Optional()])
    deliver_by = DateField(_("最迟交付"), [Optional()])
    hard_conditions = TextAreaField(_("必须满足"), [Optional(), Length(max=_ENTRY_LINES)])
    soft_conditions = TextAreaField(_("最好满足"), [Optional(), Length(max=_ENTRY_LINES)])
    visibility = RadioField(
        _("谁能看到"),
        [InputRequired()],
        choices=[
            SelectChoice(NeedVisibility.PUBLIC.value, _("公开：平台上的企业都能看到")),
            SelectChoice(NeedVisibility.MATCHED.value, _("仅匹配方：供应同一环节的企业能看到")),
            SelectChoice(NeedVisibility.ORGANISERS.value, _("仅组织方：只有承办与主管单位能看到，不参与自动匹配")),
        ],
        default=NeedVisibility.PUBLIC.value,
    )
    valid_until = DateField(_("有效期至"), [Optional()])

    def show(self, need: Need) -> None:
        """Fill the form with a need as it is."""
        plain = ("text", "quantity", "unit", "budget_low", "budget_high", "deliver_by", "valid_until")
        for name in plain:
            self[name].data = getattr(need, name)
        self.kind.data, self.visibility.data = need.kind.value, need.visibility.value
        self.hard_conditions.data = "\n".join(need.hard_conditions)
        self.soft_conditions.data = "\n".join(need.soft_conditions)
        self.show_segment(need.segment)
        self.seen_version.data = str(need.version)

    @property
    def need_kind(self) -> NeedKind:
        """The kind chosen."""
        return NeedKind(self.kind.data)

    @property
    def need_visibility(self) -> NeedVisibility:
        """The readers chosen."""
        return NeedVisibility(self.visibility.data)


class LikenessForm(Form):
    """Whether two firms are one, and if so whose registration goes on."""

    verdict = HiddenField(validators=[AnyOf([verdict.value for verdict in Verdict if verdict is not Verdict.OPEN])])
    survivor = HiddenField()


class ReasonForm(Form):
    """Why a firm is to correct something or is suspended."""

    reason = TextAreaField(_("原因"), [DataRequired(), Length(max=400)])


class CloseForm(Form):
    """How a need ended."""

    outcome = RadioField(
        _("这条需求怎样结束"),
        [InputRequired()],
        choices=[SelectChoice("met", _("已满足")), SelectChoice("unmet", _("未满足，不再寻找"))],
        default="met",
    )
    reason = TextAreaField(_("未满足的原因"), [Optional(), Length(max=400)])
