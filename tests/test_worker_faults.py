"""Probes that die, hang, flood, fork and fail: one clear answer each, and nothing left behind.

That nothing is left (process, file, thread, name) is seen to by the fixture in ``conftest.py``
after every case. Numbers of rows are those of the list of faults.
"""

import os
import re
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib import lab
from conclib.lab import alone, running
from conclib.results import Cancelled, ConclibError, Unavailable, WorkerError, WorkerTimeout
from conclib.worker import Request, Worker, forms, run_workers, session, texts
from tests import fault_probes, leaks
from tests.fault_probes import SHORT, own
from tests.made_up import measurement
from tests.worker_traces import belonging_to

pytestmark = pytest.mark.worker
ROOT = Path(__file__).parent.parent


def next_call_works() -> bool:
    """Tell whether a measurement succeeds now."""
    return lab.measure("empty", budget=0.01, runs=1).source == "live"


# Ends and failures --------------------------------------------------------------------------------
@pytest.mark.parametrize(("text", "words"), fault_probes.DEATHS.values(), ids=fault_probes.DEATHS)
def test_the_death_of_a_worker_is_told_and_never_success(starts, text, words):
    """Row 9 and its like. An early exit code 0 is no success either."""
    with pytest.raises(WorkerError, match=words) as caught:
        own(text)
    assert type(caught.value) is WorkerError
    assert len(starts) == 1
    assert next_call_works()


@pytest.mark.parametrize(
    ("text", "words"), fault_probes.FAILURES.values(), ids=fault_probes.FAILURES
)
def test_the_failure_of_a_probe_is_told_once(starts, text, words):
    """Row 23 among them: a failing import is one error, no respawning."""
    with pytest.raises(WorkerError, match=words):
        own(text)
    assert len(starts) == 1


def test_a_probe_may_ask_for_infinity_and_is_refused():
    with pytest.raises(WorkerError, match="ValueError"):
        own("def body(state, loops):\n    return float('inf')\n")


# Hangs --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", fault_probes.HANGS.values(), ids=fault_probes.HANGS)
def test_a_hang_ends_at_the_deadline(monkeypatch, starts, text):
    """Rows 10 to 13: asleep, spinning, deaf to SIGTERM, stopped. Within deadline + 2 s."""
    monkeypatch.setattr(running, "SETUP", SHORT)
    begun = time.monotonic()
    with pytest.raises(WorkerTimeout, match=r"^own: .* still busy after 0\.8\d* s"):
        own(text)
    assert SHORT <= time.monotonic() - begun <= SHORT + 2
    (item,) = starts
    assert belonging_to(item.id) == []
    assert next_call_works()


def test_a_crash_is_told_at_once_though_a_child_holds_the_report_pipe(starts):
    """Row 5: the child got a copy of the pipe by fork, so no end of it comes before its own."""
    text = (
        "import os, time\ndef body(state, loops):\n"
        "    if os.fork() == 0:\n        time.sleep(600)\n    os.abort()\n"
    )
    begun = time.monotonic()
    with pytest.raises(WorkerError, match="SIGABRT"):
        own(text)
    assert time.monotonic() - begun < running.SETUP / 2
    (item,) = starts
    assert belonging_to(item.id) == []


@pytest.mark.parametrize("size", [200, 2**20])
def test_memory_that_runs_out_is_named_whatever_the_size_of_the_pieces(size):
    """Row 8: what explains it needs memory, too; many small pieces leave none."""
    text = (
        "import resource\ndef setup(params):\n"
        "    resource.setrlimit(resource.RLIMIT_DATA, (60 * 2**20, 60 * 2**20))\n"
        "    kept = []\n"
        f"    while True:\n        kept.append(bytearray({size}))\n"
        "def body(state, loops):\n    pass\n"
    )
    named = r"MemoryError(: \(line 6 of your probe\))?|SystemError: .* when memory has run out"
    with pytest.raises(WorkerError, match=f"^own: ({named})$"):
        own(text)


def test_a_body_whose_loop_never_ends_is_timed_out_with_what_it_printed(monkeypatch):
    monkeypatch.setattr(running, "SETUP", 2 * SHORT)
    text = "def body(state, loops):\n    print('round', flush=True)\n    while True: pass\n"
    with pytest.raises(WorkerTimeout, match=r"killed\. round$"):
        own(text)


@pytest.mark.parametrize("hang", ["sleep", "spin", "gil", "at import"])
def test_stop_ends_a_hang_at_once(monkeypatch, starts, hang):
    stop = threading.Event()
    failures = []

    def measure() -> None:
        try:
            own(fault_probes.HANGS[hang], stop=stop)
        except Cancelled as cancelled:
            failures.append(cancelled)

    thread = threading.Thread(target=measure)
    thread.start()
    inside = lambda: starts and (Path(starts[0]._folder) / "inside").exists()  # noqa: E731
    assert leaks.wait_until(inside)
    pressed = time.monotonic()
    stop.set()
    thread.join()
    assert time.monotonic() - pressed < 2, "that was the deadline, not Stop"
    assert len(failures) == 1


@pytest.mark.parametrize("phase", ["setup", "calibrate", "measure"])
def test_stop_is_seen_in_every_phase(phase):
    stop = threading.Event()
    tell = lambda progress: stop.set() if progress.phase == phase else None  # noqa: E731
    with pytest.raises(Cancelled):
        lab.measure("mp_spawn", budget=5, runs=3, stop=stop, on_progress=tell)
    assert next_call_works()


def test_a_failing_progress_function_is_the_callers_own_error():
    def tell(progress) -> None:
        raise LookupError("in the widget")

    with pytest.raises(LookupError, match="in the widget"):
        lab.measure("empty", budget=0.01, runs=1, on_progress=tell)
    assert next_call_works()


# Callers that are set up oddly ----------------------------------------------------------------
MEASURES = "from conclib import lab; print(lab.measure({!r}, budget=.02, runs=1).source)"
ODD_CALLERS = {
    "no standard input": ("fork", "<&-"),
    "no standard error": ("fork", "2>&-"),
    "neither": ("pthread", "<&- 2>&-"),
}


@pytest.mark.parametrize(("probe", "closed"), ODD_CALLERS.values(), ids=ODD_CALLERS)
def test_a_caller_without_standard_files_measures_live(probe, closed):
    """Its next pipes get their numbers, where Popen would put the worker's own."""
    line = f'"$0" -c "$1" {closed}'
    done = subprocess.run(
        ["sh", "-c", line, sys.executable, MEASURES.format(probe)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "live\n"


@pytest.mark.parametrize("probe", ["fork", "mp_fork", "mp_forkserver"])
def test_what_a_caller_ignores_or_masks_is_not_the_workers(probe):
    before = "import os, signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.umask(0o777); "
    done = subprocess.run(
        [sys.executable, "-c", before + MEASURES.format(probe)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "live\n", done.stderr


def test_a_fork_of_the_caller_does_not_hold_the_lifeline():
    """Its copies of our ends would keep a worker alive after the caller was killed."""
    ours, seen = [], []

    def tell(progress) -> None:
        if progress.phase != "measure" or seen:
            return
        pid = os.fork()
        if pid == 0:
            os._exit(len(session._alive))
        ours.append(len(session._alive))
        seen.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

    lab.measure("empty", budget=0.02, runs=1, on_progress=tell)
    assert (ours, seen) == ([1], [0])
    assert session._alive == set()


# What is left behind ------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["GRANDCHILD", "OWN_SESSION", "ORPHAN"])
@pytest.mark.parametrize("end", ["well", "badly"])
def test_grandchildren_go_with_their_worker(starts, kind, end):
    """Row 14: in the worker's group, in a session of its own, and there without a parent."""
    text = getattr(fault_probes, kind)
    seen = []

    def tell(progress) -> None:
        if progress.phase == "measure" and not seen:
            seen.extend(belonging_to(starts[0].id))

    if end == "well":
        assert own(text, on_progress=tell).n >= 1
    else:
        with pytest.raises(WorkerError, match="ZeroDivisionError"):
            own(text + "def verify(state):\n    1 / 0\n", on_progress=tell)
    assert len(seen) >= 2, "there was a worker and a child of it"
    assert belonging_to(starts[0].id) == []


@pytest.mark.parametrize("text", ["WITHOUT_MARK", "OWN_SESSION_WITHOUT_MARK"])
def test_a_child_without_its_mark_goes_too(starts, text):
    """Another program and no environment: the group tells whose it is, or the folder it is in."""
    pids = []

    def tell(progress) -> None:
        if progress.phase == "measure" and not pids:
            pids.append((Path(starts[0]._folder) / "child").read_text())
            assert leaks.wait_until(lambda: command(pids[0]) == b"sleep\x00600\x00")

    own(getattr(fault_probes, text), on_progress=tell)
    assert leaks.wait_until(lambda: command(pids[0]) == b"")


def command(pid: str) -> bytes:
    """Return a process's command line; nothing if it is gone or a zombie."""
    try:
        return (Path("/proc") / pid / "cmdline").read_bytes()
    except OSError:
        return b""


def test_what_a_worker_leaves_in_its_folder_is_removed(starts):
    text = (
        "import os, tempfile\ndef setup(params):\n"
        "    folder = tempfile.mkdtemp()\n    open(os.path.join(folder, 'x'), 'w').close()\n"
        "def body(state, loops):\n    pass\n"
    )
    own(text)
    assert not Path(starts[0]._folder).exists()


# Forks --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("probe", ["fork", "first_write", "clone", "mp_fork"])
def test_no_fork_beside_another_thread(probe):
    """A lock held by that thread would stay locked in the child for ever."""
    with pytest.raises(
        Unavailable, match="this measuring process has 2 threads, and must have one"
    ):
        own(fault_probes.beside_a_thread(probe))


@pytest.mark.parametrize("probe", ["pthread", "python_thread"])
def test_a_thread_beside_another_thread_is_nothing_special(probe):
    assert own(fault_probes.beside_a_thread(probe)).n >= 1


def test_a_child_that_falls_out_of_the_body_is_refused():
    """It would be a second worker on the same pipe, and fork again in every round."""
    with pytest.raises(WorkerError, match=r"RuntimeError: a child that body forked came back"):
        own(fault_probes.FALLS_OUT, budget=0.2)


def test_also_where_it_is_collected_there_is_one_speaker():
    """Then nothing tells us of it; but neither does it speak or fork again."""
    item = own(fault_probes.FALLS_OUT_COLLECTED)
    assert item.n >= 1
    assert item.source == "live"


def test_a_stray_child_ends_with_its_code_and_without_a_word():
    """The driver's guard by itself, in a worker: the child's exit code is there to be seen."""
    text = (
        "import os\nfrom . import _strays\ndef body(state, loops):\n    pid = os.fork()\n"
        "    if pid == 0:\n        _strays.end()\n        os._exit(0)\n"
        "    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])\n"
        "    assert code == _strays.CODE, code\n    _strays.end()\n"
    )
    assert own(text).n >= 1


def test_a_fork_that_fails_part_way_tells_how_many_went_well():
    """Row 25. The one was collected: the fixture would see a child."""
    with pytest.raises(WorkerError, match=r"fork, after 1 that went well: .*unavailable"):
        own(fault_probes.FORK_FAILS)


def test_a_thread_that_cannot_be_started_tells_how_many_went_well():
    with pytest.raises(WorkerError, match=r"pthread_create, after 1 that went well: .*unavailable"):
        own(fault_probes.THREAD_FAILS)


@pytest.mark.skipif(os.getuid() == 0, reason="RLIMIT_NPROC does not bind root")
def test_a_real_limit_of_processes_is_told():
    with pytest.raises(WorkerError, match=r"fork, after 0 that went well: .*unavailable"):
        own(fault_probes.NO_MORE_PROCESSES)


# Words --------------------------------------------------------------------------------------------
def test_ten_megabytes_of_print_are_no_deadlock():
    """Row 21, by way of the lab."""
    assert own(fault_probes.LOUD).n >= 1


def test_of_ten_megabytes_the_beginning_is_kept_with_a_notice():
    def use(workers: list[Worker]) -> str:
        workers[0].send_request()
        workers[0].answer(forms.Ready)
        while workers[0].answer(forms.Phase).name != "calibrated":
            pass
        return workers[0].printed()

    text = run_workers([Request("own", {}, text=fault_probes.LOUD)], use, deadline=20)
    assert len(text) < 70_000
    assert re.search(r"\[\.\.\. 1\d,\d{3},\d{3} more bytes printed, not kept\]$", text)


ACTING = r"\x1b[31mred\x07\x9b2J\x1b]0;title\x07\x7f"  # colours, erases, names the window, rings
ACTS = {
    "raised": (
        f"raise ValueError('{ACTING}')",
        f"own: ValueError: {ACTING} (line 2 of your probe)",
    ),
    "printed": (f"print('{ACTING}', flush=True); import os; os.abort()", f"SIGABRT. {ACTING}"),
    "not available": (f"from . import _refuse; raise _refuse.Unavailable('{ACTING}')", ACTING),
    "a name": (f"raise type('{ACTING}', (Exception,), {{}})", "which is not Protocol 2"),
}


@pytest.mark.parametrize(("statement", "shown"), ACTS.values(), ids=ACTS)
def test_what_a_terminal_would_obey_is_written_out(statement, shown):
    """In an error's text, wherever it comes from."""
    with pytest.raises(ConclibError) as caught:
        own(f"def body(state, loops):\n    {statement}\n")
    assert shown in str(caught.value)
    assert {letter for letter in str(caught.value) if unicodedata.category(letter) == "Cc"} <= {
        "\n"
    }


@given(st.text())
def test_all_but_what_acts_stays_as_it_is(text):
    """Letters of every script, and the ends of lines."""
    seen = texts.visible(text)
    assert {letter for letter in seen if unicodedata.category(letter) == "Cc"} <= {"\n", "\t"}
    kept = "".join(letter for letter in text if unicodedata.category(letter) != "Cc")
    if len(kept) == len(text):
        assert seen == text
    assert texts.visible("a\r\nb\rc\n\td") == "a\nb\nc\n\td"


def test_a_baseline_above_the_sample_is_below_resolution():
    """Row 35: never a negative time."""
    item = own(fault_probes.BELOW_BASELINE)
    assert item.median == 100.0
    assert item.baseline == 5000.0
    assert item.net is None
    assert item.net_text == "below resolution"
    assert any("below resolution" in reason for reason in item.unstable)


# Surroundings -------------------------------------------------------------------------------------
@pytest.fixture
def as_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let workers run under a changed interpreter, as if this machine had only that one."""

    def change(text: str) -> None:
        monkeypatch.setattr(sys, "executable", fault_probes.fake_python(tmp_path, text))

    return change


def test_without_proc_and_affinity_it_measures_and_says_what_is_not_known(as_python):
    """Row 32."""
    as_python(fault_probes.WITHOUT_PROC)
    item = lab.measure("pthread", budget=0.02, runs=1)
    assert item.source == "live"
    assert item.conditions["not_known"] == "governor, load, thp, rss_mb, threads"
    assert not {"throttled", "steal_ticks", "load", "rss_mb"} & set(item.conditions)
    assert item.conditions["cpus_allowed"] >= 1


def test_without_proc_a_fork_still_counts_its_threads(as_python):
    as_python(fault_probes.WITHOUT_PROC)
    assert lab.measure("fork", budget=0.02, runs=1).source == "live"
    with pytest.raises(Unavailable, match="2 threads"):
        own(fault_probes.beside_a_thread("fork"))


def test_a_platform_without_fork_shows_a_recording_with_its_label(as_python, monkeypatch):
    """Row 39: exactly these parameters, where it was made, and why it is shown."""
    as_python(fault_probes.WITHOUT_FORK)
    params = lab.catalogue()["fork"].complete({"ballast_mb": 8})
    recorded = measurement(range(100, 130), params=params, source="recorded", date="2026-11-01")
    monkeypatch.setattr(running.recordings, "_all", lambda: (recorded,))
    item = lab.measure("fork", budget=0.02, runs=1, ballast_mb=8)
    assert item.source == "recorded"
    assert item.origin == "recorded on " + recorded.machine + ", 2026-11-01"
    assert any("os.fork does not exist on this platform" in note for note in item.notes)
    assert "os.fork does not exist" in repr(item)
    with pytest.raises(Unavailable, match=r"os\.fork does not exist on this platform"):
        lab.measure("fork", budget=0.02, runs=1, ballast_mb=9)  # no such recording


def test_only_what_cannot_be_had_is_replaced(as_python, monkeypatch):
    """Of several, the others are still measured; the mixture is allowed because it is labelled."""
    as_python(fault_probes.WITHOUT_FORK)
    params = lab.catalogue()["fork"].complete({})
    recorded = measurement(range(100, 130), params=params, source="recorded", date="2026-11-01")
    monkeypatch.setattr(running.recordings, "_all", lambda: (recorded,))
    fractions = []
    found = lab.measure_many(
        "pthread", "fork", "empty",
        budget=0.03, runs=1, on_progress=lambda told: fractions.append(told.fraction),
    )  # fmt: skip
    assert [found[name].source for name in found] == ["live", "recorded", "live"]
    assert fractions == sorted(fractions), "progress went back"
    assert fractions[-1] == 1.0


def test_the_students_own_modules_hide_nothing(tmp_path, monkeypatch):
    """Row 41: random.py and queue.py beside the notebook, and in every path that leads to it."""
    for name in ("random", "queue", "types", "json"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('the wrong module')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for probe in ("pool_task", "mp_spawn"):
        assert lab.measure(probe, budget=0.02, runs=1).source == "live"


EVERYTHING = """
from conclib import lab
names = ("fork", "mp_fork", "pthread", "python_thread")
many = lab.measure_many(*names, timed="whole", budget=.05, runs=1)
many = {**many, **lab.sweep("posix_spawn", ballast_mb=[0, 2], budget=.02, runs=1)}
for name in ("mp_spawn", "mp_forkserver", "pool_task", "clone", "first_write", "python_spawn"):
    many[name] = lab.measure(name, budget=.02, runs=1)
many["own"] = lab.measure_own("def body(state, loops): pass", budget=.02, runs=1)
lab.observe("fork_twice"), lab.observe("capabilities"), lab.observe("noise", rounds=20)
print({item.source for item in many.values()})
"""


def test_all_of_it_runs_with_warnings_as_errors():
    """Row 38: no file left open, nothing deprecated."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", EVERYTHING],
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("{'live'}\n", "")


LONG = """
import select, threading
from conclib import lab
from conclib.lab import sampling
from conclib.results import Cancelled
sampling.TARGET = 0.0
stop = threading.Event()
def tell(told):
    if told.phase == "measure":
        print("measure", flush=True)
    if select.select([0], [], [], 0)[0]:
        stop.set()
try:
    lab.measure("function_call", budget=20, runs=1, on_progress=tell, stop=stop)
except Cancelled:
    print("cancelled")
"""


def test_two_callers_at_once_do_not_clash_and_say_so():
    """Row 37: no common name, file or port. Each result says that it was not alone."""
    other = subprocess.Popen(
        [sys.executable, "-c", LONG], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    try:
        assert other.stdout.readline() == b"measure\n"
        item = lab.measure("function_call", budget=0.06, runs=2)
        seen = lab.observe("fork_twice")
        assert other.communicate()[0].endswith(b"cancelled\n"), "it had ended too soon"
    finally:
        other.kill()
        other.wait()
    assert item.source == "live" and seen.source == "live"
    assert alone.CROWDED in item.unstable and alone.CROWDED in seen.doubts


@pytest.mark.parametrize("others", [[0, 0], [1], [0, 1]], ids=["none", "before", "after"])
def test_an_observation_says_whether_it_was_alone(monkeypatch, others):
    """Others are looked for before its worker starts and after its end."""
    notes = (alone.CROWDED,) if any(others) else ()
    monkeypatch.setattr(alone, "other_workers", lambda own_ids: others.pop(0))
    assert lab.observe("fork_twice").doubts == notes
    assert others == []


def test_one_measurement_at_a_time_in_one_notebook(starts):
    """A second one is refused, from any thread, and nothing is started for it."""
    refused = []

    def tell(progress) -> None:
        if progress.phase == "measure" and not refused:
            before = len(starts)
            for call in (next_call_works, lambda: lab.observe("fork_twice")):
                with pytest.raises(ConclibError, match="another measurement is under way"):
                    call()
            refused.append(len(starts) - before)

    lab.measure("empty", budget=0.02, runs=1, on_progress=tell)
    assert refused == [0]
    assert next_call_works()


def test_while_one_is_observed_nothing_else_is_measured(starts):
    refused = []

    def see(_) -> None:
        for call in (next_call_works, lambda: lab.observe("fork_twice")):
            with pytest.raises(ConclibError, match="another measurement is under way"):
                call()
        refused.append(len(starts))

    assert lab.observe("fork_twice", on_event=see).source == "live"
    assert refused and set(refused) == {1}
    assert next_call_works() and lab.observe("fork_twice").source == "live"
