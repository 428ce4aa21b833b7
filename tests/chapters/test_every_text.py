"""The words of every chapter: what they name is there, and no measured number stands in them.

No id stands here.
"""

import re

import pytest

from conclib import lab, textbook
from conclib.lesson import texts
from conclib.lesson.predicting import experiments
from conclib.lesson.showing import stories
from conclib.results import Observation, recordings, shapes
from tests.chapters import experimenting

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


@pytest.mark.parametrize("name", texts.entries("stories"))
def test_a_story_has_a_sentence_for_each_thing_that_happens_and_no_other(name):
    """A slip in a name would be told as "The main: ."."""
    seen = recordings.find(Observation, name, lab.catalogue()[name].complete({}))
    happened = {f"{each['who']}.{each['what']}" for each in stories.happened(seen)}
    entry = texts.entry("stories", name)
    assert set(entry["sentences"]) == happened
    assert set(entry.get("draw", {})) <= happened


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


@pytest.mark.worker
@pytest.mark.parametrize("id", texts.entries("predictions"))
def test_each_experiment_can_be_made_from_a_cell_and_locks(id):
    """Else nothing would ever lock."""
    experimenting.require_lock(id)
