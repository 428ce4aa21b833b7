"""How JupyterLab is started on the student's copy, so that no file in it is run by mistake.

A student names a file ``random.py`` or ``queue.py``, and Python takes it for its own module of that
name wherever the folder comes first on ``sys.path``. ``python -m`` puts the current folder there,
and Jupyter's own way to start a notebook kernel does so for as long as it takes to start. Hence:

- the server is started with ``-P``, and with a ``PYTHONPATH`` that names no folder by where one
  happens to be: the folder is not on its ``sys.path`` at all;
- the notebook kernel is started with ``-P`` too, by the specification in ``data/jupyter``, which
  puts the notebook's folder at the *end* of ``sys.path`` once everything is loaded. A helper module
  beside the notebook can be imported; it never takes the place of a module of Python's or of an
  installed package.

With ``CONCLIB_STAGE`` its letters are larger, by the style sheet in ``data/stage``; figures grow by
themselves, and need the whole width: it shows one document, and the list of files is closed. What
it writes when a notebook is saved is said in ``saving``.
"""

import os
import sys
from pathlib import Path

from conclib.lesson import store
from conclib.lesson.copying import saving
from conclib.lesson.store import sessions
from conclib.plots import style
from conclib.results import files
from conclib.search_path import outside

HOOK = f"{saving.__name__}.{saving.before_saving.__name__}"


def command(folder: Path, *, ip: str, port: int, browser: bool) -> list[str]:
    """Return the command that serves a folder.

    Args:
        folder: what JupyterLab shows; first its index, if it has one.
        ip: the loopback address it listens on.
        port: the first port to try.
        browser: whether it opens the user's browser.
    """
    view = "/doc" if style.on_stage() else "/lab"
    page = f"{view}/tree/index.ipynb" if (folder / "index.ipynb").is_file() else view
    words = [
        sys.executable, "-P", "-m", "jupyterlab", f"--ServerApp.root_dir={folder}",
        f"--ip={ip}", f"--port={port}", f"--LabApp.default_url={page}", "--LabApp.news_url=",
        "--LabApp.extension_manager=readonly", f"--ContentsManager.pre_save_hook={HOOK}",
    ]  # fmt: skip
    if style.on_stage():
        sheets = {"static_custom_path": [str(files.data_path("stage"))]}
        words += ["--LabApp.custom_css=True", f"--ServerApp.tornado_settings={sheets}"]
    if not browser:
        words.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--allow-root")
    return words


def environment(session: str = "") -> dict[str, str]:
    """Return our own environment, in which Jupyter finds our notebook kernel before any other.

    Args:
        session: the name of the session that the notebook kernels shall be in; "" for none.
    """
    paths = [str(files.data_path("jupyter")), os.environ.get("JUPYTER_PATH", "")]
    modules = outside(os.environ.get("PYTHONPATH", "").split(os.pathsep))
    ours = {"JUPYTER_PATH": os.pathsep.join(filter(None, paths)), sessions.VARIABLE: session}
    if os.environ.get("CONCLIB_HOME"):  # a relative one would be another folder for the kernels
        ours["CONCLIB_HOME"] = str(store.course_home())
    return {**os.environ, **ours, "PYTHONPATH": os.pathsep.join(modules)}
