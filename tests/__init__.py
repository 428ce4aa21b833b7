"""The tests. ``python -m tests.run`` (``make test``) runs them all."""
