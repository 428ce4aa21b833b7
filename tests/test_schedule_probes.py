"""A play of the scheduling game, really run, in its own order; and beside it Linux's."""

import os
from itertools import groupby

import pytest

from conclib import lab
from conclib.models import game
from conclib.probes import _cards, _generators, _played, _refuse
from conclib.results import Observation, WorkerError
from tests.interpreters import interpreter

OTHERS = sorted({path for name in ("python3.9", "python3.12", "python3.13")
                 if (path := interpreter(name))})  # fmt: skip
TWO = len(os.sched_getaffinity(0)) > 1
TICK = 5  # ms: quick


def run(play: game.Play, python: str | None = None) -> Observation:
    """Run a play in a worker, as it is; nothing recorded takes its place."""
    level = play.level
    item = lab.observing.observed(
        "played_cards", python=python, cards=level.cards, threads=level.threads, cpus=level.cpus,
        play=play.text, tick_ms=TICK,
    )  # fmt: skip
    assert item.source == "live"
    return item


def best(level: game.Level) -> game.Play:
    """Return a play that reaches the goal, at par."""
    return game.play(level, game.goal(level).text)


def puts(spans: dict) -> list[str]:
    """Return who was on, one after the other, whoever else was on the CPU in between."""
    on = sorted((begun, name) for name, each in spans.items() for begun, _ in each)
    return [name for name, _ in groupby(name for _, name in on)]


# Real runs ----------------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("python", [None, *OTHERS])
@pytest.mark.parametrize("number", game.LEVELS)
def test_a_play_is_carried_out_as_it_is(number, python):
    play = best(game.LEVELS[number])
    facts = run(play, python).facts
    mine, linux = facts["spans"]["mine"], facts["spans"]["linux"]
    assert puts(mine) == [name for name, _ in groupby(play.text.split())]
    assert facts["mine_puts"] == play.puts
    assert facts["mine_ms"] >= play.ticks * TICK
    assert facts["linux_ms"] >= play.level.computing * TICK  # on one CPU
    assert set(mine) == set(linux) == set(play.level.tasks)
    assert facts["os_threads"] == {"mine": play.level.threads, "linux": len(play.level.tasks)}
    for spent in facts["cpu_ms"].values():
        assert spent >= play.level.computing * TICK
    for who, done in facts["done_ms"].items():
        assert done == {name: each[-1][1] for name, each in facts["spans"][who].items()}
    assert (facts["linux_puts"] is None) == bool(facts["why"])
    assert facts["linux_puts"] is None or facts["linux_puts"] >= len(play.level.tasks)


@pytest.mark.worker
def test_waits_take_their_time_and_a_nap_keeps_its_os_thread():
    spans = run(game.by_rule(game.LEVELS[3], "first come")).facts["spans"]["mine"]
    computed = [each[0][1] for each in (spans["P"], spans["Q"])]  # about: others may be on, too
    assert spans["P"][-1][0] >= computed[0] + 4 * TICK
    assert spans["R"][0][0] >= computed[0] + 4 * TICK  # ready all the time, and both threads asleep


@pytest.mark.worker
@pytest.mark.skipif(not TWO, reason="two CPUs are needed, and one may be used here")
def test_two_at_once_on_two_cpus():
    play = game.Play(game.Level("C4; C4", threads=2, cpus=2))
    for _ in range(4):
        play = play.put("P", "Q")
    facts = run(play).facts
    assert facts["mine_puts"] == 2
    for spans in facts["spans"].values():
        assert max(each[0][0] for each in spans.values()) < min(
            each[-1][1] for each in spans.values()
        )


@pytest.mark.worker
@pytest.mark.parametrize(
    ("play", "why"),
    [("P P", "it ends before P, Q, R has ended"), ("Q Q", "in tick 2 somebody is put on"),
     ("PQ Q", "in tick 1 more are put on"), ("U", "in tick 1 somebody"), ("PP", "in tick 1")],
)  # fmt: skip
def test_a_play_that_is_none_is_refused(play, why):
    with pytest.raises(WorkerError, match=why):
        lab.observe("played_cards", play=play)


def test_bad_parameters_are_refused_before_anything_starts():
    for bad in ({"cards": "C1"}, {"play": "X"}, {"play": ""}, {"threads": 0}, {"threads": 7},
                {"cpus": 3}, {"tick_ms": 0}, {"tick_ms": 100}):  # fmt: skip
        with pytest.raises(ValueError, match=next(iter(bad))):
            lab.observe("played_cards", **bad)


# Its parts ----------------------------------------------------------------------------------------
def test_the_probes_patterns_are_those_of_the_cards():
    params = lab.catalogue()["played_cards"].params
    assert params["cards"].pattern == _cards.PATTERN
    assert params["play"].pattern == _cards.PLAY
    assert params["cards"].default == game.LEVELS[1].cards
    assert game.play(game.LEVELS[1], str(params["play"].default)).puts == 5


def test_fewer_cpus_than_are_needed_is_said(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3}, raising=False)
    assert _played.may_use(1) == [3]
    with pytest.raises(_refuse.Unavailable, match="2 CPUs are needed, and 1 may be used"):
        _played.may_use(2)


def test_where_linux_does_not_count_it_is_said(monkeypatch):
    def missing(*_: object) -> None:
        raise FileNotFoundError(2, "No such file", "schedstat")

    monkeypatch.setattr("builtins.open", missing)
    count, why = _played.times_put_on()
    assert count == 0 and why.startswith("Linux does not say here how often")


def test_a_block_in_which_somebody_else_was_on_begins_a_new_span():
    work = _played.Work(tick_ns=10**6)
    for start, end, used in ((0, 300, 300), (350, 600, 250), (10**7, 10**7 + 400, 400)):
        work._note(start, end, used)
    work._note(10**7 + 500, 10**7 + 5 * 10**6, 400)
    end = 10**7 + 5 * 10**6
    assert work.spans == [[0, 600], [10**7, 10**7 + 400], [end - 400, end]]


def test_a_generator_stops_before_each_tick_and_says_when_it_is_ready():
    done = []
    task = _generators.task([("C", 2), ("W", 3), ("C", 1)], lambda: done.append(1), 0.5)
    assert [next(task) for _ in range(3)] == [0, 0, 1.5]
    assert len(done) == 2 and next(task, "over") == "over" and len(done) == 3
