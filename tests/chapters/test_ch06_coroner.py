"""The coroner of chapter 06: 26 causes, what each leaves behind, and the cases made of them."""

from itertools import combinations

import pytest

from conclib import lab
from conclib.chapters.ch06_fate import practice, signatures
from conclib.chapters.ch06_fate.signatures import CAUSES, Cause
from conclib.lesson.asking.practice import practise


def test_no_two_causes_leave_the_same():
    assert len(CAUSES) == 26 and len({each.text for each in CAUSES}) == 26
    alike = [pair for pair in combinations(CAUSES, 2) if not signatures.differing(*pair)]
    assert alike == []


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.text)
def test_par_leaves_one_cause_and_nothing_smaller_does(cause):
    par = signatures.par(cause)
    assert signatures.possible(cause, par) == [cause] and par[0] == signatures.LINES
    for count in range(len(par) - 1):
        for some in combinations(signatures.PIECES[1:], count):
            assert len(signatures.possible(cause, (signatures.LINES, *some))) > 1


@pytest.mark.parametrize("seed", range(1, 41))
def test_what_is_shown_speaks_against_each_wrong_answer(seed):
    variant = practice.coroner(seed)
    cause = next(each for each in CAUSES if each.text == variant.right)
    shown = signatures.par(cause)
    assert len(variant.code.splitlines()) == len(shown)
    names = {name: piece for piece, name in practice.BELIEFS.items()}
    for option, belief in variant.beliefs.items():
        other = next(each for each in CAUSES if each.text == option)
        assert names[belief] in signatures.differing(cause, other) and names[belief] in shown


def test_a_case_is_told_piece_by_piece():
    cause = Cause("null pointer", "thread")
    told = [practice.told(cause, "B", piece) for piece in signatures.PIECES]
    assert told == [
        "lines: B flat; A, C, D: flat",
        "last words of B: no",
        "listed by Linux, in the end: B gone; A, C, D: gone",
        "where they lived: one process",
        "the end of B: SIGSEGV",
        "answers: B none; A, C, D: none",
    ]


def test_a_run_is_told_whether_it_left_what_the_table_says():
    cause = Cause("abort", "process")
    left = dict(CAUSES[cause])
    said = practice.run_sentence(cause, left, "observed here")
    assert said == "Really run (observed here): abort in a process. It left just that."
    odd = {**left, signatures.LAST: ("yes",), signatures.ANSWERS: ("right", "right")}
    assert "something else: last words and the answers. Believe the run." in (
        practice.run_sentence(cause, odd, "observed here")
    )


@pytest.mark.worker
def test_an_answer_is_followed_by_what_it_left_here(home):
    shown = practise("the-coroner", 1, answer="a")
    assert shown.ran.startswith("Really run (observed here): ") and shown.ran.endswith("just that.")


@pytest.mark.worker
@pytest.mark.slow
@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.text)
def test_each_cause_really_leaves_what_the_table_says(cause):
    item = lab.observe("crash", fault=cause.fault, container=cause.container)
    assert signatures.of_run(item) == CAUSES[cause]
