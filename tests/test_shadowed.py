"""Row 61: files of the student's that are named like modules of Python's are never run.

In a folder with a file for *every* name of the standard library, and for some packages that the
course needs, each of which leaves a mark when it is run, the real commands are started:
``conclib lab`` with a notebook kernel, ``measure`` and ``doctor``. They need conclib and JupyterLab
installed, so these tests are not among those that are run as another user.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conclib.lesson.copying import jupyterlab
from conclib.search_path import outside
from tests import browser
from tests.leaks import wait_until

ROOT = Path(__file__).parent.parent
COMMAND = Path(sysconfig.get_path("scripts"), "conclib")
BOOK = "book.ipynb"
PACKAGES = {"conclib", "IPython", "ipykernel", "jupyterlab", "matplotlib", "numpy", "pandas"}


class Traps:
    """A folder of the student's in which every file leaves a mark when it is run."""

    def __init__(self, folder: Path, marks: Path) -> None:
        self.folder, self.marks = folder, marks
        folder.mkdir(exist_ok=True)
        marks.mkdir()
        for name in sys.stdlib_module_names | PACKAGES:
            path = str(marks / name)
            (folder / f"{name}.py").write_text(f"open({path!r}, 'w').close()\n")

    def spare(self, names: set[str]) -> None:
        """Remove the files of these names."""
        for name in names:
            (self.folder / f"{name}.py").unlink(missing_ok=True)

    def run(self) -> list[str]:
        """Return the names of those that were run, and forget them."""
        found = sorted(path.name for path in self.marks.iterdir())
        for name in found:
            (self.marks / name).unlink()
        return found


@pytest.fixture
def traps(tmp_path) -> Traps:
    return Traps(tmp_path / "mine", tmp_path / "marks")


def start(traps: Traps, *words: object, modules: str = str(ROOT)) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*map(str, words)], cwd=traps.folder, env={**os.environ, "PYTHONPATH": modules},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_a_trap_that_is_run_is_seen(traps):
    (traps.folder / "main.py").write_text("import random, queue")
    start(traps, sys.executable, "main.py")
    assert traps.run() == ["queue", "random"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [("doctor",), ("list",), ("measure", "mp_spawn", "--budget", "0.05", "--runs", "1")],
    ids=lambda words: words[0],
)
def test_a_command_runs_no_file_of_the_folder_it_is_started_in(traps, words):
    """Row 61."""
    ended = start(traps, COMMAND, *words)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout
    assert traps.run() == []


@pytest.mark.slow
def test_neither_does_the_one_that_records(traps, tmp_path):
    """Row 61; in a copy, so that what is recorded does not take the place of the course's own."""
    for name in ("conclib", "data"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name)
    made = tmp_path / "copy" / "data" / "recorded" / "empty.json"
    made.unlink()
    words = ("record", "empty", "--budget", "0.05")
    ended = start(traps, COMMAND, *words, modules=str(tmp_path / "copy"))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert made.exists()
    assert traps.run() == []


# Loaded before our first line: by Python itself, by an installer's script, and conclib.
BEFORE = "import re, typing, runpy, sys; print(*sys.modules)"


@pytest.mark.slow
@pytest.mark.parametrize("modules", ["{}:", ":{}", "{}:.", ".:{}", "{}:../mine"])
@pytest.mark.parametrize("command", [(COMMAND,), (sys.executable, "-m", "conclib.cli")])
def test_an_empty_part_of_the_search_path_does_not_lead_to_the_folder(traps, command, modules):
    """Row 61: ``PYTHONPATH=$PYTHONPATH:/opt`` where it was not set."""
    loaded = start(traps, sys.executable, "-P", "-c", BEFORE).stdout.split()
    traps.spare({"conclib", *loaded})
    ended = start(traps, *command, "list", modules=modules.format(ROOT))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout
    assert traps.run() == []


def test_what_depends_on_the_current_folder_is_not_searched(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    here, lib = str(tmp_path), str(tmp_path / "lib")
    assert outside(["", ".", "lib", here, f"{here}/.", "/python"]) == ["/python"]
    assert outside([here, lib, "/python"], ":lib") == ["/python"]
    assert outside([lib, "/python"], "/python") == [lib, "/python"], "named by its place"


def test_a_current_folder_that_was_removed_stops_nothing(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert outside(["", "lib", "/python"], ":lib") == ["/python"]


# JupyterLab --------------------------------------------------------------------------------------
class CourseLab(browser.JupyterLab):
    """JupyterLab as ``conclib lab`` starts it, in the folder that it serves."""

    def _command(self) -> list[str]:
        return [
            str(COMMAND), "lab", "--no-browser", f"--folder={self.root}", f"--port={self.port}",
        ]  # fmt: skip

    def environment(self) -> dict[str, str]:
        own = {"PYTHONPATH": str(ROOT), "JUPYTER_TOKEN": browser.TOKEN}
        return {**super().environment(), **own}


@pytest.fixture
def lab(tmp_path) -> Iterator[CourseLab]:
    """A server among traps, which stand in its ``traps``."""
    server = CourseLab(tmp_path)
    server.traps = Traps(server.root, tmp_path / "marks")
    (server.root / "helper.py").write_text("WHERE = __file__\n")
    with server:
        yield server
        server.shut_down_kernels()


@pytest.fixture
def notebook(lab, loop) -> Iterator[Any]:
    """A front end of a notebook kernel that the server has started beside the traps."""
    from jupyter_client import BlockingKernelClient

    lab.write(BOOK)
    kernel = {"name": "python3"}
    asked = {"path": BOOK, "name": BOOK, "type": "notebook", "kernel": kernel}
    started = lab.ask("/api/sessions", "POST", asked)["kernel"]["id"]
    path = lab.folder / "runtime" / f"kernel-{started}.json"
    assert wait_until(path.exists)
    client = BlockingKernelClient(connection_file=str(path))
    client.load_connection_file()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield client
    finally:
        client.stop_channels()


def printed(client: Any, code: str) -> str:
    """Run a cell and return what it printed."""
    texts: list[str] = []

    def listen(message: dict) -> None:
        texts.append(message["content"].get("text", ""))

    reply = client.execute_interactive(code, timeout=60, store_history=False, output_hook=listen)
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(texts)


MEASURE = 'import conclib as cl; cl.machine_line(); cl.measure("mp_spawn", budget=0.05, runs=1)'
IMPORTS = "import matplotlib.pyplot, pandas, numpy, ipywidgets, asyncio, urllib.request, random"


@pytest.mark.slow
def test_the_lab_and_its_notebook_kernels_run_no_file_of_the_students(lab, notebook):
    """Row 61; and what a student does want to import is found."""
    assert lab.traps.run() == []
    assert printed(notebook, "print('sys' in dir())") == "False\n", "left by how it was started"
    printed(notebook, MEASURE)
    printed(notebook, IMPORTS)
    assert lab.traps.run() == []
    helper = lab.root / "helper.py"
    assert printed(notebook, "import helper; print(helper.WHERE)") == f"{helper}\n"
    assert printed(notebook, "import sys; print(sys.path[-1:], sys.path.count(''))") == "[''] 1\n"


def test_a_path_that_the_user_has_set_is_searched_too(monkeypatch):
    monkeypatch.delenv("JUPYTER_PATH", raising=False)
    (ours,) = jupyterlab.environment()["JUPYTER_PATH"].split(os.pathsep)
    assert Path(ours, "kernels", "python3", "kernel.json").is_file()
    monkeypatch.setenv("JUPYTER_PATH", "/theirs")
    assert jupyterlab.environment()["JUPYTER_PATH"] == f"{ours}{os.pathsep}/theirs"


def test_the_kernels_keep_things_where_the_command_does(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONCLIB_HOME", f"kept-{tmp_path.name}")
    expected = str(tmp_path / f"kept-{tmp_path.name}")
    assert jupyterlab.environment()["CONCLIB_HOME"] == expected
    monkeypatch.delenv("CONCLIB_HOME")
    assert "CONCLIB_HOME" not in jupyterlab.environment()


def test_the_server_gets_no_part_of_the_search_path_that_depends_on_its_folder(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", f":/opt:.:{Path.cwd()}:lib:/more")
    assert jupyterlab.environment()["PYTHONPATH"] == "/opt:/more"
    monkeypatch.delenv("PYTHONPATH")
    assert jupyterlab.environment()["PYTHONPATH"] == ""


def test_on_stage_the_server_gives_out_a_style_sheet_with_large_letters(tmp_path, monkeypatch):
    def words() -> list[str]:
        return jupyterlab.command(tmp_path, ip="127.0.0.1", port=1, browser=False)

    monkeypatch.delenv("CONCLIB_STAGE", raising=False)
    assert not [word for word in words() if "custom" in word]
    assert "--LabApp.default_url=/lab" in words()
    monkeypatch.setenv("CONCLIB_STAGE", "1")
    assert "--LabApp.custom_css=True" in words()
    assert "--LabApp.default_url=/doc" in words(), "the list of files would narrow the figures"
    (settings,) = [word for word in words() if "tornado_settings" in word]
    (folder,) = ast.literal_eval(settings.partition("=")[2])["static_custom_path"]
    sizes = re.findall(r"size1?: (\d+)px", Path(folder, "custom.css").read_text())
    assert len(sizes) == 4 and min(map(int, sizes)) >= 18
