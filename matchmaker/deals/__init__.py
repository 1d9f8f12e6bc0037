"""Intents, contracts and deliveries between two enterprises, and how they are counted."""
