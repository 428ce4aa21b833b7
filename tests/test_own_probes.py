"""A probe of the student's own: each of the three usual mistakes is named."""

import pytest

from conclib import lab
from conclib.lab import own_diagnosis, running

LOOP = "def body(state, loops):\n    for _ in range(loops):\n        {work}\n"
BASE = "def baseline(state, loops):\n    for _ in range(loops):\n        {work}\n"
PROOF = "def verify(state):\n    {proof}\n"


def measured(*parts: str):
    """Measure a probe of this text for a moment."""
    return lab.measure_own("import os\n" + "\n".join(parts), budget=0.05, runs=1)


def test_a_body_that_never_looks_at_loops_is_refused_in_a_cell():
    with pytest.raises(ValueError, match=r"text: body never uses 'loops'.*for _ in range\(loops\)"):
        own_diagnosis.require_loop("def body(state, loops):\n    sum(range(3))")
    with pytest.raises(ValueError, match="never uses 'times'"):
        own_diagnosis.require_loop("def body(state, times):\n    pass")
    for fine in (LOOP.format(work="pass"), "no Python", "x = 1", "def body(): pass"):
        own_diagnosis.require_loop(fine)  # what is no probe at all is refused by who measures it


@pytest.mark.worker
@pytest.mark.parametrize("work", ["pass", "sum(range(300))"])
def test_a_body_that_looks_at_loops_and_does_not_loop_is_named(work):
    """Whatever it takes: a million times of it would take longer than is asked for."""
    found = measured(f"def body(state, loops):\n    loops\n    {work}\n")
    assert running.LOOPLESS in found.unstable
    assert running.LOOPLESS not in measured(LOOP.format(work=work)).unstable


@pytest.mark.parametrize(
    ("body", "baseline", "wrong"),
    [
        ('os.stat("/")', 'os.stat("/")', True),
        ('os.stat("/")', 'os.fspath("/"); os.stat("/")', True),
        ('os.stat("/")', 'os.fspath("/")', False),
        ('" ".join(words)', '" ".join(())', False),  # the same call around other work
        ("x = 1", "x = 1", False),  # no call: reading does not tell
    ],
)
def test_a_baseline_that_makes_the_same_calls_is_named(body, baseline, wrong):
    text = LOOP.format(work=body) + BASE.format(work=baseline)
    assert own_diagnosis.baseline_works_too(text) == wrong
    assert own_diagnosis.notes(text, None) == ((own_diagnosis.BASELINE,) if wrong else ())
    assert not own_diagnosis.baseline_works_too(LOOP.format(work=body))


STAT = LOOP.format(work='state.seen = os.stat("/")')


@pytest.mark.worker
@pytest.mark.parametrize("proof", ['return "saw it"', "pass"])
def test_a_verify_that_is_content_with_a_body_that_did_nothing_is_named(proof):
    found = measured(STAT, PROOF.format(proof=proof))
    said = "saw it" if "saw" in proof else "None"
    assert own_diagnosis.IDLE.format(answer=said) in found.unstable


@pytest.mark.worker
def test_a_verify_that_looks_at_what_the_body_left_proves_something():
    found = measured(STAT, PROOF.format(proof='return f"{state.seen.st_size} bytes"'))
    assert found.conditions["verified"].endswith("bytes")
    assert "idle" not in found.conditions
    assert not any("proves nothing" in doubt for doubt in found.unstable)


@pytest.mark.worker
def test_no_verify_is_no_wrong_verify():
    assert "idle" not in measured(STAT).conditions


@pytest.mark.worker
def test_a_state_of_its_own_is_made_and_put_away_for_the_trial():
    """What the trial of verify does leaves no trace in the state that is measured."""
    found = measured(
        "import types\nmade = []\n"
        "def setup(params):\n    made.append(1)\n    return types.SimpleNamespace(n=0)\n"
        "def teardown(state):\n    made.pop()\n",
        LOOP.format(work="state.n += 1"),
        PROOF.format(proof='assert state.n; return f"{len(made)} states at the end"'),
    )
    assert found.conditions["verified"] == "1 states at the end"
