"""Chapter 03 in a real JupyterLab: pages are copied by a button, and the two switches are set."""

import pytest

from tests import browser, leaks

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

CELLS = (
    "from conclib.chapters import ch03_isolation as isolation",
    "isolation.grid_panel()",
    "isolation.two_switches()",
)
GRID, SWITCHES = 1, 2


@pytest.fixture
def lab(server, chrome, tmp_path):
    with browser.window(server, chrome, tmp_path) as opened:
        opened.open(server.write("isolation.ipynb", *CELLS))
        opened.run_cells(0, 2)
        yield opened


def says(place, text: str) -> bool:
    """Tell whether a part of the page comes to show a text."""
    return leaks.wait_until(lambda: text in place.inner_text())


def test_pages_are_copied_and_the_switches_decide_the_end_of_b(lab):
    cell = lab.cell(GRID)
    lab.turn(cell.get_by_role("slider"), presses=1)
    lab.press("Run", cell)
    assert says(cell, "The child wrote 1,024 bytes, side by side.")
    assert says(cell, "the child has 1 copied (page 1)")
    cell.get_by_role("combobox", name="they lie").select_option("spread")
    lab.press("Run", cell)
    assert says(cell, "the child has 256 copied (pages 1 to 256)")
    cell.scroll_into_view_if_needed()
    lab.screenshot("grid")
    cell = lab.cell(SWITCHES)
    lab.press("Run", cell)
    assert says(cell, "B was ended by SIGSEGV; A still finds cat. 3 of the four runs are left.")
    cell.get_by_role("combobox", name="B").select_option("B has a page of its own there")
    lab.press("Run", cell)
    assert says(cell, "B went on and finds dog; A still finds cat. 2 of the four runs are left.")
    cell.scroll_into_view_if_needed()
    lab.screenshot("switches")
