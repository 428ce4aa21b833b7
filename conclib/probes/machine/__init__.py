"""The machine itself: what works on it, how steady it is, and what small operations cost."""
