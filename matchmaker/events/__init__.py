"""Matchmaking events: registration, approval and check-in."""
