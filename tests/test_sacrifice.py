"""``%%sacrifice``: what is asked, what is refused, and how the end is said in words."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from conclib import lab, magics
from conclib.lab import guarding, sacrificing
from conclib.lab.sacrificing import Sacrificed
from conclib.results import Unavailable

# What is said ------------------------------------------------------------------------------------
MADE = Sacrificed(
    "exited", 0, 0.5, "hello\n", False, 1, 0, 40, False, True, 7, "3.11.2"
)  # fmt: skip


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({}, "It ended with exit code 0."),
        ({"code": 7}, "It ended with exit code 7."),
        ({"ended": "signalled", "code": -11}, "It was ended by SIGSEGV."),
        ({"ended": "time", "code": None},
         "It still ran after 500 ms, so it was ended from outside."),
        ({"ended": "memory", "code": None, "memory": 600 << 20},
         "All of it together held 600 MB, and may hold 512 MB, so it was ended from outside."),
        ({"ended": "output", "code": None},
         "It printed more than 100,000 bytes, so it was ended from outside."),
        ({"ended": "tasks", "code": None, "tasks": 90, "at_task_limit": True},
         "90 processes and threads of it lived at once, so it was ended from outside."),
        ({"ended": "lost", "code": None},
         "The process that watched it is gone, and so it was ended."),
        ({"at_task_limit": True, "tasks": 40},
         "40 processes and threads of it lived at once. The limit is 40, and Linux starts no "
         "more."),
        ({"code": 1, "output": "MemoryError\n"},
         'It says "MemoryError" itself: no process of it gets more than 512 MB.'),
        ({"clean": False}, "Something of it could not be ended, and may go on."),
        ({"notes": ("A note.",)}, "A note."),
    ],
)  # fmt: skip
def test_how_it_ended_is_said_in_words(other, sentence):
    found = replace(MADE, **other)
    assert sentence in list(found.sentences()) and sentence in found.text
    assert ("Nothing of it is left." in found.text) == found.clean


@pytest.mark.parametrize("words", sacrificing.OWN_WORDS)
def test_an_error_is_the_codes_own_word_only_where_it_ended_with_it(words):
    failed = replace(MADE, code=1, output=f"x\nError: {words}\n")
    assert f'It says "{words}" itself: ' in failed.text
    for other in (replace(failed, code=0), replace(failed, output=f"{words}\nlast"),
                  replace(failed, ended="time", code=None)):  # fmt: skip
        assert "itself" not in other.text


def test_what_was_counted_need_not_be_said_again():
    found = replace(MADE, code=1, output="BlockingIOError\n", at_task_limit=True, tasks=40)
    assert "Linux starts no more" in found.text and "itself" not in found.text


def test_a_page_shows_the_same_and_nothing_acts_in_it():
    found = replace(MADE, output="<script>alert(1)</script>", cut=True)
    page = found._repr_html_()
    assert "<script>" not in page and "alert(1)" in page and "more was printed" in page
    assert "It printed nothing" in replace(MADE, output="")._repr_html_()


@pytest.mark.worker
def test_what_a_terminal_would_obey_is_written_out():
    try:
        guarding.guard()
    except Unavailable as failure:
        pytest.skip(str(failure))
    assert "\\x1b[2J" in lab.sacrifice("print('\\x1b[2J')", seconds=10, may_read=True).output


# What is asked -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"code": 3}, TypeError, "code=3: code must be a str"),
        ({"code": " \n"}, ValueError, "code is empty"),
        ({"code": "x" * 100_001}, ValueError, "100,001 characters: it may have at most 100,000"),
        *[({"seconds": value}, ValueError, "seconds=") for value in (0, -1, 21, float("nan"), 1e9)],
        *[({"seconds": value}, TypeError, "seconds=") for value in (None, "2", True)],
        ({"may_read": "yes"}, TypeError, "may_read='yes': must be True or False"),
    ],
)
def test_bad_input_is_refused_before_anything_starts(options, error, words, monkeypatch):
    monkeypatch.setattr(guarding, "report", lambda *_: pytest.fail("something was started"))
    with pytest.raises(error) as caught:
        lab.sacrifice(**{"code": "1/0", **options})
    assert words in str(caught.value)


@pytest.fixture
def asked(monkeypatch):
    """What the magic has asked for; nothing is started."""
    made = []
    monkeypatch.setattr(lab, "sacrifice", lambda code, **options: made.append((code, options)))
    return made


@pytest.mark.parametrize(
    ("line", "options"),
    [("", {}), (" seconds=3 ", {"seconds": 3.0}),
     ("seconds=0.5 may_read=yes", {"seconds": 0.5, "may_read": True}),
     ("may_read=no", {"may_read": False})],
)  # fmt: skip
def test_the_magic_takes_options(line, options, asked):
    magics.sacrifice(line, "1/0")
    assert asked == [("1/0", options)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("second=3", "Did you mean 'seconds'?"),
        ("3", "'3': %%sacrifice knows seconds and may_read, such as: %%sacrifice seconds=3."),
        ("seconds", "seconds='': must be a number, such as: %%sacrifice seconds=3"),
        ("seconds=long", "seconds='long': must be a number"),
        ("seconds=1 seconds=2", "seconds is given twice"),
        ("may_read=maybe", "may_read='maybe': may_read must be one of: yes, no."),
    ],
)
def test_and_refuses_others(line, words, asked):
    with pytest.raises(ValueError) as caught:
        magics.sacrifice(line, "1/0")
    assert words in str(caught.value) and asked == []


@pytest.mark.parametrize("cell", ["", "...", " \n"])
def test_an_empty_cell_runs_nothing(cell, asked, capsys):
    assert magics.sacrifice("", cell) is None
    assert asked == [] and "Nothing was run" in capsys.readouterr().out


def test_both_magics_are_registered(monkeypatch):
    found = {}
    shell = SimpleNamespace(register_magic_function=lambda f, kind, name: found.update({name: f}))
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr(magics.tracebacks, "register", lambda _: None)
    assert magics.register()
    assert found == {"probe": magics.probe, "sacrifice": magics.sacrifice}
