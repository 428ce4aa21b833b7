"""The victim: goes behind the filter, and runs the code that nobody trusts."""

from __future__ import annotations

import io
import json
import linecache
import os
import sys
import threading
import time
import traceback
import types

from conclib.worker.guard import files, seccomp

NAME = "<sacrifice>"  # the code's file in tracebacks
HIGHEST = 1024  # descriptors; few of them are open
HOLD = 0.03  # seconds: a keeper looks every 15 ms, and shall see what stands at a limit


def run(code: str, status: int, tasks: int) -> None:
    """Go behind the filter, tell the keeper, and run the code; never return.

    Args:
        code: Python text.
        status: descriptor of the pipe to the keeper; closed before the code runs.
        tasks: the limit on tasks that holds, for the keeper.
    """
    try:
        _require_library()
        os.setsid()
        version = files.close_off(files.readable())
        seccomp.arm(keeps_signals=version >= files.KEEPS_SIGNALS)
        os.write(status, json.dumps({"ready": version, "tasks": tasks}).encode() + b"\n")
    except OSError as error:
        os.write(status, json.dumps({"refused": str(error)}).encode() + b"\n")
        os._exit(1)
    os.closerange(3, HIGHEST)
    _print_at_once()
    os._exit(_played(code) & 255)


def _print_at_once() -> None:
    """Let each line out when it is whole: what a crash ends has said what it has printed."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)


def _require_library() -> None:
    """Refuse where root, which has become nobody, uses a Python that others may not read."""
    if not os.access(os.__file__, os.R_OK):
        raise OSError("users other than root cannot read the library of this notebook's Python")


def _played(code: str) -> int:
    """Run the code as a program of its own, and return its exit code."""
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    sys.argv = [NAME]
    linecache.cache[NAME] = (len(code), None, code.splitlines(keepends=True), NAME)
    try:
        status = _executed(code, main)
        wait_for_threads = vars(threading)["_shutdown"]  # what Python itself calls at its end
        wait_for_threads()
    except BaseException:
        status = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):  # the code has closed it, or put it away
            continue
    return status


def _executed(code: str, main: types.ModuleType) -> int:
    try:
        exec(compile(code, NAME, "exec"), vars(main))
    except SystemExit as leaving:
        return _exit_code(leaving.code)
    except BaseException as error:
        _show(error)
        time.sleep(HOLD)
        return 1
    return 0


def _exit_code(given: object) -> int:
    if given is None or isinstance(given, int):
        return int(given or 0)
    print(given, file=sys.stderr)
    return 1


def _show(error: BaseException) -> None:
    """Print an error as Python does, without the lines of this file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    try:
        traceback.print_exception(type(error), error, trace)
    except BaseException:  # no memory or descriptor is left for it
        os.write(2, f"{type(error).__name__}: {error}\n".encode("utf-8", "replace"))
