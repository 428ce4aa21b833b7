"""Chapter 04: exercises, the clone dial, where a ratio holds, what settles its choices."""

import itertools
import re
from collections import Counter

import pytest

from conclib import lab
from conclib.chapters.ch04_creation import crossing, practice, rules
from conclib.chapters.ch04_creation.checks import printed, processes_after
from conclib.lab import observing, own_diagnosis
from conclib.lesson import texts
from conclib.lesson.asking import races
from conclib.lesson.asking.choices import choose
from conclib.lesson.asking.exercises import check
from conclib.lesson.asking.practice import practise
from conclib.lesson.judging import settle
from conclib.lesson.judging.verdicts import verdict
from conclib.lesson.showing.pages import case_file, glossary
from conclib.lesson.store import kept
from conclib.probes import _fork_model, _fork_programs
from conclib.results import Measurements, Unavailable
from tests import made_up
from tests.chapters import answers
from tests.chapters.answers import SWEEP, own
from tests.lesson_fonts import open_fonts
from tests.made_up import around, measurement, sizes


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


# Exercises --------------------------------------------------------------------------------------
WRONG = {    "count-forks": [
        (5, "linear"), (6, "linear_and_first"), (10, "double"), (31, "without_first"),
        (120, "restart"),
    ],
    "twice-flushed": [
        (["print one", "fork", "flush", "print two"], "unflushed"),
        (["print one", "fork", "print two", "flush"], "unflushed"),
        (["print one", "flush", "print two", "fork"], "copied"),
        (["print two", "flush", "print one", "fork"], "order"),
        (["print one", "print two", "flush", "fork"], "nobody"),
        (["flush", "fork", "print one", "print two"], "order"),
        (["print one", "flush", "fork"], "missing"),
        (["fork", "fork", "print one", "print two"], "missing"),
    ],
    "cheapest": [("fork", "fork"), ("thread", "thread"), ("spawn", "spawn"), ("mp_fork", "fork")],
    "own-probe": [
        (own(probe="fork"), "library"),
        (own(source="recorded"), "recorded"),
        (made_up.measurement([1, 2, 3], probe="own:x", conditions={"verified": "y"}), "few"),
        (own(baseline=()), "baseline"),
        (own(conditions={}), "verify"),
        (own(notes=(own_diagnosis.BASELINE,)), "works_too"),
        (own(conditions={"verified": "y", "idle": "y"}), "idle"),
        (own(conditions={"verified": None}), "verify"),
    ],
    "slope": [
        ((SWEEP, 500.0), "unit"),
        ((SWEEP, 128.0), "whole"),
        ((SWEEP, 129 / 256), None),  # within a tenth of the slope: not wrong
        ((sizes(90_000, 122_000, 154_000, 218_000), 154 / 128), "per_point"),
        ((SWEEP, 2.0), "inverse"),
    ],
}  # fmt: skip
NONSENSE = {    "count-forks": ["32", 7, True, 32.0],
    "twice-flushed": ["fork", [1, 2], ["print one", "flush", "fork", "jump"]],
    "cheapest": [3, "magic"],
    "own-probe": [3, "own:probe"],
    "slope": [0.5, (SWEEP, "0.5"), (7, 0.5), (SWEEP, 77.0), (SWEEP, True),
              (Measurements({"a": around(5)}), 0.5), (sizes(1000), 0.5)],
}  # fmt: skip


@pytest.mark.parametrize(("id", "case"), answers.each(WRONG))
def test_a_wrong_answer_is_met_by_the_belief_behind_it(id, case):
    answers.meets_the_belief(id, case)


def test_every_misconception_of_the_words_is_reached():
    assert answers.unreached("04", WRONG) == set()


@pytest.mark.parametrize(("id", "answer"), answers.each(NONSENSE))
def test_an_answer_of_another_kind_gets_a_sentence_and_raises_nothing(id, answer):
    answers.gets_a_sentence(id, answer)


def test_the_other_start_method_passes_too():
    assert check("cheapest", "forkserver").passed and check("cheapest", " MP_forkserver ").passed


def test_the_model_of_a_buffered_fork_counts_lines():
    assert printed(["print one", "flush", "fork", "print two"]) == ["one", "two", "two"]
    assert printed(["print one", "fork", "print two"]) == ["one", "two", "one", "two"]
    assert printed(["fork", "fork", "print x"]) == ["x"] * 4
    assert printed([]) == []


def test_every_order_of_the_steps_gets_an_answer_and_one_is_right():
    orders = list(itertools.permutations(["print one", "flush", "fork", "print two"]))
    passed = [order for order in orders if check("twice-flushed", order).passed]
    assert passed == [("print one", "flush", "fork", "print two")]


def test_processes_double_with_each_fork():
    assert [processes_after(k) for k in range(5)] == [1, 2, 4, 8, 16]


# Practice: how many lines? ----------------------------------------------------------------------
BELIEFS = _fork_model.BELIEFS
WRITE_FLUSH = (("write", "a"), ("flush",))
FORK, EXIT = ("fork",), ("exit",)
CHILD_ENDS = ("child", (("write", "b"), EXIT))
SMALL = {  # a program, how many lines appear, and how many each belief has
    "flushed": ((*WRITE_FLUSH, FORK, ("write", "b")), 3,
                {"restart": 4, "forgotten": 3, "double": 4, "silent": 2, "unsent": 3}),
    "buffered": ((("write", "a"), FORK, ("write", "b")), 4,
                 {"restart": 4, "forgotten": 3, "double": 6, "silent": 2, "unsent": 4}),
    "two forks": ((FORK, FORK, ("write", "a")), 4,
                  {"restart": 3, "forgotten": 4, "double": 5, "silent": 1, "unsent": 4}),
    "the child forks": ((FORK, ("child", (FORK,)), ("write", "a")), 3,
                        {"restart": 2, "forgotten": 3, "double": 3, "silent": 1, "unsent": 3}),
    "the child leaves": ((*WRITE_FLUSH, FORK, CHILD_ENDS, ("write", "c")), 2,
                         {"restart": 3, "forgotten": 2, "double": 2, "silent": 2, "unsent": 3}),
}  # fmt: skip


@pytest.mark.parametrize(("program", "right", "believed"), SMALL.values(), ids=SMALL)
def test_the_model_counts_and_so_does_each_belief(program, right, believed):
    assert len(_fork_model.lines(program)) == right
    assert {b: len(_fork_model.lines(program, b)) for b in BELIEFS} == believed


def test_who_writes_is_counted_apart_from_who_sends():
    program = (("write", "a"), FORK, CHILD_ENDS, ("write", "c"))
    assert _fork_model.calls(program) == ["a", "c", "b"]
    assert _fork_model.lines(program) == ["a", "c"]
    assert practice.explained(_fork_model.calls(program), _fork_model.lines(program)) == (
        "Line by line: a, c (written once, sent once); b (written once, never sent). "
        + practice.LOST
    )
    assert practice.explained("abb", "aabbb") == (
        "Line by line: a (written once, sent twice); b (written twice, sent 3 times). "
        + practice.COPIED
    )


@pytest.mark.parametrize("seed", range(1, 61))
def test_a_program_is_small_and_each_option_is_what_its_belief_counts(seed):
    program, variant = _fork_programs.program(seed), practice.how_many_lines(seed)
    assert variant.code == _fork_programs.code(program)
    assert variant.code.count("os.fork()") == _fork_programs.FORKS[seed % 4]
    assert 2 <= 1 + len(_fork_model.calls(program, "fork")) <= 8
    assert variant.right == practice.counted(len(_fork_model.lines(program)))
    believed = {b: practice.counted(len(_fork_model.lines(program, b))) for b in BELIEFS}
    for option, belief in variant.beliefs.items():
        alike = [each for each, count in believed.items() if count == option]
        assert alike == [belief], "nobody else counts so many"


def test_a_program_is_the_same_in_every_python():
    """What is kept of a seed means something only as long as it is that program."""
    assert practice.how_many_lines(5).code == (
        'write("a")\nflush()\nwrite("b")\nwrite("c")\npid = os.fork()\nwrite("d")'
    )
    assert practice.how_many_lines(10**9).code == (
        'write("a")\npid = os.fork()\npid = os.fork()\nif pid == 0:\n    write("b")\nwrite("c")'
    )


def test_a_run_is_told_whether_it_is_what_was_computed_or_not():
    same = practice.run_sentence(["b", "a"], ["a", "b"], "observed here")
    assert same.startswith("Run for real (observed here): 2 lines came out, b, a. That is what was")
    other = practice.run_sentence(["a"], ["a", "a"], "observed here")
    assert "1 line came out, a. That is not what was computed above: believe the run." in other
    assert "0 lines came out, none." in practice.run_sentence([], ["a"], "observed here")


def test_where_nothing_can_be_forked_the_answer_was_computed_and_that_is_said(monkeypatch):
    def refuse(*_args, **_more):
        raise Unavailable("os.fork does not exist on this platform")

    monkeypatch.setattr(observing, "run_workers", refuse)
    shown = practise("how-many-lines", 1, answer="a")
    assert shown.right and "Yes. Line by line:" in repr(shown)
    assert shown.ran == "Computed, not run here: os.fork does not exist on this platform."


@pytest.mark.worker
def test_the_model_agrees_with_running():
    """The text that is shown is run; every process is collected, and each ended well."""
    for seed in range(1, 61):
        program = _fork_programs.program(seed)
        seen = lab.observe("fork_program", seed=seed).facts
        assert seen["program"] == practice.how_many_lines(seed).code
        assert Counter(seen["lines"]) == Counter(_fork_model.lines(program)), seen
        assert seen["processes"] == 1 + len(_fork_model.calls(program, "fork"))


@pytest.mark.worker
def test_an_answer_is_followed_by_what_came_out_here():
    shown = practise("how-many-lines", 1, answer="a")
    assert shown.ran.startswith("Run for real (observed here): 5 lines came out, ")
    assert "That is what was computed" in shown.ran and shown.ran in repr(shown)


# The clone dial ---------------------------------------------------------------------------------
def dial(fork, thread, *, few=False, flags=1, size=128):
    """Return the two ends of the clone dial, with net costs in ns."""

    def end(cost, every):
        params = {**dict.fromkeys(rules.FLAGS, every), "ballast_mb": size}
        if few:
            return made_up.measurement([cost] * 3, baseline=(0.0,), probe="clone", params=params)
        return around(cost, probe="clone", params=params)

    return [end(fork, 0), end(thread, flags)]


DIALS = {
    "supported": dial(900_000, 20_000),
    "not supported": dial(20_000, 20_000),
    "inconclusive": dial(40_000, 20_000),
    "inconclusive ": dial(900_000, 20_000, few=True),
    "not settled yet": dial(900_000, 20_000, flags=0),
}


@pytest.mark.parametrize("word", DIALS)
def test_the_clone_dial_settles_the_steps_each_way(word):
    found = verdict("creation.steps", *DIALS[word])
    assert found.word == word.strip()


def test_the_ends_of_the_dial_must_stand_beside_parents_of_one_size():
    (fork, _), (_, thread) = dial(900_000, 20_000, size=0), dial(900_000, 20_000)
    assert rules.clone_dial([fork, thread]) is None
    assert verdict("creation.steps", fork, thread).word == "not settled yet"


# Where a ratio holds ----------------------------------------------------------------------------
def sweep(costs: dict[int, float], spread: float = 0.0) -> Measurements:
    """Return forks beside parents of these sizes in MB, for these times in threads."""
    items = {str(mb): around(100 * cost, spread, params={"ballast_mb": mb})
             for mb, cost in costs.items()}  # fmt: skip
    return made_up.sweep(items)


def bare_sweep(*costs: float) -> Measurements:
    """Return two results with too few values for an interval."""
    sized = zip((0, 64), costs, strict=True)
    return made_up.sweep(
        {str(mb): measurement([cost] * 3, params={"ballast_mb": mb}) for mb, cost in sized}
    )


THREAD = around(100, 0.0, probe="pthread", params={"timed": "join"})
LOST = measurement([5.0] * 30, baseline=(9.0,), params={"ballast_mb": 0})


def test_between_two_sizes_the_line_is_followed_and_the_intervals_give_a_range():
    found = crossing.where_true(sweep({0: 50, 100: 150}, 0.1), THREAD, times=100)
    assert found.found.at == pytest.approx(50, abs=1)
    assert 40 < found.found.low < found.found.at < found.found.high < 60
    assert "one parent only" in found.sentence and "the intervals allow" in found.sentence
    assert "0 MB more" in repr(found) and "×150" in repr(found)
    assert "<table>" in found.html()


WIDE = "No single size can be named"
BRANCHES = {
    "too little": ({0: 500, 100: 600}, 0.01, "too little"),
    "too much and level": ({0: 5, 100: 5}, 0.01, "It does not go on rising here"),
    "too much and levelling off": (
        {0: 10, 64: 50, 128: 90, 192: 92, 256: 91}, 0.01, "It does not go on rising here"),
    "falling": ({0: 600, 100: 6}, 0.01, "does not rise steadily"),
    "up and down": ({0: 50, 50: 900, 100: 150}, 0.01, "does not rise steadily"),
    "level at it": ({0: 100, 100: 101}, 0.05, "does not rise steadily"),
    "wide": ({0: 50, 100: 150}, 0.9, WIDE),
    "from the smallest on": ({0: 99, 100: 350}, 0.1, f"{WIDE}.*from the smallest measured to "),
    "to the largest": ({0: 9, 100: 99}, 0.2, f"{WIDE}.*MB to beyond the largest measured"),
}  # fmt: skip


@pytest.mark.parametrize(("costs", "spread", "words"), BRANCHES.values(), ids=BRANCHES)
def test_each_other_branch(costs, spread, words):
    found = crossing.where_true(sweep(costs, spread), THREAD, times=100)
    assert re.search(words, found.sentence)
    assert "one parent only" not in found.sentence


def test_beyond_what_was_measured_it_says_how_far_and_what_could_bend_the_line():
    found = crossing.where_true(sweep({0: 10, 64: 26, 128: 42, 256: 74}, 0.01), THREAD, times=1000)
    assert found.found is None
    assert "1,000 times is too much here, for every parent measured." in found.sentence
    assert "one with about 3,960 MB more reaches it: ×15 the largest measured." in found.sentence
    assert "What could bend the line on the way: " in found.sentence


def test_where_the_line_would_reach_it_within_what_was_measured_no_size_is_named():
    """The largest lags behind the line that the others make."""
    found = crossing.where_true(sweep({0: 10, 64: 50, 128: 90, 256: 97}, 0.01), THREAD, times=100)
    assert found.sentence.endswith("for every parent measured. A bigger one may reach it.")


def test_nothing_resolved_or_without_an_interval_is_said():
    lost = made_up.sweep({"0": LOST})
    assert "below resolution" in crossing.where_true(lost, THREAD).sentence
    bare = crossing.where_true(bare_sweep(5_000, 15_000), THREAD, times=100)
    assert "no interval" in bare.sentence and bare.found is None
    three = made_up.sweep({**sweep({0: 50, 32: 150}), **{"64": bare_sweep(1, 90_000)["64"]}})
    assert "one parent only" in crossing.where_true(three, THREAD, times=100).sentence
    partly = made_up.sweep({"0": LOST, **sweep({100: 150})})
    assert ("0 MB more", "below resolution", "not resolved") in crossing.where_true(
        partly, THREAD
    ).table


def test_what_is_no_sweep_is_refused():
    with pytest.raises(TypeError, match="sizes"):
        crossing.where_true(THREAD, THREAD)
    with pytest.raises(TypeError, match="unit"):
        crossing.where_true(sweep({0: 500}), 5)
    with pytest.raises(ValueError, match="times"):
        crossing.where_true(sweep({0: 500}), THREAD, times=0)


# Choices ----------------------------------------------------------------------------------------
def test_the_race_is_uncovered_by_a_pick_and_not_before():
    assert "a thread" not in repr(choose("same-code"))
    shown = choose("same-code", pick="A and C")
    assert "B was a thread" in repr(shown) and "C was fork, from another parent" in repr(shown)
    assert choose("lines", pick="two lines").uncovered == ""


def of(**costs):
    return Measurements({label: around(cost) for label, cost in costs.items()})


def writes(before, after):
    return Measurements({
        "before": around(before, params={"after": "nothing"}),
        "afterwards": around(after, params={"after": "fork"}),
    })  # fmt: skip


def pages(huge=2000, spread=0.01):
    return Measurements({
        "4k": around(9000, spread), "huge": around(huge, spread),
        "file": around(1000, spread), "shared": around(1000, spread),
    })  # fmt: skip


GENTLE, FLAT = sizes(1000, 3000, 5000, 9000), sizes(5000, 5000, 5010, 5000)
STEEP = sizes(1000, 7400, 13_800, 26_600)
SETTLED = {
    "gentle": ("why", GENTLE, "copies lists of pages"),
    "flat": ("why", FLAT, "loads the program again"),
    "steep": ("why", STEEP, None),
    "4k": ("what-pages", pages(), "4k"),
    "huge": ("what-pages", pages(huge=90_000), "huge"),
    "too close": ("what-pages", pages(huge=9001, spread=0.1), None),
    "later": ("bill", writes(1000, 90_000), "a part of it later, at the first write"),
    "not later": ("bill", writes(1000, 1010), "all in the call of fork"),
    "perhaps later": ("bill", writes(1000, 1500), None),
    "vm": ("flag", of(vm=10, files=900, fs=950), "vm"),
    "files": ("flag", of(vm=900, files=10, fs=950), "files"),
    "few": ("why", bare_sweep(100, 900), None),
}


@pytest.mark.parametrize(("id", "result", "option"), SETTLED.values(), ids=SETTLED)
def test_a_result_settles_a_pick_each_way(id, result, option):
    answers.settles_each_pick(id, result, option)


def test_without_the_ruler_a_rise_is_not_settled():
    assert "cl.ruler()" in settle.settled("why", "copies all memory", GENTLE)
    assert "stays open" in settle.settled("why", "copies all memory", GENTLE)


@pytest.mark.parametrize(
    ("id", "result", "error", "says"),
    [("lines", GENTLE, ValueError, "leave it out"), ("why", 7, TypeError, "cl.sweep"),
     ("why", of(a=1, b=2), TypeError, "cl.sweep"), ("flag", of(vm=1), ValueError, "files, fs"),
     ("bill", around(5), TypeError, "first_write"),
     ("bill", of(a=1, b=2), ValueError, "after='fork'")],
)  # fmt: skip
def test_a_result_that_does_not_fit_is_refused(id, result, error, says):
    option = texts.entry("choices", id)["options"][0]
    with pytest.raises(error, match=says):
        settle.settled(id, option, result)


def test_the_dearest_must_be_clear_of_all_others():
    """One that is cheaper in the middle may still reach above the first."""
    entry = texts.entry("choices", "what-pages")
    items = dict.fromkeys(entry["options"], around(10))
    items |= {"4k": around(900), "huge": around(700), "file": around(690, spread=0.9)}
    result = Measurements(items)
    option, said = settle.RULES["slowest"](result, entry["settle"], entry["options"])
    assert option is None and said.startswith("Measured, slowest first: 4k")
    clear = Measurements({**items, "file": around(690)})
    assert settle.RULES["slowest"](clear, entry["settle"], entry["options"])[0] == "4k"


def test_the_first_pick_counts_where_it_comes_with_its_result():
    shown = choose("what-pages", pick="huge", result=pages())
    assert shown.pick == "huge" and "speaks against your pick (huge)" in repr(shown)


def test_the_later_bill_is_told_for_each_megabyte_beside_the_ruler():
    kept.keep([around(40_000, probe="copy_memory", params={})])
    fields = {"after": "fork", "ballast_mb": 16}
    result = Measurements({
        "before": around(1000, params={**fields, "after": "nothing"}),
        "after": around(16e6, params=fields),
    })  # fmt: skip
    said = settle.settled("bill", "all in the call of fork", result)
    assert "1.00 ms for each MB; copying 1 MB in one go, from no cache, costs 40.0 µs" in said


# The race, the stories, and what is only read ----------------------------------------------------
def test_the_two_lanes_of_the_right_answer_run_the_same_line():
    lanes = texts.entry("races", "creation")["lanes"]
    same = {label for label, lane in lanes.items() if lane["probe"] == "fork"}
    assert texts.entry("choices", "same-code")["right"] == " and ".join(sorted(same))


@pytest.mark.worker
def test_a_real_race_names_no_lane(home):
    race = races.mystery_race("creation", budget=0.1)
    assert set(race.places) == {"A", "B", "C"}
    assert not any(word in repr(race) + race.picture.alt for word in ("thread", "parent", "MB"))


PRINTED = {
    "fork_twice": ("one", "two", "two"),
    "fork_buffer": ("one", "two", "one", "two"),
    "fork_lock": (),
}


@pytest.mark.worker
@pytest.mark.parametrize("name", PRINTED)
def test_a_story_is_the_same_each_time_and_begins_with_the_parent(name):
    told = answers.is_told_alike_twice(name, PRINTED[name])
    assert told.steps[0].startswith("The parent begins")
    assert set(PRINTED) == set(texts.chapter("04")["stories"])


def test_the_case_file_names_the_source_of_its_figures():
    page = case_file("04")
    assert "{cited" not in repr(page)
    assert "[1]" in repr(page) and page.sources[0].startswith("Redis")


def test_the_glossary_has_the_words_of_the_chapter():
    assert "copy on write" in repr(glossary("04")) and "<table>" in glossary("04").html()
