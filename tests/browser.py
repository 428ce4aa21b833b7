"""A real JupyterLab on loopback and a real Chromium, for tests that look at what a student sees.

``JupyterLab`` starts the server by the command of ``conclib lab``, on a copy of the notebooks, with
folders of its own for settings, data and the student's results, and ends it with all its notebook
kernels. ``Lab`` is one open browser: it opens a notebook, runs it, and looks at it. ``Panel`` is a
measuring panel in it.
Everything waits for a condition; nothing sleeps in hope.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from conclib.lesson.copying import jupyterlab
from tests import leaks
from tests.leaks import wait_until
from tests.notebooks import FOLDER

TOKEN = "conclib"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
CONTEXT = "window.jupyterapp?.shell.currentWidget?.sessionContext"
KERNEL = f"{CONTEXT}?.session?.kernel?.status"
EXECUTE = (
    "async ([code, wanted]) => { const kernel = " + CONTEXT + ".session.kernel;"
    " const asked = kernel.requestExecute({code, silent: true, store_history: false,"
    " user_expressions: {wanted}}); return (await asked.done).content; }"
)
PACE = """
from conclib.lab import variants
variants.PACES["quick"] = ({share}, {runs})
"""


def chromium() -> str | None:
    """Return the path of an installed Chromium, or ``None``."""
    return next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


def need_chromium() -> None:
    """Skip without an installed Chromium; on CI, where it must be, fail."""
    if chromium() is None:
        message = "no Chromium: install the package chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)


def free_port() -> int:
    """Return a port of the loopback interface that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def workers(token: str) -> list[int]:
    """Return the pids of all workers whose environment holds ``token``, as a session's TMPDIR."""
    found = []
    for pid, _, _ in leaks.processes(token):
        with suppress(OSError):  # gone meanwhile
            if b"_start.py" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


class JupyterLab:
    """A JupyterLab server on a copy of the notebooks.

    Attributes:
        root: the folder that it shows; a test may put notebooks of its own there.
        home: CONCLIB_HOME of its notebook kernels.
    """

    def __init__(self, folder: Path, settings: dict[str, Any] | None = None) -> None:
        self.folder, self.root, self.home = folder, folder / "course", folder / "home"
        shutil.copytree(FOLDER, self.root, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        self.home.mkdir()
        for plugin, values in (settings or {}).items():
            path = folder / "settings" / f"{plugin.replace(':', '/')}.jupyterlab-settings"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(values))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> "JupyterLab":
        with (self.folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                self._command(), env=self.environment(), cwd=self.root, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        leaks.servers.add(self._process.pid)
        if not wait_until(self._is_up, 60):
            self.__exit__()
            raise RuntimeError(f"JupyterLab did not start:\n{self.log()}")
        return self

    def __exit__(self, *exception: object) -> None:
        leaks.servers.discard(self._process.pid)
        self._process.terminate()  # it ends its notebook kernels itself
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _command(self) -> list[str]:
        return [
            *jupyterlab.command(self.root, ip="127.0.0.1", port=self.port, browser=False),
            "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}",
            "--LabApp.expose_app_in_browser=True",
        ]  # fmt: skip

    def environment(self) -> dict[str, str]:
        own = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
            "CONCLIB_HOME": "home",
        }
        paths = {name: str(self.folder / folder) for name, folder in own.items()}
        return {**os.environ, **paths, "CONCLIB_BUDGET": "quick"}

    def _is_up(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(f"JupyterLab ended by itself:\n{self.log()}")
        try:
            return "started" in self.ask("/api/status")
        except OSError:
            return False

    def write(self, name: str, *cells: Any) -> str:
        """Write a notebook of cells, given as code or whole, and return its name."""
        import nbformat

        whole = [nbformat.v4.new_code_cell(c) if isinstance(c, str) else c for c in cells]
        book = nbformat.v4.new_notebook(cells=whole)
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(book, self.root / name)
        return name

    def forget(self) -> None:
        """Throw away what was kept for the student, as if nobody had been here."""
        shutil.rmtree(self.home)
        self.home.mkdir()

    def sign(self, name: str) -> str:
        """Sign a notebook, as the server does when its user has run and saved it."""
        import nbformat
        from nbformat.sign import NotebookNotary

        notary = NotebookNotary(data_dir=str(self.folder / "data"))
        try:
            notary.sign(nbformat.read(self.root / name, as_version=4))
        finally:
            notary.store.close()
        return name

    def log(self) -> str:
        """Return the end of what the server printed."""
        return (self.folder / "server.log").read_text(errors="replace")[-3000:]

    def ask(self, path: str, method: str = "GET", data: Any = None) -> Any:
        """Send a request, with data as JSON, to the server's interface and return its answer."""
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"token {TOKEN}"},
            data=None if data is None else json.dumps(data).encode(),
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def shut_down_kernels(self) -> None:
        """End every notebook kernel."""
        for session in self.ask("/api/sessions"):
            try:
                self.ask(f"/api/sessions/{session['id']}", "DELETE")
            except urllib.error.HTTPError:  # gone meanwhile
                continue
        wait_until(lambda: not self.ask("/api/kernels"), 10)


class Lab:
    """A browser's window with JupyterLab in it; ``page`` is Playwright's."""

    def __init__(self, server: JupyterLab, page: Any, screenshots: Path) -> None:
        self.server, self.page, self.screenshots = server, page, screenshots
        self.token = tempfile.gettempdir()  # in the environment of all that we have started
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, name: str, timeout: float = 60) -> None:
        """Open a notebook of the server's folder and wait for its notebook kernel."""
        self.page.goto(f"{self.server.url}/lab/tree/{name}?reset&token={TOKEN}")
        self.page.wait_for_function(f"{KERNEL} === 'idle'", timeout=timeout * 1000)

    def open_beside(self, name: str) -> None:
        """Open another notebook in a tab beside the first, as a link or the list of files does."""
        self.command("docmanager:open", path=name)
        self.page.wait_for_function(f"{CONTEXT}?.path === {name!r} && {KERNEL} === 'idle'")

    def command(self, name: str, **arguments: Any) -> None:
        """Execute one of JupyterLab's commands and wait for its end."""
        self.page.evaluate(
            "([name, given]) => window.jupyterapp.commands.execute(name, given)", [name, arguments]
        )

    def theme(self, dark: bool) -> None:
        """Choose the dark or the light theme; the server keeps it."""
        self.command("apputils:change-theme", theme=f"JupyterLab {'Dark' if dark else 'Light'}")
        light = str(not dark).lower()
        self.page.wait_for_function(
            f"document.body.dataset.jpThemeLight === '{light}'"
            " && !document.querySelector('#jupyterlab-splash')"
        )

    def execute(self, code: str, wanted: str = "None") -> str:
        """Run code in the notebook kernel, in no cell; return ``wanted`` after it, as its repr."""
        reply = self.page.evaluate(EXECUTE, [code, wanted])
        assert reply["status"] == "ok", reply
        answer = reply["user_expressions"]["wanted"]
        assert answer["status"] == "ok", answer
        return answer["data"]["text/plain"]

    def hurry(self, hurry: bool = True) -> None:
        """Have the notebook kernel measure for a moment, by one worker; or as it usually does.

        It is for a test that wants a whole chapter, not its numbers.
        """
        self.execute(PACE.format(share=0.02 if hurry else 0.5, runs=1 if hurry else 3))

    def restart(self) -> None:
        """Restart the notebook kernel, as JupyterLab's button does once it is confirmed."""
        self.page.evaluate(f"() => {CONTEXT}.restartKernel()")
        self.page.wait_for_function(f"{KERNEL} === 'idle'")

    def end_kernel(self) -> None:
        """End the notebook kernel; the page stays."""
        self.page.evaluate(f"() => {CONTEXT}.shutdown()")
        assert self.page.evaluate(f"() => {CONTEXT}.session === null")

    def comms(self) -> str:
        """Return how JupyterLab sends widgets' messages to this notebook kernel."""
        return self.page.evaluate(f"() => {CONTEXT}.session.kernel.commsOverSubshells")

    def run_all(self, timeout: float = 120) -> None:
        """Run all cells and wait until the last one has ended."""
        self.page.evaluate(
            "() => { window.ran = false; window.jupyterapp.commands.execute("
            "'notebook:run-all-cells').then(() => { window.ran = true; }); }"
        )
        self.page.wait_for_function("window.ran", timeout=timeout * 1000)
        self.page.wait_for_function(f"{KERNEL} === 'idle'", timeout=timeout * 1000)

    def run_cells(self, first: int, last: int, timeout: float = 60) -> None:
        """Run the cells from ``first`` to ``last`` (counted from 0), one after the other."""
        for number in range(first, last + 1):
            self.select(number)
            self.command("notebook:run-cell")
        self.page.wait_for_function(f"{KERNEL} === 'idle'", timeout=timeout * 1000)

    def save(self) -> dict[str, Any]:
        """Save the notebook on the page, and return what its file then holds."""
        self.command("docmanager:save")
        name = self.page.evaluate(f"() => {CONTEXT}.path")
        return json.loads((self.server.root / name).read_text())

    def select(self, number: int) -> None:
        """Make a cell (counted from 0) the active one, which also scrolls it into view."""
        self.page.evaluate(
            "async n => { const book = window.jupyterapp.shell.currentWidget.content;"
            " book.activeCellIndex = n; await book.scrollToItem(n, 'center'); }",
            number,
        )

    def cell(self, number: int) -> Any:
        """Return a cell (counted from 0) on the page; only those near the active one are there."""
        return self.page.locator(f".jp-Cell[data-windowed-list-index='{number}']")

    def widgets(self, number: int) -> Any:
        """Return the live widget in the output of a cell (counted from 0)."""
        return self.cell(number).locator(".jp-OutputArea .jupyter-widgets").first

    def outputs(self) -> list[list[dict]]:
        """Return the outputs of each code cell, as JupyterLab holds them."""
        return self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells"
            ".filter(cell => cell.cell_type === 'code').map(cell => cell.outputs)"
        )

    def failures(self) -> list[str]:
        """Return the errors among the outputs, and those of the page."""
        raised = [
            f"{output['ename']}: {output['evalue']}"
            for outputs in self.outputs()
            for output in outputs
            if output["output_type"] == "error"
        ]
        return raised + self.errors

    def press(self, name: str, inside: Any = None) -> None:
        """Press a button by its name, once it can be pressed."""
        self.button(name, inside).click()

    def button(self, name: str, inside: Any = None) -> Any:
        """Return the button of an exact name, in a part of the page."""
        return (inside or self.page).get_by_role("button", name=name, exact=True).first

    def turn(self, slider: Any, presses: int = 1, key: str = "ArrowRight") -> None:
        """Turn a slider by the keyboard."""
        handle = slider.first
        handle.focus()
        for _ in range(presses):
            handle.press(key)

    def picture(self, image: Any) -> str:
        """Return what an ``<img>`` shows, as its source."""
        return image.get_attribute("src") or ""

    def dark_pixels(self, image: Any) -> int:
        """Draw an ``<img>`` on a canvas and count its dark, opaque pixels: a blank one has none."""
        return image.evaluate(
            "async image => { await image.decode(); const c = document.createElement('canvas');"
            " c.width = image.naturalWidth; c.height = image.naturalHeight;"
            " const g = c.getContext('2d'); g.drawImage(image, 0, 0); let n = 0;"
            " const d = g.getImageData(0, 0, c.width, c.height).data;"
            " for (let i = 0; i < d.length; i += 4)"
            "   if (d[i + 3] > 128 && d[i] + d[i + 1] + d[i + 2] < 384) n++;"
            " return n; }"
        )

    def screenshot(self, name: str) -> Path:
        """Store a picture of the window, to be looked at, and return its path."""
        self.screenshots.mkdir(parents=True, exist_ok=True)
        path = self.screenshots / f"{name}.png"
        self.page.screenshot(path=str(path))
        return path


class Panel:
    """A measuring panel on the page, in the cell where it stands."""

    def __init__(self, lab: Lab, cell: Any) -> None:
        self.lab, self.cell = lab, cell
        self.image = cell.locator("img.conclib-plot").first
        self.slider = cell.get_by_role("slider").first
        self.budget = cell.locator("select").nth(1)
        self.doing = cell.locator(".conclib-doing").first
        self.message = cell.locator(".conclib-message").first
        self.results = cell.locator("tr:has(td)")  # the last thing that is updated

    def picture(self) -> str:
        """Return the picture that it shows now, as its source."""
        return self.lab.picture(self.image)

    def turn(self, presses: int, key: str = "ArrowRight") -> None:
        """Turn the slider of its first parameter."""
        self.lab.turn(self.slider, presses, key)

    def run(self, result: int) -> None:
        """Press Run, and wait for the result of this number."""
        self.lab.press("Run", self.cell)
        shown = wait_until(lambda: self.results.count() == result, 20)
        assert shown, f"no result {result}: {self.message.inner_text()}"
        assert f"Result {result}," in self.message.inner_text()

    def run_and_stop(self) -> None:
        """Press Run for a run that would go on for seconds; when it draws, press Stop.

        It must be over long before its time, with no worker left, and leave no trace.
        """
        before, kept = self.picture(), self.results.count()
        code = "from conclib.lab import sampling; _target, sampling.TARGET = sampling.TARGET, 0"
        self.lab.execute(code)  # never sure: it ends at the budget's end, or by Stop
        self.budget.select_option(label="15 s")
        self.lab.press("Run", self.cell)
        assert wait_until(lambda: self.picture() != before, 10), "the plot does not move"
        assert wait_until(lambda: workers(self.lab.token), 10), "it measures nothing"
        assert "process " in self.doing.inner_text()
        self.lab.press("Stop", self.cell)
        assert wait_until(lambda: "Stopped." in self.message.inner_text(), 3), "Stop does not stop"
        assert wait_until(lambda: not workers(self.lab.token), 1), "its worker goes on"
        assert wait_until(lambda: self.picture() == before), "what was stopped is still drawn"
        assert self.results.count() == kept
        assert self.doing.inner_text() == "Ready."
        self.lab.execute("sampling.TARGET = _target")
        self.budget.select_option(label="1 s")


@contextmanager
def browsing(folder: Path) -> Iterator[Any]:
    """Start a browser, whose windows share what it has loaded.

    Playwright's event loop runs as long as it does.
    """
    from playwright.sync_api import sync_playwright

    environment = {**os.environ, "HOME": str(folder)}
    before = set(psutil.Process().children())
    with sync_playwright() as playwright:
        driver = {child.pid for child in psutil.Process().children() if child not in before}
        leaks.lasting_roots |= driver  # it starts and ends processes whenever it likes
        started = playwright.chromium.launch(
            executable_path=chromium(), args=FLAGS, env=environment
        )
        try:
            yield started.new_context(viewport={"width": 1200, "height": 1000})
        finally:
            started.close()
            leaks.lasting_roots -= driver


@contextmanager
def window(server: JupyterLab, opened: Any, folder: Path) -> Iterator[Lab]:
    """Open a window of a browser; on the way out close it and end the server's notebook kernels.

    Pictures are kept in ``folder``, or where CONCLIB_SCREENSHOTS says.
    """
    shots = Path(os.environ.get("CONCLIB_SCREENSHOTS", folder / "screenshots"))
    page = opened.new_page()
    try:
        yield Lab(server, page, shots)
    finally:
        page.close()
        server.shut_down_kernels()
