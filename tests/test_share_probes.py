"""What tasks share: letters of one file, the matrix, steps, two folders; with and without kcmp."""

import os
import random

import pytest

from conclib import lab
from conclib.probes import _letter_model, _letter_steps, _matrix
from conclib.results import Observation
from tests.barred import reported, without_kcmp
from tests.interpreters import interpreter

OTHERS = ["thread", "child", "stranger"]
ASKED = {"memory", "open files", "file offset", "working directory", "umask", "reaction to signals"}
COMMON = ASKED | {"environment", "limits", "pid"}  # what a thread has in common with its maker
OWN = {"signal mask", "priority", "name"}  # what not even a thread has in common
DEPENDS = {"user", "CPU set"}  # what not everybody may change, and not everywhere
worker = pytest.mark.worker


def observe(name: str, **params) -> Observation:
    found = lab.observe(name, **params)
    assert found.source == "live"
    return found


def marks(item: Observation, other: str, mark: str) -> set[str]:
    """Return the things that have this mark in a column."""
    return {thing for thing, cells in item.facts["cells"].items() if cells[other]["mark"] == mark}


# Letters ----------------------------------------------------------------------------------------
@worker
def test_only_a_fresh_program_has_a_place_of_its_own():
    facts = observe("letters").facts
    assert facts["reads"] == {"1": "ABCD", "2": "EFGH", "3": "IJKL", "4": "ABCD"}
    pids = {number: task["pid"] for number, task in facts["tasks"].items()}
    assert pids["1"] == pids["2"] and len(set(pids.values())) == 3
    assert len({task["tid"] for task in facts["tasks"].values()}) == 4


READ_ON = [  # who, what it does then; what all get; same file, same list of open files
    ("forked child", "closes", ("ABCD", "EFGH", "IJKL"), (True, False)),
    ("forked child", "leaves open", ("ABCD", "EFGH", "IJKL"), (True, False)),
    ("thread", "closes", ("ABCD", "EFGH", "EBADF"), (True, True)),
    ("thread", "leaves open", ("ABCD", "EFGH", "IJKL"), (True, True)),
    ("fresh program", "closes", ("ABCD", "ABCD", "EFGH"), (False, False)),
]


@worker
@pytest.mark.parametrize(("who", "then", "letters", "same"), READ_ON)
def test_a_parent_reads_on_after_another_has_read(who, then, letters, same):
    facts = observe("reads_on", who=who, then=then).facts
    assert (facts["before"], facts["other"], facts["after"]) == letters
    asked = facts["same_file"], facts["tables_shared"]
    assert asked == (same if not facts["why"] else (None, None))


@worker
def test_what_linux_does_not_answer_is_not_known_and_says_why():
    facts = without_kcmp("share", "reads_on")
    assert (facts["before"], facts["other"], facts["after"]) == ("ABCD", "EFGH", "IJKL")
    assert (facts["same_file"], facts["tables_shared"]) == (None, None)
    assert facts["why"] == "kcmp: Operation not permitted"


# The matrix -------------------------------------------------------------------------------------
@worker
def test_a_thread_shares_what_a_forked_child_has_a_copy_of_but_for_the_place_in_a_file():
    item = observe("sharing")
    assert item.facts["others"] == OTHERS and set(item.facts["cells"]) == COMMON | OWN | DEPENDS
    assert marks(item, "thread", "shared") == COMMON
    assert marks(item, "child", "shared") == {"file offset"}
    assert marks(item, "stranger", "shared") == set()
    for other in OTHERS:
        known = marks(item, other, "own") | marks(item, other, "shared")
        assert known >= COMMON | OWN and not marks(item, other, "?")
        assert marks(item, other, "not known") <= DEPENDS


@worker
def test_all_have_the_same_before_and_each_cell_says_how_it_was_found():
    item = observe("sharing")
    for thing, cells in item.facts["cells"].items():
        for cell in cells.values():
            assert cell["equal_at_first"] or thing == "pid"
            assert bool(cell["witness"]) == (cell["mark"] != "not known")
            assert (cell["kcmp"] is None) == bool(cell["why"])
            if thing in ASKED and cell["kcmp"] is not None:
                assert cell["kcmp"] == cell["behaviour"] == cell["shared"]
    if os.geteuid() == 0:
        assert item.facts["cells"]["user"]["thread"]["mark"] == "own"
    else:
        why = item.facts["cells"]["user"]["thread"]["why"]
        assert why.startswith("Linux refused the change: Operation not permitted")


@worker
@pytest.mark.parametrize("changer", ["thread", "child", "stranger", "other"])
def test_whoever_changes_it_the_answer_is_the_same(changer):
    item = observe("sharing", changes=changer)
    with_thread = {"thread": "maker", "other": "thread"}.get(changer)
    if with_thread:
        assert marks(item, with_thread, "shared") == COMMON
    with_child = {"child": ["maker", "thread"], "thread": ["child"], "other": ["child"]}
    for other in with_child.get(changer, []):
        assert marks(item, other, "shared") == {"file offset"}
    if changer == "stranger":
        assert [marks(item, other, "shared") for other in item.facts["others"]] == [set()] * 3


@worker
@pytest.mark.parametrize("minor", [9, 10, 12, 13, 14])
def test_what_is_shared_is_linuxs_matter_not_a_pythons(minor):
    """A release of Python changes nothing of it; all of this runs on older ones, too."""
    path = interpreter(f"python3.{minor}")
    if path is None:
        pytest.skip(f"there is no Python 3.{minor}")
    item = lab.observe("sharing", python=path)
    assert marks(item, "thread", "shared") == COMMON
    assert marks(item, "child", "shared") == {"file offset"}
    steps = "child reads 2; thread closes; child reads 2; parent reads 2"
    gave = lab.observe("letter_steps", python=path, steps=steps).facts["gave"]
    assert gave == ["AB", "", "CD", "EBADF"]
    assert lab.observe("saved_where", python=path).facts["together"]


@worker
def test_without_kcmp_the_matrix_is_whole_and_says_what_was_not_asked():
    cells = without_kcmp("share", "sharing")["cells"]
    shared = {thing for thing, row in cells.items() if row["thread"]["mark"] == "shared"}
    assert shared == COMMON
    for thing in ASKED:
        for cell in cells[thing].values():
            assert cell["kcmp"] is None and cell["why"] == "kcmp: Operation not permitted"
            assert "kcmp" not in cell["witness"] and cell["behaviour"] is not None


@worker
def test_one_thing_or_five_can_be_chosen():
    assert set(observe("sharing", thing="five").facts["cells"]) == set(_matrix.FIVE)
    assert list(observe("sharing", thing="umask").facts["cells"]) == ["umask"]


def test_the_choices_are_the_things_that_there_are():
    choices = lab.catalogue()["sharing"].params["thing"].choices
    assert choices == ("all", "five", *_matrix.NAMES)
    with pytest.raises(ValueError, match=r"thing='memories'.*'memory'"):
        lab.observe("sharing", thing="memories")


FOUND = [  # looker before and after, changer before and after, kcmp; what follows
    (("A", "B", "A", "B"), True, "shared"),
    (("A", "B", "A", "B"), None, "shared"),
    (("A", "A", "A", "B"), False, "own"),
    (("A", "A", "A", "B"), True, "?"),
    (("A", "B", "A", "B"), False, "?"),
    (("A", "A", "A", "A"), None, "not known"),
    (("A", "A", "A", "A"), True, "shared"),
    (("A", "C", "A", "B"), None, "not known"),
    (("A", "C", "A", "B"), False, "own"),
]


@pytest.mark.parametrize(("found", "kcmp", "mark"), FOUND)
def test_two_witnesses_that_disagree_leave_a_question_mark(found, kcmp, mark):
    before, after, own_before, own_after = found
    seen = {
        "before": {"maker": own_before, "thread": before},
        "after": {"maker": own_after, "thread": after},
        "refused": "",
    }
    cell = _matrix.cell("maker", "thread", seen, (kcmp, ""), equal=before == own_before)
    assert cell["mark"] == mark
    assert cell["shared"] == {"shared": True, "own": False}.get(mark)
    assert bool(cell["why"]) == (cell["behaviour"] is None)


KILLED = """
import os
from . import _cast

def report(params):
    said = {}
    for name in ("child", "stranger", "maker"):
        with _cast.Cast() as cast:
            cast.start(*_cast.NAMES)
            os.kill(cast.tell(name, "who")["pid"], 9)
            try:
                cast.tell(name, "who")
            except RuntimeError as error:
                said[name] = str(error)
            if name != "maker" and cast.tell("maker", "who"):
                said[name] += ", others live"
    said["left"] = len(os.listdir("/proc/self/fd"))
    return said
"""


@worker
def test_a_task_that_dies_is_named_and_nothing_is_left():
    said = reported(KILLED)
    assert said["child"] == "child has ended before its time, others live"
    assert said["stranger"] == "stranger has ended before its time, others live"
    assert said["maker"] == "maker has ended before its time"
    assert said["left"] < 10  # no pipe is left open


# Steps ------------------------------------------------------------------------------------------
BELIEFS = [  # steps that tell one belief from what is true
    ("copied place", "parent reads 2; child reads 2", "CD", "AB"),
    ("parent's list", "child closes; parent reads 2", "AB", "EBADF"),
    ("thread's place", "thread reads 2; parent reads 2", "CD", "AB"),
    ("thread's place", "parent reads 2; thread rewinds; parent reads 2", "AB", "CD"),
    ("thread's folder", "thread goes to small; parent opens; parent reads 2", "ab", "AB"),
    ("child's folder", "child goes to small; parent opens; parent reads 2", "AB", "ab"),
    ("on disk", "parent reads 2; child opens; child reads 2", "AB", "CD"),
]


@worker
@pytest.mark.parametrize(("belief", "text", "right", "wrong"), BELIEFS)
def test_steps_are_taken_and_contradict_a_belief(belief, text, right, wrong):
    steps = _letter_steps.parse(text)
    assert _letter_steps.text(steps) == text
    assert _letter_model.given(steps, belief)[-1] == wrong
    facts = observe("letter_steps", steps=text).facts
    assert facts["gave"] == _letter_model.given(steps) and facts["last"] == right
    assert facts["steps"] == text.split("; ")


@worker
@pytest.mark.parametrize("seed", [random.Random(18).randrange(1, 10**9) for _ in range(6)])
def test_what_is_computed_for_a_seed_is_what_happens(seed):
    steps = _letter_steps.program(seed)
    assert observe("letter_steps", seed=seed).facts["gave"] == _letter_model.given(steps)


def test_each_seed_tells_three_beliefs_apart_and_has_no_idle_step():
    for seed in range(1, 41):
        steps = _letter_steps.program(seed)
        assert steps == _letter_steps.program(seed)
        wrong = _letter_model.wrong_answers(steps)
        assert len(wrong) >= _letter_steps.WRONG and len(set(wrong.values())) == len(wrong)
        assert _letter_model.given(steps)[-1] not in wrong
        known = _letter_model.answers(steps)
        for place in range(len(steps) - 1):
            assert _letter_model.answers(_letter_steps.without(steps, place)) != known


def test_what_is_closed_cannot_be_read_rewound_or_closed_until_it_is_opened_again():
    text = "child closes; child reads 1; child rewinds; child closes; child opens; child reads 1"
    gave = _letter_model.given(_letter_steps.parse(text))
    assert gave == ["", "EBADF", "EBADF", "EBADF", "", "A"]


@pytest.mark.parametrize(
    "steps", ["parent hops", "parent reads 5", "child closes", "", "parent goes to rome", 3]
)
def test_what_are_no_steps_is_refused_with_an_example(steps):
    with pytest.raises((TypeError, ValueError), match=r"steps.*'parent reads 2; child opens"):
        lab.observe("letter_steps", steps=steps)


# Two folders ------------------------------------------------------------------------------------
@worker
@pytest.mark.parametrize("mend", ["no", "lock"])
def test_two_threads_have_one_folder_and_save_into_it_both(mend):
    facts = observe("saved_where", mend=mend).facts
    assert facts["together"] and not facts["as_wanted"] and not facts["why"]
    assert sorted(map(len, facts["files"].values())) == [0, 2]
    assert len(set(facts["stood_in"].values())) == 1


@worker
@pytest.mark.parametrize("mend", ["full path", "folder descriptor", "own process", "own folder"])
def test_mended_each_file_lands_where_it_belongs(mend):
    facts = observe("saved_where", mend=mend).facts
    if not facts["why"]:  # containers may refuse a thread a folder of its own
        assert facts["files"] == {"cats": ["cat.png"], "dogs": ["dog.png"]}
        assert facts["as_wanted"] and not facts["together"]
    else:
        assert mend == "own folder" and facts["together"]
