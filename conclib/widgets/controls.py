"""A control for each parameter of a probe, made from what the probe's file says of it.

    whole number 0 to 1        checkbox
    whole number, a range      slider with a number box beside it
    whole number, a wide one   number box
    choice                     drop-down list

``described`` is plain and can be tested; ``make`` turns it into widgets.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conclib import lab

if TYPE_CHECKING:
    import ipywidgets

WIDEST = 4096  # a slider over more than this cannot be set with a hand
STEPS = 64  # about so many steps from end to end: an arrow key goes somewhere
THEN = "Until then {} counts."
WORDS = {"description_width": "initial"}


@dataclass(frozen=True)
class Control:
    """How one parameter is chosen.

    Attributes:
        name: the parameter; ``label`` is what stands beside the control.
        kind: ``"flag"``, ``"slider"``, ``"number"`` or ``"choice"``.
        help: one line on what it means.
        low, high, step: for a slider or a number box.
        options: for a choice.
    """

    name: str
    label: str
    kind: str
    help: str
    low: int = 0
    high: int = 1
    step: int = 1
    options: tuple[str, ...] = ()


def described(param: lab.Param) -> Control:
    """Return how a parameter is to be chosen."""
    unit = f" ({param.unit})" if param.unit and param.unit != "flag" else ""
    text = param.help
    if param.type == "choice":
        return Control(param.name, param.name, "choice", text, options=param.choices)
    if param.type == "text":
        return Control(param.name, param.name, "text", f"{text}: {param.allowed}")
    low, high = param.low, param.high
    if (low, high) == (0, 1):
        return Control(param.name, param.name, "flag", text)
    help_text = f"{text}: {low:,} to {high:,}{' ' + param.unit if param.unit else ''}"
    kind = "slider" if high - low <= WIDEST else "number"
    step = max(1, 2 ** ((high - low) // STEPS).bit_length() // 2)
    return Control(param.name, param.name + unit, kind, help_text, low, high, step)


def make(
    control: Control, value: Any, chosen: Callable[[str, Any], None]
) -> "ipywidgets.DOMWidget":
    """Return the widget for a control.

    Args:
        control: what it looks like.
        value: what it shows first.
        chosen: called with name and value whenever another value is chosen.
    """
    makers = {
        "flag": _flag, "slider": _slider, "number": _number, "choice": _choice, "text": _text,
    }  # fmt: skip
    return makers[control.kind](control, value, chosen)


def _watched(widget: Any, control: Control, chosen: Callable, read: Callable = lambda v: v) -> Any:
    widget.observe(lambda change: chosen(control.name, read(change["new"])), names="value")
    return widget


def _flag(control: Control, value: Any, chosen: Callable) -> Any:
    import ipywidgets

    box = ipywidgets.Checkbox(
        value=bool(value), description=f"{control.label}: {control.help}", indent=False,
        tooltip=control.help, style=WORDS, layout={"width": "auto"},
    )  # fmt: skip
    return _watched(box, control, chosen, int)


def _choice(control: Control, value: Any, chosen: Callable) -> Any:
    import ipywidgets

    list_ = ipywidgets.Dropdown(
        options=control.options, value=value, description=control.label, tooltip=control.help,
        style=WORDS, layout={"width": "auto", "min_width": "9em"},
    )  # fmt: skip
    return _watched(list_, control, chosen)


def _text(control: Control, value: Any, chosen: Callable) -> Any:
    import ipywidgets

    field = ipywidgets.Text(
        value=value, description=control.label, tooltip=control.help, placeholder=control.help,
        continuous_update=False, style=WORDS, layout={"width": "auto"},
    )  # fmt: skip
    return _watched(field, control, chosen)


def _number(control: Control, value: Any, chosen: Callable) -> Any:
    from conclib.widgets.numbers import NumberBox

    box = NumberBox(
        value, control.low, control.high, whole=True, then=THEN, description=control.label,
        tooltip=control.help, style=WORDS, layout={"width": "14em"},
    )  # fmt: skip
    return _watched(box, control, chosen)


def _slider(control: Control, value: Any, chosen: Callable) -> Any:
    """Return a number box, and a slider whose steps start at a round number.

    Both bear the label: each is read out by itself.
    """
    import ipywidgets

    from conclib.widgets.slider import Slider

    box = _number(control, value, chosen)
    slider = Slider(
        value=value, min=control.low // control.step * control.step, max=control.high,
        step=control.step, label=f"{control.label}: {control.help}",
    )  # fmt: skip

    def slid(change: Mapping[str, Any]) -> None:
        turned = int(change["new"])
        if turned // control.step != box.value // control.step:  # turned by hand
            box.value = max(turned, control.low)

    slider.observe(slid, names="value")
    box.observe(lambda change: slider.set_trait("value", change["new"]), names="value")
    return ipywidgets.HBox([box, slider])
