"""Chapter 06 in a real JupyterLab: cells are predicted, a crash fills its lanes, Stop ends one."""

import pytest

from tests import browser, leaks

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

CELLS = (
    "from conclib.chapters import ch06_fate as fate",
    "fate.predict_cells()",
    "fate.crash_panel()",
    "fate.coroner()",
)
PREDICT, CRASH, CORONER = 1, 2, 3


@pytest.fixture
def lab(server, chrome, tmp_path):
    with browser.window(server, chrome, tmp_path) as opened:
        opened.open(server.write("fate.ipynb", *CELLS))
        opened.run_cells(0, 3)
        yield opened


def says(place, text: str) -> bool:
    """Tell whether a part of the page comes to show a text."""
    return leaks.wait_until(lambda: text in place.inner_text())


def test_cells_are_predicted_and_a_crash_is_watched_and_stopped(lab):
    cell = lab.cell(PREDICT)
    cell.get_by_role("combobox").first.select_option("end too")
    assert says(cell, "7 of 8 cells are open.")
    lab.screenshot("predict")
    cell = lab.cell(CRASH)
    lab.press("Run", cell)
    assert says(cell, "Thread 2 was ended by SIGSEGV; all three others ended too.")
    cell.scroll_into_view_if_needed()
    lab.screenshot("crash")
    cell.get_by_role("combobox", name="what goes wrong").select_option("endless loop")
    lab.press("Run", cell)
    assert says(cell, "Running.")
    lab.press("Stop", cell)
    assert says(cell, "Stopped. All of them are gone.")
    cell = lab.cell(CORONER)
    lab.press("Next case", cell)
    assert says(cell, "causes are still possible") and "Case 1." in cell.inner_text()
    lab.press("last words", cell)
    assert says(cell, "last words of ")
    cell.scroll_into_view_if_needed()
    lab.screenshot("coroner")
