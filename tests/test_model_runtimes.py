"""Java's and Erlang's tasks, really run where they are found; and no program of any language stays.

Which runtimes are here depends on the machine: what is missing is skipped with the command that
would install it. ``.ci/models`` installs the ``models`` extra, and Erlang where it may.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from conclib import lab
from conclib.models import programs
from conclib.results import Cancelled
from tests import leaks
from tests.holding_up import held_up

pytestmark = [pytest.mark.worker, pytest.mark.slow]

ROOT = Path(__file__).parent.parent
PATIENCE = 30.0  # seconds for what only has to come some time


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Return where programs are kept for all tests of this file: one build is enough."""
    return tmp_path_factory.mktemp("programs")


@pytest.fixture
def here(request, kept, monkeypatch) -> str:
    """Return the runtime, which is here."""
    name = request.param
    why = programs.tools()[name]
    if why:
        pytest.skip(why)
    monkeypatch.setenv("CONCLIB_PROGRAMS", os.environ.get("CONCLIB_PROGRAMS", str(kept)))
    return name


def here_are(*names: str):
    """Run a test with each of these runtimes that is here."""
    return pytest.mark.parametrize("here", names, indirect=True)


def seen(probe: str, **params) -> dict:
    """Observe, live, and return the facts."""
    item = lab.observe(probe, **params)
    assert item.source == "live", item.notes
    return item.facts


# What is true of them -----------------------------------------------------------------------------
@here_are("java", "erlang")
def test_behind_many_tasks_that_wait_there_is_a_handful_of_threads(here):
    facts = seen("waiting_tasks", runtime=here, tasks=20_000)
    assert facts["tasks"] == 20_000 and here in facts["version"].lower()
    assert facts["threads"] - facts["threads_before"] < 16 + facts["cpus"]
    assert facts["threads"] < 64 + 4 * facts["cpus"]  # Erlang has four for each CPU


@here_are("java", "erlang")
def test_tasks_that_wait_in_the_way_of_their_runtime_stop_nobody(here):
    facts = seen("blocking_call", runtime=here, call="own sleep", readers=50)
    assert facts["still"] == [] and facts["came_back"] == 50
    assert facts["threads_most"] - facts["threads_before"] < 16 + facts["cpus"]
    assert facts["in_call"] is None and "not known" in facts["in_call_by"]
    assert facts["heart_threads"] is None  # neither says on which thread a task runs


@here_are("erlang")
def test_in_erlang_ten_threads_read_for_all_and_the_other_tasks_go_on(here):
    facts = seen("blocking_call", runtime=here, readers=40)
    assert facts["still"] == [] and facts["came_back"] == 40
    assert facts["threads_most"] == facts["threads_before"]
    assert facts["in_call"] == 10 if facts["in_call"] is not None else facts["in_call_by"]


@here_are("java")
def test_in_java_a_reader_takes_a_carrier_and_what_follows_depends_on_the_version(here):
    """Java 21 puts a new thread in its place; later ones have no more carriers than CPUs."""
    carriers = len(os.sched_getaffinity(0))
    facts = seen("blocking_call", runtime=here, readers=2 * carriers, hold_ms=300)
    assert facts["came_back"] == 2 * carriers
    more = facts["threads_most"] > facts["threads_before"] + carriers
    all_still = facts["still"] == facts["hearts"]
    assert more != all_still
    if facts["in_call"] is not None and all_still:
        assert facts["in_call"] == carriers


@here_are("java", "erlang")
def test_tasks_that_compute_fill_every_cpu(here):
    facts = seen("computing_tasks", runtime=here, rounds=100)
    assert facts["busy"] > 1 or facts["cpus"] == 1
    assert facts["runnable"] > 1.4 or facts["cpus"] == 1


# Nothing is left ----------------------------------------------------------------------------------
LONG = {"call": "own sleep", "readers": 3, "hold_ms": 3000}
MEASURES = """
import json, sys
from conclib import lab
def tell(item):
    if getattr(item, "what", "") == "beats":
        print("beats", flush=True)
lab.observe("blocking_call", on_event=tell, **json.loads(sys.argv[1]))
"""


@here_are("go", "java", "erlang")
def test_stop_ends_the_program(here):
    stop, pids = threading.Event(), []

    def on_event(item):
        if getattr(item, "name", "") == "program":
            pids.append(item.pid)
        if getattr(item, "what", "") == "beats":
            stop.set()

    with pytest.raises(Cancelled):
        lab.observe("blocking_call", runtime=here, on_event=on_event, stop=stop, **LONG)
    assert pids and over(pids[0])


@here_are("go", "java", "erlang")
def test_an_interrupt_ends_it(here):
    old = signal.signal(signal.SIGINT, signal.default_int_handler)
    pids = []

    def on_event(item):
        if getattr(item, "name", "") == "program":
            pids.append(item.pid)
        if getattr(item, "what", "") == "beats":
            signal.raise_signal(signal.SIGINT)

    try:
        with pytest.raises(KeyboardInterrupt):
            lab.observe("blocking_call", runtime=here, on_event=on_event, **LONG)
    finally:
        signal.signal(signal.SIGINT, old)
    assert pids and over(pids[0])


@here_are("go", "java", "erlang")
def test_whoever_measures_is_killed_and_the_program_ends_with_it(here, kept):
    with tempfile.TemporaryDirectory(prefix="ct-") as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": folder}
        command = [sys.executable, "-c", MEASURES, json.dumps({"runtime": here, **LONG})]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as measures:
            assert b"beats" in iter_until(measures, b"beats")
            assert len(leaks.processes(folder)) >= 3  # who measures, the worker, the program
            measures.kill()
        assert leaks.wait_until(lambda: not leaks.processes(folder), PATIENCE), leaks.processes(
            folder
        )


def over(pid: int) -> bool:
    """Whether a process is gone, or a zombie that only waits for init to collect it."""
    return leaks.wait_until(lambda: state(pid) in "ZX", PATIENCE)


def state(pid: int) -> str:
    """Return the state of a process as Linux has it; ``X`` if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except OSError:
        return "X"


def iter_until(process: subprocess.Popen, word: bytes) -> bytes:
    """Return the first line that a process says with this word in it; empty if it ends before."""
    return next((line for line in process.stdout if word in line), b"")


# The simulator beside them ------------------------------------------------------------------------
@here_are("go")
@pytest.mark.parametrize("readers", [1, 100])
def test_the_simulator_holds_up_nobody_where_go_brings_threads_in_the_place_of_sleepers(
    here, readers
):
    facts = seen("blocking_call", runtime=here, readers=readers)
    more = {"cpus": facts["cpus"], "kernel_threads": facts["cpus"]}
    assert not facts["still"] and not held_up("M:N", readers, 100, spare=readers, **more)
    assert readers < facts["cpus"] or held_up("M:N", readers, 100, **more)  # without those
