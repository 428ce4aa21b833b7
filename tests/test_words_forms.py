"""A slip in a chapter's words is refused by file, place, value and what is allowed."""

from pathlib import Path
from typing import get_args

import pytest

from conclib import chapters
from conclib.lesson import registry
from conclib.lesson.judging import settle
from conclib.lesson.words_forms import files, rules
from conclib.results import RecordError

TOY = Path(__file__).parent / "course" / "ch90_counting" / "chapter.toml"
GOOD = TOY.read_text(encoding="utf-8")


def refusal(folder, text, read=files.chapter):
    """Return what is said of a file with this text; empty if it is taken."""
    path = folder / "ch93_spoilt" / "chapter.toml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    try:
        read(path)
    except RecordError as error:
        return str(error)
    return ""


def test_the_example_that_is_spoilt_below_is_good(tmp_path):
    assert refusal(tmp_path, GOOD) == ""
    assert files.chapter(TOY) == registry.words_in(TOY.parent)


@pytest.mark.parametrize(
    "old, new, says",
    [
        ("[needs]", "[needs", "Expected"),
        ("cost to count?", "cost to count", "title='What does it cost to count': Expected `str`"),
        ("[needs]", "[need]", "unknown field `need`; it may have: title, needs, recorded"),
        # predictions, and what is measured for them
        ('form = "range"', 'form = "rage"',
         "predictions.one-call.form='rage': Invalid value 'rage'; must be one of: range, ratio, "
         "order, shape. Did you mean 'range'?"),
        ('label = "function_call"\n', "", "predictions.one-call={'question': 'How long"),
        ('label = "function_call"\n', "", "Object missing required field `label`"),
        ('fill_in = "No guess kept. Put two numbers and', 'fillin = "', "unknown field `fillin`; "
         "it may have: question, fill_in"),
        ("cited = []", 'cited = "fork"', "predictions.one-call.cited='fork': Expected `array`"),
        ('experiment = "calls"', 'experiment = "cals"',
         "predictions.calls.experiment='cals': predictions.calls.experiment must be one of: "
         "one-call, calls, growth. Did you mean 'calls'?"),
        ('curve = "list"', 'curve = "lists"', "predictions.growth.curve='lists'"),
        ("[experiments.one-call]", "[experiments.one-call]\npin = 1",
         "experiments.one-call.pin=1: Expected `str`, got `int`"),
        ("[experiments.one-call]", '[experiments.one-call]\npin = "two"',
         "experiments.one-call.pin='two': Invalid enum value 'two'; must be one of: one, none."),
        ('specs = [{ probe = "function_call" }]', "specs = []",
         "experiments.one-call.specs=[]: Expected `array` of length >= 1"),
        ('specs = [{ probe = "function_call" }]', 'specs = [{ prob = "x" }]', "must name a probe"),
        ('runs = [{ probe = "function_call" }]', "runs = [{}]", "recorded={'facts': [], 'runs'"),
        ('ends = ["short list", "long list"]', 'ends = ["short list"]',
         "curves.list.ends=['short list']: Expected `array` of length 2, got 1"),
        # choices
        ('right = "the loop"\n', "", "choices.who-counts={'question': 'Who counts?'"),
        ('right = "the loop"\n', "", "give the right option, or a rule to settle it"),
        ('right = "the loop"', 'right = "the lop"', "right='the lop': right must be one of: the "
         "loop, the clock, nobody. Did you mean 'the loop'?"),
        ('"the clock" = "The', '"the clok" = "The', "see 'the clock', 'the clok'"),
        ('rule = "slowest"', 'rule = "slowest"\nexplian = "x"',
         "choices.slowest.settle: {'rule': 'slowest', 'explian': 'x', 'explain': 'Whoever d...: "
         "Object contains unknown field `explian`; it may have: explain, open. Did you mean "
         "'explain'?"),
        ('rule = "parity"', "",
         "choices.even.settle: {'even': 'even', 'odd': 'odd'}: Object missing required field"),
        ('rule = "parity"', 'rule = "again"\nsame = "eve"\nwithin = "odd"', "unknown field `even`"),
        ('rule = "parity"\neven = "even"\nodd = "odd"', 'rule = "again"\nsame = "eve"\n'
         'within = "odd"', "choices.even.settle: option='eve': option must be one of: even, odd. "
         "Did you mean 'even'?"),
        # exercises, questions, the rest
        ('["Begin with 1 + 2.", "Then add 3."]', '["Begin."]',
         "exercises.add-up.hints=['Begin.']: Expected `array` of length >= 2"),
        ('solution = \'cl.check("add-up", 6)', "solution = 'cl.check(\"add-up\", ...)",
         "the starter must have a gap"),
        ('solution = \'cl.check("add-up"', "solution = 'cl.check(\"addup\"",
         "exercises.add-up: starter and solution must check 'add-up'"),
        ("misconceptions]", "misconception]", "exercises.add-up={'question': 'What is 1 + 2 + 3?'"),
        ('id = "why-count"\n', "", "quiz[0]={'stem': 'Why count at all?'"),
        ('right = "Because numbers can', 'right = "Because a number can', "quiz[0]="),
        ('feedback = ["Yes.", ', "feedback = [", "feedback must have one text for each option"),
        ("[quiz.experiments.b]", "[quiz.expriments.b]", "unknown field `expriments`"),
        ('"count" = "To', '"count" = ""\n"number" = "To', "glossary.count='': Expected `str`"),
        ("service =", "servce =", "case={'title': 'Case file: the toy'"),
    ],
)  # fmt: skip
def test_a_slip_is_refused_by_file_place_value_and_what_is_allowed(tmp_path, old, new, says):
    assert old in GOOD
    found = refusal(tmp_path, GOOD.replace(old, new, 1))
    assert found.startswith("ch93_spoilt/chapter.toml: ")
    assert says in found


def test_a_curve_that_settles_a_choice_must_be_there(tmp_path):
    rule = 'rule = "shape"\ncurve = "lits"\noutcomes = { flat = "even" }'
    text = GOOD.replace('rule = "parity"\neven = "even"\nodd = "odd"', rule)
    assert "choices.even.settle.curve='lits'" in refusal(tmp_path, text)


def test_a_race_uncovers_itself_with_a_choice_that_there_is(tmp_path):
    race = """
[races.it]
question = "Which?"
choice = "who-count"
uncover = "Both."
lanes = { A = { name = "a", probe = "empty" }, B = { name = "b", probe = "empty" } }
"""
    assert "Did you mean 'who-counts'?" in refusal(tmp_path, GOOD + race)


@pytest.mark.parametrize(
    "text, says",
    [
        ('[1]\ntitle = "A?"', "Expected `str` matching regex"),
        ('[01]\ntitle = "A?"\n[13]\ntitle = "B"', "13.title='B': Expected `str` matching regex"),
        (
            '[01]\ntitel = "A?"',
            "unknown field `titel`; it may have: title, needs, recorded",
        ),
        ('[01]\ntitle = "A?"\nneeds = { fork = 3 }', "01.needs.fork=3: Expected `str`, got `int`"),
    ],
)
def test_chapters_to_come_are_held_to_their_form(tmp_path, text, says):
    assert says in refusal(tmp_path, text, files.to_come)


def test_each_rule_of_the_engine_has_a_form():
    assert set(rules.NAMES) == set(settle.RULES)
    assert len(get_args(rules.Rule)) == len(rules.NAMES)


def require_functions(chapter):
    """Fail unless a chapter has a function for all that its words name, and no other."""
    named = {e["settle"]["rule"] for e in chapter.words.get("choices", {}).values()
             if "settle" in e}  # fmt: skip
    assert set(chapter.rules) == named - set(rules.NAMES)
    assert set(chapter.checks) == set(chapter.words.get("exercises", {}))
    assert set(chapter.pictures) >= set(chapter.words.get("pictures", {}).values())


@pytest.mark.parametrize("number", chapters.known())
def test_what_the_words_of_a_chapter_name_is_a_function_of_it(number):
    require_functions(registry.opened(number))


def test_so_it_is_with_the_toys(course):
    for chapter in course:
        require_functions(chapter)
