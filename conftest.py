"""For ``pytest --nbval notebooks/``, from wherever it is called: what the notebooks need to agree.

The notebook kernels get a ``CONCLIB_HOME`` of their own, so that a run sees nobody's results and
leaves none, and the quick budget. The bytes of pictures are not compared, because each release of
matplotlib draws a little differently; what they show in words is. Nothing of this concerns the
tests in ``tests/``, whose own ``conftest.py`` says what they need.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FOLDER = pytest.StashKey[str]()
SECONDS = 60  # for one cell; nbval's own default waits half an hour for a dead notebook kernel


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let ``tests/run.py`` run the notebooks a second time on the same store."""
    parser.addoption("--conclib-home", help="CONCLIB_HOME of the notebooks (a fresh folder)")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare for notebooks, where nbval is asked for."""
    if not (config.getoption("nbval", False) or config.getoption("nbval_lax", False)):
        return
    config.stash[FOLDER] = tempfile.mkdtemp(prefix="conclib-nbval-")
    os.environ.update(notebook_environment(config.stash[FOLDER], config.getoption("conclib_home")))
    for name in ("CONCLIB_SESSION", "CONCLIB_STAGE"):
        os.environ.pop(name, None)
    options = config.option
    options.nbval_current_env = not options.nbval_kernel_name
    options.nbval_cell_timeout = min(options.nbval_cell_timeout, SECONDS)
    options.nbval_sanitize_with = options.nbval_sanitize_with or str(HERE / "tests" / "nbval.cfg")


def notebook_environment(folder: str, home: str | None) -> dict[str, str]:
    """Return what the notebook kernels find in their environment.

    Args:
        folder: ours for this run; home: where results are kept, if not in there.
    """
    budget = os.environ.get("CONCLIB_BUDGET") or "quick"
    return {"CONCLIB_HOME": home or f"{folder}/home", "CONCLIB_BUDGET": budget}


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what the notebooks have kept."""
    if FOLDER in config.stash:
        shutil.rmtree(config.stash[FOLDER], ignore_errors=True)
