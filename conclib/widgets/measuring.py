"""The measuring panel: choose a probe, turn its parameters, press Run, compare.

A thin shell: every button calls a method of :class:`~conclib.widgets.model.PanelModel`, and
``refresh`` copies what the model knows into the widgets. Both may happen on any thread.
"""

import threading
from typing import Any

import ipywidgets

from conclib import (
    lab,
    lesson,  # noqa: F401 -- its listeners keep what is measured and lock predictions
)
from conclib.lesson.code_lines import code_line
from conclib.widgets import controls, parts, pictures, words
from conclib.widgets.background import BUSY
from conclib.widgets.model import PanelModel

BUDGETS = (0.5, 1.0, 2.0, 5.0, 15.0)
ONE, ALL = "This result", "All results"


def panel(
    name: str, *, budget: float = 1.0, cpu: int | str | None = None, **params: Any
) -> "Panel":
    """Show a measuring panel: controls, Run, Stop, a picture, and what was measured before.

    Turning a control measures nothing; only Run does. The same in code is
    ``cl.measure(name, **params)``.

    Args:
        name: the probe chosen at first.
        budget: seconds of measuring, 0.01 to 60.
        cpu: a CPU to pin to, or ``"one"`` for any; ``None`` leaves it to the system.
        **params: the probe's parameters at first.

    Raises:
        TypeError, ValueError: an unknown probe or parameter, or a value that is not allowed.
    """
    return Panel(PanelModel(name, budget=budget, cpu=cpu, **params))


class Panel(parts.Shell):
    """A measuring panel on the page. ``results`` holds what it has measured."""

    def __init__(self, model: PanelModel) -> None:
        self.model = model
        self.sentence = (
            f"Measuring panel for {model.probe}: choose, press Run. "
            f"In text: {code_line('measure', model.probe)}."
        )
        self._guard = threading.RLock()
        self._drawn: Any = None
        self._build()
        model.on_change = self.refresh
        self.refresh()

    @property
    def results(self) -> Any:
        """All results of this panel by label, to go on with in code."""
        return self.model.results

    def measure_now(self) -> Any:
        """Measure in this thread and return the result; raises what goes wrong."""
        return self.model.measure_now()

    def close(self) -> None:
        """Stop what is running, and take the panel off the page."""
        self.model.close()
        self.model.on_change = lambda: None
        with self._guard:
            super().close()

    # Building ---------------------------------------------------------------------------------
    def _build(self) -> None:
        self.probe = ipywidgets.Dropdown(
            options=_probes(), value=self.model.probe, description="Measure", style=controls.WORDS,
            tooltip="what is measured", layout={"width": "auto"},
        )  # fmt: skip
        self.budget = ipywidgets.Dropdown(
            options=_budgets(self.model.budget), value=self.model.budget, description="for at most",
            tooltip="how long at most", style=controls.WORDS, layout={"width": "auto"},
        )  # fmt: skip
        self.which = ipywidgets.ToggleButtons(
            options=(ONE, ALL), tooltips=("draw one result", "draw all results in one picture"),
            style={"button_width": "auto"},
        )  # fmt: skip
        self.controls = ipywidgets.Box(layout=parts.ROW)
        self.run = parts.button("Run", "measure now", self.model.start, "primary")
        self.stop = parts.button("Stop", "end the measurement, keep nothing", self.model.stop)
        self.clear = parts.button("Clear", "forget all results", self._clear)
        self.about, self.doing, self.message = parts.html(), parts.html(), parts.html()
        self.plot, self.table = parts.html(), parts.html()
        self._arrange()
        self._show_controls()
        self.probe.observe(self._chose_probe, names="value")
        self.budget.observe(lambda change: self.model.set_budget(change["new"]), names="value")
        self.which.observe(lambda change: self.refresh(), names="value")

    def _arrange(self) -> None:
        row = lambda *items: ipywidgets.HBox(items, layout=parts.ROW)  # noqa: E731
        self.box = parts.form(
            "measuring panel",
            [
                row(self.probe, self.budget),
                self.controls,
                self.about,
                row(self.run, self.stop, self.doing),
                self.message,
                self.plot,
                row(self.which, self.clear),
                self.table,
            ],
        )

    def _clear(self) -> None:
        """Forget all results; Clear hides then, so the keyboard's place goes to Run."""
        self.run.focus()
        self.model.clear()

    def _chose_probe(self, change: dict[str, Any]) -> None:
        self.model.choose(change["new"])
        self._show_controls()

    def _show_controls(self) -> None:
        old = self.controls.children
        info = lab.catalogue()[self.model.probe]
        self.controls.children = [
            controls.make(controls.described(param), self.model.params[name], self.model.set)
            for name, param in info.params.items()
        ]
        for widget in old:
            parts.close_all(widget)

    # Showing ----------------------------------------------------------------------------------
    def refresh(self) -> None:
        """Show what the model knows now; called by the model, from any thread."""
        with self._guard:
            model = self.model
            self.about.value = parts.paragraph(words.timed(model.probe, model.params)) + parts.code(
                words.code(model.probe, model.params, model.budget, model.where)
            )
            self.doing.value = parts.progress(model.fraction, model.doing)
            self.message.value = parts.announced(model.message, aloud=self._is_news())
            self._draw()
            self._list()

    def _is_news(self) -> bool:
        """Whether what was said last is to be read out: an end, or a refusal."""
        if self.model.running:
            return self.model.message == BUSY
        return self.model.message not in (words.NOTHING_YET, words.BEFORE)

    def _draw(self) -> None:
        """Draw what is to be seen, if it differs from what is drawn."""
        partial = self.model.partial
        shown = [self.model.current] if self.which.value == ONE else self.model.history
        items = {entry.label: entry.item for entry in shown if entry}
        if partial is not None:
            so_far = {f"now: {words.label(partial.probe, partial.params)}": partial}
            items = so_far if self.which.value == ONE else {**items, **so_far}
        key = [(label, item.n) for label, item in items.items()]
        if key != self._drawn:
            title = pictures.NOW if partial is not None and len(items) == 1 else ""
            self.plot.value = self._image(items, title)
            self._drawn = key

    def _image(self, items: dict[str, Any], title: str) -> str:
        try:
            return pictures.image(pictures.picture(items, title))
        except Exception as fault:  # a picture that fails must not end the measurement
            return parts.paragraph(f"No picture: {type(fault).__name__}: {fault}")

    def _list(self) -> None:
        results = self.model.results
        self.table.value = parts.table(words.table(results)) if results else ""
        self.which.layout.display = self.clear.layout.display = None if results else "none"


def _probes() -> list[tuple[str, str]]:
    timed = [info for info in lab.catalogue().values() if info.kind == "timed"]
    return [(f"{info.name}: {info.title}", info.name) for info in timed]


def _budgets(own: float) -> list[tuple[str, float]]:
    return [(f"{seconds:g} s", seconds) for seconds in sorted({*BUDGETS, own})]
