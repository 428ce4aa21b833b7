"""What a worker could leave behind, and that none of it stays: folders and names.

And the other way round: what is not surely ours is never touched, and nothing that somebody has put
into a shared folder makes a start fail. Numbers of rows are those of the list of faults.
"""

import errno
import os
import stat
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing import resource_tracker, shared_memory
from pathlib import Path

import pytest

import conclib
from conclib import lab
from conclib.lab import observing, running
from conclib.results import Cancelled, ProtocolError, WorkerError, WorkerTimeout
from conclib.worker import folders, names, processes, removal, shared
from tests import fault_probes
from tests.fault_probes import SHORT, own
from tests.worker_traces import name_of

started = pytest.mark.worker
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
not_root = pytest.mark.skipif(os.getuid() == 0, reason="root may enter any folder")


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


def test_a_name_cannot_be_taken_beforehand():
    """Row 56: who knows all the rest of it would have to make two thousand million folders."""
    made = {names.new() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(name.rpartition("-")[2]) for name in made} == {6}


@pytest.mark.parametrize("tail", ["ab12cd", "ab12"], ids=["as now", "as names were once"])
def test_what_is_left_of_a_caller_that_is_gone_is_known_by_its_name(gone, tail):
    assert names.abandoned(name_of(gone, tail=tail))
    assert names.within(f"sem.{name_of(gone, tail=tail)}-k3x9") == name_of(gone, tail=tail)


UNSEEN = {
    "no descriptor is left": OSError(errno.EMFILE, "Too many open files"),
    "it is hidden": FileNotFoundError(errno.ENOENT, "No such file or directory"),
    "it may not be read": PermissionError(errno.EPERM, "Operation not permitted"),
}


@pytest.mark.parametrize("failure", UNSEEN.values(), ids=UNSEEN)
@pytest.mark.parametrize("living", [True, False], ids=["alive", "gone"])
def test_a_caller_that_cannot_be_looked_at_is_asked_for_in_another_way(
    failure, living, gone, monkeypatch
):
    """Rows 56, 62, 63: what is not seen in /proc is not gone because of that."""

    def fails(_: str) -> bytes:
        raise failure

    name = name_of(os.getppid() if living else gone)
    monkeypatch.setattr(processes, "_contents", fails)
    assert names.abandoned(name) == (not living)


@pytest.mark.parametrize("pid", ["0", "1", "9999999999"])
def test_a_number_that_is_no_callers_is_nobody_gone(pid, monkeypatch):
    monkeypatch.setattr(processes, "look", lambda _: None)
    assert not names.abandoned(name_of(pid))


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
    removal.remove(top, "aside")
    assert sorted(path.name for path in temporary.iterdir()) == ["precious"]
    assert (precious / "x").read_text() == "x"


def test_a_link_in_the_place_of_a_folder_goes_alone(temporary):
    """Row 57."""
    (temporary / "target").mkdir()
    (temporary / "link").symlink_to(temporary / "target")
    removal.remove(temporary / "link", "aside")
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
        "sys.setrecursionlimit(100)\nremoval.remove(Path(sys.argv[1], 'top'), 'aside')\n"
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
    removal.remove(temporary / "top", "aside")
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
        "A measuring process's temporary folder could not be removed (Operation not permitted). "
        f"It is left as {left}; you may delete it."
    ]
    assert not names.abandoned(left.name)


def test_what_something_is_mounted_on_is_not_to_be_deleted(temporary, notices, monkeypatch):
    """Linux says so where it is to get another name; see ``test_worker_namespaces.py``."""
    folder = Path(folders.make())
    (folder / "stays").mkdir()

    def refuse(*_: object, **named: object) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(os, "rename", refuse)
    folders.remove(str(folder))
    assert (folder / "stays").is_dir()
    assert notices == [
        "A measuring process's temporary folder could not be removed (Device or resource busy). "
        f"It is left as {folder}; something is mounted in it: unmount that first."
    ]


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


def test_a_temporary_folder_given_as_a_dot_is_an_absolute_one(temporary, monkeypatch):
    """TMPDIR=. -- a worker works in its own folder, where the dot would mean another one."""
    monkeypatch.chdir(temporary)
    monkeypatch.setattr(tempfile, "tempdir", ".")
    assert Path(folders.make()).parent == temporary
    folders.sweep_abandoned()
    assert len(list(temporary.iterdir())) == 1


def test_a_temporary_folder_of_a_working_folder_that_is_gone(temporary, monkeypatch):
    monkeypatch.setattr(folders, "ELSEWHERE", (str(temporary),))
    (temporary / "gone").mkdir()
    monkeypatch.chdir(temporary / "gone")
    (temporary / "gone").rmdir()
    monkeypatch.setattr(tempfile, "tempdir", ".")
    assert Path(folders.make()).parent == temporary


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
{first}
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
@pytest.mark.parametrize("first", ["", "lab.measure('empty', budget=0.01, runs=1)"])
def test_without_descriptors_the_recording_takes_over(left, outcome, first):
    """Row 63: each step of a start fails once, the very first too, before the probes were read.

    With none at all no recording can be opened.
    """
    done = subprocess.run(
        [sys.executable, "-c", NO_DESCRIPTORS.format(left=left, first=first)],
        capture_output=True, text=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout == f"{outcome}\n{outcome}\n{{False}} True\n"


def test_recordings_are_found_again_when_there_are_descriptors_again():
    """A folder that could not be opened is not kept as an empty one."""
    code = (
        "import os, resource\nfrom conclib.results import Measurement, recordings\n"
        "free = os.dup(0); os.close(free)\n"
        "soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (free, most))\n"
        "try:\n    recordings.recorded(Measurement)\nexcept OSError as error:\n"
        "    print(error.errno)\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (soft, most))\n"
        "print(len(recordings.recorded(Measurement)) > 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == f"{errno.EMFILE}\nTrue\n", done.stderr


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
