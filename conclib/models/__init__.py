"""Threading models: programs in which a runtime schedules its tasks, found or built to be run."""
