"""What the experiments of chapter 00's quiz show: as a rule, and where they do not tell."""

from conclib.results import Measurements
from tests.made_up import around, measurement

STEADY, BASE = [9.0] * 40, (9.0,)


def one(label, *runs, **fields):
    """Return the result of ``measure``, which is labelled with the probe's name."""
    return Measurements({label: measurement(*runs, probe=label, **fields)})


def processes(*costs):
    items = {f"process {n}": around(cost, 0.005) for n, cost in enumerate(costs, 1)}
    return Measurements(items)


def twice(first, second):
    return Measurements({"the first": around(first, 0.05), "the second": around(second, 0.05)})


def starts(spread):
    values = [40_000 + spread * step / 39 for step in range(40)]
    return one("python_thread", values, baseline=(60.0,))


def nothing(raw):
    return Measurements({
        "nothing": measurement([raw] * 20, baseline=(raw,)), "a function call": around(12.0)
    })  # fmt: skip


# For each wrong answer of each question: a typical result, and one that does not speak against it.
SHOWN = {
    ("one-number", "a"): (twice(140, 142), twice(145, 100)),
    ("one-number", "b"): (starts(16_000), starts(100)),
    ("subtract", "b"): (nothing(8.1), nothing(0.1)),
    ("subtract", "c"): (
        one("empty", STEADY, baseline=BASE),
        one("empty", [9.0] * 20 + [1.0] * 20, baseline=BASE),
    ),
    ("min-or-median", "a"): (
        one("copy_1mb", [18_000.0 + step for step in range(40)]),
        one("copy_1mb", [900.0] + [18_000.0] * 39),
    ),
    ("min-or-median", "c"): (
        one("system_call", [160.0 + step for step in range(20)]),
        one("system_call", STEADY),
    ),
    ("fresh-workers", "b"): (
        processes(11.5, 12.4, 11.4, 11.5),
        processes(11.4, 11.41, 11.42, 11.4),
    ),
    ("fresh-workers", "c"): (one("function_call", [20.0] * 50), one("function_call", [20.0] * 6)),
}
