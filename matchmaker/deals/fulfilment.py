"""How much may be delivered under a contract before somebody looks at it."""

from __future__ import annotations

ALLOWED = (11, 10)  # eleven tenths are usual: weights and prices are settled at the end


def goes_beyond(contract: int | None, delivered: int) -> bool:
    """Whether what was delivered in all is more than a contract allows; without a contract nothing is."""
    return contract is not None and delivered * ALLOWED[1] > contract * ALLOWED[0]


def within(contract: int | None, delivered: int) -> int:
    """What of the deliveries a total may take before an office looked at what goes beyond the contract."""
    return (
        contract * ALLOWED[0] // ALLOWED[1] if contract is not None and goes_beyond(contract, delivered) else delivered
    )
