"""Measured comparisons and the adapters through which they ask the product's own engines."""
