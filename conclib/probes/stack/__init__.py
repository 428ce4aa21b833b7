"""Each thread has a stack of its own: where it lies, what is in it, and who can reach it."""
