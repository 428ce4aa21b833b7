"""The probes of a life: what is left of a process when, and that nothing is left at the end."""

import contextlib
import os
import signal
import threading

import pytest

from conclib import lab, worker
from conclib.lab import alone
from conclib.probes import _acts, _held, _looking, _record, _refuse
from conclib.results import (
    Actor,
    Cancelled,
    Event,
    Observation,
    Unavailable,
    WorkerError,
    probe_texts,
)
from conclib.worker import forms, processes
from tests import leaks
from tests.interpreters import interpreter

started = pytest.mark.worker


def live(name: str, **params: object) -> Observation:
    """Observe, and hold that it was done here and that all its processes are gone."""
    item = lab.observe(name, **params)
    assert item.source == "live", item.doubts
    assert set(item.doubts) <= {alone.CROWDED}
    ended = {each.actor for each in item.endings}
    assert not any(processes.look(actor.pid) for actor in item.actors if actor.name in ended)
    return item


# The one that would not die -----------------------------------------------------------------------
@started
def test_who_had_ended_before_cannot_be_shot_and_stays_until_asked():
    facts = live("undead").facts
    assert facts["listed"] == {"A": [True] * 3, "B": [False] * 3}
    assert facts["taken"] == {"A": [True] * 3, "B": [True, False, False]}
    assert facts["before"] == {"A": "Z", "B": "S"} and facts["after"] == {"A": "Z", "B": None}
    assert facts["ends"] == {"A": "exited 0", "B": f"signalled {signal.SIGKILL}"}
    assert facts["gone_once_asked"] == {"A": True, "B": True}


@started
def test_once_its_parent_has_asked_it_is_not_listed_and_nobody_takes_a_shot():
    facts = live("undead", asked="first").facts
    assert facts["listed"] == {"A": [False] * 3, "B": [False] * 3}
    assert facts["taken"]["A"] == [False] * 3


@started
def test_shots_and_looks_are_told_in_turn():
    item = live("undead")
    told = [(each.actor, each.what, each.data["number"]) for each in item.events]
    assert told == [
        (name, what, n) for n in (1, 2, 3) for name in "AB" for what in ("shot", "look")
    ]
    assert item.ending("A").t_ns > item.events[-1].t_ns, "how A ended is asked at the end"


# Stopped, and let go on ---------------------------------------------------------------------------
@started
def test_a_stopped_process_stands_still_and_goes_on_without_ever_being_asked():
    facts = live("freeze", tries=20).facts
    tries = facts["tries"]
    assert len(tries) == facts["stood_still"] == facts["went_on"] == 20
    assert {each["state"] for each in tries} == {"T"}
    counts = [each["count"] for each in tries]
    assert counts == sorted(set(counts)), "each time it had counted further"
    if facts["agreed"] is None:
        assert facts["reason"] and {each["pc"] for each in tries} == {None}
        return
    assert facts["agreed"] == 0 and facts["reason"] == ""
    assert all(each["same_place"] and each["pc"] and each["sp"] for each in tries)
    assert set(facts["places"]) <= {"text", "shared library", "vdso"}


@started
def test_a_look_at_the_first_and_the_last_moment():
    item = live("freeze", tries=1, run_ms=1, hold_ms=0)
    assert [each.what for each in item.events if each.actor == "child"] == [
        "start", "stop", "continue", "kill"
    ]  # fmt: skip
    assert item.ending("child").how == "killed"


# Ended, and not asked -----------------------------------------------------------------------------
@started
def test_of_a_zombie_the_record_is_left_and_stands_still():
    item = live("zombie", later_ms=20, code=42)
    living, ended, later, asked = item.facts["looks"]
    assert item.facts["exit_code"] == 42 and item.facts["left"] == "record"
    assert [each["when"] for each in item.facts["looks"]] == ["living", "ended", "later", "asked"]
    assert living["regions"] > 5 and living["state"] == "S"
    assert ended["listed"] and ended["regions"] == 0 and ended["state"] == "Z"
    assert {**later, "when": "ended"} == ended, "nothing moves any more"
    assert ended["cpu_ms"] >= living["cpu_ms"] > 0 and ended["name"] == living["name"]
    assert not asked["listed"] and asked["state"] is asked["cpu_ms"] is None
    assert ended["open_files"] in (0, None), "an ordinary user is not let in"


# Orphans ------------------------------------------------------------------------------------------
@started
@pytest.mark.parametrize("adopter", ["observer", "grandparent"])
def test_an_orphan_goes_to_its_nearest_ancestor_that_asks_for_orphans(adopter):
    item = live("orphan", adopter=adopter)
    facts = item.facts
    assert facts["found"] == facts["computed"] == facts["collected_by"] == adopter
    assert facts["goes_on"] and facts["asks_for_orphans"]["observer"] is True
    assert facts["asks_for_orphans"]["grandparent"] is (adopter == "grandparent")
    (adopted,) = [each for each in item.events if each.what == "adopted"]
    assert item.ending("parent").t_ns < adopted.t_ns < item.ending("child").t_ns
    assert {each.how for each in item.endings} == {"exited"}


# A secret act -------------------------------------------------------------------------------------
@started
def test_an_act_that_cannot_be_done_here_is_no_act(monkeypatch):
    """Another process is looked at, and not guessed about, when the one that acts has ended."""
    text = probe_texts.files(probe_texts.FOLDER)["act"].read_text()
    assert "doing.do(name, amount)" in text
    text = text.replace("doing.do(name, amount)", "os._exit(3)").replace("from .. ", "from . ")
    with pytest.raises(Unavailable, match="could not do that here"):
        facts_under("act", {"seed": 1, "do": "one"}, text=text)


# Under every Python -------------------------------------------------------------------------------
def facts_under(
    name: str, params: dict, python: str | None = None, text: str | None = None
) -> dict:
    """Run a probe in a worker under another Python, or as another text; return its facts."""
    streamed = (forms.Actor, forms.Event, forms.Ending, forms.Entered)

    def use(workers: list[worker.Worker]) -> dict:
        workers[0].send_request()
        workers[0].answer(forms.Ready)
        while not isinstance(message := workers[0].answer(*streamed, forms.Facts), forms.Facts):
            pass
        return message.data

    return worker.run_workers([worker.Request(name, params, text, python=python)], use, deadline=30)


@started
@pytest.mark.parametrize("minor", [9, 10, 12, 13, 14])
def test_a_life_is_the_same_under_every_python(minor):
    path = interpreter(f"python3.{minor}")
    if path is None:
        pytest.skip(f"there is no python3.{minor} on this machine")
    undead = facts_under("undead", {"asked": "never"}, path)
    assert undead["listed"] == {"A": [True] * 3, "B": [False] * 3}
    frozen = facts_under("freeze", {"tries": 3, "run_ms": 1, "hold_ms": 1}, path)
    assert frozen["stood_still"] == frozen["went_on"] == 3 and not frozen["agreed"]
    assert facts_under("zombie", {"later_ms": 1, "code": 3}, path)["left"] == "record"
    assert facts_under("orphan", {"adopter": "grandparent"}, path)["found"] == "grandparent"
    assert [each["what"] for each in facts_under("life", {}, path)["steps"]][-1] == "wait"
    acted = facts_under("act", {"seed": 1, "do": "all"}, path)
    assert acted["apart"] and acted["changed"] == [x for x in _acts.ROWS if x != "program"]


# Nothing is left ----------------------------------------------------------------------------------
CASES = [("undead", {}), ("freeze", {"hold_ms": 499}), ("zombie", {"later_ms": 499}),
         ("orphan", {}), ("life", {}), ("act", {"seed": 7})]  # fmt: skip
MOMENTS = {"undead": "shot", "freeze": "stop", "zombie": "look", "orphan": "adopted",
           "life": "fork", "act": "look"}  # fmt: skip


@started
@pytest.mark.parametrize("by", ["its worker is killed", "Stop"])
@pytest.mark.parametrize(("name", "params"), CASES, ids=MOMENTS)
def test_nobody_is_left_when_somebody_strikes(name, params, by, starts):
    """At a moment in which a child is stopped, has ended, is an orphan, waits."""
    actors, stop = [], threading.Event()

    def see(each: object) -> None:
        if isinstance(each, Actor):
            if each.pid and each.name != "observer":
                actors.append(each)
        elif isinstance(each, Event) and each.what == MOMENTS[name] and not stop.is_set():
            stop.set()
            if by != "Stop":
                starts[0]._process.send_signal(signal.SIGKILL)

    # It may have been quicker than the blow, or a recording takes its place.
    with contextlib.suppress(WorkerError, Cancelled):
        lab.observe(name, on_event=see, stop=stop if by == "Stop" else None, **params)
    assert stop.is_set() and actors
    assert leaks.wait_until(lambda: not any(map(lives, actors)))


def lives(actor: Actor) -> bool:
    """Tell whether a process goes on; one that waits for init to collect it does not."""
    seen = processes.look(actor.pid)
    return seen is not None and seen.alive


# What is shared -----------------------------------------------------------------------------------
def test_without_a_pidfd_nothing_is_started(monkeypatch):
    monkeypatch.delattr(os, "pidfd_open")
    with pytest.raises(_refuse.Unavailable, match="pidfd_open"):
        _held.Child(lambda: None)


@pytest.mark.parametrize("name", ["python", ") R (", "a b", "((", "x) S 9 9 9", ""])
def test_a_stat_is_read_whatever_the_program_is_called(name):
    fields = _record.stat_fields(f"42 ({name}) S 1 2 3 " + " ".join(map(str, range(7, 53))))
    assert (fields[1], fields[2], fields[3], fields[4]) == ("42", name, "S", "1")
    assert fields[52] == "52"


@pytest.mark.parametrize("text", ["", "42 (python", "42 (python) S 1 2", "no brackets"])
def test_what_is_no_stat_is_refused(text):
    with pytest.raises(ValueError, match="not the text of a stat file"):
        _record.stat_fields(text)


def test_the_texts_of_a_record_are_read():
    assert _record.registers("running\n") is None and _record.registers("") is None
    assert _record.registers("-1 0x7ff0 0x5510\n") == (-1, 0x7FF0, 0x5510)
    assert _record.registers("0 0x3 0x1 0x2 0x0 0x0 0x0 0x7ff0 0x5510\n") == (0, 0x7FF0, 0x5510)
    assert _record.in_mask("0000000000004202") == [2, 10, 15]
    assert _record.in_mask("0" * 16) == []
    assert _record.keyed("State:\tS (sleeping)\nx\nGroups:\t\n") == {
        "State": "S (sleeping)", "Groups": "",
    }  # fmt: skip
    table = (
        "Limit                     Soft Limit           Hard Limit           Units     \n"
        "Max cpu time              unlimited            unlimited            seconds   \n"
        "Max open files            1024                 4096                 files     \n"
        "Max nice priority         0                    0                    \n"
    )
    assert _record.limits(table) == {
        "Max cpu time": None, "Max open files": 1024, "Max nice priority": 0,
    }  # fmt: skip


def test_what_is_gone_is_read_as_unknown(gone):
    assert not _looking.listed(gone) and _looking.stat(gone) == {}
    assert _looking.state(gone) is _looking.cpu_ms(gone) is _looking.regions(gone) is None
    assert _looking.open_files(gone) is None and _looking.program(gone) == ""
    assert set(_looking.standing(gone).values()) == {None}
    assert _looking.until(gone, "S") is None
