"""Questions in a real JupyterLab: answered by mouse, by keyboard alone, and with nonsense."""

import json

import pytest

from tests import browser, leaks

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUESTIONS = (
    "import conclib as cl",
    'cl.choose("why")',
    'cl.predict("creation")',
    'cl.predict("parent-size")',
    'cl.quiz("04")',
    'cl.choose("lines", pick="nonsense")\ncl.predict("first-number", 9, 2, "ns")',
    'told = cl.story("fork_twice")',
    "1 + 1",
)
STANDING = """() => {
  const book = window.jupyterapp.shell.currentWidget.content, at = document.activeElement;
  const what = at.classList.contains("jp-Cell") ? "a cell" : at.innerText;
  return [book.activeCellIndex, book.widgets.length, what];
}"""
SLIDERS = "inputs => inputs.map(input => [input.getAttribute('role'), input.ariaLabel])"


@pytest.fixture(scope="module")
def lab(server, chrome, tmp_path_factory):
    """All questions in one window; each test has cells of its own, or makes them anew."""
    with browser.window(server, chrome, tmp_path_factory.mktemp("asking")) as opened:
        opened.open(server.write("questions.ipynb", *QUESTIONS))
        opened.run_all()
        yield opened


def kept(server, name: str) -> list[dict]:
    """Return what was kept for the student."""
    path = server.home / name
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def says(lab, number: int, text: str) -> bool:
    """Tell whether a cell comes to say something that is read out."""
    lab.select(number)
    alert = lab.cell(number).get_by_role("alert")
    return leaks.wait_until(lambda: any(text in each for each in alert.all_inner_texts()))


def test_answers_by_the_mouse_are_kept_and_met(lab, server):
    lab.select(1)
    cell = lab.cell(1)
    assert cell.get_by_role("alert").count() == 0, "nothing has happened yet"
    lab.press("copies all memory", cell)
    assert says(lab, 1, "Your pick: copies all memory.")
    lab.select(2)
    lab.press("×10", lab.cell(2))
    lab.press("wider", lab.cell(2))
    lab.press("Keep this prediction", lab.cell(2))
    assert says(lab, 2, "You predict: ×1 to ×100.")
    lab.screenshot("asked-by-mouse")
    events = [(each["event"], each["id"]) for each in kept(server, "predictions.jsonl")]
    assert ("chosen", "why") in events and ("predicted", "creation") in events
    assert lab.failures() == []


def test_all_can_be_answered_by_the_keyboard_alone(lab, server):
    """Tab and space: no arrow key is needed, so JupyterLab has none to take."""
    page = lab.page
    lab.select(4)
    first = lab.cell(4).get_by_role("button").first
    first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert says(lab, 4, "Not this one.")
    chosen = lab.cell(4).get_by_role("button", name="\N{BLACK CIRCLE} b)")
    assert leaks.wait_until(lambda: chosen.count() == 1), "the answer is not marked in words"
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex") == 4
    lab.select(3)
    slider = lab.cell(3).get_by_role("slider", name="height of point 1")
    lab.turn(slider, presses=2, key="ArrowUp")
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex") == 3
    code = lab.cell(3).locator("code")
    assert leaks.wait_until(lambda: "shape=[0.6," in code.inner_text()), "the code follows"
    keep = lab.cell(3).get_by_role("button", name="Keep this prediction")
    keep.focus()
    page.keyboard.press("Enter")
    assert says(lab, 3, "You predict: a drawn curve (0.6,")
    lab.screenshot("asked-by-keyboard")
    assert lab.failures() == []


def standing(lab) -> tuple[int, int, str]:
    """Return the active cell's number, how many cells there are, and what has the focus."""
    return tuple(lab.page.evaluate(STANDING))


def test_the_keys_in_a_panel_are_its_own_and_two_lead_out(lab):
    """JupyterLab would make a cell for ``b``, delete this one for ``d`` twice, and go on."""
    keyboard = lab.page.keyboard
    lab.run_cells(4, 4)
    options = lab.cell(4).locator(".conclib-option")
    assert leaks.wait_until(lambda: options.first.get_attribute("aria-pressed") == "false")
    assert lab.cell(4).get_by_role("group", name="Quiz, chapter 04.").count() == 1
    options.first.focus()
    before = standing(lab)
    for letter in "abdd":
        keyboard.press(letter)
    assert standing(lab) == before
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    assert standing(lab)[:2] == before[:2] and standing(lab)[2].startswith("c)")
    keyboard.press("Space")
    assert leaks.wait_until(lambda: options.nth(2).get_attribute("aria-pressed") == "true")
    keyboard.press("Escape")
    assert leaks.wait_until(lambda: standing(lab)[2] == "a cell") and standing(lab)[0] == 4
    options.first.focus()
    keyboard.press("Shift+Enter")
    assert leaks.wait_until(lambda: standing(lab)[0] == 5)
    assert standing(lab)[1:] == (before[1], "a cell")
    lab.select(4)
    assert options.nth(2).get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("name", ["because", "from ×"])
def test_two_keys_lead_out_of_a_text_field_too(lab, name):
    """Its own script lets no key out: it would hold whoever has no mouse."""
    lab.run_cells(2, 2)
    lab.press("×10", lab.cell(2))
    field = lab.cell(2).get_by_label(name)
    assert leaks.wait_until(field.is_visible)
    field.fill("7")
    lab.page.keyboard.press("Escape")
    assert leaks.wait_until(lambda: standing(lab)[2] == "a cell") and standing(lab)[0] == 2
    code = lab.cell(2).locator("code")
    assert leaks.wait_until(lambda: "7" in code.inner_text()), "what was typed counts"
    field.focus()
    lab.page.keyboard.press("Shift+Enter")
    assert leaks.wait_until(lambda: standing(lab)[0] == 3) and standing(lab)[2] == "a cell"


def test_two_keys_lead_out_of_a_picture_that_moves_and_one_out_of_its_table(lab):
    """It is a sealed frame: JupyterLab sees none of its keys."""
    for key, place in (("Escape", 6), ("Shift+Enter", 7)):
        lab.select(6)
        frame = lab.cell(6).locator("iframe").first.content_frame
        frame.get_by_role("button", name="Next").focus()
        lab.page.keyboard.press(key)
        assert leaks.wait_until(lambda: standing(lab)[2] == "a cell"), key
        assert standing(lab)[0] == place
    lab.select(6)
    lab.cell(6).locator("summary").first.focus()
    lab.page.keyboard.press("Escape")
    assert leaks.wait_until(lambda: standing(lab)[2] == "a cell") and standing(lab)[0] == 6


@pytest.mark.parametrize(("number", "first"), [(1, "copies all memory"), (2, "×1")])
def test_tab_leads_from_a_cell_to_its_first_button(lab, number, first):
    """JupyterLab's own come first in the page; space on one of them makes another cell."""
    lab.run_cells(number, number)
    lab.select(number)
    lab.command("notebook:enter-command-mode")
    assert leaks.wait_until(lambda: standing(lab)[2] == "a cell")
    buttons = lab.cell(number).locator(".conclib-option")
    assert leaks.wait_until(lambda: buttons.count() > 2)
    lab.page.keyboard.press("Tab")
    assert standing(lab)[2].endswith(first)


def test_tab_leads_from_a_cell_into_a_picture_that_moves(lab):
    lab.select(6)
    lab.command("notebook:enter-command-mode")
    assert leaks.wait_until(lambda: lab.cell(6).locator("iframe").count() == 1)
    lab.page.keyboard.press("Tab")
    assert lab.page.evaluate("() => document.activeElement.tagName") == "IFRAME"


@pytest.mark.parametrize("further", [0, 2])
def test_who_tabs_out_of_the_notebook_is_led_back_by_escape(lab, further):
    """The bar of tabs comes next, and then the status bar: neither knows a way back."""
    lab.select(7)
    lab.command("notebook:enter-command-mode")
    inside = "() => !!document.activeElement.closest('.jp-Notebook')"
    for _ in range(30):
        lab.page.keyboard.press("Tab")
        if not lab.page.evaluate(inside):
            break
    for _ in range(further):
        lab.page.keyboard.press("Tab")
    assert not lab.page.evaluate(inside)
    lab.page.keyboard.press("Escape")
    assert leaks.wait_until(lambda: standing(lab)[2] == "a cell") and standing(lab)[0] == 7


def test_every_slider_has_a_name(lab):
    lab.select(3)
    sliders = lab.cell(3).locator("input[type=range]")
    assert leaks.wait_until(lambda: sliders.count() == 5)
    names = [name for _, name in sliders.evaluate_all(SLIDERS)]
    assert names == [f"height of point {number}" for number in range(1, 6)]


def test_nonsense_leaves_the_question_on_the_screen_with_the_complaint_below(lab, server):
    lab.select(5)
    assert lab.failures() == [], "no traceback"
    assert says(lab, 5, "Not taken: pick='nonsense'")
    assert says(lab, 5, "low must not be above high")
    lab.press("three lines", lab.cell(5))
    assert says(lab, 5, "Your pick: three lines.")
    lab.screenshot("asked-with-nonsense")
    assert not any(e["id"] == "first-number" for e in kept(server, "predictions.jsonl"))
