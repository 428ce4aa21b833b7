"""A real JupyterLab on loopback and a real Chromium, for tests that look at what a student sees.

``JupyterLab`` starts the server on a copy of the notebooks, with folders of its own for settings,
data and the student's results, and ends it with all its notebook kernels. ``Lab`` is one open
browser: it opens a notebook, runs it, and looks at it. Everything waits for a condition; nothing
sleeps in hope.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.leaks import wait_until
from tests.notebooks import FOLDER

TOKEN = "conclib"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
KERNEL = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status"


def chromium() -> str | None:
    """Return the path of an installed Chromium, or ``None``."""
    return next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


def free_port() -> int:
    """Return a port of the loopback interface that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
                self._command(), env=self._environment(), cwd=self.root, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        if not wait_until(self._is_up, 60):
            self.__exit__()
            raise RuntimeError(f"JupyterLab did not start:\n{self.log()}")
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()  # it ends its notebook kernels itself
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _command(self) -> list[str]:
        return [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1",
            f"--port={self.port}", "--ServerApp.port_retries=0", "--allow-root",
            f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={self.root}",
            "--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly",
        ]  # fmt: skip

    def _environment(self) -> dict[str, str]:
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

    def log(self) -> str:
        """Return the end of what the server printed."""
        return (self.folder / "server.log").read_text(errors="replace")[-3000:]

    def ask(self, path: str, method: str = "GET") -> Any:
        """Send a request to the server's interface and return its answer."""
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"token {TOKEN}"}
        )
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
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, name: str, trusted: bool = False, timeout: float = 60) -> None:
        """Open a notebook of the server's folder and wait for its notebook kernel."""
        self.page.goto(f"{self.server.url}/lab/tree/{name}?reset&token={TOKEN}")
        self.page.wait_for_function(f"{KERNEL} === 'idle'", timeout=timeout * 1000)
        if trusted:
            self.command("notebook:trust")

    def command(self, name: str) -> None:
        """Execute one of JupyterLab's commands and wait for its end."""
        self.page.evaluate("name => window.jupyterapp.commands.execute(name)", name)

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
        """Turn an ipywidgets slider by the keyboard."""
        handle = slider.locator(".noUi-handle").first
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


@contextmanager
def window(server: JupyterLab, folder: Path, **options: Any) -> Iterator[Lab]:
    """Open a browser's window; on the way out end it and the server's notebook kernels.

    Pictures are kept in ``folder``, or where CONCLIB_SCREENSHOTS says.
    """
    from playwright.sync_api import sync_playwright

    shots = Path(os.environ.get("CONCLIB_SCREENSHOTS", folder / "screenshots"))
    environment = {**os.environ, "HOME": str(folder)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=FLAGS, env=environment
        )
        try:
            page = browser.new_page(viewport={"width": 1200, "height": 1000}, **options)
            yield Lab(server, page, shots)
        finally:
            browser.close()
            server.shut_down_kernels()
