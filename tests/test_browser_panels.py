"""Panels in a real JupyterLab, where it is the browser that decides: what is typed, the focus."""

import json

import pytest

from conclib.widgets import keeping, living, parts, quizzes, words
from tests import browser, leaks

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELLS = (
    "import conclib as cl",
    'cl.predict("first-number")',
    'run = cl.measure("function_call")',
    'cl.predict("parent-size")',
    'cl.panel("first_write")',
    'cl.quiz("00")',
    'cl.practise("slower", 1)',
    "from conclib.chapters import ch01_process as process\nprocess.live()",
)
GUESS, MEASURE, CURVE, PANEL, QUIZ, PRACTICE, LIVE = range(1, 8)
ENDLESS = """
from conclib.lab import sampling, variants
sampling.TARGET, variants.PACES["quick"] = 0, (20, 3)
"""
FOCUSED = "() => [document.activeElement.tagName, document.activeElement.innerText]"


@pytest.fixture
def lab(server, chrome, tmp_path):
    with browser.window(server, chrome, tmp_path) as opened:
        opened.open(server.write("panels.ipynb", *CELLS))
        opened.run_cells(0, 0)
        opened.hurry()
        yield opened


def box(cell, name: str):
    """Return a field by its whole name."""
    return cell.get_by_role("textbox", name=name, exact=True)


def typed(lab, cell, name: str, text: str) -> None:
    """Type a text into a field, as a hand does, and leave it."""
    field = box(cell, name)
    field.fill("")
    field.press_sequentially(text)
    field.press("Tab")


def says(cell, text: str) -> bool:
    """Tell whether a cell comes to show a text."""
    return leaks.wait_until(lambda: text in cell.inner_text())


def has_focus(lab, text: str, tag: str = "BUTTON") -> bool:
    """Tell whether a button, or what ``tag`` says, comes to have the focus; it begins so."""

    def found() -> bool:
        which, name = lab.page.evaluate(FOCUSED)
        return which == tag and name.startswith(text)

    return leaks.wait_until(found)


def test_what_is_typed_stays_and_what_stands_chosen_counts(lab, server):
    lab.run_cells(GUESS, GUESS)
    cell = lab.cell(GUESS)
    lab.press("100 ns", cell)
    assert says(cell, keeping.NOT_YET)
    for text, answer in (("1,5", "write 1.5"), ("2 s", "write 2 alone"), ("abc", "abc is no num")):
        typed(lab, cell, "from (ns)", text)
        assert says(cell, answer)
        assert box(cell, "from (ns)").input_value() == text
    lab.screenshot("typed-nonsense")
    typed(lab, cell, "from (ns)", "20")
    assert says(cell, 'cl.predict("first-number", 20, 300, "ns")')
    lab.run_cells(MEASURE, MEASURE)
    lab.select(GUESS)
    assert says(cell, keeping.LOCKED)
    lab.screenshot("kept-by-measuring")
    path = server.home / "predictions.jsonl"
    kept = [json.loads(line) for line in path.read_text().splitlines()]
    mine = [each for each in kept if each["id"] == "first-number"]
    assert [each["event"] for each in mine] == ["predicted", "locked", "revealed"]
    assert mine[0]["values"] == [20, 300]

    lab.run_cells(CURVE, CURVE)
    cell = lab.cell(CURVE)
    typed(lab, cell, "height of point 2", "9")
    assert says(cell, "height of point 2: 9 is above 1, the most that is allowed")
    lab.screenshot("curve-nonsense")
    lab.run_cells(PANEL, PANEL)
    cell = lab.cell(PANEL)
    typed(lab, cell, "ballast_mb (MB)", "9999999")
    assert says(cell, "9999999 is above 512, the most that is allowed")
    lab.screenshot("panel-nonsense")
    assert lab.failures() == []


def test_the_focus_is_never_lost_and_a_double_click_is_one_press(lab):
    lab.run_cells(PANEL, PANEL)
    cell = lab.cell(PANEL)
    browser.Panel(lab, cell).run(result=1)
    lab.run_cells(PANEL, PANEL)
    assert says(cell, words.BEFORE)
    assert browser.Panel(lab, cell).results.count() == 1, "the results of before are not there"
    lab.press("Clear", cell)
    assert has_focus(lab, "Run")

    lab.run_cells(PRACTICE, PRACTICE)
    cell = lab.cell(PRACTICE)
    another = lab.button("Another one", cell)
    another.focus()
    lab.page.keyboard.press("Enter")
    lab.page.keyboard.press("Enter")
    assert has_focus(lab, "Number 2.", tag="DIV"), "an option would be answered by the second Enter"
    lab.page.keyboard.press("Enter")
    assert has_focus(lab, "Number 2.", tag="DIV"), "JupyterLab has taken the key"
    assert "Not this one" not in cell.inner_text() and "Yes." not in cell.inner_text()
    assert cell.get_by_role("alert").first.inner_text().startswith("Number 2.")
    lab.screenshot("another-one")

    lab.run_cells(QUIZ, QUIZ)
    cell = lab.cell(QUIZ)
    lab.execute(ENDLESS)
    cell.get_by_role("button", name="b) Because every clock is wrong").click()
    lab.button(quizzes.SHOW, cell).dblclick()
    stop = lab.button(quizzes.STOP, cell)
    assert leaks.wait_until(stop.is_visible) and quizzes.RUNNING in cell.inner_text()
    lab.page.wait_for_timeout(1000 * parts.TWICE)
    assert stop.is_visible(), "the second click has stopped it"
    stop.click()
    assert says(cell, words.STOPPED)
    assert leaks.wait_until(lab.button(quizzes.AGAIN, cell).is_visible)
    lab.screenshot("stopped-experiment")
    assert lab.failures() == []


def test_a_living_process_is_followed_while_it_is_stopped_and_goes_on(lab):
    lab.run_cells(LIVE, LIVE)
    cell = lab.cell(LIVE)
    lab.press("Run", cell)
    for words_seen in ("R (running", "T (stopped)", "R (running"):
        assert says(cell, words_seen)
    lab.screenshot("live-record")
    lab.press("Stop", cell)
    assert says(cell, living.STOPPED) and "0.0 s" in cell.inner_text()
    assert "Control block of process" in cell.inner_text(), "the last look stays"
    assert lab.failures() == []
