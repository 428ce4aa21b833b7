"""How long is a function call? The first mark of a ruler for what comes later."""

PROBE = {
    "name": "function_call",
    "title": "Call a Python function",
    "times": "calling a Python function that does nothing",
    "unit": "ns",
    "params": {},
    "baseline": "the loop around it",
    "needs": [],
}


def nothing():
    pass


def body(state, loops):
    call = nothing
    for _ in range(loops):
        call()


def baseline(state, loops):
    for _ in range(loops):
        pass
