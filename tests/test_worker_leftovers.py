"""What a worker could leave behind, and that none of it stays: folders, names, processes.

And the other way round: what is not surely ours is never touched, and nothing that somebody has put
into a shared folder makes a start fail. Numbers of rows are those of the list of faults.
"""

import errno
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker, shared_memory
from pathlib import Path

import pytest

import conclib
from conclib import lab, worker
from conclib.lab import observing, running
from conclib.results import Cancelled, ProtocolError, WorkerError, WorkerTimeout, hooks
from conclib.worker import Worker, family, folders, forms, marks, names, processes, removal, shared
from tests import fault_probes, leaks
from tests.fault_probes import SHORT, own

started = pytest.mark.worker
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
not_root = pytest.mark.skipif(os.getuid() == 0, reason="root may enter any folder")


@pytest.fixture
def notices(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that the user is told meanwhile."""
    heard: list[str] = []
    monkeypatch.setattr(hooks.on_notice, "listeners", [heard.append])
    return heard


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder of the test's own, with a path short enough for sockets in it."""
    with tempfile.TemporaryDirectory(prefix="") as name:
        monkeypatch.setattr(tempfile, "tempdir", name)
        monkeypatch.setattr(folders, "ELSEWHERE", ())
        yield Path(name)


@pytest.fixture(scope="module")
def gone() -> int:
    """The pid of a process that has ended and was collected."""
    child = subprocess.Popen(["/bin/true"])
    child.wait()
    return child.pid


def name_of(pid: int, start: object = 1, tail: str = "abcd", space: str = "") -> str:
    """Return a worker's name as the caller with this pid and start time makes it."""
    return f"{names.PREFIX}{space or names._space(os.getpid())}-{pid}-{start}-{tail}"


# Names --------------------------------------------------------------------------------------------
def test_a_name_tells_whose_it_is():
    name = names.new()
    _, _, space, pid, start, _ = name.split("-")
    assert (len(space), int(pid), int(start)) == (6, os.getpid(), names.started(os.getpid()))
    assert not names.abandoned(name)
    assert names.abandoned(name_of(os.getpid(), int(start) + 1)), "the number, used again"


ODD_NAMES = [
    "", "conclib-worker-", "conclib-worker-²-1-x", "conclib-worker-1-1-abcdefgh",
    "conclib-worker-uvwxyz-²-1-abcd", "conclib-worker-uvwxyz--1-1-abcd", "other-uvwxyz-1-1-abcd",
    "conclib-worker-uvwxyz-1-1-abcd\n", "conclib-worker-uvwxyZ-1-1-abcd",
    "conclib-worker-uvwxyz-99999999999-1-abcd", "conclib-worker-uvwxyz-1-1-abcd/..",
]  # fmt: skip


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_name_that_is_not_exactly_ours_is_nobodys(name):
    """Row 56: digits of other scripts among them."""
    assert not names.abandoned(name)
    assert names.within(f"sem.{name}") == ""


def test_of_another_machine_or_namespace_nobody_is_taken_for_gone(gone):
    """Row 62: there the number means another process, or one that we cannot see."""
    assert names.abandoned(name_of(gone))
    assert not names.abandoned(name_of(gone, space="abcdef"))


def test_without_proc_nobody_is_taken_for_gone(gone, monkeypatch, tmp_path):
    """Row 62: another system. Better a folder too many than one taken from somebody."""
    name = name_of(gone)
    names._space.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(names, "PROC", tmp_path)
        assert not names.abandoned(name)
        assert names.FORM.fullmatch(names.new())
    names._space.cache_clear()
    assert names.abandoned(name)


def test_a_name_within_a_name():
    name = name_of(1)
    assert names.within(f"sem.{name}-k3x9") == name
    assert names.within(name) == name
    assert names.within(f"{name}x") == names.within(f"x{name}") == ""


# Removal ------------------------------------------------------------------------------------------
def test_removal_follows_no_link_and_takes_all_kinds(temporary):
    precious = temporary / "precious"
    precious.mkdir()
    (precious / "x").write_text("x")
    top = temporary / "top"
    (top / "a" / "b").mkdir(parents=True)
    (top / "a" / "b" / "out").symlink_to(precious)
    (top / "out").symlink_to(precious)
    os.mkfifo(top / "pipe")
    removal.remove(top)
    assert sorted(path.name for path in temporary.iterdir()) == ["precious"]
    assert (precious / "x").read_text() == "x"


def test_a_link_in_the_place_of_a_folder_goes_alone(temporary):
    """Row 57."""
    (temporary / "target").mkdir()
    (temporary / "link").symlink_to(temporary / "target")
    removal.remove(temporary / "link")
    assert [path.name for path in temporary.iterdir()] == ["target"]


@pytest.mark.slow
def test_deep_nesting_needs_neither_recursion_nor_descriptors(temporary):
    """Row 57: 3,000 levels, in a process that may recurse 100 times and open 30 files."""
    program = (
        "import os, resource, sys\nfrom pathlib import Path\nfrom conclib.worker import removal\n"
        "here = os.open(sys.argv[1], os.O_RDONLY)\nos.mkdir('top', dir_fd=here)\n"
        "os.chdir(sys.argv[1] + '/top')\n"
        "for _ in range(3000):\n    os.mkdir('d'); os.chdir('d')\n"
        "os.fchdir(here)\nresource.setrlimit(resource.RLIMIT_NOFILE, (30, 30))\n"
        "sys.setrecursionlimit(100)\nremoval.remove(Path(sys.argv[1], 'top'))\n"
    )
    command = [sys.executable, "-c", program, str(temporary)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert (done.returncode, done.stderr) == (0, "")
    assert list(temporary.iterdir()) == []


@not_root
def test_a_folder_that_nobody_may_enter_is_mended(temporary):
    (temporary / "top" / "a" / "b").mkdir(parents=True)
    for name in ("top/a/b", "top/a", "top"):
        (temporary / name).chmod(0)
    removal.remove(temporary / "top")
    assert list(temporary.iterdir()) == []


def test_what_cannot_be_removed_is_set_aside_and_said(temporary, notices, monkeypatch):
    """Row 57. It keeps its content, and no later sweep looks at it."""
    folder = Path(folders.make())
    (folder / "stays").write_text("x")
    real = os.unlink

    def refuse(path: object, **named: object) -> None:
        if path == "stays":
            raise PermissionError(errno.EPERM, "Operation not permitted")
        real(path, **named)

    monkeypatch.setattr(os, "unlink", refuse)
    folders.remove(str(folder))
    left = temporary / f"not-removed-{folder.name}"
    assert [path.name for path in temporary.iterdir()] == [left.name]
    assert (left / "stays").read_text() == "x"
    assert notices == [
        "A worker's temporary folder could not be removed (Operation not permitted). It is left as "
        f"{left}; you may delete it."
    ]
    assert not names.abandoned(left.name)


@started
@pytest.mark.parametrize("code", fault_probes.FOLDERS.values(), ids=fault_probes.FOLDERS)
@pytest.mark.parametrize("end", ["well", "badly"])
def test_whatever_a_probe_makes_of_its_folder_goes(temporary, notices, starts, code, end):
    """Row 57: and the next start is unharmed."""
    text = fault_probes.folder_probe(code, "pass" if end == "well" else "1 / 0")
    if end == "well":
        assert own(text).source == "live"
    else:
        with pytest.raises(WorkerError, match="ZeroDivisionError"):
            own(text)
    assert list(temporary.iterdir()) == []
    assert notices == []
    assert lab.measure("empty", budget=0.01, runs=1).source == "live"


# Sweeping -----------------------------------------------------------------------------------------
def test_only_what_is_surely_dead_and_ours_is_swept(temporary, gone, notices):
    """Rows 56, 57, 62: a deep one, one of mode 0, a link and a file in a folder's place too."""
    deep, barred = temporary / name_of(gone, 1), temporary / name_of(gone, 2)
    (deep / "a" / "b").mkdir(parents=True)
    barred.mkdir(mode=0)
    (temporary / "target").mkdir()
    (temporary / name_of(gone, 3)).symlink_to(temporary / "target")
    (temporary / name_of(gone, 4)).write_text("")
    kept = [
        Path(folders.make()).name, "target", "pymp-xyz", "conclib-worker-²-1-x",
        name_of(gone, space="abcdef"), name_of(gone) + ".old",
    ]  # fmt: skip
    for name in kept[2:]:
        (temporary / name).mkdir()
    folders.sweep_abandoned()
    assert {path.name for path in temporary.iterdir()} == set(kept)
    assert notices == []


@as_root
@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_belongs_to_another_user_is_never_touched(temporary, gone, kind, monkeypatch):
    """Row 56: neither in the temporary folder nor in shared memory, and nothing fails."""
    monkeypatch.setattr(folders, "SHARED", temporary)
    path = temporary / name_of(gone)
    {"folder": path.mkdir, "file": path.touch, "link": lambda: path.symlink_to("/usr")}[kind]()
    os.chown(path, 12345, 12345, follow_symlinks=False)
    before = path.lstat()
    folders.sweep_abandoned()
    assert path.lstat() == before


@pytest.mark.serial
def test_names_in_shared_memory_are_swept_likewise(temporary, gone, monkeypatch):
    monkeypatch.setattr(folders, "SHARED", temporary)
    name = Path(folders.make()).name
    kept = [f"sem.{name}-x", "sem.mp-other", "conclib-worker-²-1-x", f"sem.x{name_of(gone)}-x"]
    for each in (*kept, f"sem.{name_of(gone)}-x"):
        (temporary / each).write_text("")
    folders.sweep_abandoned()
    assert {path.name for path in temporary.iterdir()} == {name, *kept}
    folders.remove(str(temporary / name))
    assert {path.name for path in temporary.iterdir()} == set(kept[1:])


@pytest.mark.serial
@started
def test_odd_names_in_shared_memory_stop_nobody(gone):
    """Row 56, as it was found: anybody could make everybody's first measurement fail."""
    odd = [folders.SHARED / "conclib-worker-²-1-x", folders.SHARED / "conclib-worker-1-²-x"]
    for path in odd:
        path.write_text("")
    try:
        program = "from conclib import lab; print(lab.measure('empty', budget=0.01, runs=1).source)"
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True, text=True, cwd=Path(__file__).parents[1],
        )  # fmt: skip
        assert (done.stdout, done.stderr) == ("live\n", "")
        assert all(path.exists() for path in odd)
    finally:
        for path in odd:
            path.unlink()


# Where a folder is made ---------------------------------------------------------------------------
def test_a_folder_is_its_owners_whatever_the_umask(temporary):
    previous = os.umask(0o777)
    try:
        folder = Path(folders.make())
    finally:
        os.umask(previous)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@started
@pytest.mark.parametrize("probe", ["mp_forkserver", "pool_task"])
def test_a_long_temporary_folder_is_no_reason_not_to_measure(probe, tmp_path, monkeypatch, starts):
    """Row 68: sockets have short paths. The folder lies elsewhere then, and is removed there."""
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    params = {"pool": "process"} if probe == "pool_task" else {}
    assert lab.measure(probe, budget=0.02, runs=1, **params).source == "live"
    assert starts
    assert all(len(item._folder) <= folders.MAX_PATH for item in starts)
    assert not any(Path(item._folder).exists() for item in starts)


@started
def test_an_unwritable_temporary_folder_is_no_reason_not_to_measure(tmp_path, monkeypatch):
    """Row 63: here TMPDIR is a file, so that root cannot write there either."""
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    assert lab.measure("empty", budget=0.01, runs=1).source == "live"


@pytest.fixture
def nowhere(temporary, monkeypatch) -> None:
    """No folder in which a worker's own could be made."""
    (temporary / "file").write_text("")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / "file"))


def test_without_a_folder_it_says_why(nowhere):
    with pytest.raises(WorkerError, match=r"no private folder could be made .*Not a directory"):
        own("def body(state, loops):\n    pass\n")


def test_without_a_folder_the_recording_takes_over_and_the_machine_answers(nowhere):
    """Row 63."""
    item = lab.measure("fork", cpu="one")
    assert item.source == "recorded"
    assert "no private folder could be made" in item.notes[-1]
    seen = lab.observe("fork_twice")
    assert seen.source == "recorded"
    assert "no private folder could be made" in seen.notes[-1]
    report = lab.machine()
    assert all("no private folder" in each["reason"] for each in report.features.values())
    assert report.host.cpus == os.cpu_count()


NO_DESCRIPTORS = """
import os, resource
from conclib import lab
from conclib.results import WorkerError
lab.measure("empty", budget=0.01, runs=1)
free = os.dup(0); os.close(free)
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (free + {left}, most))
before = sorted(os.listdir("/proc/self/fd")) if {left} else None
try:
    print(lab.measure("fork", budget=0.01, runs=1).source)
except WorkerError as error:
    print("WorkerError", "Too many open files" in str(error))
try:
    print(lab.observe("fork_twice").source)
except WorkerError as error:
    print("WorkerError", "Too many open files" in str(error))
print({{each["works"] for each in lab.machine().features.values()}}, lab.machine().host.cpus > 0)
assert before is None or sorted(os.listdir("/proc/self/fd")) == before
"""


@started
@pytest.mark.parametrize(
    ("left", "outcome"), [(0, "WorkerError True"), *((few, "recorded") for few in (2, 5, 8, 9, 10))]
)
def test_without_descriptors_the_recording_takes_over(left, outcome):
    """Row 63: each step of a start fails once. With none at all no recording can be opened."""
    done = subprocess.run(
        [sys.executable, "-c", NO_DESCRIPTORS.format(left=left)],
        capture_output=True, text=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout == f"{outcome}\n{outcome}\n{{False}} True\n"


def test_a_story_is_told_from_the_recording_where_no_worker_can_start(nowhere):
    """Row 63: what a notebook calls."""
    told = conclib.story("fork_twice")
    assert "(recorded on " in told.title
    assert told.steps and told.lines


def test_nonsense_of_a_worker_is_not_replaced_by_a_recording(monkeypatch):
    def nonsense(*given: object, **options: object) -> None:
        raise ProtocolError("nonsense")

    monkeypatch.setattr(observing, "run_workers", nonsense)
    with pytest.raises(ProtocolError, match="nonsense"):
        lab.observe("fork_twice")


# Shared memory ------------------------------------------------------------------------------------
BLOCKS = {
    "raises": ("1 / 0", WorkerError),
    "times out": ("time.sleep(600)", WorkerTimeout),
    "is stopped": ("time.sleep(600)", Cancelled),
    "ends well": ("pass", None),
    "crashes": ("os.abort()", WorkerError),
}


@started
@pytest.mark.serial
@pytest.mark.parametrize(("body", "error"), BLOCKS.values(), ids=BLOCKS)
def test_shared_memory_of_a_probe_goes_with_it(body, error, starts, monkeypatch):
    """Row 58, 8 of 8: the resource tracker gets its moment before the group is killed."""
    monkeypatch.setattr(running, "SETUP", SHORT)
    blocks = []

    def tell(progress) -> None:
        if progress.phase in ("calibrate", "calibrated", "measure"):
            block = Path(starts[-1]._folder, "block").read_text()
            blocks.append(block)
            assert (folders.SHARED / block).exists(), "there must be something that could be left"
            if error is Cancelled:
                stop.set()

    for _ in range(8):
        stop = threading.Event()
        text = fault_probes.SHARED_MEMORY.format(body=body)
        if error is None:
            own(text, on_progress=tell)
        else:
            with pytest.raises(error):
                own(text, on_progress=tell, stop=stop)
    assert len(set(blocks)) == 8
    assert [name for name in blocks if (folders.SHARED / name).exists()] == []


@pytest.mark.serial
@started
def test_the_tracker_is_waited_for_and_not_longer_than_it_takes(temporary):
    """Its children hold its pipe: they must go first, or it would never unlink."""
    text = fault_probes.SHARED_MEMORY.format(body="1 / 0").replace(
        "    return block", "    os.fork() or time.sleep(600)\n    return block"
    )
    before = set(folders.SHARED.iterdir())
    with pytest.raises(WorkerError, match="ZeroDivisionError"):
        own(text)
    assert set(folders.SHARED.iterdir()) == before


# Escapes ------------------------------------------------------------------------------------------
ENDS = {
    "well": ("pass", None),
    "raises": ("1 / 0", WorkerError),
    "times out": ("time.sleep(600)", WorkerTimeout),
    "is stopped": ("time.sleep(600)", Cancelled),
}


def alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    found = processes.look(pid)
    return found is not None and found.alive


@started
@pytest.mark.parametrize("way", [*fault_probes.ESCAPES, "no pidfd"])
@pytest.mark.parametrize("end", ENDS)
def test_nothing_escapes_while_the_worker_lives(way, end, starts, monkeypatch):
    """Row 59: a session of its own, no parent, another environment, undumpable, in `/`."""
    monkeypatch.setattr(running, "SETUP", SHORT)
    if way == "no pidfd":
        monkeypatch.setattr(os, "pidfd_open", refused)
    body, error = ENDS[end]
    stop, pids = threading.Event(), []

    def tell(progress) -> None:
        if progress.phase != "setup" and not pids:
            pids.append(int(Path(starts[0]._folder, "pid").read_text()))
            assert alive(pids[0]), "there must be something that could be left"
            if error is Cancelled:
                stop.set()

    text = fault_probes.escape(fault_probes.ESCAPES.get(way, "time.sleep(600)"), body)
    if error is None:
        own(text, on_progress=tell)
    else:
        with pytest.raises(error):
            own(text, on_progress=tell, stop=stop)
    assert len(pids) == 1
    assert not alive(pids[0])


def refused(pid: int, flags: int = 0) -> int:
    """Stand in for a pidfd_open that a container forbids."""
    raise PermissionError(errno.EPERM, "Operation not permitted")


@pytest.mark.serial  # it looks for whatever was born meanwhile
@started
def test_a_bomb_of_two_hundred_in_sessions_of_their_own_is_over(starts):
    """They go on forking while they are looked for; each is stopped first."""
    text = (
        "import os, time\ndef setup(params):\n    for _ in range(200):\n"
        "        if os.fork() == 0:\n            os.setsid()\n            os.chdir('/')\n"
        "            while True:\n                os.fork() or os._exit(0)\n"
        "                os.waitpid(-1, 0)\n"
        "def body(state, loops):\n    1 / 0\n"
    )
    before = {each.pid for each in processes.everything()}
    with pytest.raises(WorkerError, match="ZeroDivisionError"):
        own(text)
    born = [each for each in processes.everything() if each.pid not in before and each.alive]
    assert [each for each in born if b"_start.py" in processes.read(each, "cmdline")] == []


@started
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


# Marks: where the worker itself is gone -----------------------------------------------------------
@pytest.fixture
def marked() -> Iterator[Callable[..., subprocess.Popen]]:
    """Start sleeping processes that carry a worker's name."""
    made = []

    def make(worker_id: str, **named) -> subprocess.Popen:
        named = {"env": {marks.MARK: worker_id}, "start_new_session": True, **named}
        made.append(subprocess.Popen(["/bin/sleep", "600"], **named))
        return made[-1]

    yield make
    for child in made:
        child.kill()
        child.wait()


def pids(found: list[processes.Process]) -> list[int]:
    """Return their numbers."""
    return [each.pid for each in found]


@started
def test_the_sweep_finds_its_own_and_no_others(marked):
    """A name that begins alike is another name."""
    mine, other = marked(name_of(1, tail="aaaa")), marked(name_of(1, tail="aaaab"))
    assert pids(marks.belonging_to(name_of(1, tail="aaaa"))) == [mine.pid]
    assert marks.other_workers({name_of(1, tail="aaaa")}) >= 1
    assert marks.sweep(name_of(1, tail="aaaa")) >= 1
    assert mine.wait() == -signal.SIGKILL
    assert other.poll() is None


@started
def test_somebody_who_only_looks_into_the_folder_is_spared(temporary, marked):
    """A terminal that was opened there has an environment of its own."""
    folder = temporary / name_of(1)
    folder.mkdir()
    looking = marked("", cwd=folder, env={"SHELL": "/bin/sh"})
    emptied = marked("", cwd=folder, env={})
    assert leaks.wait_until(lambda: pids(marks.belonging_to(folder.name)) == [emptied.pid])
    marks.sweep(folder.name)
    assert emptied.wait() == -signal.SIGKILL
    assert looking.poll() is None


@started
def test_only_what_is_surely_abandoned_is_killed(marked, gone):
    """Row 62: in a container the owner's number says nothing here: its worker may be well."""
    foreign, odd = marked(name_of(gone, space="abcdef")), marked("conclib-worker-²-1-x")
    living, dead = marked(name_of(os.getpid(), names.started(os.getpid()))), marked(name_of(gone))
    marks.sweep_abandoned()
    assert dead.wait() == -signal.SIGKILL
    assert [each.poll() for each in (foreign, odd, living)] == [None, None, None]


@pytest.mark.serial
@started
def test_other_workers_are_counted_without_our_own(marked):
    before = marks.other_workers(set())
    marked(name_of(os.getpid()))
    assert marks.other_workers(set()) == before + 1
    assert marks.other_workers({name_of(os.getpid())}) == before


# One signal to one process ------------------------------------------------------------------------
@started
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


@pytest.mark.parametrize("pid", [0, -1, 2**30])
def test_a_number_that_nobody_has_is_no_process(pid):
    """Row 48: 0 and -1 would mean whole groups to kill."""
    assert processes.look(pid) is None
    processes.send(processes.Process(pid, 1, "S", 1), signal.SIGKILL)


def test_a_process_named_like_a_state_is_read_rightly(tmp_path, monkeypatch):
    """Row 30."""
    (tmp_path / "11").mkdir()
    (tmp_path / "11" / "stat").write_text(
        "11 () R () S 7 11 11 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 99 0 0\n"
    )
    monkeypatch.setattr(processes, "PROC", tmp_path)
    assert processes.look(11) == processes.Process(11, 7, "S", 99)
    assert list(processes.everything()) == [processes.look(11)]


@started
def test_a_family_is_found_by_its_parents(marked):
    shell = subprocess.Popen(
        ["/bin/sh", "-c", "sleep 600 & sleep 600 & wait"], start_new_session=True
    )
    try:
        assert leaks.wait_until(lambda: len(family.descendants(shell.pid)) == 2)
        assert {each.parent for each in family.descendants(shell.pid)} == {shell.pid}
        family.end(shell.pid, 0.0)
        assert shell.wait() == -signal.SIGKILL
    finally:
        shell.kill()
        shell.wait()


# Names that no tracker knows ----------------------------------------------------------------------
UNREGISTERED = """
import os, time
from multiprocessing import resource_tracker, shared_memory
def setup(params):
    resource_tracker.register = lambda *given: time.sleep(600)  # it is just being started
    return shared_memory.SharedMemory(create=True, size=4096)
def body(state, loops):
    pass
"""


@pytest.mark.serial
@started
def test_a_block_that_was_not_registered_yet_goes_too(monkeypatch):
    """Row 58, as the campaign found it: the worker was ended between making and registering."""
    monkeypatch.setattr(running, "SETUP", SHORT)
    before = set(folders.SHARED.iterdir())
    with pytest.raises(WorkerTimeout):
        own(UNREGISTERED)
    assert set(folders.SHARED.iterdir()) == before


@pytest.mark.serial
@started
def test_a_block_that_was_there_before_the_worker_stays():
    """Somebody else's, which a probe has only attached."""
    block = shared_memory.SharedMemory(create=True, size=4096)
    try:
        text = (
            "from multiprocessing import resource_tracker, shared_memory\ndef setup(params):\n"
            "    resource_tracker.register = lambda *given: None\n"
            f"    return shared_memory.SharedMemory({block.name!r})\ndef body(state, loops):\n"
            "    pass\n"
        )
        time.sleep(2 * shared.COARSE)
        assert own(text).source == "live"
        assert (folders.SHARED / block.name).exists()
    finally:
        block.close()
        block.unlink()
        resource_tracker._resource_tracker._stop()
