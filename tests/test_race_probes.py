"""Races in every order: real threads do what the model says, and each loss is seen."""

import os
import sys

import pytest

from conclib import lab
from conclib.probes import _order_model, _refuse, _stepping
from conclib.probes.race import million, staircase, stepped, whose_lock
from conclib.results import Observation, WorkerError
from tests.interpreters import interpreter

ALONE = {"AAABBB", "BBBAAA"}  # one is done before the other begins
OTHERS = sorted({path for name in ("python3.9", "python3.12", "python3.13", "python3.13t")
                 if (path := interpreter(name))})  # fmt: skip
PYTHONS = [None, *OTHERS]
PROGRAMS = [("+2", "*3", "none"), ("*3", "-5", "one each"), ("+1", "+1", "one for both"),
            ("+2 *3", "-4", "one for both")]  # fmt: skip


def on(python: str | None, probe: str, **params) -> Observation:
    """Observe on this Python, or on another one."""
    item = lab.observing.observed(probe, python=python, **params)
    assert item.source == "live" and item.facts["python"] == item.runtime.version
    return item


# One line -----------------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("python", PYTHONS)
def test_the_real_line_loses_in_all_orders_but_two(python):
    facts = on(python, "stepped").facts
    assert facts["line"] == "x.value += 1" and facts["errors"] == []
    assert facts["orders"] == facts["verified"] == 20 and facts["losing"] == 18
    assert set(facts["right"]) == ALONE
    assert {order: end == 2 for order, end in facts["ends"].items()} == {
        order: order in ALONE for order in _order_model.orders()
    }
    assert [each["step"] for each in facts["bytecode"] if each["step"]] == ["read", "add", "write"]
    for order, numbers in facts["numbers"].items():
        run = _order_model.Run(0, "+1", "+1", order)
        assert numbers == [step["number"] for step in run.steps]


@pytest.mark.worker
def test_one_order_alone_is_stepped_and_another_text_is_refused():
    assert on(None, "stepped", order="AABABB").facts["ends"] == {"AABABB": 1}
    for order in ("AAABBA", "AB", "all ", ""):
        with pytest.raises(ValueError, match="three times A and three times B"):
            lab.observe("stepped", order=order)


@pytest.mark.parametrize("run", [stepped.step_all, lambda orders: in_a_child(stepped, orders)])
def test_a_python_that_tells_nothing_is_said_to_be_so(monkeypatch, run):
    monkeypatch.setattr(_stepping.sys, "settrace", lambda _: None)
    with pytest.raises(_refuse.Unavailable, match="does not tell a debugger of each step"):
        run(["AABABB"])


def in_a_child(probe, orders: list[str]) -> dict:
    """Run a probe's report as a worker does, in a child of this process."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_refuse, "require_single_thread", lambda: None)
        return probe.report({"order": orders[0]})


def test_a_thread_that_does_not_come_to_its_next_step_is_not_waited_for_without_end(monkeypatch):
    monkeypatch.setattr(_stepping, "PATIENCE", 0.01)
    walker = _stepping.Walker("A", lambda _: None, None, {})  # never started
    with pytest.raises(_refuse.Unavailable, match="a step of A did not come to its end here"):
        walker.until_it_stands()


def test_a_first_round_that_tells_nothing_is_thrown_away(monkeypatch):
    rounds, settrace = [], sys.settrace

    def deaf_at_first(function) -> None:
        rounds.append(function)
        settrace(function if len(rounds) > 4 else None)  # two begin and two end the first round

    monkeypatch.setattr(_stepping.sys, "settrace", deaf_at_first)
    assert stepped.step_all(["ABABAB"])["ends"] == {"ABABAB": 1}
    assert len(rounds) >= 8


# Two programs -------------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(("a", "b", "lock"), PROGRAMS)
def test_two_programs_come_to_what_the_model_says_in_every_order(python, a, b, lock):
    facts = on(python, "staircase", start=4, a=a, b=b, lock=lock).facts
    counts = [len(_order_model.steps(each)) for each in (a, b)]
    assert facts["orders"] == _order_model.orders(*counts) and facts["errors"] == []
    for order in facts["orders"]:
        run = _order_model.Run(4, a, b, order, lock)
        seen = [facts[name][order] for name in ("ends", "steps", "done", "waits", "outcomes")]
        assert seen == [run.end, run.steps, run.done, run.waits, _order_model.outcome(run)]


@pytest.mark.worker
def test_an_order_that_does_not_fit_the_programs_is_refused():
    with pytest.raises(WorkerError, match="6 times A and 3 times B in any order, for example"):
        lab.observe("staircase", a="+1 +1", order="AAABBB")
    for wrong in ({"a": "1"}, {"a": "+1 +1 +1"}, {"b": "/2"}, {"order": "ABC"}):
        with pytest.raises(ValueError, match=f"{next(iter(wrong))}="):
            lab.observe("staircase", **wrong)


def test_a_program_that_fails_says_so():
    broken = staircase.Program("A", "+1", "none")
    number = object()  # has no value
    walker = broken.walker(number, None)
    beside = _stepping.Walker("B", lambda _: None, None, {})
    walk = _stepping.Walk([walker, beside], "A", lambda: 0)
    assert walk.errors == ["A: AttributeError: 'object' object has no attribute 'value'"]


# A million each -----------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="two CPUs are needed to lose surely")
def test_two_processes_lose_updates_and_nobody_notices():
    facts = on(None, "million", who="processes").facts
    assert facts["expected"] == 2_000_000 and 0 < facts["lost"] < facts["expected"]
    assert facts["found"] + facts["lost"] == facts["expected"]
    assert (facts["exceptions"], facts["exits"]) == ([], ["exit code 0"] * 2)


@pytest.mark.worker
@pytest.mark.parametrize("python", PYTHONS)
def test_two_threads_lose_before_3_10_and_without_the_gil_and_not_between(python):
    item = on(python, "million")
    loses = item.runtime.version.startswith("3.9.") or not item.facts["gil"]
    assert (item.facts["lost"] > 0) == loses
    assert (item.facts["exceptions"], item.facts["exits"]) == ([], ["exit code 0"])
    assert 0 <= item.facts["overlap"] <= 1


@pytest.mark.worker
def test_what_goes_wrong_in_a_task_is_reported(monkeypatch):
    def broken(x, times):
        raise ArithmeticError("no more")

    monkeypatch.setattr(million, "add", broken)
    monkeypatch.setattr(_refuse, "require_single_thread", lambda: None)
    facts = million.report({"who": "processes", "times": 5})
    assert facts["exceptions"] == ["ArithmeticError: no more"] * 2 and facts["lost"] == 10


# Whose lock ---------------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize(
    ("lock", "counts"),
    [
        ("none", {"right": 2, "lost": 18, "waits": 0}),
        ("one per function", {"right": 2, "lost": 18, "waits": 0}),
        ("one for the balance", {"right": 2, "lost": 0, "waits": 18}),
    ],
)
def test_only_the_lock_of_the_balance_keeps_it_right(lock, counts):
    facts = on(None, "whose_lock", lock=lock).facts
    assert facts["counts"] == counts and facts["errors"] == []
    assert {order for order, each in facts["outcomes"].items() if each == "right"} == ALONE
    kept = lock == "one for the balance"
    free, lost = facts["free"], facts["free_lost"]
    assert free["runs"] == 20 == free["right"] + free["wrong"] == len(lost)
    assert free["right"] == lost.count(0) and (free["wrong"] == 0 if kept else free["wrong"] > 10)
    assert all(n or end == facts["start"] for n, end in zip(lost, facts["free_ends"], strict=True))
    assert all(end == 100 for order, end in facts["ends"].items() if kept or order in ALONE)


@pytest.mark.worker
@pytest.mark.parametrize("python", OTHERS)
def test_whose_lock_it_is_matters_on_other_pythons_too(python):
    facts = on(python, "whose_lock", lock="one per function").facts
    assert facts["counts"]["lost"] == 18 and facts["free"]["wrong"] > 10


def test_two_losses_that_make_up_for_each_other_are_seen_all_the_same():
    account = whose_lock.Account(100)
    both_read = [account.balance, account.balance]
    account.balance = both_read[0] + 10
    account.balance = both_read[1]
    assert (account.balance, account.lost) == (100, 1)


def test_its_source_is_what_students_read():
    text = whose_lock.source()
    assert text.startswith("def deposit(") and text.endswith("lock.release()")
    assert text.count("lock.acquire()") == 2 and "def withdraw(" in text


@pytest.mark.parametrize("order", ["AAAAAA", "AAAABBBB", "ABABABA", "AABBBB\n"])
def test_an_order_that_fits_no_two_programs_is_refused_before_anything_starts(order):
    with pytest.raises(ValueError, match="order must be all, or an A for each step of A"):
        lab.catalogue()["staircase"].complete({"order": order})
