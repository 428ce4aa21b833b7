"""A null pointer in one of four: who dies with it, seen from outside, told while it happens."""

import pytest

from conclib import lab, plots
from conclib.results import Actor, Ending, Event, Observation

pytestmark = pytest.mark.worker


def death(container: str, **more) -> Observation:
    """Return one run of the experiment."""
    return lab.observe("death", container=container, **more)


def test_one_process_of_four_dies_alone(home):
    """Row 2: three siblings finish their work."""
    item = death("process", beats=12)
    assert {each.actor: (each.how, each.code, each.by) for each in item.endings} == {
        "process 1": ("exited", 0, "waitid"),
        "process 2": ("signalled", 11, "waitid"),
        "process 3": ("exited", 0, "waitid"),
        "process 4": ("exited", 0, "waitid"),
    }
    assert item.facts["beats"] == dict.fromkeys(("process 1", "process 3", "process 4"), 12) | {
        "process 2": 7
    }
    assert len({actor.pid for actor in item.actors}) == 5
    assert item.ending("process 2").text == "was ended by SIGSEGV"


def test_one_thread_of_four_takes_the_others_with_it(home):
    """Row 1: SIGSEGV, and every thread's last sign of life is before the one end of all."""
    item = death("thread", beats=40)
    names = [f"thread {number}" for number in (1, 2, 3, 4)]
    assert {each.actor for each in item.endings} == {"process", *names}
    assert {(each.how, each.code) for each in item.endings} == {("signalled", 11)}
    assert {item.ending(name).by for name in names} == {"/proc"}
    whole = item.ending("process")
    assert whole.by == "waitid"
    assert all(item.beats(name)[-1] < whole.t_ns for name in names)
    assert all(item.facts["beats"][name] < 40 for name in names)
    threads = [actor for actor in item.actors if actor.kind == "thread"]
    assert {actor.maker for actor in threads} == {"process"}
    assert len({actor.tid for actor in threads}) == 4 and len({actor.pid for actor in threads}) == 1


@pytest.mark.parametrize("container", ["process", "thread"])
def test_the_fault_is_the_last_that_its_actor_notes_and_its_end_comes_after(home, container):
    item = death(container)
    faulty = item.facts["faulty"]
    (fault,) = [event for event in item.events if event.what == "fault"]
    assert (fault.actor, fault.seen) == (faulty, "itself")
    assert item.beats(faulty)[-1] <= fault.t_ns < item.ending(faulty).t_ns
    assert item.facts["notice_ns"] > 0


def test_every_beat_arrives_and_lanes_fill_before_it_is_over(home):
    """A beat is told while its actor still has others to come."""
    seen: list = []
    item = death("process", beats=30, on_event=seen.append)
    kinds = [type(each) for each in seen]
    assert kinds[:5] == [Actor] * 5 and kinds.count(Event) == len(item.events)
    assert kinds.index(Ending) < len(kinds) - 4, "others live on after the first end"
    assert {name: len(item.beats(name)) for name in item.facts["beats"]} == item.facts["beats"]
    half = plots.lanes_text(seen[: kinds.index(Ending)])
    assert half.count("\n") == 3 and "ended" not in half
    assert "X" in plots.lanes_text(item) and "was ended by SIGSEGV" in plots.lanes_text(item)
