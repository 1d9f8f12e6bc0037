"""Backup, restore, verify, doctor."""
