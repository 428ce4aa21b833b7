"""Chapter 02 in a real JupyterLab: the explorer tries, stacks go deeper, a wrong answer is met."""

import pytest

from conclib.widgets import quizzes
from tests import browser, leaks

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

CELLS = (
    "import conclib as cl\nfrom conclib.chapters import ch02_thread as thread",
    "thread.explore()",
    "thread.deeper()",
    'cl.quiz("02")',
)
EXPLORER, STACKS, QUIZ = 1, 2, 3


@pytest.fixture
def lab(server, chrome, tmp_path):
    with browser.window(server, chrome, tmp_path) as opened:
        opened.open(server.write("thread.ipynb", *CELLS))
        opened.run_cells(0, 3)
        yield opened


def says(place, text: str) -> bool:
    """Tell whether a part of the page comes to show a text."""
    return leaks.wait_until(lambda: text in place.inner_text())


def test_the_explorer_tries_and_stacks_go_deeper_and_a_wrong_answer_is_contradicted(lab):
    cell = lab.cell(EXPLORER)
    cell.get_by_role("combobox", name="thing").select_option("file offset")
    cell.get_by_role("combobox", name="who looks").select_option("forked child")
    lab.press("Try it", cell)
    assert says(cell, "so it is one thing that both have")
    lab.screenshot("explorer")
    stacks = lab.cell(STACKS)
    stacks.scroll_into_view_if_needed()
    frame = stacks.frame_locator("iframe")
    first = frame.locator(".frame:not([hidden]) .sentence").inner_text()
    frame.get_by_role("button", name="Next").click()
    assert leaks.wait_until(
        lambda: frame.locator(".frame:not([hidden]) .sentence").inner_text() != first
    )
    lab.screenshot("stacks")
    quiz = lab.cell(QUIZ)
    quiz.scroll_into_view_if_needed()
    quiz.get_by_role("button", name="a) They have one list").click()
    assert says(quiz, "Not this one.")
    lab.press(quizzes.SHOW, quiz)
    assert says(quiz, "That speaks against")
    assert says(quiz, "and got IJKL.")
    quiz.scroll_into_view_if_needed()
    lab.screenshot("quiz")
