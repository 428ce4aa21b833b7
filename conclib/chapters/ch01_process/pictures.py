"""The pictures of chapter 01: six objects in their regions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conclib.plots.picture import Picture
from conclib.plots.space import space
from conclib.results import Observation
from conclib.results.wording import listed

Region = Mapping[str, Any]
NEAR = 2**30  # bytes; what lies farther apart is not folded into one
PLACES = "Six objects: where do they lie?"


def places(seen: Observation, *, title: str = PLACES) -> Picture:
    """Draw the regions of a process with the six objects in them.

    Args:
        seen: what ``cl.observe("six_objects")`` gave.
        title: the question that the picture answers.
    """
    marks = {each["name"]: each["address"] for each in seen.facts["objects"]}
    note = f" ({seen.origin})" if seen.source == "recorded" else ""
    shown = folded(seen.facts["regions"], tuple(marks.values()))
    return space(shown, marks=marks, title=title + note)


def folded(regions: Iterable[Region], addresses: Sequence[int]) -> list[Region]:
    """Return the regions that hold one of these addresses; neighbours of no interest as one.

    Args:
        regions: in order of address.
        addresses: what makes a region one of interest.
    """
    found: list[Region] = []
    others: list[Region] = []
    for each in regions:
        holds = any(each["start"] <= address < each["end"] for address in addresses)
        far = bool(others) and each["start"] - others[-1]["end"] > NEAR
        if others and (holds or far):
            found.append(_together(others))
            others = []
        (found if holds else others).append(each)
    return [*found, *([_together(others)] if others else [])]


def _together(some: Sequence[Region]) -> Region:
    if len(some) == 1:
        return some[0]
    kinds = listed(dict.fromkeys(each["kind"] for each in some))
    return {
        "start": some[0]["start"],
        "end": some[-1]["end"],
        "kind": f"{len(some)} other regions",
        "perms": kinds,
        "path": "",
    }


PICTURES = {
    "places": places,
}
