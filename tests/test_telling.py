"""How a probe tells what it sees: never waiting for the caller, and which of it may be left out."""

import os
import threading

import pytest

from conclib.probes._telling import FULL, Tell
from conclib.worker import forms, messages


@pytest.fixture
def pipe():
    """Return a pipe's two ends; both are closed afterwards."""
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def everything(tell: Tell, fd: int) -> list[forms.Message]:
    """Return all that is told, read while the rest is flushed."""
    data = bytearray()
    flushing = threading.Thread(target=lambda: (tell.flush(), os.write(tell._fd, b"!")))
    flushing.start()
    while not data.endswith(b"!"):
        data += os.read(fd, 65536)
    flushing.join()
    return [messages.decode(line) for line in bytes(data[:-1]).splitlines()]


def test_each_message_is_one_of_protocol_2(pipe):
    tell = Tell(pipe[1])
    tell.actor("a", "thread", 7, 8, maker="p")
    tell.event("a", "fault", 5, "itself", address=0)
    tell.beats("a", [3, 4])
    tell.beats("a", [])
    tell.ending("a", "signalled", by="waitid", code=11, t_ns=6)
    tell.phase("load")
    found = everything(tell, pipe[0])
    assert [type(message) for message in found] == [
        forms.Actor, forms.Event, forms.Event, forms.Ending, forms.Entered,
    ]  # fmt: skip
    assert found[1].data == {"address": 0} and found[2].data == {"times_ns": [3, 4]}
    assert found[2].t_ns == 4


def test_nothing_waits_when_nobody_reads_and_only_beats_are_left_out(pipe):
    """The pipe is full: beats are thinned and counted, events and endings are all there."""
    tell = Tell(pipe[1])
    tell.actor("a", "thread")
    rounds = 3 * FULL // 1000
    for number in range(rounds):  # would hang here if it waited
        tell.beats("a", [number] * 100)
        tell.ending("a", "exited", by="waitid", code=0, t_ns=number)
    assert tell.thinned > 0
    found = everything(tell, pipe[0])
    ends = [message.t_ns for message in found if isinstance(message, forms.Ending)]
    beats = [message for message in found if getattr(message, "what", "") == "beats"]
    assert ends == [*range(rounds)]
    assert 100 * len(beats) + tell.thinned == 100 * rounds


def test_a_child_does_not_speak_on_its_parents_pipe(pipe):
    tell = Tell(pipe[1])
    tell._own += 1
    with pytest.raises(RuntimeError, match="only the measuring process itself may speak"):
        tell.event("a", "fault")
