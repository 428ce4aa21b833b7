"""The notebooks as others use them: by a plain ``pytest --nbval``, exported to a script."""

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conclib.lesson.showing import sources
from conclib.plots import story_lines
from tests.notebooks import FOLDER, stored_notebooks

ROOT = FOLDER.parent
SEEN = (
    "import os\nfrom pathlib import Path\n"
    "home = Path(os.environ['CONCLIB_HOME'])\n"
    "print(os.environ['CONCLIB_BUDGET'], os.environ.get('CONCLIB_SESSION'), home.exists())"
)
SHOW = 'from IPython.display import HTML\nHTML(\'<img alt="{}" src="data:image/png;base64,{}">\')'


def output(**data: str) -> dict:
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}


@pytest.fixture
def outside(tmp_path) -> Path:
    """A folder that has nothing of the project but what a plain call of pytest finds."""
    for name in ("conftest.py", "tests/nbval.cfg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(folder: Path, *cells: tuple[str, list[dict]], **environment: str) -> tuple[str, list[str]]:
    """Run a notebook of cells and stored outputs; return the closing line, and what is left."""
    import nbformat

    whole = [
        nbformat.v4.new_code_cell(code, execution_count=1, outputs=nbformat.from_dict(outputs))
        for code, outputs in cells
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=whole), folder / "x.ipynb")
    (folder / "temporary").mkdir(exist_ok=True)
    own = {"TMPDIR": str(folder / "temporary"), "IPYTHONDIR": str(folder / "ipython")}
    own |= {"JUPYTER_RUNTIME_DIR": str(folder / "runtime"), **environment}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "x.ipynb"]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **own}, capture_output=True, text=True, timeout=120
    )
    return done.stdout.splitlines()[-1], [*(folder / "temporary").iterdir()]


@pytest.mark.slow
def test_a_run_from_outside_has_a_store_and_a_budget_of_its_own(outside):
    mine = outside / "mine"
    mine.mkdir()
    stream = {"output_type": "stream", "name": "stdout", "text": "quick None False\n"}
    line, left = run(outside, (SEEN, [stream]), CONCLIB_HOME=str(mine), CONCLIB_SESSION="mine",
                     CONCLIB_BUDGET="")  # fmt: skip
    assert re.match(r"1 passed in", line) and left == []
    assert list(mine.iterdir()) == []


@pytest.mark.slow
def test_the_bytes_of_a_picture_are_not_compared_and_its_words_are(outside):
    def stored(alt: str, png: str) -> list[dict]:
        image = f'<img alt="{alt}" src="data:image/png;base64,{png}">'
        return [output(**{"text/html": image, "text/plain": "<IPython.core.display.HTML object>"})]

    line, _ = run(
        outside,
        (SHOW.format("two lanes", "AAAA=="), stored("two lanes", "iVBOR/+=")),
        (SHOW.format("two lanes", "AAAA=="), stored("three lanes", "AAAA==")),
    )
    assert re.match(r"1 failed, 1 passed in", line)


def compared(text: str) -> str:
    """Return what nbval compares of an output."""
    from nbval.plugin import get_sanitize_patterns

    for pattern, instead in get_sanitize_patterns((ROOT / "tests/nbval.cfg").read_text()):
        text = re.sub(pattern, instead, text)
    return text


@pytest.mark.slow  # to import what it uses takes seconds
def test_a_moving_picture_is_compared_by_its_words():
    def bundle(text: str) -> str:
        return story_lines([{"t": 0, "who": "parent", "what": "print", "text": text}]).html

    plain = compared(bundle("one"))
    assert plain != compared(bundle("two")) and "The parent prints “one”." in plain
    assert not re.search("base64|<svg|&lt;svg|u[0-9a-f]{12}", plain) and len(plain) < 1500


@pytest.mark.slow
def test_a_source_is_compared_without_its_look():
    words = compared(sources.highlighted("def body(state):\n    return 'a  b'\n"))
    plain = html.unescape(re.sub("</?(div|pre)>", "", words)).strip()
    assert plain == "def body(state):\n    return 'a  b'"


@pytest.mark.slow
def test_a_stored_notebook_becomes_a_script():
    """``jupyter nbconvert --to script`` names it by what the notebook says of its language."""
    from nbconvert.exporters import ScriptExporter

    for path in stored_notebooks():
        text, resources = ScriptExporter().from_filename(str(path))
        assert resources["output_extension"] == ".py", path
        assert "import conclib as cl" in text
