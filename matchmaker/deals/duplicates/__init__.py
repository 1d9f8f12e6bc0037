"""Deals that may be one handshake told more than once (R6): they are found, a person decides, and it can be undone.

`clustering` is pure computation; what it finds is kept as pairs, and nothing is ever merged by it.
"""
