"""Nothing that a probe has started outlives its worker, and nothing else is ever touched.

What escapes leaves its pid in the worker's folder (``fault_probes.py``), so that a test knows whom
to look for. Numbers of rows are those of the list of faults.
"""

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from conclib import worker
from conclib.lab import running
from conclib.results import Cancelled, WorkerError, WorkerTimeout
from conclib.worker import Worker, forms, marks, names, processes
from conclib.worker import family as ending
from conclib.worker.family import Family
from conclib.worker.marks import Signs
from tests import fault_probes, leaks
from tests.fault_probes import ESCAPES, SHORT, escape, own
from tests.worker_traces import alive, belonging_to, name_of

pytestmark = pytest.mark.worker
ROOT = Path(__file__).parent.parent
ENDS = {
    "well": ("pass", None),
    "raises": ("1 / 0", WorkerError),
    "times out": ("time.sleep(600)", WorkerTimeout),
    "is stopped": ("time.sleep(600)", Cancelled),
    "crashes": ("os.abort()", WorkerError),
}


def refused(*_: object) -> int:
    """Stand in for a call that a container forbids."""
    raise PermissionError(errno.EPERM, "Operation not permitted")


def escaping(item: Worker) -> int:
    """Return the pid of what escapes from a worker, which is there to be left."""
    pid = int(Path(item._folder, "pid").read_text())
    assert alive(pid), "there must be something that could be left"
    return pid


def run(text: str, end: str, seen: Callable[[], None]) -> None:
    """Measure a text that ends in one of the ``ENDS``; call ``seen`` while it is measured."""
    error, stop, called = ENDS[end][1], threading.Event(), []

    def tell(progress) -> None:
        if progress.phase == "calibrate" and not called:
            called.append(seen())
            if error is Cancelled:
                stop.set()

    with pytest.raises(error) if error else nullcontext():
        own(text, on_progress=tell, stop=stop)
    assert called


@pytest.fixture
def short(monkeypatch) -> None:
    """Let the deadline of a worker come soon."""
    monkeypatch.setattr(running, "SETUP", SHORT)


# While the worker lives, and after a crash --------------------------------------------------------
@pytest.mark.parametrize("way", ESCAPES)
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.usefixtures("short")
def test_nothing_escapes(way, end, starts):
    """Row 59 (a, b, d): also a child of the caller's, one whose first thread has ended, one given
    to init; the fixture finds what was killed and not collected."""
    if os.uname().machine not in ("x86_64", "aarch64"):
        pytest.skip("the numbers of system calls are not known here")
    if (way, end) == ("undumpable", "crashes") and os.getuid() != 0:
        pytest.skip("not promised: an ordinary user cannot see what would tell whose it is")
    pids = []
    run(escape(ESCAPES[way], ENDS[end][0]), end, lambda: pids.append(escaping(starts[0])))
    assert not alive(pids[0])


NO_PIDFD = {"cannot be had": (os, "pidfd_open"), "sends nothing": (signal, "pidfd_send_signal")}


@pytest.mark.parametrize(("module", "call"), NO_PIDFD.values(), ids=NO_PIDFD)
@pytest.mark.parametrize("end", ["well", "raises"])
def test_nor_where_a_pidfd(module, call, end, starts, monkeypatch):
    """Row 59 (e): a container may forbid either call."""
    monkeypatch.setattr(module, call, refused)
    pids = []
    text = escape(ESCAPES["an empty environment"], ENDS[end][0])
    run(text, end, lambda: pids.append(escaping(starts[0])))
    assert not alive(pids[0])


EATS = """
import os, sys, resource
from pathlib import Path
from conclib.lab import measuring
from conclib.worker import Worker
resource.setrlimit(resource.RLIMIT_NOFILE, (128, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
kept, pids, start = [], [], Worker.start
Worker.start = lambda item: (kept.append(item), start(item))[1]
def eat(progress):
    if progress.phase == "measure" and not pids:
        pids.append(Path(kept[0]._folder, "pid").read_text())
        try:
            while True:
                kept.append(os.dup(0))
        except OSError:
            pass
print(measuring.measure_own(sys.argv[1], budget=0.05, runs=1, on_progress=eat).source)
print(*pids)
"""


@pytest.mark.parametrize("way", ["an empty environment", "a child of the caller"])
def test_nor_where_descriptors_run_out_meanwhile(way):
    """Row 59 (f): looking takes descriptors, so the worker's own pipes are given back first."""
    text = escape(ESCAPES[way], "time.sleep(0.001)")
    done = subprocess.run(
        [sys.executable, "-c", EATS, text],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    source, pid = done.stdout.split()
    assert (source, done.stderr) == ("live", "")
    assert not alive(int(pid))


# what each process of a chain does, and the worker before it starts them
CHAINS = {
    "one session": ("pass", "pass"),
    "a session each": ("os.setsid()", "pass"),
    "no zombies": ("pass", "signal.signal(signal.SIGCHLD, signal.SIG_IGN)"),
}


@pytest.mark.serial  # such a chain races with who ends it, and beside others may run away longer
@pytest.mark.parametrize(("each", "first"), CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("end", ["well", "raises", "times out"])
@pytest.mark.usefixtures("short")
def test_chains_that_fork_and_end_at_once_are_over(each, first, end, starts, notices):
    """Row 59 (c): a look meets their zombies only, or nobody."""
    run(fault_probes.CHAINS.format(each=each, first=first, body=ENDS[end][0]), end, lambda: None)
    looks = [belonging_to(starts[0].id) for _ in range(20)]  # one look may miss them
    assert ([found for found in looks if found], notices) == ([], [])


def test_a_bomb_of_two_hundred_in_sessions_of_their_own_is_over(starts):
    """They go on forking while they are looked for; each is stopped first."""
    text = (
        "import os, time\ndef setup(params):\n    for _ in range(200):\n"
        "        if os.fork() == 0:\n            os.setsid()\n            os.chdir('/')\n"
        "            while True:\n                os.fork() or os._exit(0)\n"
        "                os.waitpid(-1, 0)\n"
        "def body(state, loops):\n    1 / 0\n"
    )
    with pytest.raises(WorkerError, match="ZeroDivisionError"):
        own(text)
    assert belonging_to(starts[0].id) == []


def test_one_that_waits_for_its_child_is_not_waited_for(starts, monkeypatch):
    """After vfork a parent cannot be stopped until its child has become another program."""
    monkeypatch.setattr(ending, "HALT", 20.0)
    killed = []
    monkeypatch.setattr(Family, "_killed", lambda item: killed.append(item) or True)
    how = """
    pid = os.fork()
    if pid == 0:
        if libc.syscall(CLONE, 0x4000 | signal.SIGCHLD, 0, 0, 0, 0) == 0:
            leave()
        time.sleep(600)
    while " D " not in open(f"/proc/{pid}/stat").read():
        time.sleep(0.001)"""
    pids = []
    run(escape(how), "well", lambda: pids.append(escaping(starts[0])))
    assert not alive(pids[0])
    assert killed == [], "that was the second way: to kill what will not stop"


def test_what_cannot_be_ended_is_said(starts, monkeypatch, notices):
    """Nothing is raised for it."""
    send, pids = processes.send, []

    def spares(process: processes.Process, number: int) -> None:
        if process.pid not in pids:
            send(process, number)

    monkeypatch.setattr(processes, "send", spares)
    text = escape(ESCAPES["an empty environment"])
    run(text, "well", lambda: pids.append(escaping(starts[0])))
    assert alive(pids[0])
    os.kill(pids[0], signal.SIGKILL)
    assert notices == [
        f"Something that a probe has started could not be ended and may go on (process {pids[0]})."
    ]


def test_a_worker_adopts_orphans_and_is_the_first_to_die():
    text = (
        "import ctypes, os\ndef report(params):\n    got = ctypes.c_int()\n"
        "    ctypes.PyDLL(None).prctl(37, ctypes.byref(got), 0, 0, 0)\n"
        "    return [got.value, int(open('/proc/self/oom_score_adj').read())]\n"
    )

    def use(workers: list[Worker]) -> object:
        workers[0].send_request()
        workers[0].answer(forms.Ready)
        return workers[0].answer(forms.Facts).data

    requests = [worker.Request("own", {}, text=text)]
    assert worker.run_workers(requests, use, deadline=20) == [1, 1000]


def test_where_nothing_was_started_nobody_is_looked_at(monkeypatch):
    """A worker's end is quick: Linux tells that it has no child, and that nobody is younger."""
    looked = []
    monkeypatch.setattr(processes, "everything", lambda *_: looked.append(1) or iter(()))
    monkeypatch.setattr(processes, "newest", lambda: family_pid[0])
    family_pid, start = [], Worker.start

    def noted(item: Worker) -> None:
        start(item)
        family_pid.append(item._process.pid)

    monkeypatch.setattr(Worker, "start", noted)
    worker.run_workers([worker.Request("empty", {})], lambda workers: None, deadline=20)
    assert (len(family_pid), looked) == (1, [])
    monkeypatch.setattr(processes, "newest", lambda: 0)
    worker.run_workers([worker.Request("empty", {})], lambda workers: None, deadline=20)
    assert looked


# Others -------------------------------------------------------------------------------------------
BYSTANDERS = {
    "an environment": {"env": {"A": "b"}},
    "none": {"env": {}},
    "none, in a session of its own": {"env": {}, "start_new_session": True},
    "another worker's name": {"env": {marks.MARK: "conclib-worker-uvwxyz-1-1-ab12cd"}},
    "what a worker prints, to be read": {"env": {}},
}


@pytest.mark.parametrize("kind", BYSTANDERS)
@pytest.mark.parametrize("end", ["raises", "crashes"])
def test_what_the_notebook_itself_starts_meanwhile_is_spared(kind, end, starts):
    """It is a child of the caller too, and younger than the worker; something escapes beside it."""
    made = []

    def start() -> None:
        named = dict(BYSTANDERS[kind])
        if "printed" in kind or "prints" in kind:
            (fd,) = [fd for fd, what in starts[0]._channel._fds.items() if what == "printed"]
            named["pass_fds"] = [fd]
        made.append(subprocess.Popen(["/bin/sleep", "600"], **named))

    text = escape(ESCAPES["a child of the caller"], ENDS[end][0])
    try:
        run(text, end, start)
        assert made[0].poll() is None
    finally:
        for process in made:
            process.kill()
            process.wait()


@pytest.fixture
def sent(monkeypatch) -> list[tuple[object, ...]]:
    """All signals that would be sent; none is."""
    calls: list[tuple[object, ...]] = []
    for module, name in ((os, "kill"), (os, "killpg"), (signal, "pidfd_send_signal")):
        monkeypatch.setattr(module, name, lambda *given, name=name: calls.append((name, *given)))
    return calls


NOT_OURS = {
    "0": lambda: 0, "-1": lambda: -1, "init": lambda: 1, "itself": os.getpid,
    "its parent": os.getppid, "its group": os.getpgrp, "nobody": lambda: 2**30,
}  # fmt: skip


@pytest.mark.parametrize("pid", NOT_OURS.values(), ids=NOT_OURS)
def test_of_what_it_did_not_start_nothing_is_stopped_or_ended(pid, sent):
    """Row 48: a number below 1 would mean whole groups."""
    family = Family(pid(), Signs(living("cccccc")))
    family.stop()
    assert family.end(0.0) == ""
    family.collect()
    assert (sent, family.found) == ([], [])


def test_nor_of_somebody_elses_child(sent):
    """Row 48: it leads a session of its own, as a worker does."""
    program = "import subprocess as s; p = s.Popen(['sleep', '600'], start_new_session=True); "
    program += "print(p.pid, flush=True); input(); p.kill(); p.wait()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        pid = int(other.stdout.readline())
        family = Family(pid, Signs(living("dddddd")))
        family.stop()
        assert family.end(0.0) == ""
        assert (sent, alive(pid)) == ([], True)
        other.communicate(b"\n")


@pytest.mark.parametrize("pid", [0, -1, 1, os.getpid(), 2**30], ids=["0", "-1", "1", "own", "none"])
def test_a_signal_to_init_a_group_itself_or_nobody_is_not_sent(pid, sent):
    """Row 48."""
    found = processes.look(pid)
    assert (found is None) == (pid not in (1, os.getpid()))
    processes.send(found or processes.Process(pid, 1, "S", 1), signal.SIGKILL)
    assert sent == []


# Marks: where the worker itself is gone -----------------------------------------------------------
@pytest.fixture
def marked() -> Iterator[Callable[..., subprocess.Popen]]:
    """Start sleeping processes that carry a worker's name."""
    made = []

    def make(worker_id: str, **named) -> subprocess.Popen:
        named = {"env": {marks.MARK: worker_id}, "start_new_session": True, **named}
        made.append(subprocess.Popen(["/bin/sleep", "600"], **named))
        if named["env"]:  # Popen comes back in the middle of exec, a moment before it is there
            environment = Path(f"/proc/{made[-1].pid}/environ")
            assert leaks.wait_until(environment.read_bytes)
        return made[-1]

    yield make
    for child in made:
        child.kill()
        child.wait()


def living(tail: str) -> str:
    """Return a name whose owner lives: that of another would be swept by tests in parallel."""
    return name_of(os.getpid(), names.started(os.getpid()), tail=tail)


def ended(child: subprocess.Popen) -> bool:
    """Tell whether a child is gone: killed and collected by somebody else here."""
    return leaks.wait_until(lambda: not Path(f"/proc/{child.pid}").exists())


def test_a_mark_finds_its_own_and_no_others(marked):
    """A name that begins alike is another name. What is found is killed, and collected."""
    mine, other = marked(living("aaaaaa")), marked(living("aaaaaab"))
    assert [each.pid for each in belonging_to(living("aaaaaa"))] == [mine.pid]
    assert marks.other_workers({living("aaaaaa")}) >= 1
    family = Family(2**30, Signs(living("aaaaaa")))
    assert family.end(0.0) == ""
    family.collect()
    assert ended(mine)
    assert other.poll() is None


def test_what_would_not_stop_in_time_is_collected_too(marked, monkeypatch):
    """Killed before any look has found it stopped, it is a zombie, which has no signs left."""
    monkeypatch.setattr("conclib.worker.family.HALTED", "")  # nothing counts as stopped
    mine = marked(living("bbbbbb"))
    family = Family(2**30, Signs(living("bbbbbb")))
    assert family.end(0.0) == ""
    assert family.found == [], "no look after its end can find it"
    family.collect()
    assert ended(mine)


def test_somebody_who_only_looks_into_the_folder_is_spared(temporary, marked):
    """A terminal that was opened there has an environment of its own."""
    folder = temporary / living("eeeeee")
    folder.mkdir()
    looking = marked("", cwd=folder, env={"SHELL": "/bin/sh"})
    emptied = marked("", cwd=folder, env={})
    found = lambda: [each.pid for each in belonging_to(folder.name)]  # noqa: E731
    assert leaks.wait_until(lambda: found() == [emptied.pid])
    folder.rmdir()
    assert found() == [emptied.pid]
    family = Family(2**30, Signs(folder.name))
    family.end(0.0)
    family.collect()
    assert ended(emptied)
    assert looking.poll() is None


def test_only_what_is_surely_abandoned_is_killed(marked, gone):
    """Row 62: in a container the owner's number says nothing here: its worker may be well."""
    foreign, odd = marked(name_of(gone, space="abcdef")), marked("conclib-worker-²-1-x")
    ours, dead = marked(living("ffffff")), marked(name_of(gone))
    marks.sweep_abandoned()
    assert dead.wait() == -signal.SIGKILL
    assert [each.poll() for each in (foreign, odd, ours)] == [None, None, None]


@pytest.mark.serial
def test_other_workers_are_counted_without_our_own(marked):
    before = marks.other_workers(set())
    mine = living("hhhhhh")
    marked(mine)
    assert marks.other_workers(set()) == before + 1
    assert marks.other_workers({mine}) == before


# One signal to one process ------------------------------------------------------------------------
@pytest.mark.parametrize("pidfd", [True, False])
def test_a_number_that_is_somebody_elses_by_now_is_spared(marked, monkeypatch, pidfd):
    if not pidfd:
        monkeypatch.setattr(os, "pidfd_open", refused)
    child = marked("")
    found = processes.look(child.pid)
    processes.send(found._replace(start=found.start - 1), signal.SIGKILL)
    assert child.poll() is None
    processes.send(found, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    processes.send(found, signal.SIGKILL)  # gone already: no error


@pytest.fixture
def made_up(tmp_path, monkeypatch) -> Callable[[str, str], None]:
    """A /proc of our own; write a stat file into it."""
    monkeypatch.setattr(processes, "PROC", tmp_path)
    (tmp_path / "self").symlink_to(str(os.getpid()))

    def write(folder: str, text: str) -> None:
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "stat").write_text(text)

    return write


STAT = "{pid} () R () {state} 7 11 5 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 {threads} 0 99 0 0\n"


def test_a_process_named_like_a_state_is_read_rightly(made_up):
    """Row 30."""
    made_up("11", STAT.format(pid=11, state="S", threads=1))
    assert processes.look(11) == processes.Process(11, 7, "S", 99, 5)
    assert list(processes.everything()) == [processes.look(11)]


@pytest.mark.parametrize(
    ("first", "other", "state"),
    [("Z", "S", "S"), ("Z", "T", "T"), ("Z", "Z", "Z"), ("S", "R", "S")],
)
def test_a_process_lives_as_long_as_one_of_its_threads(made_up, first, other, state):
    """Row 59 (b): what Linux lists of a process is the state of its first thread."""
    made_up("11", STAT.format(pid=11, state=first, threads=2))
    made_up("11/task/11", STAT.format(pid=11, state=first, threads=2))
    made_up("11/task/12", STAT.format(pid=12, state=other, threads=2))
    found = processes.look(11)
    assert (found.state, found.alive) == (state, state != "Z")
    assert found.thread == (12 if state != first else 0), "whose files can still be read"


def test_a_proc_of_another_namespace_is_none(made_up, tmp_path):
    """Its numbers mean other processes."""
    made_up("11", STAT.format(pid=11, state="S", threads=1))
    (tmp_path / "self").unlink()
    (tmp_path / "self").symlink_to("11")
    assert not processes.listed()
    assert processes.look(11) is None and list(processes.everything()) == []
    assert processes.children(11) is None
