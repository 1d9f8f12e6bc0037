"""Words that say how a firm deals in something, and lines that say little of what it makes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from matchmaker.chains.classifying import SegmentClassifier, product_stem
from matchmaker.text import fold

_SIDE_BUSINESS: Final = 0.15
SERVICE: Final = 0.35  # what a maker of goods also does for others; for a firm of services it is the business itself
_DEALING: Final = re.compile("^(?:销售|生产|制造|加工|经营|自产|自销|外购|国内|国外|出口|内销|外销|主营)(?=..)[-—:：]?")
_TRADED: Final = "(?:销售|买卖|贸易|零售|批发|业务|收入|服务|经营|管理|业|及服务)*"
_WHOSE: Final = (
    "(?:本企业|自营|自产|自销|代理|备案|范围|上述|各类?|相关|投资|货物|商品|产品|技术|材料|原料"
    "|国内外?|对外|内|海外|佣金|和|及其?|、)*"
)
_SIDE: Final = re.compile(
    "(?:其[他它].*|.*(?:废料|废品|废旧物资|边角料|下脚料|余料|尾料|材料让售|原材料让售).*"
    f"|(?:销售|提供|让售)?(?:商品|物资|材料|原材料|原料|配件|零部件|部件|组件|零件|产品|设备|劳务|服务){_TRADED}"
    f"|(?:国内|国际|大宗|商品|进出口|外购外销)?贸易{_TRADED}"
    f"|{_WHOSE}(?:进出口|出口|进口|外贸|贸易){_WHOSE}{_TRADED}(?:配额许可证|配额招标)?"
    f"|.*(?:租赁|出租|租金|房租|劳务|利息|手续费|佣金|物业|房地产|房产|商品房|保理|证券|期货|银行){_TRADED}"
    f"|(?:技术|咨询|金融|代理|管理|运营|运维|物流|运输|仓储|租赁|(?:精|深|粗|来料|委托|受托|对外)?加工|安装|组装|维修|投资|担保|招标|工程|配套|自产|其余)费?{_TRADED}"
    f"|(?:新能源|新材料|化工|电子|电气|机械|材料|能源|综合){_TRADED})"
)
_SERVICE: Final = re.compile(
    ".*(?:装卸|联运|货运|客运|运输|仓储|物流|堆存|堆场|搬运|配送|中转|码头|航运|港务|服务)(?:及?(?:服务|业务|收入|作业|销售|管理))*"
)
_SPOKEN: Final = {"汽车": "整车", "整车": "整车"}


def worth_of(texts: Iterable[str]) -> Any:
    """For each text how much a line of it says of what its firm makes: all, less for a service, little at the side."""
    return np.array([_worth(text) for text in texts], np.float32)


def _worth(text: str) -> float:
    if _SIDE.fullmatch(text):
        return _SIDE_BUSINESS
    return SERVICE if _SERVICE.fullmatch(text) else 1.0


def product_of(text: str) -> str:
    """What a line deals in, without the words for dealing: 销售汽车 → 汽车, 光缆销售 → 光缆."""
    return product_stem(_DEALING.sub("", fold(text)))


def placed(classifier: SegmentClassifier, texts: Sequence[str]) -> list[tuple[str | None, float]]:
    """The likeliest segment of each text with the confidence; a side business stands in none."""
    products = [product_of(text) for text in texts]
    asked = [product if product in _SPOKEN else text for product, text in zip(products, texts, strict=True)]
    found = classifier.assign(_SPOKEN.get(text, text) for text in asked)
    return [(None, 0.0) if _SIDE.fullmatch(fold(text)) else guess for text, guess in zip(texts, found, strict=True)]
