"""Protocol 1 from both ends: each message, and everything that is none."""

import json
import os
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib import lab
from conclib.lab import running
from conclib.results import (
    Cancelled,
    ProtocolError,
    Unavailable,
    WorkerError,
    WorkerTimeout,
)
from conclib.worker import Request, messages, run_workers, session
from conclib.worker import channel as channels
from tests import fault_probes
from tests.fault_probes import fake_python

SOON = float("inf")


# The channel, on pipes without any process --------------------------------------------------------
class Pipes:
    """A channel, the two ends that a worker would write to, and a clock that a test turns."""

    def __init__(self) -> None:
        report, self.report = os.pipe()
        printed, self.printed = os.pipe()
        self.now = 0.0
        self.channel = channels.Channel(report, printed, clock=lambda: self.now)

    def say(self, data: bytes) -> None:
        """Write to the report pipe."""
        os.write(self.report, data)

    def hang_up(self) -> None:
        """Close what a worker's end would close."""
        for fd in (self.report, self.printed):
            if fd is not None:
                os.close(fd)
        self.report = self.printed = None

    def close(self) -> None:
        """Close everything; a channel that is closed already has nothing to close."""
        self.channel.close()
        if self.report is not None:
            self.hang_up()


@pytest.fixture
def pipes() -> Iterator[Pipes]:
    """A channel on pipes."""
    made = Pipes()
    yield made
    made.close()


def test_messages_come_one_by_one_in_order(pipes):
    pipes.say(b'{"say": "a"}\n{"say": "b", "n": 1}\n')
    assert pipes.channel.receive(SOON) == {"say": "a"}
    assert pipes.channel.receive(SOON) == {"say": "b", "n": 1}


@given(st.lists(st.text(max_size=8), min_size=1, max_size=6), st.data())
def test_it_does_not_matter_how_lines_are_cut(words, data):
    """A pipe gives bytes, not lines: each cut into pieces gives the same messages."""
    lines = b"".join(json.dumps({"say": word}).encode() + b"\n" for word in words)
    made = Pipes()
    try:
        while lines:
            size = data.draw(st.integers(1, len(lines)))
            made.say(lines[:size])
            made.channel.pause(SOON)
            lines = lines[size:]
        assert [made.channel.receive(SOON)["say"] for _ in words] == words
    finally:
        made.close()


def test_the_end_is_none_and_stays_none(pipes):
    pipes.say(b'{"say": "last"}\n')
    pipes.hang_up()
    assert pipes.channel.receive(SOON) == {"say": "last"}
    assert pipes.channel.receive(SOON) is None
    assert pipes.channel.receive(SOON) is None


GARBAGE = {
    "words": b"Hello, world!\n",
    "binary": b"\x80\x04\x95\xff\n",
    "empty line": b"\n",
    "a list": b'["ready"]\n',
    "a number": b"12\n",
    "no say": b'{"name": "setup"}\n',
    "say is no text": b'{"say": 3}\n',
    "say is null": b'{"say": null}\n',
    "nested without end": b"[" * 30_000 + b"\n",
    "half an object": b'{"say": "ready", \n',
}


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_a_protocol_error_with_the_tail_of_what_was_printed(pipes, data):
    os.write(pipes.printed, b"first line\nSomeError: the reason\n")
    pipes.say(data)
    with pytest.raises(ProtocolError, match=r"not Protocol 1(.|\n)*SomeError: the reason"):
        pipes.channel.receive(SOON)


def test_half_a_line_at_the_end_is_a_protocol_error(pipes):
    pipes.say(b'{"say": "batch", "values": [1.0, 2')
    pipes.hang_up()
    with pytest.raises(ProtocolError, match="half a line"):
        pipes.channel.receive(SOON)


def feed(fd: int, data: bytes) -> threading.Thread:
    """Write more to a pipe than fits into it, from a thread."""

    def write(left: bytes) -> None:
        try:
            while left:
                left = left[os.write(fd, left) :]
        except OSError:  # nobody reads any more: the test is over
            pass

    thread = threading.Thread(target=write, args=(data,))
    thread.start()
    return thread


def test_a_line_without_an_end_is_given_up(pipes, monkeypatch):
    """And no more of it is read, else looking for the reason would never end."""
    monkeypatch.setattr(channels, "LONGEST_LINE", 200_000)
    thread = feed(pipes.report, b"x" * 20 * 2**20)
    with pytest.raises(ProtocolError, match="without an end"):
        pipes.channel.receive(SOON)
    with pytest.raises(ProtocolError, match="half a line"):
        pipes.channel.receive(SOON)
    pipes.channel.close()  # now writing to it fails, and the thread ends
    thread.join()


def test_print_is_drained_beside_the_report_and_cut(pipes):
    """10 MB on standard error, then a message: who read only one of the pipes would hang."""
    lines = b"".join(b"%07d\n" % number for number in range(10 * 2**20 // 8))

    def speak() -> None:
        feed(pipes.printed, lines).join()
        pipes.say(b'{"say": "done"}\n')

    thread = threading.Thread(target=speak)
    thread.start()
    assert pipes.channel.receive(SOON) == {"say": "done"}
    thread.join()
    text = pipes.channel.printed()
    kept, _, notice = text.partition("\n[...")
    assert kept.encode() == lines[: channels.KEEP_PRINTED]
    dropped = len(lines) - channels.KEEP_PRINTED
    assert notice == f" {dropped:,} more bytes printed, not kept]"
    assert len(pipes.channel.tail()) <= 1500


def test_nothing_printed_is_said_too(pipes):
    assert pipes.channel.tail() == "(it printed nothing)"
    assert pipes.channel.printed() == ""


def test_what_is_printed_need_not_be_utf8(pipes):
    os.write(pipes.printed, b"caf\xe9\n")
    pipes.channel.drain(1.0)
    assert pipes.channel.printed() == "caf\ufffd\n"


def test_the_deadline_is_on_the_channels_own_clock(pipes):
    pipes.now = 5.0
    with pytest.raises(WorkerTimeout):
        pipes.channel.receive(5.0)
    pipes.say(b'{"say": "a"}\n')
    assert pipes.channel.receive(5.1) == {"say": "a"}


def test_stop_is_looked_at_before_the_deadline(pipes):
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        pipes.channel.receive(0.0, stop)


# Each message, field by field ---------------------------------------------------------------------
GOOD = {
    "ready": {"say": "ready", "python": "3.11.7", "rss": 9.5, "conditions": {}},
    "phase": {"say": "phase", "name": "setup"},
    "calibrated": {"say": "phase", "name": "calibrated", "loops": 8, "value": 2.5, "warmups": 4},
    "batch": {"say": "batch", "values": [1.0, 2], "baseline": [0.0], "refused": 0, "loops": 8},
    "facts": {"say": "facts", "data": [1, 2]},
    "done": {"say": "done", "verified": "3 children", "conditions": {}},
    "error": {"say": "error", "kind": "ValueError", "message": "no"},
    "unavailable": {"say": "unavailable", "reason": "no fork"},
}
BAD = [
    ("ready", {"python": 3}),
    ("ready", {"conditions": None}),
    ("phase", {"name": 1}),
    ("calibrated", {"loops": 1.5}),
    ("calibrated", {"loops": True}),
    ("calibrated", {"value": -1.0}),
    ("calibrated", {"value": float("nan")}),
    ("calibrated", {"warmups": "4"}),
    ("batch", {"values": None}),
    ("batch", {"values": [1.0, "2"]}),
    ("batch", {"values": [float("inf")]}),
    ("batch", {"values": [-1.0]}),
    ("batch", {"values": [True]}),
    ("batch", {"baseline": {}}),
    ("batch", {"refused": -1}),
    ("done", {"conditions": []}),
    ("done", {"verified": 3}),
    ("error", {"message": None}),
    ("unavailable", {"reason": 0}),
]


@pytest.mark.parametrize("message", GOOD.values(), ids=GOOD)
def test_every_message_of_protocol_1_is_known(message):
    assert messages.fault(message) == ""


def test_the_table_holds_these_messages_and_no_others():
    assert set(messages.FIELDS) == set(GOOD)


@pytest.mark.parametrize(("kind", "change"), BAD)
def test_a_field_of_another_kind_is_a_fault(kind, change):
    (name,) = change
    assert f"with {name}=" in messages.fault({**GOOD[kind], **change})


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, fields in messages.FIELDS.items() for name in fields]
)
def test_a_field_that_is_missing_is_a_fault(kind, name):
    message = {key: value for key, value in GOOD[kind].items() if key != name}
    assert messages.fault(message) != "" or (kind, name) == ("calibrated", "name")


@pytest.mark.parametrize("kind", ["hello", "", "calibrated"])
def test_other_words_are_faults(kind):
    assert "no word of Protocol 1" in messages.fault({"say": kind})


# The real driver's side ---------------------------------------------------------------------------
started = pytest.mark.worker


def converse(request: Request, script: Callable) -> list[dict]:
    """Start a real worker, let ``script`` talk to it, and return all that it said."""
    said = []

    def use(workers: list) -> None:
        (worker,) = workers
        answer = worker.answer

        def noted(*expected: str) -> dict:
            said.append(answer(*expected))
            return said[-1]

        worker.answer = noted
        worker.send_request()
        script(worker)

    run_workers([request], use, deadline=20)
    return said


def stays(worker) -> bool:
    """Tell whether a worker waits to be ended: what it has started can be found only from it."""
    worker._look(0.05)
    return worker.returncode is None


def up_to_calibrated(worker) -> None:
    worker.answer("ready")
    while worker.answer("phase")["name"] != "calibrated":
        pass


@started
def test_a_timed_probes_conversation():
    def script(worker) -> None:
        up_to_calibrated(worker)
        for samples in (1, 7):
            worker.ask(ask="batch", samples=samples)
            worker.answer("batch")
        worker.ask(ask="done")
        worker.answer("done")
        assert stays(worker)

    params = lab.catalogue()["fork"].complete({})
    said = converse(Request("fork", params), script)
    assert [item["say"] for item in said] == [
        "ready", "phase", "phase", "phase", "batch", "batch", "done",
    ]  # fmt: skip
    assert [item["name"] for item in said[1:4]] == ["setup", "calibrate", "calibrated"]
    assert [len(item["values"]) for item in said[4:6]] == [1, 7]
    assert all(item["loops"] == said[3]["loops"] for item in said[4:6])
    assert said[0]["conditions"]["threads"] == 1
    forks = said[3]["warmups"] + 8 + 2  # one is discarded in each batch
    assert said[-1]["verified"].startswith(f"{forks} children")


@started
def test_a_facts_probes_conversation():
    def script(worker) -> None:
        worker.answer("ready")
        worker.answer("facts")
        worker.answer("done")
        assert stays(worker)

    said = converse(Request("fork_twice", {}), script)
    assert [item["say"] for item in said] == ["ready", "facts", "done"]


@started
def test_a_failing_probe_says_error_and_an_impossible_one_unavailable():
    text = fault_probes.FAILURES["raises"][0]
    with pytest.raises(WorkerError, match=r"^own: ZeroDivisionError: division by zero") as caught:
        converse(Request("own", {}, text=text), up_to_calibrated)
    assert type(caught.value) is WorkerError
    text = "from ._refuse import Unavailable\ndef setup(_):\n    raise Unavailable('no moon')\n"
    with pytest.raises(Unavailable, match=r"^own: no moon"):
        converse(Request("own", {}, text=text), up_to_calibrated)


@started
@pytest.mark.parametrize("moment", ["before the request", "after calibrating"])
def test_a_worker_leaves_when_its_requests_end(moment):
    """The caller is gone, or wants no more: the driver ends by itself, successfully."""

    def use(workers: list) -> int:
        (worker,) = workers
        if moment == "after calibrating":
            worker.send_request()
            up_to_calibrated(worker)
        worker._close(worker._ask)
        worker._look(20.0)
        return worker.returncode

    assert run_workers([Request("empty", {})], use, deadline=20) == 0


# Workers that are none ----------------------------------------------------------------------------
FAKES = {
    "garbage": ("say(b'Hello!\\n'); time.sleep(600)", ProtocolError, "Hello!"),
    "half a line": ('say(b\'{"say": "rea\')', ProtocolError, "half a line"),
    "endless line": (
        "sys.stderr.write('a reason\\n')\nwhile True: say(b'x' * 65536)",
        ProtocolError,
        "without an end",
    ),
    "out of turn": (
        'say(b\'{"say": "phase", "name": "setup"}\\n\'); time.sleep(600)',
        ProtocolError,
        "'phase' where ready was due",
    ),
    "another word": ('say(b\'{"say": "hello"}\\n\'); time.sleep(600)', ProtocolError, "no word"),
    "missing field": ('say(b\'{"say": "ready"}\\n\'); time.sleep(600)', ProtocolError, "python="),
    "import": ("import no_such_module", WorkerError, "(?s)exit code 1.*no_such_module"),
    "early success": ("sys.exit(0)", WorkerError, "exit code 0 before it had answered"),
    "killed": ("os.kill(os.getpid(), 9)", WorkerError, "SIGKILL .*perhaps out of memory"),
    "deaf and silent": ("time.sleep(600)", WorkerTimeout, "still busy"),
    "report closed": ("os.close(report); time.sleep(600)", WorkerError, "closed its report"),
}


@started
@pytest.mark.parametrize(("text", "kind", "words"), FAKES.values(), ids=FAKES)
def test_a_program_that_does_not_speak_protocol_1(tmp_path, monkeypatch, text, kind, words):
    """One clear error, one start: no respawning, and no recording in its place."""
    monkeypatch.setattr(running, "SETUP", 0.7 if kind is WorkerTimeout else 20.0)
    monkeypatch.setattr(running.recordings, "find", lambda *given: pytest.fail("a recording"))
    starts, start = [], session.Worker.start
    monkeypatch.setattr(session.Worker, "start", lambda worker: (starts.append(1), start(worker)))
    program = fake_python(tmp_path, text)
    with pytest.raises(kind, match=words) as caught:
        lab.measure("empty", budget=0.01, runs=1, python=program)
    assert type(caught.value) is kind
    assert starts == [1]


@started
def test_garbage_in_the_middle_of_a_measurement(tmp_path):
    """A real worker up to its first batch; then the report has a stranger's words in it."""
    text = fault_probes.REAL_DRIVER.format(first="").replace(
        "runpy.run_path(driver",
        "real = os.write\n"
        "def write(fd, data):\n"
        "    return real(fd, b'*** stack smashed ***\\n' if b'batch' in data else data)\n"
        "os.write = write\nrunpy.run_path(driver",
    )
    with pytest.raises(ProtocolError, match="stack smashed"):
        lab.measure("empty", budget=0.01, runs=1, python=fake_python(tmp_path, text))


@started
def test_a_program_that_is_no_python():
    with pytest.raises(WorkerError, match="exit code 0 before it had answered"):
        lab.measure("empty", budget=0.01, runs=1, python="/bin/true")


@started
def test_a_file_that_cannot_be_executed(tmp_path):
    program = tmp_path / "python"
    program.write_bytes(b"\x00\x01 no program")
    program.chmod(0o755)
    with pytest.raises(WorkerError, match="no worker could be started"):
        lab.measure("empty", budget=0.01, runs=1, python=str(program))


@started
@pytest.mark.parametrize("how", ["deadline", "stop"])
def test_a_long_request_to_a_worker_that_does_not_read(tmp_path, monkeypatch, how):
    """A pipe takes 64 kB: sending the rest obeys the deadline and Stop as receiving does."""
    monkeypatch.setattr(running, "SETUP", 0.4 if how == "deadline" else 20.0)
    stop = threading.Event()
    if how == "stop":
        stop.set()
    text = fault_probes.SMALL + "#" * 300_000
    with pytest.raises(WorkerTimeout if how == "deadline" else Cancelled):
        lab.measure_own(
            text, budget=0.01, runs=1, stop=stop, python=fake_python(tmp_path, "time.sleep(600)")
        )


@started
def test_a_long_request_to_a_worker_that_prints_first(tmp_path):
    """Both pipes are full at the same time: the caller reads while it waits to write."""
    text = fault_probes.REAL_DRIVER.format(first="sys.stderr.write('x' * 10**7)")
    program = fake_python(tmp_path, text)
    own = fault_probes.SMALL + "#" * 300_000
    assert lab.measure_own(own, budget=0.01, runs=1, python=program).n >= 1
