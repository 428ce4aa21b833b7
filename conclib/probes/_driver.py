"""The driver: the program of a worker. It loads one probe and times its body.

    python -I -S _start.py REQUEST REPORT LIFELINE     (three file descriptors)

It reads one request, a JSON object in one line, whose ``probe`` is a module in this folder, such as
"topic.name". It answers in JSON lines ("Protocol 2"):

    ready  {python, rss, conditions}        the worker stands
    phase  {name}                           setup, calibrate; then calibrated {loops, value}
    batch  {values, baseline, loops}        for each {"ask": "batch"} that comes in
    actor, event, ending                    streamed by a probe that observes (see _telling.py)
    entered {name, t_ns}                    one of its own named phases has begun
    facts  {data, thinned}                  from a probe that reports instead of being timed
    done   {verified, conditions, idle}     after {"ask": "done"}: the proof, and what changed
    error  {kind, message}                  the probe failed
    unavailable {reason}                    the probe is not available here

The driver owns the loops and the clock; the *caller* asks for batches one by one and decides when
there are enough. When the caller goes away the request pipe ends, and so does the driver.
"""

from __future__ import annotations  # a worker may be an older Python

import gc
import importlib
import os
import sys
import types
from time import perf_counter_ns

from . import _cgroup, _conditions, _lifeline, _light, _own, _precautions, _strays

TYPE_CHECKING = False  # as in typing, which a worker need not load
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROTOCOL = 2
LONG_ENOUGH = 20_000  # ns for one value: then reading the clock twice is well below 1 % of it
SLOW = 10_000_000  # ns; such a body is not slowed by the pause before a batch
MAX_LOOPS = 2**20
BASELINES = 5  # baseline values in a batch
MAX_TEXT = 2000  # characters of an error's text
LOST = "error return without exception set"  # 3.11.2 says so where a MemoryError finds no place
RESERVE = 4 * 2**20  # bytes asked for and never touched, so that they cost no resident memory


class CallerGone(Exception):
    """The request pipe has ended."""


# Talking to the caller --------------------------------------------------------------------------
def lines(fd: int) -> Iterator[bytes]:
    """Yield the lines that come in on ``fd``, until it ends."""
    pending = b""
    while True:
        data = os.read(fd, 65536)
        if not data:
            return
        *whole, pending = (pending + data).split(b"\n")
        yield from whole


def reporter(fd: int) -> Callable[..., None]:
    """Return a function that writes one message as a line of JSON."""

    def send(what, **details):
        _strays.end()  # one worker, one speaker
        line = _light.dumps({"type": what, **details}).encode() + b"\n"
        while line:
            line = line[os.write(fd, line) :]

    return send


def conclude(send, what, **details):
    """Send the last message, after all that was printed."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):  # the probe has closed it, or put it away
            pass
    send(what, **details)


def stay(requests: Iterator[bytes]) -> None:
    """Wait to be ended by the caller, who first looks for what this worker has started.

    As long as we live all of it can be found from here (see ``_precautions.py``).
    """
    for _ in requests:
        pass
    os._exit(0)


# Loading ----------------------------------------------------------------------------------------
def load(name, text=None):
    """Load a probe file as a module of this package, or a probe given as text."""
    if text is None:
        return importlib.import_module("." + name, __package__)
    return _own.load(text)


def empty_loop(_state, loops):
    """The baseline of a probe that brings none: a loop around nothing."""
    for _ in range(loops):
        pass


def nothing(*_):
    """Stands in for a function that a probe does not need."""


# Timing -----------------------------------------------------------------------------------------
def one_value(body, state, loops, clock):
    """Return nanoseconds per loop of one call of ``body``; it may have timed a part by itself."""
    start = clock()
    told = body(state, loops)
    elapsed = clock() - start
    _strays.end()
    return (elapsed if told is None else told) / loops


def calibrate(body, state, clock):
    """Return how many loops make one value long enough for this clock, and what a loop takes.

    The first call is a warm-up. Loops double until the value is long enough: a clock that stands
    still, or was set back, gives zero or less, and so asks for more loops too.
    """
    loops, warmups = 1, 1
    value = one_value(body, state, loops, clock)
    while value * loops < SLOW:
        value = one_value(body, state, loops, clock)
        warmups += 1
        if value * loops >= LONG_ENOUGH or loops >= MAX_LOOPS:
            break
        loops *= 2
    return loops, max(value, 0.0), warmups


def batch(probe, state, loops, samples, discard, clock):  # noqa: PLR0917
    """Return ``samples`` values, some baseline values between them, and how many were refused.

    After a pause (the caller was thinking, or another variant had its turn) the first value is
    too slow, so one is thrown away.
    """
    values, baseline, refused = [], [], 0
    base = getattr(probe, "baseline", empty_loop)
    if discard:
        one_value(probe.body, state, loops, clock)
    for number in range(samples):
        value = one_value(probe.body, state, loops, clock)
        if value > 0:
            values.append(value)
        else:
            refused += 1  # the clock stood still or went backwards
        if number < BASELINES:
            baseline.append(max(one_value(base, state, loops, clock), 0.0))
    return {"values": values, "baseline": baseline, "refused": refused, "loops": loops}


# The conversation -------------------------------------------------------------------------------
def serve(probe, state, send, requests, clock=perf_counter_ns):
    """Calibrate, then give a batch for each request, until the caller asks for the end."""
    send("phase", name="calibrate")
    loops, value, warmups = calibrate(probe.body, state, clock)
    _strays.refuse()
    send("phase", name="calibrated", loops=loops, value=value, warmups=warmups)
    for line in requests:
        wanted = _light.loads(line)
        if wanted["ask"] == "done":
            return
        discard = value < SLOW  # to a slow body the pause is nothing
        answer = batch(probe, state, loops, wanted["samples"], discard, clock)
        _strays.refuse()
        send("batch", **answer)
    raise CallerGone


def new_state(probe, params):
    """Return what a probe has prepared; one that prepares nothing gets an empty state."""
    return getattr(probe, "setup", lambda _: types.SimpleNamespace())(params)


def run_timed(probe, params, send, requests):
    """Set up, serve, verify, tear down."""
    idle = _own.idle_proof(probe, new_state, params)
    before = _cgroup.throttled(), _conditions.steal()
    send("phase", name="setup")
    state = new_state(probe, params)
    try:
        gc.collect()
        gc.disable()  # a collection would land in one value or another by chance
        after_setup = _conditions.read(params.get("_cpu"))
        serve(probe, state, send, requests)
        verified = getattr(probe, "verify", nothing)(state)
    finally:
        _strays.end()
        getattr(probe, "teardown", nothing)(state)
    after = _cgroup.throttled(), _conditions.steal()
    names = ("throttled", "steal_ticks")
    pairs = zip(names, before, after)  # noqa: B905 -- also for Pythons before 3.10
    changes = {name: late - early for name, early, late in pairs if early is not None}
    conclude(send, "done", verified=verified, conditions={**after_setup, **changes}, idle=idle)


def run_facts(probe, params, send, report_pipe):
    """Run a probe that reports facts, or observes, instead of being timed."""
    tell = load("_telling").Tell(report_pipe)
    try:
        facts = probe.observe(params, tell) if hasattr(probe, "observe") else probe.report(params)
    finally:
        _strays.end()
        tell.flush()  # first: what follows, an error too, is a line of its own
    send("facts", data=facts, thinned=tell.thinned)
    conclude(send, "done", verified=None, conditions={})


def pin(cpu):
    """Stay on one CPU, if one was asked for."""
    if cpu is not None:
        os.sched_setaffinity(0, {cpu})


def work(request, send, requests, report_pipe):
    """Do what the request says."""
    probe = load(request["probe"], request.get("text"))
    pin(request.get("cpu"))
    here = _conditions.read(request.get("cpu"))
    send("ready", python=here["python"], rss=here.get("rss_mb"), conditions=here)
    params = request["params"]
    if request.get("program"):  # its command, for a probe that looks at a program
        params = {**params, "_program": request["program"]}
    if hasattr(probe, "report") or hasattr(probe, "observe"):
        run_facts(probe, params, send, report_pipe)
    else:
        run_timed(probe, {**params, "_cpu": request.get("cpu")}, send, requests)


def explain(error: BaseException) -> dict[str, str]:
    """Return an error's kind and message, with the line of the student's own probe."""
    place, trace = "", error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<your probe>":
            place = f" (line {trace.tb_lineno} of your probe)"
        trace = trace.tb_next
    if place and isinstance(error, NameError):
        place += ". A probe sees only what its own cell defines"
    if isinstance(error, SystemError) and str(error) == LOST:
        place += "; Python loses an error so when memory has run out"
    return {"kind": type(error).__name__[:100], "message": (readable(str(error)) + place).strip()}


def readable(text: str) -> str:
    """Return a text that the caller can take: not endless, and without halves of letters."""
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT] + " [... cut off]"
    return text.encode("utf-8", "replace").decode()


def prepare(asked: int, said: int, lifeline: int) -> None:
    """Make this process safe for others and fit to measure; see the modules named here."""
    _precautions.first_to_die()
    for fd in (asked, said, lifeline):
        os.set_inheritable(fd, False)  # the children of a probe must not hold them open
    _light.signal(_light.SIGINT, _light.SIG_DFL)
    # A caller that ignores it would leave us nothing to collect.
    _light.signal(_light.SIGCHLD, _light.SIG_DFL)
    os.umask(0o077)  # whatever the caller's is: multiprocessing has to use its own files
    _lifeline.arm(lifeline)
    _precautions.adopt_orphans()
    del sys.modules["__main__"].__file__  # else a spawned child would load this file again


def main():
    """Prepare, read the request, work, say how it went, and wait to be ended."""
    asked, said, lifeline = map(int, sys.argv[1:4])
    prepare(asked, said, lifeline)
    send, requests = reporter(said), lines(asked)
    request = next(requests, None)
    if request is None:
        os._exit(0)
    reserve = [bytes(RESERVE)]
    try:
        work(_light.loads(request), send, requests, said)
    except CallerGone:
        os._exit(0)
    except BaseException as error:
        _strays.end()
        reserve.clear()  # where memory has run out this is what the explanation is made with
        if type(error).__name__ == "Unavailable":
            conclude(send, "unavailable", reason=readable(str(error)))
        else:
            import traceback

            traceback.print_exc()
            conclude(send, "error", **explain(error))
    stay(requests)
