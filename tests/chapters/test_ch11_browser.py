"""Chapter 11 in a real JupyterLab: houses are stepped through, a cliff is run, models compared."""

import pytest

from tests import browser, leaks

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

CELLS = (
    "from conclib.chapters import ch11_models as models",
    "house = models.one_house('asyncio')",
    "models.fixed_threads()",
    "models.simulator()",
)
HOUSE, FIXED, SIMULATOR = 1, 2, 3


@pytest.fixture
def lab(server, chrome, tmp_path):
    with browser.window(server, chrome, tmp_path) as opened:
        opened.open(server.write("models.ipynb", *CELLS))
        opened.run_cells(0, 3)
        yield opened


def says(place, text: str) -> bool:
    """Tell whether a part of the page comes to show a text."""
    return leaks.wait_until(lambda: text in place.inner_text())


def test_a_house_is_stepped_through_and_a_cliff_is_run(lab):
    frame = lab.cell(HOUSE).frame_locator("iframe")
    frame.get_by_role("button", name="Next").click()
    assert leaks.wait_until(lambda: "inside the call" in frame.locator("body").inner_text())
    lab.cell(HOUSE).scroll_into_view_if_needed()
    lab.screenshot("house")
    cell = lab.cell(FIXED)
    cell.get_by_role("combobox", name="threads of Linux").select_option("1")
    lab.press("Run", cell)
    assert says(cell, "With 1 thread ")
    cell.scroll_into_view_if_needed()
    lab.screenshot("fixed")
    cell = lab.cell(SIMULATOR)
    cell.get_by_role("combobox", name="model").select_option("N:1")
    assert says(cell, "really run") and says(cell, "Python, asyncio")
    cell.scroll_into_view_if_needed()
    lab.screenshot("simulator")
