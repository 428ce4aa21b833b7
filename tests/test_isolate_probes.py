"""The probes of isolation, also where Linux does not let us ask; and nothing is left behind."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conclib import lab
from conclib.probes import _leave, _leave_model, _page_copies, _pagemap, _place, _refuse
from conclib.results import Observation, Unavailable
from conclib.worker import processes
from tests import leave_answers
from tests.interpreters import interpreter

started = pytest.mark.worker
PROBES = Path(_place.__file__).parent
PAGE = 4096
# A probe run without a worker, so that a part of it may be replaced before.
ALONE = """
import importlib, json, os, resource, sys, types
package = types.ModuleType("probes")
package.__path__ = [sys.argv[1]]
sys.modules["probes"] = package
from probes import _leave, _page_copies, _pagemap, _refuse
probe = importlib.import_module("probes.isolate." + sys.argv[2])
exec(sys.argv[4])
try:
    print(json.dumps(probe.report(json.loads(sys.argv[3]))))
except _refuse.Unavailable as error:
    print(json.dumps({"unavailable": str(error)}))
"""


def live(name: str, **params: object) -> Observation:
    """Observe, and hold that it was done here."""
    item = lab.observe(name, **params)
    assert item.source == "live", item.doubts
    return item


def altered(name: str, change: str, *before: str, **params: object) -> dict[str, Any]:
    """Run a probe with a part of it replaced; return its facts, or why it is unavailable.

    Args:
        change: Python that is run before; before: what stands before the command.
    """
    complete = json.dumps(lab.catalogue()[name].complete(params))
    command = [
        *before,
        sys.executable,
        "-I",
        "-S",
        "-c",
        ALONE,
        str(PROBES),
        name,
        complete,
        change,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


# One address --------------------------------------------------------------------------------------
@started
@pytest.mark.parametrize("page", ["of their own", "from the parent"])
def test_each_finds_its_own_word_at_the_very_same_address(page):
    facts = live("one_address", page=page, looks=6).facts
    assert facts["found"] == ["cat", "dog"] * 3 and facts["each_its_own"]
    assert facts["turns"] == ["A", "B"] * 3 and facts["address"] in _place.ADDRESSES
    a, b = facts["frames"].values()
    assert a != b if facts["why"] is None else (a, b) == (None, None)
    before = set(facts["frames_before"].values())
    assert len(before) == 1  # nothing there yet, or one page that both have, or not shown
    assert (before == {None}) == (page == "of their own" or facts["why"] is not None)
    assert not any(processes.look(pid) for pid in facts["pids"].values())


# Which pages are copied ---------------------------------------------------------------------------
@started
@pytest.mark.parametrize("do", ["nothing", "read", "wait"])
def test_without_a_write_no_page_is_copied(do):
    facts = live("page_copies", do=do, wait_ms=50).facts
    assert facts["copied"] == 0 and facts["written"] == []
    assert facts["parent"] == facts["child"] == "s" * 256 == facts["start"]["child"]
    assert set(facts["private_kb"].values()) == {0} and facts["agree"]


@started
@pytest.mark.parametrize(
    ("params", "pages"),
    [
        ({"bytes": 3}, 3),
        ({"bytes": 1000}, 256),
        ({"bytes": 1000, "spread": "side by side"}, 1),
        ({"bytes": 9000, "spread": "side by side", "first": 4000}, 4),
        ({"bytes": 0}, 0),
    ],
)
def test_a_page_is_copied_by_the_first_write_to_it(params, pages):
    facts = live("page_copies", **params).facts
    assert facts["copied"] == pages == len(facts["written"])
    assert facts["copied_by"] == {"parent": 0, "child": pages}
    assert [n for n, letter in enumerate(facts["child"]) if letter == "c"] == facts["written"]
    assert facts["parent"] == facts["child"].replace("c", "a")  # and nobody shares the old ones
    assert set(facts["private_kb"].values()) == {4 * pages}
    assert facts["moved"]["child"] in (None, facts["written"])
    assert facts["moved"]["parent"] in (None, [])


@started
@pytest.mark.parametrize(("who", "copies"), [("parent", (3, 0)), ("both", (0, 3))])
def test_the_copy_is_the_first_writers_and_the_other_writes_to_the_old_page(who, copies):
    facts = live("page_copies", who=who).facts
    assert tuple(facts["copied_by"].values()) == copies and facts["copied"] == 3
    assert facts["moved"] in (
        dict.fromkeys(("parent", "child")),
        {name: facts["written"] if n else [] for name, n in facts["copied_by"].items()},
    )


@started
def test_where_pagemap_is_closed_smaps_tells_the_same_pages():
    closed = "_pagemap.entries = lambda *_: None"
    facts = altered("page_copies", closed, bytes=5)
    assert facts["how"] == "smaps" and facts["agree"] is None and "pagemap" in facts["why"]
    assert facts["copied"] == 5 and facts["copied_by"] == {"parent": 0, "child": 5}
    assert facts["moved"] == {"parent": None, "child": None}


@started
def test_where_smaps_is_closed_pagemap_is_enough_and_with_neither_it_is_refused():
    closed = "_page_copies.smaps = lambda _: ''"
    facts = altered("page_copies", closed)
    assert facts["how"] == "pagemap" and facts["copied"] == 3 and "smaps" in facts["why"]
    assert facts["private_kb"] == {"parent": None, "child": None} and facts["agree"] is None
    both = altered("page_copies", closed + "; _pagemap.entries = lambda *_: None")
    assert "neither" in both["unavailable"]


def test_bytes_lie_side_by_side_or_each_in_another_page():
    beside, spread = _page_copies.SIDE_BY_SIDE, _page_copies.SPREAD
    assert _page_copies.pages_of(PAGE, beside) == [0]
    assert _page_copies.pages_of(PAGE + 1, beside) == [0, 1]
    assert _page_copies.pages_of(PAGE, beside, first=1) == [0, 1]
    for count in range(257):
        assert len(_page_copies.pages_of(count, spread)) == count
    places = {_page_copies.offset(number, spread) for number in range(1000)}
    assert len(places) == 1000  # no byte is written twice
    assert _page_copies.pages_of(2, beside, first=256 * PAGE - 1) == [0, 255]


def seen(*pages: bool | None) -> Any:
    """Return a stand-in for a look at some pages."""
    look = object.__new__(_page_copies.Look)
    look.alone = list(pages)
    look.dirty = [None] * len(pages)
    look.frames = [None] * len(pages)
    return look


def test_a_page_that_was_copied_by_nobody_who_wrote_is_counted_and_not_ascribed():
    before, after = seen(False, False, False, True, None), seen(True, True, True, True, True)
    assert _page_copies.letters(before, after, [0], [1]) == "ca?a?"
    assert _page_copies.copied(before, after) == 3


def test_smaps_tells_pages_apart_only_where_each_is_a_region():
    head = "{:x}-{:x} rw-p 00000000 00:00 0 \nPrivate_Dirty: {} kB\n"
    text = head.format(0x10000, 0x11000, 4) + head.format(0x11000, 0x12000, 0)
    text += head.format(0x12000, 0x14000, 8)
    pages, kb = _page_copies.private(text, 0x10000)
    assert pages[:4] == [True, False, None, None] and kb == 12
    assert _page_copies.private("", 0x10000) == ([None] * 256, None)


def test_of_a_page_that_lies_on_a_disk_smaps_does_not_tell_whether_it_is_shared():
    figures = "Rss: 0 kB\nPrivate_Dirty: 0 kB\nSwap: 4 kB\n"
    pages, _ = _page_copies.private(f"10000-11000 rw-p 00000000 00:00 0 \n{figures}", 0x10000)
    assert pages[0] is None
    look = seen(None, False)
    assert look.how == "pagemap" and look.pages == [None, False]
    assert _page_copies.why([look]) == _page_copies.AWAY
    with pytest.raises(_refuse.Unavailable, match="not in memory"):
        _page_copies.require(look)


def test_an_entry_of_pagemap_is_read_as_linux_writes_it():
    present, alone = 1 << 63, 1 << 56
    assert _pagemap.alone(present | alone | 5) is True and _pagemap.alone(present | 5) is False
    assert _pagemap.alone(1 << 62) is None and _pagemap.frame(1 << 62 | 5) is None
    assert _pagemap.frame(present | alone | 5) == 5 and _pagemap.frame(present) is None
    assert _pagemap.entries(2**22, 0, 1) is None  # no such process


# A pointer astray ---------------------------------------------------------------------------------
@started
@pytest.mark.parametrize("neighbour", ["alive", "gone"])
@pytest.mark.parametrize("own_page", ["no", "yes"])
def test_another_process_reaches_its_own_page_or_is_ended_and_never_reaches_a(neighbour, own_page):
    facts = live("astray", neighbour=neighbour, own_page=own_page).facts
    ended = own_page == "no"
    assert facts["writer_ended"] == ended and not facts["reached"]
    assert facts["writer_end"] == ("SIGSEGV" if ended else "lived")
    assert facts["writer_had"] == (None if ended else "rw-p")
    assert facts["writer_finds"] == (None if ended else "dog")
    assert facts["a_before"] == "cat" and facts["a_alive"] == (neighbour == "alive")
    assert facts["a_finds"] == ("cat" if neighbour == "alive" else None)


@started
def test_a_thread_of_a_reaches_it_and_nobody_complains():
    facts = live("astray", writer="thread").facts
    assert facts["a_before"] == "cat" and facts["a_finds"] == "dog" and facts["reached"]
    assert facts["writer_end"] == "lived" and facts["writer_had"] == "rw-p"


@started
@pytest.mark.parametrize("wrong", [{"neighbour": "gone"}, {"own_page": "yes"}])
def test_what_a_thread_cannot_have_is_refused(wrong):
    with pytest.raises(Unavailable, match="a thread of A"):
        lab.observe("astray", writer="thread", **wrong)


# With leave ---------------------------------------------------------------------------------------
@started
@pytest.mark.parametrize("user", ["yours", "ordinary"])
def test_who_gets_the_word_is_as_this_machines_rule_says(user):
    facts = live("with_leave", user=user).facts
    assert set(facts["answers"]) == set(_leave_model.ASKERS) == set(facts["got"])
    assert facts["answers"]["itself"] == facts["word"] or facts["barred"]
    assert facts["as_the_rule"] or facts["barred"]
    assert facts["user"] == os.geteuid() or user == "ordinary"
    assert (facts["ptrace_scope"] is None) == (facts["scope_why"] is not None)
    missing = {who for who, answer in facts["answers"].items() if answer is None}
    assert missing <= set(facts["why"])
    assert facts["answers"]["another user"] in ("EPERM", None)


@started
def test_where_the_call_itself_is_barred_that_is_the_answer():
    facts = altered("with_leave", "_leave.ask = lambda *_: -1")
    assert facts["barred"] and not facts["as_the_rule"]
    assert set(facts["answers"].values()) <= {"EPERM", None}


@started
@pytest.mark.skipif(_leave.scope()[0] is not None, reason="the rule here is no made-up one")
def test_an_answer_that_is_not_as_the_rule_says_is_told():
    facts = altered("with_leave", "_leave.scope = lambda: (2, None)", user="ordinary")
    assert facts["rule"]["itself"] and not facts["rule"]["parent"] and not facts["may_trace"]
    assert facts["got"]["parent"] and not facts["as_the_rule"] and not facts["barred"]


@started
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a namespace and leave root")
def test_as_an_ordinary_user_to_whom_other_users_processes_are_hidden():
    hidden = [
        "unshare",
        "-m",
        "sh",
        "-c",
        'mount -t proc -o hidepid=2 proc /proc && exec "$@"',
        "-",
    ]
    if subprocess.run([*hidden, "true"], capture_output=True).returncode:
        pytest.skip("no mount is allowed here")
    leave_root = f"_leave.become({_leave.NOBODY})"
    facts = altered("with_leave", leave_root, *hidden)
    assert facts["user"] == _leave.NOBODY and facts["as_the_rule"]
    assert (
        facts["answers"]["another user"] == "EPERM" and "process 1" in facts["why"]["another user"]
    )
    assert altered("page_copies", leave_root, *hidden)["agree"]
    assert altered("one_address", leave_root, *hidden)["why"] == _pagemap.NOT_SHOWN


@pytest.mark.parametrize("root", [False, True])
@pytest.mark.parametrize("scope", leave_answers.SCOPES)
def test_the_rule_of_each_scope(scope, root):
    got = leave_answers.facts(scope, root=root)["rule"]
    assert got["itself"] and not got["another user"]
    assert got["parent"] == (scope != 3 and (root or scope != 2))
    assert got["child"] == got["sibling"] == (scope != 3 and (root or scope in (None, 0)))
    assert got["sibling with leave"] == got["parent"]


def test_a_rule_that_cannot_be_read_is_not_a_rule_of_0(tmp_path, monkeypatch):
    file = tmp_path / "ptrace_scope"
    monkeypatch.setattr(_leave, "SCOPE", str(file))
    assert _leave.scope() == (None, _leave.NO_FILE)
    for number in range(4):
        file.write_text(f"{number}\n")
        assert _leave.scope() == (number, None)
    file.write_text("?")
    assert _leave.scope()[0] is None and "cannot be read" in str(_leave.scope()[1])


# Aimed --------------------------------------------------------------------------------------------
@started
def test_four_writes_end_their_process_and_the_fifth_goes_unnoticed():
    facts = live("aimed").facts
    *four, record = facts["ended"]
    assert record == "another thread's record" and facts["noticed"] == 4
    assert {facts["ended"][place] for place in four} <= {"SIGSEGV", "SIGBUS"}
    assert facts["ended"][record] == "lived"
    assert {facts["after"][place] for place in four} == {None}
    assert (facts["before"][record], facts["after"][record]) == ("100", facts["wrote"])
    assert facts["owner_finds"][record] == facts["wrote"]
    assert facts["map"]["near zero"] is facts["map"]["memory given back"] is None
    assert facts["map"]["code"][1] == "-" and facts["map"][record][1] == "w"


@started
def test_one_place_alone():
    facts = live("aimed", at="near zero").facts
    assert facts["ended"] == {"near zero": "SIGSEGV"} and facts["noticed"] == 1


# Other Pythons ------------------------------------------------------------------------------------
@started
@pytest.mark.parametrize("version", ["python3.9", "python3.13"])
def test_on_other_pythons_the_same(version):
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no {version} here")
    assert live("page_copies", python=python).facts["copied"] == 3
    assert live("aimed", python=python).facts["noticed"] == 4
    assert live("astray", python=python).facts["writer_end"] == "SIGSEGV"
    assert live("with_leave", python=python).facts["as_the_rule"]
