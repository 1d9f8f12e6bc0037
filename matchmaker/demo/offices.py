"""The bureaus of the demonstration and the people who can sign in: two for each role, three officials."""

from __future__ import annotations

from matchmaker.demo import stories
from matchmaker.demo.records import DemoAccount, DemoOffice
from matchmaker.reference import PROVINCE_CODE, regions

PROVINCE_OFFICE = "province"
AUDIT_OFFICE = "audit"
PROPOSES, REVIEWS = "sheng", "shengfuhe"  # the two of the province who close its months


def build_offices() -> tuple[DemoOffice, ...]:
    """The province's office, the auditors, and one office for every prefecture and county; keys are region codes."""
    names = {row.code: row.name for row in regions()}
    local = [
        DemoOffice(row.code, f"{_above(names, row.parent)}{row.name}经信局（演示）", row.level, row.code)
        for row in regions()
        if row.level == "prefecture" or row.level == "county"  # noqa: PLR1714 -- narrows the literal type
    ]
    return (
        DemoOffice(PROVINCE_OFFICE, "湖北省经信厅（演示）", "province", PROVINCE_CODE),
        DemoOffice(AUDIT_OFFICE, "湖北省工业经济核查组（演示）", "province", PROVINCE_CODE),
        *local,
    )


def _above(names: dict[str, str], parent: str | None) -> str:
    return "" if parent in {None, PROVINCE_CODE} else names[str(parent)]


def build_accounts() -> tuple[DemoAccount, ...]:
    """Two accounts for each of the six roles, and a second official of the province: closing a month takes two."""
    return (
        DemoAccount("hengchang", "张工（恒昌模具）", "enterprise", enterprise=stories.MOULD_MAKER_CODE),
        DemoAccount("chufeng", "汪经理（楚风商用车）", "enterprise", enterprise=stories.BUYER_CODE),
        DemoAccount("shiyan", "十堰市承办专员", "organiser", office="420300"),
        DemoAccount("wuhan", "武汉市承办专员", "organiser", office="420100"),
        DemoAccount(PROPOSES, "省级计划专员", "official", office=PROVINCE_OFFICE),
        DemoAccount("xiangyang", "襄阳市计划专员", "official", office="420600"),
        DemoAccount("xiangzhou", "襄州区专员", "county_officer", office="420607"),
        DemoAccount("hannan", "汉南区专员", "county_officer", office="420113"),
        DemoAccount("hecha1", "核查员甲", "auditor", office=AUDIT_OFFICE),
        DemoAccount("hecha2", "核查员乙", "auditor", office=AUDIT_OFFICE),
        DemoAccount("admin1", "系统管理员甲", "administrator", office=PROVINCE_OFFICE),
        DemoAccount("admin2", "系统管理员乙", "administrator", office=PROVINCE_OFFICE),
        DemoAccount(REVIEWS, "省级复核专员", "official", office=PROVINCE_OFFICE),
    )
