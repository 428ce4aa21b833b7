"""How much may live at the same time: caps of our own, lowered to what this machine allows.

What a probe takes it declares (``takes.py``). Here that is added over all workers that live now,
and refused, before anything is started, where it would be too much.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from conclib.inspecting import limits
from conclib.lab.probe_files import ProbeInfo, catalogue
from conclib.results.arguments import Params, Value

CAPS = {"processes": 500, "threads": 10_000, "descriptors": 4096, "mb": 1024}
NAMES = {"mb": "MB", "processes": "processes", "threads": "threads", "descriptors": "descriptors"}
OURS = "never more in one lesson"
Wanted = Sequence[tuple[ProbeInfo, Params]]


class Limit(NamedTuple):
    """How much may be taken, and what sets that bound, in words."""

    most: int
    why: str


class TooMuch(ValueError):
    """More would be taken than may be.

    Attributes:
        here: whether it is only here too much; else it is more than any lesson may take.
        why: what sets the bound, in words.
    """

    def __init__(self, text: str, here: bool, why: str) -> None:
        super().__init__(text)
        self.here, self.why = here, why


_live: list[dict[str, int]] = []
_lock = threading.Lock()


def allowed() -> dict[str, Limit]:
    """Return the limit of each resource here and now.

    Of what the machine still has, half: the notebook and everybody else go on growing, too.
    """
    found = {name: Limit(cap, OURS) for name, cap in CAPS.items()}
    for name, free, why in limits.free():
        half = Limit(free // 2, f"{why}, of which a lesson takes no more than half")
        found[name] = min(found[name], half, key=lambda limit: limit.most)
    return found


@contextmanager
def reserved(wanted: Wanted) -> Iterator[None]:
    """Count what these workers take as taken, while the block runs.

    Args:
        wanted: each worker's probe and all of its parameters.

    Raises:
        TooMuch: a ValueError; names parameters, their values, and what is allowed.
    """
    with _lock:
        total = _require(wanted)
        _live.append(total)
    try:
        yield
    finally:
        with _lock:
            _live.remove(total)


def refusal(probe: str, **params: Value) -> TooMuch | None:
    """Return why this would be refused now, or ``None``: for who asks before they start it.

    Args:
        probe: its name; **params: those of its parameters that are not as by default.
    """
    info = catalogue()[probe]
    try:
        with _lock:
            _require([(info, info.complete(params))])
    except TooMuch as refused:
        return refused
    return None


def _require(wanted: Wanted) -> dict[str, int]:
    total = {name: sum(info.taken(params)[name] for info, params in wanted) for name in CAPS}
    if any(total.values()):
        for name, limit in allowed().items():
            _require_one(name, total[name], limit, wanted)
    return total


def _require_one(name: str, more: int, limit: Limit, wanted: Wanted) -> None:
    before = sum(each[name] for each in _live)
    if more == 0 or before + more <= limit.most:
        return
    arguments = "; ".join(info.taking(name, params) or info.name for info, params in wanted)
    also = f" beside {before:,} that others here have" if before else ""
    text = (
        f"{arguments}: {more:,} {NAMES[name]} would be taken{also}, and at most "
        f"{max(limit.most, 0):,} may be: {limit.why}"
    )
    raise TooMuch(text, before + more <= CAPS[name], limit.why)
