"""What the experiments of chapter 02's quiz show: as a rule, and where they do not tell."""

from typing import Any

from conclib.results import Observation
from tests.made_up import HOST, RUNTIME


def told(probe: str, **facts: Any) -> Observation:
    """Return a made-up observation."""
    return Observation(probe, "t", {}, HOST, RUNTIME, facts)


def folder(shared: bool | None) -> Observation:
    """Return whether a child shares the current folder."""
    return told("sharing", cells={"working directory": {"child": {"shared": shared}}})


def four(instructions: int | None, values: list[int]) -> Observation:
    """Return four threads that wait at so many addresses, and what was read of their records."""
    return told("four_stacks", addresses={"instruction": instructions}, values=values)


def signed(gate: int, at_once: int) -> dict[str, Observation]:
    """Return in how many orders four threads signed, with a starting line and without."""
    return {"from a starting line": told("order_signed", kinds=gate),
            "each at once": told("order_signed", kinds=at_once)}  # fmt: skip


FOUR = [1111, 2222, 3333, 4444]

# For each wrong answer of each question: a typical result, and one that does not speak against it.
SHOWN = {
    ("read-on", "a"): (told("reads_on", after="IJKL"), told("reads_on", after="EBADF")),
    ("read-on", "b"): (told("reads_on", other="ABCD"), told("reads_on", other="EFGH")),
    ("equal-folders", "b"): (folder(False), folder(True)),
    ("equal-folders", "c"): (folder(False), folder(None)),
    ("four-at-once", "a"): (four(1, FOUR), four(4, FOUR)),
    ("four-at-once", "c"): (four(1, FOUR), four(1, [4444] * 4)),
    ("local-safe", "a"): (told("overwrite_local", found=1000), told("overwrite_local", found=31)),
    ("local-safe", "b"): (told("overwrite_local", found=1000), told("overwrite_local", found=31)),
    ("in-order", "b"): (signed(23, 1), signed(1, 1)),
    ("in-order", "c"): (told("order_signed", rounds=200), told("order_signed", rounds=17)),
}
