"""The words of chapters: how they are looked up, and read without anything else.

Their forms are held where they are read; see ``test_words_forms.py``. What they may say and name is
asked of every chapter in ``chapters/test_every_text.py``.
"""

import json
import subprocess
import sys

import pytest

from conclib.lesson import texts
from tests.chapters import experimenting


def test_ids_are_looked_up_with_the_nearest_name(course):
    with pytest.raises(ValueError, match="Did you mean 'one-call'"):
        texts.entry("predictions", "one-cal")
    with pytest.raises(TypeError, match="id=7"):
        texts.entry("choices", 7)


def test_the_same_id_in_two_chapters_is_an_error(monkeypatch):
    twice = {"90": {"choices": {"x": {}}}, "91": {"choices": {"x": {}}}}
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


@pytest.mark.worker
@pytest.mark.parametrize("id", ["first-to-end", "growth", "calls"])
def test_each_kind_of_experiment_can_be_made_from_a_cell_and_locks(course, id):
    """Else nothing would ever lock."""
    experimenting.require_lock(id)
