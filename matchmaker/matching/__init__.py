"""Suggested partners, with the evidence that is their computation."""
