"""The runner of the suite and of the stored outputs: both must be able to say no."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from tests import leaks, notebook_rules, notebooks, outputs, run


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


# Stored outputs ------------------------------------------------------------------------------
def stored(folder: Path, *cells: str) -> Path:
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
    assert texts == [{"stdout": "[]\n"}, {"text/plain": outputs.INSTEAD}, {"text/plain": "42"}]


@pytest.mark.slow
def test_a_notebook_that_fails_is_not_stored(tmp_path):
    path = stored(tmp_path, "1 / 0")
    before = path.read_bytes()
    done = renew(path)
    assert done.returncode != 0 and "ZeroDivisionError" in done.stderr
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*.new"))
