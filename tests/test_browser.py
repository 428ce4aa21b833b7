"""What a student sees: the notebooks in a real JupyterLab, in a real browser.

JupyterLab has the settings that the course brings: widgets' messages go to the main thread. With
JupyterLab's own settings, and without a notebook kernel, see ``test_browser_states.py``.
"""

import time

import pytest

from tests import browser, leaks
from tests.notebooks import FOLDER, read, source

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHAPTER = "04_creation.ipynb"
PANEL = 'cl.panel("fork"'
FIRST = "00_measuring_honestly.ipynb"
GUESS = 'cl.predict("first-number")'
FILLED = 'cl.predict("first-number", 20, 90, "ns")'
BUDGET = 60  # seconds that a chapter may take, measuring for its usual time

SLIDER = """
import base64, struct, zlib
import ipywidgets as widgets

def png(height):
    rows = b"".join(b"\\0" + (b"\\0" if y < height else b"\\xff") * 20 for y in range(20))
    parts = [(b"IHDR", struct.pack(">2I5B", 20, 20, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows)),
             (b"IEND", b"")]
    chunk = lambda k, d: struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d))
    data = b"\\x89PNG\\r\\n\\x1a\\n" + b"".join(chunk(*part) for part in parts)
    text = base64.b64encode(data).decode()
    return f'<img class="conclib-plot" alt="{height} dark rows" src="data:image/png;base64,{text}">'

picture, slider = widgets.HTML(png(0)), widgets.IntSlider(0, 0, 20)
slider.observe(lambda change: setattr(picture, "value", png(change["new"])), "value")
widgets.VBox([slider, picture])
""".strip()


@pytest.fixture
def lab(server, chrome, tmp_path):
    with browser.window(server, chrome, tmp_path) as opened:
        yield opened


def test_what_the_other_tests_rely_on(lab, server):
    """A slider changes a picture, which is seen; so is a cell that fails."""
    lab.open(server.write("slider.ipynb", SLIDER, "1 / 0"))
    lab.run_all()
    assert lab.failures() == ["ZeroDivisionError: division by zero"]
    image = lab.page.locator("img.conclib-plot").first
    assert lab.dark_pixels(image) == 0
    lab.turn(lab.page.get_by_role("slider"), presses=3)
    assert leaks.wait_until(lambda: lab.dark_pixels(image) == 3 * 20)
    assert lab.screenshot("slider").stat().st_size > 0


def timed_run(lab) -> None:
    """Run all cells of a chapter, within the time that the course allows it."""
    lab.hurry()
    start = time.monotonic()
    lab.run_all(timeout=BUDGET)
    assert time.monotonic() - start < BUDGET
    assert lab.failures() == []
    assert all(lab.outputs()), "a cell that shows nothing"


def place_of(text: str, cells: list[dict]) -> int:
    """Return which cell (from 0) is the first to hold a text."""
    return next(n for n, cell in enumerate(cells) if text in source(cell))


def test_chapter_04_runs_and_its_panel_measures_stops_and_draws(lab):
    lab.open(CHAPTER)
    assert lab.comms() == "disabled", "not the settings that the course brings"
    timed_run(lab)
    lab.screenshot("chapter-04")

    lab.hurry(False)
    number = place_of(PANEL, read(FOLDER / CHAPTER)["cells"])
    lab.select(number)
    panel = browser.Panel(lab, lab.cell(number))
    empty = panel.picture()
    panel.turn(presses=2)
    assert panel.picture() == empty, "a slider alone must not measure"
    assert panel.results.count() == 0
    panel.run(result=1)
    measured = panel.picture()
    assert measured != empty
    assert lab.dark_pixels(panel.image) > 100
    assert panel.image.get_attribute("alt")
    lab.screenshot("panel-measured")

    panel.run_and_stop()
    panel.turn(presses=1, key="PageUp")
    panel.run(result=2)
    assert panel.picture() not in (empty, measured)
    assert lab.dark_pixels(panel.image) > 100
    assert lab.failures() == []
    lab.screenshot("panel-compared")


def test_from_the_index_to_chapter_00_and_again_after_a_restart(lab, server):
    """What was predicted is kept, locked by the measuring, and met again without an error."""
    lab.open("index.ipynb")
    lab.run_all()
    assert lab.failures() == []
    lab.screenshot("index")

    lab.open_beside(filled_in(server))
    timed_run(lab)
    kept = server.home / "predictions.jsonl"
    before = kept.read_text()
    assert '"first-number"' in before
    lab.restart()
    assert lab.execute("", "'cl' in dir()") == "False"
    timed_run(lab)
    assert kept.read_text() == before
    lab.screenshot("chapter-00")


def filled_in(server) -> str:
    """Write chapter 00 with a prediction in it, and return its name."""
    import nbformat

    cells = nbformat.from_dict(read(FOLDER / FIRST)).cells
    guess = cells[place_of(GUESS, cells)]
    guess.source = source(guess).replace(GUESS, FILLED)
    return server.write("filled_in.ipynb", *cells)
