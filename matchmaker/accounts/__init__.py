"""People, roles, memberships, sign-in, and the sealed record of who did what."""
