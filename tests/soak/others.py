"""Faults in part of a probe, and around a lesson: none of them may cost more than it has to."""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

from conclib import lab, magics
from conclib.inspecting import Room
from conclib.lab import running
from conclib.lesson import store
from conclib.lesson.copying import marker, working_copy
from conclib.lesson.predicting import predictions
from conclib.results import WorkerError
from conclib.worker import names
from tests import small_course
from tests.fault_probes import own
from tests.soak.keeping import home
from tests.soak.outcomes import Fault, raises, require

ROOT = Path(__file__).parents[2]

# Part of a probe ----------------------------------------------------------------------------------
ONE_OF_FOUR = """
import ctypes, os
def setup(params):
    children = []
    for number in range(4):
        child = os.fork()
        if not child:
            if number == {number}:
                ctypes.string_at(0)
            os._exit(10 + number)
        children.append(child)
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    if ends != [-11 if number == {number} else 10 + number for number in range(4)]:
        raise RuntimeError(ends)
def body(state, loops):
    pass
"""
THREAD_DIES = """
import sys, threading
def setup(params):
    thread = threading.Thread(target=lambda: {dies})
    thread.start()
    thread.join()
def body(state, loops):
    pass
"""
FIRST_TO_DIE = """
import os
def setup(params):
    adjusted = open("/proc/self/oom_score_adj").read()
    if adjusted.strip() != "1000":
        raise RuntimeError(adjusted)
    kept = bytearray(16 * 2**20)
    os.kill(os.getpid(), 9)
def body(state, loops):
    pass
"""


def one_of_four(chance: Random) -> None:
    """A segfault in one of four processes; its three siblings finish their work."""
    require(own(ONE_OF_FOUR.format(number=chance.randrange(4))).source == "live", "not live")


def thread_dies(chance: Random) -> None:
    """A thread ends by an exception or by ``sys.exit``; its process lives."""
    text = THREAD_DIES.format(dies=chance.choice(["1 / 0", "sys.exit(3)"]))
    require(own(text).source == "live", "not live")


def machine_out_of_memory(chance: Random) -> None:
    """The worker is the first to be killed; what does not fit is refused before it starts."""
    if chance.random() < 0.5:
        mine = Path("/proc/self/oom_score_adj")
        before = mine.read_text()
        with raises(WorkerError, "SIGKILL"):
            own(FIRST_TO_DIE)
        require(mine.read_text() == before, "the caller's own place in the order was changed")
        return
    real, limit = running.memory_room, chance.randint(100, 400)
    running.memory_room = lambda: Room(limit // 2, limit)
    try:
        with raises(ValueError, f"limited to {limit} MB"):
            lab.sweep("fork", ballast_mb=[0, 64, 128, 256])
    finally:
        running.memory_room = real


# Around a lesson ----------------------------------------------------------------------------------
def shared_folder(chance: Random) -> None:
    """A folder of a worker in another PID namespace, or on another host, in our temporary folder.

    A fresh caller looks for what was left. It removes what is ours, and that alone.
    """
    with tempfile.TemporaryDirectory(prefix="") as folder:
        form = "conclib-worker-{space}-{pid}-{start}-{lot}"
        space = names.new().split("-")[2]
        gone = {"pid": 4_194_304, "start": chance.randint(1, 9999), "lot": "0a1b"}
        theirs = Path(folder, form.format(space=chance.choice(["qzqzqz", "unsure"]), **gone))
        ours = Path(folder, form.format(space=space, **gone))
        for path in (theirs, ours):
            path.mkdir()
        program = "from conclib import lab; lab.measure('empty', budget=0.01, runs=1)"
        subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env={**os.environ, "TMPDIR": folder},
            check=True,
        )  # fmt: skip
        require(theirs.exists(), "what may be alive elsewhere was swept")
        require(not ours.exists(), "what is surely dead and ours was not swept")


def much_is_kept(chance: Random) -> None:
    """Thousands of records; the oldest is there, and nothing is written anew."""
    count = chance.randint(1000, 4000)
    with home() as folder:
        many = [{"schema": 1, "event": "revealed", "id": str(each)} for each in range(count)]
        store.append(store.PREDICTIONS, *many)
        path = folder / store.PREDICTIONS
        before = path.read_bytes()
        store.append(store.PREDICTIONS, {"schema": 1, "event": "revealed", "id": "last"})
        found = [record["id"] for record in store.read(store.PREDICTIONS)]
        require(found == [*map(str, range(count)), "last"], f"{len(found)} of {count + 1} read")
        require(path.read_bytes().startswith(before), "what was there is not there as it was")


def working_copy_spoiled(chance: Random) -> None:
    """A full disk, a marker that is none, or a dangling link, where the student's copy is made."""
    with tempfile.TemporaryDirectory(prefix="") as name:
        course, copy = small_course.write(Path(name, "course"), "1 + 1"), Path(name, "copy")
        copy.mkdir()
        first, second = small_course.NAMES
        kind = chance.choice(["full", "marker", "link"])
        if kind == "full":
            _refreshed_on_a_full_disk(copy, course, chance.randint(0, 300))
            require(not (copy / first).exists(), "half a notebook")
        elif kind == "marker":
            working_copy.refresh(copy, course)
            (copy / first).write_text("my work")
            (copy / marker.NAME).write_text(chance.choice(["[]", "{", "", '{"schema": 9}']))
        else:
            (copy / first).symlink_to(Path(name, "nowhere"))
        working_copy.refresh(copy, course)
        require((copy / second).stat().st_size > 300, "a notebook that is cut off")
        require(not Path(name, "nowhere").exists(), "written through a link")
        if kind == "marker":
            require((copy / first).read_text() == "my work", "the student's work is gone")
        hidden = [each.name for each in copy.iterdir() if each.name.startswith(".conclib-")]
        require(not hidden, f"litter: {hidden}")


def _refreshed_on_a_full_disk(copy: Path, course: Path, room: int) -> None:
    """Make the copy where no file may grow beyond ``room`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        working_copy.refresh(copy, course)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


TAKEN = ["sum", "get_ipython", "In", "_", "class", "two words", "", "1st", "x" * 201]


def odd_name(chance: Random) -> None:
    """A name for a result that means something else already; a label without a space."""
    with raises(ValueError):
        magics.usable(chance.choice(TAKEN), {})
    label = "x" * 200
    found = lab.measure_many({label: ("empty", {})}, budget=0.01, runs=1)
    require(found[label].source == "live", "not live")
    require(label in repr(found), "its label is not shown")


RANGE = "fork-call"
BAD_PREDICTIONS = [
    {"range": (5, 1, "ms")}, {"range": (1, 5, "minutes")}, {"range": (0, 5, "ms")},
    {"range": (1, float("nan"), "ms")}, {"range": ("1", 5, "ms")}, {"ratio": (2, 20)},
]  # fmt: skip


def bad_prediction(chance: Random) -> None:
    """A prediction that is none is not kept; one that comes after the measuring does not stand."""
    with home():
        try:
            predictions.keep(RANGE, chance.choice(BAD_PREDICTIONS))
            require(False, "it was taken")
        except (ValueError, TypeError):
            require(predictions.standing(RANGE) is None, "it was kept")
        low = chance.randint(1, 9)
        first = predictions.keep(RANGE, {"range": (low, 10 * low, "ms")})
        predictions.reveal(RANGE)
        late = predictions.keep(RANGE, {"range": (low, 20 * low, "ms")})
        require(late.values == first.values and late.complaint, "the later one stands")


def warnings_are_errors(chance: Random) -> None:
    """Python's warnings are errors: nothing is left open, nothing is outdated."""
    probe = chance.choice(["fork", "mp_spawn", "pool_task", "python_thread", "first_write"])
    program = f"from conclib import lab; print(lab.measure({probe!r}, budget=.02, runs=1).source)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", program],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    require((done.stdout, done.stderr) == ("live\n", ""), done.stdout + done.stderr)


FAULTS = [
    Fault("a segfault in one of four", "2", one_of_four),
    Fault("a thread dies", "6, 7", thread_dies),
    Fault("the machine's memory runs out", "55", machine_out_of_memory),
    Fault("a shared temporary folder", "62", shared_folder),
    Fault("very much is kept", "65", much_is_kept),
    Fault("the working copy is spoiled", "66", working_copy_spoiled),
    Fault("an odd name", "70", odd_name),
    Fault("a prediction that is none", "54", bad_prediction),
    Fault("warnings are errors", "38", warnings_are_errors),
]
