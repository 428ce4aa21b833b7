"""Thin slices: what a worker streams, as a picture, kept, in a file, and back, unchanged."""

import json

import pytest

from conclib import lab, plots, results
from conclib.lesson.store import kept
from tests.lesson_fonts import open_fonts

PROCESSES = [f"process {number}" for number in (1, 2, 3, 4)]
THREADS = ["process", *(f"thread {number}" for number in (1, 2, 3, 4))]
SLICES = {  # the probe, its parameters, whose lanes there are, and what their words say
    "a process of four dies": ("crash", {"container": "process"}, PROCESSES, "ended by SIGSEGV"),
    "a thread of four dies": ("crash", {"container": "thread"}, THREADS, "ended by SIGSEGV"),
    "phases": ("phases", {}, ["measuring process", "worker 1", "worker 2"], "start at 0 ns, load"),
    "a crowd of processes": ("crowd", {"count": 40}, ["observer"], "counted at"),
    "a crowd of threads": (
        "crowd", {"kind": "thread", "count": 400}, ["observer", "process"], "was killed"
    ),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


@pytest.mark.worker
@pytest.mark.parametrize(("probe", "params", "lanes", "says"), SLICES.values(), ids=SLICES)
def test_from_worker_to_picture_to_kept_data_and_back(home, probe, params, lanes, says):
    item = lab.observe(probe, **params)
    picture, letters = plots.lanes(item), plots.lanes_text(item)
    assert picture.png().startswith(b"\x89PNG") and says in picture.alt
    assert [row[0] for row in picture.table.rows] == lanes
    assert [line.split("  ")[0] for line in letters.splitlines()] == lanes
    (home / "one.json").write_text(json.dumps(item.to_json()))
    for back in (*kept.observations(probe), results.load(home / "one.json")):
        assert back == item
        assert plots.lanes_text(back) == letters and plots.lanes(back).alt == picture.alt
