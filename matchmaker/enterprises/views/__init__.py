"""The pages of the registers and of the chains."""

from matchmaker.enterprises.views import (
    capabilities,
    chains,
    closing,
    duplicates,
    exporting,
    needs,
    proposing,
    reading,
    register,
    registering,
    showing,
    stating,
)
from matchmaker.enterprises.views.blueprint import bp, chain_bp

blueprints = (chain_bp,)

__all__ = [
    "blueprints",
    "bp",
    "capabilities",
    "chains",
    "closing",
    "duplicates",
    "exporting",
    "needs",
    "proposing",
    "reading",
    "register",
    "registering",
    "showing",
    "stating",
]
