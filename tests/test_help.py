"""``help(cl)``: first what everybody needs, then all else by topic, in the words of docstrings."""

import inspect
import pydoc
import re
import subprocess
import sys

import pytest

import conclib as cl

MAX_LINE = 100  # characters after the name: what a notebook's cell shows without breaking a line
LISTED = re.compile(r"^ +cl\.(\w+) +(.+)$", re.M)


@pytest.fixture(scope="module")
def shown() -> str:
    """What ``help(cl)`` shows before it comes to modules and classes."""
    return pydoc.render_doc(cl, renderer=pydoc.plaintext).split("PACKAGE CONTENTS")[0]


def test_help_opens_with_what_everybody_needs(shown):
    names = [name for name, _ in LISTED.findall(shown)]
    assert names[:4] == ["predict", "measure", "compare", "choose"]
    before = shown.split("cl.measure ")[0]
    assert len(before.splitlines()) < 20, "what is needed first stands too far below"


def test_it_lists_every_name_once_with_the_first_line_of_its_docstring(shown):
    listed = LISTED.findall(shown)
    assert sorted(name for name, _ in listed) == cl.__all__
    for name, line in listed:
        assert line == inspect.getdoc(getattr(cl, name)).splitlines()[0]


def test_it_follows_a_docstring_that_changes(monkeypatch):
    monkeypatch.setattr(cl.measure, "__doc__", "Do something else.\n\nMore about it.")
    assert "cl.measure       Do something else.\n" in cl.__doc__


@pytest.mark.parametrize("name", cl.__all__)
def test_a_name_says_in_one_sentence_what_it_is(name):
    line = inspect.getdoc(getattr(cl, name)).splitlines()[0]
    assert line.endswith(".") and 10 < len(line) <= MAX_LINE


def test_the_example_uses_names_that_exist(shown):
    example = shown.split("First:")[0]
    called = re.findall(r"\bcl\.(\w+)\(", example)
    assert called and set(called) <= set(cl.__all__)


def test_without_docstrings_the_names_are_left():
    code = "import conclib as cl; print(cl.__doc__)"
    done = subprocess.run(
        [sys.executable, "-OO", "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert re.search(r"^    cl\.measure$", done.stdout, re.M)
