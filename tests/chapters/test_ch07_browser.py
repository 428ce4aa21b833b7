"""Chapter 07 in a real JupyterLab: the ladder climbs and stops, the rent is clicked on."""

import pytest

from conclib.widgets import quizzes
from tests import browser, leaks

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

CELLS = (
    "import conclib as cl\nfrom conclib.chapters import ch07_memory as memory",
    "memory.ladder_panel()",
    "rented = memory.rent(size_mb=16)",
    'cl.quiz("07")',
)
PANEL, RENT, QUIZ = 1, 2, 3


@pytest.fixture
def lab(server, chrome, tmp_path):
    with browser.window(server, chrome, tmp_path) as opened:
        opened.open(server.write("memory.ipynb", *CELLS))
        opened.run_cells(0, 3)
        yield opened


def says(place, text: str) -> bool:
    """Tell whether a part of the page comes to show a text."""
    return leaks.wait_until(lambda: text in place.inner_text())


def test_the_ladder_climbs_and_stops_and_the_rent_is_clicked_on(lab):
    cell = lab.cell(PANEL)
    lab.press("Run", cell)
    assert says(cell, "1,000 threads were there.")
    cell.get_by_role("combobox", name="threads").select_option("10,000")
    lab.press("Run", cell)
    lab.press("Stop", cell)
    ends = ("Stopped.", "10,000 threads were there.")  # the second, where Stop came too late
    assert leaks.wait_until(lambda: any(text in cell.inner_text() for text in ends))
    lab.screenshot("ladder")
    frame = lab.cell(RENT).frame_locator("iframe")
    frame.get_by_role("button", name="end parent").click()
    assert says(frame.locator(".sentence"), "parent has ended: 0 MB came back.")
    lab.cell(RENT).scroll_into_view_if_needed()
    lab.screenshot("rent")


def test_a_wrong_answer_is_contradicted_by_bars(lab):
    cell = lab.cell(QUIZ)
    cell.get_by_role("button", name="a) Pages full of zeros").click()
    lab.press(quizzes.SHOW, cell)
    assert says(cell, "That speaks against")
    assert cell.locator("img").count() >= 1
    cell.scroll_into_view_if_needed()
    lab.screenshot("quiz")
