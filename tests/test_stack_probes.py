"""The probes about stacks of threads: where they lie, what is in them, and who can reach it."""

import ast
import math
import os
import subprocess
import sys
from itertools import pairwise, permutations

import pytest

from conclib import lab
from conclib.probes import _own_stack, _task_records
from tests import house

PATCHED = """
import sys
sys.path.insert(0, {place!r})
from probes import {modules}
from probes.stack import {probe}
{patch}
given = {{name: each["default"] for name, each in {probe}.PROBE["params"].items()}}
try:
    print({probe}.report({{**given, **{params!r}}}))
except _refuse.Unavailable as error:
    print("unavailable:", error)
"""


def patched(probe: str, patch: str, modules: str = "_refuse", **params: object) -> str:
    """Run a probe in a bare Python in which something of the library is replaced."""
    place = str(house.ROOT / "conclib")
    text = PATCHED.format(place=place, modules=modules, probe=probe, patch=patch, params=params)
    asked = [sys.executable, "-I", "-S", "-c", text]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


# Four stacks ---------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize(("threads", "depth"), [(4, 1), (3, 5)])
def test_one_instruction_and_one_function_and_as_many_locals_as_threads(threads, depth):
    facts = lab.observe("four_stacks", threads=threads, depth=depth).facts
    many = facts["addresses"]
    assert (many["function"], many["local"]) == (1, threads)
    assert many["global"] in (1, None)
    if not facts["why"]:
        assert (many["instruction"], many["stack pointer"]) == (1, threads)
        assert facts["waits_file"]
    assert facts["values"] == [1111 * number for number in range(1, threads + 1)]
    assert len(set(facts["from_top"])) == 1
    for each in facts["threads"].values():
        assert each["stack_start"] < each["local"] < each["stack_end"]
        assert each["fence_end"] in (each["stack_start"], None)


@pytest.mark.worker
def test_each_call_within_a_call_lies_lower_on_the_same_stack():
    facts = lab.observe("four_stacks", threads=2, depth=4).facts
    for name, places in facts["local_at"].items():
        steps = [one - other for one, other in pairwise(places)]
        assert len(places) == 4 and min(steps) > 0 and len(set(steps)) == 1
        for local, pointer in zip(places, facts["stack_pointer_at"][name], strict=True):
            assert pointer is None or pointer < local


@pytest.mark.worker
def test_what_is_a_threads_own_differs_from_thread_to_thread():
    own = lab.observe("four_stacks").facts["threads"].values()
    assert len({each["tid"] for each in own}) == len({each["blocks"] for each in own}) == 4
    assert len({each["process"] for each in own}) == 1
    if os.nice(0) < 16:  # nobody may become nicer than 19
        assert len({each["niceness"] for each in own}) == 4


BARRED = """
read = _looking.read
_looking.read = lambda pid, name: None if name.endswith("syscall") else read(pid, name)
"""


@pytest.mark.worker
def test_where_linux_does_not_show_where_a_thread_stands_the_rest_is_there():
    facts = ast.literal_eval(patched("four_stacks", BARRED, "_refuse, _looking"))
    assert facts["addresses"]["local"] == 4
    assert facts["addresses"]["instruction"] is None
    assert facts["why"].startswith("Linux does not show here")
    assert facts["threads"]["A"]["stack_pointer"] is None


@pytest.mark.worker
def test_a_record_without_a_known_place_for_the_size_is_refused():
    text = patched("four_stacks", "_ftw.RECORD = 8", "_refuse, _ftw")
    assert text == "unavailable: where ftw keeps a file's size is not clear on this machine\n"


# A visitor -----------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("watcher", ["asleep", "running"])
@pytest.mark.parametrize("how", ["told", "searched"])
def test_a_local_is_overwritten_told_or_not_asleep_or_not(how, watcher):
    facts = lab.observe("overwrite_local", how=how, watcher=watcher).facts
    assert facts["found"] == facts["written"] != facts["before"]
    assert facts["ended"] == "lived"
    assert (facts["looks"] > 0) == (watcher == "running")
    assert (facts["hits"] is None) == facts["told"]
    assert facts["told"] or facts["hits"] >= 1


@pytest.mark.worker
def test_a_write_to_the_fence_ends_the_process():
    facts = lab.observe("overwrite_local", aim="fence").facts
    assert (facts["ended"], facts["found"]) == ("SIGSEGV", None)
    assert facts["below_local"] > 0


@pytest.mark.worker
def test_without_a_fence_there_is_nothing_to_aim_at():
    patch = "_own_stack.fence = lambda *_: 0"
    text = patched("overwrite_local", patch, "_refuse, _own_stack", aim="fence")
    assert text.startswith("unavailable: there is no fence")


def test_the_list_of_regions_says_what_may_be_read():
    closed = {"start": 0, "end": 4096, "perms": "---p"}
    opened = {**closed, "perms": "rw-p"}
    assert _own_stack.may_be_read([opened], 10)
    assert not _own_stack.may_be_read([closed], 10)
    assert not _own_stack.may_be_read([opened], 5000)
    assert (_own_stack.rights([closed], 10), _own_stack.rights([], 10)) == ("---p", "")


# Orders, forks, stacks used again ------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("gate", ["no", "yes"])
def test_each_round_has_one_order_of_all(gate):
    facts = lab.observe("order_signed", gate=gate, threads=3, rounds=60).facts
    assert set(facts["orders"]) <= {"".join(each) for each in permutations("123")}
    assert sum(facts["orders"].values()) == facts["rounds"] == 60
    assert facts["kinds"] == len(facts["orders"])
    assert facts["as_started"] == facts["orders"].get("123", 0)
    assert facts["possible"] == math.factorial(3)
    assert gate == "no" or facts["kinds"] > 1


@pytest.mark.worker
@pytest.mark.parametrize("threads", [0, 3])
def test_a_child_has_one_task_and_all_the_stacks(threads):
    facts = lab.observe("fork_beside", threads=threads).facts
    assert (facts["tasks_parent"], facts["tasks_child"]) == (threads + 1, 1)
    assert facts["stacks_parent"] == facts["stacks_child"] == threads
    assert facts["child_runs"] == facts["forked_by"]


@pytest.mark.worker
def test_threads_that_live_together_have_stacks_of_their_own():
    together = lab.observe("stack_reuse", live="together").facts
    assert (together["places"], together["found_it"]) == (4, 3)
    after = lab.observe("stack_reuse", live="one after another").facts
    assert len(after["left_behind"]) == 3
    assert after["places"] <= 4


# Users and records ---------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("call", ["library", "system call"])
def test_the_library_reaches_all_threads_the_system_call_one(call):
    facts = lab.observe("set_user", call=call).facts
    if facts["what"] == "user":
        assert facts["changed"] == ["first", "second"][call == "system call" :]
        assert facts["why"] == ""
    else:
        assert facts["changed"] == ["second"]
        assert facts["why"] and facts["call"] == "system call"


@pytest.mark.worker
def test_who_is_not_root_gives_up_something_else():
    facts = ast.literal_eval(patched("set_user", "import os; os.geteuid = lambda: 1000"))
    assert (facts["what"], facts["changed"]) == ("new rights", ["second"])
    assert facts["after"] == {"first": 0, "second": 1}
    assert facts["why"].startswith("only root")


@pytest.mark.worker
def test_linux_shows_the_same_fields_of_a_thread_and_of_a_process():
    facts = lab.observe("task_records", count=40).facts
    assert facts["only_one_has"] == []
    assert facts["fields"]["process"] == facts["fields"]["thread"] > 50
    assert bool(facts["why"]) == (facts["record_bytes"] is None)


SLABS = """slabinfo - version: 2.1
# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables
task_struct          106    135   5888    5    8 : tunables    0    0    0 : slabdata
task_struct_other      1      2      3    4    5 : tunables
mm_struct            146    200   1600   20    8 : tunables    0    0    0 : slabdata

"""


def test_records_are_read_from_the_list_of_slabs():
    assert _task_records.records(SLABS) == {"task_struct": (106, 5888), "mm_struct": (146, 1600)}
    assert _task_records.records("") == {}


@pytest.mark.parametrize(
    ("processes", "threads", "verdict"),
    [
        (100, 95, True),
        (100, 3, False),  # a Linux that keeps no full record for a thread
        (100, 50, None),  # others start and end tasks, too
        (100, 160, None),
        (12, 100, None),  # each process surely has one: this count cannot be trusted
        (None, None, None),
    ],
)
def test_a_record_for_each_task_or_not_or_not_clear(processes, threads, verdict):
    both = [{} if more is None else {"task_struct": more} for more in (processes, threads)]
    assert _task_records.verdict(*both, 100) is verdict


@pytest.mark.parametrize(
    ("said", "told"),
    [([None, True], True), ([False, None, False], None), ([False] * 3, False), ([None] * 3, None)],
)
def test_a_count_that_is_not_clear_is_taken_again(said, told, monkeypatch):
    monkeypatch.setattr(_task_records, "read", lambda: {"task_struct": (1, 2)})
    counts: list[int] = []
    monkeypatch.setattr(_task_records, "counted", lambda n: counts.append(n) or ({}, {}, {1}, {1}))
    monkeypatch.setattr(_task_records, "verdict", lambda *_: said[len(counts) - 1])
    assert _task_records.facts(50)["each_has_one"] is told
    assert counts == [50] * len(said)


def test_why_records_cannot_be_counted(monkeypatch):
    assert _task_records.why_not({"task_struct": (1, 2)}) == ""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert _task_records.why_not({}) == _task_records.ABSENT
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert _task_records.why_not({}) == _task_records.BARRED
