"""When is enough measured? With a worker made up for it and a clock that only the test turns."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conclib.lab import probe_files, running, sampling
from conclib.lab.sampling import Sampler, sample
from conclib.lab.variants import Options, Variant
from conclib.probes import _driver
from conclib.results import Measurement, WorkerError, statistics
from conclib.worker import forms
from tests.made_up import HOST

STEADY = 1000.0
COSTS = st.floats(1e-7, 0.5)  # seconds for one sample


class Clock:
    """Seconds that pass only when somebody lets them."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class FakeWorker:
    """Answers as a worker does, with values from ``source``, each taking ``cost`` seconds."""

    def __init__(self, clock: Clock, cost: float, source: Callable[[], float]) -> None:
        self.clock, self.cost, self.source = clock, cost, source
        self.asked: list[int] = []

    def ask(self, ask: str, samples: int) -> None:
        assert ask == "batch"
        self.asked.append(samples)

    def answer(self, expected: type[forms.Message]) -> forms.Message:
        assert expected is forms.Batch
        values = [self.source() for _ in range(self.asked[-1])]
        self.clock.now += self.cost * len(values)
        good = [value for value in values if value > 0]
        return forms.Batch(good, [1.0], len(values) - len(good), 1)


def sampler(
    share: float = 1.0, cost: float = 0.001, source: Callable[[], float] = lambda: STEADY
) -> Sampler:
    """Return a calibrated sampler on a worker of its own."""
    clock = Clock()
    made = Sampler(FakeWorker(clock, cost, source), share, clock)
    made.calibrated(1, cost * 1e9, 3)
    return made


def finish(item: Sampler) -> list[list[float]]:
    """Sample to the end and return the batches."""
    batches = []
    sample([item], lambda place, values: batches.append(list(values)))
    return batches


def count_up() -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1


# When it stops ------------------------------------------------------------------------------------
def test_it_stops_when_the_interval_is_narrow_and_not_before_twenty():
    """One value a batch here, so that the moment is seen exactly."""
    item = sampler(share=100.0, cost=0.031)
    assert {len(batch) for batch in finish(item)} == {1}
    assert len(item.values) == 20


def test_it_goes_on_while_the_interval_is_wide():
    numbers = count_up()
    item = sampler(share=2.0, cost=0.001, source=lambda: 100.0 if next(numbers) % 2 else 1000.0)
    finish(item)
    assert statistics.half_width(item.values) > sampling.TARGET
    assert item.spent >= 2.0


def test_it_stops_as_soon_as_wide_becomes_narrow():
    """At first it varies by half; once the steady values outweigh that, it is over."""
    early = iter([500.0, 1000.0] * 15)
    item = sampler(share=1e6, cost=0.031, source=lambda: next(early, STEADY))
    finish(item)
    assert statistics.half_width(item.values) <= sampling.TARGET
    assert statistics.half_width(item.values[:-1]) > sampling.TARGET


def test_one_value_is_taken_even_if_it_takes_longer_than_the_share():
    item = sampler(share=0.01, cost=5.0)
    assert finish(item) == [[STEADY]]


@given(
    share=st.floats(0.003, 20),
    cost=COSTS,
    values=st.lists(st.floats(1, 1e6), min_size=1, max_size=8),
)
def test_it_always_ends_and_for_one_of_two_reasons(share, cost, values):
    assume(share / cost < 20_000)
    numbers = count_up()
    item = sampler(share, cost, lambda: values[next(numbers) % len(values)])
    batches = finish(item)
    sure = len(item.values) >= 20 and statistics.half_width(item.values) <= sampling.TARGET
    assert sure or item.spent >= share
    assert item.values == [value for batch in batches for value in batch]
    assert all(1 <= size <= sampling.MAX_IN_BATCH for size in item.worker.asked)
    before_last = item.spent - cost * item.worker.asked[-1]
    assert len(batches) == 1 or before_last < share, "a batch too many"
    assert item.run().values == tuple(item.values)


@given(cost=COSTS)
def test_a_batch_takes_about_its_time_and_never_more_than_is_left(cost):
    item = sampler(share=0.2, cost=cost)
    size = item.next_size()
    assert size == 1 or size * cost <= sampling.BATCH_NS / 1e9 * 1.000001
    item.spent = 0.2 - cost * 2.5
    assert item.next_size() <= 3


# Refused values -----------------------------------------------------------------------------------
def test_values_of_a_clock_that_stood_still_are_counted_and_more_are_taken():
    """Row 34: one of two is refused; there are still twenty good ones."""
    numbers = count_up()
    item = sampler(share=100.0, cost=0.031, source=lambda: STEADY if next(numbers) % 2 else 0.0)
    finish(item)
    assert len(item.values) == 20
    assert item.refused in (20, 21)
    assert set(item.values) == {STEADY}


def test_a_clock_that_never_moves_is_given_up():
    item = sampler(share=0.01, cost=1e-9, source=lambda: 0.0)
    with pytest.raises(WorkerError, match="no time was seen to pass"):
        finish(item)


# Taking turns -------------------------------------------------------------------------------------
def test_several_take_turns_and_who_has_enough_drops_out():
    items = [sampler(share=0.1, cost=0.031, source=lambda: STEADY) for _ in range(3)]
    items[1].share = 0.05
    order = []
    sample(items, lambda place, values: order.append(place))
    assert order == [0, 1, 2, 0, 1, 2, 0, 2, 0, 2]


# One run as the lab makes it ----------------------------------------------------------------------
class Talking(FakeWorker):
    """A fake worker that also sets up, calibrates and ends."""

    def __init__(self, clock: Clock, cost: float, source: Callable[[], float]) -> None:
        super().__init__(clock, cost, source)
        self.script: list[forms.Message] = []

    def send_request(self) -> None:
        self.script = [
            forms.Ready("3.11.7", forms.Conditions(throttled=0)),
            forms.Phase("setup"),
            forms.Phase("calibrate"),
            forms.Phase("calibrated", loops=4, value=100.0, warmups=2),
        ]

    def ask(self, ask: str, samples: int = 0) -> None:
        if ask == "done":
            self.script = [forms.Done("seen", forms.Conditions(throttled=2))]
        else:
            super().ask(ask, samples)

    def answer(self, expected: type[forms.Message]) -> forms.Message:
        if expected is forms.Batch:
            return super().answer(expected)
        message = self.script.pop(0)
        assert type(message) is expected
        return message

    def leave(self) -> None:
        """Nothing to leave."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """One clock for all samplers that the lab makes."""
    made = Clock()
    real = sampling.Sampler
    monkeypatch.setattr(sampling, "Sampler", lambda worker, share: real(worker, share, made))
    return made


def fake_lab(monkeypatch: pytest.MonkeyPatch, workers: Callable[[], list[Talking]]) -> list:
    """Let the lab's runs talk to fake workers; return the deadlines and numbers of workers."""
    seen = []

    def run_workers(requests, use, *, deadline, stop):
        seen.append((len(requests), deadline))
        return use(workers()[: len(requests)])

    monkeypatch.setattr(running, "run_workers", run_workers)
    monkeypatch.setattr(running, "crowded", lambda: False)
    monkeypatch.setattr(running.machines, "host", lambda: HOST)
    return seen


def chosen(*names: str) -> list[Variant]:
    """Return variants of probes at their defaults."""
    found = [probe_files.probe(name) for name in names]
    return [Variant(info.name, info, info.complete({})) for info in found]


def noisy() -> Callable[[], float]:
    numbers = count_up()
    return lambda: [100.0, 1000.0][next(numbers) % 2]


def test_the_budget_is_shared_by_runs_and_variants(clock, monkeypatch):
    """Three runs of two variants: each worker spends a sixth."""
    made = []

    def workers() -> list[Talking]:
        made.append([Talking(clock, 0.001, noisy()) for _ in range(2)])
        return made[-1]

    seen = fake_lab(monkeypatch, workers)
    found = running.run_all(chosen("pthread", "fork"), Options(budget=1.2, runs=3))
    assert [count for count, _ in seen] == [2, 2, 2]
    assert list(found) == ["pthread", "fork"]
    for item in found.values():
        assert len(item.runs) == 3
        for run in item.runs:
            assert 0.2 <= len(run.values) * 0.001 <= 0.2 + sampling.BATCH_NS / 1e9


@pytest.mark.parametrize("budget", [0.01, 1.0, 60.0])
@pytest.mark.parametrize("runs", [1, 3, 10])
def test_the_deadline_covers_set_up_and_the_whole_share(clock, monkeypatch, budget, runs):
    seen = fake_lab(monkeypatch, lambda: [Talking(clock, 0.5, lambda: STEADY)])
    running.run_all(chosen("pthread"), Options(budget=budget, runs=runs))
    assert {deadline for _, deadline in seen} == {running.SETUP + budget / runs}


@pytest.mark.parametrize(
    ("word", "scale", "workers"),
    [("smoke", 0.1, 1), ("quick", 0.35, 2), ("full", 4.0, 3), ("", 1.0, 3), ("?", 1.0, 3)],
)
def test_conclib_budget_scales_but_never_above_the_cap(monkeypatch, word, scale, workers):
    monkeypatch.setenv("CONCLIB_BUDGET", word)
    assert Options(budget=1.0).seconds == scale
    assert Options(budget=60.0).seconds == min(60 * scale, 60.0)
    assert Options().workers == workers
    assert Options(runs=5).workers == 5, "what was asked for is what is done"


@given(
    runs=st.integers(1, 4),
    costs=st.lists(st.floats(0.0001, 0.2), min_size=1, max_size=3),
    steady=st.booleans(),
)
def test_progress_only_grows_and_ends_at_one(runs, costs, steady):
    told = []
    with pytest.MonkeyPatch.context() as patch:
        made = Clock()
        real = sampling.Sampler
        patch.setattr(sampling, "Sampler", lambda worker, share: real(worker, share, made))
        fake_lab(
            patch,
            lambda: [
                Talking(made, cost, (lambda: STEADY) if steady else noisy()) for cost in costs
            ],
        )
        names = ["pthread", "fork", "empty"][: len(costs)]
        running.run_all(chosen(*names), Options(budget=0.3, runs=runs, on_progress=told.append))
    fractions = [one.fraction for one in told]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0
    assert {one.run for one in told} == set(range(1, runs + 1))
    assert all(one.runs == runs for one in told)
    for name in names:
        phases = [one.phase for one in told if one.probe == name and one.run == 1]
        assert phases[:3] == ["setup", "setup", "calibrate"]
        assert set(phases[3:]) == {"measure"}


@pytest.mark.parametrize(("unit", "text"), [("ns", "999 ns"), ("/s", "999 /s")])
def test_a_result_has_the_unit_that_its_probe_declares(clock, monkeypatch, unit, text):
    fake_lab(monkeypatch, lambda: [Talking(clock, 0.001, lambda: STEADY)])
    ((label, info, params),) = ((v.label, v.info, v.params) for v in chosen("fork"))
    counting = Variant(label, replace(info, unit=unit), params)
    item = running.run_all([counting], Options(budget=0.1, runs=1))[label]
    assert (item.unit, item.net_text) == (unit, text)


def test_a_result_is_made_of_all_runs(clock, monkeypatch):
    fake_lab(monkeypatch, lambda: [Talking(clock, 0.001, lambda: STEADY)])
    item = running.run_all(chosen("fork"), Options(budget=0.1, runs=2))["fork"]
    assert isinstance(item, Measurement)
    assert item.source == "live"
    assert item.conditions["throttled"] == 4, "added up over the runs"
    assert item.conditions["verified"] == "seen"
    assert (item.runs[0].loops, item.runs[0].warmups) == (4, 2)
    assert any("quota" in reason for reason in item.unstable)


def test_a_refused_value_is_a_reason_for_doubt(clock, monkeypatch):
    numbers = count_up()
    source = lambda: STEADY if next(numbers) % 2 else 0.0  # noqa: E731
    fake_lab(monkeypatch, lambda: [Talking(clock, 0.001, source)])
    item = running.run_all(chosen("fork"), Options(budget=0.1, runs=1))["fork"]
    assert any("clock stood still or went back" in reason for reason in item.unstable)


# The driver's own loops ---------------------------------------------------------------------------
class Body:
    """A body that takes ``cost`` ns a loop on a clock that moves in steps of ``step`` ns."""

    def __init__(self, cost: float, step: int = 1, errors: Iterator[int] | None = None) -> None:
        self.cost, self.step, self.errors = cost, step, errors or iter(())
        self.now = 0.0
        self.calls: list[int] = []

    def __call__(self, state: object, loops: int) -> None:
        self.calls.append(loops)
        self.now += self.cost * loops

    def clock(self) -> int:
        return int(self.now // self.step) * self.step + next(self.errors, 0)


@given(cost=st.floats(0.5, 1e8), step=st.sampled_from([1, 100, 1000, 10_000]))
def test_loops_are_doubled_until_a_value_is_long_enough(cost, step):
    body = Body(cost, step)
    loops, value, warmups = _driver.calibrate(body, None, body.clock)
    assert loops == 2 ** int(math.log2(loops))
    assert warmups == len(body.calls)
    assert value >= 0
    assert value * loops >= _driver.LONG_ENOUGH or loops == _driver.MAX_LOOPS
    assert loops == 1 or cost * loops / 2 < _driver.LONG_ENOUGH + step, "more than was needed"


def test_a_slow_body_is_warmed_up_once():
    body = Body(_driver.SLOW)
    assert _driver.calibrate(body, None, body.clock) == (1, float(_driver.SLOW), 1)


@pytest.mark.parametrize("error", [-(10**9), 0])
def test_a_clock_set_back_while_calibrating_asks_for_more_loops(error):
    """Row 34: each reading falls behind the last one, as far as it is looked at."""
    body = Body(100.0, errors=iter([0, error, 0, error, 0, error]))
    loops, value, _ = _driver.calibrate(body, None, body.clock)
    assert loops >= 256
    assert value == 100.0


def test_a_clock_that_stands_still_ends_at_the_most_loops():
    body = Body(100.0)
    loops, value, _ = _driver.calibrate(body, None, lambda: 7)
    assert (loops, value) == (_driver.MAX_LOOPS, 0.0)


class Probe:
    """A probe with a body and a baseline of its own."""

    def __init__(self, body: Body, baseline: Body | None = None) -> None:
        self.body = body
        if baseline is not None:
            self.baseline = baseline


def test_a_batch_discards_its_first_value_where_asked():
    for discard in (True, False):
        body = Body(100.0)
        answer = _driver.batch(Probe(body), None, 8, 5, discard, body.clock)
        assert answer["values"] == [100.0] * 5
        assert body.calls == [8] * (6 if discard else 5)


def test_baseline_values_stand_between_the_first_values():
    body = Body(100.0)
    probe = Probe(body, lambda state, loops: 7.0 * loops)
    answer = _driver.batch(probe, None, 4, 12, False, body.clock)
    assert answer["baseline"] == [7.0] * _driver.BASELINES
    assert len(answer["values"]) == 12


def test_a_value_of_no_time_or_less_is_refused_and_counted():
    """Steps of the clock: 0 and backward; what is left is right."""
    body = Body(100.0, errors=iter([0, 0, 0, -100, 0, -(10**6)]))
    body.baseline = None
    probe = Probe(body, lambda state, loops: 0.0)
    answer = _driver.batch(probe, None, 1, 4, False, body.clock)
    assert answer["refused"] >= 1
    assert len(answer["values"]) + answer["refused"] == 4
    assert all(value > 0 for value in answer["values"])


def test_a_body_that_times_a_part_is_believed_and_divided_by_its_loops():
    assert _driver.one_value(lambda state, loops: 50.0 * loops, None, 4, lambda: 0) == 50.0


def test_the_driver_serves_until_it_is_asked_to_end():
    said, body = [], Body(100.0)
    say = lambda what, **details: said.append((what, details))  # noqa: E731
    asked = iter([b'{"ask": "batch", "samples": 3}', b'{"ask": "done"}', b"not read"])
    _driver.serve(Probe(body), None, say, asked, body.clock)
    assert [what for what, _ in said] == ["phase", "phase", "batch"]
    assert next(asked) == b"not read"
    with pytest.raises(_driver.CallerGone):
        _driver.serve(Probe(body), None, say, iter(()), body.clock)
