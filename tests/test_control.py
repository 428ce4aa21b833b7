"""Control blocks: each field with its source, and a reason where it cannot be read.

What Linux shows of processes was recorded: of one that waits, one that is stopped, a zombie. Such
a tree of files is changed into what no machine gives on demand: a process that ends between two
reads, one that we may not look at, a Linux without some of the files.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from conclib.inspecting import control, control_files, control_text, fields, pcb, tcb
from tests import leaks

DATA = Path(__file__).parent / "data" / "proc"
PID = 4242
CHIEF = ("parent", "state", "stands at", "CPU time", "open files", "threads", "signals caught")
OWNER = (
    json.loads((DATA / "living.json").read_text())["files"]["status"].split("Uid:")[1].split()[0]
)


class Tree:
    """A made-up ``/proc`` with one process in it."""

    def __init__(self, top: Path, name: str) -> None:
        self.proc, data = str(top), json.loads((DATA / f"{name}.json").read_text())
        self.folder = top / str(PID)
        for place in (self.folder, self.folder / "task" / str(PID)):
            (place / "fd").mkdir(parents=True)
            for file, text in data["files"].items():
                (place / file).write_text(text)
            for link, target in data["links"].items():
                (place / link).symlink_to(target)
            for number in data["fd"]:
                (place / "fd" / number).touch()

    def change(self, file: str, old: str, new: str) -> None:
        """Change a text in a file, which must hold it."""
        path = self.folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def read(self) -> control.ControlBlock:
        """Return the control block of the process."""
        return pcb(PID, proc=self.proc)


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[str], Tree]:
    return lambda name: Tree(tmp_path, name)


# What is read -------------------------------------------------------------------------------------
def test_a_living_process_field_by_field(tree):
    block = tree("living").read()
    assert block.condition == "living" and block.tid is None and block.pid == PID
    wanted = {
        "pid": PID, "parent": 4200, "name": "cat", "program": "/usr/bin/cat", "user": 0,
        "state": "S (sleeping: it waits for something)", "program counter": 0x7F762FC2B2AD,
        "stack pointer": 0x7FFEB48F4D48, "stands at": "shared library (libc.so.6)",
        "waits in": "anon_pipe_read", "CPU time": 0, "time on a CPU": 772420, "policy": "normal",
        "priority": 20, "niceness": 0, "last CPU": 1, "CPUs allowed": "0-1", "threads": 1,
        "virtual memory": 3060 * 1024, "page tables": 48 * 1024, "open files": 3,
        "directory": "/srv/course", "umask": "0022", "signals caught": (), "control group": "/",
        "limit of the stack": 8 * 2**20, "limit of open files": 20000,
    }  # fmt: skip
    assert {name: block[name] for name in wanted} == wanted
    unread = {each.name: each.reason for each in block.fields if each.value is None}
    assert unread == {"exit code": "it has not ended"}


def test_a_stopped_process_differs_in_its_state_and_where_it_waits(tree, tmp_path):
    before = Tree(tmp_path / "a", "living").read()
    block = Tree(tmp_path / "b", "stopped").read()
    assert block["state"] == "T (stopped)"
    stands = {each.name for each in block.fields if each.group == "where it stands"}
    assert stands & set(block.changed(before)) == {"state", "waits in"}
    assert before.changed(before) == ()


def test_a_zombie_keeps_its_record_and_what_was_freed_says_so(tree):
    made = tree("zombie")
    made.change("stat", " 0\n", " 1792\n")  # as after exit(7)
    block = made.read()
    assert block.condition == "zombie" and block["state"].startswith("Z (zombie")
    assert block["parent"] == 4200 and block["time on a CPU"] > 0
    freed = ("virtual memory", "program", "directory", "program counter", "stack pointer",
             "system call", "stands at", "umask")  # fmt: skip
    assert {name: block.field(name).reason for name in freed} == dict.fromkeys(
        freed, control_files.ZOMBIE
    )
    if os.geteuid() == 0:  # as root's it was recorded
        assert block["exit code"] == "exit code 7"
        made.change("stat", " 1792\n", " 9\n")
        assert made.read()["exit code"] == "ended by SIGKILL"


def test_how_a_strangers_zombie_ended_is_not_shown_as_0(tree):
    made = tree("zombie")
    made.change("status", "Uid:\t0", "Uid:\t54321")
    if os.geteuid() != 0:
        assert made.read().field("exit code").reason == control_files.DENIED


@pytest.mark.parametrize("key", ["Uid", "Gid"])
@pytest.mark.parametrize("place", range(4))
def test_how_a_program_ended_that_changed_its_user_is_not_shown_as_0(tree, monkeypatch, key, place):
    """Set-uid: the real user is ours, the effective one is not."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "getegid", lambda: 1000)
    made = tree("zombie")
    status = (made.folder / "status").read_text()
    for name in ("Uid", "Gid"):
        line = next(each for each in status.splitlines() if each.startswith(name))
        made.change("status", line, f"{name}:" + "\t1000" * 4)
    assert made.read()["exit code"] is not None
    numbers = ["1000"] * 4
    numbers[place] = "0"
    made.change("status", f"{key}:" + "\t1000" * 4, "\t".join([f"{key}:", *numbers]))
    assert made.read().field("exit code").reason == control_files.DENIED


def test_a_process_whose_first_thread_alone_has_ended_is_no_zombie(tree):
    made = tree("zombie")
    made.change("stat", " 20 0 1 0 ", " 20 0 2 0 ")
    block = made.read()
    assert block.condition == "living" and block.field("exit code").reason == "it has not ended"


@pytest.mark.parametrize("name", [") R (", "a b", "((", "x) S 9 9 9"])
def test_a_process_may_have_any_name(tree, name):
    made = tree("living")
    made.change("stat", "(cat)", f"({name})")
    block = made.read()
    assert block["name"] == name and block["parent"] == 4200
    assert block["state"].startswith("S (")
    assert "<script>" not in block._repr_html_()


def test_a_name_is_text_and_no_markup(tree):
    made = tree("living")
    made.change("stat", "(cat)", "(<script>)")
    assert "<script>" not in made.read()._repr_html_()


def test_signals_have_names_and_real_time_ones_a_number(tree):
    made = tree("living")
    made.change("status", "SigCgt:\t0000000000000000", "SigCgt:\t8000000000004002")
    made.change("status", "ShdPnd:\t0000000000000000", "ShdPnd:\t0000000000000200")
    block = made.read()
    assert block["signals caught"] == ("SIGINT", "SIGTERM", "SIGRTMAX")
    assert block["signals pending"] == ("SIGUSR1",)
    made.change("status", "SigCgt:\t8000000000004002", "SigCgt:\t0000010000000000")
    assert made.read()["signals caught"] == ("signal 41",)


def test_a_running_one_has_its_registers_in_the_cpu(tree):
    made = tree("living")
    (made.folder / "syscall").write_text("running\n")
    block = made.read()
    for name in ("program counter", "stack pointer", "system call", "stands at"):
        assert block[name] is None and block.field(name).reason == control_files.RUNNING


def test_in_no_system_call(tree):
    made = tree("stopped")
    (made.folder / "syscall").write_text("-1 0x7ffeb48f4d48 0x562d345cc010\n")
    block = made.read()
    assert (block["system call"], block["stands at"]) == ("none", "text (cat)")
    (made.folder / "syscall").write_text("-1 0x7ffeb48f4d48 0x10\n")
    assert made.read().field("stands at").reason == "the address lies in no region of its map"


def test_control_groups_of_version_1_and_none(tree):
    made = tree("living")
    (made.folder / "cgroup").write_text("4:memory:/docker/ab\n3:cpuset:/x\n")
    assert made.read()["control group"] == "/docker/ab"
    (made.folder / "cgroup").write_text("")
    assert made.read()["control group"] is None


def test_a_policy_and_limits_without_a_bound(tree):
    made = tree("living")
    made.change("limits", "8388608              unlimited", "unlimited            unlimited")
    made.change("stat", " 17 1 0 0 ", " 17 1 0 5 ")
    block = made.read()
    assert block["limit of the stack"] == "none" and block["policy"] == "idle"
    made.change("stat", " 17 1 0 5 ", " 17 1 0 9 ")
    assert made.read()["policy"] == "number 9"


# What cannot be read ------------------------------------------------------------------------------
def test_one_that_is_gone(tree):
    made = tree("living")
    block = pcb(4343, proc=made.proc)
    assert block.condition == "gone" and {each.value for each in block.fields} == {None}
    assert {each.reason for each in block.fields} == {control_files.GONE}
    assert "There is no process of this number" in block.text


def test_one_that_ends_between_two_reads(tree, monkeypatch):
    made, read = tree("living"), control_files._read

    def ends(path: Path) -> str:
        if path.name == "schedstat":
            for file in made.folder.glob("s*"):
                file.unlink()
            made.folder.rename(made.folder.with_name("4343"))
        return read(path)

    monkeypatch.setattr(control_files, "_read", ends)
    block = made.read()
    assert block["name"] == "cat" and block["open files"] is None
    assert block.field("open files").reason == control_files.GONE and block.condition == "gone"


def test_no_proc_at_all(tmp_path):
    block = pcb(PID, proc=str(tmp_path / "none"))
    assert block.condition == "no /proc"
    assert {each.reason for each in block.fields} == {control_files.NO_PROC}


@pytest.mark.parametrize("file", ["syscall", "schedstat", "wchan", "limits", "cgroup", "maps"])
def test_a_linux_without_a_file_says_so_at_its_fields(tree, file):
    made = tree("living")
    (made.folder / file).unlink()
    block = made.read()
    lacking = [each for each in block.fields if each.reason == control_files.LACKING]
    assert lacking and all(file in each.source for each in lacking)
    assert block["parent"] == 4200


@pytest.mark.parametrize("file", ["status", "stat"])
def test_a_file_without_its_lines(tree, file):
    made = tree("living")
    (made.folder / file).write_text("")
    block = made.read()
    assert {each.reason for each in block.fields if each.source.startswith(f"{file}:")} <= {
        control_files.LACKING, "it has not ended",
    }  # fmt: skip


def test_what_is_denied_says_so_field_by_field(tree, monkeypatch):
    """As an ordinary user sees another one's process."""
    made, read = tree("living"), control_files._read

    def denied(path: Path) -> str:
        if path.name in ("syscall", "maps"):
            raise PermissionError(13, "Permission denied")
        if path.name == "wchan":
            raise OSError(5, "Input/output error")
        return read(path)

    monkeypatch.setattr(control_files, "_read", denied)
    block = made.read()
    for name in ("program counter", "stack pointer", "stands at"):
        assert block.field(name).reason == control_files.DENIED
    assert block.field("waits in").reason == "not readable: Input/output error"
    assert block["parent"] == 4200 and block.condition == "living"


@pytest.mark.parametrize("pid", [0, -1, 2**22 + 1, True, 1.5, "1", 10**100])
def test_no_number_of_a_process_is_refused(pid):
    with pytest.raises((TypeError, ValueError), match=r"pid=.* from 1 to 4,194,304"):
        pcb(pid)
    with pytest.raises((TypeError, ValueError), match="pid="):
        tcb(pid)
    with pytest.raises((TypeError, ValueError), match="tid="):
        tcb(None, pid)


# For real -----------------------------------------------------------------------------------------
def test_this_process_can_be_read_by_itself():
    block = pcb()
    assert block["pid"] == os.getpid() == block.pid and block["parent"] == os.getppid()
    assert block["umask"] == f"{_umask():04o}" and block["niceness"] == os.getpriority(0, 0)
    assert block["directory"] == str(Path.cwd())
    assert block.condition == "living"
    assert pcb(os.getpid())["pid"] == os.getpid()


def _umask() -> int:
    old = os.umask(0)
    os.umask(old)
    return old


def test_a_child_that_waits_and_then_has_ended():
    child = subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        assert pcb(child.pid)["parent"] == os.getpid()
        child.stdin.close()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        block = pcb(child.pid)
        assert block.condition == "zombie" and block["virtual memory"] is None
        assert block["exit code"] == "exit code 0"
    finally:
        child.wait()
    assert pcb(child.pid).condition == "gone"


def test_it_agrees_with_psutil():
    child = subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        assert leaks.wait_until(lambda: str(pcb(child.pid)["state"]).startswith("S"))
        block, known = pcb(child.pid), psutil.Process(child.pid)
        switches, memory = known.num_ctx_switches(), known.memory_info()
        assert {
            "name": known.name(), "parent": known.ppid(), "program": known.exe(),
            "directory": known.cwd(), "user": known.uids().real, "user's group": known.gids().real,
            "niceness": known.nice(), "threads": known.num_threads(), "last CPU": known.cpu_num(),
            "open files": known.num_fds(), "virtual memory": memory.vms,
            "switches by itself": switches.voluntary, "switches by force": switches.involuntary,
            "limit of open files": known.rlimit(psutil.RLIMIT_NOFILE)[0],
            "CPU time": round(sum(known.cpu_times()[:2]) * 1e9),
        }.items() <= {each.name: each.value for each in block.fields}.items()  # fmt: skip
    finally:
        child.communicate()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look at everything")
def test_of_another_users_process_much_is_denied():
    block = pcb(1)
    assert block.field("program counter").reason in (control_files.DENIED, control_files.LACKING)
    assert block.field("open files").reason == control_files.DENIED and block["pid"] == 1


def test_a_threads_own_fields():
    names = [each.name for each in tcb().fields]
    assert "tid" in names and "signals blocked" in names and "virtual memory" not in names
    other = []
    thread = threading.Thread(target=lambda: other.append(tcb()))
    thread.start()
    thread.join()
    assert other[0]["pid"] == os.getpid() and other[0]["tid"] == other[0].tid != os.getpid()
    assert tcb()["tid"] == threading.get_native_id()
    assert tcb(os.getpid(), 2**22).condition == "gone"


# Elsewhere than on Linux --------------------------------------------------------------------------
def test_without_proc_on_another_system_psutil_gives_what_it_knows(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "darwin")
    block = pcb(os.getpid(), proc=str(tmp_path / "none"))
    assert block["parent"] == os.getppid() and block.field("parent").source == "psutil"
    assert block.field("umask").reason == control_files.NO_PROC


@pytest.mark.parametrize(
    ("error", "condition", "reason"),
    [
        (psutil.NoSuchProcess(1), "gone", control_files.GONE),
        (psutil.AccessDenied(1), "denied", control_files.DENIED),
    ],
    ids=["gone", "denied"],
)
def test_what_psutil_may_not_know(monkeypatch, tmp_path, error, condition, reason):
    def refuse(_pid: int) -> None:
        raise error

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(psutil, "Process", refuse)
    block = pcb(77, proc=str(tmp_path / "none"))
    assert block.condition == condition and block.field("state").reason == reason


def test_a_zombie_elsewhere(monkeypatch, tmp_path):
    made = SimpleNamespace(status=lambda: psutil.STATUS_ZOMBIE, ppid=lambda: 7)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(psutil, "Process", lambda _pid: made)
    block = pcb(77, proc=str(tmp_path / "none"))
    assert block.condition == "zombie" and block["parent"] == 7


# How it is shown ----------------------------------------------------------------------------------
def test_each_field_has_a_name_of_its_own_a_source_and_a_meaning():
    names = [each.name for each in fields.SOURCES]
    assert len(set(names)) == len(names) and set(fields.SHORT) <= set(names)
    for each in fields.SOURCES:
        assert each.meaning.endswith(".") and len(each.meaning) < 100
        assert each.place and each.unit in ("", "bytes", "time", "address", "path")


def test_in_words(tree):
    block = tree("living").read()
    text = block.text
    assert text.startswith("Control block of process 4242 (cat): S (sleeping")
    for words in ("0x7f762fc2b2ad  [syscall: last number]", "8.00 MB  [limits: Max stack size]",
                  "(it has not ended)", "where it stands\n", "772 µs", "0 s", "none  [status: Sig",
                  ".../course  [cwd]", "/  [root]"):  # fmt: skip
        assert words in text
    assert repr(block) == text.splitlines()[0]
    assert "45 of 46 fields read" in repr(block)


def test_as_a_card_the_chief_fields_stand_open_and_all_of_them_folded(tree):
    block = tree("living").read()
    above, _, below = block._repr_html_().partition("<details>")
    assert [name for name in CHIEF if name not in above] == []
    assert "exit code" not in above and "umask" not in above
    assert "All 46 fields, each with its source, 1 of them not readable" in below
    assert "changed" in control_text.brief(block, ["state"]) and "changed" not in above


def test_as_plain_data_and_as_a_table(tree):
    block = tree("living").read()
    data = json.loads(json.dumps(block.to_json()))
    assert (data["schema"], data["type"], data["pid"], data["tid"]) == (
        1, "control block", PID, None,
    )  # fmt: skip
    assert len(data["fields"]) == len(block.fields)
    assert {"name", "value", "reason", "source", "meaning", "group", "unit"} == set(
        data["fields"][0]
    )
    frame = block.to_frame()
    assert frame.loc["parent", "value"] == 4200 and frame.loc["parent", "source"] == "status: PPid"


def test_an_unknown_field_is_refused_with_the_nearest(tree):
    with pytest.raises(KeyError, match="Did you mean 'niceness'"):
        tree("living").read()["nicenes"]


def test_a_record_cannot_be_changed(tree):
    block = tree("living").read()
    with pytest.raises(AttributeError):
        block.pid = 1
