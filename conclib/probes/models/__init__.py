"""Who schedules a thread: programs with many tasks are run, and Linux is asked from outside."""
