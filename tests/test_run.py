"""The runner of the suite and of the stored outputs: both must be able to say no."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from conclib import chapters
from conclib.chapters import overview
from tests import budgets, conftest, leaks, notebook_rules, notebooks, run
from tests.notebooks import FOLDER


@pytest.mark.parametrize(
    "line, expected",
    [
        ("3 passed in 0.10s", {"passed": 3}),
        (
            "1 failed, 12 passed, 2 skipped in 61.00s (0:01:01)",
            {"failed": 1, "passed": 12, "skipped": 2},
        ),
        ("=== 2 passed, 1 warning, 2 errors in 1.0s ===", {"passed": 2, "warning": 1, "error": 2}),
        ("no tests ran in 0.01s", {}),
        ("3 passed the gate", {}),
        ("", {}),
    ],
)
def test_closing_lines_are_read(line, expected):
    assert run.counts(line) == Counter(expected)


def test_the_sum_is_a_closing_line_itself():
    total = Counter(passed=7, failed=1, skipped=2)
    assert run.counts(run.closing_line(total, 12.5)) == total
    assert "no tests ran in 0.00s" in run.closing_line(Counter(), 0)


def test_a_part_that_fails_is_told_from_one_that_passes(capsys):
    say = "print('1 failed, 2 passed in 0.5s'); import sys; sys.exit(int(sys.argv[1]))"
    for code in (0, 1, 5):
        good, found = run.part("a part", [sys.executable, "-c", say, str(code)], dict(os.environ))
        assert good == (code == 0)
        assert found == Counter(failed=1, passed=2)
    assert "##### a part" in capsys.readouterr().out


def test_what_the_notebooks_leave_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(leaks, "wait_until", lambda true, limit: true())
    (tmp_path / "home").mkdir()
    assert run.leftovers(str(tmp_path), leaks.shared_memory()) == []
    (tmp_path / "forgotten").touch()
    assert run.leftovers(str(tmp_path), leaks.shared_memory()) == ["temporary entry: forgotten"]


# Groups ------------------------------------------------------------------------------------------
MARKS = ("worker", "slow", "serial", "browser", "sweep")


@pytest.mark.parametrize(
    "marks",
    [set(), *({mark} for mark in MARKS), {"browser", "slow"}],
    ids=lambda marks: " ".join(sorted(marks)),
)
def test_each_test_is_in_exactly_one_group_and_a_sweep_in_none(marks):
    asked = [command[command.index("-m", 3) + 1] for command in run.GROUPS.values()]
    takes = [Expression.compile(text).evaluate(lambda name, **_: name in marks) for text in asked]
    assert sum(takes) == ("sweep" not in marks)


@pytest.mark.parametrize(
    "marks, expected", [(set(), ["_start.py"]), ({"worker"}, []), ({"browser"}, ["_start.py"])]
)
def test_an_unmarked_start_of_a_worker_is_found(marks, expected):
    commands = ["python -I -S probes/_start.py 5 6", "cc floor.c"]
    assert conftest.unmarked(commands, marks) == expected
    assert conftest.unmarked(["cc floor.c"], set()) == []


# Seconds of a chapter ----------------------------------------------------------------------------
REPORT = """<testsuites><testsuite>
<testcase classname="notebooks.04_creation.ipynb" name="Cell 0" time="1.5"/>
<testcase classname="notebooks.04_creation.ipynb" name="Cell 1" time="2.0"/>
<testcase classname="notebooks.index.ipynb" name="Cell 0" time="9"/>
</testsuite></testsuites>"""


def test_a_chapter_took_what_its_cells_took(tmp_path):
    report = tmp_path / "report.xml"
    assert budgets.chapter_seconds(report) == {}
    report.write_text(REPORT)
    assert budgets.chapter_seconds(report) == {"04": 3.5}


def test_a_chapter_that_takes_too_long_is_found():
    assert budgets.too_slow({"00": 25.0, "09": 25.0}) == []
    assert budgets.too_slow({"00": 9.0, "09": 26.0}) == [
        "chapter 09 took 26 s; it may take 25 s",
    ]
    assert budgets.too_slow({"04": 61.0, "09": 90.0, "10": 91.0}, quick=False) == [
        "chapter 04 took 61 s; it may take 60 s",
        "chapter 10 took 91 s; it may take 90 s",
    ]


def test_a_run_that_takes_more_than_twice_what_it_promises_is_found():
    whole = 2 * budgets.PROMISED["all"]
    assert budgets.broken_promise("check", 60.0) == budgets.broken_promise("all", whole) == ""
    assert budgets.broken_promise("library", 1e6) == ""
    assert budgets.broken_promise("check", 61.0).startswith("check takes 61 s")
    assert budgets.broken_promise("all", whole + 1).startswith(f"all takes {whole + 1:.0f} s")


def test_a_slower_machine_may_take_longer():
    assert budgets.broken_promise("check", 90.0, slower=1.5) == ""
    assert "takes 1.5 times as long" in budgets.broken_promise("check", 91.0, slower=1.5)
    assert budgets.too_slow({"00": 37.5}, slower=1.5) == []
    assert budgets.too_slow({"00": 39.0}, slower=1.5) == ["chapter 00 took 39 s; it may take 38 s"]
    assert budgets.forecast_line({"00": 80.0}, 480.0, 2.0) == budgets.forecast_line(
        {"00": 40.0}, 240.0
    )


@pytest.mark.parametrize("times, slower", [(0.5, 1.0), (1.0, 1.0), (3.0, 3.0)])
def test_how_slow_a_machine_is_comes_from_a_fixed_piece_of_work(monkeypatch, times, slower):
    monkeypatch.setattr(budgets, "WORK", f"print({times * budgets.WORK_MS})")
    assert budgets.slowness() == pytest.approx(slower)


def test_all_chapters_fit_into_what_a_whole_run_promises_then():
    assert budgets.LIBRARY + budgets.CHAPTERS * budgets.A_CHAPTER <= budgets.WHOLE_RUN
    assert len(list(FOLDER.glob("[0-9]*.ipynb"))) == budgets.THERE


@pytest.mark.parametrize(
    "after, alone",
    [
        ((200, 200, 200), 100),  # two processors, both ours
        ((20, 200, 20), 100),  # nobody did much: we slept
        ((200, 200, 50), 25),  # the machine was full, and a quarter of it ours
        ((60, 200, 20), 80),
        ((19, 200, 20), 100),  # the clocks of the two counts differ
    ],
)
def test_what_others_took_of_the_processors_is_left_out(after, alone):
    assert budgets.without_others(100, (0, 0, 0), after) == pytest.approx(alone)
    first, second = budgets.processors(), budgets.processors()
    assert all(a <= b for a, b in zip(first, second, strict=True)) and first[0] < first[1]


@pytest.mark.parametrize("good, promised, code", [(True, 60, 0), (True, -1, 1), (False, 60, 1)])
def test_a_run_passes_if_it_is_good_and_in_time(monkeypatch, capsys, good, promised, code):
    monkeypatch.setitem(budgets.PROMISED, "check", promised)
    monkeypatch.setitem(run.COMMANDS, "check", lambda: (good, Counter(passed=1)))
    monkeypatch.setattr(budgets, "slowness", lambda: 1.0)
    assert run.main(("check",)) == code
    assert ("it promises" in capsys.readouterr().out) == (promised < 0)


def test_the_forecast_counts_all_chapters_like_those_that_are_there(monkeypatch):
    assert len(overview.planned()) == budgets.CHAPTERS
    monkeypatch.setattr(budgets, "CHAPTERS", 13)
    assert budgets.forecast({}, 100.0) == 100.0
    assert budgets.forecast({"00": 10.0, "04": 30.0}, 100.0) == 60.0 + 13 * 20.0
    assert budgets.forecast_line({"00": 40.0}, 240.0)[0]
    fits, text = budgets.forecast_line({"00": 41.0}, 240.0)
    assert not fits
    assert text == "with 13 chapters: about 12.2 min of 12 min"


@pytest.mark.parametrize(
    "code, or_none, good", [(0, False, True), (0, True, True), (1, True, False), (2, True, False),
                            (run.NONE, True, True), (run.NONE, False, False)]
)  # fmt: skip
def test_a_part_may_be_without_a_test_only_where_that_is_said(capsys, code, or_none, good):
    command = [sys.executable, "-I", "-S", "-c", f"raise SystemExit({code})"]
    assert run.part("some", command, {}, or_none=or_none)[0] == good


def test_an_unknown_chapter_is_refused_with_those_that_there_are():
    there_are = ", ".join(chapters.known())
    with pytest.raises(
        SystemExit, match=rf"N=99: no notebooks/99_\*\.ipynb; there are {there_are}$"
    ):
        run.main(("chapter", "99"))


# Stored outputs ------------------------------------------------------------------------------
def stored(folder: Path, *cells: str) -> Path:
    import nbformat

    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    book.cells[0].metadata = nbformat.from_dict({"tags": ["result"], "scrolled": True})
    nbformat.write(book, folder / "x.ipynb")
    return folder / "x.ipynb"


def renew(path: Path) -> subprocess.CompletedProcess:
    environment = {**os.environ, "IPYTHONDIR": str(path.parent / "ipython")}
    command = [sys.executable, "-m", "tests.outputs", str(path)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=notebooks.FOLDER.parent, env=environment
    )


@pytest.mark.slow
def test_outputs_are_renewed_and_keep_the_rules(tmp_path):
    shows = "import os, ipywidgets\nprint(os.listdir(os.environ['CONCLIB_HOME']))"
    path = stored(tmp_path, shows, "ipywidgets.IntSlider()", "6 * 7")
    assert renew(path).returncode == 0
    book = notebooks.read(path)
    assert notebook_rules.plain_metadata(book) == notebook_rules.no_errors(book) == []
    assert notebook_rules.has_outputs(book) == []
    assert notebooks.tags(book["cells"][0]) == {"result"}
    texts = [output for cell in book["cells"] for output in notebooks.outputs(cell)]
    assert texts == [{"stdout": "[]\n"}, {"text/plain": "IntSlider(value=0)"}, {"text/plain": "42"}]


@pytest.mark.slow
def test_a_notebook_that_fails_is_not_stored(tmp_path):
    path = stored(tmp_path, "1 / 0")
    before = path.read_bytes()
    done = renew(path)
    assert done.returncode != 0 and "ZeroDivisionError" in done.stderr
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*.new"))
