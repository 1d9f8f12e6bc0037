"""Totals against targets, each opening down to its rows."""
