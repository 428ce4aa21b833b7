"""A measuring panel without its widgets: what is chosen, what runs, what was found.

``start`` measures in a reader thread (see ``background.py``) and returns at once; ``on_change`` is
called a few times a second meanwhile, and at the end. ``measure_now`` is what the thread does, and
raises what went wrong, so that a test can see it; whatever it was, it has been said in the panel,
and the panel is ready again.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from conclib import lab
from conclib.lab import machines, probe_files, variants
from conclib.results import (
    Cancelled,
    ConclibError,
    Measurement,
    Measurements,
    Run,
    arguments,
    hooks,
)
from conclib.widgets import remembered, words
from conclib.widgets.background import Background
from conclib.widgets.remembered import Entry, Held

KEEP = 8  # results; more do not fit a picture
PAUSE = 0.2  # seconds between two updates while it measures
MAX_SECONDS = 60.0


class PanelModel:
    """Everything a measuring panel knows and does.

    Args:
        probe: what to measure first.
        budget: seconds of measuring, 0.01 to 60.
        cpu: where to measure, as for ``lab.measure``; ``None`` leaves it to the system.
        measure: does the measuring; has the signature of ``lab.measure``.
        on_change: called, from any thread, when there is something new to show.
        clock: seconds, monotonic; only to keep updates apart.
        **params: the probe's parameters; those not given have their defaults.

    Raises:
        TypeError, ValueError: an unknown probe or parameter, or a value that is not allowed.
    """

    def __init__(
        self,
        probe: str,
        *,
        budget: float = 1.0,
        cpu: int | str | None = None,
        measure: Callable[..., Measurement] = lab.measure,
        on_change: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        **params: Any,
    ) -> None:
        info = probe_files.probe(probe)
        self.probe, self.params = probe, info.complete(params)
        self.budget = arguments.seconds("budget", budget, MAX_SECONDS)
        variants.Options(cpu=cpu)  # refuses a CPU that is not available
        self.where = {} if cpu is None else {"cpu": cpu}
        self.on_change = on_change
        self._key = remembered.key(probe, self.where)
        self._held = remembered.of(self._key)
        before = words.BEFORE if self.history else words.NOTHING_YET
        self.fraction, self.doing, self.message = 0.0, words.READY, before
        self._measure, self._clock = measure, clock
        self._background = Background()
        self._guard = self._background.guard
        self._forget_batches()

    # Choosing ---------------------------------------------------------------------------------
    def choose(self, probe: str) -> None:
        """Turn to another probe, its parameters at their defaults."""
        with self._guard:
            self.params = probe_files.probe(probe).complete({})
            self.probe = probe
        self.on_change()

    def set(self, name: str, value: Any) -> None:
        """Give a parameter of the probe another value; nothing is measured yet."""
        with self._guard:
            param = lab.catalogue()[self.probe].params[name]
            self.params = {**self.params, name: param.check(value)}
        self.on_change()

    def set_budget(self, seconds: float) -> None:
        """Give the next run another budget, 0.01 to 60 seconds."""
        self.budget = arguments.seconds("budget", seconds, MAX_SECONDS)
        self.on_change()

    # Running ----------------------------------------------------------------------------------
    def start(self) -> bool:
        """Start measuring in a reader thread and return at once; refuse a second run.

        Returns:
            Whether it was started; if not, ``message`` says why.
        """
        try:
            stop = self._begin()
        except ConclibError as refusal:
            self.message = str(refusal)
            self.on_change()
            return False
        self._background.run(lambda: self._work(stop))
        self.on_change()
        return True

    def measure_now(self) -> Measurement:
        """Measure in this thread and return the result, as the reader thread does.

        Raises:
            ConclibError: something is running already.
            Exception: whatever went wrong; it is also said, and the panel is ready again.
        """
        with hooks.asking("panel"):
            return self._work(self._begin())

    def stop(self) -> None:
        """Ask for the end of what is running; the reader thread ends within 0.2 s."""
        with self._guard:
            if self._background.stop():
                self.doing = words.STOPPING
            elif self.message != words.STOPPED:  # pressed twice: that it stopped is the news
                self.message = words.IDLE
        self.on_change()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the reader thread's end, at most ``seconds``; return whether it has ended."""
        return self._background.wait(seconds)

    def clear(self) -> None:
        """Forget all results."""
        with self._guard:
            self.message = words.CLEARED
            self._hold(Held(made=self._held.made))
        self.on_change()

    def close(self) -> None:
        """Stop what is running, wait for its end, and start nothing any more."""
        self._background.close()

    # What there is to show --------------------------------------------------------------------
    @property
    def running(self) -> bool:
        """Whether a measurement is under way."""
        return self._background.running

    @property
    def history(self) -> tuple[Entry, ...]:
        """The last results, the oldest first; those of a panel before this one, too."""
        return self._held.entries

    @property
    def results(self) -> Measurements:
        """All results by label, to go on with in code."""
        return Measurements({entry.label: entry.item for entry in self.history}, mixed=True)

    @property
    def current(self) -> Entry | None:
        """The last result with the parameters now chosen; else simply the last one."""
        alike = [e for e in self.history if (e.item.probe, e.item.params) == self._chosen()]
        return next(iter([*alike[::-1], *self.history[::-1]]), None)

    @property
    def partial(self) -> Measurement | None:
        """What the run under way has given so far, or ``None``."""
        with self._guard:
            runs = [run for run in self._batches.values() if run]
            if not self.running or not runs:
                return None
            probe, params, baseline = self._begun, self._begun_params, self._baseline
            frozen = tuple(Run(tuple(values), (baseline,)) for values in runs)
        info = lab.catalogue()[probe]
        here = machines.host(), machines.own_runtime()
        times = info.times_for(params)
        return Measurement(probe, info.title, params, *here, times, frozen, info.unit)

    def _chosen(self) -> tuple[str, dict[str, Any]]:
        return self.probe, self.params

    # What the thread does ---------------------------------------------------------------------
    def _begin(self) -> threading.Event:
        with self._guard:
            stop = self._background.claim()
            self._forget_batches()
            self.fraction, self.doing, self.message = 0.0, words.STARTING, words.RUNNING
            return stop

    def _work(self, stop: threading.Event) -> Measurement:
        try:
            item = self._measure(
                self._begun, budget=self.budget, on_progress=self._progress, stop=stop,
                **self.where, **self._begun_params,
            )  # fmt: skip
            message = self._add(item)
        except Cancelled:
            self._end(words.STOPPED)
            raise
        except Exception as error:
            self._end(words.failure(error))
            raise
        except BaseException:
            self._end(words.INTERRUPTED)
            raise
        self._end(message)
        return item

    def _add(self, item: Measurement) -> str:
        """Add a result to the history; return what there is to say about it."""
        with self._guard:
            earlier = self.history[-1] if self.history else None
            entry = Entry(self._held.made + 1, item)
            message = words.result(
                entry.number, item, (earlier.number, earlier.item) if earlier else None
            )
            self._hold(Held((*self.history, entry)[-KEEP:], entry.number))
            return message

    def _hold(self, held: Held) -> None:
        """Hold these results, and keep them for a panel that is made again."""
        self._held = held
        remembered.keep(self._key, held)

    def _end(self, message: str) -> None:
        with self._guard:
            self._background.release()
            self.fraction, self.doing, self.message = 0.0, words.READY, message
        self.on_change()

    def _progress(self, progress: lab.Progress) -> None:
        with self._guard:
            self._batches.setdefault(progress.run, []).extend(progress.values)
            self._baseline = progress.baseline or self._baseline
            self.fraction = progress.fraction
            if not self._background.stopping:
                count = sum(map(len, self._batches.values()))
                self.doing = words.progress(progress, count)
        if self._clock() - self._shown >= PAUSE:
            self.on_change()
            self._shown = self._clock()  # after showing: drawing takes its time

    def _forget_batches(self) -> None:
        self._batches: dict[int, list[float]] = {}
        self._baseline, self._shown = 0.0, float("-inf")
        self._begun, self._begun_params = self.probe, dict(self.params)
