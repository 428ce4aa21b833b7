"""``cl.simulate``: tasks, a model of threads and CPUs, played through on paper.

What a switch costs is the student's own measurement where there is one. Nothing here is measured,
and each text says that it is simulated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conclib.lesson import simulated_rows
from conclib.lesson.showing.shown import Shown, paragraphs, show, table_html, table_text
from conclib.lesson.store import kept
from conclib.models import bursts, costs, simulating
from conclib.models.case import Case, case
from conclib.models.costs import Cost
from conclib.models.simulation import Simulation
from conclib.results import Measurement, recordings, tables
from conclib.results.quantity import TIME

TITLE = "Who runs where, and when?"
HEAD = ("simulated", "")


@dataclass(frozen=True, repr=False)
class Simulated(Shown):
    """A case that was simulated, its chart and its figures.

    Attributes:
        run: the record: events, pieces, figures; ``run.to_frame()`` has the events.
        costs: what a switch was taken to cost, and who says so.
    """

    run: Simulation
    costs: tuple[Cost, ...] = ()
    _drawn: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def sentence(self) -> str:
        """What came out, in words."""
        return " ".join(_sentences(self.run))

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """The figures, each with its name."""
        return figures(self.run)

    @property
    def chart(self) -> Any:
        """Who ran where and when, to be stepped through; made when it is first asked for."""
        if "chart" not in self._drawn:
            self._drawn["chart"] = chart(self.run)
        return self._drawn["chart"]

    @property
    def picture(self) -> Any:
        """The chart, which is shown first."""
        return self.chart

    @property
    def paid(self) -> str:
        """What switches were taken to cost."""
        return f"Taken as costs: {'; '.join(each.text for each in self.costs)}."

    def text(self) -> str:
        """Return the figures and what came out."""
        return f"{table_text([HEAD, *self.rows])}\n\n{self.sentence} {self.paid}"

    def html(self) -> str:
        """Return the same, the figures folded."""
        figures_html = table_html([HEAD, *self.rows])
        return paragraphs(f"{self.sentence} {self.paid}") + tables.folded("Figures", figures_html)


def simulate(
    model: str = "M:N",
    tasks: int | str | Sequence[str] | Mapping[str, str] = 8,
    *,
    cpus: int = 2,
    kernel_threads: int | None = None,
    spare: int = 0,
    rounds: int = 3,
    compute_ms: float = 2,
    wait_ms: float = 6,
    blocking: float = 0.0,
    slice_ms: float | None = 3,
    user_slice_ms: float | None = None,
    user_switch_us: float | None = None,
    linux_switch_us: float | None = None,
    stealing: bool = True,
    arrive_ms: Sequence[float] | None = None,
    seed: int = 0,
) -> Simulated:
    """Simulate tasks on kernel threads on CPUs, and draw who runs where and when.

    ``cl.simulate("N:1", ["C1 W5 C1", "C2 B6 C1"])``: two tasks on one kernel thread. C computes, W
    waits so that its kernel thread is free, B blocks in a call so that it is not; numbers are ms.

    Args:
        model: ``"1:1"`` (a kernel thread for each task), ``"N:1"`` (one for all) or ``"M:N"``.
        tasks: what each does, as above, in a list or by name; or how many are made up.
        cpus: 1 to 256.
        kernel_threads: of M:N, 1 to 10,000; as many as CPUs if not given.
        spare: of M:N, how many more may be started in the place of those that sleep in a call.
        rounds, compute_ms, wait_ms: of made-up tasks, how often each waits, how long it computes
            and waits on average.
        blocking: of made-up tasks, the share of waits that block, 0 to 1.
        slice_ms, user_slice_ms: time slices of Linux and within a kernel thread; ``None``: whoever
            runs goes on until it waits, blocks or is done.
        user_switch_us, linux_switch_us: what a switch costs; as measured on this machine if not
            given, else as recorded.
        stealing: of M:N, whether a kernel thread without work takes another's tasks.
        arrive_ms: when each task is there; all at once if not given.
        seed: the same seed makes up the same tasks.

    Raises:
        TypeError, ValueError: what is not allowed; nothing was simulated.
    """
    paid = costs_of(user_switch_us=user_switch_us, linux_switch_us=linux_switch_us)
    made = {"rounds": rounds, "compute_ms": compute_ms, "wait_ms": wait_ms, "blocking": blocking}
    programs = _programs(tasks, seed=seed, **made)
    asked = case(
        model, programs, cpus=cpus, kernel_threads=kernel_threads, spare=spare, slice_ms=slice_ms,
        user_slice_ms=user_slice_ms, stealing=stealing, arrive_ms=arrive_ms,
        user_switch_ns=paid[costs.USER].ns, linux_switch_ns=paid[costs.LINUX].ns,
    )  # fmt: skip
    return of_case(asked, tuple(paid.values()))


def of_case(asked: Case, paid: tuple[Cost, ...]) -> Simulated:
    """Simulate a case, show it and return it."""
    found: Simulated = show(Simulated(simulating.simulated(asked), paid))
    return found


def _programs(tasks: Any, **made: Any) -> dict[str, bursts.Program]:
    """Return what was given, or make up so many."""
    if not isinstance(tasks, str | Sequence | Mapping):
        return bursts.workload(tasks, **made)
    return bursts.programs(tasks)


def costs_of(**asked: float | None) -> dict[str, Cost]:
    """Return what switches cost: as asked for, else as measured here, else as recorded."""
    return {
        name: costs.given(name, us) if us is not None else costs.measured(name, _known(name))
        for name, us in asked.items()
    }


def _known(name: str) -> Measurement | None:
    """Return the student's last measurement of a cost on this machine, else a recording.

    One that came out below resolution, on a busy machine, says nothing: it is passed over.
    """
    from conclib import lab

    probe, pinned, _ = costs.PROBES[name]
    here = [each for each in kept.results(probe)[::-1] if each.host == lab.host()]
    own = [each for each in here if each.net is not None]
    found = recordings.preferred(own, probe, {}, pinned)
    return found or recordings.find(Measurement, probe, {}, pinned)


# What it says -----------------------------------------------------------------------------------
def figures(run: Simulation) -> tuple[tuple[str, str], ...]:
    """Return the figures of a simulation, each with its name."""
    worst = max(run.pauses_ns, key=lambda name: run.pauses_ns[name])
    return (
        ("kernel threads", f"{run.os_threads:,}"),
        ("all done after", TIME.write(run.end_ns)),
        ("CPUs busy", f"{run.cpus_used:.2f} of {run.case.cpus}"),
        ("CPU time that computed", f"{run.utilisation:.1%}"),
        ("CPU time that switches took", f"{run.overhead:.2%}"),
        ("tasks done in a second", f"{run.throughput:,.3g}"),
        ("could run and did not, mean", TIME.write(run.mean_waiting_ns)),
        ("longest pause", f"{TIME.write(run.longest_pause_ns())} ({worst})"),
        ("all kernel threads asleep, tasks ready", TIME.write(run.standstill_ns)),
    )


def _sentences(run: Simulation) -> list[str]:
    made, count = run.case, len(run.case.programs)
    threads = "kernel thread" if run.os_threads == 1 else "kernel threads"
    cpus = "CPU" if made.cpus == 1 else "CPUs"
    tasks, are = ("task", "is") if count == 1 else ("tasks", "are")
    found = [
        f"Simulated, {made.model}: {count:,} {tasks} on {run.os_threads:,} {threads} and "
        f"{made.cpus} {cpus} {are} done after {TIME.write(run.end_ns)}.",
        f"Longest pause of a task that could run: {TIME.write(run.longest_pause_ns())}.",
    ]
    if run.standstill_ns:
        found.append(
            f"For {TIME.write(run.standstill_ns)} every kernel thread slept in a call while a task "
            "could have run: no CPU was missing, but somebody to pick that task."
        )
    return found


def chart(run: Simulation, *, whole: bool = False) -> Any:
    """Draw who ran where and when, to be stepped through.

    Args:
        whole: whether it begins with its last step, in which all is there.
    """
    from conclib.plots import gantt

    rows = simulated_rows.rows(run)
    end = simulated_rows.window(rows, run.end_ns)
    moments = list(simulated_rows.moments(run))
    part = "" if end == run.end_ns else f"Drawn are the first {TIME.write(end)}."
    words = [TITLE, *_sentences(run), part, simulated_rows.left_out(run)]
    title = f"{TITLE} {run.case.model}, simulated"
    alt = " ".join(filter(None, words))
    return gantt.gantt(rows, moments, title=title, alt=alt, end_ns=end, whole=whole)
