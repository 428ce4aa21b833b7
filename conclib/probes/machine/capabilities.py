"""What can be measured here? Each feature is *tried*, and the reason kept when it fails.

Asking a platform for its name would be quicker and often wrong: a container can forbid what the
system has, and a system can have what its name does not promise.
"""

import os
import sys

from .. import _ballast, _libc, _refuse

PROBE = {
    "name": "capabilities",
    "title": "What can be measured here",
    "times": "nothing: it reports which features work",
    "unit": "facts",
    "facts": {"features": "dict[str, dict[str, bool | str]]"},
    "params": {},
    "baseline": "none",
    "needs": [],
}


def try_fork():
    pid = _refuse.require(os, "fork")()
    if pid == 0:
        os._exit(7)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 7:
        raise OSError("the child's exit code was lost")


def try_posix_spawn():
    pid = _refuse.require(os, "posix_spawn")("/bin/sh", ["sh", "-c", "exit 7"], {})
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 7:
        raise OSError("the program's exit code was lost")


def start_method(name):
    def attempt():
        import multiprocessing

        if name not in multiprocessing.get_all_start_methods():
            raise _refuse.Unavailable("this Python's multiprocessing does not have it")

    return attempt


def try_pthread():
    _libc.function("pthread_create")


def try_python_thread():
    import _thread

    lock = _thread.allocate_lock()
    lock.acquire()
    _thread.start_new_thread(lock.release, ())
    if not lock.acquire(timeout=5):
        raise OSError("the thread did not run")


def try_clone():
    _libc.function("clone")
    if not sys.platform.startswith("linux"):
        raise _refuse.Unavailable("clone is a system call of Linux")


def try_huge_pages():
    _ballast.Ballast(4, "huge").close()


def try_pinning():
    allowed = _refuse.require(os, "sched_getaffinity")(0)
    os.sched_setaffinity(0, {min(allowed)})
    os.sched_setaffinity(0, allowed)


def readable(path):
    def attempt():
        with open(path, "rb") as file:
            file.read(64)

    return attempt


def try_kcmp():
    pid = os.getpid()
    syscall = _libc.function("syscall")
    number = {"x86_64": 312, "aarch64": 272}.get(os.uname().machine)
    if number is None:
        raise _refuse.Unavailable("its number is not known for this processor")
    if syscall(number, pid, pid, 1, 0, 0) != 0:
        raise _libc.failed("kcmp")


def try_lifeline():
    import fcntl

    _refuse.require(fcntl, "F_SETSIG")


def try_compiler():
    import shutil

    if not any(shutil.which(name) for name in ("cc", "gcc", "clang")):
        raise _refuse.Unavailable("no cc, gcc or clang found")


TRIALS = {
    "fork": try_fork,
    "posix_spawn": try_posix_spawn,
    "mp_fork": start_method("fork"),
    "mp_spawn": start_method("spawn"),
    "mp_forkserver": start_method("forkserver"),
    "pthread": try_pthread,
    "clone": try_clone,
    "huge_pages": try_huge_pages,
    "pinning": try_pinning,
    "smaps_rollup": readable("/proc/self/smaps_rollup"),
    "pagemap": readable("/proc/self/pagemap"),
    "kcmp": try_kcmp,
    "lifeline": try_lifeline,
    "compiler": try_compiler,
    "python_thread": try_python_thread,  # last: nothing that forks may run beside a thread
}


def report(params):
    found = {}
    for name, attempt in TRIALS.items():
        try:
            attempt()
            found[name] = {"works": True, "reason": ""}
        except (OSError, ValueError, _refuse.Unavailable) as error:
            found[name] = {"works": False, "reason": str(error)}
    return {"features": found}
