"""Faults of the student's files."""

FAULTS = []
