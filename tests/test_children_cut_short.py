"""Probes whose children are killed, refused or silent: they say so, and invent nothing.

Each trial puts something else in place of a part of a probe, and runs it in a worker of its own.
"""

import os
import textwrap

import pytest

from conclib import lab
from conclib.probes import _kcmp
from conclib.results import Unavailable, WorkerError
from tests import barred

pytestmark = pytest.mark.worker

KILL = "os.kill(os.getpid(), 9)"
CALLS = {  # system calls that a filter refuses, and their numbers on this processor
    "pidfd_open": 434,
    "setpriority": {"x86_64": 141, "aarch64": 140}.get(os.uname().machine),
    "setresuid": {"x86_64": 117, "aarch64": 147}.get(os.uname().machine),
}


def tried(topic: str, name: str, instead: str, **params: str):
    """Return the facts of a probe in which something else is put in place of a part.

    Args:
        topic: the folder of the probe; name: its own; **params: its parameters.
        instead: statements; ``probe`` is the probe's module, and each helper has its own name.
    """
    whole = dict(lab.catalogue()[name].complete(params))
    text = """
    import ctypes, importlib, os, sys, threading
    from importlib import import_module

    def report(params):
        probe = import_module(".{topic}.{name}", __package__)
        helper = lambda each: import_module("." + each, __package__)
        {instead}
        return probe.report({whole})
    """
    lines = textwrap.indent(instead, "    ").lstrip()
    frame = textwrap.dedent(text)
    return barred.reported(frame.format(topic=topic, name=name, whole=whole, instead=lines))


def refused(barred_call: str, topic: str, name: str, **params: str):
    """Return the facts of a probe that may not make a system call."""
    number = CALLS[barred_call]
    if number is None or os.uname().machine not in _kcmp.NUMBERS:
        pytest.skip(f"the number of {barred_call} is not known on this processor")
    whole = dict(lab.catalogue()[name].complete(params))
    text = barred.TEXT.format(number=number, module=f"{topic}.{name}", params=whole)
    return barred.reported(text)


# Killed in the middle ---------------------------------------------------------------------------
CUT_SHORT = {
    "asked, and gone": (
        "isolate", "one_address", {},
        f"helper('_place').read = lambda address: {KILL}", "ended before its time",
    ),
    "gone while it writes": (
        "isolate", "page_copies", {},
        f"helper('_page_copies').Strip.write = lambda *_: {KILL}", "ended before its time",
    ),
    "B, ended by somebody else": (
        "isolate", "astray", {},
        "helper('_astray')._become = lambda into, out, *_: "
        f"(os.write(out, b'r'), os.read(into, 1), {KILL})", "something else than its deed: SIGKILL",
    ),
    "an aim that somebody else ends": (
        "isolate", "aimed", {"at": "near zero"},
        f"helper('_aims')._number = helper('_aims').NUMBER.from_address = lambda _: {KILL}",
        "SIGKILL",
    ),
    "a visitor that never came": (
        "stack", "overwrite_local", {}, f"helper('_overwriting').where = lambda _: {KILL}",
        "something else than its deed: SIGKILL",
    ),
    "who adds, killed": (
        "race", "million", {"who": "processes"}, f"probe.add = lambda *_: {KILL}",
        "not both came to their end: signal 9, signal 9",
    ),
    "who waits for nobody": (
        "race", "million", {"who": "processes"},
        "probe.PATIENCE, take_part = 0.2, probe.take_part\n"
        f"probe.take_part = lambda shared, n, *more: take_part(shared, n, *more) if n else {KILL}",
        "not both came to their end: signal 9, exit code 1",
    ),
    "who saves beside nobody": (
        "share", "saved_where", {"mend": "own process"},
        "helper('_sacrifice').prepare.__defaults__, thumbnail = (1,), probe.thumbnail\n"
        "probe.thumbnail = lambda place, folder, *more: "
        f"thumbnail(place, folder, *more) if folder == 'dogs' else {KILL}",
        "ended before its time",
    ),
    "the child of a fork": (
        "stack", "fork_beside", {},
        "beside, parent = helper('_beside'), []\nseen = beside.seen\n"
        f"beside.seen = lambda w: {KILL} if parent else (parent.append(1), seen(w))[1]",
        "ended before its time",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CUT_SHORT)
def test_what_a_killed_child_did_not_do_is_no_fact(case):
    topic, name, params, instead, says = CUT_SHORT[case]
    with pytest.raises(WorkerError, match=says):
        tried(topic, name, instead, **params)


# Refused ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("topic", "name"),
    [("isolate", "one_address"), ("isolate", "with_leave"), ("stack", "task_records")],
)
def test_where_no_pidfd_is_to_be_had_that_is_said_and_no_child_is_left(topic, name):
    with pytest.raises(Unavailable, match="pidfd_open: Operation not permitted"):
        refused("pidfd_open", topic, name)


def test_threads_that_may_not_be_nicer_are_looked_at_as_they_are():
    facts = refused("setpriority", "stack", "four_stacks")
    assert facts["values"] == [1111, 2222, 3333, 4444]
    assert len({each["niceness"] for each in facts["threads"].values()}) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes its user")
@pytest.mark.parametrize("how", ["library", "system call"])
def test_a_thread_that_may_not_change_its_user_says_so_at_once(how):
    with pytest.raises(Unavailable, match="setresuid: Operation not permitted"):
        refused("setresuid", "stack", "set_user", call=how)


@pytest.mark.parametrize(
    ("topic", "name"),
    [("stack", "order_signed"), ("stack", "set_user"), ("race", "whose_lock"), ("race", "stepped")],
)
def test_no_more_threads_is_said_as_such(topic, name):
    no_more = '(_ for _ in ()).throw(RuntimeError("can\'t start new thread"))'
    with pytest.raises(Unavailable, match="no more: can't start new thread"):
        tried(topic, name, f"threading.Thread.start = lambda _: {no_more}")


@pytest.mark.parametrize("name", ["stepped", "staircase", "whose_lock"])
def test_a_python_that_tells_of_no_step_is_unavailable_and_says_so(name):
    with pytest.raises(Unavailable, match="does not tell a debugger of each step"):
        tried("race", name, "sys.settrace = lambda _: None")


def test_a_child_that_others_may_not_look_into_and_that_is_slow_is_not_taken_for_ended():
    slow = (
        "errands, time = helper('_errands'), __import__('time')\n"
        "def read(count, read=errands.ERRANDS['read']):\n"
        "    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\n"  # as after a change of user
        "    time.sleep(0.25)\n"
        "    return read(count)\n"
        "errands.ERRANDS['read'] = read\n"
        "exists = os.path.exists\n"  # and we are no root who sees it all the same
        "os.path.exists = lambda path: not str(path).endswith('/exe') and exists(path)"
    )
    assert tried("share", "reads_on", slow)["after"] == "IJKL"


# Facts that could be otherwise ------------------------------------------------------------------
def test_who_a_reader_is_comes_from_its_numbers():
    swapped = {"1": "maker", "2": "child", "3": "thread", "4": "stranger"}
    who = tried("share", "letters", f"probe.READERS = {swapped}")["who"]
    assert who["2"].startswith("a child") and who["3"].startswith("another thread")
    assert who["4"].startswith("a fresh program")


def test_a_thread_that_ends_its_process_is_seen_to_end_it():
    crash = (
        "place = helper('_place')\nput, main = place.put, threading.main_thread\n"
        "place.put = lambda *word: (put(*word) if threading.current_thread() is main() "
        "else ctypes.memset(8, 1, 1))"
    )
    facts = tried("isolate", "astray", crash, writer="thread")
    assert (facts["writer_end"], facts["writer_ended"], facts["a_finds"]) == ("SIGSEGV", True, None)


def test_an_order_that_was_not_the_one_asked_for_is_not_verified():
    swap = (
        "stepping = helper('_stepping')\nwalk = stepping.walk\n"
        "stepping.walk = lambda make, order, *more: walk(make, order[::-1], *more)"
    )
    facts = tried("race", "stepped", swap)
    assert (facts["verified"], facts["orders"]) == (0, 20)


# Only some could be started ---------------------------------------------------------------------
NO_FORK = """
    fork, left = os.fork, [2]
    def twice():
        left[0] -= 1
        if left[0] < 0:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return fork()
    os.fork = twice
"""
NO_THREAD = """
    start, left = threading.Thread.start, [2]
    def twice(thread):
        left[0] -= 1
        if left[0] < 0:
            raise RuntimeError("can't start new thread")
        start(thread)
    threading.Thread.start = twice
"""
OBSERVED = """
nobody = helper("_telling").Tell(os.open(os.devnull, os.O_WRONLY))
probe.report = lambda params: probe.observe(params, nobody)
"""


@pytest.mark.parametrize(
    ("container", "instead", "why"),
    [
        ("process", NO_FORK, "Resource temporarily unavailable"),
        ("lock holder", NO_FORK, "Resource temporarily unavailable"),
        ("thread", NO_THREAD, "can't start new thread"),
        ("main thread", NO_THREAD, "can't start new thread"),
    ],
)
def test_a_crew_that_cannot_be_started_whole_says_how_far_it_came_and_is_gone(
    container, instead, why
):
    """Row 25; the suite's own fixture finds what would be left."""
    instead = textwrap.dedent(instead) + OBSERVED
    with pytest.raises(
        Unavailable, match=f"^own: [0-2] of 4 began, and Linux starts no more: {why}$"
    ):
        tried("faults", "crash", instead, fault="abort", container=container)
