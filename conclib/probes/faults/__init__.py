"""Faults: what goes wrong on purpose, and who is hit by it."""
