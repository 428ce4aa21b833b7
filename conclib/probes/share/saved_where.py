"""Two threads each go to a folder of their own and save a small picture there. Where do the files land?

Each goes to its folder first. Only when both have done that do they save, by a name without a folder.
"""

from __future__ import annotations  # a worker may be an older Python

import os
import shutil
import tempfile

from .. import _answering, _held, _libc, _refuse, _sacrifice

PROBE = {
    "name": "saved_where",
    "title": "Two threads, two folders",
    "times": "nothing: it reports which file landed in which folder",
    "unit": "facts",
    "facts": {
        "files": "dict[str, list[str]]",
        "stood_in": "dict[str, str]",
        "as_wanted": "bool",
        "together": "bool",
        "why": "str",
    },
    "params": {
        "mend": {
            "type": "choice",
            "default": "no",
            "choices": [
                "no",
                "lock",
                "full path",
                "folder descriptor",
                "own process",
                "own folder",
            ],
            "help": "what is done about it",
        },
    },
    "takes": {"processes": "3", "threads": "2", "descriptors": "12"},
    "baseline": "none",
    "needs": ["fork"],
}
PICTURES = {"cats": "cat.png", "dogs": "dog.png"}  # the file that each folder should get
CLONE_FS = 0x200


def save(name, directory=None):
    """Save a picture: a file with its own name in it does."""
    fd = os.open(name, os.O_WRONLY | os.O_CREAT, 0o600, dir_fd=directory)
    os.write(fd, os.path.basename(name).encode())
    os.close(fd)


def thumbnail(place, folder, mend, lock, meet):
    """Go to a folder, wait until the other one is in its own, and save there; return where it was."""
    wanted, name = f"{place}/{folder}", PICTURES[folder]
    if mend == "lock":
        with lock:
            os.chdir(wanted)
    else:
        os.chdir(wanted)
    directory = os.open(wanted, os.O_RDONLY) if mend == "folder descriptor" else None
    meet()
    save(f"{wanted}/{name}" if mend == "full path" else name, directory)
    return os.path.basename(os.getcwd())


# Two who do it ----------------------------------------------------------------------------------
class Meeting:
    """Two wait until both are there: each opens the other's gate and waits at its own."""

    def __init__(self):
        self._gates = {name: _held.Gate() for name in PICTURES}

    def of(self, name):
        """Return what one of the two calls when it is there."""
        other = next(each for each in PICTURES if each != name)

        def meet():
            self._gates[other].open()
            self._gates[name].wait()

        return meet


def both(place, mend, report):
    """In a child of the measuring process: have two threads, or two processes, do it."""
    meeting, start = Meeting(), in_processes if mend == "own process" else in_threads
    lock = new_lock()

    def one(folder):
        why = leave(mend)
        report({"folder": folder, "stood": thumbnail(place, folder, mend, lock, meeting.of(folder)),
                "why": why})  # fmt: skip

    start(one)


def leave(mend):
    """Get a current folder of one's own, if that is the means; return why not, if not."""
    if mend != "own folder":
        return ""
    return str(_libc.failed("unshare")) if _libc.function("unshare")(CLONE_FS) else ""


def new_lock():
    """Return a lock of Python's own."""
    import _thread

    return _thread.allocate_lock()


def in_processes(one):
    """Let each do its work in a process of its own."""
    from .. import _watching

    def bounded(name):
        _sacrifice.prepare()  # a limit is not inherited: who waits in vain for the other one ends
        one(name)

    pids = [_watching.fork(lambda name=name: bounded(name)) for name in PICTURES]
    ends = [_watching.collect(pid) for pid in pids]
    if any(end != ("exited", 0) for end in ends):
        raise RuntimeError("one of two processes that were to save a picture ended before its time")


def in_threads(one):
    """Let each do its work in a thread."""
    import threading

    threads = [threading.Thread(target=one, args=(name,)) for name in PICTURES]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def report(params):
    _refuse.require(os, "fork")
    place = os.path.realpath(tempfile.mkdtemp(prefix="share-"))
    try:
        for folder in PICTURES:
            os.mkdir(f"{place}/{folder}")
        told = _answering.run(lambda report: both(place, params["mend"], report)).whole()
        files = {folder: sorted(os.listdir(f"{place}/{folder}")) for folder in PICTURES}
    finally:
        shutil.rmtree(place)
    return {
        "files": files,
        "stood_in": {each["folder"]: each["stood"] for each in told},
        "as_wanted": all(files[folder] == [name] for folder, name in PICTURES.items()),
        "together": any(len(names) == len(PICTURES) for names in files.values()),
        "why": "; ".join({each["why"] for each in told if each["why"]}),
    }
