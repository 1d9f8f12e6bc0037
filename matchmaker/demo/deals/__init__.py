"""The year's deals, each with every statement made about it."""

from matchmaker.demo.deals.ledger import Scene, build_deals

__all__ = ["Scene", "build_deals"]
