"""Probes of a process's life: begun, frozen, ended, left behind; and what is kept of it meanwhile."""
