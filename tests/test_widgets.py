"""Panels: what they say, what they start and stop, and that nothing of them stays behind."""

import ast
import html
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import ipywidgets
import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st

from conclib import lab
from conclib.lab import sampling
from conclib.lesson import registry, texts
from conclib.lesson.asking import choices, practice, quizzes
from conclib.lesson.asking.contradicting import Experiment
from conclib.lesson.judging.conditions import Compared
from conclib.lesson.predicting import pending, predictions
from conclib.lesson.showing import shown as shown_module
from conclib.lesson.showing.shown import VIEW
from conclib.lesson.store import progress
from conclib.results import (
    Cancelled,
    ConclibError,
    Measurement,
    Measurements,
    WorkerError,
    shapes,
)
from conclib.widgets import (
    choosing,
    controls,
    exploring,
    faces,
    keeping,
    numbers,
    parts,
    pictures,
    remembered,
    words,
)
from conclib.widgets import drawing as drawing_module
from conclib.widgets import measuring as panel_module
from conclib.widgets import quizzes as quiz_module
from conclib.widgets.background import BUSY, CLOSED, Background
from conclib.widgets.choosing import ChoicePanel
from conclib.widgets.exploring import Line
from conclib.widgets.guessing import decade, grid, nearest, widened
from conclib.widgets.measuring import ALL, Panel
from conclib.widgets.model import KEEP, PanelModel
from conclib.widgets.practising import PracticePanel
from conclib.widgets.quizzes import QuizPanel
from tests import made_up
from tests.leaks import wait_until
from tests.made_up import OTHER_HOST, measurement
from tests.panels import (
    SPREAD,
    code_in,
    evaluated,
    marked,
    open_widgets,
    plain,
    read_aloud,
    result,
    runs_from_the_quiz,
)

ROOT = Path(__file__).parent.parent
TIMED = {name: info for name, info in lab.catalogue().items() if info.kind == "timed"}
DEFAULTS = {"ballast_mb": 0, "pages": "4k", "timed": "call"}

pytestmark = pytest.mark.usefixtures("course")


def told(run: int = 1, phase: str = "measure", values: tuple = (), fraction: float = 0.0):
    """Return a progress report of three runs."""
    return lab.Progress("fork", "fork", phase, run, 3, values, 10.0, fraction)


class Fake:
    """Stands in for ``lab.measure``: tells what it is given to tell, then ends as it is told to."""

    def __init__(self, *outcomes, telling=(), blocked: bool = False) -> None:
        self.outcomes, self.telling = list(outcomes) or [None], telling
        self.asked: list[tuple] = []
        self.entered, self.go = threading.Event(), threading.Event()
        if not blocked:
            self.go.set()

    def __call__(self, probe, *, budget, on_progress, stop, **params):
        self.asked.append((probe, budget, params))
        for progress_ in self.telling:
            on_progress(progress_)
        self.entered.set()
        while not self.go.wait(0.005):
            if stop.is_set():
                raise Cancelled("stopped")
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome or result(probe=probe, **params)


@pytest.fixture(autouse=True)
def nothing_before() -> None:
    """Begin as a new notebook kernel does: no panel was made before."""
    remembered.forget()


@pytest.fixture
def at_once(monkeypatch) -> None:
    """Let a second press count at once, as the hands of a test are quicker than a student's."""
    monkeypatch.setattr(parts, "TWICE", 0)


@pytest.fixture
def focused(monkeypatch) -> list:
    """Return the widgets that are given the focus, as they are."""
    found: list = []

    def focus(button):
        found.append(button)

    monkeypatch.setattr(ipywidgets.DOMWidget, "focus", focus)
    return found


@pytest.fixture
def closing() -> Iterator[Callable]:
    """Return a function that has a panel or model closed at the test's end."""
    opened: list = []

    def add(item):
        opened.append(item)
        return item

    yield add
    for item in opened:
        item.close()


@pytest.fixture
def panel(closing) -> Callable[..., Panel]:
    """Return a maker of panels over a stand-in for ``lab.measure``."""

    def make(fake=None, probe="fork", **more):
        return closing(Panel(PanelModel(probe, measure=fake or Fake(), **more)))

    return make


# What a panel says ---------------------------------------------------------------------------
def test_a_label_names_only_what_is_not_as_usual():
    assert words.label("fork", DEFAULTS) == "fork"
    assert words.label("fork", {**DEFAULTS, "ballast_mb": 64}) == "fork, ballast_mb=64"


@pytest.mark.parametrize("name, info", TIMED.items())
def test_the_line_of_code_says_what_run_does(name, info):
    other = {p.name: p.choices[-1] if p.choices else p.high for p in info.params.values()}
    for params, budget in ((info.complete({}), 1.0), (other, 2.0)):
        said = evaluated(words.code(name, params, budget))
        assert said.name == "measure" and said.args == (name,)
        assert said.kwargs.pop("budget", 1.0) == budget
        assert info.complete(said.kwargs) == params


def test_what_cannot_be_measured_is_said_while_turning():
    assert words.timed("fork", DEFAULTS).startswith("Times the call of fork alone")
    flags = {**lab.catalogue()["clone"].complete({}), "sighand": 1}
    assert words.timed("clone", flags).startswith("Not possible: sighand=1")


def test_progress_is_said_in_words():
    assert words.progress(told(2, values=(1.0,)), 0) == "process 2 of 3: measuring"
    assert words.progress(told(2, "setup"), 7) == "process 2 of 3: setting up, 7 values so far"
    assert words.progress(told(1, "calibrate"), 0) == "process 1 of 3: warming up"


@pytest.mark.parametrize("factor, high, low", [(10, 2, 1), (0.1, 1, 2)])
def test_a_result_is_compared_with_the_one_before(factor, high, low):
    said = words.result(2, result(factor), (1, result()))
    assert f"Result {high} takes ×" in said and f"the time of result {low} (" in said


def test_results_that_overlap_are_not_told_apart():
    assert "Not to be told apart from result 1" in words.result(2, result(1.001), (1, result()))


def test_a_rate_takes_no_time_and_is_not_compared_with_one():
    one, other = (made_up.rate(8, middle) for middle in (100, 400))
    assert "Result 2 is ×4 result 1 (the intervals allow" in words.result(2, other, (1, one))
    assert "Result 1 is no rate but a time, so the two are not compared." in words.result(
        2, other, (1, result())
    )


def test_results_of_two_machines_are_not_compared():
    other = measurement(SPREAD, host=OTHER_HOST, params=DEFAULTS)
    said = words.result(2, result(10), (1, other))
    assert "another machine" in said and "takes ×" not in said


def test_a_result_below_resolution_is_compared_with_nothing():
    hidden = measurement(SPREAD, baseline=(5000.0,), params=DEFAULTS)
    said = words.result(2, hidden, (1, result()))
    assert "below resolution" in said and "takes" not in said and "told apart" not in said


def test_doubts_are_said():
    assert "Handle with care: few samples (8)" in words.result(1, result())


def test_a_failure_says_whose_fault_it_is():
    assert words.failure(WorkerError("it died")) == "No result: it died"
    assert "fault in the panel: KeyError" in words.failure(KeyError("x"))


def test_the_table_has_a_row_for_each_result():
    rows = words.table({"1. fork": result(), "2. fork": result(10)})
    assert [row[0] for row in rows] == ["results of this panel", "1. fork", "2. fork"]
    assert rows[1][1] == words.unbroken(result().net_text)
    assert len({len(row) for row in rows}) == 1 and rows[0][-1] == "care"


def test_the_table_has_a_column_for_care_only_where_it_is_needed():
    many = measurement([x + i / 10 for i in range(40) for x in SPREAD], params=DEFAULTS)
    calm = replace(many, runs=many.runs * 3)
    if calm.unstable:
        pytest.fail(f"not calm: {calm.unstable}")
    rows = words.table({"1. fork": calm})
    assert "care" not in rows[0] and {len(row) for row in rows} == {5}
    assert words.table({"1. fork": calm, "2. fork": result()})[0][-1] == "care"


# Controls ------------------------------------------------------------------------------------
PARAMS = [
    pytest.param(name, param, id=f"{name}-{param.name}")
    for name, info in TIMED.items()
    for param in info.params.values()
]


@pytest.mark.parametrize("probe, param", PARAMS)
def test_every_parameter_has_a_control_that_sets_it(probe, param, closing):
    model = closing(PanelModel(probe))
    control = controls.described(param)
    assert control.kind == {"choice": "choice"}.get(
        param.type, "flag" if (param.low, param.high) == (0, 1) else "slider"
    )
    widget = controls.make(control, param.default, model.set)
    inside = widget.children if control.kind == "slider" else [widget]
    for value in param.choices or (param.high, param.low, (param.low + param.high) // 2):
        inside[0].value = value
        assert model.params[param.name] == value
        assert type(model.params[param.name]) is type(param.default)
        assert inside[0].value == value


def test_every_slider_has_a_number_box_that_follows():
    chosen = {}
    param = lab.catalogue()["first_write"].params["ballast_mb"]
    made = controls.make(controls.described(param), 64, chosen.__setitem__)
    box, slider = made.children
    slider.value = slider.min
    assert chosen["ballast_mb"] == box.value == param.low
    slider.value = slider.max
    assert chosen["ballast_mb"] == box.value == param.high
    box.value = 100  # no step of the slider: the box has the last word
    assert chosen["ballast_mb"] == box.value == 100
    box.field.value = "9999999"
    assert chosen["ballast_mb"] == box.value == slider.value == 100, "nothing is clamped"
    above = "9999999 is above 512, the most that is allowed: write 512 or less."
    assert read_aloud(box.answer) == f"{above} Until then 100 counts."
    slider.value = 200
    assert box.field.value == "200" and box.answer.value == "", (
        "the slider's number is none of these"
    )


TYPED = {
    "1,5": "1,5 is no number: write 1.5",
    "1,024": "1,024 is no number: write 1024 or 1.024",
    "1,024,000": "1,024,000 is no number: write 1024000",
    "2 s": "2 s is no number: write 2 alone, without a unit",
    "12µs": "12µs is no number: write 12 alone, without a unit",
    "abc": "abc is no number: write digits alone, for example 1.5",
    "1.2.3": "1.2.3 is no number: write digits alone, for example 1.5",
    "nan": "nan is no number: write digits alone, for example 1.5",
    "1_000": "1_000 is no number: write digits alone, for example 1.5",
    "": "nothing stands here: write a number, for example 1",
    "1e99": "1e99 is above 1024, the most that is allowed: write 1024 or less",
    "1e999": "1e999 is above 1024, the most that is allowed: write 1024 or less",
    "-3": "-3 is below 0.5, the least that is allowed: write 0.5 or more",
    "x" * 50: f"{'x' * 30}... is no number: write digits alone, for example 1.5",
}


@pytest.mark.parametrize("text", TYPED)
def test_what_is_no_number_is_answered_and_turned_into_none(text):
    with pytest.raises(ValueError) as refusal:
        numbers.read(text, 0.5, 1024)
    assert str(refusal.value) == TYPED[text]


WHOLE = {
    "1.5": "1.5 is no whole number: write 1 or 2",
    "-1.5": "-1.5 is no whole number: write -2 or -1",
    "1,5": "1,5 is no whole number: write digits alone, for example 1",
    "1,024": "1,024 is no number: write 1024",
}


@pytest.mark.parametrize("text", WHOLE)
def test_what_is_no_whole_number_is_answered_too(text):
    with pytest.raises(ValueError) as refusal:
        numbers.read(text, -5, 1024, whole=True)
    assert str(refusal.value) == WHOLE[text]


@given(st.floats(1e-9, 1e15) | st.integers(0, 10**15))
def test_a_number_is_read_as_it_is_written(value):
    assert numbers.read(numbers.written(value), 0, 1e15) == value


def test_a_number_box_keeps_the_number_of_before_until_it_is_mended(closing):
    seen = []
    box = numbers.NumberBox(3, 0, 10)
    box.observe(lambda change: seen.append(change["new"]), names="value")
    for text in ("1,5", "2 s", "1e99", "abc", ""):
        box.field.value = text
        assert (box.value, box.field.value) == (3, text) and box.complaint
        assert box.complaint in read_aloud(box.answer)
    box.field.value = " 3.0 "
    assert (box.field.value, box.complaint, box.answer.value) == ("3", "", "")
    box.field.value = "4.5"
    assert seen == [4.5]
    with pytest.raises(traitlets.TraitError, match="0 to 10"):
        box.value = 11
    parts.close_all(box)


def test_a_wide_range_gets_a_number_box():
    wide = lab.Param("count", "int", 1, 1, 10**6)
    control = controls.described(wide)
    assert control.kind == "number"
    assert controls.make(control, 1, lambda *_: None).value == 1


def test_every_control_says_what_it_is():
    for info in TIMED.values():
        for param in info.params.values():
            control = controls.described(param)
            assert control.help != param.name and control.label.startswith(param.name)


# The model -----------------------------------------------------------------------------------
def test_turning_measures_nothing(panel):
    fake = Fake()
    shown = panel(fake)
    shown.probe.value = "first_write"
    _, slider = shown.controls.children[0].children
    slider.value = 512
    shown.budget.value = 2.0
    assert fake.asked == []
    assert code_in(shown.about.value) == 'cl.measure("first_write", ballast_mb=512, budget=2.0)'
    shown.run.click()
    assert shown.model.wait(5)
    params = {"ballast_mb": 512, "after": "nothing", "write": "first"}
    assert fake.asked == [("first_write", 2.0, params)]


def test_run_returns_at_once_and_a_second_run_is_refused(closing):
    fake = Fake(blocked=True)
    model = closing(PanelModel("fork", measure=fake))
    assert model.start()  # had it waited for the end, it would wait for ever
    assert fake.entered.wait(5) and model.running
    assert not model.start()
    assert model.message == BUSY and len(fake.asked) == 1
    fake.go.set()
    assert model.wait(5) and not model.running
    assert model.message.startswith("Result 1, fork: ")


def test_stop_ends_the_thread_and_keeps_nothing(closing):
    fake = Fake(blocked=True)
    model = closing(PanelModel("fork", measure=fake))
    model.start()
    assert fake.entered.wait(5)
    model.stop()
    assert model.wait(5) and not model.running
    assert model.message == words.STOPPED and model.history == ()
    fake.go.set()
    assert model.start() and model.wait(5)
    assert len(model.history) == 1


def test_stop_without_a_run_says_so(closing):
    model = closing(PanelModel("fork", measure=Fake()))
    model.stop()
    assert model.message == words.IDLE
    assert model.start() and model.wait(5)
    assert len(model.history) == 1, "the stop of before must not hit this run"


def test_stop_pressed_twice_says_that_it_stopped(closing):
    fake = Fake(blocked=True)
    model = closing(PanelModel("fork", measure=fake))
    model.start()
    assert fake.entered.wait(5)
    model.stop()
    assert model.wait(5)
    model.stop()
    assert model.message == words.STOPPED


def test_a_panel_that_is_made_again_begins_with_the_results_of_before(panel):
    first = panel(Fake(result()), cpu="one")
    first.measure_now()
    first.measure_now()
    again = panel(Fake(result()), cpu="one")
    assert list(again.results) == list(first.results) == ["1. fork", "2. fork"]
    assert "Results of before are below." in read_aloud(again.message)
    assert "alert" not in again.message.value and again.table.value.count("<tr>") == 3
    again.measure_now()
    assert list(again.results)[-1] == "3. fork" and len(first.results) == 2
    assert len(panel().results) == len(panel(probe="pthread", cpu="one").results) == 0
    again.clear.click()
    last = panel(cpu="one")
    assert len(last.results) == 0 and words.NOTHING_YET in last.message.value


def test_clear_hands_the_focus_to_run(panel, focused):
    shown = panel()
    shown.measure_now()
    shown.clear.click()
    assert focused == [shown.run]


@pytest.mark.parametrize("fault", [WorkerError("it died"), ValueError("no"), RuntimeError("oh")])
def test_a_run_that_fails_says_so_and_the_panel_is_ready_again(panel, fault):
    shown = panel(Fake(fault, None))
    with pytest.raises(type(fault), match=str(fault)):
        shown.measure_now()
    assert not shown.model.running and str(fault) in shown.message.value
    assert words.READY in shown.doing.value
    shown.run.click()
    assert shown.model.wait(5) and len(shown.results) == 1


def test_a_button_whose_run_fails_shows_the_message(panel):
    shown = panel(Fake(RuntimeError("oh")))
    shown.run.click()
    assert shown.model.wait(5) and not shown.model.running
    assert "RuntimeError: oh" in shown.message.value


def test_an_interrupt_leaves_the_panel_ready(closing):
    model = closing(PanelModel("fork", measure=Fake(KeyboardInterrupt(), None)))
    with pytest.raises(KeyboardInterrupt):
        model.measure_now()
    assert model.message == words.INTERRUPTED and not model.running
    assert model.measure_now()


def test_measuring_now_beside_a_run_is_refused(closing):
    fake = Fake(blocked=True)
    model = closing(PanelModel("fork", measure=fake))
    model.start()
    with pytest.raises(ConclibError, match="under way"):
        model.measure_now()
    assert model.running


def test_a_closed_panel_stops_and_starts_nothing(closing):
    fake = Fake(blocked=True)
    model = PanelModel("fork", measure=fake)
    model.start()
    assert fake.entered.wait(5)
    model.close()
    assert model.wait(0) and not model.running
    assert not model.start() and model.message == CLOSED


def test_the_last_results_are_kept_and_numbered_on(closing):
    model = closing(PanelModel("fork", measure=Fake()))
    for _ in range(KEEP + 2):
        model.measure_now()
    assert [entry.number for entry in model.history] == list(range(3, KEEP + 3))
    assert list(model.results) == [f"{n}. fork" for n in range(3, KEEP + 3)]
    model.clear()
    assert model.history == () and model.message == words.CLEARED
    model.measure_now()
    assert list(model.results) == [f"{KEEP + 3}. fork"]


def test_turning_back_to_what_was_measured_shows_it_again(closing):
    model = closing(PanelModel("fork", measure=Fake()))
    model.measure_now()
    model.set("ballast_mb", 64)
    model.measure_now()
    assert model.current.number == 2
    model.set("ballast_mb", 0)
    assert model.current.number == 1
    model.set("ballast_mb", 128)
    assert model.current.number == 2, "never measured: the last one stays"


@pytest.mark.parametrize(
    "bad, named",
    [
        ({"probe": "frok"}, "fork"),
        ({"probe": "fork_twice"}, "probe"),
        ({"ballast_mb": -1}, "ballast_mb"),
        ({"ballast_mb": 10**9}, "ballast_mb"),
        ({"ballast_mb": True}, "ballast_mb"),
        ({"balast_mb": 1}, "ballast_mb"),
        ({"budget": 0}, "budget"),
        ({"budget": float("nan")}, "budget"),
        ({"budget": 1e9}, "budget"),
        ({"budget": None}, "budget"),
    ],
)
def test_bad_input_is_refused_by_name(bad, named):
    name = bad.pop("probe", "fork")
    with pytest.raises((TypeError, ValueError), match=named):
        panel_module.panel(name, **bad)


def test_a_value_that_is_not_allowed_is_refused_later_too(closing):
    model = closing(PanelModel("fork", measure=Fake()))
    with pytest.raises(ValueError, match="ballast_mb"):
        model.set("ballast_mb", 10**9)
    with pytest.raises(ValueError, match="budget"):
        model.set_budget(0)
    assert model.params == DEFAULTS and model.budget == 1.0


def test_updates_are_kept_apart(closing):
    now, shown_at = [0.0], []
    model = closing(PanelModel("fork", clock=lambda: now[0]))
    model.on_change = lambda: shown_at.append(now[0])

    def measure(probe, *, on_progress, **more):
        for step in range(200):
            now[0] = step / 100  # two seconds
            on_progress(told(values=(1000.0 + step,), fraction=step / 200))
        return result()

    model._measure = measure
    model.measure_now()
    assert 8 <= len(shown_at) <= 12
    assert not model.running and model.fraction == 0.0


def test_a_run_under_way_can_be_looked_at(closing):
    telling = [told(1, values=(1000, 1100)), told(2, "setup"), told(2, values=(1200,))]
    fake = Fake(telling=telling, blocked=True)
    model = closing(PanelModel("fork", measure=fake, ballast_mb=64))
    assert model.partial is None
    model.start()
    assert fake.entered.wait(5)
    partial = model.partial
    assert [run.values for run in partial.runs] == [(1000, 1100), (1200,)]
    assert partial.baseline == 10.0 and partial.params["ballast_mb"] == 64
    assert model.doing == "process 2 of 3: measuring, 3 values so far"
    model.choose("pthread")
    assert model.partial.probe == "fork", "turning does not change what runs"
    model.stop()
    assert model.wait(5)
    assert model.partial is None


@pytest.fixture
def never_sure(monkeypatch) -> None:
    """Let a measurement go on until its budget is used, however quiet the machine is."""
    monkeypatch.setattr(sampling, "TARGET", 0.0)


@pytest.mark.worker
def test_stop_ends_a_real_run_in_its_middle(closing, never_sure):
    """What is asked of Stop is an order of events: values, then stop, then the end, no result."""
    events = []
    model = closing(PanelModel("first_write", budget=30, ballast_mb=64, after="fork"))
    measuring = threading.Event()

    def look():
        partial = model.partial
        events.append(("values", partial.n) if partial else (model.message, 0))
        if partial:
            measuring.set()

    model.on_change = look
    model.start()
    assert measuring.wait(20)
    model.stop()
    assert model.wait(10), "30 s of budget were left"
    assert model.message == words.STOPPED and model.history == ()
    assert events[-1] == (words.STOPPED, 0)
    assert lab.measure("empty", budget=0.02, runs=1).n > 0, "the next call works"


@pytest.mark.worker
def test_a_real_run_ends_in_a_picture_and_is_kept(closing):
    from conclib.lesson.store import kept

    shown = closing(panel_module.panel("function_call", budget=0.1))
    before = shown.plot.value
    assert isinstance(shown.measure_now(), Measurement)
    assert shown.plot.value != before
    assert shown.results["1. function_call"].source == "live"
    assert [item.probe for item in kept.results()] == ["function_call"]


@pytest.mark.worker
def test_a_cell_that_measures_at_the_same_time_is_told(closing, never_sure):
    shown = closing(panel_module.panel("first_write", budget=30))
    measuring = threading.Event()
    shown.model.on_change = lambda: shown.model.partial and measuring.set()
    shown.model.start()
    assert measuring.wait(20)
    with pytest.raises(ConclibError, match="another measurement"):
        lab.measure("empty", budget=0.02)


# The shell -----------------------------------------------------------------------------------
SENTENCES = {
    "panel": (
        lambda: panel_module.panel("pthread"),
        'Measuring panel for pthread: choose, press Run. In text: cl.measure("pthread").',
    ),
    "quiz": (
        lambda: QuizPanel(quizzes.quiz("90")),
        "Quiz, chapter 90. Press an answer to each question.",
    ),
    "choice": (
        lambda: ChoicePanel(choices.question("what-grows")),
        "Choice what-grows: press one of the options.",
    ),
    "practice": (
        lambda: PracticePanel(practice.variant("sums", 1)),
        "Practice sums: press one of the options, then Another one.",
    ),
    "shape": (
        lambda: asked("growth"),
        "Prediction growth: choose, press Keep this prediction.",
    ),
    "ratio": (
        lambda: asked("calls"),
        "Prediction calls: choose, press Keep this prediction.",
    ),
    "explore": (
        lambda: exploring.explore(sweep()),
        "Explorer of a sweep over ballast_mb: move the slider.",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_what_a_notebook_stores_holds_no_address(name, closing):
    make, sentence = SENTENCES[name]
    shown = closing(make())
    bundle = shown._repr_mimebundle_()
    assert repr(shown) == sentence
    assert bundle["text/plain"] == f"{sentence} {parts.CONTROLS}"
    assert plain(bundle["text/html"]) == bundle["text/plain"]
    assert bundle[VIEW]["model_id"] == shown.box.model_id
    assert set(bundle) == {"text/plain", "text/html", VIEW}


@pytest.mark.parametrize("name", SENTENCES)
def test_closing_takes_every_widget_away(name):
    import ipywidgets

    before = set(open_widgets(ipywidgets))
    shown = SENTENCES[name][0]()
    assert set(open_widgets(ipywidgets)) > before
    shown.close()
    left = [open_widgets(ipywidgets)[key] for key in set(open_widgets(ipywidgets)) - before]
    assert left == []


def asked(id: str):
    """Return the panel of a prediction."""
    return faces.panel_for(predictions.recall_prediction(id))


def image_in(shown: str) -> tuple[str, str]:
    """Return the alt text and the source of the panel's picture."""
    found = re.search(r'<img class="conclib-plot" alt="([^"]*)"[^>]* src="([^"]*)"', shown)
    return html.unescape(found.group(1)), found.group(2)


def test_the_picture_follows_what_is_measured_and_tells_it_in_words(panel):
    fake = Fake(telling=[told(values=SPREAD[:3])], blocked=True)
    shown = panel(fake)
    empty = image_in(shown.plot.value)
    assert empty[0].startswith(pictures.NONE)
    shown.run.click()
    assert fake.entered.wait(5)
    shown.refresh()
    live = image_in(shown.plot.value)
    assert "3 values" in live[0] and live[0].startswith(pictures.NOW)
    fake.go.set()
    assert shown.model.wait(5)
    done = image_in(shown.plot.value)
    assert result().net_text in done[0]
    assert len({empty[1], live[1], done[1]}) == 3


def test_results_are_compared_in_one_picture_and_a_table(panel):
    shown = panel(Fake(result(), result(10, ballast_mb=512)))
    assert shown.which.layout.display == "none"
    shown.measure_now()
    shown.model.set("ballast_mb", 512)
    shown.measure_now()
    assert "1. fork:" not in image_in(shown.plot.value)[0]
    shown.which.value = ALL
    alt, _ = image_in(shown.plot.value)
    assert "1. fork:" in alt and "2. fork, ballast_mb=512:" in alt
    assert shown.table.value.count("<tr>") == 3
    shown.clear.click()
    assert shown.table.value == "" and shown.which.layout.display == "none"
    assert image_in(shown.plot.value)[0].startswith(pictures.NONE)


def test_a_live_region_tells_the_end_only(panel):
    fake = Fake(telling=[told()], blocked=True)
    shown = panel(fake)
    spoken = "role='alert'"
    assert spoken not in shown.message.value and "aria-live" not in shown.doing.value
    shown.run.click()
    assert fake.entered.wait(5)
    assert spoken not in shown.message.value and "process 1 of 3" in shown.doing.value
    assert "aria-live" not in shown.doing.value
    shown.run.click()
    assert spoken in shown.message.value and BUSY in shown.message.value
    fake.go.set()
    assert shown.model.wait(5)
    assert spoken in shown.message.value and "Result 1" in shown.message.value
    shown.run.click()
    assert shown.model.wait(5)
    assert "Result 2" in shown.message.value


def test_a_picture_that_fails_ends_no_measurement(panel, monkeypatch):
    shown = panel(Fake(telling=[told(values=SPREAD)]))

    def broken(*_):
        raise RuntimeError("no paper")

    monkeypatch.setattr(pictures, "picture", broken)
    assert shown.measure_now() is not None
    assert "No picture: RuntimeError: no paper" in shown.plot.value
    assert "Result 1" in shown.message.value


def test_what_a_probe_says_is_no_html(panel):
    shown = panel(Fake(WorkerError("<script>x</script>")))
    shown.run.click()
    assert shown.model.wait(5)
    assert "<script>" not in shown.message.value and "&lt;script&gt;" in shown.message.value


def test_another_probe_brings_its_own_controls(panel):
    shown = panel()
    names = {name for _, name in shown.probe.options}
    assert names == set(TIMED)
    for name in sorted(names):
        shown.probe.value = name
        assert shown.model.probe == name
        assert len(shown.controls.children) == len(lab.catalogue()[name].params)


def test_callbacks_on_another_thread_and_the_cell_at_the_same_time(panel):
    """JupyterLab's default: messages of widgets are handled beside the running cell."""
    shown, faults = panel(), []

    def press():
        try:
            for _ in range(3):
                shown.run.click()
                shown.model.wait(5)
        except Exception as fault:
            faults.append(fault)

    presser = threading.Thread(target=press)
    presser.start()
    while presser.is_alive():
        shown.refresh()
        presser.join(0.001)
    assert faults == [] and len(shown.results) == 3
    assert image_in(shown.plot.value)[0].startswith(pictures.ONE)


def test_buttons_are_never_disabled(panel):
    fake = Fake(blocked=True)
    shown = panel(fake)
    shown.run.click()
    assert fake.entered.wait(5)
    assert not any(each.disabled for each in (shown.run, shown.stop, shown.clear))


def in_a_fresh_python(code: str) -> dict:
    """Run code in a fresh interpreter; return what it printed, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.slow
def test_the_room_is_light_and_a_panel_needs_no_pyplot():
    loaded = in_a_fresh_python(
        "import sys, json, conclib as cl, conclib.widgets\n"
        "light = 'ipywidgets' not in sys.modules and 'matplotlib' not in sys.modules\n"
        "from conclib.widgets import faces\nfrom tests import course\n"
        "p = cl.panel('fork'); q = faces.panel_for(cl.predict('growth'))\n"
        "print(json.dumps({'light': light, 'drawn': 'matplotlib' in sys.modules,"
        " 'pyplot': 'matplotlib.pyplot' in sys.modules}))"
    )
    assert loaded == {"light": True, "drawn": True, "pyplot": False}


def misused(text: str) -> set[str]:
    """Return what a panel must not use: a print lands in any cell, an Output leaks into nbval."""
    nodes = list(ast.walk(ast.parse(text)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    names |= {a.name for n in nodes if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names}
    return {name for name in names if name.split(".")[-1] in ("print", "Output", "pyplot")}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "conclib" / "widgets").glob("*.py")), ids=lambda path: path.stem
)
def test_no_panel_prints_or_uses_an_output_widget_or_pyplot(path):
    assert misused(path.read_text()) == set()


@pytest.mark.parametrize(
    "text", ["print(1)", "w.Output()", "import matplotlib.pyplot", "from matplotlib import pyplot"]
)
def test_a_panel_that_does_is_found(text):
    assert misused(text)


# In the background ---------------------------------------------------------------------------
def test_the_background_takes_one_thing_at_a_time():
    background = Background()
    stop = background.claim()
    assert not stop.is_set()
    with pytest.raises(ConclibError, match="under way"):
        background.claim()
    assert background.stop() and stop.is_set()
    background.release()
    assert not background.stop()
    assert not background.claim().is_set(), "the stop of before must not hit this one"
    background.release()
    background.close()
    with pytest.raises(ConclibError, match="closed"):
        background.claim()


# Predictions ---------------------------------------------------------------------------------
@pytest.mark.parametrize("name", shapes.HEIGHTS)
def test_a_curve_of_the_list_is_read_as_what_it_is_called(name):
    heights = shapes.HEIGHTS[name]
    assert shapes.drawn(heights) == name
    assert drawing_module.shape_of(heights, [name]) == name
    assert drawing_module.shape_of(heights, []) == list(heights)


def test_the_curves_and_the_sliders_follow_each_other(closing):
    shown = closing(asked("growth"))
    assert code_in(shown.code.value) == 'cl.predict("growth", shape=...)'
    assert not any(marked(shown.curves))
    shown.curves.buttons[shapes.STEEP].click()
    assert shown.heights == shapes.HEIGHTS[shapes.STEEP]
    assert marked(shown.curves) == [shapes.STEEP]
    drawn = shown.plot.value
    shown.numbers[1].value = 0.9
    assert marked(shown.curves) == [] and shown.plot.value != drawn
    shown.numbers[1].value = 0.25
    assert marked(shown.curves) == [shapes.STEEP]
    assert code_in(shown.code.value) == 'cl.predict("growth", shape="steep rise")'
    alt = image_in(shown.plot.value)[0]
    assert "from short list to long list" in alt and "0, 0.25, 0.5, 0.75, 1, between" in alt


CHOICES = {
    "flat": ("growth", lambda w: w.take("flat")),
    "own": ("growth", lambda w: set_point(w, 0.85)),
    "ratio": ("calls", lambda w: w.decades[1].click()),
    "wider": ("calls", lambda w: (w.decades[2].click(), w.widen(1))),
    "time": ("one-call", lambda w: w.decades[3].click()),
    "typed": ("one-call", lambda w: set_low(w, 4.5)),
}


def set_point(shown, height):
    shown.numbers[2].value = height


def set_low(shown, value):
    shown.decades[3].click()
    shown.low.value = value


@pytest.mark.parametrize("name", CHOICES)
def test_the_button_keeps_what_the_line_of_code_would(name, closing, home):
    id, choose = CHOICES[name]
    shown = closing(asked(id))
    choose(shown)
    shown.because.value = 'a "good" reason'
    kept = shown.keep_now()
    assert kept.filled and kept.because == 'a "good" reason'
    assert read_aloud(shown.message) == " ".join(kept.answer().split())
    said = evaluated(code_in(shown.code.value))
    assert said.name == "predict"
    assert predictions.predict(*said.args, **said.kwargs) == kept
    assert len(predictions.attempts(shown.id)) == 1


@pytest.mark.parametrize("name", CHOICES)
def test_nothing_chosen_keeps_nothing(name, closing):
    shown = closing(asked(CHOICES[name][0]))
    assert "..." in code_in(shown.code.value)
    shown.button.click()
    assert predictions.standing(shown.id) is None
    assert keeping.NOTHING in read_aloud(shown.message)
    assert not shown.keep_now().filled


def test_once_measured_the_first_prediction_stands(closing):
    shown = closing(asked("calls"))
    shown.decades[0].click()
    shown.button.click()
    predictions.lock(made_up.start("calls"))
    shown.decades[3].click()
    shown.button.click()
    assert predictions.LOCKED in read_aloud(shown.message)
    assert predictions.standing("calls").values == decade(1)
    again = closing(asked("calls"))
    assert "You predict: ×0.3 to ×3." in again.message.value


def test_a_prediction_that_makes_no_sense_is_said_and_the_button_lives(closing):
    shown = closing(asked("calls"))
    shown.decades[1].click()
    shown.low.value = 1000
    with pytest.raises(ValueError, match="from must not be above to"):
        shown.keep_now()
    shown.button.click()
    above = "from 1000 to 30: from must not be above to; write from 30 to 1000"
    assert read_aloud(shown.status) == f"Not kept: {above}. {keeping.UNTIL_THEN}"
    assert shown.message.value == "", "a complaint is made once"
    assert "low must" not in shown.status.value
    shown.widen(1)
    assert (shown.low.value, shown.high.value) == (1000, 30)
    assert read_aloud(shown.message) == f"Not changed: {above}."
    shown.low.value = 5
    shown.button.click()
    assert predictions.standing("calls").values == (5, 30)


def measured(id: str) -> None:
    """Let a prediction's experiment begin, from a cell."""
    predictions.lock(made_up.start(id))


def test_what_stands_chosen_is_kept_when_the_measuring_starts(closing):
    shown = closing(asked("calls"))
    assert read_aloud(shown.status) == "", "nothing is chosen, so nothing is to be kept"
    shown.decades[1].click()
    assert read_aloud(shown.status) == "Not kept yet: press Keep, or measure."
    assert predictions.standing("calls") is None
    shown.because.value = "it does less"
    measured("calls")
    kept = predictions.standing("calls")
    assert (kept.values, kept.because) == (decade(10), "it does less")
    assert kept.locked and not kept.late
    assert read_aloud(shown.status) == keeping.LOCKED
    assert "You predict: ×3 to ×30." in read_aloud(shown.message)
    shown.decades[3].click()
    assert read_aloud(shown.status) == keeping.TOO_LATE
    measured("calls")
    assert predictions.attempts("calls") == [kept]


def test_what_was_kept_and_then_changed_counts_as_it_stands(closing):
    shown = closing(asked("calls"))
    shown.decades[1].click()
    shown.button.click()
    assert read_aloud(shown.status) == "Kept. You may change it until you measure."
    shown.decades[2].click()
    assert read_aloud(shown.status) == keeping.NOT_YET
    assert read_aloud(shown.message) == "Kept so far: ×3 to ×30."
    shown.decades[1].click()
    assert read_aloud(shown.status) == keeping.KEPT
    assert read_aloud(shown.message) == "You predict: ×3 to ×30."
    shown.decades[2].click()
    measured("calls")
    assert predictions.standing("calls").values == decade(100)


@pytest.mark.parametrize("low", ["1000", "1,5", "0", ""])
def test_of_what_makes_no_sense_the_last_choice_that_did_counts_and_stands_in_the_code(
    low, closing
):
    shown = closing(asked("calls"))
    shown.decades[1].click()
    shown.low.field.value = low
    beside = keeping.FIRST_MEND if shown.said() else f"Not kept: {shown.trouble()}."
    assert read_aloud(shown.status) == f"{beside} {keeping.UNTIL_THEN}"
    assert "ratio=(3, 30)" in code_in(shown.code.value)
    shown.button.click()
    assert predictions.standing("calls") is None
    measured("calls")
    assert predictions.standing("calls").values == decade(10)
    assert read_aloud(shown.status) == keeping.LOCKED
    assert parts.LOCKED in shown.box._dom_classes, "it looks so, too"


def test_what_is_chosen_after_the_measuring_is_not_kept_by_itself(closing):
    shown = closing(asked("calls"))
    measured("calls")
    shown.decades[1].click()
    assert read_aloud(shown.status) == "Not kept yet: press Keep."
    measured("calls")
    assert predictions.standing("calls") is None
    shown.button.click()
    assert predictions.standing("calls").late
    assert read_aloud(shown.status) == keeping.KEPT_LATE, "nothing is promised that is gone"


def test_an_order_and_a_curve_are_kept_by_the_measuring_too(closing):
    drawn = closing(asked("growth"))
    drawn.take("flat")
    measured("growth")
    assert predictions.standing("growth").values == ("flat",)
    id = next(id for id, e in texts.entries("predictions").items() if e["form"] == "order")
    shown = closing(asked(id))
    first, *others = shown.labels.buttons.values()
    first.click()
    assert read_aloud(shown.status) == "", "an order that is not whole cannot be kept"
    for button in others:
        button.click()
    measured(id)
    assert predictions.standing(id).values == tuple(shown.labels.buttons)


def test_of_two_panels_the_one_changed_last_counts_and_a_closed_one_does_not(closing):
    first, second = closing(asked("calls")), closing(asked("calls"))
    first.decades[1].click()
    second.decades[2].click()
    first.decades[0].click()
    first.close()
    measured("calls")
    assert predictions.standing("calls") is None
    assert pending._waiting == {}


def test_a_panel_that_fails_stops_no_measurement(closing, monkeypatch):
    shown = closing(asked("calls"))
    shown.decades[1].click()
    monkeypatch.setattr(predictions, "keep", None)
    measured("calls")
    assert not predictions.is_open("calls")


def test_another_reason_for_the_same_prediction_is_kept(closing):
    shown = closing(asked("calls"))
    shown.decades[1].click()
    shown.button.click()
    shown.because.value = "later"
    assert read_aloud(shown.status) == keeping.NOT_YET
    assert shown.keep_now().because == "later"
    assert read_aloud(shown.status) == keeping.KEPT
    shown.because.value = ""
    assert shown.keep_now().because == "later", "a reason is never taken away"


def test_what_was_said_of_another_choice_goes(closing):
    shown = closing(asked("calls"))
    shown.button.click()
    assert keeping.NOTHING in read_aloud(shown.message)
    shown.decades[1].click()
    assert read_aloud(shown.message) == ""
    shown.low.value = 1000
    shown.button.click()
    assert "Not kept" in read_aloud(shown.status)
    shown.low.value = 4
    assert "Not kept:" not in read_aloud(shown.status)


def test_the_size_that_was_pressed_is_marked_as_long_as_it_is_the_range(closing):
    shown = closing(asked("one-call"))
    assert marked(shown.sizes) == []
    sizes = shown.sizes.buttons
    assert sizes["10 µs"].tooltip == "3 µs to 30 µs"
    sizes["10 µs"].click()
    assert marked(shown.sizes) == ["10 µs"] and shown.range == (3e3, 3e4)
    shown.widen(1)
    assert marked(shown.sizes) == []
    shown.widen(-1)
    assert marked(shown.sizes) == ["10 µs"]
    shown.low.value = 4
    assert marked(shown.sizes) == []
    for name, button in sizes.items():
        button.click()
        assert marked(shown.sizes) == [name]
        assert parts.CHOSEN not in button.tooltip


def test_the_numbers_of_a_curve_have_names_and_complain_below(closing):
    shown = closing(asked("growth"))
    names = [plain(box.field.description) for box in shown.numbers]
    assert names == [f"height of point {number}" for number in range(1, 6)]
    assert "nothing is drawn yet" in shown.plot.value, "a line would be a hint"
    shown.numbers[1].field.value = "0,5"
    assert "height of point 2: 0,5 is no number: write 0.5." in read_aloud(shown.answer)
    assert not shown.chosen
    shown.numbers[1].field.value = "0.75"
    assert read_aloud(shown.answer) == "" and shown.heights == (0.5, 0.75, 0.5, 0.5, 0.5)
    assert "0.5, 0.75, 0.5" in shown.plot.value
    shown.numbers[0].field.value = "7"
    shown.button.click()
    assert "height of point 1: 7 is above 1, the most" in read_aloud(shown.answer)
    assert read_aloud(shown.status) == f"{keeping.FIRST_MEND} {keeping.UNTIL_THEN}"
    assert read_aloud(shown.message) == "", "a complaint is made once"
    shown.take("flat")
    assert read_aloud(shown.answer) == "" and shown.trouble() == ""


def test_an_order_is_pressed_from_first_to_last(closing, course):
    id = next(id for id, e in texts.entries("predictions").items() if e["form"] == "order")
    labels = texts.entry("predictions", id)["options"]
    shown = closing(asked(id))
    shown.labels.buttons[labels[1]].click()
    shown.labels.buttons[labels[1]].click()
    assert "order=..." in code_in(shown.code.value)
    shown.restart()
    for label in labels[::-1]:
        shown.labels.buttons[label].click()
    assert shown.keep_now().values == tuple(labels[::-1])
    assert read_aloud(shown.so_far) == " < ".join(labels[::-1])


# Which panel a question has -------------------------------------------------------------------
def test_a_question_shows_its_panel_where_a_notebook_kernel_is_behind_it(page, monkeypatch):
    shell = shown_module.running_shell()
    monkeypatch.setattr(shown_module, "_face", faces.face)
    choices.choose("what-grows")
    assert VIEW not in page[-1], "a console has no place for widgets"
    shell.kernel = object()
    for ask in (lambda: choices.choose("what-grows"), lambda: quizzes.quiz("90"),
                lambda: predictions.predict("calls"),
                lambda: practice.practise("sums")):  # fmt: skip
        ask()
        assert {"text/plain", "text/html", VIEW} == set(page[-1])
        for kind in ("text/plain", "text/html"):
            assert shown_module.BUTTONS in page[-1][kind]
    quizzes.recall("90")  # nothing to recall yet
    assert VIEW not in page[-1] and shown_module.BUTTONS not in page[-1]["text/plain"]
    close_what_is_open()


def close_what_is_open() -> None:
    import ipywidgets

    for widget in list(open_widgets(ipywidgets).values()):
        widget.close()


# A choice -------------------------------------------------------------------------------------
def test_pressing_an_option_keeps_it_with_its_reason(closing):
    shown = closing(ChoicePanel(choices.question("who-counts")))
    assert 'cl.choose("who-counts", pick=...)' in code_in(shown.code.value)
    shown.because.value = "it ticks"
    shown.options.buttons["the clock"].click()
    assert marked(shown.options) == ["the clock"]
    kept = choices.picks("who-counts")
    assert [(k["pick"], k["because"]) for k in kept] == [("the clock", "it ticks")]
    said = read_aloud(shown.message)
    assert "Your pick: the clock." in said and "“it ticks”" in said
    assert "The clock is read twice, and counts nothing." in said
    assert choices.choose(**evaluated(code_in(shown.code.value)).kwargs, id="who-counts").pick == (
        "the clock"
    )


def test_a_reason_may_come_after_the_pick_and_the_pick_may_change(closing):
    shown = closing(ChoicePanel(choices.question("who-counts")))
    shown.options.buttons["the clock"].click()
    shown.because.value = "late"
    assert choices.picks("who-counts")[-1]["because"] == "late"
    shown.options.buttons["the loop"].click()
    assert marked(shown.options) == ["the loop"]
    again = closing(ChoicePanel(choices.choose("who-counts")))
    assert marked(again.options) == ["the loop"] and again.because.value == "late"
    assert "role='alert'" not in again.message.value, "nothing has happened"


def test_a_reason_belongs_to_the_option_that_it_was_kept_with(closing, monkeypatch):
    monkeypatch.setattr(choosing, "LEFT", -1)
    shown = closing(ChoicePanel(choices.question("who-counts")))
    shown.because.value = "it ticks"
    shown.options.buttons["the clock"].click()
    shown.options.buttons["the loop"].click()
    assert shown.because.value == "" and "it ticks" not in read_aloud(shown.message)
    assert "because" not in code_in(shown.code.value)
    shown.because.value = "it turns"
    again = closing(ChoicePanel(choices.question("who-counts")))
    again.pressed("the loop")
    again.pressed("the clock")
    kept = [(each["pick"], each["because"]) for each in choices.picks("who-counts")]
    reasons = ["it ticks", None, "it turns", None]
    assert kept == list(
        zip(["the clock", "the loop", "the loop", "the clock"], reasons, strict=True)
    )


def test_the_title_of_an_option_is_its_text():
    made = parts.Options(["x", "y"], lambda _: None, ["a) x", "b) y"])
    for chosen in ("x", "y", None):
        made.mark(chosen)
        assert [each.tooltip for each in made.buttons.values()] == [
            each.description for each in made.buttons.values()
        ]
    parts.close_all(made.box)


def test_a_pick_that_cannot_be_kept_is_said(closing, monkeypatch):
    def failing(*_):
        raise ValueError("no room")

    shown = closing(ChoicePanel(choices.question("who-counts")))
    monkeypatch.setattr(choices, "keep", failing)
    shown.options.buttons["the clock"].click()
    assert "Not kept: no room" in shown.message.value


def test_what_was_complained_of_stands_below_the_question(closing, page):
    shown = closing(ChoicePanel(choices.choose("who-counts", pick="nonsense")))
    assert "Not taken: pick='nonsense'" in read_aloud(shown.message)
    shown.options.buttons["the clock"].click()
    again = closing(ChoicePanel(choices.choose("who-counts", pick="nonsense")))
    said = read_aloud(again.message)
    assert "Not taken" in said and "Your earlier pick stands: the clock." in said
    assert marked(again.options) == ["the clock"] and "Your pick: the clock." in said


@given(st.integers(-4, 26))
def test_the_grid_rises_and_is_found_again(step):
    assert grid(step) < grid(step + 1)
    assert nearest(grid(step)) == step


@given(st.integers(-3, 20), st.integers(0, 4), st.integers(1, 2))
def test_wider_and_narrower_undo_each_other(step, width, by):
    low, high = grid(step), grid(step + 1 + width)
    wide = widened(low, high, by)
    assert wide[0] <= low < high <= wide[1]
    if step - by >= -4:
        assert widened(*wide, -by) == (low, high)
    narrow = widened(low, high, -by)
    assert narrow[0] < narrow[1]


def test_a_decade_reaches_a_third_down_and_three_times_up():
    assert [decade(value) for value in (1, 10, 1000)] == [(0.3, 3), (3, 30), (300, 3000)]


# The quiz ------------------------------------------------------------------------------------
def wrong_one(card) -> str:
    return next(o for o in card.question.options if o != card.question.right)


def test_a_wrong_answer_is_explained_and_offers_its_experiment(closing):
    shown = closing(QuizPanel(quizzes.quiz("90")))
    card = shown.cards[1]
    assert card.show.layout.display == "none" and card.message.value == ""
    wrong = wrong_one(card)
    assert card.answer(wrong) == shown.quiz.answer_text(card.question, wrong)
    assert marked(card.options) == [wrong]
    assert "<i>half</i>" in card.message.value
    labels = [button.description for button in card.options.buttons.values()]
    assert [label.removeprefix(parts.CHOSEN)[:3] for label in labels] == ["a) ", "b) ", "c) "]
    assert card.show.layout.display is None
    card.options.buttons[card.question.right].click()
    assert card.show.layout.display == "none"


def test_answers_are_kept_and_the_last_one_makes_the_chapter_done(closing):
    shown = closing(QuizPanel(quizzes.quiz("90")))
    for number, card in enumerate(shown.cards, start=1):
        assert progress.done("chapter") == []
        card.options.buttons[card.question.right].click()
        assert len(progress.answers("quiz 90")[-1]) == number
    assert progress.done("chapter") == ["90"]


def test_the_pre_test_is_clicked_too_and_reveals_nothing(closing):
    asked_before = [{"id": f"pre-{n}", "stem": "Why?", "options": ["x", "y"]} for n in (1, 2)]
    registry.register(registry.Chapter("92", {"title": "New?", "pretest": asked_before}))
    shown = closing(QuizPanel(quizzes.pretest()))
    assert len(shown.cards) == 2
    for card in shown.cards:
        card.options.buttons[card.question.options[0]].click()
        assert read_aloud(card.message) == "Kept." and card.show.layout.display == "none"
    assert len(progress.answers("pretest")[-1]) == len(shown.cards)


def test_every_experiment_can_be_run_from_the_quiz(monkeypatch):
    for chapter in texts.chapters():
        for question in quizzes.questions(chapter):
            for made in question.experiments.values():
                runs_from_the_quiz(made, monkeypatch)


def test_each_answer_runs_its_own_experiment_and_names_itself(closing, monkeypatch):
    shown = closing(QuizPanel(quizzes.quiz("90")))
    card, ran = shown.cards[1], []
    monkeypatch.setattr(Experiment, "run", lambda made, stop: ran.append(made) or Measurements({}))
    monkeypatch.setattr(Compared, "statistics", lambda judge, seen: [])
    monkeypatch.setattr(Experiment, "sentence", lambda made, option, seen: f"Not {option}.")
    for option, made in card.question.experiments.items():
        card.options.buttons[option].click()
        assert "Try:" not in card.message.value and "cl." not in card.message.value
        card.show.click()
        assert shown.background.wait(5) and ran[-1] is made
        assert f"Not {option}." in card.seen.value


def endless(monkeypatch) -> threading.Event:
    """Let experiments go on until they are stopped; the event tells that one has begun."""
    entered = threading.Event()

    def contradict(made, option, stop):
        entered.set()
        assert stop.wait(10)
        raise Cancelled("stopped")

    monkeypatch.setattr(quiz_module, "contradict", contradict)
    return entered


def test_another_answer_stops_the_experiment_of_the_one_before(closing, monkeypatch):
    shown = closing(QuizPanel(quizzes.quiz("90")))
    card, entered = shown.cards[1], endless(monkeypatch)
    card.options.buttons[wrong_one(card)].click()
    card.show.click()
    assert entered.wait(5)
    card.options.buttons[card.question.right].click()
    assert shown.background.wait(5)
    assert card.seen.value == ""


def test_an_experiment_that_fails_says_so_and_can_be_shown_again(closing, monkeypatch, at_once):
    shown = closing(QuizPanel(quizzes.quiz("90")))
    card, outcomes = shown.cards[1], [WorkerError("it died"), None]
    card.answer(wrong_one(card))

    def contradict(made, option, stop):
        failure = outcomes.pop(0)
        if failure:
            raise failure
        return "<p>seen</p>"

    monkeypatch.setattr(quiz_module, "contradict", contradict)
    card.show.click()
    assert shown.background.wait(5)
    assert "No result: it died" in card.state.value and not shown.background.running
    card.show.click()
    assert shown.background.wait(5)
    assert card.seen.value == "<p>seen</p>"


def test_pressing_again_stops_an_experiment(closing, monkeypatch, at_once):
    shown = closing(QuizPanel(quizzes.quiz("90")))
    card, entered = shown.cards[1], endless(monkeypatch)
    card.answer(wrong_one(card))
    card.show.click()
    assert entered.wait(5)
    card.show.click()
    assert shown.background.wait(5)
    assert words.STOPPED in card.state.value
    assert wait_until(lambda: not shown.background.running)


def test_a_double_click_starts_the_experiment_once(closing, monkeypatch):
    shown = closing(QuizPanel(quizzes.quiz("90")))
    card, entered = shown.cards[1], endless(monkeypatch)
    card.answer(wrong_one(card))
    assert card.show.description == quiz_module.SHOW
    card.show.click()
    card.show.click()
    assert entered.wait(5) and shown.background.running
    assert card.show.description == "Stop the experiment"
    monkeypatch.setattr(parts, "TWICE", 0)
    card.show.click()
    assert shown.background.wait(5)
    assert card.show.description == "Show it again"
    card.answer(next(o for o in card.question.options if o not in (card.given,)))
    assert card.show.description == quiz_module.SHOW and card.state.value == ""


def test_a_run_that_is_stopped_leaves_what_was_seen_before(closing, monkeypatch, at_once):
    shown = closing(QuizPanel(quizzes.quiz("90")))
    card = shown.cards[1]
    card.answer(wrong_one(card))
    monkeypatch.setattr(quiz_module, "contradict", lambda *_: "<p>seen</p>")
    card.show.click()
    assert shown.background.wait(5) and card.state.value == ""
    entered = endless(monkeypatch)
    card.show.click()
    assert entered.wait(5)
    card.show.click()
    assert shown.background.wait(5)
    assert (read_aloud(card.state), card.seen.value) == (words.STOPPED, "<p>seen</p>")
    card.answer(card.given)
    assert card.seen.value == "<p>seen</p>", "the same answer again"


def test_what_an_experiment_says_is_read_out_once_and_alone(closing, monkeypatch, at_once):
    shown = closing(QuizPanel(quizzes.quiz("90")))
    card = shown.cards[1]
    monkeypatch.setattr(Experiment, "run", lambda made, stop: Measurements({}))
    monkeypatch.setattr(Compared, "statistics", lambda judge, seen: [])
    monkeypatch.setattr(
        Experiment, "sentence", lambda made, option, seen: "That speaks against it."
    )
    card.answer(wrong_one(card))
    said = []
    card.state.observe(lambda change: said.append(change["new"]), names="value")
    card.show.click()
    assert shown.background.wait(5)
    alerts = re.findall(r"<div[^>]*role='alert'.*?</div>", card.seen.value)
    assert list(map(plain, alerts)) == ["That speaks against it."]
    assert not any("alert" in each for each in said) and quiz_module.RUNNING in said[0]


# Practice ------------------------------------------------------------------------------------
def test_another_one_is_read_out_and_has_the_focus(closing, focused):
    shown = closing(PracticePanel(practice.variant("sums", 1)))
    shown.another.click()
    assert shown.item.seed == 2
    assert shown.item.question.startswith("Number 2. ")
    assert read_aloud(shown.aloud) == shown.item.question and "alert" in shown.aloud.value
    assert shown.message.value == "", "nothing is said to an answer yet"
    assert focused == [shown.question]
    shown.another.click()
    assert shown.item.seed == 2, "the rest of a double-click passes no question over"


@pytest.mark.worker
def test_a_real_story_is_told_in_the_quiz():
    made = next(iter(quizzes.questions("91")[1].experiments.values()))
    seen = quiz_module.contradict(made, "No")
    assert "On the screen, 3 lines" in seen and "against “No”" in seen


# Exploring a sweep ---------------------------------------------------------------------------
def sweep(costs=(1.0, 2.0, 3.0), sizes=(0, 64, 128)) -> Measurements:
    items = {
        str(size): result(cost, ballast_mb=size) for size, cost in zip(sizes, costs, strict=True)
    }
    return made_up.sweep(items)


def test_the_line_goes_through_points_that_lie_on_one():
    line = Line.through(sweep())
    for size, item in line.points:
        assert line.at(size) == pytest.approx(item.net)
    assert line.at(32) == pytest.approx((line.at(0) + line.at(64)) / 2)


def test_the_slider_moves_along_the_line_and_measures_nothing(closing, monkeypatch):
    monkeypatch.setattr(lab, "measure", None)
    shown = closing(exploring.explore(sweep()))
    box, _ = shown.slider.children
    before = shown.plot.value
    box.value = 128
    assert (
        "At 128 MB the line says" in shown.message.value
        and "That point fits it" in shown.message.value
    )
    assert shown.plot.value != before
    assert "At 128 MB" in image_in(shown.plot.value)[0]


def test_a_point_off_the_line_is_said():
    line = Line.through(sweep((1.0, 2.0, 3.0, 40.0), (0, 64, 128, 192)))
    assert "That point does not fit it" in line.sentence(190)
    assert "where the line says" in line.sentence(190)


def test_a_point_below_resolution_or_without_interval_is_said():
    hidden = measurement(SPREAD, baseline=(5000.0,), params={**DEFAULTS, "ballast_mb": 64})
    few = measurement([4000.0], params={**DEFAULTS, "ballast_mb": 256})
    items = {"0": result(), "64": hidden, "128": result(3, ballast_mb=128), "256": few}
    line = Line.through(made_up.sweep(items))
    assert "below resolution" in line.sentence(64)
    said = line.sentence(256)
    assert "no interval" in said and "fit" not in said


@pytest.mark.parametrize(
    "bad", [None, 3, result(), Measurements({"fork": result(), "other": result(2)})]
)
def test_what_is_no_sweep_cannot_be_explored(bad):
    with pytest.raises(TypeError, match=r"cl\.sweep"):
        exploring.explore(bad)


def test_one_point_makes_no_line():
    with pytest.raises(ValueError, match="two points"):
        exploring.explore(sweep((1.0,), (64,)))


def test_the_quiz_shows_the_last_answers_again(closing):
    first = closing(QuizPanel(quizzes.quiz("90")))
    card = first.cards[1]
    card.options.buttons[wrong_one(card)].click()
    again = closing(QuizPanel(quizzes.quiz("90")))
    assert marked(again.cards[1].options) == [wrong_one(card)]
    assert "Not this one." in again.cards[1].message.value
    assert again.cards[1].show.layout.display is None
    assert marked(again.cards[0].options) == [] and again.cards[0].message.value == ""


@pytest.mark.parametrize("old", ["an option of an earlier version", 7, ["a"]])
def test_an_answer_that_the_question_no_longer_has_is_forgotten(closing, old):
    question = quizzes.questions("90")[0]
    progress.keep_answers("quiz 90", {question.id: old})
    shown = closing(QuizPanel(quizzes.quiz("90")))
    assert marked(shown.cards[0].options) == [] and shown.cards[0].message.value == ""


def test_a_second_experiment_waits_for_the_first(closing, monkeypatch):
    shown = closing(QuizPanel(quizzes.quiz("90")))
    entered, leave = threading.Event(), threading.Event()
    for card in shown.cards[1:3]:
        card.answer(wrong_one(card))

    def contradict(made, option, stop):
        entered.set()
        assert leave.wait(10)
        return "<p>seen</p>"

    monkeypatch.setattr(quiz_module, "contradict", contradict)
    shown.cards[1].show.click()
    assert entered.wait(5)
    shown.cards[2].show.click()
    assert quiz_module.BUSY_ELSEWHERE in shown.cards[2].state.value
    leave.set()
    assert shown.background.wait(5)
    assert shown.cards[1].seen.value == "<p>seen</p>", "the first one was not stopped"


def test_narrower_always_narrows_and_stays_within():
    low, high = 30, 300
    for _ in range(6):
        before, (low, high) = (low, high), widened(low, high, -1)
        assert before[0] < low < high < before[1]


def test_a_panel_may_be_kept_on_one_cpu(closing):
    fake = Fake()
    model = closing(PanelModel("pthread", cpu="one", measure=fake))
    assert words.code("pthread", model.params, 1.0, model.where) == (
        'cl.measure("pthread", cpu="one")'
    )
    with pytest.raises(ValueError, match="cpu='two'"):
        PanelModel("pthread", cpu="two")
