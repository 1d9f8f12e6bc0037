"""Supply-chain matchmaking for a province: from what a firm makes to a total that can be audited."""

__version__ = "0.1.0"
