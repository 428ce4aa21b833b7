"""The live control block of chapter 01: a process that counts, is frozen and goes on."""

import os
from contextlib import closing
from typing import Any

import pytest

from conclib.chapters.ch01_process import live_record as module
from tests import leaks


def test_the_record_of_this_process_is_followed():
    with closing(module.live(os.getpid())) as shown:
        shown.look()
        assert "Control block of process" in shown.record.value
        assert f"cl.pcb({os.getpid()})" in repr(shown)


@pytest.mark.parametrize("pid", [0, -1, True, "1"])
def test_no_number_of_a_process_is_refused(pid):
    with pytest.raises((TypeError, ValueError), match="pid="):
        module.live(pid)


@pytest.mark.worker
def test_a_counting_process_is_seen_stopped_and_going_on(monkeypatch):
    for name, value in (("TRIES", 2), ("RUN_MS", 50), ("HOLD_MS", 300)):
        monkeypatch.setattr(module, name, value)
    states = []

    def view(now: Any, before: Any) -> str:
        states.append(now["state"])
        return module.view(now, before)

    with closing(module.live()) as shown:
        monkeypatch.setattr(shown, "_view", view)
        said = shown.run_now()
        assert "Stopped 2 times (observed here)" in said and "went on afterwards in 2" in said
        assert {str(state)[:1] for state in states} >= {"T", "R"}
        assert shown.happened.value.count("stop") == 2
        pid = shown.pid
    assert leaks.wait_until(lambda: not os.path.exists(f"/proc/{pid}"))  # noqa: PTH110


SAID = [
    ({"agreed": 0, "reason": ""}, "it was not asked"),
    ({"agreed": 2, "reason": ""}, "In 2 of them it was inside"),
    ({"agreed": None, "reason": "hidden"}, "not shown here: hidden."),
]


@pytest.mark.parametrize(("facts", "says"), SAID)
def test_what_was_seen_is_said_whatever_came_out(facts, says):
    three = {"tries": [{}] * 3, "stood_still": 3, "went_on": 3}
    text = module.seen_sentence({**three, **facts}, "observed here")
    assert says in text and text.startswith("Stopped 3 times (observed here).")
