"""What a student sees: the notebooks in a real JupyterLab, in a real browser."""

import os

import nbformat
import pytest

from tests import browser, leaks
from tests.notebooks import FOLDER, read, source

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHAPTER = "04_creation.ipynb"
PANEL = 'cl.panel("fork")'

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


@pytest.fixture(scope="module")
def server(tmp_path_factory, pytestconfig):
    """A JupyterLab for this module; without Chromium a skip, on CI a failure."""
    if browser.chromium() is None:
        message = "no Chromium: install the package chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    with browser.JupyterLab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture
def lab(server, tmp_path):
    with browser.window(server, tmp_path) as opened:
        yield opened


def write(server: browser.JupyterLab, name: str, *cells: str) -> str:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, server.root / name)
    return name


def test_a_slider_changes_a_picture(lab, server):
    """The machinery itself: a notebook runs, a widget is turned, and the change is seen."""
    lab.open(write(server, "slider.ipynb", SLIDER))
    lab.run_all()
    image = lab.page.locator("img.conclib-plot").first
    assert lab.dark_pixels(image) == 0
    lab.turn(lab.page.locator(".widget-slider").first, presses=3)
    assert leaks.wait_until(lambda: lab.dark_pixels(image) == 3 * 20)
    assert lab.failures() == []
    assert lab.screenshot("slider").stat().st_size > 0


def test_a_failing_cell_is_seen(lab, server):
    """Else the other tests could not fail."""
    lab.open(write(server, "broken.ipynb", "1 / 0"))
    lab.run_all()
    assert lab.failures() == ["ZeroDivisionError: division by zero"]


def test_the_index_runs(lab):
    lab.open("index.ipynb")
    lab.run_all()
    assert lab.failures() == []
    lab.screenshot("index")


def panel_cells(path) -> list[int]:
    """Return the cells (from 0) that the panel needs: the import, and the panel's own."""
    cells = read(path)["cells"]
    code = [n for n, cell in enumerate(cells) if cell["cell_type"] == "code"]
    return [code[0], next(n for n in code if PANEL in source(cells[n]))]


def test_the_panel_of_chapter_04_measures_stops_and_draws(lab):
    first, number = panel_cells(FOLDER / CHAPTER)
    lab.open(CHAPTER)
    lab.run_cells(first, first)
    lab.run_cells(number, number)
    assert lab.failures() == []
    panel = lab.cell(number)
    image, slider = panel.locator("img.conclib-plot").first, panel.locator(".widget-slider").first
    doing = panel.locator(".conclib-doing").first
    results = panel.locator("tr:has(td)")  # the last thing that is updated
    empty = lab.picture(image)

    lab.turn(slider, presses=2)
    assert lab.picture(image) == empty, "a slider alone must not measure"
    lab.press("Run", panel)
    assert leaks.wait_until(lambda: results.count() == 1, 20)
    assert "Result 1," in panel.inner_text()
    measured = lab.picture(image)
    assert measured != empty
    assert lab.dark_pixels(image) > 100
    assert image.get_attribute("alt")
    lab.screenshot("panel-measured")

    lab.turn(slider, presses=5, key="PageUp")  # a big parent: time enough to press Stop
    lab.press("Run", panel)
    assert leaks.wait_until(lambda: "worker" in doing.inner_text(), 10)
    lab.press("Stop", panel)
    assert leaks.wait_until(lambda: "Stopped." in panel.inner_text(), 3), "Stop does not stop"
    assert results.count() == 1
    assert leaks.wait_until(lambda: lab.picture(image) == measured), "what was stopped is drawn"

    lab.turn(slider, presses=4, key="PageDown")
    lab.press("Run", panel)
    assert leaks.wait_until(lambda: results.count() == 2, 20), "no history to compare"
    assert "Result 2," in panel.inner_text()
    assert lab.picture(image) != measured
    assert lab.dark_pixels(image) > 100
    assert lab.failures() == []
    lab.screenshot("panel-compared")


def test_chapter_04_runs_from_top_to_bottom(lab):
    lab.open(CHAPTER)
    lab.run_all(timeout=200)
    assert lab.failures() == []
    lab.screenshot("chapter-04")
