"""Probes of what tasks share and what each has of its own: files, folders, signals, memory."""
