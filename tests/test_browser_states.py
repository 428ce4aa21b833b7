"""What a reader sees in each state of a notebook: moving pictures, questions, panels.

A fresh clone (nothing trusted, nothing run), a notebook that is trusted but has no notebook kernel,
one that was run, the dark theme, and an exported page with no network. Questions and panels, too,
in a notebook that was saved and is opened again. JupyterLab has its own default settings here:
widgets' messages go to another thread than the cells.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from conclib import plots
from conclib.lesson.showing import shown
from conclib.lesson.showing.shown import VIEW
from conclib.plots import style
from conclib.widgets import parts
from tests import browser, colours, leaks
from tests.notebooks import FOLDER, read, source

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STORY = 'cl.story("fork_twice")'
FETCH = "() => fetch('http://127.0.0.1:9/').catch(() => 0)"
SETTINGS = {
    "@jupyterlab/apputils-extension:kernels-settings": {"commsOverSubshells": "perCommTarget"}
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A JupyterLab for this module, with JupyterLab's own settings for widgets' messages."""
    browser.need_chromium()
    with browser.JupyterLab(tmp_path_factory.mktemp("lab"), SETTINGS) as running:
        yield running


@pytest.fixture
def lab(server, chrome, tmp_path) -> Iterator[browser.Lab]:
    with browser.window(server, chrome, tmp_path) as opened:
        yield opened


def told(title: str) -> list[Any]:
    """Return three cells, as chapter 04 stores them: a title, the import, the told story."""
    import nbformat

    cells = nbformat.from_dict(read(FOLDER / "04_creation.ipynb")).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    story = next(cell for cell in code if STORY in source(cell))
    assert story.outputs, "chapter 04 is stored without its outputs: make outputs"
    return [nbformat.v4.new_markdown_cell(title), code[0], story]


NEWEST = """frame => {
  const box = [...frame.querySelectorAll(".new")].pop().getBoundingClientRect();
  return [box.left, box.right, frame.clientWidth];
}"""


class Story:
    """The moving picture on a page: its still, and the frame with the steps."""

    def __init__(self, place) -> None:
        self.place, self.still = place, place.locator("img").first
        self.frame = place.locator("iframe").first
        self.inside = self.frame.content_frame
        self.now = self.inside.locator(".frame:not([hidden])")

    def only_the_still(self) -> None:
        """It is as where nothing may move: a picture with its facts in words, and no more."""
        assert leaks.wait_until(self.still.is_visible)
        output = self.place.locator(".jp-OutputArea-output")  # JupyterLab's own icons lie beside it
        assert output.locator("img").count() == 1
        assert output.locator("iframe, style, script, svg").count() == 0
        assert self.still.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
        assert len(self.still.get_attribute("alt")) > 100

    def moves(self) -> None:
        """The frame stands in the still's place, drawn, and at its first step."""
        assert leaks.wait_until(self.frame.is_visible)
        assert leaks.wait_until(lambda: self.now.count() == 1)
        assert not self.still.is_visible()
        assert self.still.get_attribute("alt")
        box = self.now.locator("svg").bounding_box()
        assert box["width"] > 300 and box["height"] > 50
        assert self.step() == 1

    def step(self) -> int:
        """Return the step shown; number, slider and spoken text must tell the same."""
        number = self.inside.get_by_role("spinbutton").input_value()
        slider = self.inside.get_by_role("slider")
        assert slider.input_value() == number
        assert slider.get_attribute("aria-valuetext").startswith(f"step {number} of ")
        return int(number)

    def sentence(self) -> str:
        """Return the narration that is to be read."""
        return self.now.locator(".sentence").inner_text()

    def drawn(self) -> int:
        """Return how many things the drawing shows."""
        return self.now.locator("svg > *").count()

    def colours(self, what: str) -> tuple[str, str]:
        """Return text colour and paper of something in the frame, as ``#rrggbb``."""
        found = self.inside.locator(what).first.evaluate(
            "e => { let p = e; const of = e => getComputedStyle(e).backgroundColor;"
            " while (of(p) === 'rgba(0, 0, 0, 0)') p = p.parentElement;"
            " return [getComputedStyle(e).color, of(p)].map(c => '#' + c.match(/\\d+/g)"
            ".map(n => (+n).toString(16).padStart(2, '0')).join('')); }"
        )
        return tuple(found)


def steps_by_mouse_and_keyboard(story: Story, page) -> None:
    """Go to the end and back by every means, the narration following."""
    told = [story.sentence()]
    story.inside.get_by_role("button", name="Next").click()
    assert story.step() == 2
    told.append(story.sentence())
    assert story.inside.locator(".aloud").inner_text() == story.sentence()
    few = story.drawn()
    page.keyboard.press("ArrowRight")  # the button has the focus
    assert story.step() == 3
    told.append(story.sentence())
    assert len(set(told)) == 3, "the narration does not follow"
    page.keyboard.press("ArrowLeft")
    assert (story.step(), story.sentence()) == (2, told[1])
    page.keyboard.press("End")
    last = story.step()
    assert story.drawn() > few
    ended = story.inside.get_by_role("button", name="Next")
    assert ended.get_attribute("aria-disabled") == "true"
    ended.click(force=True)
    assert story.step() == last, "there is no step after the last"
    story.inside.get_by_role("button", name="Back").click()
    assert story.step() == last - 1
    page.keyboard.press("Home")
    assert (story.step(), story.sentence()) == (1, told[0])
    story.inside.get_by_role("slider").press("ArrowRight")
    assert (story.step(), story.sentence()) == (2, told[1])
    story.inside.get_by_role("spinbutton").fill("3")
    page.keyboard.press("Enter")
    assert (story.step(), story.sentence()) == (3, told[2])


def is_white_with_black_on_it(picture: bytes) -> None:
    """Look at a screenshot: paper that is really white, and dark enough ink on it."""
    from PIL import Image

    grey = Image.open(BytesIO(picture)).convert("L").histogram()
    assert sum(grey[250:]) > 0.7 * sum(grey)
    assert sum(grey[:120]) > 500


def test_a_fresh_clone_shows_the_still_until_it_is_run(lab, server):
    lab.open(server.write("clone.ipynb", *told("A fresh clone")))
    story = Story(lab.cell(2))
    story.only_the_still()
    lab.screenshot("story-not-trusted")
    lab.theme(dark=True)
    try:
        is_white_with_black_on_it(story.still.screenshot())
        lab.screenshot("story-not-trusted-dark")
    finally:
        lab.theme(dark=False)

    lab.run_cells(1, 2)
    assert lab.failures() == []
    story.moves()
    steps_by_mouse_and_keyboard(story, lab.page)
    lab.screenshot("story-after-running")


def test_trusted_it_moves_without_a_notebook_kernel(lab, server):
    lab.open(server.sign(server.write("trusted.ipynb", *told("Trusted"))))
    lab.end_kernel()
    lab.select(2)
    story = Story(lab.cell(2))
    story.moves()
    steps_by_mouse_and_keyboard(story, lab.page)
    assert (
        lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex")
        == 2
    )
    lab.screenshot("story-trusted")

    lab.theme(dark=True)
    try:
        for what in (
            "h1",
            ".frame:not([hidden]) .sentence",
            "button",
            "input[type=number]",
            "label",
        ):
            ink, paper = story.colours(what)
            assert paper == style.PAPER.lower(), what
            assert colours.contrast(ink, paper) >= 7, what
        is_white_with_black_on_it(story.frame.screenshot())
        assert story.step() == 3, "the theme must not start it anew"
        lab.screenshot("story-trusted-dark")
    finally:
        lab.theme(dark=False)
    assert lab.failures() == []


def test_exported_it_moves_without_any_network(server, chrome, tmp_path):
    """The page's own template asks for scripts from elsewhere and does not get them."""
    book = server.root / server.write("exported.ipynb", *told("Exported"))
    export = [
        sys.executable,
        "-m",
        "nbconvert",
        "--to",
        "html",
        f"--output-dir={tmp_path}",
        str(book),
    ]
    subprocess.run(export, check=True, capture_output=True, env=server.environment())
    asked = []

    def refuse(route) -> None:
        asked.append((route.request.frame, route.request.resource_type, route.request.url))
        route.abort()

    with browser.window(server, chrome, tmp_path) as lab:
        lab.page.route(lambda url: not url.startswith("file://"), refuse)
        lab.page.goto((tmp_path / "exported.html").as_uri())
        story = Story(lab.page.locator(".jp-OutputArea-output:has(iframe)"))
        story.moves()
        steps_by_mouse_and_keyboard(story, lab.page)
        lab.screenshot("story-exported")
        main = lab.page.main_frame
        assert [url for frame, kind, url in asked if frame != main or kind != "script"] == []
        assert lab.errors == []
        before = len(asked)
        story.inside.locator("body").evaluate(FETCH)
        assert len(asked) == before, "the frame could reach the net"
        lab.page.evaluate(FETCH)
        assert len(asked) == before + 1, "nothing was watched"


def test_on_a_phone_each_step_of_a_story_is_in_the_picture(server, chrome, tmp_path):
    """The drawing is wider than the page there, and what is new may be at its other end."""
    actors = ("start", "print", "fork", "print", "print", "print", "print", "wait")
    events = [{"t": t, "who": "one", "what": what, "text": "word"} for t, what in enumerate(actors)]
    picture = plots.story_lines(events, title="Is it seen?")
    page = tmp_path / "phone.html"
    page.write_text(f"<!doctype html><meta charset='utf-8'>{picture.html}")
    with browser.window(server, chrome, tmp_path) as lab:
        lab.page.set_viewport_size({"width": 390, "height": 844})
        lab.page.goto(page.as_uri())
        story = Story(lab.page.locator("body"))
        button = story.inside.get_by_role("button", name="Next")
        while button.get_attribute("aria-disabled") != "true":
            button.click()
            left, right, width = story.now.evaluate(NEWEST)
            assert left >= -1 and right <= width + 1, story.sentence()
        assert story.step() > 3
        lab.screenshot("story-on-a-phone")


# Cells with a widget: what the static text of each holds, and how it says that there is more.
WIDGETS = {
    'cl.choose("why")': ("Nothing is picked yet", shown.BUTTONS),
    'cl.predict("creation", ratio=(..., ...))': (
        "press a size; or write it after the name",
        shown.BUTTONS,
    ),
    'cl.quiz("04")': ("In text", shown.BUTTONS),
    'cl.panel("fork")': ('In text: cl.measure("fork").', parts.CONTROLS),
}


def test_a_notebook_that_is_opened_again_shows_the_text_of_its_questions(lab, server):
    """The widgets live as long as the page; the file has the text, and never "model not found"."""
    name = server.write("asked.ipynb", *(f"import conclib as cl\n{code}" for code in WIDGETS))
    lab.open(name)
    lab.run_all()
    saved = lab.save()
    assert VIEW not in json.dumps(saved) and "widgets" not in saved["metadata"]
    for place in range(len(WIDGETS)):
        lab.select(place)
        assert leaks.wait_until(lab.widgets(place).is_visible), "the page has lost its widgets"
    lab.select(0)
    lab.widgets(0).get_by_role("button").first.click()
    assert leaks.wait_until(lambda: "Your pick: " in lab.widgets(0).inner_text()), "no answer"
    lab.save()
    lab.screenshot("questions-live")

    server.shut_down_kernels()
    lab.open(name)
    for place, (words, way) in enumerate(WIDGETS.values()):
        lab.select(place)
        text = lab.cell(place).locator(".jp-OutputArea-output").inner_text()
        assert words in text and way in text, text
        assert lab.widgets(place).count() == 0
    assert "not found" not in lab.page.locator(".jp-Notebook").inner_text()
    lab.screenshot("questions-opened-again")
    lab.run_cells(0, 0)
    assert leaks.wait_until(lambda: "Your pick: " in lab.widgets(0).inner_text())
    assert lab.failures() == []


def test_a_panel_beside_subshells_measures_and_stops(lab, server):
    """JupyterLab's own setting. On which thread the messages then arrive is ipykernel's choice."""
    lab.open(server.write("panel.ipynb", 'import conclib as cl\ncl.panel("fork")'))
    assert lab.comms() == "perCommTarget"
    lab.run_all()
    panel = browser.Panel(lab, lab.cell(0))
    empty = panel.picture()
    panel.run_and_stop()
    panel.run(result=1)
    assert panel.picture() != empty
    assert lab.dark_pixels(panel.image) > 100
    assert lab.failures() == []
    lab.screenshot("panel-subshells")
