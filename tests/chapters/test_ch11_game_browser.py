"""The scheduling game in a real JupyterLab: played by mouse and by keys, and then really run."""

import pytest

from tests import browser, leaks

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

CELLS = (
    "from conclib.chapters.ch11_models.game_panel import SchedulerGame",
    "board = SchedulerGame(1)\nboard",
    "SchedulerGame(3, face_down=True)",
)
BOARD, HIDDEN = 1, 2


@pytest.fixture
def lab(server, chrome, tmp_path):
    with browser.window(server, chrome, tmp_path) as opened:
        opened.open(server.write("game.ipynb", *CELLS))
        opened.run_cells(0, 2)
        yield opened


def says(place, text: str) -> bool:
    """Tell whether a part of the page comes to show a text."""
    return leaks.wait_until(lambda: text in place.inner_text())


def test_a_level_is_played_by_mouse_and_by_keys_and_run(lab):
    cell = lab.cell(BOARD)
    lab.press("Q", cell)
    assert says(cell, "After tick 1, 1 put on")
    last = cell.locator(".conclib-game-r")
    for number, key in enumerate("rrp.", start=2):
        last.press(key)
        assert says(cell, f"After tick {number}, ")
    last.press("Backspace")
    assert says(cell, "After tick 4, 3 put on")
    for number, key in enumerate("ppppqr", start=5):
        last.press(key)
        assert says(cell, f"After tick {number}, ")
    assert says(cell, "the goal, at par.")
    lab.press("Run mine for real", cell)
    assert says(cell, "Really run (observed here)")
    cell.scroll_into_view_if_needed()
    lab.screenshot("game")
    last.press("Home")
    assert says(cell, "Before tick 1") and "to compute" not in lab.cell(HIDDEN).inner_text()
    assert cell.get_by_role("img").first.get_attribute("aria-label").startswith("Before tick 1")
