"""The simulator of threading models: by hand, by properties, by theory, by another simulator."""

import math
import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conclib.models import bursts, simulation
from conclib.models.bursts import BLOCK, COMPUTE, WAIT, Burst, parse, programs, workload, written
from conclib.models.case import MODELS, Case, case
from conclib.models.simulating import simulated
from conclib.models.simulation import Simulation

MS = 1_000_000
LEVEL = "C5; C1 W5 C1; C2 W2 C1"  # a case that is known by hand: first come needs 12 ms
HEARTS = {f"heart {n}": "C0.1 " + "W4 C0.1 " * 10 for n in range(8)}


def run(model: str, tasks, **more) -> Simulation:
    return simulated(case(model, programs(tasks), **{"slice_ms": None, **more}))


def ms(ns: float) -> float:
    return ns / MS


# By hand ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", MODELS)
def test_on_one_cpu_all_models_play_cards_without_blocking_alike(model):
    more = {"kernel_threads": 1} if model == "M:N" else {}
    assert ms(run(model, LEVEL, cpus=1, **more).end_ns) == 12


def test_a_wait_frees_its_kernel_thread_and_a_block_does_not():
    assert ms(run("N:1", "C1 W5 C1; C5").end_ns) == 7
    assert ms(run("N:1", "C1 B5 C1; C5").end_ns) == 12
    assert ms(run("1:1", "C1 B5 C1; C5", cpus=1).end_ns) == 7


def test_n_to_one_uses_one_cpu_however_many_there_are():
    tasks = ["C4"] * 4
    assert ms(run("N:1", tasks, cpus=4).end_ns) == 16
    assert ms(run("1:1", tasks, cpus=4).end_ns) == 4
    assert ms(run("M:N", tasks, cpus=4, kernel_threads=2).end_ns) == 8


def test_events_say_who_ran_where_why_it_stopped_and_who_woke_it():
    found = run("N:1", {"A": "C1 W2 C1", "B": "C2 B1"})
    told = [(ms(each.t_ns), each.what, each.task, each.why, each.by) for each in found.events]
    assert (0, "ready", "A", "", "arrives") in told
    assert (1, "stops", "A", "waits", "") in told
    assert (1, "runs", "B", "", "") in told
    assert (3, "ready", "A", "", "timer") in told
    assert (3, "stops", "B", "blocks", "") in told
    assert (4, "stops", "B", "done", "") in told
    assert (5, "stops", "A", "done", "") in told
    runs = [each for each in found.events if each.what == "runs"]
    assert {(each.kernel_thread, each.cpu) for each in runs} == {("K1", "CPU 1")}
    woken = [each for each in run("M:N", "C1 W1 C1").events if each.what == "wakes"]
    assert [each.by for each in woken] == ["T1", "T1"]


def test_switches_cost_what_they_cost_and_only_where_there_is_one():
    alone = run("1:1", "C5", linux_switch_ns=100, user_switch_ns=7)
    assert (alone.end_ns, alone.switches(simulation.LINUX_SWITCH)) == (5 * MS + 100, 1)
    two = run("N:1", "C5; C5", linux_switch_ns=100, user_switch_ns=7)
    assert two.end_ns == 10 * MS + 100 + 2 * 7
    assert two.overhead == pytest.approx(114 / (2 * two.end_ns))


def test_going_on_with_the_same_is_no_switch():
    found = run("N:1", "C1 W3 C1", linux_switch_ns=100, user_switch_ns=7)
    assert found.end_ns == 5 * MS + 100 + 7


def test_time_slices_let_others_run():
    found = run("1:1", "C4; C4", cpus=1, slice_ms=1)
    assert ms(found.longest_pause_ns()) == 1
    assert {e.why for e in found.events if e.what == "stops"} == {simulation.SLICE, "done"}
    found = run("N:1", "C4; C4", user_slice_ms=1)
    assert ms(found.longest_pause_ns()) == 1
    assert {e.why for e in found.events if e.what == "stops"} == {simulation.USER_SLICE, "done"}
    assert ms(run("N:1", "C4; C4").longest_pause_ns()) == 4


def test_whoever_is_ready_late_gets_the_cpu_of_one_whose_slice_is_over():
    found = run("1:1", "C9; C1", cpus=1, slice_ms=1, arrive_ms=[0, 3.5])
    assert ms(found.done_ns["T2"]) == 4.5


def test_without_stealing_a_kernel_thread_keeps_its_tasks_to_itself():
    tasks = "C8; C1; C1; C1"  # T1 and T3 belong to K1
    assert ms(run("M:N", tasks, stealing=False).done_ns["T3"]) == 9
    assert ms(run("M:N", tasks, stealing=True).done_ns["T3"]) < 9
    late = "C1 W1 C1; C1; C5"  # T1 could run again while K1 runs T3, and K2 has nothing to do
    assert ms(run("M:N", late, stealing=False).done_ns["T1"]) == 7
    assert ms(run("M:N", late, stealing=True).done_ns["T1"]) == 3


def test_a_task_that_was_taken_by_another_kernel_thread_comes_back_to_that_one():
    found = run("M:N", "C4; C1; C1 W5 C1", cpus=2)
    assert [e.kernel_thread for e in found.events if (e.task, e.what) == ("T3", "runs")] == [
        "K2"
    ] * 2


# Held up by a call: in direction as the real runs -------------------------------------------------
def paused(model: str, readers: int, **more) -> float:
    """Return the longest pause of a heart, in ms, while readers are in a call for 40 ms."""
    reading = {f"reader {n}": "C0.1 W1 B40 C0.1" for n in range(readers)}
    found = run(model, {**HEARTS, **reading}, **more)
    return ms(max(found.longest_pause_ns(name) for name in HEARTS))


def test_a_blocking_call_holds_all_up_in_n_to_one_and_nobody_in_one_to_one():
    assert paused("N:1", 1) >= 35
    assert paused("1:1", 1) < 4
    assert paused("1:1", 20) < 4


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_m_to_n_stands_still_from_as_many_readers_as_kernel_threads(threads):
    pauses = [paused("M:N", readers, kernel_threads=threads) for readers in range(threads + 2)]
    assert all(pause < 4 for pause in pauses[:threads])
    assert all(pause >= 35 for pause in pauses[threads:])


def test_spare_kernel_threads_take_the_place_of_sleepers():
    assert paused("M:N", 6, kernel_threads=2, spare=6) < 4
    assert paused("M:N", 6, kernel_threads=2, spare=3) >= 35
    reading = {f"reader {n}": "C0.1 W1 B40 C0.1" for n in range(6)}
    found = run("M:N", {**HEARTS, **reading}, kernel_threads=2, spare=100)
    assert found.os_threads == 2 + 6  # one for each call, and not one more
    assert found.standstill_ns == 0
    again = run("M:N", "C1 B2 C1 B2 C1 B2 C1; C20", kernel_threads=1, spare=9)
    assert again.os_threads == 2  # the one that came back takes the next place


def test_a_kernel_thread_of_a_task_ends_with_it():
    assert run("1:1", "C1; C1", arrive_ms=[0, 5]).os_threads == 1


def test_a_standstill_is_counted_where_every_kernel_thread_sleeps():
    assert ms(run("N:1", "C1 B6; C1").standstill_ns) == 6
    assert ms(run("N:1", "C1 B2 C4; C1").standstill_ns) == 2  # and not while it runs again
    assert run("N:1", "C1 B6").standstill_ns == 0  # nobody was held up
    assert run("1:1", "C1 B6; C1", cpus=1).standstill_ns == 0


# Whatever the case --------------------------------------------------------------------------------
lengths = st.integers(1, 8 * MS) | st.integers(1, 8).map(lambda n: n * MS)
burst = st.builds(Burst, st.sampled_from([COMPUTE, COMPUTE, WAIT, BLOCK]), lengths)
program = st.lists(burst, min_size=1, max_size=5).map(tuple)
slices = st.none() | st.sampled_from([MS, 2_500_000])


@st.composite
def cases(draw, costs: tuple = (0, 1, 1700), **fixed) -> Case:
    cost = st.sampled_from(costs)
    found = draw(st.lists(program, min_size=1, max_size=7))
    model, count = fixed.get("model") or draw(st.sampled_from(MODELS)), len(found)
    own = {"1:1": count, "N:1": 1}.get(model) or draw(st.integers(1, 4))
    return Case(
        model=model,
        programs={f"T{n}": each for n, each in enumerate(found, 1)},
        cpus=draw(st.integers(1, 3)),
        kernel_threads=own,
        spare=draw(st.integers(0, 3)) if model == "M:N" else 0,
        slice_ns=draw(slices),
        user_slice_ns=draw(slices),
        user_switch_ns=draw(cost),
        linux_switch_ns=draw(cost),
        stealing=draw(st.booleans()),
        arrive_ns=tuple(draw(st.integers(0, 9 * MS)) for _ in found),
    )


def apart(spans: list[tuple[int, int]]) -> bool:
    """Tell whether no two spans of time overlap."""
    return all(one[1] <= other[0] for one, other in pairwise(sorted(spans)))


@given(cases())
def test_nothing_is_lost_and_nobody_is_in_two_places(made):
    found = simulated(made)
    assert set(found.done_ns) == set(made.programs)
    for name, each, arrival in zip(
        made.programs, made.programs.values(), made.arrive_ns, strict=True
    ):
        ran = [p for p in found.pieces if p.task == name and p.what == simulation.RUN]
        assert sum(p.end - p.start for p in ran) == sum(b.ns for b in each if b.kind == COMPUTE)
        assert apart([p[:2] for p in ran])
        own = sum(b.ns for b in each)
        assert found.done_ns[name] == arrival + own + found.waiting_ns[name]
    for cpu in {p.cpu for p in found.pieces}:
        assert apart([p[:2] for p in found.pieces if p.cpu == cpu])
    for thread in found.kernel_threads:
        busy = [p[:2] for p in found.pieces if p.kernel_thread == thread]
        assert apart(busy + [s[:2] for s in found.sleeps if s.kernel_thread == thread])


SMALL = st.builds(Burst, st.sampled_from([COMPUTE, COMPUTE, WAIT, BLOCK]), st.integers(1, 9))


@st.composite
def aligned_cases(draw) -> Case:
    """Bursts and time slices of a few ns: many of them end at the same moment."""
    tasks = draw(
        st.lists(st.lists(SMALL, min_size=1, max_size=4).map(tuple), min_size=1, max_size=6)
    )
    model, slices = draw(st.sampled_from(MODELS)), st.sampled_from([None, 1, 3])
    return Case(
        model=model,
        programs={f"T{n}": each for n, each in enumerate(tasks, 1)},
        cpus=draw(st.integers(1, 2)),
        kernel_threads={"1:1": len(tasks), "N:1": 1}.get(model) or draw(st.integers(1, 4)),
        spare=draw(st.integers(0, 2)) if model == "M:N" else 0,
        slice_ns=draw(slices),
        user_slice_ns=draw(slices),
        user_switch_ns=draw(st.integers(0, 2)),
        linux_switch_ns=draw(st.integers(0, 2)),
        stealing=draw(st.booleans()),
        arrive_ns=tuple(draw(st.integers(0, 9)) for _ in tasks),
    )


@given(aligned_cases())
@settings(max_examples=300)
def test_whatever_ends_at_the_same_moment_nobody_is_in_two_places(made):
    found = simulated(made)
    assert all(0 <= p.start <= p.end <= found.end_ns for p in found.pieces)
    assert sum(p.end - p.start for p in found.pieces if p.what == simulation.RUN) == (
        made.computing_ns
    )
    for name in ("cpu", "kernel_thread"):
        for each in {getattr(p, name) for p in found.pieces}:
            assert apart([p[:2] for p in found.pieces if getattr(p, name) == each])
    assert found.utilisation + found.overhead <= 1 + 1e-9
    assert found.cpus_used <= (1 if made.model == "N:1" else made.cpus) + 1e-9
    running = {}  # a task stops where it ran, and once for each time
    for event in found.events:
        if event.what == "runs":
            assert event.task not in running and event.cpu not in running.values()
            running[event.task] = event.cpu
        elif event.what == "stops":
            assert running.pop(event.task, None) == event.cpu
    assert not running
    if not made.user_switch_ns + made.linux_switch_ns:
        for task, arrival in zip(made.programs, made.arrive_ns, strict=True):
            own = sum(burst.ns for burst in made.programs[task])
            assert found.done_ns[task] == arrival + own + found.waiting_ns[task]


def test_whoever_is_done_as_its_time_slice_ends_is_done():
    found = run("N:1", "C2; C6", user_slice_ms=2)
    assert {name: ms(ns) for name, ns in found.done_ns.items()} == {"T1": 2, "T2": 8}


@given(cases())
def test_figures_hold_together(made):
    found = simulated(made)
    assert 0 <= found.utilisation <= found.utilisation + found.overhead <= 1 + 1e-9
    assert 0 < found.cpus_used + 1e-9 <= made.cpus + 1e-6 or made.computing_ns == 0
    assert found.os_threads <= made.kernel_threads + made.spare
    assert found.end_ns == max(found.done_ns.values())
    assert 0 <= found.standstill_ns <= found.end_ns
    assert all(found.pauses_ns[name] <= found.waiting_ns[name] for name in made.programs)


@given(cases())
def test_the_same_case_gives_the_same_simulation(made):
    one, other = simulated(made), simulated(made)
    assert (one.events, one.pieces) == (other.events, other.pieces)
    assert [each.t_ns for each in one.events] == sorted(each.t_ns for each in one.events)


@given(cases(costs=(0,), model="1:1"))
def test_no_cpu_is_idle_while_linux_has_somebody_to_run(made):
    found = simulated(made)
    for begin, end in ready_spans(found):
        for number in range(made.cpus):
            name = f"CPU {number + 1}"
            spans = [p[:2] for p in found.pieces if p.cpu == name]
            covered = sum(max(0, min(b, end) - max(a, begin)) for a, b in spans)
            assert covered == end - begin


def ready_spans(found: Simulation) -> list[tuple[int, int]]:
    """Return the spans in which some task could run and did not."""
    since: dict[str, int] = {}
    spans = []
    for each in found.events:
        put_off = each.what == "stops" and each.why in (simulation.SLICE, simulation.USER_SLICE)
        if each.what == "ready" or put_off:
            since[each.task] = each.t_ns
        elif each.what == "runs" and each.task in since:
            spans.append((since.pop(each.task), each.t_ns))
    return [span for span in spans if span[0] < span[1]]


# Theory -------------------------------------------------------------------------------------------
def queue(servers: int, load: float, model: str, count: int = 10_000) -> float:
    """Return the mean wait in ms of tasks that arrive by chance and compute for 1 ms on average."""
    draw = random.Random(7).random
    gap = 1 / (servers * load)
    at, times, made = 0.0, [], {}
    for number in range(count):
        at -= math.log(1 - draw()) * gap
        times.append(at)
        made[f"T{number}"] = (Burst(COMPUTE, max(1, round(-math.log(1 - draw()) * MS))),)
    more = {"kernel_threads": servers} if model == "M:N" else {}
    asked = case(model, made, cpus=servers, slice_ms=None, arrive_ms=times, **more)
    return ms(simulated(asked).mean_waiting_ns)


def expected(servers: int, load: float) -> float:
    """Return the mean wait of M/M/c, in ms, by Erlang's formula."""
    offered = servers * load
    full = offered**servers / math.factorial(servers) / (1 - load)
    waits = full / (sum(offered**k / math.factorial(k) for k in range(servers)) + full)
    return waits / (servers * (1 - load))


@pytest.mark.slow
@pytest.mark.parametrize("model", ["1:1", "N:1", "M:N"])
def test_one_cpu_with_arrivals_by_chance_is_m_m_1(model):
    assert expected(1, 0.5) == pytest.approx(1)  # as the simpler formula says
    assert queue(1, 0.5, model) == pytest.approx(expected(1, 0.5), rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "load"), [(2, 0.6), (4, 0.7)])
@pytest.mark.parametrize("model", ["1:1", "M:N"])
def test_several_cpus_with_arrivals_by_chance_are_m_m_c(model, servers, load):
    assert queue(servers, load, model) == pytest.approx(expected(servers, load), rel=0.1)


# Another simulator --------------------------------------------------------------------------------
def by_simpy(made: Case) -> dict[str, int]:
    """Simulate a case without switch costs by SimPy; return when each task was done."""
    simpy = pytest.importorskip("simpy")
    env = simpy.Environment()
    cpus = simpy.Resource(env, made.cpus)
    threads = simpy.Resource(env, made.kernel_threads)
    done: dict[str, int] = {}

    def computes(left):
        while left:
            with cpus.request() as cpu:
                yield cpu
                turn = min(left, made.slice_ns or left)
                yield env.timeout(turn)
            left -= turn

    def task(name, bursts_of_it, arrival):
        yield env.timeout(arrival)
        held = threads.request()
        yield held
        for kind, ns in bursts_of_it:
            if kind == COMPUTE:
                yield from computes(ns)
                continue
            if kind == WAIT:
                threads.release(held)
            yield env.timeout(ns)
            if kind == WAIT:
                held = threads.request()
                yield held
        threads.release(held)
        done[name] = env.now

    for (name, each), at in zip(made.programs.items(), made.arrive_ns, strict=True):
        env.process(task(name, each, at))
    env.run()
    return done


@st.composite
def plain_cases(draw) -> Case:
    """Draw cases in which only the order of arrival decides: odd times, no two alike."""
    chance = random.Random(draw(st.integers(0, 10**6)))

    def some(kind):
        return Burst(kind, chance.randrange(1, 9 * MS))

    def one():
        made = [some(COMPUTE)]
        for _ in range(chance.randrange(4)):
            made += [some(chance.choice([WAIT, BLOCK])), some(COMPUTE)]
        return tuple(made)

    made = {f"T{n}": one() for n in range(chance.randrange(1, 9))}
    model = draw(st.sampled_from(MODELS))
    arrive = tuple(chance.randrange(5 * MS) for _ in made)
    threads = 1 if model == "N:1" else len(made)
    return Case(model, made, chance.randrange(1, 4), threads, stealing=False, arrive_ns=arrive)


@given(plain_cases())
@settings(max_examples=200)
def test_simpy_finds_the_same_times(made):
    assert by_simpy(made) == simulated(made).done_ns


@pytest.mark.parametrize("slice_ms", [1, 2.5])
def test_simpy_finds_the_same_times_with_time_slices(slice_ms):
    made = case("1:1", programs("C5; C3.7; C9.1; C0.4; C6"), cpus=2, slice_ms=slice_ms)
    assert by_simpy(made) == simulated(made).done_ns


# Many ---------------------------------------------------------------------------------------------
@pytest.mark.serial
def test_ten_thousand_tasks_and_a_hundred_thousand_events_take_less_than_a_second():
    made = workload(10_000, rounds=3, compute_ms=1, wait_ms=5, blocking=0.1, seed=1)
    asked = [case(model, made, cpus=4, linux_switch_ns=2000) for model in MODELS]
    asked.append(case("M:N", made, cpus=4, kernel_threads=10_000))  # as many queues to look into
    for each in asked:
        start = time.process_time()
        found = simulated(each)
        assert time.process_time() - start < 1
        assert len(found.events) >= 100_000
        assert len(found.done_ns) == 10_000


# What is asked for --------------------------------------------------------------------------------
def test_a_program_is_written_as_it_is_read():
    text = "C5 W2.5 B0.001 C1"
    assert written(parse(text)) == text
    assert parse("C1") == (Burst("C", MS),)


def test_made_up_tasks_have_the_asked_share_of_blocking_calls_and_are_the_same_again():
    made = workload(20, rounds=5, compute_ms=2, wait_ms=6, blocking=0.3, seed=3)
    waits = [b.kind for each in made.values() for b in each if b.kind != COMPUTE]
    assert (waits.count(BLOCK), len(waits)) == (30, 100)
    assert made == workload(20, rounds=5, compute_ms=2, wait_ms=6, blocking=0.3, seed=3)
    assert made != workload(20, rounds=5, compute_ms=2, wait_ms=6, blocking=0.3, seed=4)


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"model": "M:M"}, "model='M:M'"),
        ({"model": 1}, "model=1"),
        ({"cpus": 0}, "cpus=0"),
        ({"cpus": -1}, "cpus=-1"),
        ({"cpus": 2.0}, "cpus=2.0"),
        ({"kernel_threads": 1_000_000}, "kernel_threads=1000000"),
        ({"kernel_threads": 0}, "kernel_threads=0"),
        ({"model": "N:1", "kernel_threads": 2}, "kernel_threads=2"),
        ({"model": "1:1", "spare": 2}, "spare=2"),
        ({"spare": -1}, "spare=-1"),
        ({"slice_ms": 0}, "slice_ms=0"),
        ({"slice_ms": "1"}, "slice_ms='1'"),
        ({"user_slice_ms": -1}, "user_slice_ms=-1"),
        ({"slice_ms": 0.001, "tasks": "C900000"}, "slice_ms=0.001"),
        ({"stealing": 1}, "stealing=1"),
        ({"arrive_ms": [1]}, "arrive_ms"),
        ({"arrive_ms": 3}, "arrive_ms=3"),
        ({"arrive_ms": [-1, 0, 0]}, "arrive_ms=-1"),
        ({"arrive_ms": [math.nan, 0, 0]}, "arrive_ms=nan"),
        ({"tasks": []}, "tasks"),
        ({"tasks": [""]}, "tasks"),
        ({"tasks": ["C-5"]}, "'C-5'"),
        ({"tasks": ["C0"]}, "'C0'"),
        ({"tasks": ["X5"]}, "'X5'"),
        ({"tasks": ["C99999999"]}, "'C99999999'"),
        ({"tasks": [5]}, "5"),
        ({"tasks": ["C1"] * 10_001}, "10,001"),
        ({"tasks": {3: "C1"}}, "tasks=3"),
        ({"tasks": {" ": "C1"}}, "a task needs a name"),
    ],
)
def test_bad_input_is_refused_with_its_name(more, named):
    asked = {"model": "M:N", "tasks": LEVEL, **more}
    with pytest.raises((TypeError, ValueError), match=named.replace("[", r"\[")):
        run(asked.pop("model"), asked.pop("tasks"), **asked)


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"tasks": 0}, "tasks=0"),
        ({"tasks": 1_000_000}, "tasks=1000000"),
        ({"tasks": 2.5}, "tasks=2.5"),
        ({"rounds": -1}, "rounds=-1"),
        ({"tasks": 10_000, "rounds": 1000}, "bursts"),
        ({"compute_ms": -2}, "compute_ms=-2"),
        ({"wait_ms": 0}, "wait_ms=0"),
        ({"blocking": 1.5}, "blocking=1.5"),
        ({"seed": -1}, "seed=-1"),
    ],
)
def test_bad_workloads_are_refused_with_their_name(more, named):
    asked = {"rounds": 3, "compute_ms": 2, "wait_ms": 6, "blocking": 0, "seed": 0, **more}
    with pytest.raises((TypeError, ValueError), match=named):
        bursts.workload(asked.pop("tasks", 8), **asked)
