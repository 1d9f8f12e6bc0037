"""Months that close: what waits, what was said of them at their freezing, and what has changed since."""
