"""Texts of probes that misbehave, and of interpreters that are none: what a worker must survive.

A probe is a text here because a student's own is one too (``%%probe``). Those that hang first leave
a file named ``inside`` in the worker's folder, so that a test knows when to strike.
"""

import sys
from pathlib import Path

from conclib import lab
from conclib.results import Measurement, probe_texts

SHORT = 0.8  # seconds: the deadline of a worker that hangs
INSIDE = """
import os, time
def mark():
    open(os.path.join(os.environ["TMPDIR"], "inside"), "w").close()
"""

# How a worker ends: the text, and a piece of what the error must say. -----------------------------
DEATHS = {
    "killed": ("import os\ndef body(state, loops):\n    os.kill(os.getpid(), 9)\n", "SIGKILL"),
    "segfault": ("import ctypes\ndef body(state, loops):\n    ctypes.string_at(0)\n", "SIGSEGV"),
    "abort": ("import os\ndef body(state, loops):\n    os.abort()\n", "SIGABRT"),
    "unnamed": ("import os\ndef body(state, loops):\n    os.kill(os.getpid(), 40)\n", "signal 40"),
    "code": ("import os\ndef body(state, loops):\n    os._exit(7)\n", "exit code 7"),
    "success": ("import os\ndef body(state, loops):\n    os._exit(0)\n", "exit code 0"),
}

# How a probe fails while its worker lives. --------------------------------------------------------
FAILURES = {
    "raises": ("def body(state, loops):\n    1 / 0\n", r"ZeroDivisionError: .* \(line 2 of"),
    "exits": ("import sys\ndef body(state, loops):\n    sys.exit(3)\n", "SystemExit: 3"),
    "stops": ("def body(state, loops):\n    next(iter(()))\n", "StopIteration"),
    "recursion": ("def body(state, loops):\n    body(state, loops)\n", "RecursionError"),
    "import": ("import no_such_module\ndef body(state, loops):\n    pass\n", "no_such_module"),
    "returns text": ("def body(state, loops):\n    return 'fast'\n", "TypeError"),
    "verify": (
        "def body(state, loops):\n    pass\ndef verify(state):\n    raise RuntimeError('idle')\n",
        "RuntimeError: idle",
    ),
    "endless text": (
        "def body(state, loops):\n    raise ValueError(',' * 3_000_000)\n",
        r"\[\.\.\. cut off\]",
    ),
    "half a letter": (
        "def body(state, loops):\n    raise ValueError('\\udc80')\n",
        r"ValueError: \?",
    ),
    "late syntax": ("def body(state, loops):\n    pass\nreturn\n", "SyntaxError"),
}

# How a worker hangs. ------------------------------------------------------------------------------
HANGS = {
    "sleep": INSIDE + "def body(state, loops):\n    mark()\n    time.sleep(600)\n",
    "spin": INSIDE + "def body(state, loops):\n    mark()\n    while True:\n        pass\n",
    "gil": INSIDE
    + "import ctypes\ndef body(state, loops):\n    mark()\n    ctypes.PyDLL(None).sleep(600)\n",
    "blocked": INSIDE
    + "import signal\ndef body(state, loops):\n"
    + "    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\n"
    + "    mark()\n    time.sleep(600)\n",
    "ignoring": INSIDE
    + "import signal\ndef body(state, loops):\n"
    + "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    mark()\n    time.sleep(600)\n",
    "stopped": INSIDE + "def body(state, loops):\n    mark()\n    os.kill(os.getpid(), 19)\n",
    "at import": INSIDE + "mark()\ntime.sleep(600)\ndef body(state, loops):\n    pass\n",
}

# What a worker leaves behind. ---------------------------------------------------------------------
CHILD = """
import os, time
def setup(params):
    if os.fork() == 0:
        {first}
        time.sleep(600)
        os._exit(0)
def body(state, loops):
    pass
"""
GRANDCHILD = CHILD.format(first="pass")
OWN_SESSION = CHILD.format(first="os.setsid()")
ORPHAN = CHILD.format(first="os.setsid(); os.fork() and os._exit(0)")
WITHOUT_MARK = """
import os
def setup(params):
    pid = os.fork()
    if pid == 0:
        os.execve("/bin/sleep", ["sleep", "600"], {})
    with open(os.path.join(os.environ["TMPDIR"], "child"), "w") as file:
        file.write(str(pid))
def body(state, loops):
    pass
"""
OWN_SESSION_WITHOUT_MARK = WITHOUT_MARK.replace(
    "        os.execve", "        os.setsid()\n        os.execve"
)
HANGING_PARENT = INSIDE + OWN_SESSION.replace("    pass\n", "    mark()\n    time.sleep(600)\n")

# Bodies that fork. --------------------------------------------------------------------------------
FALLS_OUT = "import os\ndef body(state, loops):\n    os.fork()\n"
FALLS_OUT_COLLECTED = """
import os
def body(state, loops):
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
"""
RAISES_IN_CHILD = """
import os
def setup(params):
    print("printed once", end="")
def body(state, loops):
    pid = os.fork()
    if pid == 0:
        raise KeyboardInterrupt("just after fork")
    os.waitpid(pid, 0)
def teardown(state):
    print("torn down once", end="")
"""
INTERRUPTED_IN_CHILD = """
import os, signal
def setup(params):
    print("printed once", end="")
def body(state, loops):
    pid = os.fork()
    if pid == 0:
        os.kill(os.getpid(), signal.SIGINT)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGINT
"""
BESIDE_A_THREAD = """
import threading
from .{topic} import {probe}
def setup(params):
    gate = threading.Event()
    threading.Thread(target=gate.wait, daemon=True).start()
    {probe}.setup({params})
def body(state, loops):
    pass
"""

# A fork, or a thread, that fails part-way. --------------------------------------------------------
FORK_FAILS = """
import ctypes, errno
from .create import fork
def setup(params):
    state = fork.setup({"ballast_mb": 0, "pages": "4k", "timed": "call"})
    real = state.fork
    def scarce():
        if state.forked < 1:
            return real()
        ctypes.set_errno(errno.EAGAIN)
        return -1
    state.fork = scarce
    return state
def body(state, loops):
    return fork.body(state, loops)
"""
THREAD_FAILS = """
import errno
from .create import pthread
def setup(params):
    state = pthread.setup({"timed": "join"})
    real = state.create
    state.create = lambda *given: real(*given) if state.started < 1 else errno.EAGAIN
    return state
def body(state, loops):
    return pthread.body(state, loops)
"""
NO_MORE_PROCESSES = """
import resource
from .create import fork
def setup(params):
    resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
    return fork.setup({"ballast_mb": 0, "pages": "4k", "timed": "call"})
def body(state, loops):
    return fork.body(state, loops)
"""

# What a probe says. -------------------------------------------------------------------------------
LOUD = """
def setup(params):
    for number in range(10 * 1024):
        print("x" * 1023)
def body(state, loops):
    pass
"""
SMALL = "def body(state, loops):\n    for _ in range(loops):\n        len('abc')\n"
BELOW_BASELINE = """
def body(state, loops):
    return 100.0 * loops
def baseline(state, loops):
    return 5000.0 * loops
"""


def fake_python(folder: Path, text: str) -> str:
    """Return the path of a program that stands in for a worker's interpreter and runs ``text``.

    It gets ``argv`` as an interpreter would: options, the driver's path, and three descriptors.
    ``ask``, ``report`` and ``say(bytes)`` are there for it.
    """
    prelude = (
        "import json, os, sys, time\n"
        "driver, ask, report = sys.argv[-4], int(sys.argv[-3]), int(sys.argv[-2])\n"
        "def say(data):\n"
        "    while data:\n"
        "        data = data[os.write(report, data):]\n"
    )
    script, program = folder / "fake.py", folder / "fake_python"
    script.write_text(prelude + text)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{script}" "$@"\n')
    program.chmod(0o755)
    return str(program)


# Speaks Protocol 2 by itself, and as it should, but for what replaces a line of it.
SPEAKER = """
def message(which, /, **fields):
    say(json.dumps({"type": which, **fields}).encode() + b"\\n")
requests = os.fdopen(ask, "rb")
requests.readline()
message("ready", python="3.11.7", conditions={})
message("phase", name="setup")
message("phase", name="calibrated", loops=8, value=1000.0, warmups=4)
for request in map(json.loads, requests):
    if request["ask"] == "batch":
        message("batch", values=[5.0] * request["samples"], baseline=[1.0], refused=0, loops=8)
    else:
        message("done", verified=None, conditions={})
        break
"""


REAL_DRIVER = """
import runpy
sys.argv = sys.argv[-4:]
{first}
runpy.run_path(driver, run_name="__main__")
"""
WITHOUT_FORK = REAL_DRIVER.format(first="del os.fork")
WITHOUT_PROC = REAL_DRIVER.format(
    first="""
import builtins
def hidden(real):
    def call(path=".", *rest, **named):
        if str(path).startswith(("/proc", "/sys")):
            raise FileNotFoundError(2, "No such file or directory", path)
        return real(path, *rest, **named)
    return call
builtins.open = hidden(builtins.open)
os.listdir = hidden(os.listdir)
del os.sched_getaffinity
def unobtainable():
    raise OSError("Load averages are unobtainable")
os.getloadavg = unobtainable
"""
)

# What tries to escape -----------------------------------------------------------------------------
ESCAPE = """
import _thread, ctypes, os, signal, time
libc = ctypes.CDLL(None)
CLONE, EXIT = {{"x86_64": (56, 60), "aarch64": (220, 93)}}.get(os.uname().machine, (0, 0))
def tell():
    with open(os.environ["TMPDIR"] + "/pid.new", "w") as file:
        file.write(str(os.getpid()))
    os.rename(file.name, os.environ["TMPDIR"] + "/pid")
def leave():
    os.setsid()
    os.chdir("/")
    tell()
def orphan():  # is true in a grandchild without a parent
    if os.fork() == 0:
        if os.fork() == 0:
            leave()
            return True
        os._exit(0)
    return False
def setup(params):
    {how}
    while not os.path.exists("/proc/self/cwd/pid"):
        time.sleep(0.001)
def body(state, loops):
    {body}
"""
# By a call that Python has not got: a child whose parent is the worker's own parent, the caller.
CALLERS_CHILD = """
    if libc.syscall(CLONE, 0x8000 | signal.SIGCHLD, 0, 0, 0, 0) == 0:
        leave(); os.execve("/bin/sleep", ["sleep", "600"], {})"""
ESCAPES = {
    "another environment": """
    orphan() and os.execve("/bin/sleep", ["sleep", "600"], {"A": "b"})""",
    "an empty environment": """
    orphan() and os.execve("/bin/sleep", ["sleep", "600"], {})""",
    "undumpable": """
    orphan() and (libc.prctl(4, 0, 0, 0, 0), time.sleep(600))""",
    "deaf": """
    orphan() and ([signal.signal(each, 1) for each in (1, 2, 3, 15)], time.sleep(600))""",
    "a child of the caller": CALLERS_CHILD.replace("{}", "dict(os.environ)"),
    "a child of the caller, without a mark": CALLERS_CHILD,
    "its first thread gone": """
    if os.fork() == 0:
        leave(); _thread.start_new_thread(time.sleep, (600,)); libc.syscall(EXIT, 0)""",
    "given away to init": """
    libc.prctl(36, 0, 0, 0, 0)  # the worker adopts no more
    orphan() and os.execve("/bin/sleep", ["sleep", "600"], dict(os.environ))""",
}
# Four chains of processes that fork and end at once, in a session or in one session each.
CHAINS = """
import os, signal, time
def setup(params):
    {first}
    until = time.monotonic() + 5
    for _ in range(4):
        if os.fork() == 0:
            os.setsid()
            os.chdir("/")
            while time.monotonic() < until:
                os.fork() and os._exit(0)
                {each}
            os._exit(0)
    time.sleep(0.2)
def body(state, loops):
    {body}
"""


def escape(how: str, body: str = "pass") -> str:
    """Return a probe of which something escapes, and leaves its pid in the worker's folder."""
    return ESCAPE.format(how=how.strip(), body=body)


SHARED_MEMORY = """
from multiprocessing import shared_memory
import os, time
def setup(params):
    block = shared_memory.SharedMemory(create=True, size=4096)
    with open(os.environ["TMPDIR"] + "/block", "w") as file:
        file.write(block.name)
    return block
def body(state, loops):
    {body}
"""
# What a probe can make of its own folder: code for `setup`, run in it.
FOLDERS = {
    "1,200 nested folders": """
        for _ in range(1200):
            os.mkdir("d"); os.chdir("d")
        open("deepest", "w").close()""",
    "a folder of mode 0": """
        os.makedirs("a/b/c"); open("a/b/c/x", "w").close()
        for name in ("a/b/c", "a/b", "a"):
            os.chmod(name, 0)""",
    "its own mode 0": """
        os.mkdir("a"); os.chmod(os.environ["TMPDIR"], 0)""",
    "many files, and links out": """
        for number in range(2000):
            open(str(number), "w").close()
        os.symlink("/", "root"); os.symlink("/nowhere", "dangling"); os.mkfifo("pipe")""",
    "a link in its place": """
        shutil.rmtree(os.environ["TMPDIR"]); os.symlink("/usr", os.environ["TMPDIR"])""",
    "a file in its place": """
        shutil.rmtree(os.environ["TMPDIR"]); open(os.environ["TMPDIR"], "w").close()""",
    "nothing": """
        shutil.rmtree(os.environ["TMPDIR"])""",
}


def own(text: str, **options: object) -> Measurement:
    """Measure a text with little effort."""
    return lab.measure_own(text, **{"budget": 0.02, "runs": 1, **options})


def beside_a_thread(probe: str) -> str:
    """Return a probe that sets up another one while it has a second thread."""
    topic, _, name = probe_texts.module_of(probe).partition(".")
    params = lab.catalogue()[probe].complete({})
    return BESIDE_A_THREAD.format(topic=topic, probe=name, params=params)


def folder_probe(code: str, body: str = "pass") -> str:
    """Return a probe that does this to its own folder."""
    indented = code.replace("\n        ", "\n    ")
    return f"import os, shutil\ndef setup(params):{indented}\ndef body(state, loops):\n    {body}\n"
