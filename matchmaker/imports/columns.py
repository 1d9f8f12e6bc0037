"""The columns of the import workbook, stated once for template, checker, annotated copy and export."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from matchmaker.i18n import lazy as _

Choices = tuple[tuple[str, str], ...]  # stored value, word in the workbook

ENTERPRISE_KINDS: Choices = (
    ("enterprise", "企业"),
    ("institution", "科研院所"),
    ("university", "高校"),
    ("bank", "银行"),
    ("association", "协会"),
)
ENTERPRISE_SIZES: Choices = (("large", "大型"), ("medium", "中型"), ("small", "小型"), ("micro", "微型"))
PERIODS: Choices = (("year", "年"), ("month", "月"), ("day", "日"))
NEED_KINDS: Choices = (
    ("purchase", "采购"),
    ("outsourcing", "外协"),
    ("technology", "技术"),
    ("equipment", "设备更新"),
    ("financing", "融资"),
    ("talent", "人才"),
    ("by_product", "副产物"),
)
VISIBILITIES: Choices = (("public", "公开"), ("matched", "仅匹配方"), ("organisers", "仅组织方"))

REASON_TITLE = "原因"
IGNORED_SHEETS = ("填写说明", "选项")
_BLANKS = re.compile(r"[\s*\u200b\ufeff]")


class Kind(StrEnum):
    """What a column's cells hold, and therefore how they are read."""

    CODE = "code"
    TEXT = "text"
    TEXTS = "texts"
    REGION = "region"
    SEGMENT = "segment"
    INDUSTRY = "industry"
    CHOICE = "choice"
    AMOUNT = "amount"  # typed in 万元, kept in yuan
    QUANTITY = "quantity"
    POSITIVE = "positive"
    WHOLE = "whole"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` is the field it fills, `title` its header with the unit.

    default: the stored value of an empty CHOICE cell. most: longest text, or largest whole number.
    """

    key: str
    title: str
    kind: Kind
    help: object
    example: str = ""
    required: bool = False
    choices: Choices = ()
    default: str | None = None
    most: int = 200
    aliases: tuple[str, ...] = ()
    width: int = 14


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet of the template."""

    key: str
    name: str
    columns: tuple[Column, ...]
    help: object

    @property
    def titles(self) -> tuple[str, ...]:
        """The headers in the template's order."""
        return tuple(column.title for column in self.columns)


def header_key(text: str) -> str:
    """A header as compared: width of brackets, blanks, case and the star of required columns do not matter."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


_CODE = Column(
    "code",
    "信用代码",
    Kind.CODE,
    _("18 位统一社会信用代码。单元格须为文本格式，否则末几位会丢失。"),
    required=True,
    aliases=("统一社会信用代码", "社会信用代码"),
    width=22,
)
_SEGMENT_HELP = _("产业链环节的名称或编号；重名时写作“产业链/环节”。可留空，由系统按文字提出建议。")

ENTERPRISES = SheetSpec(
    "enterprises",
    "企业",
    (
        _CODE,
        Column(
            "name",
            "企业名称",
            Kind.TEXT,
            _("营业执照上的全称。"),
            "襄阳某某模具有限公司",
            required=True,
            width=32,
            aliases=("单位名称", "名称"),
        ),
        Column("short_name", "简称", Kind.TEXT, _("常用简称。"), "某某模具", most=60),
        Column("former_names", "曾用名", Kind.TEXTS, _("多个曾用名用“；”分隔。"), width=20),
        Column(
            "region_code",
            "地区",
            Kind.REGION,
            _("县（市、区）或市州的名称或代码；省外写省名，国外写“境外”。"),
            "襄阳市樊城区",
            required=True,
            width=20,
        ),
        Column("industry_code", "行业代码", Kind.INDUSTRY, _("国民经济行业分类（GB/T 4754）代码。"), "3525"),
        Column("kind", "类型", Kind.CHOICE, _("新登记的留空按“企业”。"), "企业", choices=ENTERPRISE_KINDS),
        Column("size", "规模", Kind.CHOICE, _("大型、中型、小型或微型。"), "小型", choices=ENTERPRISE_SIZES),
        Column(
            "last_year_revenue",
            "上年营收（万元）",
            Kind.AMOUNT,
            _("单位是万元，只填数字，最多四位小数。"),
            "5280",
            width=18,
        ),
        Column("legal_representative", "法定代表人", Kind.TEXT, _("姓名。"), most=60),
        Column(
            "products", "主要产品", Kind.TEXTS, _("多个产品用“；”分隔。"), "注塑模具；压铸模具", most=2000, width=40
        ),
    ),
    _("每家企业一行，以信用代码为准；已登记的企业会更新为本表内容，留空的格不改动。"),
)

CAPABILITIES = SheetSpec(
    "capabilities",
    "供给能力",
    (
        _CODE,
        Column(
            "product",
            "产品或工艺",
            Kind.TEXT,
            _("一行写一种产品或工艺。"),
            "汽车保险杠注塑模具",
            required=True,
            width=32,
        ),
        Column("segment_code", "环节", Kind.SEGMENT, _SEGMENT_HELP, width=24),
        Column("material", "材料", Kind.TEXT, _("主要材料及牌号。"), "P20 模具钢", width=20),
        Column("spec", "规格", Kind.TEXT, _("尺寸、精度、吨位等。"), "最大 2500 t 机台", most=500, width=24),
        Column("capacity", "产能", Kind.QUANTITY, _("只填数字，单位写在下一列。"), "120"),
        Column("capacity_unit", "产能单位", Kind.TEXT, _("件、套、吨等。"), "套", most=20, width=10),
        Column(
            "capacity_period", "产能周期", Kind.CHOICE, _("年、月或日。"), "年", choices=PERIODS, default="", width=10
        ),
        Column("spare", "余量", Kind.QUANTITY, _("目前可接单的数量，单位、周期与产能相同。"), "30"),
        Column("lead_days", "交期（天）", Kind.WHOLE, _("接单到交货的天数，整数。"), "45", most=3650),
        Column(
            "certificates",
            "资质证书",
            Kind.TEXTS,
            _("多个证书用“；”分隔。"),
            "IATF 16949；ISO 9001",
            most=500,
            width=24,
        ),
        Column(
            "radius_km", "服务半径（公里）", Kind.WHOLE, _("愿意供货的最远距离，整数。"), "500", most=20_000, width=18
        ),
    ),
    _("每行一种产品或工艺；企业须在“企业”表中或已登记。"),
)

NEEDS = SheetSpec(
    "needs",
    "需求",
    (
        _CODE,
        Column(
            "kind",
            "需求类型",
            Kind.CHOICE,
            _("采购、外协、技术、设备更新、融资、人才或副产物。"),
            "采购",
            required=True,
            choices=NEED_KINDS,
        ),
        Column(
            "text",
            "需求内容",
            Kind.TEXT,
            _("要什么、用在哪里、关键指标。"),
            "6061 铝合金电池托盘压铸件",
            required=True,
            most=1000,
            width=40,
        ),
        Column("segment_code", "环节", Kind.SEGMENT, _SEGMENT_HELP, width=24),
        Column("quantity", "数量", Kind.POSITIVE, _("只填数字，大于 0，单位写在下一列。"), "20000"),
        Column("unit", "单位", Kind.TEXT, _("件、套、吨等。"), "件", most=20, width=10),
        Column(
            "budget_low", "预算下限（万元）", Kind.AMOUNT, _("单位是万元，只填数字，最多四位小数。"), "800", width=18
        ),
        Column("budget_high", "预算上限（万元）", Kind.AMOUNT, _("单位是万元，不低于下限。"), "1000", width=18),
        Column("deliver_by", "交付日期", Kind.DATE, _("日期，如 2024-05-31。"), "2024-09-30"),
        Column(
            "hard_conditions",
            "硬性条件",
            Kind.TEXTS,
            _("必须满足的条件，用“；”分隔。"),
            "IATF 16949",
            most=1000,
            width=24,
        ),
        Column(
            "soft_conditions",
            "期望条件",
            Kind.TEXTS,
            _("最好满足的条件，用“；”分隔。"),
            "省内优先",
            most=1000,
            width=24,
        ),
        Column("visibility", "可见范围", Kind.CHOICE, _("新需求留空按“公开”。"), "公开", choices=VISIBILITIES),
        Column("valid_until", "有效期至", Kind.DATE, _("日期，如 2024-12-31。"), "2024-12-31"),
    ),
    _("每行一项需求；企业须在“企业”表中或已登记。"),
)

SHEETS = (ENTERPRISES, CAPABILITIES, NEEDS)
