"""What the forms are made of."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from conclib.results import arguments
from conclib.results.arguments import Value

Text = Annotated[str, Meta(min_length=1)]
Question = Annotated[str, Meta(pattern=r"\?$")]
Options = Annotated[list[Text], Meta(min_length=2)]
Sentences = dict[str, Text]  # by what they belong to
Spec = dict[str, Value]  # a probe, and its parameters beside it


class Form(Struct, forbid_unknown_fields=True):
    """What all have in common: a name that is not theirs is refused."""


def require_probes(name: str, runs: list[Any]) -> None:
    """Refuse a run that names no probe.

    Args:
        name: under which name the runs stand.
        runs: each with its probe and parameters.

    Raises:
        ValueError: says which run it is.
    """
    for place, run in enumerate(runs):
        if not isinstance(run.get("probe"), str):
            raise ValueError(f"{name}[{place}]={arguments.shown(run)}: must name a probe")
