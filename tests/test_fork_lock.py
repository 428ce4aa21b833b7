"""A lock held at a fork: the story as it was seen, under every Python, and nobody left waiting."""

import os
import signal
import threading
from collections.abc import Callable

import pytest

from conclib import lab, worker
from conclib.lab import alone
from conclib.results import Actor, Cancelled, Event, WorkerError, probe_texts
from conclib.worker import Request, Worker, forms, processes
from tests import leaks
from tests.interpreters import interpreter

pytestmark = pytest.mark.worker

ORDER = [
    ("parent", "start"), ("parent", "thread"), ("thread", "acquire"), ("parent", "fork"),
    ("child", "start"), ("child", "ask"), ("thread", "release"), ("thread", "exited"),
    ("parent", "free"), ("child", "look"), ("parent", "kill"), ("child", "killed"),
    ("parent", "wait"), ("parent", "exited"),
]  # fmt: skip
SOURCE = probe_texts.files(probe_texts.FOLDER)["fork_lock"].read_text()
STREAMED = (forms.Actor, forms.Event, forms.Ending)


def changed(*changes: tuple[str, str]) -> str:
    """Return the probe as text that a worker can be given, changed in some places."""
    text = SOURCE
    for old, new in (("from .. import", "from . import"), *changes):
        assert old in text, old
        text = text.replace(old, new)
    return text


def run(python: str | None = None, text: str | None = None) -> tuple[list, dict]:
    """Run the probe in a worker; return who did what, in order of time, and the facts."""
    seen = []

    def use(workers: list[Worker]) -> dict:
        workers[0].send_request()
        workers[0].answer(forms.Ready)
        while not isinstance(message := workers[0].answer(*STREAMED, forms.Facts), forms.Facts):
            if not isinstance(message, forms.Actor):
                seen.append(message.record())
        return message.data

    facts = worker.run_workers([Request("fork_lock", {}, text, python=python)], use, deadline=30)
    seen.sort(key=lambda each: each.t_ns)
    return [
        (each.actor, each.what if isinstance(each, Event) else each.how) for each in seen
    ], facts


# What is seen -------------------------------------------------------------------------------------
def test_the_story_has_one_order_in_twenty_runs():
    for _ in range(20):
        assert run()[0] == ORDER


@pytest.mark.parametrize("minor", range(8, 15))
def test_it_is_the_same_under_every_python_that_a_worker_may_run_under(minor):
    path = interpreter(f"python3.{minor}")
    if path is None:
        pytest.skip(f"there is no python3.{minor} on this machine")
    for _ in range(3):
        order, facts = run(path)
        assert order == ORDER
        assert facts == {"held": True, "got": {"parent": True, "child": False}, "states": ["S"]}


def test_everything_was_seen_by_those_who_can():
    item = lab.observe("fork_lock")
    parent, thread, child = item.actors
    assert (thread.kind, thread.pid, thread.maker) == ("thread", parent.pid, "parent")
    assert (child.kind, child.maker) == ("process", "parent") and child.pid != parent.pid
    assert {each.what for each in item.events if each.seen == "observer"} == {"look", "wait"}
    assert {each.seen for each in item.events} == {"itself", "observer"}
    assert [(each.actor, each.by, each.code) for each in item.endings] == [
        ("thread", "/proc", None), ("child", "waitid", signal.SIGKILL), ("parent", "waitid", 0),
    ]  # fmt: skip
    assert set(item.doubts) <= {alone.CROWDED}
    assert not any(processes.look(actor.pid) for actor in item.actors)


def test_a_child_that_gets_the_lock_is_seen_to_get_it_and_is_not_killed():
    """The thread lets go before the fork."""
    early = ("    pid = os.fork()", "    go_on.ring()\n    thread.join()\n    pid = os.fork()")
    order, facts = run(text=changed(early))
    assert facts == {"held": False, "got": {"parent": True, "child": True}, "states": []}
    assert ("child", "acquire") in order and ("child", "exited") in order
    assert not {"look", "kill", "killed"} & {what for _, what in order}


# Nothing is left ----------------------------------------------------------------------------------
def test_a_program_that_hangs_is_ended_by_linux_and_its_child_too():
    """Nobody lets the thread go on, so the parent waits for it, and the child for the parent."""
    hangs = changed(
        ("    go_on.ring()\n", ""),
        ("def observe(params, tell):\n", "def observe(params, tell):\n    _notes.LIMIT = 1\n"),
    )
    with pytest.raises(WorkerError, match=r"its parent signalled \(14\)"):
        run(text=hangs)


def kill_worker(actors: dict[str, Actor]) -> None:
    os.kill(processes.look(actors["parent"].pid).parent, signal.SIGKILL)


def kill_parent(actors: dict[str, Actor]) -> None:
    os.kill(actors["parent"].pid, signal.SIGKILL)


@pytest.mark.parametrize(
    "strike", [kill_worker, kill_parent, None], ids=["its worker", "its parent", "Stop"]
)
def test_a_child_that_waits_when_somebody_strikes_is_not_left(strike: Callable | None):
    """A recording takes the place of what failed; who stops it gets none."""
    actors, stop, waiting = {}, threading.Event(), []

    def see(each) -> None:
        if isinstance(each, Actor):
            actors[each.name] = each
        elif isinstance(each, Event) and each.what == "ask":
            waiting.append(processes.look(actors["child"].pid).alive)
            strike(actors) if strike else stop.set()

    if strike:
        assert lab.observe("fork_lock", on_event=see, stop=stop).source == "recorded"
    else:
        with pytest.raises(Cancelled):
            lab.observe("fork_lock", on_event=see, stop=stop)
    assert waiting == [True]
    assert leaks.wait_until(lambda: not any(processes.look(each.pid) for each in actors.values()))
