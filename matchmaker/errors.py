"""The refusals of the business, each named after the rule that was broken."""

from __future__ import annotations

from typing import ClassVar

from matchmaker.i18n import lazy as _


class RuleViolation(Exception):
    """Base of every refusal a person can answer; `message` is shown to them as it is."""

    template: ClassVar[object] = _("这一步现在不能办理。")
    status: ClassVar[int] = 422

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(type(self).__name__, values)

    @property
    def message(self) -> str:
        """The sentence for the page, in the reader's language."""
        text = str(self.template)
        return text.format(**self.values) if self.values else text

    def __str__(self) -> str:
        return self.message


class NotAllowed(RuleViolation):
    """The person may see the thing but may not do this to it."""

    template = _("您没有办理这一步的权限。请联系本单位管理员，或换用有权限的账号。")
    status = 403


class Stale(RuleViolation):
    """Somebody else changed the row after this person opened it."""

    template = _("这条记录已被他人修改。您填写的内容还在，请核对最新内容后再保存。")
    status = 409
