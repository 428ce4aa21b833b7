"""The scheduling game: its rules of play, the three levels, goals by search, levels of seeds."""

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib.models import game
from conclib.models.game import searching
from conclib.probes import _cards

FIRST, TURNS, WAITS = game.RULES
# Of each level: the goal; and by each rule, after which tick all is done, and the puts.
PLANNED = {
    1: ((10, 5), (12, 5), (10, 9), (10, 5)),
    2: ((9, 5), (13, 4), (9, 7), (9, 5)),
    3: ((10, 8), (14, 7), (13, 9), (13, 7)),
}
SEEDS = st.integers(1, game.MAX_SEED)


def both(play: game.Play) -> tuple[int, int]:
    """Return what counts of a play."""
    assert play.over
    return play.ticks, play.puts


# The three levels ---------------------------------------------------------------------------------
@pytest.mark.parametrize("number", PLANNED)
def test_the_three_levels_are_as_planned(number):
    level = game.LEVELS[number]
    goal = game.goal(level)
    rules = [both(game.by_rule(level, rule)) for rule in game.RULES]
    assert ((goal.ticks, goal.puts), *rules) == PLANNED[number]
    assert both(game.play(level, goal.text)) == (goal.ticks, goal.puts)


def test_level_three_beats_all_rules():
    level = game.LEVELS[3]
    assert all(game.by_rule(level, rule).ticks > game.goal(level).ticks for rule in game.RULES)


# Playing ------------------------------------------------------------------------------------------
def test_a_play_is_made_tick_by_tick_and_taken_back():
    start = game.Play(game.LEVELS[1])
    play = start.put("Q").put("R").idle()
    assert (play.text, play.ticks, play.puts) == ("Q R .", 3, 2)
    assert play.ready == ("P", "R") and not play.over
    assert play.state_text == (
        "After tick 3, 2 put on: P is ready, 5 to compute; Q waits, ready after tick 6; "
        "R is ready, 1 to compute."
    )
    assert play.back().text == "Q R" and start.text == "" and start.back() == start
    assert game.play(start.level, "Q R .") == play
    assert play.put("R").puts == 3  # somebody was off for a tick, and is put on again


def test_what_cannot_be_on_is_refused_with_what_it_does_instead():
    one, naps = game.Play(game.LEVELS[1]), game.Play(game.LEVELS[3])
    with pytest.raises(ValueError, match="Q waits, ready after tick 6, so it cannot be on now"):
        one.put("Q").put("Q")
    with pytest.raises(ValueError, match="task='X': task must be one of: P, Q, R"):
        one.put("X")
    with pytest.raises(ValueError, match="no more than 1 can be on at once"):
        one.put("P", "Q")
    asleep = naps.put("P").put("Q")
    with pytest.raises(ValueError, match="blocks an OS thread, and nobody else can be on"):
        asleep.put("R")
    with pytest.raises(ValueError, match="in tick 2, Q waits"):
        game.play(one.level, "Q Q")
    with pytest.raises(ValueError, match="the play is over"):
        game.by_rule(one.level, FIRST).idle()


@pytest.mark.parametrize(
    "bad",
    [{"cards": "C5"}, {"cards": "C5; W2 C1"}, {"cards": "C5; C1 W5"}, {"cards": "C0; C1"},
     {"cards": "C5;C1"}, {"cards": "C5; C1 W2 B2 C1"}, {"cards": "; ".join(["C1"] * 7)},
     {"cards": "C61; C1"}, {"threads": 0}, {"threads": 7}, {"cpus": 0}, {"cpus": 3}],
)  # fmt: skip
def test_no_such_level(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        game.Level(**{"cards": "C5; C1 W5 C1", **bad})


def test_no_such_number_rule_or_seed():
    for level in (0, 4):
        with pytest.raises(ValueError, match="level="):
            game.level(level)
    with pytest.raises(ValueError, match="rule='fifo': rule must be one of"):
        game.by_rule(game.level(1), "fifo")
    for call in (lambda: game.drawn(0), lambda: game.by_rules(0), lambda: game.by_rules(5, cpus=3)):
        with pytest.raises(ValueError, match="whole number from 1"):
            call()
    with pytest.raises(TypeError, match="cards=5"):
        game.Level(5)


# Goals --------------------------------------------------------------------------------------------
def best_by_trying_all(level: game.Level) -> tuple[int, int]:
    """Return the goal without any cleverness: all plays, tick by tick, until one is over."""
    plays = {(level.start, ()): 0}
    for tick in range(1, 100):
        after: dict = {}
        for (state, on), puts in plays.items():
            choices = product((False, True), repeat=len(state))
            for chosen in choices:
                new = tuple(n for n, each in enumerate(chosen) if each)
                if len(new) > level.free(state) or not set(new) <= set(level.ready(state)):
                    continue
                key, cost = (level.after(state, new), new), puts + len(set(new) - set(on))
                after[key] = min(after.get(key, cost), cost)
        plays = after
        ended = [puts for (state, _), puts in plays.items() if state == level.end]
        if ended:
            return tick, min(ended)
    raise AssertionError("no play of fewer than 100 ticks ends")


@pytest.mark.slow
@pytest.mark.parametrize("cpus", [1, 2])
def test_goals_are_those_of_trying_all_plays(cpus):
    small = [
        level for level in (game.drawn(seed, cpus) for seed in range(1, 300))
        if sum(level.end) <= 20
    ][:12]  # fmt: skip
    assert len(small) == 12 and any("B" in level.cards for level in small)
    for level in small:
        goal = game.goal(level)
        assert (goal.ticks, goal.puts) == best_by_trying_all(level), level.cards


@given(SEEDS, st.sampled_from([1, 2]))
def test_no_rule_beats_a_goal_and_a_goal_can_be_played(seed, cpus):
    level = game.drawn(seed, cpus)
    goal = game.goal(level)
    assert both(game.play(level, goal.text)) == (goal.ticks, goal.puts)
    assert _cards.refused(level.cards, level.threads, level.cpus, goal.text) == ""
    for rule in game.RULES:
        assert both(game.by_rule(level, rule)) >= (goal.ticks, goal.puts)


def test_a_level_with_too_many_states_is_refused():
    large = game.Level("; ".join(["C9 W9 C9 W9 C9"] * 6), threads=6, cpus=2)
    with pytest.raises(game.TooLarge, match="more than 500 states"):
        searching.goal(large, most=500)
    with pytest.raises(ValueError):  # it is one, so that nobody has to know its name
        searching.goal(large, most=50)


# Seeds --------------------------------------------------------------------------------------------
@given(SEEDS)
def test_a_seed_gives_the_same_level_and_what_is_offered_is_worth_it(seed):
    assert game.drawn(seed) == game.drawn(seed)
    level = game.offered(seed)
    goal, first, turns = game.goal(level), *(game.by_rule(level, r) for r in (FIRST, TURNS))
    assert first.ticks > goal.ticks
    assert turns.ticks > goal.ticks or turns.puts >= goal.puts + 3


def test_seeds_draw_by_random_alone(monkeypatch):
    """What else is built on it may differ from Python to Python."""
    real = random.Random

    class Alone:
        def __init__(self, seed):
            self.random = real(seed).random

    expected = [game.drawn(seed) for seed in range(1, 20)]
    monkeypatch.setattr(random, "Random", Alone)
    assert [game.drawn(seed) for seed in range(1, 20)] == expected


def test_levels_go_on_after_the_three():
    assert [game.next_seed(n) for n in (1, 2)] == [2, 3]
    seeds = [game.next_seed(3)]
    for _ in range(20):
        seeds.append(game.next_seed(seeds[-1]))
    assert seeds == sorted(set(seeds)) and seeds[0] > 3
    assert game.next_seed(game.MAX_SEED) == 1


def test_of_200_levels_the_longest_wait_ahead_reaches_nine_of_ten():
    tallies = game.by_rules(200)
    first, turns, waits = (tallies[rule] for rule in game.RULES)
    assert {each.of for each in tallies.values()} == {200}
    assert waits.met > 180 and first.met < 70 and turns.met < 70
    assert turns.at_par == 0 and first.at_par == first.met and waits.at_par > 100
    assert game.by_rules(20, seed=1) == game.by_rules(20)


def test_a_level_with_too_many_ticks_for_the_stack_is_refused(monkeypatch):
    def too_deep(_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(searching._Search, "goal", too_deep)
    with pytest.raises(game.TooLarge, match="more ticks than are looked at"):
        game.goal(game.Level("C7; C7 W7 C7"))
