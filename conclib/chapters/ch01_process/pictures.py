"""The pictures of chapter 01: six objects in their regions."""

from collections.abc import Mapping
from typing import Any

from conclib.plots.picture import Picture
from conclib.plots.space import space
from conclib.results import Observation

PLACES = "Six objects: where do they lie?"


def places(seen: Observation, *, title: str = PLACES) -> Picture:
    """Draw the regions of a process with the six objects in them.

    Args:
        seen: what ``cl.observe("six_objects")`` gave.
        title: the question that the picture answers.
    """
    marks = {each["name"]: each["address"] for each in seen.facts["objects"]}
    note = f" ({seen.origin})" if seen.source == "recorded" else ""
    return space(list(map(_region, seen.facts["regions"])), marks=marks, title=title + note)


def _region(each: Mapping[str, Any]) -> dict[str, Any]:
    return dict(each)


PICTURES = {
    "places": places,
}
