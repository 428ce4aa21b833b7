"""What is killed or stopped around a measurement: notebook kernels, and the runner of notebooks.

A real notebook kernel measures; then it is killed, restarted or interrupted, or whoever started it
is killed. A killed process runs no clean-up, so what must be gone is gone without its help: Linux
kills the worker, and the next measurement sweeps what a dead owner has left on disk.

All that a test starts has one folder as ``TMPDIR``, by which it is found again.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conclib.lab import alone
from tests import leaks
from tests.browser import workers
from tests.notebooks import FOLDER, read, source

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("loop")]

ROOT = Path(__file__).parent.parent
WORKERS_GONE = 3.0  # seconds after a notebook kernel was killed
RUNNER_GONE = 5.0  # seconds after the runner of a notebook was killed
PATIENCE = 30.0  # seconds for what only has to come some time

# Never sure, so it goes on until somebody ends it. "measuring" says that the worker is at work.
LONG = """
from conclib import lab
from conclib.lab import sampling
sampling.TARGET = 0.0
def tell(progress):
    if progress.phase == "measure":
        print("measuring", flush=True)
item = lab.measure("fork", ballast_mb=64, budget=60, runs=1, on_progress=tell)
"""
SHORT = """
from conclib import lab
item = lab.measure("function_call", budget=0.1, runs=2)
print(item.source, item.unstable)
"""


class Ended:
    """How a cell ended: ``status``, the error's name, and all that was printed or shown."""

    def __init__(self, reply: dict[str, Any], printed: str) -> None:
        self.status, self.error = reply["status"], reply.get("ename", "")
        self.printed = printed


class Kernel:
    """A notebook kernel and a front end that runs cells in it, one at a time."""

    def __init__(self, folder: Path, home: Path) -> None:
        from jupyter_client.manager import KernelManager

        self.manager = KernelManager(kernel_name="python3")
        own = {"TMPDIR": str(folder), "CONCLIB_HOME": str(home), "CONCLIB_BUDGET": "quick"}
        own |= {"IPYTHONDIR": str(folder / "ipython")}
        self.manager.connection_file = str(folder / f"kernel-{id(self)}.json")
        self.manager.start_kernel(env={**os.environ, **own}, cwd=str(ROOT))
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)
        self._printed = ""

    def close(self) -> None:
        """End it at once."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def kill(self) -> None:
        """Send SIGKILL to the notebook kernel alone, and collect it as a server does."""
        os.kill(self.manager.provisioner.pid, signal.SIGKILL)
        assert leaks.wait_until(lambda: not self.manager.is_alive())

    def begin(self, code: str, until: str) -> None:
        """Start a cell and return as soon as it has printed ``until``."""
        self._request, self._printed = self.client.execute(code), ""
        while until not in self._printed:
            self._listen()

    def _listen(self) -> bool:
        """Take one message; return whether it says that the cell has ended."""
        message = self.client.get_iopub_msg(timeout=PATIENCE)
        content = message["content"]
        if message["parent_header"].get("msg_id") != self._request:
            return False
        self._printed += content.get("text", "") + content.get("data", {}).get("text/plain", "")
        return content.get("execution_state") == "idle"

    def end(self) -> Ended:
        """Wait until the cell that was begun has ended, and return how."""
        while not self._listen():
            pass
        reply = self.client.get_shell_msg(timeout=PATIENCE)
        while reply["parent_header"].get("msg_id") != self._request:
            reply = self.client.get_shell_msg(timeout=PATIENCE)
        return Ended(reply["content"], self._printed)

    def run(self, code: str) -> Ended:
        """Run a cell to its end."""
        self.begin(code, until="")
        return self.end()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short-named temporary folder; whatever of ours is left afterwards is ended."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        yield Path(name)
        leaks.end(leaks.processes(name))


@pytest.fixture
def start(folder: Path, tmp_path: Path) -> Iterator[Callable[..., Kernel]]:
    """Start notebook kernels, which are ended after the test."""
    kernels: list[Kernel] = []

    def begin(home: Path = tmp_path / "kept") -> Kernel:
        kernels.append(Kernel(folder, home))
        return kernels[-1]

    yield begin
    for kernel in kernels:
        kernel.close()


def workers_gone(folder: Path) -> bool:
    """Tell whether no worker is left within the limit."""
    return leaks.wait_until(lambda: not workers(str(folder)), WORKERS_GONE)


def left_on_disk(folder: Path) -> list[str]:
    """Return the names of workers' private folders."""
    return sorted(path.name for path in folder.glob("conclib-worker-*"))


# Row 19: the notebook kernel ---------------------------------------------------------------------
def test_a_killed_notebook_kernel_takes_its_worker_along(start, folder):
    kernel = start()
    kernel.begin(LONG, until="measuring")
    assert workers(str(folder)), "there must be something that could be left"
    kernel.kill()
    assert workers_gone(folder), leaks.processes(str(folder))
    (left,) = left_on_disk(folder)  # a killed owner cannot remove it

    assert start().run(SHORT).printed.startswith("live")
    assert left not in left_on_disk(folder), "not swept at next use"
    assert left_on_disk(folder) == []


@pytest.mark.parametrize("now", [False, True], ids=["asked to end", "killed"])
def test_a_restarted_notebook_kernel_measures_again(start, folder, now):
    """JupyterLab's Restart, pressed in the middle of a measurement."""
    kernel = start()
    kernel.begin(LONG, until="measuring")
    before = workers(str(folder))
    assert before
    kernel.manager.restart_kernel(now=now)
    assert workers_gone(folder), leaks.processes(str(folder))
    kernel.client.wait_for_ready(timeout=PATIENCE)
    assert kernel.run(SHORT).printed.startswith("live")
    assert left_on_disk(folder) == []


def test_an_interrupted_notebook_kernel_goes_on(start, folder):
    """JupyterLab's Stop: the cell ends with KeyboardInterrupt, and nothing else does."""
    kernel = start()
    kernel.begin(LONG, until="measuring")
    assert workers(str(folder))
    kernel.manager.interrupt_kernel()
    ended = kernel.end()
    assert (ended.status, ended.error) == ("error", "KeyboardInterrupt")
    assert workers(str(folder)) == []
    assert left_on_disk(folder) == []
    after = kernel.run(SHORT)
    assert after.status == "ok"
    assert after.printed.startswith("live")


# Row 20: the runner of a notebook ----------------------------------------------------------------
def test_a_killed_test_runner_leaves_nothing_running(folder):
    import nbformat

    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LONG)])
    nbformat.write(book, folder / "long.ipynb")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--nbval-lax"]
    runner = subprocess.Popen(
        [*command, "--nbval-current-env", "--nbval-cell-timeout=60", "long.ipynb"],
        cwd=folder, env={**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert leaks.wait_until(lambda: workers(str(folder)), PATIENCE), "it measures nothing"
        assert len(leaks.processes(str(folder))) >= 3  # runner, notebook kernel, worker
        runner.kill()
        assert runner.wait() == -signal.SIGKILL
        assert leaks.wait_until(lambda: not leaks.processes(str(folder)), RUNNER_GONE), (
            leaks.processes(str(folder))
        )
    finally:
        runner.kill()
        runner.wait()


# Row 37: two notebooks ---------------------------------------------------------------------------
GUESS = """
import conclib as cl
from tests import course
cl.predict("one-call", {low}, {high}, "ns", because="{who}")
"""


def test_two_notebooks_at_once_do_not_clash(start, folder, tmp_path):
    """They share a home and a temporary folder; each keeps its own, and says it was not alone."""
    one, two = start(), start()
    one.begin(LONG, until="measuring")
    assert two.run(GUESS.format(low=20, high=90, who="the second")).status == "ok"
    measured = two.run(SHORT)
    assert measured.status == "ok"
    assert measured.printed.startswith("live")
    assert alone.CROWDED in measured.printed

    assert workers(str(folder)), "the first must still have been measuring"
    one.manager.interrupt_kernel()
    assert one.end().error == "KeyboardInterrupt"
    assert left_on_disk(folder) == []
    assert one.run(SHORT).printed.startswith("live")
    other = one.run(GUESS.format(low=1, high=2, who="the first"))
    assert other.status == "ok"
    assert "prediction stands" in other.printed, "what the second had locked was not seen"
    kept = (tmp_path / "kept" / "predictions.jsonl").read_text().splitlines()
    assert [json.loads(line)["because"] for line in kept if "because" in line] == ["the second"]


# Row 42: nothing can be kept ---------------------------------------------------------------------
def cells_up_to(path: Path, last: str) -> list[str]:
    """Return the code cells of a notebook up to the first one that holds ``last``."""
    found = []
    for cell in read(path)["cells"]:
        if cell["cell_type"] == "code":
            found.append(source(cell))
            if last in found[-1]:
                return found
    raise LookupError(f"no cell with {last!r} in {path.name}")


UNFILLED = re.compile(r"(cl\.predict\(\"[\w-]+\")\)")


def test_where_nothing_can_be_kept_chapter_00_goes_on(start, tmp_path):
    """A home under what is a file: even root cannot make that folder."""
    (tmp_path / "file").write_text("no folder")
    kernel = start(home=tmp_path / "file" / "home")
    said, cells = "", cells_up_to(FOLDER / "00_measuring_honestly.ipynb", "cl.compare(")
    assert len(UNFILLED.findall("".join(cells))) == 1
    for cell in cells:
        ended = kernel.run(UNFILLED.sub(r'\1, 20, 90, "ns")', cell))
        assert ended.status == "ok", (cell, ended.error, ended.printed)
        said += ended.printed
    assert said.count("Nothing can be saved") == 1
    assert "The lesson goes on" in said
