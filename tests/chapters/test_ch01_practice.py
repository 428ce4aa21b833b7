"""What did it do? The acts of chapter 01's endless exercise, computed, shown and really done."""

import pytest

from conclib import lab
from conclib.chapters.ch01_process import practice
from conclib.chapters.ch01_process.practice import what_did_it_do
from conclib.probes import _acts

SEEDS = range(1, 201)


def first_seeds() -> list[int]:
    """Return the first seed of each act, so that each one is really done."""
    found: dict[str, int] = {}
    for seed in SEEDS:
        found.setdefault(_acts.act(seed)[0], seed)
    assert set(found) == set(_acts.ACTS)
    return list(found.values())


# What is shown ------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", SEEDS)
def test_exactly_one_option_fits_what_is_shown(seed):
    variant = what_did_it_do(seed)
    name, amount = _acts.act(seed)
    assert variant.reason == name and variant.right == practice.DID[name]
    before = practice.drawn(lambda: 0.5)
    rows = _acts.changed(before, _acts.after(name, amount, before))
    others = [
        _acts.changed(before, _acts.after(other, _acts.AMOUNTS[other][0], before))
        for other in variant.beliefs.values()
    ]
    assert rows not in others


def test_every_act_but_two_changes_rows_of_its_own():
    before = practice.drawn(lambda: 0.0)
    seen = {
        name: tuple(_acts.changed(before, _acts.after(name, amount, before)))
        for name in _acts.ACTS
        for amount in _acts.AMOUNTS[name]
    }
    assert seen["environment"] == seen["nothing"] == ()
    shown = [rows for rows in seen.values() if rows]
    assert len(set(shown)) == len(shown) == len(_acts.ACTS) - 2
    assert seen["thread"] == ("memory of no file", "threads")


def test_before_and_after_stand_beside_each_other_and_nothing_resident_does():
    variant = what_did_it_do(next(s for s in SEEDS if _acts.act(s)[0] == "umask"))
    assert "before      after" in variant.code and "umask" in variant.code
    for row in _acts.ROWS:
        assert f"\n  {row} " in variant.code
    assert "resident" not in variant.code and "0077        00" in variant.code
    assert "umask from 0077 to 00" in variant.values["what"]


def test_what_cannot_be_read_is_said_and_is_no_change():
    before = practice.drawn(lambda: 0.5)
    after = {**before, "open files": None}
    assert practice.changes(before, after) == "no row"
    assert practice.written("open files", None) == "not shown"


# What is done -------------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("seed", first_seeds())
def test_what_was_computed_is_what_a_process_really_changes(seed):
    said = what_did_it_do(seed).run(None)
    assert "These are the rows that were computed" in said, said
    assert "In a process beside it nothing did" in said


@pytest.mark.worker
def test_the_probe_does_the_act_of_its_seed():
    seed = next(s for s in SEEDS if _acts.act(s)[0] == "file")
    facts = lab.observe("act", seed=seed).facts
    assert facts["act"] == "file" and facts["changed"] == ["open files"]
    assert facts["after"]["open files"] == facts["before"]["open files"] + _acts.act(seed)[1]


@pytest.mark.worker
def test_whatever_one_process_does_the_map_and_record_of_another_stay():
    facts = lab.observe("act", do="all").facts
    assert facts["changed"] == [row for row in _acts.ROWS if row != "program"]
    assert facts["beside"] == [] and facts["apart"]


def test_a_run_that_differs_is_believed():
    before = practice.drawn(lambda: 0.5)
    facts = {"before": before, "after": {**before, "threads": 2}, "changed": ["threads"],
             "beside": ["CPU time"]}  # fmt: skip
    said = practice.run_sentence(facts, ["heap"], "observed here")
    assert "believe the real ones" in said and "threads from 1 to 2" in said
    assert "In a process beside it CPU time changed, too." in said
