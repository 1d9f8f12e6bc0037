"""The demonstration province: coined enterprises and a coined year, deterministic by seed.

`build_province(seed, today)` is pure: plain values out, no database, no clock. Every firm, person and
amount is made up; every credit code is a sample code that cannot belong to anyone.
"""
