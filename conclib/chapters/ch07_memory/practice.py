"""The endless exercise of chapter 07: who pays which share of the memory, and what comes back?

What a seed gives, what it comes to, and what beliefs would have it come to are computed in the
module beside the probe that does it: so what is shown, computed and run is one and the same.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from conclib.lesson.registry import Variant
from conclib.probes import _rent_model
from conclib.results.wording import listed

House = Mapping[str, Any]
CLOSE = 2.0  # kB: within this the run is what was computed, each figure being rounded
UNIT = 1024  # kB in a MB
ASKED = {
    "pss": "the PSS of {about}, after that",
    "uss": "the USS of {about}, after that",
    "back": "how much comes back to the machine",
}


def the_rent(seed: int) -> Variant:
    """Return the processes of a seed, 1 to 1,000,000,000, with four amounts of memory."""
    draw = random.Random(seed + 1).random  # what is built on it may differ from Python to Python
    house = _rent_model.drawn(seed)
    wrong = sorted(_rent_model.wrong(house).items(), key=lambda _: draw())
    beliefs = {megabytes(mb): belief for belief, mb in wrong[: _rent_model.WRONG]}
    right = megabytes(_rent_model.right(house))
    return Variant(
        options=tuple(sorted([right, *beliefs], key=lambda _: draw())),
        right=right,
        beliefs=beliefs,
        reason=house["asked"],
        values=values(house),
        code=shown(house),
        run=partial(ran, seed, house),
    )


def megabytes(number: float) -> str:
    """Return an amount in words; sizes are drawn so that shares are whole numbers."""
    return f"{number:.4g} MB"


def shown(house: House) -> str:
    """Return what happens, line by line, and what is asked."""
    _, *children = house["rewrites"]
    lines = [f"the parent fills {house['size']} MB and forks {listed(children)}"]
    lines += [
        f"{name} rewrites {count} MB of it" for name, count in house["rewrites"].items() if count
    ]
    if sum(map(bool, house["rewrites"].values())) > 1:
        lines.append("(no two of them rewrite the same part)")
    lines.append(f"{house['ends'][0]} ends")
    asked = ASKED[house["asked"]].format(about=house["about"])
    return "\n".join([*lines, f"asked: {asked}"])


def values(house: House) -> dict[str, str]:
    """Return what is put in place in the words of the answers."""
    before, after = _rent_model.before_and_after(house)
    gone, about = house["ends"][0], house["about"]
    held = [brick for brick in (before if house["asked"] == "back" else after)
            if (gone if house["asked"] == "back" else about) in brick]  # fmt: skip
    return {"gone": gone, "about": about, "each": held_in_words(held)}


def held_in_words(held: Sequence[tuple[str, ...]]) -> str:
    """Say how many MB of some bricks are held by how many: ``'24 MB alone, 36 MB by 2'``."""
    counts = Counter(map(len, held))
    parts = [f"{mb} MB alone" if n == 1 else f"{mb} MB with {n - 1} more"
             for n, mb in sorted(counts.items())]  # fmt: skip
    return ", ".join(parts)


def ran(seed: int, house: House, stop: Any = None) -> str:
    """Do it, in processes of their own; say what it came to."""
    from conclib import lab

    seen = lab.observe("rent_drawn", seed=seed, stop=stop)
    return run_sentence(seen.facts, house, seen.origin)


def run_sentence(facts: Mapping[str, Any], house: House, origin: str) -> str:
    """Say what a run came to, and whether it is what was computed."""
    if house["asked"] == "back":
        found = facts["in_ram_kb"][0] - facts["in_ram_kb"][1]
    else:
        found = facts["figures"][house["asked"]][house["about"]][1]
    head = f"Run for real ({origin}), read from this memory alone: {found / UNIT:.1f} MB."
    # What came back is a difference of sums of shares, each rounded down to a kB.
    close = CLOSE + (2 * len(house["rewrites"]) if house["asked"] == "back" else 0)
    if abs(found - _rent_model.right(house) * UNIT) <= close:
        return f"{head} That is what was computed."
    return f"{head} That is not what was computed above: believe the run."


PRACTICE = {
    "the-rent": the_rent,
}
