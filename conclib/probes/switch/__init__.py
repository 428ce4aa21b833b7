"""Switches: from one task to the next, within a program and by Linux."""
