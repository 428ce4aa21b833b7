"""The events in a student's predictions and progress: what each must hold.

This module imports msgspec, so it is imported where the first line is decoded and not before.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

LEAST, MOST = 1e-9, 1e18  # of a time in ns or a ratio: what can be drawn and compared
Height = Annotated[float, Meta(ge=0, le=MOST)]  # of a drawn shape it may be 0
Size = Annotated[float, Meta(ge=LEAST, le=MOST)]
Decades = Annotated[float, Meta(ge=-100, le=100)]


class Event(Struct):
    """What every event has; one of a kind that this version does not know has nothing else."""

    schema: Literal[1]
    event: str


class Predicted(Event):
    """A prediction was made; its ``form`` says what its values are."""

    id: str
    form: Literal["range", "ratio", "order", "shape"]
    values: list[Height | str]
    unit: str
    made: str
    attempt: int
    late: bool
    because: str | None = None

    def __post_init__(self) -> None:
        _require(VALUES[self.form], self.values, self.form)


class Locked(Event):
    """A measurement that answers a prediction started."""

    id: str
    attempt: int


class Known(Event):
    """The answer to a prediction was seen, or a result was held against a choice."""

    id: str


class Chosen(Event):
    """An option was picked."""

    id: str
    pick: str
    because: str | None = None


class Scored(Event):
    """A prediction was compared with what was measured."""

    id: str
    attempt: int
    values: list[Size]
    measured: Size
    width: Decades
    distance: Decades
    late: bool

    def __post_init__(self) -> None:
        _require(_is_range, self.values, "range")


class Judged(Event):
    """A prediction was compared, and what came of it is no number: an order, a curve, noise."""

    id: str
    attempt: int
    outcome: Literal["held", "did not hold", "open"]
    late: bool


class Done(Event):
    """A chapter or an exercise is done."""

    kind: str
    id: str


class Thought(Event):
    """What a student used to think, and thinks now."""

    id: str
    before: str
    now: str | None = None


class Answered(Event):
    """The answers to a quiz or the pre-test."""

    id: str
    answers: dict[str, Any]


class Whole(Struct):
    """All progress in one object, as the first version wrote it."""

    events: list[Any]


EVENTS: dict[str, type[Event]] = {
    "predicted": Predicted,
    "locked": Locked,
    "revealed": Known,
    "settled": Known,
    "chosen": Chosen,
    "scored": Scored,
    "judged": Judged,
    "done": Done,
    "thought": Thought,
    "answered": Answered,
}


# What a type alone does not say -----------------------------------------------------------------
def _require(fits: Callable[[list], bool], values: list, form: str) -> None:
    if not fits(values):
        raise ValueError(f"values={values!r:.60}: not what the form {form!r} has")


def _are(kind: type, values: list) -> bool:
    return bool(values) and all(isinstance(value, kind) for value in values)


def _is_range(values: list) -> bool:
    return len(values) == 2 and _are(float, values) and LEAST <= values[0] <= values[1]


def _is_order(values: list) -> bool:
    return _are(str, values)


def _is_shape(values: list) -> bool:
    return _are(str, values) if len(values) == 1 else _are(float, values)


VALUES = {"range": _is_range, "ratio": _is_range, "order": _is_order, "shape": _is_shape}
