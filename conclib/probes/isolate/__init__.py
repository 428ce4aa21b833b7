"""Isolation: what one process can reach of another's memory, and what one thread can of another's."""
