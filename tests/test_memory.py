"""The limits that hold for this process, as control groups of both versions set them.

Made-up trees of files stand in for machines that we do not have. On a machine where this user may
make a group of its own, a real one is made, and memory runs out in it.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from conclib import inspecting
from conclib.inspecting import memory
from conclib.lab import probe_files
from conclib.probes import _cgroup, _conditions
from tests import leaks

ROOT = Path(__file__).parent.parent
MB = 2**20
UNLIMITED = "9223372036854771712\n"  # how version 1 says so
V1 = "35 31 0:32 {root} {folder} rw,relatime shared:9 - cgroup cgroup rw,{controller}\n"
V2 = "41 31 0:38 {root} {folder} rw - cgroup2 cgroup2 rw,nsdelegate\n"


class Tree:
    """A made-up machine: what /proc tells of this process, and its groups' files."""

    def __init__(self, top: Path) -> None:
        self.top = top
        (top / "proc").mkdir()
        self.proc = str(top / "proc")

    def says(self, cgroup: str, mounts: str) -> None:
        """Set the texts of /proc/self/cgroup and mountinfo."""
        (self.top / "proc" / "cgroup").write_bytes(os.fsencode(cgroup))
        (self.top / "proc" / "mountinfo").write_bytes(os.fsencode(mounts))

    def mount(self, kind: str, folder: str, root: str = "/", controller: str = "memory") -> str:
        """Return a line of mountinfo."""
        return kind.format(root=root, folder=self.top / folder, controller=controller)

    def group(self, folder: str, **files: str) -> None:
        """Give a group its files: ``memory_max="100\\n"`` is memory.max."""
        (self.top / folder).mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (self.top / folder / name.replace("_", ".", 1)).write_text(text)

    def room(self) -> inspecting.Room:
        """Return what is found here."""
        return inspecting.room(self.proc)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A machine with 8 GB free and no groups."""
    monkeypatch.setattr(memory, "machine_mb", lambda what: 8192)
    return Tree(tmp_path)


def test_without_groups_it_is_the_machines(tree):
    assert tree.room() == inspecting.Room(8192)
    assert tree.room().text == "8192 MB are free on this machine"


def test_version_2_nested_the_lowest_counts(tree):
    """The process's own group has no limit; the one above it has."""
    tree.says("0::/user/job/step\n", tree.mount(V2, "fs"))
    tree.group("fs/user/job/step", memory_max="max\n", memory_current=f"{30 * MB}\n")
    tree.group("fs/user/job", memory_max=f"{200 * MB}\n", memory_current=f"{60 * MB}\n")
    tree.group("fs/user", memory_max=f"{900 * MB}\n", memory_current=f"{80 * MB}\n")
    assert tree.room() == inspecting.Room(140, 200)
    assert "is limited to 200 MB, and 140 MB of that are free" in tree.room().text


def test_version_1_with_its_own_controller(tree):
    tree.says(
        "9:name=systemd:/x\n4:cpu,memory:/docker/ab\n3:cpuset:/\n0::/\n",
        tree.mount(V1, "cpuset", controller="cpuset")
        + tree.mount(V1, "memory", controller="cpu,memory")
        + tree.mount(V2, "unified"),
    )
    tree.group("memory", memory_limit_in_bytes=UNLIMITED, memory_usage_in_bytes=f"{MB}\n")
    limit = {"memory_limit_in_bytes": f"{400 * MB}\n", "memory_usage_in_bytes": f"{150 * MB}\n"}
    tree.group("memory/docker/ab", **limit, memory_stat=f"total_inactive_file {50 * MB}\n")
    assert tree.room() == inspecting.Room(300, 400)


@pytest.mark.parametrize("kind", ["mounted from its own group", "a namespace of its own"])
def test_in_a_container_the_mount_shows_only_its_own_part(tree, kind):
    root, path = ("/docker/ab", "/docker/ab") if kind.startswith("mounted") else ("/", "/")
    tree.says(f"0::{path}\n", tree.mount(V2, "fs", root=root))
    tree.group("fs", memory_max=f"{300 * MB}\n", memory_current=f"{100 * MB}\n")
    assert tree.room() == inspecting.Room(200, 300)


@pytest.mark.parametrize("path", ["/../../other", "/elsewhere"])
def test_a_group_outside_of_what_is_mounted(tree, path):
    tree.says(f"0::{path}\n", tree.mount(V2, "fs", root="/docker/ab"))
    tree.group("fs", memory_max=f"{300 * MB}\n", memory_current=f"{100 * MB}\n")
    assert tree.room() == inspecting.Room(200, 300)


def test_cached_files_that_would_be_dropped_are_free(tree):
    tree.says("0::/a\n", tree.mount(V2, "fs"))
    used = {"memory_current": f"{190 * MB}\n", "memory_stat": f"anon 1\ninactive_file {90 * MB}\n"}
    tree.group("fs/a", memory_max=f"{200 * MB}\n", **used)
    assert tree.room() == inspecting.Room(100, 200)


def test_where_it_is_slowed_down_counts_as_the_limit(tree):
    tree.says("0::/a\n", tree.mount(V2, "fs"))
    files = {"memory_max": f"{500 * MB}\n", "memory_high": f"{200 * MB}\n"}
    tree.group("fs/a", **files, memory_current=f"{150 * MB}\n")
    assert tree.room() == inspecting.Room(50, 200)


@pytest.mark.parametrize(
    ("limit", "used", "free"),
    [("100\n", "200\n", 0), ("max\n", "1\n", 8192), ("", "", 8192), ("odd\n", "1\n", 8192)],
)
def test_odd_files(tree, limit, used, free):
    tree.says("0::/\n", tree.mount(V2, "fs"))
    tree.group("fs", memory_max=limit, memory_current=used)
    assert tree.room().free == free


NAMES = {  # of a group, and what mountinfo writes of it: blanks and backslashes as octal numbers
    "a blank": ("my group", r"my\040group"),
    "a backslash": (r"docker-a\x2db.scope", r"docker-a\134x2db.scope"),
    "what looks like an octal number": (r"a\134b", r"a\134134b"),
    "bytes that are no text": ("m\udcff\udc80", "m\udcff\udc80"),
    "blanks and ends of lines of other scripts": ("a\u3000\u2028\x0cb", "a\u3000\u2028\x0cb"),
}


@pytest.mark.parametrize(("name", "written"), NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("place", ["of a group", "of a mount's folder", "of a mount's root"])
def test_a_name_of_any_bytes_is_found(tree, name, written, place):
    """Row 55: a container's limit must not be missed because of its name."""
    limit = {"memory_max": f"{200 * MB}\n", "memory_current": f"{60 * MB}\n"}
    if place == "of a group":
        tree.says(f"0::/user/{name}\n", tree.mount(V2, "fs"))
        tree.group(f"fs/user/{name}", **limit)
    elif place == "of a mount's folder":
        tree.says("0::/a\n", tree.mount(V2, written))
        tree.group(f"{name}/a", **limit)
    else:
        tree.says(f"0::/{name}/a\n", tree.mount(V2, "fs", root=f"/{written}"))
        tree.group("fs/a", **limit)
    assert tree.room() == inspecting.Room(140, 200)


@pytest.mark.parametrize("written", ["\\", "\\9", "\\08x", "\\778", "a\\"])
def test_what_is_no_octal_number_stays(written):
    ((_, root, folder),) = _cgroup.trees(f"1 2 3:4 /{written} /m{written} rw - cgroup2 x y")
    assert (root, folder) == (f"/{written}", f"/m{written}")


@pytest.mark.parametrize("text", ["", "\n", "no such line", "1 2 3 - cgroup2", "::::\n - \n"])
def test_odd_texts_are_no_groups(tree, text):
    tree.says(text, text)
    assert tree.room() == inspecting.Room(8192)


def test_memory_is_known_without_proc(monkeypatch):
    seen = memory.machine_mb("total")

    def hidden() -> None:
        raise FileNotFoundError("/proc/meminfo")

    monkeypatch.setattr(psutil, "virtual_memory", hidden)
    assert memory.machine_mb("total") == pytest.approx(seen, rel=0.02)
    assert 0 < memory.machine_mb("available") <= memory.machine_mb("total")


# CPU time -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("files", "quota"),
    [
        ({"cpu_max": "150000 100000\n"}, 1.5),
        ({"cpu_max": "max 100000\n"}, None),
        ({"cpu_cfs_quota_us": "50000\n", "cpu_cfs_period_us": "100000\n"}, 0.5),
        ({"cpu_max": "1000 0\n"}, None),
        ({"cpu_cfs_quota_us": "-1\n", "cpu_cfs_period_us": "100000\n"}, None),
        ({}, None),
    ],
)
def test_a_quota_is_read_in_both_ways(tree, monkeypatch, files, quota):
    version_2 = "cpu_max" in files
    mount = tree.mount(V2 if version_2 else V1, "fs", controller="cpu")
    tree.says("0::/a\n" if version_2 else "3:cpu:/a\n", mount)
    tree.group("fs/a", **files)
    assert _cgroup.quota(tree.proc) == quota
    monkeypatch.setattr(_conditions._cgroup, "quota", lambda: quota)
    assert _conditions.read().get("quota_cpus") == quota


def test_throttling_is_counted_over_all_groups_above(tree):
    tree.says("0::/a/b\n", tree.mount(V2, "fs"))
    tree.group("fs/a/b", cpu_stat="usage_usec 5\nnr_throttled 2\n")
    tree.group("fs/a", cpu_stat="nr_periods 9\nnr_throttled 3\n")
    assert _cgroup.throttled(tree.proc) == 5
    assert _cgroup.throttled(str(tree.top)) is None


# A real group -------------------------------------------------------------------------------------
LIMITS = {"memory.max": "cgroup.procs", "memory.limit_in_bytes": "cgroup.procs"}


def limited(mb: int) -> Path:
    """Make a group below ours that may take so many MB; skip where this user may not."""
    for folder in _cgroup.folders("memory"):
        group = Path(folder, f"conclib-test-{os.getpid()}")
        try:
            group.mkdir()
            name = next(each.name for each in group.iterdir() if each.name in LIMITS)
            (group / name).write_text(str(mb * MB))
        except (OSError, StopIteration):
            if group.is_dir():
                group.rmdir()
            continue
        for swap in ("memory.swap.max", "memory.memsw.limit_in_bytes"):
            if (group / swap).exists():
                (group / swap).write_text("0" if swap.endswith("max") else str(mb * MB))
        return group
    pytest.skip("no control group for memory can be made here: needs root, or a delegated group")


@pytest.fixture(params=[200, 300, 400])
def group(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A group of 200, 300 or 400 MB."""
    made = limited(request.param)
    yield made
    procs = made / "cgroup.procs"
    leaks.wait_until(lambda: not procs.read_text())
    made.rmdir()


CALLER = """
import os, sys
open(sys.argv[1] + "/cgroup.procs", "w").write(str(os.getpid()))
from conclib import lab
from conclib.lab import running
from conclib.inspecting import Room
from conclib.results import WorkerError
kernel = bytearray(100 * 2**20)  # as large as a notebook kernel with pandas in it
kernel[::4096] = bytes([1]) * len(kernel[::4096])
"""
SWEEP = """
try:
    lab.sweep("fork", ballast_mb=[0, 64, 128, 256], budget=0.1, runs=1)
except ValueError as error:
    print(error)
"""
BEYOND = """
running.memory_room = lambda: Room(8192)
text = (
    "def setup(params):\\n    kept = []\\n    while True:\\n"
    "        kept.append(bytearray(b'x' * 2**20))\\ndef body(state, loops):\\n    pass\\n"
)
for _ in range(8):
    try:
        lab.measure_own(text, budget=0.1, runs=1)
    except WorkerError as error:
        print(error)
print(lab.measure("empty", budget=0.01, runs=1).source)
"""


def run_in(group: Path, text: str) -> subprocess.CompletedProcess:
    """Run a caller in a group."""
    return subprocess.run(
        [sys.executable, "-c", CALLER + text, str(group)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip


@pytest.mark.worker
def test_a_sweep_that_a_container_has_no_room_for_is_refused_with_its_limit(group):
    """Row 55: before anything starts."""
    done = run_in(group, SWEEP)
    assert (done.returncode, done.stderr) == (0, "")
    limit = int(group.joinpath(*[n for n in LIMITS if (group / n).exists()][:1]).read_text()) // MB
    assert f"is limited to {limit} MB" in done.stdout
    assert done.stdout.startswith("ballast_mb=")


@pytest.mark.worker
def test_when_memory_runs_out_the_worker_dies_and_never_its_caller(group):
    """Row 55, 8 of 8: the caller is the bigger one for a long time, and lives."""
    done = run_in(group, BEYOND)
    assert done.returncode != -signal.SIGKILL, "the caller was killed"
    assert (done.returncode, done.stderr) == (0, "")
    *deaths, last = done.stdout.splitlines()
    assert len([line for line in deaths if "SIGKILL" in line and "out of memory" in line]) == 8
    assert last == "live"


CROWD = """
from conclib.inspecting import limits
limits.free = lambda: iter(())
print(lab.observe("crowd", count=500).facts["there"])
"""
PEAKS = ("memory.peak", "memory.max_usage_in_bytes")


@pytest.mark.worker
@pytest.mark.parametrize("group", [1000], indirect=True, ids=["1000 MB"])
def test_a_crowd_takes_no_more_than_it_says(group):
    """Row 45: what a probe declares is what is reserved, and 500 processes are not small."""
    peaks = [group / name for name in PEAKS if (group / name).exists()]
    if not peaks:
        pytest.skip("this Linux keeps no record of a group's peak")
    before = run_in(group, "")
    assert before.returncode == 0
    alone = int(peaks[0].read_text())
    done = run_in(group, CROWD)
    assert (done.stdout, done.stderr) == ("500\n", "")
    declared = probe_files.probe("crowd", "facts").taken({"kind": "process", "count": 500})["mb"]
    assert (int(peaks[0].read_text()) - alone) / MB < declared
