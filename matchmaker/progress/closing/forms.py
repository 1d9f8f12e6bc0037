"""What is typed when a month closes: nothing but the version it was looked at in."""

from __future__ import annotations

from matchmaker.web.forms import Form


class MonthForm(Form):
    """One step of closing a month; `seen` is the version of the month the step was decided on."""
