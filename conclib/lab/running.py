"""Running it: fresh workers, several runs, interleaved; or a recording where nothing can run."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conclib.inspecting import Room
from conclib.inspecting import room as memory_room
from conclib.lab import machines, resources, sampling
from conclib.lab.alone import CROWDED, alone, crowded
from conclib.lab.variants import (
    Options,
    Variant,
    ballast,
    check_memory,
    fits,
)
from conclib.results import (
    ConclibError,
    Measurement,
    ProtocolError,
    Run,
    Unavailable,
    WorkerError,
    hooks,
    recordings,
    statistics,
)
from conclib.results.hooks import Progress
from conclib.worker import Worker, run_workers

if TYPE_CHECKING:
    from conclib.worker.forms import Ready

SETUP = 20.0  # seconds a worker may take beside its share of the budget
CLOCK = "the clock stood still or went back for some values"
LOOPLESS = (
    "its time does not grow with loops, so it is divided by far too many: the body has to do its "
    "work in `for _ in range(loops):`"
)
MAX_LOOPS = 2**20  # of one value; a body that loops so often takes far longer than is asked for
SHORTEST = 2_000  # ns for all loops together; a body that loops is given loops for ten times that


def run_all(variants: list[Variant], options: Options) -> dict[str, Measurement]:
    """Measure all variants live; what is not available is looked for among the recordings."""
    room = memory_room()
    groups = _groups(variants, room)
    for group in groups:
        check_memory(group, room)
    options = replace(options, on_progress=_Forward(options.tell))
    largest = [(each.info, each.params) for each in max(groups, key=ballast)]
    with resources.reserved(largest):
        found = alone(lambda: _measure_groups(groups, options))
    hooks.on_finish.fire([item for item in found.values() if item.source == "live"])
    return {variant.label: found[variant.label] for variant in variants}


def _measure_groups(groups: list[list[Variant]], options: Options) -> dict[str, Measurement]:
    everything = [variant for group in groups for variant in group]
    specs = tuple((variant.info.name, variant.params) for variant in everything)
    hooks.on_start.fire(hooks.Start(specs, options.pin is not None, hooks.asked_by.get()))
    found: dict[str, Measurement] = {}
    for number, group in enumerate(groups):
        share = options.with_share(len(group) / len(everything))
        found |= _measure_group(group, share, (number, len(groups)))
    return found


class _Forward:
    """Tell progress that never goes back, also where something has to be measured again."""

    def __init__(self, tell: Callable[[Progress], None]) -> None:
        self.tell, self.most = tell, 0.0

    def __call__(self, progress: Progress) -> None:
        self.most = max(self.most, progress.fraction)
        self.tell(replace(progress, fraction=self.most))


def _groups(variants: list[Variant], room: Room) -> list[list[Variant]]:
    """Split into groups whose memory fits together: the cap is for all that lives at a time."""
    groups: list[list[Variant]] = [[]]
    for variant in variants:
        if groups[-1] and not fits([*groups[-1], variant], room):
            groups.append([])
        groups[-1].append(variant)
    return groups


def _measure_group(
    variants: list[Variant], options: Options, part: tuple[int, int]
) -> dict[str, Measurement]:
    try:
        return _live(variants, options, part)
    except (Unavailable, WorkerError) as failure:
        if isinstance(failure, ProtocolError):
            raise
        if len(variants) == 1:
            return {variants[0].label: _recorded(variants[0], options, failure)}
    # one of several failed: each for itself, so that only that one is replaced
    found: dict[str, Measurement] = {}
    each = options.with_share(1 / len(variants))
    for variant in variants:
        found |= _measure_group([variant], each, part)
    return found


def _recorded(variant: Variant, options: Options, failure: ConclibError) -> Measurement:
    if options.python is not None:  # no recording is of the Python that was asked for
        raise failure
    try:
        asked = variant.info.name, variant.params, options.pin is not None
        item = recordings.find(Measurement, *asked)
    except OSError:  # no descriptor is left to open it with
        item = None
    if item is None:
        raise failure from None
    return replace(item, notes=(*item.notes, f"not measured here: {failure}"))


def _live(
    variants: list[Variant], options: Options, part: tuple[int, int]
) -> dict[str, Measurement]:
    """Measure in fresh workers, ``options.workers`` times, and put the runs together."""
    collected: list[list[Run]] = [[] for _ in variants]
    endings: list[list[dict[str, Any]]] = [[] for _ in variants]
    refused, beside = 0, False
    requests = [variant.request(options) for variant in variants]
    for run in range(options.workers):
        beside = beside or crowded()
        one = _OneRun(variants, options, run, part)
        samplers, ends = run_workers(requests, one, deadline=one.limit, stop=options.stop)
        for place, sampler in enumerate(samplers):
            collected[place].append(sampler.run())
            endings[place].append(ends[place])
            refused += sampler.refused
        beside = beside or crowded()
    notes = [note for note, true in ((CLOCK, refused), (CROWDED, beside)) if true]
    return {
        variant.label: _result(
            variant, collected[place], endings[place], notes + _loopless(variant, collected[place])
        )
        for place, variant in enumerate(variants)
    }


def _loopless(variant: Variant, runs: list[Run]) -> list[str]:
    """Say so if a probe of the student's own takes no longer for a million loops than for one."""
    if variant.info.text is None:
        return []
    each = [run.loops * statistics.median(run.values) for run in runs if run.values]
    too_many = any(run.loops >= MAX_LOOPS for run in runs)
    return [LOOPLESS] if each and (too_many or (max(each) < SHORTEST and runs[0].loops > 1)) else []


class _OneRun:
    """One run: a fresh worker for each variant, interleaved. Called with the started workers."""

    def __init__(
        self, variants: list[Variant], options: Options, run: int, part: tuple[int, int]
    ) -> None:
        self.variants, self.options, self.run, self.part = variants, options, run, part
        self.limit = SETUP + options.seconds / options.workers
        self.samplers: list[sampling.Sampler] = []

    def __call__(
        self, workers: list[Worker]
    ) -> tuple[list[sampling.Sampler], list[dict[str, Any]]]:
        share = self.options.seconds / self.options.workers / len(workers)
        self.samplers = [sampling.Sampler(worker, share) for worker in workers]
        starts = [self._prepare(place, worker) for place, worker in enumerate(workers)]
        sampling.sample(self.samplers, self._tell)
        ends = [self._finish(place, worker, starts[place]) for place, worker in enumerate(workers)]
        return self.samplers, ends

    def _prepare(self, place: int, worker: Worker) -> "Ready":
        """Set up and calibrate one worker; one after another, so that none disturbs another."""
        from conclib.worker import forms

        self._tell(place, [], "setup")
        worker.send_request()
        ready = worker.answer(forms.Ready)
        phase = worker.answer(forms.Phase)
        while phase.figures is None:
            self._tell(place, [], phase.name)
            phase = worker.answer(forms.Phase)
        self.samplers[place].calibrated(*phase.figures)
        return ready

    def _finish(self, place: int, worker: Worker, ready: "Ready") -> dict[str, Any]:
        from conclib.worker import forms

        worker.ask(ask="done")
        done = worker.answer(forms.Done)
        end = {**ready.conditions.plain(), **done.conditions.plain()}
        end |= {"python": ready.python, "verified": done.verified}
        if done.idle is not None:
            end["idle"] = done.idle
        if self.variants[place].info.text is not None and worker.printed().strip():
            end["printed"] = worker.printed()  # a student who debugs with print wants to see it
        return end

    def _tell(self, place: int, values: list[float], phase: str = "measure") -> None:
        sampler, variant = self.samplers[place], self.variants[place]
        base = sorted(sampler.baseline)[len(sampler.baseline) // 2] if sampler.baseline else 0.0
        self.options.tell(
            Progress(
                label=variant.label,
                probe=variant.info.name,
                phase=phase,
                run=self.run + 1,
                runs=self.options.workers,
                values=tuple(values),
                baseline=base,
                fraction=self._fraction(),
                limit=self.limit,
            )
        )

    def _fraction(self) -> float:
        """The share of all that is done; a variant that was sure early counts as done."""
        done = sum(1.0 if s.finished else min(s.spent / s.share, 1.0) for s in self.samplers)
        within_part = (self.run + done / len(self.samplers)) / self.options.workers
        number, parts = self.part
        return min((number + within_part) / parts, 1.0)


def _result(
    variant: Variant, runs: list[Run], ends: list[dict[str, Any]], notes: Sequence[str]
) -> Measurement:
    conditions = machines.merged_conditions(ends)
    return Measurement(
        probe=variant.info.name,
        title=variant.info.title,
        times=variant.info.times_for(variant.params),
        params=variant.params,
        runs=tuple(runs),
        unit=variant.info.unit,
        host=machines.host(),
        runtime=machines.runtime(ends[-1]["python"], ends[-1]),
        conditions=conditions,
        source="live",
        date=datetime.date.today().isoformat(),
        notes=(*notes, *machines.doubts(conditions)),
    )
