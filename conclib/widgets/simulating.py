"""The simulator as a panel: model, tasks, kernel threads, CPUs, blocking calls; the chart follows.

A thin shell over :func:`shown`, which a test calls without any widget. Nothing is measured here, so
there is no Run: each change is simulated at once.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets

from conclib.lesson import simulated
from conclib.models import bursts, costs, simulating
from conclib.models.case import MODELS, case
from conclib.models.costs import Cost
from conclib.widgets import controls, parts
from conclib.widgets.controls import Control

ROUNDS, COMPUTE_MS, WAIT_MS = 3, 2.0, 6.0  # of each task
MAX_TASKS, MAX_THREADS, MAX_CPUS = 64, 16, 16
MODEL, TASKS, THREADS, CPUS, BLOCKING, MORE = (
    "model", "tasks", "kernel_threads", "cpus", "blocking", "spare",
)  # fmt: skip
DEFAULTS: Mapping[str, Any] = {
    MODEL: "M:N", TASKS: 6, THREADS: 2, CPUS: 2, BLOCKING: 0, MORE: 0,
}  # fmt: skip
CONTROLS = (
    Control(MODEL, "model", "choice", "who schedules", options=MODELS),
    Control(TASKS, "tasks", "slider", "how many there are", 1, MAX_TASKS),
    Control(THREADS, "kernel threads", "slider", "of M:N alone", 1, MAX_THREADS),
    Control(CPUS, "CPUs", "slider", "how many there are", 1, MAX_CPUS),
    Control(BLOCKING, "blocking calls (%)", "slider", "of all waits", 0, 100, 5),
    Control(MORE, "more while others sleep", "slider", "M:N: kernel threads in their place", 0, 16),
)
EACH = (
    f"Each task computes for about {COMPUTE_MS:g} ms, waits for about {WAIT_MS:g} ms, "
    f"{ROUNDS} times, and computes once more."
)
OF_MN_ALONE = "In {model} the controls of kernel threads and of more of them change nothing."
Rows = Sequence[tuple[str, ...]]
Beside = Callable[[str], Rows]


@dataclass(frozen=True)
class View:
    """What the panel shows for a choice.

    Attributes:
        sentence: what came out; ``html``: the chart; ``rows``: the figures, their head first.
    """

    sentence: str
    html: str
    rows: Rows


def shown(choice: Mapping[str, Any], paid: Mapping[str, Cost]) -> View:
    """Simulate a choice and return what the panel shows of it.

    Args:
        choice: model, tasks, kernel_threads, cpus, blocking (percent), spare.
        paid: what switches cost.

    Raises:
        TypeError, ValueError: what is not allowed.
    """
    own = choice[MODEL] == "M:N"
    programs = bursts.workload(
        choice[TASKS], rounds=ROUNDS, compute_ms=COMPUTE_MS, wait_ms=WAIT_MS,
        blocking=choice[BLOCKING] / 100, seed=0,
    )  # fmt: skip
    asked = case(
        choice[MODEL], programs, cpus=choice[CPUS],
        kernel_threads=choice[THREADS] if own else None, spare=choice[MORE] if own else 0,
        user_switch_ns=paid[costs.USER].ns, linux_switch_ns=paid[costs.LINUX].ns,
    )  # fmt: skip
    found = simulated.Simulated(simulating.simulated(asked), tuple(paid.values()))
    note = "" if own else f" {OF_MN_ALONE.format(model=choice[MODEL])}"
    drawn = simulated.chart(found.run, whole=True)
    return View(found.sentence + note, drawn.html, (simulated.HEAD, *found.rows))


class SimulatorPanel(parts.Shell):
    """The panel on the page.

    Args:
        beside: given a model, returns rows of what was really counted in it, their head first.
    """

    def __init__(self, beside: Beside | None = None) -> None:
        self.sentence = (
            "Simulator: choose a model, tasks, kernel threads, CPUs and blocking calls; the chart "
            'follows. In text: cl.simulate("M:N", 6, kernel_threads=2, blocking=0.5).'
        )
        self.choice = dict(DEFAULTS)
        self.paid = simulated.costs_of(**dict.fromkeys((costs.USER, costs.LINUX)))
        self._beside, self._guard = beside, threading.RLock()
        self.controls = {each.name: self._control(each) for each in CONTROLS}
        self.message, self.plot = parts.html(), parts.html()
        self.table, self.real = parts.html(), parts.html()
        about = f"{EACH} Taken as costs: {'; '.join(each.text for each in self.paid.values())}."
        chosen = ipywidgets.HBox(list(self.controls.values()), layout=parts.ROW)
        figures = ipywidgets.HBox(
            [self.table, self.real], layout={**parts.ROW, "align_items": "flex-start"}
        )
        self.box = parts.form(
            "simulator of threading models",
            [chosen, self.message, self.plot, figures, parts.html(parts.paragraph(about))],
        )
        self._show(aloud=False)

    def _control(self, control: Control) -> Any:
        return controls.make(control, self.choice[control.name], self.choose)

    def choose(self, name: str, value: Any) -> None:
        """Take another value of one control, and show what follows."""
        with self._guard:
            self.choice[name] = value
            self._show()

    def _show(self, aloud: bool = True) -> None:
        view = shown(self.choice, self.paid)
        self.message.value = parts.announced(view.sentence, aloud=aloud)
        self.plot.value = view.html
        self.table.value = parts.table(list(view.rows))
        real = self._beside(self.choice[MODEL]) if self._beside else ()
        self.real.value = parts.table(list(real)) if real else ""
