"""Every stored notebook keeps a chapter's rules; every rule catches one that breaks it."""

import platform

import pytest

from tests import measured, reading
from tests import notebook_rules as rules
from tests import notebooks as nb

STORED = nb.stored_notebooks()
FIRST = {"index.ipynb", "00_measuring_honestly.ipynb", "04_creation.ipynb"}

each = pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
rule = pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: rule.__name__)


# The stored notebooks ------------------------------------------------------------------------
def test_the_first_chapters_are_there():
    assert {path.name for path in STORED} >= FIRST


@each
def test_the_name_is_a_number_and_a_question(path):
    assert rules.NAME.fullmatch(path.name)


@each
@rule
def test_a_notebook_keeps_the_rule(path, rule):
    assert rule(nb.read(path)) == []


@each
def test_no_notebook_names_this_machine(path):
    names = {platform.node()} - {"vm", "localhost"}  # a flag of clone, and nobody's name
    assert not names & set(nb.words(nb.read(path)).split())


@each
def test_every_id_that_a_notebook_uses_has_its_text(path):
    assert rules.unknown_ids(nb.read(path), rules.known_ids()) == []


@each
def test_a_chapter_opens_with_its_question_and_the_library(path):
    notebook = nb.read(path)
    assert nb.source(notebook["cells"][0]).startswith("# ")
    if path.stem != "index":
        assert nb.source(notebook["cells"][0]).startswith(f"# {path.name[:2]}. ")
        assert nb.source(next(nb.cells(notebook, "code"))[1]).startswith("import conclib as cl")


def test_the_index_gives_each_claim_its_home():
    assert set(nb.claim_homes()) - nb.claims_named(nb.FOLDER / "index.ipynb") == set()


# Each rule, on a notebook that breaks it -----------------------------------------------------
HOME = "/home" + "/anna"  # in two parts: another test forbids it in the repository


def code(text: str, *outputs: dict, count: int | None = 1, tags: tuple = ()) -> dict:
    return {
        "cell_type": "code",
        "id": f"c{abs(hash(text))}",
        "metadata": {"tags": list(tags)} if tags else {},
        "execution_count": count,
        "outputs": list(outputs),
        "source": text,
    }


def prose(text: str) -> dict:
    return {"cell_type": "markdown", "id": f"m{abs(hash(text))}", "metadata": {}, "source": text}


def shown(**data: str) -> dict:
    named = {kind.replace("_", "/"): text for kind, text in data.items()}
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": named}


def stream(text: str, name: str = "stdout") -> dict:
    return {"output_type": "stream", "name": name, "text": [text]}


def book(*cells: dict, **metadata) -> dict:
    kernel = {"kernelspec": {"name": "python3"}, "language_info": nb.LANGUAGE}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel | metadata, "cells": list(cells)}


MEASURED = (measured.IGNORED,)
IMPORT = code(
    "import conclib as cl\ncl.machine_line()", shown(text_plain="Linux, 2 CPUs"), tags=MEASURED
)
GOOD = book(
    prose("# 04. What does it cost?\nCore path: 40 minutes. One to ten, (textbook): 1–10 ms."),
    IMPORT,
    prose("Copying 1 MB. Redis saw [9–13 ms/GB](https://example.org/latency). Five of 8 flags."),
    code("%%probe\nimport os, time\nos.fork()", stream("done"), count=2, tags=MEASURED),
    code('cl.predict("creation", ratio=(..., ...), because="...");', count=3),
    prose("![three lanes](lanes.png)"),
    code(
        "cl.compare(run)",
        shown(text_html='<img alt="A line" src="data:x">'),
        count=4,
        tags=MEASURED,
    ),
    prose("Done."),
)
BAD = {
    "short_cells": [code("\n".join(f"x{i} = {i}" for i in range(11)))],
    "no_numbers_in_prose": [
        prose("It took 5 ms."),
        prose("About 10–100 µs."),
        prose("fork: 0.4ms"),
        prose("Beside 256 MB of it"),
        prose("after 2 seconds"),
        prose("1 GiB"),
        prose("11 MB"),
        prose("(textbook)\nbut 3 ms here"),
        prose("see [there](04_creation.ipynb): 5 ms"),
    ],
    "has_outputs": [
        code("cl.ruler()"),
        code("x = 1", count=None),
        code("x = 1", count=7),
        code("%%probe\npass"),
        code("  "),
    ],
    "no_errors": [
        code("1/0", {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["x"]}),
        code("x = 1", stream("Warning: deprecated", "stderr")),
    ],
    "sound_ids": [
        prose("a") | {"id": ""},
        prose("# 04. What does it cost?") | {"id": IMPORT["id"]},
    ],
    "no_places": [
        code("x", stream("wrote /tmp/conclib-1")),
        code("x", shown(text_plain="<Button at 0x7f0012345678>")),
        code("x", shown(text_html=f"<b>{HOME}/x</b>")),
        code(f"open('{HOME}/x')"),
    ],
    "only_public_names": [
        code("import threading"),
        code("from time import perf_counter"),
        code("if True:\n    import multiprocessing.pool"),
        code("import os\nos.fork()"),
        code("import numpy as np"),
        code("from conclib.lab import measure"),
        code("import conclib"),
        code("from conclib.chapters import known"),
        code("from conclib.chapters.ch04_creation import clone_dial"),
        code("%timeit f()"),
        code("%%time\nf()"),
        code("x = 1\n!ls"),
    ],
    "pictures_have_words": [
        code("x", shown(text_html="<p><img src='data:x'></p>")),
        code("x", shown(text_html="<img alt='' src='data:x'>")),
        code("x", shown(image_png="iVBOR", text_plain="<Figure size 640x480>")),
        code("x", shown(image_png="iVBOR")),
        prose("![](lanes.png)"),
        prose('<img src="lanes.png">'),
    ],
    "small_file": [code("x", shown(text_html="x" * rules.MAX_BYTES))],
    "no_hiding_variables": [
        code("[cl for cl in range(3)]"),
        code("%%probe\nimport os\ndef body(state, loops):\n    [os for os in state]"),
    ],
    "tagged_if_measured": [
        code("run = cl.measure('fork')"),
        code("x = cl.quiz('04')", tags=MEASURED),
        code("cl.quiz('04')", tags=("nbval-skip",)),
        code("cl.quiz('04')", tags=("nbval-check-output",)),
    ],
    "few_definitions": [code("def f(): pass\nclass A:\n    def g(self): pass")],
    "asks_or_measures": [
        code('cl.predict("creation")\nrun = cl.measure("fork")'),
        code('cl.mystery_race("creation")\ncl.choose("same-code")'),
        code('x = cl.measure("fork")\ncl.choose("why", result=x)\ncl.choose("bill")'),
    ],
    "few_words": [
        prose("word " * (reading.MAX_WORDS + 1)),
        code("x", shown(text_html=f"<p>{'word ' * (reading.MAX_WORDS + 1)}</p>")),
        code("x", stream("word"), shown(text_plain="word " * (reading.MAX_WORDS + 1))),
    ],
    "minutes_are_true": [
        prose("**Core path: 5 minutes, three acts.** " + "word " * 2000),
        prose("**Core path: 40 minutes, three acts.**"),
        prose("**Core path: 45 minutes, three acts.** " + "word " * 8600),
    ],
}
CASES = [(name, number) for name, cells in BAD.items() for number in range(len(cells))]


def test_a_good_notebook_breaks_no_rule():
    assert {rule.__name__: rule(GOOD) for rule in rules.ALL if rule(GOOD)} == {}


@pytest.mark.parametrize("name, number", CASES)
def test_a_rule_catches_a_bad_cell(name, number):
    extra = [code("def g(): pass")] if name == "few_definitions" else []
    assert getattr(rules, name)(book(IMPORT, BAD[name][number], *extra)) != []


@pytest.mark.parametrize(
    "metadata",
    [
        {"widgets": {"application/vnd.jupyter.widget-state+json": {}}},
        {"kernelspec": {"name": "python311"}},
        {"language_info": {**nb.LANGUAGE, "version": "3.11.7"}},
        {"language_info": {"name": "python"}},
    ],
)
def test_a_rule_catches_bad_metadata(metadata):
    assert rules.plain_metadata(book(IMPORT, **metadata)) != []
    assert rules.plain_metadata(book(IMPORT | {"metadata": {"execution": {"t": "2026"}}})) != []


def test_a_rule_catches_too_much_code_and_too_long_a_path():
    assert rules.about_half_prose(book(prose("a"), IMPORT, IMPORT)) != []
    aside = {"metadata": {"tags": ["side-room"]}}
    assert rules.short_core(book(*[prose("a")] * 41)) != []
    assert rules.short_core(book(*[prose("a")] * 40, prose("b") | aside)) == []


def test_a_rule_catches_another_format():
    assert rules.sound_ids(book(prose("a")) | {"nbformat_minor": 4}) != []


def test_what_is_folded_is_not_read_and_what_a_result_decides_is_not_asked_again():
    many = "word " * 500
    folded = f"<p>A few words.</p><details><summary>More</summary>{many}</details>"
    cell = code("cl.x()", shown(text_html=folded))
    assert reading.words_shown(cell) == 4
    assert rules.few_words(book(cell)) == []
    judged = code('run = cl.measure("fork")\ncl.choose("why", result=run)')
    assert rules.asks_or_measures(book(judged)) == []
    asking, judging = code('cl.choose("why")'), code('cl.choose("why", result=run)')
    assert reading.minutes(book(asking)) - reading.minutes(book(judging)) > 0.9


def test_an_unknown_id_is_caught():
    calls = (
        'cl.predict("cost", 1, 2)\ncl.choose("why", "a", pick=...)\ncl.compare(x, predicted="b")'
    )
    notebook = book(code(calls))
    assert len(rules.unknown_ids(notebook, {})) == 3
    known = {"predictions": {"cost", "b"}, "choices": {"why"}}
    assert rules.unknown_ids(notebook, known) == []
    assert rules.unknown_ids(notebook, known | {"choices": {"cost"}}) != []


def test_every_rule_is_tried():
    tried = set(BAD) | {"plain_metadata", "about_half_prose", "short_core"}
    assert {rule.__name__ for rule in rules.ALL} == tried


# Which cells are measured --------------------------------------------------------------------
CHAPTER = "from conclib.chapters import ch04_creation as creation"
CELLS = {
    "a measurement": (["cl.measure('fork')"], {1}),
    "what uses it later": (["run = cl.measure('fork')", "1 + 1", "run.median"], {1, 3}),
    "what is made of it": (["a = cl.sweep('fork')", "b = a.points", "[x for x in b]"], {1, 2, 3}),
    "a function that uses it": (["a = cl.ruler()", "def f():\n    return a", "f()"], {1, 2, 3}),
    "a name given anew": (["a = cl.ruler()", "a = 1", "a"], {1}),
    "a question": (["cl.choose('why')", "cl.quiz('04')", "cl.story('fork_twice').lines"], set()),
    "a question about a result": (["a = cl.ruler()", "cl.choose('why', result=a)"], {1, 2}),
    "a chapter's verb": ([CHAPTER, "creation.clone_dial()"], {2}),
    "a new verb": (["cl.not_thought_of_yet()"], {1}),
    "a probe of one's own": (["%%probe\ndef body(state, loops): ..."], {1}),
    "a verb that is passed on": (["list(map(cl.measure, ['fork']))"], {1}),
    "two statements": (["cl.quiz('04')\nx = cl.machine()\ncl.glossary('04')", "x"], {1, 2}),
}


@pytest.mark.parametrize(("cells", "expected"), CELLS.values(), ids=CELLS)
def test_a_cell_is_measured_by_what_it_calls_and_uses(cells, expected):
    notebook = book(*map(code, cells))
    assert measured.measured_cells(notebook) == expected
    measured.tag(notebook)
    assert measured.tagged_if_measured(notebook) == []


def test_other_tags_stay_and_wrong_ones_go():
    notebook = book(
        code("cl.ruler()", tags=("side-room",)), code("1", tags=("nbval-skip", "side-room")),
        code("2", tags=MEASURED),
    )  # fmt: skip
    measured.tag(notebook)
    kept = [cell["metadata"] for cell in notebook["cells"]]
    assert kept == [{"tags": ["side-room", measured.IGNORED]}, {"tags": ["side-room"]}, {}]


def test_steady_verbs_exist():
    import conclib

    assert set(conclib.__all__) >= measured.STEADY
