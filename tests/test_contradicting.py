"""The experiment behind a wrong answer: what it reads, what it says, and that each has its own.

What every quiz of a real chapter must be is asked of all in ``chapters/test_every_quiz.py``.
"""

from pathlib import Path

import pytest

from conclib import lab
from conclib.lesson import registry
from conclib.lesson.asking import contradicting, quizzes
from conclib.lesson.asking.question import described
from conclib.lesson.judging import readings
from conclib.lesson.judging.conditions import Before, Compared, ComparedFacts, Fact
from conclib.results import Measurements, Observation
from tests import made_up
from tests.chapters import questions
from tests.made_up import around

TOYS = sorted((Path(__file__).parent / "course").glob("ch*"))  # importing would register them
WORDS_OF = {toy.name[2:4]: registry.words_in(toy) for toy in TOYS}
ASKED = {
    (chapter, kind): [described(entry) for entry in words.get(kind, ())]
    for chapter, words in WORDS_OF.items()
    for kind in ("quiz", "recall")
}
QUESTIONS = [each for (_, kind), some in ASKED.items() if kind == "quiz" for each in some]
WITH_RIGHT = [each for some in ASKED.values() for each in some]
each_wrong_answer = pytest.mark.parametrize(("question", "option"), questions.wrong(QUESTIONS))


def one(probe, raw):
    """Return the result of ``measure``, labelled with the probe's name: all values are ``raw``."""
    return Measurements({probe: made_up.measurement([raw] * 20, baseline=(1.0,), probe=probe)})


def two(**raw):
    """Return results with these labels: all values of each are the same."""
    items = {
        label: made_up.measurement([cost] * 20, baseline=(1.0,)) for label, cost in raw.items()
    }
    return Measurements(items)


ONCE = made_up.twice_forked(["two"], "parent", "child", "parent")
FROM_THE_TOP = made_up.twice_forked(["one", "two"], "parent", "parent", "child", "child")

# For each wrong answer of each question: a typical result, and one that does not speak against it.
RESULTS = {
    ("why-count", "b"): (one("empty", 9.0), one("empty", 0.05)),
    ("what-counts", "a"): (
        two(counting=9.0, asking=160.0),
        two(counting=9.0, asking=10.0),
    ),
    ("what-counts", "c"): (
        two(counting=9.0, copying=18_000.0),
        two(counting=9.0, copying=9.5),
    ),
    ("once-more", "a"): (
        Measurements({"function_call": around(20.0, 0.1)}),
        Measurements({"function_call": around(20.0, 0.0)}),
    ),
    ("why-call", "b"): (one("system_call", 160.0), one("system_call", 1.0)),
    ("who-repeats", "a"): (ONCE, FROM_THE_TOP),
}


# Every wrong answer of the toy course -----------------------------------------------------------
@pytest.mark.parametrize("question", QUESTIONS, ids=[each.id for each in QUESTIONS])
def test_each_wrong_answer_has_an_experiment_of_its_own_and_the_right_one_has_none(question):
    questions.is_whole(question)
    questions.has_its_own_experiments(question)


@each_wrong_answer
def test_an_experiment_names_what_exists(course, question, option):
    questions.names_what_exists(question, option)


@each_wrong_answer
def test_where_nothing_can_be_measured_a_recording_takes_its_place(question, option):
    questions.is_recorded(question, option)


def test_every_wrong_answer_has_made_up_results_and_nothing_else_has():
    assert set(RESULTS) == questions.letters(QUESTIONS)


@each_wrong_answer
def test_a_typical_result_speaks_against_that_answer_alone(question, option):
    questions.typical_speaks_against(question, option, RESULTS)


@each_wrong_answer
def test_a_contrary_result_does_not_tell_and_the_student_learns_what_to_do(question, option):
    questions.contrary_stays_open(question, option, RESULTS)


@pytest.mark.parametrize("question", WITH_RIGHT, ids=[each.id for each in WITH_RIGHT])
def test_the_answers_of_a_question_are_alike_in_length(question):
    questions.is_alike_in_length(question)


def test_the_right_answer_is_neither_the_longest_nor_in_one_place():
    questions.right_is_not_the_longest(WITH_RIGHT)
    for (_, kind), some in ASKED.items():
        if kind == "quiz":
            questions.right_is_not_in_one_place(some)


# What is read -----------------------------------------------------------------------------------
RUNS = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [11.0, 12.0, 13.0, 14.0, 15.0, 16.0])
ITEMS = Measurements({
    "two: runs": made_up.measurement(*RUNS, baseline=(0.5,)), "ten": around(10), "big": around(999)
})  # fmt: skip
READ = {"n": 12, "median": 8, "mean": 8, "min": 0.5, "tenth": 1.6, "spread": 12.8, "raw": 8.5,
        "late": 10, "baseline": 0.5}  # fmt: skip


@pytest.mark.parametrize("statistic", readings.STATISTICS)
def test_a_statistic_is_a_point(statistic):
    one, other = readings.both(f"two: runs:{statistic}", 3, ITEMS)
    assert one.value == pytest.approx(READ[statistic]) and one.interval == (one.value,) * 2
    assert other.value == 3 and other.quantity is one.quantity
    assert other.compare(one) == ("lower" if one.value > 3 else "higher")


def test_a_label_is_the_net_result_with_its_interval_also_where_it_has_a_colon():
    one, other = readings.both("two: runs", "ten", ITEMS)
    assert one == ITEMS.estimate("two: runs") and other == ITEMS.estimate("ten")
    assert one.interval[0] < one.value < one.interval[1]


def test_the_largest_and_the_smallest_are_found():
    one, other = readings.both("largest", "smallest:min", ITEMS)
    assert one == ITEMS.estimate("big") and other.value == 0.5


@pytest.mark.parametrize(
    ("value", "error", "says"),
    [("tne", ValueError, "one='tne': one must be one of: two: runs, ten, big, smallest, largest"),
     ("ten:maen", ValueError, "Did you mean 'mean'"), (True, TypeError, "one=True"),
     (-1, ValueError, "one=-1"), (None, TypeError, "one=None"), ("tne:min", ValueError, "'ten'")],
)  # fmt: skip
def test_what_no_result_has_is_refused(value, error, says):
    with pytest.raises(error, match=says):
        readings.checked("one", value, ITEMS)


# What speaks against an answer ------------------------------------------------------------------
@pytest.mark.parametrize(("factor", "word"), [(1, "higher"), (2, "overlapping"), (4, "lower")])
def test_a_comparison_holds_for_its_words_alone(factor, word):
    seen = Measurements({"a": around(20), "b": around(10)})
    for words in (["lower"], ["higher"], ["overlapping"], ["higher", "lower"]):
        assert Compared("a", "b", words, factor).holds(seen) == (word in words)


def test_where_there_is_no_interval_nothing_is_spoken_against():
    seen = Measurements({"a": made_up.measurement([9.0, 9.1], baseline=()), "b": around(1)})
    for word in ("lower", "higher", "overlapping"):
        assert not Compared("a", "b", [word]).holds(seen)


def test_a_fact_and_an_order_of_events_are_found_in_a_story():
    assert Fact("by.child", ["two"]).holds(ONCE) and not Fact("by.child", ["one"]).holds(ONCE)
    assert Fact("by.child", ["two"]).shown(ONCE) == {"seen": "two"}
    orders = {("child.print", "parent.print"): True, ("parent.print", "child.print"): True,
              ("child.exit", "child.print"): False, ("child.print", "child.exit"): True,
              ("child.print", "child.print"): False, ("child.fly", "child.exit"): False,
              ("child.print", "child.fly"): False}  # fmt: skip
    assert {order: Before(order).holds(ONCE) for order in orders} == orders


def reported(mb: object, kb: object) -> dict[str, Observation]:
    """Return one observation by the label "run"."""
    facts = {"sizes": {"heap": mb}, "steps": [kb, 7]}
    return {"run": Observation("made_up", "t", {}, made_up.HOST, made_up.RUNTIME, facts)}


@pytest.mark.parametrize(("factor", "word"), [(1, "higher"), (2, "overlapping"), (4, "lower")])
def test_two_facts_are_compared_as_numbers_that_are_known_exactly(factor, word):
    seen = reported(20, 10)
    for words in (["lower"], ["higher"], ["overlapping"]):
        judge = ComparedFacts("run:sizes.heap", "run:steps.0", words, "kB", factor, ("one", "two"))
        assert judge.holds(seen) == (word in words)
        assert judge.shown(seen) == {"one": "20.0 kB", "other": "10.0 kB"}


@pytest.mark.parametrize("value", [None, "20", True, [20]])
def test_a_fact_that_is_no_number_speaks_against_nothing(value):
    for word in ("lower", "higher", "overlapping"):
        judge = ComparedFacts("run:sizes.heap", "run:steps.0", [word], "", names=("one", "two"))
        assert not judge.holds(reported(value, 10))


# What it says -----------------------------------------------------------------------------------
WORDS = {
    "call": "measure_many", "params": {"cpu": "one"},
    "probes": {"a": {"probe": "fork", "timed": "wait"}, "b": {"probe": "x"}},
    "judge": {"one": "a", "other": "b", "words": ["higher"], "text": "{one}, not {other}."},
}  # fmt: skip
SEEN = Measurements({"a": around(2000), "b": around(10)})


def test_the_sentence_is_computed_and_names_the_numbers():
    made = contradicting.parsed("quiz", WORDS)
    assert made.sentence("No", SEEN) == "That speaks against “No”: 2.00 µs, not 10.0 ns."
    same = Measurements({"a": around(10), "b": around(10)})
    assert made.sentence("No", same) == f"This time it does not tell. {contradicting.OPEN}"


def test_below_resolution_is_said_and_what_was_recorded_too():
    lost = made_up.measurement([5.0] * 9, baseline=(9.0,))
    recorded = around(2000, source="recorded", date="2026-11-24")
    said = contradicting.parsed("quiz", WORDS).sentence(
        "No", Measurements({"a": recorded, "b": lost})
    )
    assert "2.00 µs, not below resolution. (Not from this machine: recorded on Linux" in said


def test_the_line_of_code_is_the_call():
    made = contradicting.parsed("quiz", WORDS)
    line = 'cl.measure_many({"a": ("fork", {"timed": "wait"}), "b": ("x", {})}, cpu="one")'
    assert made.code == line
    told = {"call": "story", "name": "s", "judge": {"fact": "a", "equals": 1, "text": "Yes."}}
    assert contradicting.parsed("quiz", told).code == 'cl.story("s")'
    seen = {**told, "call": "observe", "params": {"depth": 2}}
    assert contradicting.parsed("quiz", seen).code == 'cl.observe("s", depth=2)'


OBSERVED = {
    "call": "observe_many",
    "probes": {"a": {"probe": "noise", "rounds": 5}, "b": {"probe": "noise"}},
    "judge": {"one": "a:x", "other": "b:x", "words": ["higher"], "unit": "", "text": "{one}."},
}  # fmt: skip


def test_what_is_observed_is_asked_for_once_for_each_label(monkeypatch):
    made, asked = contradicting.parsed("quiz", OBSERVED), []
    assert made.code == 'cl.observe("noise", rounds=5); cl.observe("noise")'
    monkeypatch.setattr(
        lab, "observe", lambda name, stop, **more: asked.append((name, more)) or {"x": 1}
    )
    assert list(made.run()) == ["a", "b"]
    assert asked == [("noise", {"rounds": 5}), ("noise", {})]


def test_it_is_run_as_it_says(monkeypatch):
    asked = []

    def called(*given, stop, **params):
        asked.append((given, stop, params))
        return around(5)

    for name in ("measure", "measure_many", "observe"):
        monkeypatch.setattr(lab, name, called)
    one = {"call": "measure", "name": "fork", "params": {"runs": 1}}
    judged = {"one": "fork:n", "other": 9, "words": ["higher"], "text": "{one}."}
    seen = contradicting.parsed("quiz", {**one, "judge": judged}).run("stop")
    assert list(seen) == ["fork"] and asked == [(("fork",), "stop", {"runs": 1})]
    contradicting.parsed("quiz", WORDS).run()
    told = {"call": "story", "name": "s", "judge": {"before": ["a.b", "c.d"], "text": "Yes."}}
    contradicting.parsed("quiz", told).run()
    pairs = {"a": ("fork", {"timed": "wait"}), "b": ("x", {})}
    assert asked[1:] == [((pairs,), None, {"cpu": "one"}), (("s",), None, {})]


# Malformed words --------------------------------------------------------------------------------
def changed(**judge):
    return {**WORDS, "judge": {**WORDS["judge"], **judge}}


MALFORMED = {
    "an unknown key": ({**WORDS, "look": "here"}, "key='look'"),
    "an unknown call": ({**WORDS, "call": "sweep"}, "call='sweep'"),
    "no call": ({"judge": WORDS["judge"]}, "call"),
    "no judge": ({"call": "measure", "name": "fork"}, "judge={}: must have one of: one, fact"),
    "no sentence": ({**WORDS, "judge": {"one": "a", "other": "b", "words": ["lower"]}}, "'text'"),
    "probes and a name": ({**WORDS, "name": "fork"}, "else a name"),
    "one without a name": ({**WORDS, "call": "measure"}, "else a name"),
    "no probe": ({**WORDS, "probes": {"a": {"timed": "wait"}, "b": {"probe": "x"}}}, "probes.a"),
    "an unknown label": (changed(one="c"), "one='c'"),
    "an unknown word": (changed(words=["bigger"]), "words='bigger'"),
    "no word": (changed(words=[]), "one or two of: lower, higher, overlapping"),
    "every word": (changed(words=["lower", "higher", "overlapping"]), "one or two of"),
    "a factor of nothing": (changed(factor=0), "factor=0"),
    "two numbers": (changed(one=1, other=2), "one must name a result"),
    "a key of another judge": (changed(equals=1), "key='equals'"),
    "an unknown number": (changed(text="{ratio}."), "in braces stands {one}, {other}"),
    "half a brace": (changed(open="{one."), "open"),
    "no full stop": (changed(text="{one}"), "ends with a full stop"),
    "no text": (changed(open=7), "open=7"),
    "a story compared": ({**WORDS, "call": "story", "name": "s", "probes": {}, "params": {}},
                         "does not fit 'story'"),
    "what is observed compared": ({**WORDS, "call": "observe", "name": "s", "probes": {}},
                                  "does not fit 'observe'"),
    "a story with parameters": (
        {"call": "story", "name": "s", "params": {"cpu": 1},
         "judge": {"fact": "a", "equals": 1, "text": "Yes."}}, "story takes none"),
    "a fact measured": (
        {"call": "measure", "name": "s", "judge": {"fact": "a", "equals": 1, "text": "Yes."}},
        "does not fit 'measure'"),
    "facts measured": ({**OBSERVED, "call": "measure_many"}, "does not fit 'measure_many'"),
    "numbers observed": ({**OBSERVED, "judge": WORDS["judge"]}, "does not fit 'observe_many'"),
    "an observation with parameters": (
        {**OBSERVED, "params": {"cpu": 1}}, "observe_many takes none"),
    "a label without a fact": (
        {**OBSERVED, "judge": {**OBSERVED["judge"], "one": "a"}}, "one=''"),
    "an unknown unit": (
        {**OBSERVED, "judge": {**OBSERVED["judge"], "unit": "miles"}}, "unit='miles'"),
    "facts of one label without names": (
        {**OBSERVED, "judge": {**OBSERVED["judge"], "other": "a:y"}}, "names=[]"),
    "one event": (
        {"call": "story", "name": "s", "judge": {"before": ["child.print"], "text": "Yes."}},
        "must be two"),
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_words_are_refused_with_the_question_and_the_letter(name):
    words, says = MALFORMED[name]
    entry = {"id": "why-x", "options": ["x", "y"], "right": "x", "experiments": {"b": words}}
    with pytest.raises(ValueError, match=r"quiz 'why-x', experiments\.b: ") as refused:
        contradicting.by_option(entry)
    assert says in str(refused.value)


@pytest.mark.parametrize("letter", ["a", "c", "B", "x"])
def test_the_right_answer_and_none_at_all_take_no_experiment(letter):
    entry = {"id": "why-x", "options": ["x", "y"], "right": "x", "experiments": {letter: WORDS}}
    with pytest.raises(ValueError, match="the letter of a wrong answer: b"):
        contradicting.by_option(entry)


def test_a_question_whose_answer_is_not_revealed_takes_none():
    entry = {"id": "pre-x", "options": ["x", "y"], "experiments": {"b": WORDS}}
    with pytest.raises(ValueError, match="quiz 'pre-x'"):
        contradicting.by_option(entry)


def test_a_chapter_with_malformed_words_is_refused_where_it_is_asked(course):
    bad = {"id": "q", "stem": "?", "options": ["x", "y"], "right": "x", "experiments": {"b": {}}}
    registry.register(registry.Chapter("92", {"title": "New?", "quiz": [bad]}))
    with pytest.raises(ValueError, match=r"quiz 'q', experiments\.b"):
        quizzes.quiz("92")


# For real ---------------------------------------------------------------------------------------
@pytest.mark.worker
@each_wrong_answer
def test_each_experiment_runs_and_tells_one_way_or_the_other(course, question, option, monkeypatch):
    questions.tells_one_way_or_the_other(question, option, monkeypatch)
