"""Schedules that are really run: somebody's own, and Linux's beside it."""
