"""Threading models: who schedules a task, and what follows from that."""
