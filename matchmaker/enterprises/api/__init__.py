"""Enterprises, their capabilities and their needs as JSON."""
