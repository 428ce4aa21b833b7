"""One of a crew goes wrong: who lives, who ends, who only stands still, seen from outside."""

import os
import subprocess
import sys

import pytest

from conclib import lab, plots
from conclib.lab import crashing
from conclib.probes import _beats, _crew_watch, _fates
from conclib.results import Actor, Ending, Event, Observation, Unavailable
from tests import barred
from tests.fates import END, GO_ON, PAUSE, SIGNALS, STAND, STANDING, expected

worker = pytest.mark.worker
THREADS = [f"thread {number}" for number in (1, 2, 3, 4)]
PROCESSES = [f"process {number}" for number in (1, 2, 3, 4)]


@pytest.fixture(autouse=True)
def _store(home):
    """Keep what is observed in a store of its own."""


def how(item: Observation, actor: str) -> tuple:
    """Return how an actor ended, with what code, and who saw it."""
    found = item.ending(actor)
    return (found.how, found.code, found.by)


# What each fault does to one of four threads, and to one of four processes ------------------------
RAISED = {
    "exception": "ZeroDivisionError: division by zero", "endless recursion": "RecursionError",
    "memory hog": "MemoryError", "sys.exit": "SystemExit: 7",
}  # fmt: skip
ONLY_SOME = {"illegal instruction", "division in C"}  # CPUs


def crash(fault: str, container: str, **more) -> Observation:
    """Return one short run; a fault that this CPU has not got is skipped, and says so."""
    if fault in ONLY_SOME and os.uname().machine != "x86_64":
        pytest.skip("this CPU may not know it")
    return lab.crash(fault, container, **{"beats": 15, **more})


@worker
@pytest.mark.parametrize("fault", SIGNALS)
def test_a_signal_ends_the_whole_process_and_no_other(fault):
    """Rows 1 to 4 and 9."""
    number = SIGNALS[fault]
    item = crash(fault, "thread")
    assert item.facts["others"] == END and item.facts["fates"]["thread 2"] == "ended"
    assert {how(item, name) for name in THREADS} == {("signalled", number, "/proc")}
    assert how(item, "process") == ("signalled", number, "waitid")
    assert not any(item.facts["last_words"].values())
    assert set(item.facts["lost"]) == set(THREADS)
    whole = item.ending("process").t_ns
    assert all(item.beats(name)[-1] < whole for name in THREADS)
    item = crash(fault, "process")
    assert item.facts["others"] == GO_ON
    assert how(item, "process 2") == ("signalled", number, "waitid")
    assert {how(item, n) for n in PROCESSES if n != "process 2"} == {("exited", 0, "waitid")}
    assert item.facts["lost"] == ["process 2"] and not item.facts["last_words"]["process 2"]


@worker
@pytest.mark.parametrize("fault", RAISED)
def test_an_exception_ends_one_thread_or_one_process_with_last_words(fault):
    """Rows 4, 6, 7 and 8: "thread died, process lived", and the traceback is kept."""
    item = crash(fault, "thread")
    found = item.ending("thread 2")
    assert (found.how, found.code, found.by) == ("raised", None, "/proc")
    assert found.detail.startswith(RAISED[fault])
    assert how(item, "process") == ("exited", 0, "waitid")
    assert item.facts["others"] == GO_ON and item.facts["last_words"]["thread 2"]
    (raised,) = [event for event in item.events if event.what == "raised"]
    assert raised.actor == "thread 2" and raised.data["error"].startswith(RAISED[fault])
    assert any("_faults_of_python.py" in line for line in raised.data["trace"])
    item = crash(fault, "process")
    code = 7 if fault == "sys.exit" else 1
    assert how(item, "process 2") == ("exited", code, "waitid")
    assert item.facts["others"] == GO_ON and item.facts["last_words"]["process 2"]


@worker
def test_os_exit_in_a_thread_ends_all_with_its_code():
    """Row 5."""
    item = crash("os._exit", "thread")
    assert how(item, "process") == ("exited", 7, "waitid")
    assert item.facts["others"] == END and not any(item.facts["last_words"].values())


@worker
@pytest.mark.parametrize("fault", STANDING)
def test_what_stands_still_exists_and_its_stacks_say_where(fault):
    item = crash(fault, "thread")
    assert item.facts["fates"]["thread 2"] == STAND and item.facts["others"] == GO_ON
    assert how(item, "thread 2") == ("alive", None, "/proc")
    assert item.facts["exists"]["thread 2"] and item.facts["notice_ns"] is None
    assert item.ending("process") is None, "it is there, and nobody claims an end"
    name = {"deadlock": "take"}.get(fault, fault.replace(" ", "_"))
    lines = item.facts["stacks"]["process"]
    assert any(line.endswith(f"in {name}") for line in lines)
    assert sum("in take" in line for line in lines) == (2 if fault == "deadlock" else 0)
    assert not any("/" in line for line in lines), "no folder of this machine"


@worker
def test_a_kept_lock_of_python_silences_threads_and_ends_nobody():
    kept, let_go = (
        crash(f"C {name}", "thread") for name in ("keeps the GIL", "lets go of the GIL")
    )
    gil = kept.conditions["gil"]
    assert kept.facts["others"] == (PAUSE if gil else GO_ON) and let_go.facts["others"] == GO_ON
    assert not kept.facts["lost"] and all(kept.facts["last_words"].values())
    resumed = [event for event in kept.events if event.what == "goes on"]
    assert len(resumed) == (4 if gil else 1)
    used = [event.data["cpu_ns"] for event in resumed if event.data["cpu_ns"] is not None]
    assert all(each < 50_000_000 for each in used), "asleep: hardly any CPU time"
    assert all(item.facts["others"] == GO_ON for item in [crash("C keeps the GIL", "process")])
    assert "=" in plots.lanes_text(kept)


@worker
@pytest.mark.parametrize(("container", "wrong"), [("thread", 4), ("process", 1)])
def test_corruption_ends_nobody_and_spoils_the_answers_of_one_process(container, wrong):
    item = crash("silent corruption", container)
    answers = list(item.facts["answers"].values())
    assert item.facts["others"] == GO_ON and answers.count("wrong") == wrong
    assert {ending.code for ending in item.endings} <= {0, None}
    assert len(item.facts["lost"]) == wrong and item.facts["notice_ns"] is None


@worker
@pytest.mark.parametrize(
    ("fault", "container", "own", "code"),
    [("SIGTERM ignored", "thread", GO_ON, 0), ("SIGTERM ignored", "process", GO_ON, 0),
     ("SIGTERM handled", "process", "ended", 0), ("SIGTERM handled", "main thread", "ended", 0)],
)  # fmt: skip
def test_a_signal_that_may_be_handled(fault, container, own, code):
    item = crash(fault, container)
    faulty = item.facts["faulty"]
    assert (item.facts["fates"][faulty], item.facts["others"]) == (own, GO_ON)
    whole = "process" if container != "process" else faulty
    assert how(item, whole) == ("exited", code, "waitid")
    assert item.facts["last_words"][faulty]


# Containers ---------------------------------------------------------------------------------------
@worker
def test_an_exception_in_the_main_thread_waits_for_the_others():
    item = crash("exception", "main thread")
    assert how(item, "process") == ("exited", 1, "waitid") and item.facts["others"] == GO_ON
    assert item.facts["faulty"] == "main thread"


@worker
def test_processes_started_afresh_share_nothing_but_the_parent():
    item = crash("null pointer", "spawned process")
    assert item.facts["others"] == GO_ON and item.facts["lost"] == ["process 2"]


@worker
def test_a_broken_executor_fails_the_tasks_of_innocent_workers():
    item = crash("SIGKILL", "executor")
    assert item.facts["others"] == END and len(item.facts["lost"]) == 4
    assert how(item, "worker 2") == ("signalled", 9, "executor")
    assert {how(item, f"worker {n}") for n in (1, 3, 4)} == {("signalled", 15, "executor")}
    told = [words for words in item.facts["parent_saw"] if "BrokenProcessPool" in words]
    assert len(told) == 4


@worker
@pytest.mark.parametrize("container", ["executor", "thread pool"])
def test_a_pool_hands_on_what_a_task_raises_and_its_worker_lives(container):
    item = crash("exception", container)
    saw = item.facts["parent_saw"]
    assert saw.count("worker 2: ZeroDivisionError: division by zero") == 1
    assert sum("a result" in words for words in saw) == 3
    assert item.facts["others"] == GO_ON and item.ending("worker 2").how == "exited"
    assert "worker 2 lived on" in item.facts["summary"]


@worker
def test_a_segfault_in_a_thread_pool_ends_all_of_it():
    item = crash("null pointer", "thread pool")
    assert item.facts["others"] == END and how(item, "process") == ("signalled", 11, "waitid")


@worker
def test_a_supervisor_starts_anew_and_gives_up_in_the_end():
    once, always = (crash("null pointer", "supervised", lives=lives) for lives in (1, 4))
    assert once.facts["others"] == always.facts["others"] == GO_ON
    assert once.facts["lost"] == [] and always.facts["lost"] == ["process 2"]
    assert how(once, "process 2") == ("signalled", 11, "supervisor")
    assert how(once, "process 2, life 2") == ("exited", 0, "supervisor")
    assert once.facts["recovery_ns"] > once.facts["notice_ns"] > 0
    assert [event.what for event in always.events].count("restart") == 3
    assert always.facts["parent_saw"].count("process 2, life 4: given up") == 1
    told = [e for e in always.events if e.actor == "supervisor" and "life" in e.data.get("of", "")]
    restarts = [event.t_ns for event in told if event.what == "restart"]
    ended = [e.t_ns for e in always.events if e.data.get("told") == "exit status -11"]
    pauses = [begin - end for end, begin in zip(ended, restarts, strict=False)]
    assert all(pause >= 20_000_000 * 2**n for n, pause in enumerate(pauses)), "back-off"


@worker
@pytest.mark.parametrize(
    ("fault", "lock", "file"),
    [("SIGKILL", STAND, GO_ON), ("null pointer", STAND, GO_ON), ("exception", GO_ON, GO_ON),
     ("os._exit", STAND, GO_ON)],
)  # fmt: skip
def test_a_lock_in_memory_stays_held_and_a_files_lock_is_given_back(fault, lock, file):
    assert crash(fault, "lock holder").facts["others"] == lock
    assert crash(fault, "file lock holder").facts["others"] == file


@worker
@pytest.mark.parametrize(("who", "flat"), [("C", "ACDG"), ("F", "F")])
def test_the_same_fault_in_two_of_eight(who, flat):
    """One process, one fate: the walls decide who ends, and not the fault."""
    item = crash("null pointer", "groups", who=who)
    assert {name for name, done in item.facts["finished"].items() if not done} == set(flat)
    assert {actor.name for actor in item.actors if len(actor.name) == 1} == set("ABCDEFGH")
    assert len({actor.pid for actor in item.actors if len(actor.name) == 1}) == 5
    ends = {name: item.ending(name).how for name in "ABCDEFGH"}
    assert {name for name, end in ends.items() if end == "signalled"} == set(flat)


@worker
@pytest.mark.parametrize("groups", ["ABCDEFGH", "ABCD EFGH", "AB CD EF GH", "A B C D E F G H"])
def test_the_more_processes_the_fewer_end(groups):
    item = crash("null pointer", "groups", groups=groups)
    alone = crash("null pointer", "groups", groups="ABCDEFGH")
    mates = next(group for group in groups.split() if "C" in group)
    assert {n for n, done in item.facts["finished"].items() if not done} == set(mates)
    bills = alone.facts["private_mb"], item.facts["private_mb"]
    assert " " not in groups or None in bills or bills[0] < bills[1], "walls cost memory"


@worker
@pytest.mark.parametrize("container", [c for c in crashing.all_containers() if c != "groups"])
def test_beside_one_and_beside_seven(container):
    for siblings in (1, 7):
        item = crash("exception", container, siblings=siblings)
        assert item.facts["others"] == GO_ON
        assert len(item.facts["fates"]) - (container == "supervised") == siblings + 1


# Looking ------------------------------------------------------------------------------------------
@worker
@pytest.mark.parametrize("container", ["process", "thread"])
def test_the_fault_is_the_last_that_its_actor_notes_and_its_end_comes_after(container):
    item = lab.crash("null pointer", container)
    faulty = item.facts["faulty"]
    (fault,) = [event for event in item.events if event.what == "fault"]
    assert (fault.actor, fault.seen) == (faulty, "itself")
    assert item.beats(faulty)[-1] <= fault.t_ns < item.ending(faulty).t_ns
    assert item.facts["notice_ns"] > 0 and item.facts["recovery_ns"] is None


@worker
def test_every_beat_arrives_and_lanes_fill_before_it_is_over():
    """A beat is told while its actor still has others to come."""
    seen: list = []
    item = lab.crash("null pointer", "process", on_event=seen.append)
    kinds = [type(each) for each in seen]
    assert kinds[:5] == [Actor] * 5 and kinds.count(Event) == len(item.events)
    assert kinds.index(Ending) < len(kinds) - 4, "others live on after the first end"
    assert {name: len(item.beats(name)) for name in item.facts["beats"]} == item.facts["beats"]
    half = plots.lanes_text(seen[: kinds.index(Ending)])
    assert half.count("\n") == 3 and "ended" not in half
    assert "X" in plots.lanes_text(item) and "was ended by SIGSEGV" in plots.lanes_text(item)


# The matrix ---------------------------------------------------------------------------------------
EXPECTED = {
    "exception": [GO_ON, GO_ON, GO_ON, GO_ON],
    "null pointer": [END, GO_ON, END, STAND],
    "os._exit": [END, GO_ON, END, STAND],
    "deadlock": [GO_ON, GO_ON, GO_ON, STAND],
    "silent corruption": [GO_ON, GO_ON, GO_ON, GO_ON],
}
CONTAINERS = ["thread", "process", "executor", "lock holder"]


@worker
def test_a_matrix_is_streamed_cell_by_cell():
    seen: list = []
    item = lab.fate_matrix(list(EXPECTED), CONTAINERS, on_event=seen.append)
    cells = {(cell["fault"], cell["container"]): cell for cell in item.facts["cells"]}
    assert {f: [cells[f, c]["others"] for c in CONTAINERS] for f in EXPECTED} == EXPECTED
    assert [cells["silent corruption", c]["wrong"] for c in CONTAINERS] == [4, 1, 1, 1]
    streamed = [dict(each.data) for each in seen if isinstance(each, Event)]
    assert streamed == item.facts["cells"] and len(streamed) == len(EXPECTED) * len(CONTAINERS)


# Catalogues and bad input -------------------------------------------------------------------------
def test_each_fault_and_each_container_has_a_sentence():
    params = lab.catalogue()["crash"].params
    assert list(crashing.all_faults()) == list(params["fault"].choices)
    assert list(crashing.all_containers()) == list(params["container"].choices)
    for words in (*crashing.all_faults().values(), *crashing.all_containers().values()):
        assert len(words) > 30 and "\n" not in words


def test_what_is_to_be_read_can_be_shown():
    beside = lab.catalogue()["crash"].beside
    assert {name: lab.source(name)[:3] for name in beside} == dict.fromkeys(beside, '"""')
    code = lab.source("_supervisor")
    assert code.count("\n") < 60 and "def supervise(" in code
    with pytest.raises(ValueError, match="Did you mean '_supervisor'"):
        lab.source("_supervise")


BAD = {
    "no such fault": (("segfault", "thread"), {}, r"^fault='segfault'.*must be one of: null po"),
    "nearly a fault": (("null pinter", "thread"), {}, r"Did you mean 'null pointer'\?"),
    "no such container": (("exception", "threads"), {}, r"^container=.*Did you mean 'thread'\?"),
    "a function": ((print, "thread"), {}, "^fault=.*function"),
    "a number": ((7, "thread"), {}, "^fault=7"),
    "nobody else": (("exception", "thread"), {"siblings": 0}, "^siblings=0.*from 1 to 7"),
    "too many": (("exception", "thread"), {"siblings": 8}, "^siblings=8.*from 1 to 7"),
    "half of one": (("exception", "thread"), {"siblings": 1.5}, r"^siblings=1\.5.*whole number"),
    "yes": (("exception", "thread"), {"siblings": True}, "^siblings=True.*whole number"),
    "lives of a thread": (
        ("exception", "thread"),
        {"lives": 2},
        "^lives=2: only for container='supervised'",
    ),
    "too many lives": (("exception", "supervised"), {"lives": 5}, "^lives=5.*from 1 to 4"),
    "groups of threads": (("exception", "thread"), {"groups": "AB C"}, "^groups='AB C': only for"),
    "twice": (("exception", "groups"), {"groups": "AB BC"}, "^groups='AB BC'.*each once"),
    "alone": (("exception", "groups"), {"groups": "C"}, "^groups='C'.*two letters"),
    "no letters": (("exception", "groups"), {"groups": "ab c"}, "^groups='ab c'.*from A to H"),
    "nobody": (("exception", "groups"), {"groups": "AB D"}, "^who='C'.*one of those in groups"),
    "an unknown word": (("exception", "thread"), {"sibblings": 2}, "sibblings=2"),
}


@pytest.mark.parametrize(("given", "named", "says"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_before_anything_starts(given, named, says, monkeypatch):
    monkeypatch.setattr("conclib.lab.observing._live", lambda *_: pytest.fail("started"))
    with pytest.raises((TypeError, ValueError), match=says):
        lab.crash(*given, **named)


BAD_MATRICES = {
    "a text": (("exception", ["thread"]), "^faults='exception': must be a list"),
    "nothing": (([], ["thread"]), r"^faults=\[\]: must be one or more"),
    "twice": ((["exception"], ["thread", "thread"]), "^containers=.*once"),
    "unknown": ((["exceptoin"], ["thread"]), r"Did you mean 'exception'\?"),
    "too large": (
        (list(crashing.all_faults()), ["thread", "process", "executor"]), "at most 60 cells"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "says"), BAD_MATRICES.values(), ids=BAD_MATRICES)
def test_a_matrix_that_is_none_is_refused(given, says):
    with pytest.raises((TypeError, ValueError), match=says):
        lab.fate_matrix(*given)


def test_a_signal_without_a_name_is_told_by_its_number():
    assert _fates.end_text("signalled", 40) == "was ended by signal 40"
    assert _fates.end_text("signalled", 11) == "was ended by SIGSEGV"


# What did not happen ------------------------------------------------------------------------------
NOTHING = """
import importlib, os

def report(params):
    faults = importlib.import_module("._faults", __package__)
    faults.ACTS[params["fault"]] = lambda part: None
    topic = importlib.import_module(".faults.fates", __package__)
    return topic.observe({"faults": params["fault"] + ", exception", "containers": "thread",
                          "siblings": 1, "at_once": 2}, Tell())

class Tell:
    def actor(self, *_, **__): pass
    event = beats = ending = actor
"""


@worker
@pytest.mark.parametrize("fault", sorted({*SIGNALS, "os._exit", "memory hog", "exception"}))
def test_a_fault_that_did_not_happen_is_no_fate(fault):
    """The others would have gone on, and that would have been said of the fault."""
    cells = barred.reported(NOTHING.replace('params["fault"]', repr(fault)))["cells"]
    reasons = {cell["fault"]: cell.get("reason", "") for cell in cells if cell["others"] is None}
    assert reasons == {fault: f"{fault}: its call came back, nothing went wrong"}


@worker
def test_a_signal_that_cannot_be_sent_is_no_event():
    number = {"x86_64": 234, "aarch64": 131}[os.uname().machine]
    params = dict(lab.catalogue()["crash"].complete({"fault": "SIGSEGV sent"}))
    text = barred.TEXT.format(number=number, module="faults.crash", params=params)
    text = text.replace(f"report({params})", f"observe({params}, Tell())")
    with pytest.raises(Unavailable, match=r"tgkill.*Operation not permitted"):
        barred.reported(text + NOTHING[NOTHING.index("class") :])


@worker
def test_without_files_in_memory_it_says_what_is_missing():
    number = {"x86_64": 319, "aarch64": 279}[os.uname().machine]
    code = "from conclib import lab\nlab.crash('abort', 'process', beats=15)"
    command = [sys.executable, "-m", "tests.old_linux", str(number), sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Unavailable: crash: memfd_create: Function not implemented" in done.stderr


@worker
def test_under_a_limit_on_memory_a_hog_still_meets_it():
    """An ordinary user's own limit may be lower than the one that is set for the hog."""
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_DATA, (60 << 20, 60 << 20))\n"
        "from conclib import lab; print(lab.crash('memory hog', 'thread').facts['summary'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "thread 2 was ended by MemoryError" in done.stdout


def test_only_a_process_of_ours_is_killed_in_the_end(monkeypatch):
    """A host has collected its child: the number may be anybody's by now."""
    other = subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)
    watch = _crew_watch.Watch(
        {**lab.catalogue()["crash"].complete({"container": "supervised"})}, None
    )
    stranger, killed, kill = os.getppid(), [], os.kill
    monkeypatch.setattr(os, "kill", lambda pid, _: (killed.append(pid), kill(other.pid, 9)))
    for row, pid in enumerate((other.pid, stranger)):
        watch.beats._numbers[_beats.ROW * row + _beats.PID] = pid
    watch.close()
    other.wait()
    assert killed == [other.pid]


# All of it ----------------------------------------------------------------------------------------
@pytest.mark.sweep
@pytest.mark.worker
@pytest.mark.parametrize("first", [0, 6, 12, 18])
def test_each_fault_in_each_container(first):
    faults = [*crashing.all_faults()][first : first + 6]
    item = lab.fate_matrix(faults, list(crashing.all_containers()))
    wrong = {
        (cell["fault"], cell["container"]): (cell["others"], cell["summary"])
        for cell in item.facts["cells"]
        if cell["others"] not in (None, expected(cell["fault"], cell["container"]))
    }
    assert wrong == {} and len(item.facts["cells"]) == len(faults) * 10
