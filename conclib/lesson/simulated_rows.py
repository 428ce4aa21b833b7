"""A simulation as rows of bars and as sentences: what its chart is drawn from."""

from collections.abc import Iterable, Iterator

from conclib.models import simulation as names
from conclib.models.case import ONE
from conclib.models.simulation import Event, Simulation
from conclib.plots import gantt
from conclib.plots.gantt import Bar, Moment, Row

MAX_TASKS, MAX_THREADS, MAX_CPUS = 12, 12, 8  # rows of each kind
MAX_BARS = 240  # of all rows: with more nobody sees anything
STATES = {  # what a task does once it has stopped
    names.WAITS: gantt.WAITS, names.BLOCKS: gantt.ASLEEP,
    names.SLICE: gantt.READY, names.USER_SLICE: gantt.READY,
}  # fmt: skip
Open = tuple[int, str]  # since when, and what


def rows(run: Simulation) -> list[Row]:
    """Return a row for each task, kernel thread and CPU, as many as can be drawn."""
    tasks = [Row(name, "task", bars) for name, bars in _tasks(run).items()]
    cpus = [f"CPU {number}" for number in range(1, run.case.cpus + 1)]
    threads = [Row(name, "thread", _on(run, "kernel_thread", name))
               for name in run.kernel_threads[:MAX_THREADS]]  # fmt: skip
    places = [Row(name, "other", _on(run, "cpu", name)) for name in cpus[:MAX_CPUS]]
    return [*tasks, *threads, *places]


def left_out(run: Simulation) -> str:
    """Say what has no row, or nothing."""
    counts = {
        "tasks": len(run.case.programs) - MAX_TASKS,
        "kernel threads": len(run.kernel_threads) - MAX_THREADS,
        "CPUs": run.case.cpus - MAX_CPUS,
    }
    more = [f"{count:,} more {what}" for what, count in counts.items() if count > 0]
    return f"Not drawn: {', '.join(more)}." if more else ""


def window(found: Iterable[Row], end_ns: int) -> int:
    """Return until when can be drawn: to the end, or where there would be too many bars."""
    starts = sorted(bar.start for row in found for bar in row.bars)
    return end_ns if len(starts) <= MAX_BARS else starts[MAX_BARS]


def _tasks(run: Simulation) -> dict[str, tuple[Bar, ...]]:
    """Return what each task did, from the events about it."""
    shown = list(run.case.programs)[:MAX_TASKS]
    found: dict[str, list[Bar]] = {name: [] for name in shown}
    state: dict[str, Open] = {}
    for each in run.events:
        if each.task in found:
            if each.task in state:
                since, what = state.pop(each.task)
                if since < each.t_ns:
                    found[each.task].append(Bar(since, each.t_ns, what))
            what = _state(each)
            if what:
                state[each.task] = each.t_ns, what
    return {name: tuple(bars) for name, bars in found.items()}


def _state(event: Event) -> str:
    known = {names.READY: gantt.READY, names.RUNS: gantt.RUNS}
    return known.get(event.what) or STATES.get(event.why, "")


def _on(run: Simulation, which: str, name: str) -> tuple[Bar, ...]:
    """Return what a CPU or a kernel thread did; pieces of one and the same as one bar."""
    found: list[Bar] = []
    for each in run.pieces:
        if getattr(each, which) == name:
            what = gantt.RUNS if each.what == names.RUN else gantt.SWITCHES
            text = each.task if what == gantt.RUNS else ""
            if found and (found[-1].end, found[-1].what, found[-1].text) == (each[0], what, text):
                found[-1] = Bar(found[-1].start, each.end, what, text)
            else:
                found.append(Bar(each.start, each.end, what, text))
    if which == "kernel_thread":
        found += [Bar(*each[:2], gantt.ASLEEP) for each in run.sleeps if each[2] == name]
    return tuple(sorted(found, key=lambda bar: bar.start))


# In words ---------------------------------------------------------------------------------------
def moments(run: Simulation) -> Iterator[Moment]:
    """Yield what happened, a sentence each, of those who have a row."""
    shown = {*list(run.case.programs)[:MAX_TASKS], *run.kernel_threads[:MAX_THREADS]}
    for each in run.events:
        text = _text(each, run.case.model)
        if text and (each.task or each.kernel_thread) in shown:
            yield Moment(each.t_ns, text)


def _text(event: Event, model: str) -> str:
    task, thread = event.task, event.kernel_thread
    if event.what == names.RUNS:
        by = "" if model == ONE else f" by {thread}"
        return f"{task} is run{by} on {event.cpu}"
    if event.what == names.STOPS:
        return f"{task} {_stop(event, model)}"
    if event.what == names.READY:
        return f"{task} arrives" if event.by == names.ARRIVES else f"{task} could run again"
    if event.what == names.WAKES:
        return f"{thread} is woken for {event.by}"
    return f"{thread} is started" if event.what == names.BORN and event.t_ns else ""


def _stop(event: Event, model: str) -> str:
    if event.why == names.DONE:
        return "is done"
    if event.why == names.BLOCKS:
        return f"blocks, and {event.kernel_thread} sleeps with it"
    if event.why == names.WAITS:
        free = "sleeps" if model == ONE else "is free"
        return f"waits, and {event.kernel_thread} {free}"
    return f"has to stop: {event.why}"
