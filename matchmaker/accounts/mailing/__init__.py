"""Where a person is sent mail: at the address they typed, once whoever reads it has confirmed it, and nowhere else.

The one letter to an address that is not confirmed is the one that asks.
"""
