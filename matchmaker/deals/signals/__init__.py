"""Which deals are worth a second look, and by which rule.

Plain values in, findings out: no database, no clock. A finding is a question for a person and
says nothing about anybody's intent; it never changes what counts. Each rule is one module, and
its thresholds are that module's named values.
"""

from matchmaker.deals.signals.looking import findings_of
from matchmaker.deals.signals.values import DealLine, Finding, FirmLine, Ledger, Report, Rule

__all__ = ["DealLine", "Finding", "FirmLine", "Ledger", "Report", "Rule", "findings_of"]
