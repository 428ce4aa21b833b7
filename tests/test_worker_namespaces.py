"""Workers in namespaces of Linux: other numbers of processes, other mounts, no ``/proc``.

A program of its own measures inside, made by ``unshare``: as root, or in a user namespace where
this system lets ordinary users make one. Else these tests are skipped, and say why. What is mounted
there is gone with it. Numbers of rows are those of the list of faults.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from conclib.worker import folders
from tests.fault_probes import own
from tests.worker_traces import name_of

pytestmark = pytest.mark.worker
ROOT = Path(__file__).parent.parent


def unshare(*flags: str) -> list[str]:
    """Return the command that runs another one in namespaces of its own; skip where it cannot."""
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare here")
    command = ["unshare", *([] if os.getuid() == 0 else ["-Ur"]), *flags]
    tried = subprocess.run([*command, "true"], capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"no namespaces here: {tried.stderr.strip()}")
    return command


def run(command: Sequence[str], program: str, *words: object, folder: Path) -> list[str]:
    """Run a Python program under a command, with a temporary folder; return the lines it prints."""
    done = subprocess.run(
        [*command, sys.executable, "-c", program, *map(str, words)],
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, "TMPDIR": str(folder)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


# Processes ----------------------------------------------------------------------------------------
PID = {"its own /proc": ("-pf", "--mount-proc"), "a foreign /proc": ("-pf",)}
MEASURES = "from conclib import lab; print(lab.measure('empty', budget=0.01, runs=1).source)"
NOTES = """
import os
def setup(params):
    with open(os.environ["TMPDIR"] + "/note", "w") as file:
        file.write("x")
def body(state, loops):
    for _ in range(loops):
        open(os.environ["TMPDIR"] + "/note").close()
"""


@pytest.mark.parametrize("flags", PID.values(), ids=PID)
def test_a_caller_in_another_pid_namespace_sweeps_nothing_of_ours(flags, temporary, starts, gone):
    """Row 62: they share a temporary folder. There our numbers mean nobody, or somebody else."""
    command, seen = unshare(*flags), []
    left = temporary / name_of(gone)

    def tell(progress) -> None:
        if progress.phase == "measure" and not seen:
            left.mkdir()
            seen.extend(run(command, MEASURES, folder=temporary))
            assert Path(starts[0]._folder, "note").exists()
            assert left.exists()

    assert own(NOTES, budget=0.1, on_progress=tell).source == "live"
    assert seen == ["live"]
    folders.sweep_abandoned()
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("flags", PID.values(), ids=PID)
def test_nor_do_we_sweep_anything_of_theirs(flags, temporary):
    """Row 62: their caller was killed, but for all that we know it may be well."""
    program = "from conclib.worker import folders; print(folders.make())"
    (left,) = run(unshare(*flags), program, folder=temporary)
    folders.sweep_abandoned()
    assert [str(path) for path in temporary.iterdir()] == [left]


BESIDE = """
import subprocess
from conclib import lab
made = []
def tell(progress):
    if progress.phase == "measure" and not made:
        made.extend(subprocess.Popen(["sleep", "600"], env=env) for env in ({}, {"A": "b"}))
print(lab.measure("empty", budget=0.05, runs=1, on_progress=tell).source)
print([process.poll() for process in made])
for process in made:
    process.kill()
    process.wait()
"""


@pytest.mark.parametrize("flags", PID.values(), ids=PID)
def test_what_the_notebook_starts_is_spared_under_whatever_numbers(flags, temporary):
    """Where /proc is another namespace's, the worker's number there is that of another process."""
    assert run(unshare(*flags), BESIDE, folder=temporary) == ["live", "[None, None]"]
    assert list(temporary.iterdir()) == []


# Mounts -------------------------------------------------------------------------------------------
MOUNTS = """
import os, sys
from conclib import lab
from conclib.results import hooks
hooks.on_notice.listen(print)
print(lab.measure_own(sys.argv[1], budget=0.01, runs=1).source)
"""
MOUNTING = """
import os
def setup(params):
    folder = os.environ["TMPDIR"]
    os.makedirs(folder + "/a/b/c")
    for name in ("/x", "/a/x", "/a/b/x"):
        open(folder + name, "w").close()
    assert os.system(f"mount --bind {precious} {{folder}}{place}") == 0
def body(state, loops):
    pass
"""


@pytest.mark.parametrize("place", ["", "/a", "/a/b/c", "/x"])
def test_what_is_mounted_into_a_workers_folder_is_not_touched(place, temporary, tmp_path):
    """Somebody's files, put there by a probe of root's: removing the folder stops before them."""
    precious = tmp_path / "precious"
    (precious / "folder").mkdir(parents=True)
    (precious / "file").write_text("precious")
    precious.chmod(0o750)
    source = precious / "file" if place == "/x" else precious
    text = MOUNTING.format(precious=source, place=place)
    notice, live = run(unshare("-m"), MOUNTS, text, folder=temporary)
    assert live == "live"
    assert "could not be removed (Device or resource busy)" in notice
    assert notice.endswith("; something is mounted in it: unmount that first.")
    assert sorted(path.name for path in precious.iterdir()) == ["file", "folder"]
    assert (precious / "file").read_text() == "precious"
    assert precious.stat().st_mode & 0o777 == 0o750
    assert [path.is_dir() for path in temporary.iterdir()] == [True], "left as it is, and told"


ODD_MOUNT = """
import os, subprocess, sys
folder = os.fsencode(sys.argv[1]) + b"/m\\xff \\xe2\\x80\\xa8"
os.mkdir(folder)
subprocess.run(["mount", "-t", "tmpfs", "none", folder], check=True)
"""


def test_a_mount_whose_name_is_no_text_stops_nobody(tmp_path, temporary):
    """A byte that is no UTF-8, a blank, and what Python takes for the end of a line."""
    program = ODD_MOUNT + MEASURES
    assert run(unshare("-m"), program, tmp_path, folder=temporary) == ["live"]


WITHOUT_PROC = """
import subprocess
subprocess.run(["mount", "-t", "tmpfs", "none", "/proc"], check=True)
from conclib import lab
from conclib.results import Unavailable
print(lab.measure("fork", budget=0.01, runs=1).source)
try:
    lab.observe("crowd", count=3)
except Unavailable as failure:
    print(failure)
for name in ("memory_map", "crash"):
    try:
        found = lab.observe(name)
        print(name, found.source, found.notes[-1])
    except Unavailable as failure:
        print(failure)
print(lab.machine().host.cpus > 0)
try:
    import conclib
    conclib.inspect()
except Unavailable as failure:
    print("inspect:", failure)
"""


def test_without_proc_what_reads_it_says_that_it_is_not_available(temporary):
    """Row 32: and what does not is measured."""
    why = "there is no /proc here, where Linux shows its processes"
    assert run(unshare("-m"), WITHOUT_PROC, folder=temporary) == [
        "live",
        f"crowd: {why}",
        f"memory_map recorded not observed here: memory_map: {why}",
        f"crash recorded not observed here: crash: {why}",
        "True",
        f"inspect: {why}",
    ]
    assert list(temporary.iterdir()) == []


def test_where_proc_is_another_namespaces_a_crowd_is_not_counted_in_it(temporary):
    """Row 32: its numbers would be those of other processes."""
    program = (
        "from conclib import lab\nfrom conclib.results import Unavailable\n"
        "try:\n    lab.observe('crowd', count=3)\nexcept Unavailable as failure:\n"
        "    print(failure)\n"
    )
    (line,) = run(unshare("-pf"), program, folder=temporary)
    assert line == "crowd: /proc shows the processes of another PID namespace here"


def test_where_proc_is_another_namespaces_nothing_is_inspected_in_it(temporary):
    """Row 32: a number there is another process."""
    program = (
        "import conclib\ntry:\n    conclib.inspect(1)\n"
        "except conclib.Unavailable as failure:\n    print(failure)\n"
    )
    (line,) = run(unshare("-pf"), program, folder=temporary)
    assert line == "/proc shows the processes of another PID namespace here"
