"""Another thread holds a lock while fork is called. What becomes of the lock in the child?

fork duplicates all memory, and a lock is memory. Of the threads it duplicates only the one that
calls it. (Python 3.12 and later warn of a fork beside another thread, by a DeprecationWarning. Here
it is done on purpose, in a process that may come to harm.)
"""

import os
import threading
import time
import warnings

from .. import _notes, _proc

PROBE = {
    "name": "fork_lock",
    "title": "A lock that nobody gives back",
    "times": "nothing: it reports who got the lock",
    "unit": "facts",
    "facts": {
        "held": "bool",
        "got": "dict[str, bool]",
        "states": "list[str]",
    },
    "params": {},
    "takes": {"processes": "2", "threads": "1"},
    "baseline": "none",
    "needs": ["fork"],
}
LOOKS, EVERY = 20, 0.010  # how often the parent looks at its child, and how far apart in seconds


class Bell:
    """A pipe: ``wait`` sleeps until somebody rings, in this process or in its copy."""

    def __init__(self):
        self._read, self._write = os.pipe()

    def ring(self):
        os.write(self._write, b"!")

    def wait(self):
        os.read(self._read, 1)


def hold(lock, held, go_on, notes):
    """Be the second thread: take the lock, sleep with it, give it back."""
    lock.acquire()
    notes.note("acquire")
    held.ring()
    go_on.wait()  # until long after the fork
    lock.release()
    notes.note("release")


def ask(lock, asked, notes):
    """Be the child: ask for the lock."""
    notes.note("ask", held=lock.locked())
    asked.ring()
    lock.acquire()
    notes.note("acquire")
    os._exit(0)


def story(notes):
    lock, held, go_on, asked = threading.Lock(), Bell(), Bell(), Bell()
    notes.note("thread")
    thread = threading.Thread(target=hold, args=(lock, held, go_on, notes))
    thread.start()
    held.wait()
    until_quiet(thread.native_id)

    pid = os.fork()
    if pid == 0:
        ask(lock, asked, notes)
    asked.wait()
    until_quiet(pid)

    go_on.ring()
    thread.join()
    notes.see_thread_end(thread.native_id)
    with lock:
        notes.note("free")
    look_and_kill(pid, notes)
    os.waitpid(pid, 0)


def look_and_kill(pid, notes):
    """Look at the child for a while, and kill it if it is still there."""
    states = set()
    for _ in range(LOOKS):
        time.sleep(EVERY)
        states.add(state(pid))
    if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        notes.note("look", about=pid, seen="observer", states=sorted(states))
        notes.note("kill")
    notes.see_child_killed(pid)


def state(tid):
    """Return the letter by which Linux says what a process or thread does; S if it sleeps."""
    with open(f"/proc/{tid}/stat") as file:
        return _proc.parse_stat(file.read())["state"]


def until_quiet(tid):
    """Wait until a process or thread sleeps, so it waits for something; or has ended (Z)."""
    while state(tid) not in ("S", "Z"):
        time.sleep(0.001)


def observe(params, tell):
    warnings.simplefilter("ignore", DeprecationWarning)
    noted = _notes.observe(story, tell)
    data = {(who, what): data for who, what, data in noted}
    return {
        "held": data["child", "ask"]["held"],
        "got": {"parent": ("parent", "free") in data, "child": ("child", "acquire") in data},
        "states": data.get(("child", "look"), {}).get("states", []),
    }
