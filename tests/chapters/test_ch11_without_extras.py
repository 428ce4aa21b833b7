"""Chapter 11 on a machine with none of the extras: whole, from recordings that say so.

No Go, no greenlet, no Java and no Erlang are found, and no worker can be started either, so that
nothing is timed: each cell must show what was recorded, with the reason.
"""

from typing import Any

import pytest

from conclib import chapters, lab
from conclib.lab import observing, probe_files, recording
from conclib.models import toolchains
from conclib.results import Observation
from tests.notebooks import cells, read, source, stored_notebooks

(BOOK,) = [path for path in stored_notebooks() if path.name.startswith("11_")]
WORDS = chapters.known()["11"]
OURS = {"waiting_tasks", "blocking_call", "computing_tasks"}


@pytest.fixture
def bare(nowhere: None, monkeypatch: pytest.MonkeyPatch) -> list[Observation]:
    """Hide every extra; return all that is observed in a test."""
    monkeypatch.setenv(toolchains.HIDE, " ".join(toolchains.INSTALL))
    seen: list[Observation] = []
    real = observing._observed

    def noted(*args: Any) -> Observation:
        seen.append(real(*args))
        return seen[-1]

    monkeypatch.setattr(observing, "_observed", noted)
    return seen


def needs(item: Observation) -> str:
    """Return the tool that an observation needs; empty if Python and Linux are enough."""
    runtime = item.params.get("runtime", "")
    return str(runtime) if runtime in toolchains.INSTALL and item.probe in OURS else ""


def holds(item: Observation) -> None:
    """Hold that a recording says that it is one, and how to have the tool that it needs."""
    assert item.source == "recorded" and item.origin.startswith("recorded on")
    (note,) = [text for text in item.notes if text.startswith(observing.NOT_HERE)]
    if needs(item):
        assert f"{needs(item)} was not found here; to have it: " in note


@pytest.mark.slow
def test_every_cell_shows_something(bare):
    names: dict[str, Any] = {}
    for number, cell in cells(read(BOOK), "code"):
        exec(compile(source(cell), f"cell {number}", "exec"), names)
    for value in names.values():
        if hasattr(value, "close"):
            value.close()
    for item in bare:
        holds(item)
    assert {"go", "java"} <= {needs(item) for item in bare}


def recorded_runs() -> list[tuple[str, dict[str, Any]]]:
    """Return what the chapter wants recorded of programs that need a tool."""
    found = recording.wanted([WORDS["recorded"]])
    catalogue = probe_files.catalogue()
    return [(name, params) for name, params in found
            if catalogue[name].program(catalogue[name].complete(params))]  # fmt: skip


@pytest.mark.parametrize(("probe", "params"), recorded_runs(), ids=str)
def test_all_that_the_chapter_names_is_recorded(bare, probe, params):
    holds(lab.observe(probe, **params))


def test_each_tool_is_among_them():
    assert {params["runtime"] for _, params in recorded_runs()} == set(toolchains.INSTALL)


def test_what_is_shown_says_so_beside_what_is_measured_here(bare):
    """Where only a part is from elsewhere, it is named: nobody shall take it for this machine's."""
    from conclib.lesson.showing.looked import Looked

    old = lab.observe("waiting_tasks", runtime="go")
    new = lab.observe("waiting_tasks", runtime="asyncio")
    object.__setattr__(new, "source", "live")
    said = repr(Looked({"asyncio": new, "Go": old}, "Counted."))
    assert "(Not from this machine, Go: recorded on" in said
    assert f"{toolchains.advice('go')}.)" in said
