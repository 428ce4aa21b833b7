"""In a notebook an error of the library is its reason below the student's own line, no more."""

import re
import signal
import sys

import pytest

from conclib import magics, tracebacks
from conclib.results import arguments


@pytest.fixture
def shell(monkeypatch, tmp_path):
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    no_history = Config({"HistoryManager": {"enabled": False}})
    made = InteractiveShell(ipython_dir=str(tmp_path), config=no_history)
    monkeypatch.setattr("IPython.get_ipython", lambda: made)
    assert magics.register()
    yield made
    made.restore_sys_module_state()


def shown(shell, code, capsys):
    found = shell.run_cell(code, store_history=False)
    assert not found.success
    return re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out), found.error_in_exec


CHOICE = 'from conclib.results import arguments\narguments.choice("pick", "b", ["a"])'
LOST = "import conclib as cl\ncl.mesure"
PROBE = "%%probe mine\ndef body(state, loops)\n    pass\n"


@pytest.mark.parametrize(
    ("code", "line", "reason"),
    [
        (CHOICE, 'arguments.choice("pick"', "pick must be one of: a"),
        (LOST, "cl.mesure", "Did you mean 'measure'?"),
        (PROBE, "mine: this is no Python", "line 2"),  # counted in the cell, with %%probe as line 1
    ],
)
def test_the_students_line_and_the_reason_are_shown(shell, capsys, code, line, reason):
    text, _ = shown(shell, code, capsys)
    assert line in text and reason in text
    assert "arguments.py" not in text and "__init__.py" not in text and "magics.py" not in text


def test_a_probe_cell_shows_its_reason_and_no_line_of_ipython(shell, capsys):
    text, _ = shown(shell, PROBE, capsys)
    assert "run_cell_magic" not in text and "mine: this is no Python: expected ':'" in text


INTERRUPTED = """
import os, signal
from conclib.worker import Interrupts
with Interrupts() as interrupts:
    interrupts.allow()
    os.kill(os.getpid(), signal.SIGINT)
"""


@pytest.fixture
def interruptible():
    """As a notebook kernel is; a shell's background job is started with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_shows_the_students_line_and_not_how_we_caught_it(shell, capsys):
    text, error = shown(shell, INTERRUPTED, capsys)
    assert isinstance(error, KeyboardInterrupt) and "KeyboardInterrupt" in text
    assert "os.kill" in text and "interrupts.py" not in text
    assert f"KeyboardInterrupt: {tracebacks.STOPPED}" in text


def test_an_interrupt_of_the_students_own_code_stopped_no_measurement(shell, capsys):
    text, error = shown(shell, "raise KeyboardInterrupt", capsys)
    assert isinstance(error, KeyboardInterrupt) and "Stopped" not in text


def test_the_whole_is_there_on_request(shell, capsys):
    shell.InteractiveTB.set_mode("Verbose")
    text, _ = shown(shell, CHOICE, capsys)
    assert "arguments.py" in text


def test_an_error_of_the_students_own_is_left_alone(shell, capsys):
    text, error = shown(shell, "import json\njson.loads('{')", capsys)
    assert "decoder.py" in text and error.__traceback__.tb_next.tb_next


def test_a_traceback_that_never_left_the_library_is_left_alone():
    tracebacks.shorten(None)
    try:
        arguments.choice("pick", "b", ["a"])
    except ValueError:
        trace = sys.exc_info()[2]
    inner = trace.tb_next
    tracebacks.shorten(inner)
    assert trace.tb_next is inner
    tracebacks.shorten(trace)
    assert trace.tb_next is None
