"""What does measuring itself cost? A body that does nothing.

Whatever comes out above the baseline here is the price of our own loop, and so the smallest time
that this way of measuring can see.
"""

PROBE = {
    "name": "empty",
    "title": "An empty body",
    "times": "calling an empty body once: the overhead of measuring",
    "unit": "ns",
    "params": {},
    "baseline": "the same empty body",
    "needs": [],
}


def body(state, loops):
    for _ in range(loops):
        pass


def baseline(state, loops):
    for _ in range(loops):
        pass
