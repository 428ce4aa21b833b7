"""The parts of the guard: its table of calls, its trial, who it refuses, what it says."""

import errno
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from conclib import lab
from conclib.inspecting import Room
from conclib.lab import doctor, guarding, sacrificing
from conclib.results import Cancelled, Unavailable, WorkerError
from conclib.worker.guard import calls, files, keeper, seccomp, trial
from conclib.worker.guard.limits import Limits
from tests import leaks, old_linux
from tests.bpf import answer
from tests.guard_cases import starts_guards

ROOT = Path(__file__).parent.parent
HEADERS = {
    calls.X86_64: "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    calls.AARCH64: "/usr/include/asm-generic/unistd.h",
}
OTHER = {calls.X86_64: calls.AARCH64, calls.AARCH64: calls.X86_64}
ME = 4321
machines = pytest.mark.parametrize("machine", calls.MACHINES)


# The table ---------------------------------------------------------------------------------------
def listed(machine: str) -> dict[str, int]:
    """Return all calls in the table by name."""
    groups = (*calls.ALWAYS, *calls.SIGNALS)
    texts = [group.calls for group in groups]
    texts += [test.call for test in (*calls.TESTS, *calls.SIGNAL_TESTS)]
    found = {pair for text in texts for pair in calls.numbers(text, machine).items()}
    assert len(found) == len(dict(found)) == len({number for _, number in found})
    return dict(found)


@machines
def test_the_numbers_are_linuxs_own(machine):
    if not Path(HEADERS[machine]).exists():
        pytest.skip("Linux's headers are not installed")
    text = Path(HEADERS[machine]).read_text()
    defined = {name: int(number) for name, number in
               re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}  # fmt: skip
    newer = {name for name in listed(machine) if name not in defined}
    assert {name: defined[name] for name in defined.keys() & listed(machine)} == {
        name: number for name, number in listed(machine).items() if name not in newer
    }
    assert all(listed(machine)[name] > max(defined.values()) for name in newer)


def test_what_one_processor_lacks_the_other_may_have():
    lacking = set(listed(calls.X86_64)) - set(listed(calls.AARCH64))
    assert {"open", "unlink", "rmdir", "chmod"} <= lacking
    assert set(listed(calls.AARCH64)) <= set(listed(calls.X86_64))


def test_another_processor_is_refused(monkeypatch):
    monkeypatch.setattr(calls.platform, "machine", lambda: "riscv64")
    with pytest.raises(OSError, match="knows x86-64 and aarch64, and this processor is 'riscv64'"):
        calls.here()


# The program -------------------------------------------------------------------------------------
@machines
@pytest.mark.parametrize("keeps", [True, False])
def test_the_program_refuses_what_the_table_says(machine, keeps):
    program = seccomp.program(ME, machine, keeps)
    assert len(program) < 4096
    for groups, refused in ((calls.ALWAYS, True), (calls.SIGNALS, not keeps)):
        for group in groups:
            for number in calls.numbers(group.calls, machine).values():
                expected = group.error if refused else "allowed"
                assert answer(program, machine, number) == expected


@machines
def test_some_calls_depend_on_an_argument(machine):
    program, number = seccomp.program(ME, machine, False), listed(machine)
    kept = seccomp.program(ME, machine, True)

    def asked(name, *arguments):
        return answer(program, machine, number[name], arguments)

    assert asked("openat", 0, 0, os.O_RDONLY | os.O_CLOEXEC) == "allowed"
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC):
        assert asked("openat", 0, 0, flags) == errno.EROFS
    assert asked("clone", signal.SIGCHLD) == "allowed"
    assert asked("clone", 0x10000000 | signal.SIGCHLD) == errno.EPERM  # CLONE_NEWUSER
    for pid, expected in ((ME, "allowed"), (0, "allowed"), (ME + 1, 1), (-1, 1), (1, 1)):
        assert asked("kill", pid, 9) == expected
        assert answer(kept, machine, number["kill"], (pid, 9)) == "allowed"
    assert (asked("tgkill", ME), asked("tgkill", 0)) == ("allowed", errno.EPERM)
    assert [asked("fcntl", 3, how) for how in (1, 8, 10, 15)] == ["allowed", 1, 1, 1]
    assert [asked("socketpair", 1, kind) for kind in (1, 0x80001, 2, 3)] == [*["allowed"] * 2, 1, 1]
    assert [asked("socketpair", family, 1) for family in (1, 2, 30)] == ["allowed", 1, 1]
    # FIOCLEX and TCGETS are Python's own; FIOSETOWN, SIOCSPGRP, FS_IOC_SETFLAGS, TIOCSTI are not.
    assert [asked("ioctl", 3, what) for what in (0x5451, 0x5401)] == ["allowed"] * 2
    assert {asked("ioctl", 3, what) for what in (0x8901, 0x8902, 0x40086602, 0x5412)} == {1}
    assert [asked("prctl", option) for option in (4, 15)] == [errno.EPERM, "allowed"]
    assert [asked("prlimit64", pid) for pid in (0, ME, 7)] == ["allowed", "allowed", 1]


@machines
def test_calls_of_another_processor_or_a_newer_linux_do_not_slip_through(machine):
    program = seccomp.program(ME, machine, True)
    assert answer(program, OTHER[machine], 0) == "killed"
    assert answer(program, machine, calls.FIRST_UNKNOWN) == errno.ENOSYS
    assert answer(program, machine, calls.FIRST_UNKNOWN - 1) == "allowed"
    if machine == calls.X86_64:
        assert answer(program, machine, seccomp.X32 + 1) == errno.EPERM


# The trial ---------------------------------------------------------------------------------------
HELD = {"read": False, "write": False, "change": False, "connect": False, "signal": False}
REPORT = {
    "output": "", "tasks": 40, "allowed_tasks": 40, "clean": True, "python": "3.11.2",
    "landlock": 7, "ended": "exited",
}  # fmt: skip


def judged(**other):
    said = {**HELD, "forks": 39, **{name: other.pop(name) for name in HELD if name in other}}
    said["forks"] = other.pop("forks", 39)
    report = {**REPORT, "output": trial.json.dumps(said), **other}
    return trial.held(lambda code: report)


def test_a_guard_that_holds_passes():
    assert judged() == {"faults": [], "reads": False, "python": "3.11.2", "landlock": 7}
    assert judged(read=True)["reads"]


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ({"write": True}, "a file could be changed"),
        ({"connect": True}, "a server could be reached"),
        ({"signal": True}, "a process outside could be signalled"),
        ({"forks": 200, "tasks": 201}, "it let 201 tasks live at once"),
        ({"forks": 80}, "it let 81 tasks live at once"),
        ({"tasks": 1}, "of 40 processes the keeper counted 1"),
        ({"clean": False}, "something was left behind"),
    ],
)
def test_one_that_lets_something_through_does_not(other, fault):
    assert judged(**other)["faults"] == [fault]


@pytest.mark.parametrize(
    "output", ["", "Traceback\nImportError: no socket", "[]", '{"forks": "x"}']
)
def test_nor_one_in_which_the_trial_did_not_run(output):
    faults = trial.held(lambda code: {**REPORT, "output": output})["faults"]
    assert any("the trial itself did not run" in fault for fault in faults)


def test_what_the_code_says_is_not_believed_where_it_can_be_seen():
    """The file is changed, a connection comes, and the code says that it could do nothing."""

    def run(code):
        path, port = re.search(r"open\('([^']+)'", code)[1], re.search(r'1", (\d+)', code)[1]
        Path(path).write_text("changed")
        with trial.socket.create_connection(("127.0.0.1", int(port))):
            return {**REPORT, "output": trial.json.dumps({**HELD, "forks": 39})}

    faults = trial.held(run)["faults"]
    assert faults == ["a file could be changed", "a server could be reached"]


# Choosing one ------------------------------------------------------------------------------------
@pytest.fixture
def tried(monkeypatch):
    """What each trial reports, in order; an error is raised."""
    answers = []

    def report(request, forms, stop=None):
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return {"faults": [], "reads": False, "python": "3.11.2", "landlock": 7, **found}

    monkeypatch.setattr(guarding, "_held", {})
    monkeypatch.setattr(guarding, "ROUNDS", 1)
    monkeypatch.setattr(guarding, "_pythons", lambda: [None, "/usr/bin/python3"])
    monkeypatch.setattr(guarding, "report", report)
    return answers


def test_the_first_python_that_holds_is_taken_and_tried_once(tried):
    tried += [{}]
    assert guarding.guard() == guarding.guard() == guarding.Guard(None, "3.11.2")
    assert guarding.feature() == (True, "")


def test_the_next_one_takes_its_place_and_it_is_said_why(tried):
    tried += [Unavailable("trial: it cannot be read"), {"python": "3.12.1"}]
    found = guarding.guard()
    assert found == guarding.Guard("/usr/bin/python3", "3.12.1", False, "it cannot be read")
    assert sacrificing._notes(found) == ("It ran in another Python, 3.12.1: it cannot be read.",)


def test_an_ordinary_users_other_programs_may_spoil_a_trial_so_there_is_another(tried, monkeypatch):
    monkeypatch.setattr(guarding, "ROUNDS", 3)
    failed = [{"faults": ["it let 100 tasks live at once"]}, Unavailable("trial: crowded")]
    tried += [*failed, {}]
    assert guarding._choose(1000) == guarding.Guard(None, "3.11.2")
    tried += [*failed, {}]
    with pytest.raises(Unavailable, match=r"crowded$"):
        guarding._choose(0)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_where_others_took_what_the_code_was_to_have_it_is_begun_again(monkeypatch, times):
    ends = [keeper.Crowded("crowded")] * (times - 1) + [{"ended": "exited"}]

    class Made:
        def __init__(self, code, limits):
            pass

        def run(self):
            if isinstance(ends[0], Exception):
                raise ends.pop(0)
            return ends.pop(0)

    monkeypatch.setattr(keeper, "Keeper", Made)
    assert keeper.patiently("pass", Limits()) == {"ended": "exited"} and not ends
    ends += [keeper.Crowded("crowded")] * 3
    with pytest.raises(keeper.Refused):
        keeper.patiently("pass", Limits())


def test_where_none_holds_it_is_refused_and_doctor_says_so(tried, monkeypatch):
    tried += [{"faults": ["a file could be changed"]}, WorkerError("it ended")] * 3
    with pytest.raises(Unavailable, match=r"no guard holds here, so %%sacrifice .*: it ended$"):
        lab.sacrifice("1/0")
    works, reason = guarding.feature()
    assert not works and "it ended" in reason
    report = replace(made_up_report(), features={guarding.NAME: doctor._guard()})
    assert "(needed for code of your own that does harm (%%sacrifice); it is refused)" in repr(
        report
    )


def made_up_report() -> doctor.MachineReport:
    here = doctor.machines.host(), doctor.machines.own_runtime()
    return doctor.MachineReport(*here, {}, {}, {}, doctor.NEEDED_FOR)


def test_where_files_can_be_read_it_asks_first(tried):
    tried += [{"reads": True}, {"reads": True}]
    with pytest.raises(Unavailable, match=r"could read your files.*%%sacrifice may_read=yes"):
        lab.sacrifice("1/0")
    assert guarding.feature() == (False, guarding.READS)
    assert "It could have read your files" in sacrificing._notes(guarding.guard())[0]


def test_with_too_little_memory_nothing_starts(monkeypatch):
    monkeypatch.setattr(guarding, "memory_room", lambda: Room(1000, 2000))
    monkeypatch.setattr(guarding, "_held", {os.geteuid(): guarding.Guard(None, "3.11.2")})
    with pytest.raises(Unavailable, match=r"1024 MB must be free, and .* 1000 MB of that are free"):
        lab.sacrifice("1/0")


# On other machines -------------------------------------------------------------------------------
def elsewhere(*command: str) -> str:
    """Return what a small program prints that runs as if on another machine."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    return done.stdout + done.stderr


SAYS = "from conclib.lab import guarding; print(guarding.feature())"


@starts_guards
def test_doctor_says_whether_it_is_possible_here():
    works, reason = guarding.feature()
    assert lab.machine().features["sacrifice"] == {"works": works, "reason": reason}


@starts_guards
def test_linux_without_landlock_asks_and_without_filters_refuses():
    old = [sys.executable, "-m", "tests.old_linux"]
    said = elsewhere(*old, old_linux.LANDLOCK, sys.executable, "-c", SAYS)
    # Root becomes a user who may not read root's files anyway.
    assert said == (f"{(True, '')}\n" if os.geteuid() == 0 else f"{(False, guarding.READS)}\n")
    said = elsewhere(*old, old_linux.NO_FILTERS, sys.executable, "-c", SAYS)
    assert "no guard holds here" in said and "seccomp: Function not implemented" in said


@starts_guards
@pytest.mark.skipif(os.geteuid() != 0, reason="root alone can be a root with less rights")
def test_root_that_may_not_become_another_user_is_refused():
    drop = "from conclib.worker.guard import linux; linux.prctl('', 24, 7)"  # its bounding set
    start = f"import os, sys; os.execv(sys.executable, [sys.executable, '-c', {SAYS!r}])"
    said = elsewhere(sys.executable, "-c", f"{drop}; {start}")
    assert "this is root, and here root may not become another user" in said


CLOSED = """
import sys
from conclib.worker.guard import files, linux, nobody
files.version = lambda: {version}
linux.prctl("", nobody.PR_SET_NO_NEW_PRIVS, 1)
print(files.close_off(files.readable()))
import wave  # from this Python's library
try:
    open({path!r})
except PermissionError:
    print("closed")
"""


@pytest.mark.parametrize("version", range(1, 8))
def test_each_version_of_landlock_closes_off_what_is_no_program(version, tmp_path):
    """Older versions know fewer rights, and take a shorter text of them."""
    if files.version() < version:
        pytest.skip(f"this Linux has version {files.version()} of Landlock")
    (tmp_path / "secret").write_text("s3cret")
    text = CLOSED.format(version=version, path=str(tmp_path / "secret"))
    assert elsewhere(sys.executable, "-c", text) == f"{version}\nclosed\n"


@pytest.mark.sweep
def test_without_landlock_the_filter_alone_holds():
    """All bad ideas once more; a user who gave leave to read has given it."""
    other = "bad_idea and not (secrets or environ)" if os.geteuid() else "bad_idea and not secrets"
    command = [sys.executable, "-m", "pytest", "tests/test_guard.py", "-p", "no:nbval", "-n0"]
    said = elsewhere(
        sys.executable, "-m", "tests.old_linux", old_linux.LANDLOCK, *command, "-k", other
    )
    assert " passed" in said and "failed" not in said, said[-3000:]


# Stop, and sudden ends ---------------------------------------------------------------------------
STUBBORN = """
import os, signal, time
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
for _ in range(200):
    try:
        if not os.fork():
            os.setsid()
            break
    except OSError:
        break
time.sleep(60)
"""


def guards(folder: str) -> set[int]:
    """Return the processes of guards whose temporary folder lies in this one."""
    mark, found = f"TMPDIR={folder}/".encode(), set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and mark in leaks._read(f"{entry}/environ"):
            found.add(int(entry.name))
    return found


def guarded() -> None:
    """Skip where no guard holds."""
    try:
        guarding.guard()
    except Unavailable as failure:
        pytest.skip(str(failure))


@starts_guards
@pytest.mark.parametrize("ends", [Cancelled, KeyboardInterrupt])
def test_stop_ends_all_of_it(ends):
    guarded()
    stop, folder = threading.Event(), tempfile.gettempdir()

    def in_the_middle():
        assert leaks.wait_until(lambda: len(guards(folder)) > 20, 15)
        if ends is Cancelled:
            stop.set()
        else:
            os.kill(os.getpid(), signal.SIGINT)

    watch = threading.Thread(target=in_the_middle)
    watch.start()
    with pytest.raises(ends):
        lab.sacrifice(STUBBORN, seconds=20, may_read=True, stop=stop)
    watch.join()
    assert guards(folder) == set()


@starts_guards
@pytest.mark.parametrize("whose", ["caller", "keeper"])
def test_a_caller_or_a_keeper_that_is_killed_leaves_nothing(whose, temporary):
    """Rows 18 and 9: the maker sees the end of a pipe, and ends all that it has started.

    A killed caller's folder is swept at the next use.
    """
    guarded()
    folder = str(temporary)
    text = f"""
from conclib import lab
lab.guarding.guard()  # its trial is a bomb, too
print("trusted", flush=True)
lab.sacrifice({STUBBORN!r}, seconds=20, may_read=True)
"""
    with subprocess.Popen(
        [sys.executable, "-c", text], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, start_new_session=True, env={**os.environ, "TMPDIR": folder},
    ) as caller:  # fmt: skip
        first = caller.stdout.readline()
        assert first == "trusted\n", first + caller.stdout.read()
        assert leaks.wait_until(lambda: len(guards(folder)) > 20, 20)
        victim = caller.pid if whose == "caller" else min(guards(folder), key=_started)
        os.kill(victim, signal.SIGKILL)
        assert leaks.wait_until(lambda: not guards(folder), 3)
        said = caller.communicate(timeout=20)[0]
    assert whose == "caller" or "WorkerError" in said


def _started(pid: int) -> int:
    return (leaks._status(pid) or (0, sys.maxsize, ""))[1]
