"""``%%sacrifice`` in a real browser: the worst ideas, and Stop or a restart in the middle."""

import pytest

from conclib.lab import guarding
from conclib.results import Unavailable
from tests import browser, leaks

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BOMB = "%%sacrifice\nimport os, time\nfor n in range(200):\n    if not os.fork(): time.sleep(9)"
CRASH = "%%sacrifice\nimport ctypes\nctypes.string_at(0)"
ENDLESS = "%%sacrifice seconds=20\nwhile True: pass"
CELLS = ["import conclib as cl", BOMB, CRASH, ENDLESS]
START = """() => { window.jupyterapp.commands.execute('notebook:run-cell'); }"""


@pytest.fixture
def lab(server, chrome, tmp_path):
    with browser.window(server, chrome, tmp_path) as opened:
        yield opened


def begin_endless(lab, token) -> None:
    """Start the cell that has no end, and see that it runs."""
    lab.select(3)
    lab.page.evaluate(START)
    assert leaks.wait_until(lambda: browser.workers(token), 10)


def test_the_notebook_lives_and_says_what_became_of_it(lab, server):
    try:
        guarding.guard()
    except Unavailable as failure:
        pytest.skip(str(failure))
    token = lab.token
    lab.open(server.write("sacrifice.ipynb", *CELLS))
    lab.run_cells(0, 2)
    bomb, crash = (lab.outputs()[number][0]["data"]["text/plain"] for number in (1, 2))
    assert "The limit is 40, and Linux starts no more." in "".join(bomb)
    assert "It was ended by SIGSEGV." in "".join(crash)
    assert lab.page.get_by_text("It was ended by SIGSEGV.").count() > 0
    lab.screenshot("sacrifice")

    begin_endless(lab, token)
    lab.command("notebook:interrupt-kernel")
    assert leaks.wait_until(lambda: not browser.workers(token), 5)
    assert leaks.wait_until(lambda: "KeyboardInterrupt" in str(lab.failures()), 5)
    assert lab.execute("answer = 6 * 7", "answer") == "42"

    begin_endless(lab, token)
    lab.restart()
    assert leaks.wait_until(lambda: not browser.workers(token), 5)
    assert lab.execute("answer = 6 * 7", "answer") == "42"
