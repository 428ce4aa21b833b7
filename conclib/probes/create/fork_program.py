"""Run a small program that forks, drawn from a seed. Which lines come out at the other end?

``write`` and ``flush`` are those of an ordinary Python file on a pipe, buffer and all: ``write``
puts a line into this process's memory, ``flush`` hands what is there to the system. The text that
is shown is the text that is run. A process that comes to the end of it sends what is left.

Several processes may send at the same moment, so the *order* of the lines may be another one each
time; how many there are may not.
"""

import os

from .. import _fork_programs, _refuse

PROBE = {
    "name": "fork_program",
    "title": "A small program that forks",
    "times": "nothing: it reports which lines come out",
    "unit": "facts",
    "facts": {
        "program": "str",
        "lines": "list[str]",
        "processes": "int",
    },
    "params": {
        "seed": {
            "type": "int",
            "default": 1,
            "min": 1,
            "max": 1_000_000_000,
            "help": "which program: the same number, the same program",
        },
    },
    "takes": {"processes": "8"},
    "baseline": "none",
    "needs": ["fork"],
}


def report(params):
    _refuse.require(os, "fork")
    _refuse.require_single_thread()
    text = _fork_programs.code(_fork_programs.program(params["seed"]))
    read, write = os.pipe()
    if os.fork() == 0:
        live(text, write)
    os.close(write)
    with os.fdopen(read) as pipe:  # its end comes when the last of the processes has ended
        lines = pipe.read().split()
    return {"program": text, "lines": lines, "processes": collected()}


def live(text, pipe):
    """Be the program's first process; those that it forks end here, too."""
    code = 1
    try:
        out = os.fdopen(pipe, "w")
        exec(text, {"os": os, "write": lambda line: out.write(line + "\n"), "flush": out.flush})
        out.flush()
        code = 0
    finally:
        os._exit(code)


def collected():
    """Collect every process; orphans come to us. One that did not end well makes it all void."""
    count = 0
    while True:
        try:
            _, status = os.wait()
        except ChildProcessError:
            return count
        if status:
            raise RuntimeError(f"a process of the program ended with wait status {status}")
        count += 1
