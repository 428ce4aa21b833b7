"""Make the experiment of a prediction from a cell, and see that it locks."""

from conclib import lab
from conclib.lesson import registry, store, texts
from conclib.lesson.predicting import experiments
from conclib.results import hooks


def made(wanted: experiments.Experiment) -> list:
    """Measure an experiment, or observe it, as quickly as possible; return the results."""
    cpu = "one" if wanted.pinned else None
    quick = {"budget": 0.02, "runs": 1, "cpu": cpu}
    (probe, params), *more = wanted.specs
    if lab.catalogue()[probe].kind == "facts":
        return [lab.observe(name, cpu=cpu, **some) for name, some in wanted.specs]
    if wanted.axis and not more:
        return [*lab.sweep(probe, **{**params, wanted.axis: [1, 2, 3]}, **quick).values()]
    specs = {str(number): spec for number, spec in enumerate(wanted.specs)}
    return [*lab.measure_many(specs, **quick).values()]


def require_lock(id: str) -> None:
    """Fail unless what is made of a prediction's experiment in a cell answers it."""
    registry.opened(texts.entry("predictions", id)["chapter"])
    news: list[hooks.Start] = []
    with hooks.on_start.heard_by(news.append):
        items = made(experiments.experiment(id))
    assert experiments.answered([id], news[0]) == [id]
    assert experiments.matches(id, items)
    assert any(r["event"] == "revealed" and r["id"] == id for r in store.read(store.PREDICTIONS))
