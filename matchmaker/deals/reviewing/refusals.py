"""The refusals of a second look."""

from __future__ import annotations

from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _


class ExplanationMissing(RuleViolation):
    """A finding is explained in words or not at all."""

    template = _("“有说明”须写明说明的内容。")
