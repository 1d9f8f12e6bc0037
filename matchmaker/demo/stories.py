"""Stories worth showing, by the constants that find them, and the two firms whose accounts tell most of them.

Tests, the guide and the demonstration itself find each story by its constant; nothing else is written by hand.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from matchmaker.demo.calendar import moment
from matchmaker.demo.records import DemoBadge, DemoCapability, DemoEnterprise, DemoNeed

MOULD_MAKER_CODE: Final = "DEMO42060000012K7A"
BUYER_CODE: Final = "DEMO42010000013C4W"
MOULD_MAKER: Final = "襄阳恒昌模具有限公司"
BUYER: Final = "楚风商用车股份有限公司"

SINGLE_SOURCE_SEGMENT: Final = "battery.sep"  # exactly one registered supplier
GAP_SEGMENT: Final = "battery.cool"  # needs at least twice the suppliers
EMPTY_SEGMENT: Final = "display.oledmat"  # nobody in the register supplies it
GAP_SUPPLIERS: Final = 3
GAP_NEEDS: Final = 12

UNMET_NEED_KEY: Final = 1  # nobody in the register offers what it asks for
BUYER_NEED_KEY: Final = 2  # the mould maker's capability answers it
MOULD_CAPABILITY_KEY: Final = 1

TODAY_EVENT: Final = "demo-today"  # both demo firms are registered; its timetable is not made yet
SMALL_EVENT: Final = "demo-small"  # approved, yet too few enterprises came
ONE_SIDED_EVENT: Final = "demo-one-sided"  # approved, yet only sellers came
MAIN_STAGE_EVENT: Final = "demo-main"  # a main stage without its own matching, with special events under it

DUPLICATE_DEAL: Final = "demo-duplicate"
ORIGINAL_DEAL: Final = "demo-original"
DISPUTED_DEAL: Final = "demo-disputed"
LATE_DEAL: Final = "demo-late"
HELD_DEAL: Final = "demo-held"
RELATED_DEAL: Final = "demo-related"
ANSWER_DEAL: Final = "demo-to-answer"  # declared by the buyer, waiting for the mould maker's answer

_WAN: Final = 10_000


def demo_firms(year: int) -> tuple[DemoEnterprise, DemoEnterprise]:
    """The mould maker and the buyer, as registered before the year began."""
    since = moment(date(year - 1, 12, 3), 9, 20)
    mould_maker = DemoEnterprise(
        credit_code=MOULD_MAKER_CODE,
        name=MOULD_MAKER,
        short_name="恒昌模具",
        former_names=("襄樊恒昌模具厂",),
        region="420607",
        industry="3525",
        kind="enterprise",
        size="small",
        last_year_revenue=4_120 * _WAN,
        legal_representative="张砺川",
        parent_code=None,
        state="verified",
        segments=("auto.mould",),
        badges=(DemoBadge("专精特新", "省经信厅（演示）", date(year - 1, 8, 1), date(year + 2, 7, 31)),),
        created_at=since,
        updated_at=since,
    )
    buyer = DemoEnterprise(
        credit_code=BUYER_CODE,
        name=BUYER,
        short_name="楚风商用车",
        former_names=(),
        region="420113",
        industry="3611",
        kind="enterprise",
        size="large",
        last_year_revenue=1_864_000 * _WAN,
        legal_representative="汪泽远",
        parent_code=None,
        state="verified",
        segments=("auto.cv", "auto.special"),
        badges=(DemoBadge("链主", "省经信厅（演示）", date(year, 1, 15), None),),
        created_at=since,
        updated_at=since,
    )
    return mould_maker, buyer


def demo_capabilities(year: int) -> tuple[DemoCapability, ...]:
    """What the mould maker offers."""
    since = moment(date(year - 1, 12, 5), 10, 5)
    return (
        DemoCapability(
            key=MOULD_CAPABILITY_KEY,
            enterprise=MOULD_MAKER_CODE,
            segment="auto.mould",
            product="铝合金压铸模设计与制造",
            material="H13、8407",
            spec="适配机台 800–1,600T，壁厚 2.8 mm 起",
            capacity=60,
            capacity_unit="套",
            capacity_period="year",
            spare=18,
            lead_days=75,
            certificates=("IATF16949", "ISO9001"),
            radius_km=800,
            state="evidenced",
            created_at=since,
            updated_at=since,
        ),
        DemoCapability(
            key=2,
            enterprise=MOULD_MAKER_CODE,
            segment="auto.mould",
            product="压铸模具维修与备件",
            material="",
            spec="型芯、镶块、滑块修复，48 小时响应",
            capacity=240,
            capacity_unit="副",
            capacity_period="year",
            spare=60,
            lead_days=10,
            certificates=("ISO9001",),
            radius_km=400,
            state="stated",
            created_at=since,
            updated_at=since,
        ),
    )


def demo_needs(today: date) -> tuple[DemoNeed, ...]:
    """The need nobody answers, and the one the mould maker can."""
    asked = moment(today - timedelta(days=24), 14, 10)
    return (
        DemoNeed(
            key=UNMET_NEED_KEY,
            enterprise=BUYER_CODE,
            kind="purchase",
            segment=EMPTY_SEGMENT,
            text="车载柔性屏用 OLED 蓝光主体材料，纯度≥99.95%，升华后供货",
            quantity=120,
            unit="千克",
            budget_low=360 * _WAN,
            budget_high=480 * _WAN,
            deliver_by=today + timedelta(days=150),
            hard_conditions=("供货地在湖北省内", "可提供小试样品"),
            soft_conditions=("ISO9001",),
            visibility="public",
            valid_until=today + timedelta(days=120),
            state="published",
            reason="",
            created_at=asked,
            updated_at=asked,
        ),
        DemoNeed(
            key=BUYER_NEED_KEY,
            enterprise=BUYER_CODE,
            kind="purchase",
            segment="auto.mould",
            text="铝合金变速箱壳体压铸模，适配机台 1,250T，壁厚 3.5 mm",
            quantity=12,
            unit="套",
            budget_low=2_400 * _WAN,
            budget_high=3_200 * _WAN,
            deliver_by=today + timedelta(days=132),
            hard_conditions=("交货地在湖北省内", "可出具 3D 流道与模流分析报告", "IATF16949"),
            soft_conditions=("适配机台 1,250T",),
            visibility="matched",
            valid_until=today + timedelta(days=75),
            state="published",
            reason="",
            created_at=asked,
            updated_at=asked,
        ),
    )
