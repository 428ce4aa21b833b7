"""Results made up for a purpose: what a test says about a lesson needs no measuring."""

from collections.abc import Mapping, Sequence

from conclib.lesson.predicting import experiments
from conclib.results import (
    Actor,
    Ending,
    Event,
    Host,
    Measurement,
    Measurements,
    Observation,
    Run,
    Runtime,
    hooks,
)
from conclib.results.axis import of_params

HOST = Host("Linux", "Example CPU", 2, "6.1", 2048)
OTHER_HOST = Host("Linux", "Another CPU", 8, "6.1", 2048)
RUNTIME = Runtime("CPython", "3.11.7")
OTHER_RUNTIME = Runtime("CPython", "3.13.0", gil=False, build="t")
BASE = 10.0  # ns, of a baseline


def measurement(
    *runs: Sequence[float],
    probe: str = "fork",
    baseline: Sequence[float] = (BASE,),
    host: Host = HOST,
    runtime: Runtime = RUNTIME,
    **fields,
) -> Measurement:
    """Return a measurement that has these values in ns, one sequence for each worker."""
    return Measurement(
        probe=probe,
        title=fields.pop("title", "An example"),
        times=fields.pop("times", "one call, nothing else"),
        params=fields.pop("params", {"ballast_mb": 0}),
        runs=tuple(Run(tuple(map(float, run)), tuple(baseline), 3, 1) for run in runs),
        host=host,
        runtime=runtime,
        **fields,
    )


def around(middle: float, spread: float = 0.01, n: int = 30, **fields) -> Measurement:
    """Return a measurement whose net median is ``middle``, from three workers that agree."""
    fields.setdefault("conditions", {"pinned": 1})
    steps = [middle * (1 + spread * (2 * place / (n - 1) - 1)) + BASE for place in range(n)]
    return measurement(steps, steps, steps, baseline=(BASE,), **fields)


def few(middle: float) -> Measurement:
    """Return a measurement that has too few values for an interval."""
    return measurement([middle + BASE] * 3, baseline=(BASE,), conditions={"pinned": 1})


def rate(clients: float, middle: float | None = None, **fields) -> Measurement:
    """Return requests a second: 100 for each client, up to 800, where no ``middle`` is given."""
    middle = 100.0 * min(clients, 8) if middle is None else middle
    values = [middle + step for step in range(-10, 11)]
    fields = {"probe": "made_up", "params": {"clients": int(clients)}, **fields}
    return measurement(values, baseline=(), unit="/s", **fields)


def sweep(
    items: Mapping[str, Measurement], name: str = "ballast_mb", title: str = ""
) -> Measurements:
    """Return measurements as a sweep over a parameter, at the values that each of them has."""
    values = [item.params[name] for item in items.values()]
    unit = "MB" if name.endswith("_mb") else ""
    return Measurements(items, varied=of_params(name, values, title, unit))


def sizes(*costs: float, spread: float = 0.01, probe: str = "fork", **params) -> Measurements:
    """Return a sweep over sizes in MB, of ``fork`` or of a probe with these parameters beside."""
    params = params or {"pages": "4k", "timed": "call"}
    places = [0, 64, 128, 256][: len(costs)]
    items = {
        str(mb): around(cost, spread, probe=probe, params={"ballast_mb": mb, **params})
        for mb, cost in zip(places, costs, strict=True)
    }
    return sweep(items)


def lists(*costs: float, spread: float = 0.01) -> Measurements:
    """Return the sweep that the toy course asks for: counting longer and longer lists."""
    return sizes(*costs, spread=spread, probe="first_write", after="nothing", write="first")


def calls(system: float = 300, call: float = 30, **fields) -> Measurements:
    """Return the two results of the toy experiment about calls, which is kept on no one CPU."""
    fields = {"params": {}, "conditions": {}, **fields}
    return Measurements({
        "function_call": around(call, probe="function_call", **fields),
        "system_call": around(system, probe="system_call", **fields),
    })  # fmt: skip


def twice_forked(child: list[str], *prints: str) -> Observation:
    """Return a run of ``fork_twice`` in which the child printed this, and who printed when."""
    names = ("parent", "child")
    return Observation(
        "fork_twice", "t", {}, HOST, RUNTIME, {"by": {"parent": ["one", "two"], "child": child}},
        tuple(Actor(name, "process") for name in names),
        tuple(Event(t, who, "print", {"text": "x"}) for t, who in enumerate(prints)),
        tuple(Ending(name, "exited", 9, by="waitid", code=0) for name in names),
    )  # fmt: skip


def start(prediction: str, asked_by: str = "cell", **changes) -> hooks.Start:
    """Return the news that a prediction's own experiment is about to be measured.

    Args:
        prediction: its id.
        changes: parameters that differ from the experiment's; ``pinned`` likewise.
    """
    wanted = experiments.experiment(prediction)
    pinned = changes.pop("pinned", wanted.pinned)
    values = (0, 64, 128) if wanted.axis else (None,)
    specs = [
        (probe, {**params, **({wanted.axis: value} if wanted.axis else {}), **changes})
        for probe, params in wanted.specs
        for value in values
    ]
    return hooks.Start(tuple(specs), pinned, asked_by)
