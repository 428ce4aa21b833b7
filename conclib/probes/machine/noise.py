"""How steady is this machine? The same small piece of work, timed again and again.

The work is the same each time, so a machine on which nothing else happened would take the same
time each time. What exceeds the fastest round is noise: other programs, interrupts, the host of a
virtual machine, a processor that changes its speed.
"""

from time import get_clock_info, perf_counter_ns

PROBE = {
    "name": "noise",
    "title": "The same work, again and again",
    "times": "nothing: it reports how long each round took",
    "unit": "facts",
    "facts": {
        "rounds_ns": "list[int]",
        "clock": "str",
        "resolution_ns": "float",
        "step_ns": "int",
    },
    "params": {
        "rounds": {
            "type": "int",
            "default": 400,
            "min": 20,
            "max": 5000,
            "unit": "rounds",
            "help": "how often the same work is done",
        },
    },
    "baseline": "none",
    "needs": [],
}


def work():
    total = 0
    for number in range(5000):
        total += number
    return total


def resolution():
    """The smallest step that the clock was seen to make, in ns."""
    steps = []
    for _ in range(200):
        first = later = perf_counter_ns()
        while later == first:
            later = perf_counter_ns()
        steps.append(later - first)
    return min(steps)


def report(params):
    rounds = []
    for _ in range(params["rounds"]):
        start = perf_counter_ns()
        work()
        rounds.append(perf_counter_ns() - start)
    clock = get_clock_info("perf_counter")
    return {
        "rounds_ns": rounds,
        "clock": clock.implementation,
        "resolution_ns": clock.resolution * 1e9,
        "step_ns": resolution(),
    }
