"""The words of every chapter: what they name is there, and no measured number stands in them.

Their forms are held where they are read; see ``test_words_forms.py``.
"""

import json
import re
import subprocess
import sys

import pytest

from conclib import lab, textbook
from conclib.lesson import registry, store, texts
from conclib.lesson.predicting import experiments
from conclib.results import hooks, shapes

# A number with a unit of time beside it, such as "17 µs", "9–13 ms/GB" or "2 seconds".
MEASURED = re.compile(
    r"\d[\d.,]*\s?(ns|µs|us|ms|s|seconds?|minutes?|hours?|microseconds?|milliseconds?)\b"
)
ALLOWED = ("between 2 and 20 times",)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


@pytest.mark.parametrize("number", texts.chapters())
def test_no_measured_number_stands_in_a_text(number):
    found = [words for words in strings(texts.chapter(number)) if MEASURED.search(words)]
    assert found == []


def test_the_pattern_does_find_measured_numbers():
    for words in ("it took 17 µs", "9–13 ms/GB", "3.5 ms", "2 seconds", "in 100ns", "1,300 us"):
        assert MEASURED.search(words)
    for words in ("2 to 20 times", "256 MB", "2**9 = 512", "80 % sure", "4 GB"):
        assert not MEASURED.search(words)


def test_every_cited_figure_exists():
    for number in texts.chapters():
        for words in strings(texts.chapter(number)):
            for name in re.findall(r"\{cited:([^}]*)\}", words):
                assert textbook.cited_figure(name)


@pytest.mark.parametrize("id", texts.entries("predictions"))
def test_what_a_prediction_names_is_there(id):
    entry = texts.entry("predictions", id)
    assert experiments.experiment(id).specs
    if "claim" in entry:
        assert textbook.claim(entry["claim"]).home == entry["chapter"]
    for tag in entry["cited"]:
        assert textbook.load_cited(tag)
    if entry["form"] == "shape":
        assert 2 <= len(set(entry["options"]) & set(shapes.HEIGHTS)) == len(entry["options"])
        curve = texts.entry("curves", entry["curve"])
        steep = {shapes.GENTLE, shapes.STEEP} & set(entry["options"])
        assert "guide" in curve or not steep, "they are told apart by a guide"
        probes = [probe for probe, _ in experiments.experiment(id).specs]
        probes += [curve["guide"]["probe"]] if "guide" in curve else []
        assert len({lab.catalogue()[probe].unit for probe in probes}) == 1


@pytest.mark.parametrize("id", texts.entries("choices"))
def test_a_shape_that_decides_a_choice_is_one_that_can_be_measured(id):
    outcomes = texts.entry("choices", id).get("settle", {}).get("outcomes", {})
    assert set(outcomes) <= set(shapes.WORDS)


@pytest.mark.parametrize("id", texts.entries("curves"))
def test_a_curve_has_words_for_every_shape_and_a_guide_that_can_be_measured(id):
    entry = texts.entry("curves", id)
    assert set(entry["sentences"]) == set(shapes.WORDS)
    if "guide" in entry:
        assert experiments.spec_of(entry["guide"]) and entry["guide_line"] and entry["guide_from"]


def test_races_and_their_parameters_can_be_measured():
    for race in texts.entries("races").values():
        for lane in race["lanes"].values():
            lab.catalogue()[lane["probe"]].complete(lane["params"])


def test_ids_are_looked_up_with_the_nearest_name():
    with pytest.raises(ValueError, match="Did you mean 'parent-size'"):
        texts.entry("predictions", "parent-siz")
    with pytest.raises(TypeError, match="id=7"):
        texts.entry("choices", 7)


def test_the_same_id_in_two_chapters_is_an_error(monkeypatch):
    twice = {"00": {"choices": {"x": {}}}, "04": {"choices": {"x": {}}}}
    monkeypatch.setattr(texts, "chapters", lambda: twice)
    with pytest.raises(ValueError, match="'x' stands in chapters"):
        texts.entries("choices")


def test_gaps_and_reasons():
    for gap in (..., "...", " … ", [1, ...], (1, (2, "..."))):
        assert texts.unfilled(gap)
    for value in ("", "a ... b", 0, [1, 2], None):
        assert not texts.unfilled(value)
    assert texts.quoted("why not?") == "Your reason: “why not?”"
    assert texts.quoted(None) == ""
    assert len(texts.given("x" * 10_000)) == 500


def test_importing_the_package_is_light():
    code = "import sys, json, conclib.lesson; print(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"matplotlib", "pandas", "ipywidgets", "IPython", "numpy"} & set(json.loads(ran.stdout))
    assert heavy == set()


def test_the_words_of_a_chapter_are_read_without_importing_it():
    code = "import sys; from conclib import chapters; print(*chapters.known())\n"
    code += "assert not [name for name in sys.modules if '.ch0' in name]"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == list(texts.chapters())


def made(wanted: experiments.Experiment) -> list:
    """Measure an experiment, or observe it, as quickly as possible; return the results."""
    cpu = "one" if wanted.pinned else None
    quick = {"budget": 0.02, "runs": 1, "cpu": cpu}
    (probe, params), *more = wanted.specs
    if lab.catalogue()[probe].kind == "facts":
        return [lab.observe(name, cpu=cpu, **some) for name, some in wanted.specs]
    if wanted.axis and not more:
        return [*lab.sweep(probe, **{**params, wanted.axis: [1, 2, 3]}, **quick).values()]
    specs = {str(number): spec for number, spec in enumerate(wanted.specs)}
    return [*lab.measure_many(specs, **quick).values()]


def require_lock(id: str) -> None:
    """Fail unless what is made of a prediction's experiment in a cell answers it."""
    registry.opened(texts.entry("predictions", id)["chapter"])
    news: list[hooks.Start] = []
    with hooks.on_start.heard_by(news.append):
        items = made(experiments.experiment(id))
    assert experiments.answered([id], news[0]) == [id]
    assert experiments.matches(id, items)
    assert any(r["event"] == "revealed" and r["id"] == id for r in store.read(store.PREDICTIONS))


@pytest.mark.worker
@pytest.mark.parametrize("id", texts.entries("predictions"))
def test_each_experiment_can_be_made_from_a_cell_and_locks(id):
    """Else nothing would ever lock."""
    require_lock(id)


@pytest.mark.worker
@pytest.mark.parametrize("id", ["first-to-end", "growth", "calls"])
def test_so_can_each_kind_of_experiment_of_the_toy_course(course, id):
    require_lock(id)
