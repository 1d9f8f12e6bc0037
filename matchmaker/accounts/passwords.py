"""Passwords: Argon2id, and the same time spent whether or not the person exists."""

from __future__ import annotations

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's second Argon2id setting
SHORTEST, LONGEST = 8, 128


def hash_password(password: str) -> str:
    """The stored form of a password."""
    return _hasher.hash(password)


def is_password(stored: str | None, password: str) -> bool:
    """Whether the password matches; with nothing stored, equally slow and always no."""
    try:
        password.encode()
        matches = _hasher.verify(stored or _dummy(), password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return matches and stored is not None


@functools.cache
def _dummy() -> str:
    return _hasher.hash("nobody has this password")
