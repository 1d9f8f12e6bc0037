"""Measured comparisons of our engines with what people use instead."""
