"""What the experiments of chapter 04's quiz show: as a rule, and where they do not tell."""

from conclib.results import Measurements
from tests.made_up import around, twice_forked


def pair(*labels, spread=0.05):
    """Return a function that makes two results with these labels."""

    def made(*costs):
        items = {label: around(cost, spread) for label, cost in zip(labels, costs, strict=True)}
        return Measurements(items)

    return made


ONCE = twice_forked(["two"], "parent", "child", "parent")
FROM_THE_TOP = twice_forked(["one", "two"], "parent", "parent", "child", "child")
MEMORY = pair("little memory", "256 MB more, shared")
PARENTS = pair("small parent", "big parent")
SPAWNED = pair("small parent", "big parent", spread=0.8)  # noisy: the mean tells all the same
POOLED = pair("a task for a pool", "posix_spawn")
RATIOS = pair("thread", "fork, small parent", "fork, big parent")
SLEEPING = pair("without a child", "while a child sleeps")
AGAIN = pair("without a child", "while a child is there", spread=0.3)

# For each wrong answer of each question: a typical result, and one that does not speak against it.
SHOWN = {
    ("twice", "a"): (ONCE, FROM_THE_TOP),
    ("twice", "b"): (ONCE, FROM_THE_TOP),
    ("big-parent", "b"): (MEMORY(150_000, 152_000), MEMORY(150_000, 12_000_000)),
    ("big-parent", "c"): (PARENTS(147_000, 7_000_000), PARENTS(147_000, 150_000)),
    ("spawn-flat", "a"): (SPAWNED(515_000, 509_000), SPAWNED(515_000, 25_000_000)),
    ("spawn-flat", "c"): (POOLED(88_000, 500_000), POOLED(88_000, 90_000)),
    ("hundred", "a"): (RATIOS(16_000, 378_000, 15e6), RATIOS(16_000, 378_000, 380_000)),
    ("hundred", "b"): (RATIOS(16_000, 360_000, 14e6), RATIOS(16_000, 360_000, 350_000)),
    ("later", "a"): (SLEEPING(30_000, 7_900_000), SLEEPING(30_000, 31_000)),
    ("later", "c"): (AGAIN(15_000, 13_000), AGAIN(15_000, 3_900_000)),
}
