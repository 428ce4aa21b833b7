"""All orders of two little programs, as a model: what they come to, and what beliefs expect."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from conclib.probes import _order_beliefs, _order_model
from conclib.probes._order_beliefs import BELIEFS, NEVER, believed, drawn
from conclib.probes._order_model import LOCKS, ONE, Run, complaint, ends, lost, orders, outcome

CHANGE = some.sampled_from(_order_beliefs.CHANGES)
PROGRAM = some.lists(CHANGE, min_size=1, max_size=2).map(" ".join)
SEEDS = range(1, 400)
FIVE = {"start": 5, "a": "+2", "b": "*3"}


def test_all_orders_are_there_once():
    assert len(orders()) == len(set(orders())) == 20 and orders()[0] == "AAABBB"
    assert all(complaint(order, 3, 3) == "" for order in orders())
    assert len(orders(6, 3)) == 84


@pytest.mark.parametrize("wrong", ["", "AAABB", "AAABBC", "aaabbb", "AAAABB"])
def test_another_order_is_complained_of(wrong):
    assert complaint(wrong, 3, 3).endswith("3 times B in any order, for example AAABBB")


@pytest.mark.parametrize("wrong", ["", "1", "+", "+1000", "+1  +1", "+1 +1 +1", "/2", "+1 "])
def test_what_is_no_program_is_refused(wrong):
    with pytest.raises(ValueError, match="is no program: write one change or two"):
        _order_model.changes(wrong)


@pytest.mark.parametrize("lock", LOCKS)
def test_of_twenty_orders_eighteen_lose_or_with_one_lock_cannot_happen(lock):
    found = Counter(outcome(Run(0, "+1", "+1", order, lock)) for order in orders())
    assert found == {"right": 2, "waits" if lock == ONE else "lost": 18}
    assert set(ends(0, "+1", "+1", lock).values()) == ({2, None} if lock == ONE else {1, 2})


@given(some.integers(0, 9), PROGRAM, PROGRAM, some.data())
def test_with_one_lock_nothing_is_lost_and_every_step_is_done(start, a, b, data):
    counts = [len(_order_model.steps(each)) for each in (a, b)]
    order = data.draw(some.sampled_from(orders(*counts)))
    for lock in LOCKS:
        run = Run(start, a, b, order, lock)
        assert Counter(run.done) == {"A": counts[0], "B": counts[1]}
        assert run.happened == (run.done == order and not run.waits)
        if lock == ONE:
            assert lost(run.steps) == 0
        else:
            assert run.happened


@given(some.integers(0, 9), CHANGE, CHANGE, some.sampled_from(orders()))
def test_an_order_loses_exactly_where_both_have_read_before_one_has_written(start, a, b, order):
    both = [(order[:n].count("A"), order[:n].count("B")) for n in range(7)]
    through = any(1 <= x <= 2 and 1 <= y <= 2 for x, y in both)
    assert (outcome(Run(start, a, b, order)) == "lost") == through


# Find the order -----------------------------------------------------------------------------------
@pytest.mark.parametrize("first", range(1, 400, 100))
def test_one_option_is_right_and_each_wrong_one_has_its_belief(first):
    for puzzle in map(drawn, range(first, first + 100)):
        game = {name: puzzle[name] for name in ("start", "a", "b", "lock")}
        real, target = ends(**game), puzzle["target"]
        options, right, beliefs = (puzzle[name] for name in ("options", "right", "beliefs"))
        assert len(set(options)) == 4 and set(beliefs) == {*options} - {right}
        assert NEVER in options
        assert real[right] == target if right != NEVER else target not in real.values()
        for option, belief in beliefs.items():
            expected = {order: believed(belief, **game, order=order) for order in real}
            if option == NEVER:
                assert target not in expected.values()
            else:
                assert real[option] != target and expected[option] == target


def test_a_seed_is_the_same_puzzle_each_time():
    assert [drawn(seed) for seed in SEEDS[:20]] == [drawn(seed) for seed in SEEDS[:20]]


def test_every_belief_is_met_and_each_place_is_right_as_often():
    puzzles = [drawn(seed) for seed in SEEDS]
    assert {belief for each in puzzles for belief in each["beliefs"].values()} == set(BELIEFS)
    places = Counter(each["options"].index(each["right"]) for each in puzzles)
    assert min(places.values()) > len(puzzles) / 6
    assert all(len(set(each["beliefs"].values())) >= 2 for each in puzzles)
    assert Counter(each["right"] == NEVER for each in puzzles)[True] > len(puzzles) / 10


@pytest.mark.parametrize(
    ("belief", "order", "expected"),
    [
        ("line", "ABABBA", 21), ("line", "BAAABB", 17), ("sorted", "ABABBA", 17),
        ("sorted", "ABABAB", 21), ("alone", "AAABBB", 15), ("alone", "BBBAAA", 7),
        ("refused", "ABABAB", 7), ("refused", "AAABBB", 21), ("no-wait", "ABABAB", 15),
    ],
)  # fmt: skip
def test_what_a_belief_expects_of_five_plus_two_and_times_three(belief, order, expected):
    lock = ONE if belief == "no-wait" else "none"
    assert believed(belief, **FIVE, lock=lock, order=order) == expected


def test_who_takes_two_locks_for_one_expects_that_somebody_waits():
    assert believed("any-lock", **FIVE, lock="one each", order="ABABAB") is None
    assert believed("any-lock", **FIVE, lock="one each", order="AAABBB") == 21
    assert believed("any-lock", **FIVE, lock="none", order="ABABAB") == 15
