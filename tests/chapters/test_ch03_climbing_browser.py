"""Chapter 03 in a real JupyterLab: the staircase is climbed by mouse and by keys."""

import pytest

from tests import browser, leaks

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

CELLS = (
    "from conclib import lab\nfrom conclib.chapters.ch03_isolation import climbing, climbing_panel",
    'climbing.staircase_to_climb(lab.observe("staircase"))',
    "climbing_panel.StairsPanel()",
)
PICTURE, PANEL = 1, 2


@pytest.fixture
def lab(server, chrome, tmp_path):
    with browser.window(server, chrome, tmp_path) as opened:
        opened.open(server.write("isolation.ipynb", *CELLS))
        opened.run_cells(0, 2)
        yield opened


def says(place, text: str) -> bool:
    """Tell whether a part of the page comes to show a text."""
    return leaks.wait_until(lambda: text in place.inner_text())


def test_the_staircase_is_climbed_by_mouse_and_by_keys(lab):
    frame = lab.cell(PICTURE).frame_locator("iframe")
    said, b = frame.locator(".said"), frame.get_by_role("button", name="B steps")
    frame.get_by_role("button", name="A steps").click()
    assert says(said, "A reads the number: its copy is 0.")
    b.click()
    for key in ("a", "b", "a", "b"):
        b.press(key)
    assert says(said, "The end is 1, where one after the other gives 2: an update is lost")
    assert frame.locator("svg").text_content().count("ABABAB") == 2
    b.press("Backspace")
    assert says(said, "A writes its copy back: the number is 1.")
    frame.get_by_role("button", name="Begin again").click()
    assert says(said, "Press A steps or B steps")
    lab.cell(PICTURE).scroll_into_view_if_needed()
    lab.screenshot("staircase")


def test_with_one_lock_who_comes_second_waits(lab):
    cell = lab.cell(PANEL)
    cell.get_by_role("combobox", name="lock").select_option("one for both")
    cell.get_by_role("combobox", name="B does").select_option("×3")
    lab.press("Run", cell)
    assert says(cell, "All 20 orders were really run by two threads")
    frame = cell.frame_locator("iframe")
    frame.get_by_role("button", name="A steps").click()
    frame.get_by_role("button", name="B steps").click()
    assert says(frame.locator(".said"), "B waits until A is done.")
    cell.scroll_into_view_if_needed()
    lab.screenshot("climbing")
