"""The coroner of chapter 06: 26 causes, what each leaves behind, and the cases made of them."""

from contextlib import closing
from itertools import combinations

import pytest

from conclib import lab
from conclib.chapters import ch06_fate as fate
from conclib.chapters.ch06_fate import inquest, practice, signatures
from conclib.chapters.ch06_fate.signatures import CAUSES, Cause
from conclib.lesson.asking.practice import practise
from tests.lesson_fonts import open_fonts


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


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


# The inquest --------------------------------------------------------------------------------------
def opened(monkeypatch, cause: Cause, left=None) -> inquest.Inquest:
    """Return a case without a run, which left what the table says or something else."""
    monkeypatch.setattr(signatures, "of_run", lambda _: left or CAUSES[cause])
    return inquest.Inquest(cause, "B", None)


def test_each_piece_excludes_causes_until_one_is_left(monkeypatch):
    case = opened(monkeypatch, Cause("abort", "thread"))
    assert case.known == ["lines: B flat; A, C, D: flat"]
    assert case.still.startswith("8 causes are still possible.")
    assert case.buy("there") == "listed by Linux, in the end: B gone; A, C, D: gone"
    assert "still possible: null pointer in a thread, abort in a thread" in case.still
    assert case.accuse("SIGKILL in a thread").endswith("and so do others: buy another piece.")
    case.buy("end")
    case.buy("end")
    assert case.still == "One cause is left."
    assert case.accuse("abort in a process").startswith("No: what you know already speaks against")
    assert case.accuse("abort in a thread") == "Yes: abort in a thread. Bought: 2. Par: 1."


def test_a_run_that_was_disturbed_is_said_to_be_so_and_bad_names_are_refused(monkeypatch):
    cause = Cause("abort", "thread")
    case = opened(monkeypatch, cause, {**CAUSES[cause], signatures.LINES: ("flat", "they differ")})
    assert "the run was disturbed" in case.still
    with pytest.raises(ValueError, match="piece='lines'"):
        case.buy("lines")
    with pytest.raises(ValueError, match="Did you mean 'abort in a thread'"):
        case.accuse("abort in a tread")
    with pytest.raises(ValueError, match="seed=0"):
        fate.coroner(0)


def test_without_a_case_the_buttons_say_so():
    with closing(fate.coroner()) as panel:
        panel.buy("end")
        assert "There is no case yet" in panel.message.value
        panel.accuse()
        assert "There is no case yet" in panel.message.value


@pytest.mark.worker
def test_a_case_really_happens_and_is_solved(home):
    with closing(fate.coroner(2)) as panel:
        case = panel.run_now()
        assert "Case 2." in panel.known.value and "<img" in panel.plot.value
        assert "SIG" not in panel.plot.value.partition("src=")[0]
        for piece in inquest.FOR_SALE:
            panel.buy(piece)
        assert "One cause is left." in panel.message.value
        panel.causes.value = case.cause.text
        panel.accuse()
        assert f"Yes: {case.cause.text}. Bought: 5. Par: " in panel.message.value
