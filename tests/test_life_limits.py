"""Lives, maps and ladders where something is limited: what was not done is not said to be done."""

import os
import resource
import subprocess
import sys
import time

import pytest

from conclib import lab
from conclib.chapters.ch07_memory import judges
from conclib.inspecting import control_files, inspect, numbering, pcb, tcb
from conclib.probes import _accounts
from conclib.results import Unavailable

started = pytest.mark.worker
SCRIPT = """
import os, resource
{limit}
from conclib.probes import _precautions, _sacrifice
told = _sacrifice.run(lambda report: report(list(resource.getrlimit(resource.RLIMIT_CORE))))
print(told.end, told.lines)
"""


@pytest.mark.parametrize(("hard", "limit"), [(0, 0), (1, 1), (4096, 1)])
def test_a_core_limit_that_may_not_be_raised_stays(hard, limit):
    """As an ordinary user, whose hard limit is final."""
    drop = "os.setgid(65534); os.setuid(65534)" if os.getuid() == 0 else ""
    lower = f"resource.setrlimit(resource.RLIMIT_CORE, ({hard}, {hard}))"
    script = SCRIPT.format(limit=lower).replace("told =", f"{drop}\ntold =")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == f"lived [[{limit}, {limit}]]\n", done.stderr


@started
def test_few_descriptors_are_enough_for_two_that_look_at_each_other():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (50, hard))
    try:
        assert lab.observe("own_things").facts["all_own"]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@started
def test_not_one_thread_says_nothing_about_the_cost_of_one():
    facts = lab.observe("more_threads", limit_mb=1).facts
    assert facts["there"] == 0 and facts["refused"]
    assert not [each for each in (*facts["each_mb"].values(), *facts["all_mb"].values())
                if each is not None]  # fmt: skip


@started
@pytest.mark.slow
def test_long_stops_end_in_time():
    facts = lab.observe("freeze", tries=100, run_ms=1900, hold_ms=2000).facts
    assert facts["stood_still"] == facts["went_on"] == len(facts["tries"]) > 1


def test_memory_that_was_refused_does_not_pass_for_an_act():
    from conclib.probes import _refuse
    from conclib.probes.life import act

    doing = object.__new__(act.Doing)
    doing._malloc = lambda _: None
    with pytest.raises(_refuse.Unavailable, match="refused the memory"):
        doing.large(8)


def test_a_rollup_that_fails_on_a_living_process_is_added_up_from_its_parts(monkeypatch):
    """Row 28: ESRCH."""

    def read(path):
        if path.endswith("rollup"):
            raise ProcessLookupError
        return "Rss: 4 kB\nPss: 2 kB\nPrivate_Clean: 0 kB\nPrivate_Dirty: 1 kB\n"

    monkeypatch.setattr(_accounts, "read", read)
    assert _accounts.resident(7) == {"rss": 4, "pss": 2, "uss": 1}


def test_an_empty_proc_is_none_and_nobody_is_gone(monkeypatch, tmp_path):
    monkeypatch.setattr(numbering, "PROC", str(tmp_path))
    assert pcb(7, proc=str(tmp_path)).condition == "no /proc"


def test_numbers_of_another_namespace_are_nobody_we_know(monkeypatch, tmp_path):
    """``unshare --pid --fork`` without a new ``/proc``: its number 1 is not ours."""
    monkeypatch.setattr(numbering, "PROC", str(tmp_path))
    (tmp_path / "self").symlink_to("99")
    (tmp_path / "1" / "fd").mkdir(parents=True)
    (tmp_path / "1" / "status").write_text("Pid:\t1\n")
    for block in (pcb(1, proc=str(tmp_path)), tcb(1, proc=str(tmp_path)), pcb(proc=str(tmp_path))):
        assert block.condition == "other namespace"
        assert {each.value for each in block.fields} == {None}
        assert {each.reason for each in block.fields} == {numbering.OTHER_NAMESPACE}
    with pytest.raises(Unavailable, match="another PID namespace"):
        inspect(1, proc=str(tmp_path))


def test_a_record_is_compared_with_a_record_only():
    with pytest.raises(TypeError, match="before=int: must be what"):
        pcb().changed(7)


def test_no_kernel_stack_counted_decides_nothing(monkeypatch):
    from types import SimpleNamespace

    each = {"tables": 0.06, "kernel": 0.0}
    item = SimpleNamespace(facts={"each_mb": each})
    monkeypatch.setattr(judges, "_latest", lambda *_, **__: item)
    assert judges.tables([]).word == judges.verdicts.INCONCLUSIVE


HEADLESS = """
import ctypes, threading
threading.Thread(target=input).start()
ctypes.CDLL(None).pthread_exit(0)
"""


@started
def test_a_process_whose_first_thread_has_ended_has_memory_that_is_not_known():
    with subprocess.Popen([sys.executable, "-c", HEADLESS], stdin=subprocess.PIPE) as child:
        try:
            while pcb(child.pid)["state"][:1] != "Z":
                time.sleep(0.01)
            space, block = inspect(child.pid), pcb(child.pid)
        finally:
            child.kill()
    for name in ("open files", "resident memory", "program", "stack pointer", "system call"):
        assert block[name] is None
        assert block.field(name).reason == control_files.FIRST_ENDED
    assert set(vars(space.totals).values()) == {None} and "others go on" in space.notes[0]


def test_a_pipe_in_the_place_of_a_library_is_not_opened(tmp_path):
    from conclib.inspecting import sections
    from conclib.probes import _elf

    path = str(tmp_path / "lib.so")
    os.mkfifo(path)
    assert _elf.loads(path) == [] and sections.sections(path) == ()


def test_a_count_that_others_disturbed_does_not_say_that_memory_is_kept(monkeypatch):
    from types import SimpleNamespace

    from conclib.chapters.ch07_memory import rules

    size = 128 * 1024
    runs = [
        SimpleNamespace(
            params={"do": do, "size_mb": 128},
            facts={"back_kb": [0, back], "in_ram_kb": [size, size, 0]},
        )
        for do, back in (("wait", -50_000), ("read", size))
    ]
    monkeypatch.setattr(rules, "observed", lambda *_: runs)
    assert rules.holders(None, {}, ["kept", "unloaded", "shared"])[0] is None
