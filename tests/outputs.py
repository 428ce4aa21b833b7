"""``make outputs``: run every notebook from top to bottom and store its outputs.

``python -m tests.outputs notebooks/04_creation.ipynb`` does one of them. A notebook is written only
after it has run without an error. Each gets a fresh notebook kernel, a fresh ``CONCLIB_HOME`` and
the usual budget. What would differ from run to run for no reason (time stamps, the Python version)
and what shows nothing without a running kernel (the state of widgets) is not stored.

Jupyter's own packages are imported where they are used: one of them takes seconds to import.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from conclib.lesson.copying import saving
from tests import measured
from tests.notebooks import LANGUAGE, stored_notebooks

TIMEOUT = 120  # seconds for one cell
KEPT_METADATA = ("tags", "slideshow")
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": LANGUAGE,
}


def run(book: Any, folder: Path) -> None:
    """Run a notebook in place, in the folder where it lies."""
    from nbclient import NotebookClient

    client = NotebookClient(
        book, timeout=TIMEOUT, kernel_name="python3", record_timing=False,
        store_widget_state=False, resources={"metadata": {"path": str(folder)}},
    )  # fmt: skip
    usual = {name: value for name, value in os.environ.items() if name != "CONCLIB_BUDGET"}
    with tempfile.TemporaryDirectory(prefix="ct-") as home:
        client.execute(env={**usual, "CONCLIB_HOME": home})


def clean(book: Any) -> None:
    """Drop what would differ from run to run, and what shows nothing without a kernel.

    The metadata that is left says that it is Python, which cell is measured, how each is shown.
    """
    import nbformat

    saving.without_widgets(book)
    book.metadata = nbformat.from_dict(METADATA)
    for cell in book.cells:
        kept = {name: cell.metadata[name] for name in KEPT_METADATA if name in cell.metadata}
        cell.metadata = nbformat.from_dict(kept)
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if not _gone(output)]
    measured.tag(book)


def _gone(output: Any) -> bool:
    """Tell whether this is the place of a bar that has gone (see ``lesson.showing.watching``)."""
    data = output.get("data", {})
    return bool(data) and not any(data.values())


def renew(path: Path) -> float:
    """Run a notebook, store it, and return how many seconds it took."""
    import nbformat

    start = time.monotonic()
    book = nbformat.read(path, as_version=4)
    run(book, path.parent)
    clean(book)
    nbformat.validate(book)
    new = path.with_suffix(".new")
    nbformat.write(book, new)
    new.replace(path)
    return time.monotonic() - start


def main(names: list[str]) -> int:
    """Renew the named notebooks, or all, and return the exit code."""
    for path in [Path(name) for name in names] or stored_notebooks():
        print(f"{path.name} ...", end=" ", flush=True)
        print(f"{renew(path):.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
