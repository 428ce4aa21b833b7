"""What the experiments of chapter 06's quiz show: as a rule, and where they do not tell."""

from typing import Any

from conclib.results import Observation
from tests.made_up import HOST, RUNTIME

FOUR = [f"process {number}" for number in range(1, 5)]


def told(probe: str, **facts: Any) -> Observation:
    """Return a made-up observation."""
    return Observation(probe, "t", {}, HOST, RUNTIME, facts)


def listed(*there: bool) -> Observation:
    """Return whom Linux still lists."""
    return told("crash", exists=dict(zip(FOUR, there, strict=True)))


def stopped(*letters: str) -> Observation:
    """Return who of eight hearts stopped for a while."""
    fates = {each: "stop, then go on" if each in letters else "go on" for each in "ABCDEFGH"}
    return told("hearts", fates=fates)


def twelve(refused: int, missing: int = 1) -> dict[str, Observation]:
    """Return how many tasks were refused by an executor, and not answered by a pool."""
    return {"executor": told("twelve_tasks", refused=refused),
            "Pool": told("twelve_tasks", missing=missing)}  # fmt: skip


# For each wrong answer of each question: a typical result, and one that does not speak against it.
SHOWN = {
    ("uncaught-thread", "b"): (told("crash", parent_saw=["process: exit status 0"]),
                               told("crash", parent_saw=["process: exit status 1"])),
    ("uncaught-thread", "c"): (told("crash", others="go on"), told("crash", others="end too")),
    ("why-all-end", "a"): (told("crash", others="end too"), told("crash", others="go on")),
    ("why-all-end", "c"): (told("hearts", spoke=0), told("hearts", spoke=8)),
    ("four-flat", "a"): (listed(True, True, True, True), listed(True, False, True, True)),
    ("four-flat", "b"): (stopped("C"), stopped("A", "C", "D", "G")),
    ("killed-in-with", "a"): (told("crash", others="stand still"), told("crash", others="go on")),
    ("killed-in-with", "c"): (told("pool_killed", numbers=[0] * 10),
                              told("pool_killed", numbers=[0] * 9 + [1])),
    ("executor-breaks", "b"): (twelve(8), twelve(1)),
    ("executor-breaks", "c"): (told("twelve_tasks", most_starts=1),
                               told("twelve_tasks", most_starts=2)),
}  # fmt: skip
