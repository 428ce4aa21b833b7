"""What a task may share with another, thing by thing: how a task finds what it has, and changes it.

Each thing is looked at by the task that has it, about itself, as a short text. A change is made to what
that task has at this moment, and to something else: so whoever has the same thing must see it.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import mmap
import os
import resource
import signal

from . import _libc, _one_file

PLACE = 0x1000000000  # an address far from everything a program has, and within reach everywhere
MAP_FIXED_NOREPLACE = 0x100000
VARIABLE = b"CONCLIB_LETTER"
PR_SET_NAME, PR_GET_NAME = 15, 16
RAW = {"x86_64": 117, "aarch64": 147}  # the number of the system call setresuid
ROOT, NOBODY = 0, 65534
LAST_NICE = 19
KEEP = -1  # leaves one of the three user numbers as it is
OTHERS_MASK = 0o022


class Thing:
    """One thing that a task has."""

    def look(self):
        """Return what this task has, as text."""
        raise NotImplementedError

    def change(self):
        """Make it something else; return why that cannot be, if it cannot.

        Raises:
            OSError: Linux refuses it to this task.
        """
        raise NotImplementedError


class Memory(Thing):
    def look(self):
        return ctypes.string_at(PLACE, 1).decode()

    def change(self):
        ctypes.memset(PLACE, ord(self.look()) + 1, 1)


class OpenFiles(Thing):
    number = _one_file.FILE + 1

    def look(self):
        try:
            os.fstat(self.number)
        except OSError:
            return f"number {self.number} closed"
        return f"number {self.number} open"

    def change(self):
        if self.look().endswith("closed"):
            os.dup2(_one_file.FILE, self.number)
        else:
            os.close(self.number)


class Offset(Thing):
    def look(self):
        return f"letter {os.lseek(_one_file.FILE, 0, os.SEEK_CUR)}"

    def change(self):
        os.lseek(_one_file.FILE, 4, os.SEEK_CUR)


class Folder(Thing):
    def look(self):
        return os.path.basename(os.getcwd())

    def change(self):
        os.chdir("../" + {"big": "small", "small": "big"}[self.look()])


class Umask(Thing):
    def look(self):
        mask = os.umask(0)  # it is only told in exchange for another one; nobody else is at work
        os.umask(mask)
        return f"{mask:03o}"

    def change(self):
        os.umask(int(self.look(), 8) ^ OTHERS_MASK)


class Reaction(Thing):
    def __init__(self):
        self._ask = _libc.function("sigaction", ctypes.c_int, ctypes.c_int, *[ctypes.c_void_p] * 2)
        self._set = _libc.function("signal", ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
        self._found = ctypes.create_string_buffer(256)

    def look(self):
        if self._ask(signal.SIGUSR1, None, self._found):
            raise _libc.failed("sigaction")
        handler = ctypes.c_void_p.from_buffer(self._found).value
        return {None: "SIGUSR1 ends it", 1: "SIGUSR1 is ignored"}.get(handler, "SIGUSR1 is handled")

    def change(self):
        self._set(signal.SIGUSR1, 0 if "ignored" in self.look() else 1)


class Mask(Thing):
    def look(self):
        blocked = signal.SIGUSR2 in signal.pthread_sigmask(signal.SIG_BLOCK, [])
        return "SIGUSR2 must wait" if blocked else "SIGUSR2 is let in"

    def change(self):
        how = signal.SIG_BLOCK if "let in" in self.look() else signal.SIG_UNBLOCK
        signal.pthread_sigmask(how, [signal.SIGUSR2])


class Environment(Thing):
    def __init__(self):
        self._get = _libc.function("getenv", ctypes.c_char_p, ctypes.c_char_p)
        self._set = _libc.function("setenv", ctypes.c_int, *[ctypes.c_char_p] * 2, ctypes.c_int)

    def look(self):
        return (self._get(VARIABLE) or b"").decode()

    def change(self):
        self.set(chr(ord(self.look()) + 1))

    def set(self, letter):
        """Give the variable a value."""
        if self._set(VARIABLE, letter.encode(), 1):
            raise _libc.failed("setenv")


class Limits(Thing):
    def look(self):
        return f"{resource.getrlimit(resource.RLIMIT_NOFILE)[0]} open files"

    def change(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        lower = 4096 if soft == resource.RLIM_INFINITY else soft - 1
        resource.setrlimit(resource.RLIMIT_NOFILE, (lower, hard))


class Pid(Thing):
    """No task can change it: two that have the same number are one process."""

    def look(self):
        return str(os.getpid())

    def change(self):
        return "nobody can change it"


class User(Thing):
    """Of one task only, by the bare system call: C libraries go on to tell all threads."""

    def look(self):
        return f"user {os.geteuid()}"

    def change(self):
        number = RAW.get(os.uname().machine)
        if number is None:
            return "the number of the system call is not known for this processor"
        wanted = NOBODY if os.geteuid() == ROOT else ROOT  # only root may become somebody else
        if _libc.C["syscall"](*map(ctypes.c_long, (number, KEEP, wanted, KEEP))):
            raise _libc.failed("setresuid")


class Priority(Thing):
    def look(self):
        return f"nice {os.getpriority(os.PRIO_PROCESS, 0)}"

    def change(self):
        nice = os.getpriority(os.PRIO_PROCESS, 0)
        wanted = nice + 1 if nice < LAST_NICE else nice - 1  # to raise it again is root's right
        os.setpriority(os.PRIO_PROCESS, 0, wanted)


class Cpus(Thing):
    def look(self):
        return "CPU " + ", ".join(map(str, sorted(os.sched_getaffinity(0))))

    def change(self):
        own = os.sched_getaffinity(0)
        wanted = {min(own)} if len(own) > 1 else set(range(os.cpu_count() or 1)) - own
        if not wanted:
            return "this machine has one CPU"
        os.sched_setaffinity(0, wanted)


class Name(Thing):
    def __init__(self):
        self._control = _libc.function("prctl")
        self._found = ctypes.create_string_buffer(16)

    def look(self):
        self._control(PR_GET_NAME, self._found, 0, 0, 0)
        return self._found.value.decode(errors="replace")

    def change(self):
        self.set(self.look()[:9] + "+")

    def set(self, name):
        """Give this task a name, of 15 letters at most."""
        self._control(PR_SET_NAME, ctypes.c_char_p(name.encode()), 0, 0, 0)


# In the order in which they are changed: after a change of user a task may do less.
THINGS = {
    "memory": Memory(),
    "open files": OpenFiles(),
    "file offset": Offset(),
    "working directory": Folder(),
    "umask": Umask(),
    "reaction to signals": Reaction(),
    "signal mask": Mask(),
    "environment": Environment(),
    "limits": Limits(),
    "pid": Pid(),
    "priority": Priority(),
    "CPU set": Cpus(),
    "name": Name(),
    "user": User(),
}


def equip(folder):
    """Get a thing of each kind: the same for every task that does this, and yet another thing."""
    map_page()
    THINGS["environment"].set("A")
    THINGS["name"].set("task")
    os.umask(0o077)
    os.chdir(f"{folder}/big")
    _one_file.open_file(f"{folder}/big/letters")


def map_page():
    """Take a page of memory at the agreed address, and write a letter to it."""
    arguments = (ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long)
    take = _libc.function("mmap", ctypes.c_void_p, *arguments)
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_FIXED_NOREPLACE
    if take(PLACE, mmap.PAGESIZE, mmap.PROT_READ | mmap.PROT_WRITE, flags, -1, 0) != PLACE:
        raise _libc.failed("mmap")
    ctypes.memset(PLACE, ord("A"), 1)
