"""A child that is killed early: a sentence at once, no waiting and no bare error."""

import os
import signal
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from conclib import lab
from conclib.chapters.ch07_memory import judges
from conclib.probes import _held, _refuse, _sacrifice
from conclib.probes.life import orphan, record_fields, zombie
from conclib.results import Unavailable, WorkerError


def children(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(word) for word in path.read_text().split()]
        except OSError:
            continue
    return found


def kill_the_child(ended: threading.Event, after: float) -> None:
    """Kill the first child of a measuring process, some moments after it is there."""
    while not ended.wait(0.0005):
        for child in [each for worker in children(os.getpid()) for each in children(worker)]:
            if not ended.wait(after):
                os.kill(child, signal.SIGKILL)
            return


def cut_short(name: str, params: dict, after: float) -> str:
    """Observe, and kill a child meanwhile; return what was said, or nothing if it was too late."""
    done = threading.Event()
    killer = threading.Thread(target=kill_the_child, args=(done, after))
    killer.start()
    try:
        item = lab.observe(name, **params)
        return item.notes[-1] if item.source == "recorded" else ""
    except (Unavailable, WorkerError) as error:
        return str(error)
    finally:
        done.set()
        killer.join()


@pytest.mark.worker
@pytest.mark.parametrize(
    ("name", "params", "after"),
    [
        ("zombie", {"code": 9}, 0),
        ("grow", {"requests": 50_000}, 0),
        ("promise", {"asked_mb": 513, "touched_mb": 500}, 0),
        ("freeze", {"tries": 3, "run_ms": 500, "hold_ms": 501}, 0.2),
        ("life", {}, 0),
        ("orphan", {"adopter": "grandparent"}, 0),
    ],
)
def test_it_is_said_at_once_that_a_process_has_ended(name, params, after):
    for _ in range(10):  # until one was killed in time
        begun = time.monotonic()
        if text := cut_short(name, params, after):
            break
    assert "ended before its time" in text or "did not become" in text
    assert time.monotonic() - begun < 4


def test_who_waits_for_a_gate_notices_the_end_of_who_should_open_it():
    gate = SimpleNamespace(opened=lambda _: False)
    child = object.__new__(_held.Child)
    child.has_ended = lambda: True
    with pytest.raises(_refuse.Unavailable, match="before its time"):
        child.wait_for(gate)


@pytest.mark.parametrize(("how", "lines"), [("signalled", [1]), ("exited", [])])
def test_a_part_of_a_report_is_no_report(how, lines):
    with pytest.raises(RuntimeError, match="ended before its time"):
        _sacrifice.Told(lines, how, 9 if how == "signalled" else 0).whole()


# What comes out either way ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("uss", "word"),
    [(10, judges.verdicts.SUPPORTED), (50, judges.verdicts.INCONCLUSIVE),
     (90, judges.verdicts.NOT_SUPPORTED)],
)  # fmt: skip
def test_a_space_that_is_full_does_not_support_that_it_is_mostly_empty(monkeypatch, uss, word):
    facts = {"each_mb": {"virtual": 100.0, "uss": uss}, "all_mb": {"virtual": 1.0}, "there": 1}
    monkeypatch.setattr(judges, "_latest", lambda *_, **__: SimpleNamespace(facts=facts))
    assert judges.spaces([]).word == word


def test_a_field_that_a_file_lacks_is_empty_and_of_an_unread_one_it_is_not_known():
    assert record_fields.line("Pid:\t7\n", "VmSize") == ""
    assert record_fields.line(None, "VmSize") is None
    assert record_fields.all_read({"a": "1", "b": "2"}) is True
    assert record_fields.all_read({"a": "1", "b": ""}) is False
    assert record_fields.all_read({"a": "", "b": None}) is None


@pytest.mark.parametrize(
    ("regions", "listed", "found"),
    [(None, True, "not known"), (0, True, "record"), (3, True, "map and record"),
     (0, False, "nothing")],
)  # fmt: skip
def test_a_map_that_cannot_be_read_is_not_left(regions, listed, found):
    assert zombie.left({"regions": regions, "listed": listed}) == found


@pytest.mark.parametrize(("parent", "name"), [(1, "number 1"), (50, "observer")])
def test_who_adopts_may_be_number_one(monkeypatch, parent, name):
    line = SimpleNamespace(
        parent_may_end=SimpleNamespace(open=lambda: None), heard=lambda _: ["exited", "0"]
    )
    tell = SimpleNamespace(ending=lambda *_, **__: None, event=lambda *_, **__: None)
    monkeypatch.setattr(orphan._looking, "stat", lambda _: {4: str(parent)})
    found = orphan.after_the_end(line, {"observer": 50, "child": 60}, tell)
    assert found == (name, parent) and orphan.number_one(parent) is (parent == 1)


@pytest.mark.worker
def test_few_descriptors_are_said_to_be_few(monkeypatch):
    from conclib.inspecting import limits

    monkeypatch.setattr(limits, "free", lambda: iter([("descriptors", 16, "16 may be open")]))
    with pytest.raises(ValueError, match="act: 12 descriptors would be taken, and at most 8"):
        lab.observe("act", seed=4)
    assert lab.observe("life").source == "recorded"
