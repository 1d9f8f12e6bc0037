"""Turn the research data of listed companies into a workbook that `matchmaker import` takes.

    python -m benchmarks.listed_companies COMPANIES.json.gz OUT.xlsx

The data names no credit codes, so every firm gets a sample code made of its stock code; it goes in
only where sample codes are allowed. The data names no place either: a firm whose name begins with one
is put there, any other under 省外（未详）.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matchmaker.imports.columns import CAPABILITIES, ENTERPRISES, SheetSpec
from matchmaker.imports.template import write_filled
from matchmaker.reference import UNSPECIFIED_OUTSIDE_CODE, regions
from matchmaker.text import fold

# The cities that firms are named after, by province; places of our own province come from the reference data.
_CITIES = {
    "河北省": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水",
    "山西省": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古自治区": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 锡林郭勒",
    "辽宁省": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛",
    "吉林省": "长春 四平 辽源 通化 白山 松原 延边",
    "黑龙江省": "哈尔滨 齐齐哈尔 鸡西 鹤岗 大庆 佳木斯 牡丹江 黑河",
    "江苏省": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山 江阴 张家港 常熟",
    "浙江省": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 海宁",
    "安徽省": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 宣城",
    "福建省": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德",
    "江西省": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 宜春 上饶",
    "山东省": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
    "河南省": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店",
    "湖南省": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底",
    "广东省": "广州 深圳 珠海 汕头 韶关 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 阳江 清远 东莞 中山 潮州 揭阳",
    "广西壮族自治区": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色",
    "海南省": "海口 三亚",
    "四川省": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 雅安",
    "贵州省": "贵阳 六盘水 遵义 安顺",
    "云南省": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧",
    "西藏自治区": "拉萨",
    "陕西省": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康",
    "甘肃省": "兰州 嘉峪关 金昌 白银 天水 武威 酒泉",
    "青海省": "西宁 格尔木",
    "宁夏回族自治区": "银川 石嘴山 吴忠 中卫",
    "新疆维吾尔自治区": "乌鲁木齐 克拉玛依 伊犁 石河子 喀什",
}


@dataclass(frozen=True, slots=True)
class Company:
    """One listed company with its product lines, each once."""

    stock_code: str
    name: str
    full_name: str
    products: tuple[str, ...]

    @property
    def code(self) -> str:
        """Its sample code: eighteen characters, the same in every run."""
        return f"DEMO{self.stock_code:0>14}"


def read_companies(path: Path) -> list[Company]:
    """The companies in the order of the data."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [_company(item) for item in json.load(file)]


def _company(item: dict[str, Any]) -> Company:
    lines = {fold(line): line.strip() for line, _share in reversed(item["products"]) if line.strip()}
    return Company(item["id"], item["name"], item["fullname"] or item["name"], tuple(reversed(lines.values())))


def places() -> dict[str, str]:
    """By the beginning of a name, the place it tells; longer beginnings first."""
    names = {region.name: region.code for region in regions()}
    told = {city: names[province] for province, cities in _CITIES.items() for city in cities.split()}
    inside = [region for region in regions() if region.code != UNSPECIFIED_OUTSIDE_CODE and region.level != "county"]
    told |= {name: region.code for region in inside for name in (region.short, region.name)}
    return dict(sorted(told.items(), key=lambda place: -len(place[0])))


def place_of(company: Company, told: dict[str, str]) -> str:
    """The region code that the full name, or else the short one, begins with."""
    for name in (company.full_name.removeprefix("中国"), company.name):
        for beginning, code in told.items():
            if name.startswith(beginning):
                return code
    return UNSPECIFIED_OUTSIDE_CODE


def _in_order(spec: SheetSpec, **values: str) -> list[str]:
    return [values.get(column.key, "") for column in spec.columns]


def enterprise_rows(companies: list[Company]) -> Iterator[list[str]]:
    """A row of 企业 for each company."""
    told = places()
    for company in companies:
        yield _in_order(
            ENTERPRISES,
            code=company.code,
            name=company.full_name,
            short_name=company.name,
            region_code=place_of(company, told),
            kind="银行" if "银行" in company.full_name else "企业",
        )


def capability_rows(companies: list[Company]) -> Iterator[list[str]]:
    """A row of 供给能力 for each product line."""
    for company in companies:
        for product in company.products:
            yield _in_order(CAPABILITIES, code=company.code, product=product)


def main() -> None:
    """Convert the file named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("companies", type=Path, metavar="COMPANIES.json.gz")
    parser.add_argument("out", type=Path, metavar="OUT.xlsx")
    arguments = parser.parse_args()
    companies = read_companies(arguments.companies)
    write_filled(arguments.out, [(ENTERPRISES, enterprise_rows(companies)), (CAPABILITIES, capability_rows(companies))])
    lines = sum(len(company.products) for company in companies)
    print(f"{arguments.out}: {len(companies)} enterprises, {lines} capabilities")


if __name__ == "__main__":
    main()
