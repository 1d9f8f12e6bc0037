"""Alerts in words: what a watch is called, where it leads, and what its news is called."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from matchmaker.i18n import gettext as _
from matchmaker.i18n import lazy, ngettext
from matchmaker.matching.models import Frequency, Watch, WatchKind, WatchSides

_LONGEST = 30

FREQUENCIES = {
    Frequency.AT_ONCE: lazy("有就提醒"),
    Frequency.DAILY: lazy("每天 8 点"),
    Frequency.WEEKLY: lazy("每周一 8 点"),
}
SIDES = {WatchSides.BOTH: lazy("供方和需求"), WatchSides.SUPPLY: lazy("供方"), WatchSides.DEMAND: lazy("需求")}
KINDS = {WatchKind.TEXT: lazy("搜索"), WatchKind.NEED: lazy("我的需求"), WatchKind.CAPABILITY: lazy("我的能力")}


def subject(watch: Watch) -> str:
    """What is watched, on one line."""
    text = watch.need.text if watch.need else watch.capability.product if watch.capability else watch.text or ""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"


def list_path(watch: Watch) -> str:
    """The page with everything that answers a watch."""
    if watch.need is not None:
        return f"/suggestions?need={watch.need.public_id}"
    if watch.capability is not None:
        return f"/suggestions?capability={watch.capability.public_id}"
    return "/search?" + urlencode({"q": watch.text or ""})


def stop_path(watch: Watch) -> str:
    """The page on which its person stops a watch."""
    return f"/alerts/{watch.public_id}/stop"


def headline(watch: Watch, keys: Sequence[str]) -> str:
    """How much news there is: keys of suppliers begin with “firm”, those of needs with “need”."""
    needs = sum(key.startswith("need") for key in keys)
    firms = len(keys) - needs
    name = subject(watch)
    if not needs:
        return str(_("“%(name)s”有 %(firms)s 家新的供方", name=name, firms=firms))
    if not firms:
        return str(_("“%(name)s”有 %(needs)s 条新的需求", name=name, needs=needs))
    return str(_("“%(name)s”有 %(firms)s 家新的供方、%(needs)s 条新的需求", name=name, firms=firms, needs=needs))


def best(name: str, line: str, score: str) -> str:
    """The best of the news in one sentence."""
    return str(_("最相符：%(name)s，%(line)s（匹配分 %(score)s）。", name=name, line=line, score=score))


def letter_subject(headlines: Sequence[str], count: int) -> str:
    """What a letter is called: by its one piece of news, or by how many there are."""
    if len(headlines) == 1:
        return str(_("供应链对接：%(headline)s", headline=headlines[0]))
    return str(ngettext("供应链对接：%(num)s 条新匹配", "供应链对接：%(num)s 条新匹配", count))
