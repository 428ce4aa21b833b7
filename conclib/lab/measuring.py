"""Measure: from a probe's name to a frozen result, by way of fresh workers.

A result comes from several *runs* (three unless asked otherwise), each in a fresh worker: two
processes that do the same thing can differ by more than either of them varies, by where their
memory happens to lie. Variants to be compared are measured in the same run, interleaved.

If something cannot be measured here, a recording with exactly the same parameters takes its place,
and says so wherever it is shown. If there is none, the reason is raised. A live result is never
replaced, however odd: then it is the lesson.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from conclib.lab import own_diagnosis, probe_files
from conclib.lab.running import SETUP, run_all
from conclib.lab.variants import (
    MAX_VARIANTS,
    Options,
    Variant,
    variants,
)
from conclib.results import Measurement, Measurements, arguments
from conclib.results.axis import Axis
from conclib.results.hooks import Progress
from conclib.worker import Request, Worker, run_workers


def measure(
    probe: str,
    *,
    budget: float = 1.0,
    runs: int | None = None,
    cpu: int | str | None = None,
    python: str | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    **params: object,
) -> Measurement:
    """Measure one probe and return the result.

    Args:
        probe: its name; ``conclib list`` shows them all.
        budget: seconds of measuring in all (0.01 to 60); it ends earlier when the median is known
            within 5 %. Starting workers and filling memory come on top.
        runs: how many fresh workers share the budget (1 to 10); three unless CONCLIB_BUDGET asks
            for less.
        cpu: pin the worker, and all that it starts, to this CPU; ``"one"`` takes any that is
            allowed, and pins nothing where the system cannot.
        python: path of another Python to run the worker.
        on_progress: called with a :class:`Progress` after each batch.
        stop: an event; when it is set the measurement ends and :class:`Cancelled` is raised.
        **params: the probe's own parameters, such as ``ballast_mb=64``.

    Returns:
        A :class:`Measurement`, in nanoseconds. Recorded, and labelled so, where this machine
        cannot do it.

    Raises:
        TypeError, ValueError: a bad argument, before anything has started.
        Unavailable: it is not available here and no exact recording exists.
        WorkerError, WorkerTimeout, ProtocolError, Cancelled: it was started and failed.
    """
    options = Options(budget, runs, cpu, python, on_progress, stop)
    info = probe_files.probe(probe)
    variant = Variant(probe, info, info.complete(params))
    return run_all([variant], options)[probe]


def measure_many(
    *probes: str | Mapping[str, object],
    budget: float = 1.0,
    runs: int | None = None,
    cpu: int | str | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    **common: object,
) -> Measurements:
    """Measure several things interleaved and return the results by label.

    Args:
        *probes: names, or one mapping ``{"label": "probe"}`` or ``{"label": (probe, params)}``.
        budget: seconds of measuring for the whole call.
        **common: parameters for every probe that has them; ``timed="whole"`` means "wait" for a
            process and "join" for a thread.

    The other arguments and the errors are those of :func:`measure`.
    """
    options = Options(budget, runs, cpu, None, on_progress, stop)
    return _measured(variants(probes, common), options)


def sweep(
    probe: str,
    *,
    budget: float = 1.0,
    runs: int | None = None,
    cpu: int | str | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    **params: object,
) -> Measurements:
    """Measure one probe at several values of one parameter, given as a list.

    ``sweep("fork", ballast_mb=[0, 64, 256])`` has the labels "0", "64" and "256".

    The other arguments and the errors are those of :func:`measure`; the budget is for all.
    """
    options = Options(budget, runs, cpu, None, on_progress, stop)
    info = probe_files.probe(probe)
    lists = {name: value for name, value in params.items() if isinstance(value, list | tuple)}
    if len(lists) != 1:
        raise ValueError(f"params={params!r}: exactly one parameter must be a list of values")
    ((varied, values),) = lists.items()
    _check_count(info, varied, values)
    wanted = [
        Variant(str(value), info, info.complete({**params, varied: value})) for value in values
    ]
    if len({variant.label for variant in wanted}) < len(wanted):
        raise ValueError(f"{varied}={values!r}: must be values that differ")
    checked = [variant.params[varied] for variant in wanted]
    return _measured(wanted, options, info.params[varied].axis(checked))


def _check_count(info: probe_files.ProbeInfo, varied: str, values: Sequence[object]) -> None:
    """Refuse an empty list of values, or a very long one; says how one may look."""
    if not 1 <= len(values) <= MAX_VARIANTS:
        if varied not in info.params:
            info.complete({varied: values})  # refuses the name
        raise ValueError(
            f"{varied}={arguments.shown(values)}: must list 1 to {MAX_VARIANTS} values, for "
            f"example {varied}={info.params[varied].example}"
        )


def measure_own(text: str, *, name: str = "probe", **options: Any) -> Measurement:
    """Measure a probe of your own, given as source text with a ``body(state, loops)``.

    Args:
        text: Python source; it runs in a worker, never in the notebook kernel.
        name: what to call it; the result's probe is ``own:name``.
        **options: as for :func:`measure`, without parameters.

    Raises:
        ValueError: the text is no Python or has no body. The rest as :func:`measure`.
    """
    for option in options:
        arguments.choice("option", option, [field.name for field in fields(Options) if field.init])
    settings = Options(**options)
    info = probe_files.own_probe(name, text)
    found = run_all([Variant(name, info, {})], settings)[name]
    diagnosed = own_diagnosis.notes(text, found.conditions.get("idle"))
    return replace(found, notes=(*found.notes, *diagnosed))


def _measured(wanted: list[Variant], options: Options, varied: Axis | None = None) -> Measurements:
    items = run_all(wanted, options)
    mixed = len({item.source for item in items.values()}) > 1
    return Measurements(items, varied=varied, mixed=mixed)


def conditions() -> dict[str, Any]:
    """Return the conditions that a worker sees on this machine now."""

    def use(workers: list[Worker]) -> dict[str, Any]:
        from conclib.worker import forms

        workers[0].send_request()
        return workers[0].answer(forms.Ready).conditions.plain()

    return run_workers([Request("empty", {})], use, deadline=SETUP)
