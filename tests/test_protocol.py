"""Protocol 2 from both ends: each message, and everything that is none."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import to_builtins

from conclib import lab
from conclib.lab import running
from conclib.results import (
    Cancelled,
    ProtocolError,
    Unavailable,
    WorkerError,
    WorkerTimeout,
)
from conclib.worker import Request, forms, messages, run_workers, session, texts
from conclib.worker import channel as channels
from tests import fault_probes, house
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


SETUP, FACTS = {"type": "phase", "name": "setup"}, {"type": "facts", "data": {"n": 1}}
SETUP_LINE, FACTS_LINE = (json.dumps(message).encode() + b"\n" for message in (SETUP, FACTS))


def test_messages_come_one_by_one_in_order(pipes):
    pipes.say(SETUP_LINE + FACTS_LINE)
    assert to_builtins(pipes.channel.receive(SOON)) == SETUP
    assert to_builtins(pipes.channel.receive(SOON)) == FACTS


plain_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(st.lists(plain_text, min_size=1, max_size=6), st.data())
def test_it_does_not_matter_how_lines_are_cut(words, data):
    """A pipe gives bytes, not lines: each cut into pieces gives the same messages."""
    said = [{"type": "unavailable", "reason": texts.visible(word)} for word in words]
    lines = b"".join(json.dumps(message).encode() + b"\n" for message in said)
    made = Pipes()
    try:
        while lines:
            size = data.draw(st.integers(1, len(lines)))
            made.say(lines[:size])
            made.channel.pause(SOON)
            lines = lines[size:]
        assert [to_builtins(made.channel.receive(SOON)) for _ in words] == said
    finally:
        made.close()


def test_the_end_is_none_and_stays_none(pipes):
    pipes.say(SETUP_LINE)
    pipes.hang_up()
    assert to_builtins(pipes.channel.receive(SOON)) == SETUP
    assert pipes.channel.receive(SOON) is None
    assert pipes.channel.receive(SOON) is None


GARBAGE = {
    "words": b"Hello, world!\n",
    "binary": b"\x80\x04\x95\xff\n",
    "empty line": b"\n",
    "a list": b'["ready"]\n',
    "a number": b"12\n",
    "no say": b'{"name": "setup"}\n',
    "type is no text": b'{"type": 3}\n',
    "type is null": b'{"type": null}\n',
    "nested without end": b"[" * 30_000 + b"\n",
    "half an object": b'{"type": "ready", \n',
}


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_a_protocol_error_with_the_tail_of_what_was_printed(pipes, data):
    os.write(pipes.printed, b"first line\nSomeError: the reason\n")
    pipes.say(data)
    with pytest.raises(ProtocolError, match=r"not Protocol 2(.|\n)*SomeError: the reason"):
        pipes.channel.receive(SOON)


def test_half_a_line_at_the_end_is_a_protocol_error(pipes):
    pipes.say(b'{"type": "batch", "values": [1.0, 2')
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


def test_a_line_without_an_end_is_given_up(pipes):
    """And no more of it is read, else looking for the reason would never end."""
    thread = feed(pipes.report, b"x" * 20 * 2**20)
    with pytest.raises(ProtocolError, match="a line of more than 2 MB"):
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
        pipes.say(SETUP_LINE)

    thread = threading.Thread(target=speak)
    thread.start()
    assert to_builtins(pipes.channel.receive(SOON)) == SETUP
    thread.join()
    text = pipes.channel.printed()
    kept, _, notice = text.partition("\n[...")
    assert kept.encode() == lines[: channels.KEEP_PRINTED]
    dropped = len(lines) - channels.KEEP_PRINTED
    assert notice == f" {dropped:,} more bytes printed, not kept]"
    assert len(pipes.channel.tail()) <= 1500


def test_nothing_printed_is_said_too(pipes):
    assert pipes.channel.tail() == "It printed nothing."
    assert pipes.channel.printed() == ""


def test_what_is_printed_need_not_be_utf8(pipes):
    os.write(pipes.printed, b"caf\xe9\n")
    pipes.channel.drain(1.0)
    assert pipes.channel.printed() == "caf\ufffd\n"


def test_the_deadline_is_on_the_channels_own_clock(pipes):
    pipes.now = 5.0
    with pytest.raises(WorkerTimeout):
        pipes.channel.receive(5.0)
    pipes.say(SETUP_LINE)
    assert to_builtins(pipes.channel.receive(5.1)) == SETUP


def test_stop_is_looked_at_before_the_deadline(pipes):
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        pipes.channel.receive(0.0, stop)


# Each message, field by field ---------------------------------------------------------------------
EVERYTHING = {
    "cpus_allowed": 2, "pinned": 1, "quota_cpus": 1.5, "governor": "performance", "load": 0.5,
    "thp": "madvise", "python": "3.11.7", "implementation": "cpython", "gil": True, "rss_mb": 9.5,
    "threads": 1, "not_known": "governor", "throttled": 0, "steal_ticks": -1,
}  # fmt: skip
GOOD = {
    "ready": {"type": "ready", "python": "3.11.7", "conditions": EVERYTHING, "rss": 9.5},
    "phase": {"type": "phase", "name": "setup"},
    "calibrated": {"type": "phase", "name": "calibrated", "loops": 8, "value": 2.5, "warmups": 4},
    "batch": {"type": "batch", "values": [1.0, 2.0], "baseline": [0.0], "refused": 0, "loops": 8},
    "entered": {"type": "entered", "name": "load", "t_ns": 5},
    "actor": {
        "type": "actor",
        "name": "thread 1",
        "kind": "thread",
        "pid": 7,
        "tid": 8,
        "maker": "process",
    },
    "event": {
        "type": "event",
        "t_ns": 5,
        "actor": "thread 1",
        "what": "fault",
        "data": {"n": 1},
        "seen": "observer",
    },
    "beats": {
        "type": "event",
        "t_ns": 5,
        "actor": "thread 1",
        "what": "beats",
        "data": {"times_ns": [3, 5]},
        "seen": "itself",
    },
    "ending": {
        "type": "ending",
        "actor": "thread 1",
        "how": "signalled",
        "t_ns": 6,
        "by": "waitid",
        "code": 11,
        "detail": "by itself",
    },
    "facts": {"type": "facts", "data": {"any": [1, "plain", 2.5, None, True, {}]}},
    "thinned facts": {"type": "facts", "data": {}, "thinned": 4},
    "done": {"type": "done", "verified": "3 children", "conditions": {}},
    "done without proof": {"type": "done", "verified": None, "conditions": {}},
    "error": {"type": "error", "kind": "ValueError", "message": "no"},
    "unavailable": {"type": "unavailable", "reason": "no fork"},
}
OPTIONAL = {
    ("ready", "rss"), ("actor", "pid"), ("actor", "tid"), ("actor", "maker"), ("ending", "code"),
    ("ending", "detail"), ("thinned facts", "thinned"),
}  # fmt: skip


def line(which: str, /, **change: object) -> bytes:
    """Return a good message as a line, with some of its fields changed."""
    return json.dumps({**GOOD[which], **change}).encode()


@pytest.mark.parametrize("kind", GOOD)
def test_every_message_of_protocol_2_is_read_as_it_was_sent(kind):
    assert to_builtins(messages.decode(line(kind))) == GOOD[kind]


def test_the_table_holds_these_messages_and_no_others():
    known = {form.__name__.lower() for form in forms.Message.__subclasses__()}
    assert known == {message[forms.TAG] for message in GOOD.values()}


def test_what_a_real_worker_may_find_is_a_known_condition():
    from conclib.probes import _conditions

    found = _conditions.read(pinned=0)
    assert messages.decode(line("ready", conditions=found)).conditions.plain() == found


LONG = "1" + "0" * 400
FLOAT, INT, TEXT = "Expected `float`", "Expected `int`", "Expected `str`"
BEATS = ("{'type': 'event', 't_ns': 5, 'actor': 'thread 1', 'what':...: data.times_ns of 'beats' "
         "must be a list of whole numbers")  # fmt: skip
HOSTILE = [  # a line, and what is wrong with it
    (line("ready", python=3), f"python=3: {TEXT}, got `int`"),
    (line("ready", python="3" * 201), f"python='{'3' * 56}...: {TEXT} of length <= 200"),
    (line("ready", conditions=None), "conditions=None: Expected `object`, got `null`"),
    (line("ready", conditions={"throttled": "5"}), f"conditions.throttled='5': {INT}, got `str`"),
    (line("ready", conditions={"throttled": -1}), f"conditions.throttled=-1: {INT} >= 0"),
    (line("ready", conditions={"load": [1]}), f"conditions.load=[1]: {FLOAT}, got `array`"),
    (line("ready", conditions={"load": None}), f"conditions.load=None: {FLOAT}, got `null`"),
    (line("ready", conditions={"cpus_allowed": 2.0}),
     f"conditions.cpus_allowed=2.0: {INT}, got `float`"),
    (line("ready", conditions={"gil": 1}), "conditions.gil=1: Expected `bool`, got `int`"),
    (line("ready", conditions={"moon": "full"}),
     "conditions={'moon': 'full'}: Object contains unknown field `moon`"),
    (line("phase", name=1), f"name=1: {TEXT}, got `int`"),
    (line("phase", name="lunch"), "name='lunch': Invalid enum value 'lunch'"),
    (line("phase", loops=8), "{'type': 'phase', 'name': 'setup', 'loops': 8}: loops, value and "
     "warmups belong to 'calibrated', all three of them"),
    (line("calibrated", loops=1.5), f"loops=1.5: {INT}, got `float`"),
    (line("calibrated", loops=True), f"loops=True: {INT}, got `bool`"),
    (line("calibrated", loops=0), f"loops=0: {INT} >= 1"),
    (line("calibrated", loops=2**20 + 1), f"loops=1048577: {INT} <= 1048576"),
    (line("calibrated", value=-1.0), f"value=-1.0: {FLOAT} >= 0.0"),
    (line("calibrated", value=float("nan")), "NaN is not a number that can be measured"),
    (line("calibrated", warmups="4"), f"warmups='4': {INT}, got `str`"),
    (line("batch", values=None), "values=None: Expected `array`, got `null`"),
    (line("batch", values=[1.0, "2"]), f"values[1]='2': {FLOAT}, got `str`"),
    (line("batch", values=[float("inf")]), "Infinity is not a number that can be measured"),
    (line("batch", values=[-float("inf")]), "-Infinity is not a number that can be measured"),
    (line("batch").replace(b"2.0", b"1e999"), "values[1]=inf: Number out of range"),
    (line("batch", values=[10**400]), "a whole number of 401 digits"),
    (line("batch", values=[10**19]), f"values[0]=10000000000000000000: {FLOAT} <= 1e+18"),
    (line("batch", values=[-1.0]), f"values[0]=-1.0: {FLOAT} > 0.0"),
    (line("batch", values=[0.0]), f"values[0]=0.0: {FLOAT} > 0.0"),
    (line("batch", values=[True]), f"values[0]=True: {FLOAT}, got `bool`"),
    (line("batch", baseline={}), "baseline={}: Expected `array`, got `object`"),
    (line("batch", refused=-1), f"refused=-1: {INT} >= 0"),
    (line("batch", refused=10**400), "a whole number of 401 digits"),
    (line("batch", refused=10**13), f"refused=10000000000000: {INT} <= 1000000000000"),
    (line("facts").replace(b"2.5", b"1e999"), "data={'any': [1, 'plain', inf, None, True, {}]}: "
     "Number out of range"),
    (line("facts", data=-(10**400)), "a whole number of 402 digits"),
    (line("facts", data=[[]] * 60_000), "more than 100,000 values"),
    (line("facts", data=0).replace(b"0", b"[" * 33 + b"]" * 33), "nested deeper than 32 levels"),
    (line("facts", data=0).replace(b"0", b"[" * 50_000 + b"]" * 50_000),
     "nested deeper than 32 levels"),
    (line("facts", thinned=-1), f"thinned=-1: {INT} >= 0"),
    (line("entered", name=1), f"name=1: {TEXT}, got `int`"),
    (line("entered", t_ns=1.5), f"t_ns=1.5: {INT}, got `float`"),
    (line("actor", kind="ghost"), "kind='ghost': Invalid enum value 'ghost'"),
    (line("actor", pid=-1), f"pid=-1: {INT} >= 0"),
    (line("event", t_ns=-1), f"t_ns=-1: {INT} >= 0"),
    (line("event", t_ns=10**19), f"t_ns={10**19}: {INT} <= {10**18}"),
    (line("event", actor="a" * 201), f"actor='{'a' * 56}...: {TEXT} of length <= 200"),
    (line("event", data=[1]), "data=[1]: Expected `object`, got `array`"),
    (line("event", seen="maybe"), "seen='maybe': Invalid enum value 'maybe'"),
    (line("beats", data={"times_ns": [1.5]}), BEATS),
    (line("beats", data={}), BEATS),
    (line("ending", how="faded"), "how='faded': Invalid enum value 'faded'"),
    (line("ending", code=256), f"code=256: {INT} <= 255"),
    (line("done", conditions=[]), "conditions=[]: Expected `object`, got `array`"),
    (line("done", verified=3), "verified=3: Expected `str | null`, got `int`"),
    (line("error", message=None), f"message=None: {TEXT}, got `null`"),
    (line("error", kind="E" * 201), f"kind='{'E' * 56}...: {TEXT} of length <= 200"),
    (line("unavailable", reason=0), f"reason=0: {TEXT}, got `int`"),
    (line("unavailable", type="hello"), "type='hello': Invalid value 'hello'"),
    (line("unavailable", type="calibrated"), "type='calibrated': Invalid value 'calibrated'"),
    (line("unavailable", type=3), f"type=3: {TEXT}"),
    (line("unavailable", extra=1), "{'type': 'unavailable', 'reason': 'no fork', 'extra': 1}: "
     "Object contains unknown field `extra`"),
    (line("unavailable", **{"x" * 10**6: 1}), "{'type': 'unavailable', 'reason': 'no fork', "
     f"'xxxxxxxxxxx...: Object contains unknown field `{'x' * 86}..."),
    (line("unavailable", **{"x - at `$.y[0]": 1}),
     "Object contains unknown field `x"),
    (line("unavailable", type="x" * 10**6), f"type='{'x' * 56}...: Invalid value '{'x' * 102}..."),
    (b'{"type": "facts", "data": {' + b",".join(b'"%d": 1' % (n % 40_000) for n in range(40_001))
     + b"}}", "the name '0' is given twice"),
    (b'{"type": "facts", "data": 1, "data": 2}', "the name 'data' is given twice"),
    (b'{"type": "facts", "type": "done", "data": 2}', "the name 'type' is given twice"),
    (b'{"type": "facts", "data": {"a": {"b": 1, "b": 1}}}', "the name 'b' is given twice"),
    (rb'{"type": "facts", "data": "\ud800"}', "not JSON, or cut off: Input data was truncated"),
    (b'{"type": "facts", "data": "\xed\xa0\x80"}', "not JSON, or cut off: 'utf-8' codec can't "
     "decode byte 0xed in position 27: invalid continuation byte"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "reason"), HOSTILE, ids=[why[:40] for _, why in HOSTILE])
def test_what_is_not_protocol_2_is_refused_by_place_and_value(data, reason):
    """Row 67: wrong types, numbers of any size, nesting, names given twice, what is no text."""
    with pytest.raises(ValueError) as caught:
        messages.decode(data)
    assert str(caught.value).partition("; ")[0] == reason  # what is allowed: test_decoding.py
    with pytest.raises(ProtocolError, match="not Protocol 2"):
        receive(data)


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, message in GOOD.items() for name in message]
)
def test_a_field_that_is_missing_is_refused(kind, name):
    left = {key: value for key, value in GOOD[kind].items() if key != name}
    if (kind, name) in OPTIONAL:
        assert to_builtins(messages.decode(json.dumps(left).encode())) == left
    else:
        with pytest.raises(ValueError, match=f"required field `{name}`|belong to 'calibrated'"):
            messages.decode(json.dumps(left).encode())


def receive(data: bytes) -> forms.Message | None:
    """Return what a channel makes of a line."""
    made = Pipes()
    thread = feed(made.report, data + b"\n")
    try:
        return made.channel.receive(SOON)
    finally:
        made.channel.close()
        thread.join()
        made.hang_up()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*GOOD["batch"], "name"]) | st.text(max_size=3), inner)
    ),
    max_leaves=6,
)
changed = st.builds(
    lambda kind, name, value: line(kind, **{name: value}),
    st.sampled_from(sorted(GOOD)),
    st.sampled_from(sorted({name for message in GOOD.values() for name in message})),
    anything,
)


@given(st.binary(max_size=60) | changed | anything.map(lambda data: json.dumps(data).encode()))
def test_a_line_of_anything_is_a_message_or_a_protocol_error(data):
    """Row 67: no line makes the caller raise anything else."""
    try:
        message = receive(data)
    except ProtocolError as error:
        assert len(str(error)) < 600
    else:
        assert message is None or messages.decode(msgspec.json.encode(message)) == message


@pytest.mark.parametrize("kind", ["error", "unavailable", "done"])
def test_a_long_text_is_cut_in_its_middle_with_a_notice(kind):
    name = {"error": "message", "unavailable": "reason", "done": "verified"}[kind]
    text = "begin" + "x" * 1_000_000 + "end"
    found = getattr(messages.decode(line(kind, **{name: text})), name)
    assert found == (
        "begin" + "x" * 995 + " [... 998,008 characters more ...] " + "x" * 997 + "end"
    )
    whole = "y" * texts.MAX_SHOWN
    assert getattr(messages.decode(line(kind, **{name: whole})), name) == whole


@pytest.mark.parametrize(
    ("given", "baseline", "refused", "wrong"),
    [
        (5, 5, 0, ""),
        (3, 5, 2, ""),
        (0, 0, 5, ""),
        (6, 5, 0, "'batch' with 6 values and 5 of the baseline where 5 were asked for"),
        (4, 5, 0, "'batch' with 4 values and 5 of the baseline where 5 were asked for"),
        (5, 5, 1, "'batch' with 6 values and 5 of the baseline where 5 were asked for"),
        (5, 6, 0, "'batch' with 5 values and 6 of the baseline where 5 were asked for"),
    ],
)
def test_a_batch_holds_what_was_asked_for(given, baseline, refused, wrong):
    """Row 67: too many values cost memory, none at all would be asked for again without end."""
    batch = forms.Batch([1.0] * given, [1.0] * baseline, refused, loops=1)
    found = messages.fault(batch, 5)
    assert found == (wrong and f"{wrong}, which is not Protocol 2")


MEMORY = """
import sys
from conclib.worker import channel, messages
def peak():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) // 1024
messages.decode(b'{"type": "facts", "data": 0}')
before, size = peak(), channel.MAX_LINE - 100
for part in (b"[],", b"{},", b'{"":0},', b'"ab",', b"1.5,", b"1,", b"[" , b'"\\ud83d\\ude00",'):
    data = b'{"type": "facts", "data": [' + part * (size // len(part)) + b"0]}"
    try:
        messages.decode(data)
    except ValueError:
        pass
text = "x" * (size - 4) + chr(0x1F600)
messages.decode(b'{"type": "facts", "data": "' + text.encode() + b'"}')
print(peak() - before)
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="no /proc here")  # noqa: PTH110
def test_no_line_takes_much_memory():
    """Row 67: the longest line of the smallest values, and a text of four bytes a letter."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True, cwd=house.ROOT
    )
    assert int(done.stdout) < 60  # MB


# The real driver's side ---------------------------------------------------------------------------
started = pytest.mark.worker


def converse(request: Request, script: Callable) -> list[dict]:
    """Start a real worker, let ``script`` talk to it, and return all that it said."""
    said = []

    def use(workers: list) -> None:
        (worker,) = workers
        answer = worker.answer

        def noted(*expected: type[forms.Message]) -> forms.Message:
            message = answer(*expected)
            said.append(to_builtins(message))
            return message

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
    worker.answer(forms.Ready)
    while worker.answer(forms.Phase).name != "calibrated":
        pass


@started
def test_a_timed_probes_conversation():
    def script(worker) -> None:
        up_to_calibrated(worker)
        for samples in (1, 7):
            worker.ask(ask="batch", samples=samples)
            worker.answer(forms.Batch)
        worker.ask(ask="done")
        worker.answer(forms.Done)
        assert stays(worker)

    params = lab.catalogue()["fork"].complete({})
    said = converse(Request("fork", params), script)
    assert [item["type"] for item in said] == [
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
        worker.answer(forms.Ready)
        worker.answer(forms.Facts)
        worker.answer(forms.Done)
        assert stays(worker)

    params = lab.catalogue()["noise"].complete({})
    said = converse(Request("noise", params), script)
    assert [item["type"] for item in said] == ["ready", "facts", "done"]


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
    "half a line": ('say(b\'{"type": "rea\')', ProtocolError, "half a line"),
    "endless line": (
        "sys.stderr.write('a reason\\n')\nwhile True: say(b'x' * 65536)",
        ProtocolError,
        "(?s)a line of more than 2 MB.*a reason",
    ),
    "out of turn": (
        'say(b\'{"type": "phase", "name": "setup"}\\n\'); time.sleep(600)',
        ProtocolError,
        "'phase' where ready was due",
    ),
    "another word": (
        'say(b\'{"type": "hello"}\\n\'); time.sleep(600)',
        ProtocolError,
        "Invalid value 'hello'",
    ),
    "missing field": (
        'say(b\'{"type": "ready"}\\n\'); time.sleep(600)',
        ProtocolError,
        "required field",
    ),
    "import": ("import no_such_module", WorkerError, "(?s)exit code 1.*no_such_module"),
    "early success": ("sys.exit(0)", WorkerError, "exit code 0 before it had answered"),
    "killed": ("os.kill(os.getpid(), 9)", WorkerError, "SIGKILL .*perhaps out of memory"),
    "deaf and silent": ("time.sleep(600)", WorkerTimeout, "still busy"),
    "report closed": ("os.close(report); time.sleep(600)", WorkerError, "closed its report"),
}


@started
@pytest.mark.parametrize(("text", "kind", "words"), FAKES.values(), ids=FAKES)
def test_a_program_that_does_not_speak_protocol_2(tmp_path, monkeypatch, text, kind, words):
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
def test_a_stranger_who_speaks_protocol_2_is_measured(tmp_path):
    """So the cases below fail by what is changed in it."""
    program = fake_python(tmp_path, fault_probes.SPEAKER)
    found = lab.measure("empty", budget=0.01, runs=1, python=program)
    assert (found.median, found.baseline, found.runs[0].loops) == (5.0, 1.0, 8)
    assert found.runtime.python == "python 3.11.7"
    assert dict(found.conditions) == {"python": "3.11.7", "verified": None}


ERROR = 'message("error", kind="ValueError", message="x" * {size})'
LIES = {  # what stands in place of a line of it, and how it ends
    "another type": (
        ("conditions={})\nmessage", 'conditions={"load": "high"})\nmessage'),
        ProtocolError,
        r"conditions.load='high': Expected `float`, got `str`.*not Protocol 2",
    ),
    "a huge number": (("value=1000.0", "value=10**400"), ProtocolError, "number of 401 digits"),
    "an unknown phase": (('name="setup"', 'name="lunch"'), ProtocolError, "name='lunch'"),
    "too many values": (
        ('request["samples"]', "(request['samples'] + 1)"),
        ProtocolError,
        "'batch' with .* where .* were asked for",
    ),
    "no values": (('[5.0] * request["samples"]', "[]"), ProtocolError, "with 0 values"),
    "a late lie": (
        ("verified=None, conditions={}", 'verified=None, conditions={"throttled": -1}'),
        ProtocolError,
        "conditions.throttled=-1",
    ),
    "7 MB of error text": (
        ('message("phase", name="setup")', ERROR.format(size=7 * 10**6)),
        ProtocolError,
        "a line of more than 2 MB",
    ),
    "1 MB of error text": (
        ('message("phase", name="setup")', ERROR.format(size=10**6)),
        WorkerError,
        r"^empty: ValueError: x{1000} \[... 998,000 characters more ...\] x{1000}$",
    ),
    "100 MB of facts": (
        ('message("phase", name="setup")', 'message("facts", data="x" * 10**8)'),
        ProtocolError,
        "a line of more than 2 MB",
    ),
    "phases without end": (
        ('message("phase", name="setup")', 'while True: message("phase", name="setup")'),
        WorkerTimeout,
        "still busy",
    ),
}


@started
@pytest.mark.parametrize(("change", "kind", "words"), LIES.values(), ids=LIES)
def test_a_worker_that_lies(tmp_path, monkeypatch, change, kind, words):
    """Row 67: nothing a worker sends is believed; what is said about it stays short."""
    monkeypatch.setattr(running, "SETUP", 1.0 if kind is WorkerTimeout else 20.0)
    text = "sys.stderr.write('a reason\\n')\n" + fault_probes.SPEAKER.replace(*change, 1)
    assert change[1] in text
    with pytest.raises(kind, match=words) as caught:
        lab.measure("empty", budget=0.01, runs=1, python=fake_python(tmp_path, text))
    assert type(caught.value) is kind
    assert len(str(caught.value)) < 2_200
    assert kind is WorkerError or "a reason" in str(caught.value)


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
    with pytest.raises(WorkerError, match="no measuring process could be started"):
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
