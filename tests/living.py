"""Small living processes for tests to look at: a C program that tells its addresses, a Python."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("symbols.c")
READY = "ready\n"
# What a Python says of four symbols of its own, one in each of the program's parts.
OWN_SYMBOLS = """
import ctypes, sys
for name in sys.argv[1:]:
    print(name, hex(ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, name))))
print("ready", flush=True)
sys.stdin.read()
"""


def build(folder: Path, *options: str) -> Path:
    """Return the compiled C program; skip the test where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler here")
    target = folder / "symbols"
    command = [compiler, "-O0", "-pthread", *options, "-o", str(target), str(SOURCE)]
    subprocess.run(command, check=True)
    return target


@contextlib.contextmanager
def living(*command: str) -> Iterator[tuple[subprocess.Popen, dict[str, int]]]:
    """Yield a process that waits, and the addresses that it told by name; end it."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/"
    )
    try:
        lines = iter(process.stdout.readline, READY)
        told = dict(line.split() for line in lines if line.strip())
        yield process, {name: int(where, 16) for name, where in told.items()}
    finally:
        process.kill()
        process.communicate()


def stop(pid: int) -> None:
    """Stop a child of ours, and return when it stands still."""
    os.kill(pid, signal.SIGSTOP)
    os.waitid(os.P_PID, pid, os.WSTOPPED)
