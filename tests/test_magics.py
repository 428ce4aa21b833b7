"""``%%probe`` as a cell calls it: which names it takes, and what it leaves in the notebook."""

import builtins
import keyword
import os
from types import SimpleNamespace

import pytest

from conclib import lab, magics
from conclib.results import WorkerError
from tests.fault_probes import SMALL
from tests.made_up import measurement


@pytest.fixture
def names(monkeypatch):
    """The variables of a notebook."""
    made = {"mine": 3, "os": os, "get_ipython": None}
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(user_ns=made))
    return made


@pytest.fixture
def started(monkeypatch):
    """What was measured; nothing is, really."""
    made = []
    result = measurement([1.0] * 20, probe="own:mine")

    def measure_own(text, *, name):
        made.append(name)
        return result

    monkeypatch.setattr(lab, "measure_own", measure_own)
    return made


NO_NAME = "%%probe needs a name as for a variable on its first line, and nothing else"
KEYWORD = "this is a keyword of Python"
IPYTHON = "IPython keeps something of its own under this name"
BUILT_IN = "this is built into Python, and cells that use it would get the result instead"
MODULE = "this is the name of a module here, and cells that use it would fail"
REFUSED = {
    "": NO_NAME, "my loop": NO_NAME, "my-loop": NO_NAME, "1st": NO_NAME, "fork budget=2": NO_NAME,
    "for": KEYWORD, "None": KEYWORD, "lambda": KEYWORD,
    "get_ipython": IPYTHON, "In": IPYTHON, "Out": IPYTHON, "display": IPYTHON, "exit": IPYTHON,
    "quit": IPYTHON, "_": IPYTHON, "__": IPYTHON, "_3": IPYTHON, "_i": IPYTHON, "_dh": IPYTHON,
    "__name__": IPYTHON,
    "sum": BUILT_IN, "print": BUILT_IN, "Exception": BUILT_IN, "ſum": BUILT_IN,
    "os": MODULE,
}  # fmt: skip


@pytest.mark.parametrize(("line", "reason"), REFUSED.items(), ids=[repr(line) for line in REFUSED])
def test_a_name_that_means_something_else_is_refused_before_anything_starts(
    names, started, line, reason
):
    """Row 70: `%%probe sum` would break every later cell that adds something up."""
    before = dict(names)
    with pytest.raises(ValueError) as caught:
        magics.probe(f" {line} ", SMALL)
    shown = line.replace("ſ", "s")
    assert str(caught.value) == (
        f"name={shown!r}: {reason}. Take another one, such as: %%probe my_loop"
    )
    assert started == [] and names == before


def test_no_keyword_and_nothing_built_in_is_a_name():
    for name in [*keyword.kwlist, *dir(builtins), "x" * 201]:
        with pytest.raises(ValueError, match=r"such as: %%probe my_loop$"):
            magics.usable(name, {})


@pytest.mark.parametrize("name", ["new", "mine", "match", "größe", "x" * 200])
def test_a_name_of_the_students_own_is_taken_and_may_be_taken_again(names, started, name):
    result = magics.probe(name, SMALL)
    assert names[name] is result and started == [name]
    assert names["os"] is os


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (ValueError("text: a probe needs a body"), "mine: a probe needs a body"),
        (WorkerError("own: NameError: no x"), "mine: NameError: no x"),
        (ValueError("budget=0: must be more"), "budget=0: must be more"),
    ],
)
def test_an_error_calls_the_probe_by_the_students_name(names, monkeypatch, raised, said):
    def failing(text, *, name):
        raise raised

    monkeypatch.setattr(lab, "measure_own", failing)
    with pytest.raises(type(raised)) as caught:
        magics.probe("mine", SMALL)
    assert caught.value is raised and str(raised) == said and names["mine"] == 3


def test_the_result_is_found_under_the_name_as_python_spells_it(names, started):
    result = magics.probe("ﬁb", SMALL)
    assert eval("ﬁb", names) is result and started == ["fib"]


def test_an_empty_cell_measures_nothing(names, started, capsys):
    assert magics.probe("new", " ... \n") is None
    assert started == [] and "new" not in names
    assert "Nothing measured yet" in capsys.readouterr().out


@pytest.mark.worker
def test_the_cell_is_measured_in_a_worker_and_its_result_kept(names):
    result = magics.probe("mine", SMALL)
    assert names["mine"] is result and result.name == "mine" and result.n >= 6
