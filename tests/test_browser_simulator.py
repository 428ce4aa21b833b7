"""The simulator in a real JupyterLab: the panel follows its controls, the chart is stepped."""

import pytest

from tests import browser, leaks

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

CELLS = (
    "import conclib as cl\nfrom conclib.widgets.simulating import SimulatorPanel",
    "SimulatorPanel()",
    'cl.simulate("N:1", {"reader": "C1 B8 C1", "heart": "C1 W2 C1 W2 C1"}, '
    "user_switch_us=0, linux_switch_us=0)",
)
PANEL, CHART = 1, 2
PHONE = {"width": 400, "height": 800}


@pytest.fixture
def lab(server, chrome, tmp_path):
    with browser.window(server, chrome, tmp_path) as opened:
        opened.open(server.write("simulator.ipynb", *CELLS))
        opened.run_cells(0, CHART)
        yield opened


def says(place, text: str) -> bool:
    """Tell whether a part of the page comes to show a text."""
    return leaks.wait_until(lambda: text in place.inner_text())


def test_the_panel_follows_its_controls_and_the_chart_is_stepped(lab):
    lab.select(PANEL)
    cell = lab.cell(PANEL)
    assert says(cell, "Simulated, M:N: 6 tasks on 2 kernel threads")
    cell.get_by_role("combobox", name="model").select_option("N:1")
    assert says(cell, "Simulated, N:1: 6 tasks on 1 kernel thread")
    assert "every kernel thread slept" not in cell.inner_text()
    lab.turn(cell.get_by_role("slider", name="blocking calls"), 4)
    assert says(cell, "every kernel thread slept")
    field = cell.get_by_role("textbox", name="tasks", exact=True)
    field.fill("9")
    field.press("Tab")
    assert says(cell, "Simulated, N:1: 9 tasks")
    lab.screenshot("simulator")
    lab.select(CHART)
    frame = lab.cell(CHART).frame_locator("iframe")
    frame.get_by_role("button", name="Next").click()
    sentence = frame.locator(".frame:not([hidden]) .sentence")
    assert says(sentence, "reader blocks, and K1 sleeps with it.")
    hatched = frame.locator(".frame:not([hidden]) rect[fill^='url']")
    assert hatched.count() >= 1
    lab.screenshot("gantt")
    assert lab.failures() == []


def test_on_a_phone_and_in_the_dark_it_can_be_read(lab):
    lab.theme(dark=True)
    lab.command("application:toggle-left-area")
    lab.page.set_viewport_size(PHONE)
    lab.select(PANEL)
    cell = lab.cell(PANEL)
    assert says(cell, "Simulated, M:N")
    lab.screenshot("simulator-phone-dark")
    cell.locator("iframe").scroll_into_view_if_needed()
    lab.screenshot("gantt-phone-dark")
    assert lab.failures() == []
