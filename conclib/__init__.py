"""conclib."""
