"""Processes of one family, and a stranger, that ask Linux for a word in A's memory.

All of it is done below a child of the measuring process, which may become an ordinary user. A has a
child of its own, forked *before* A writes its word: so whoever gets the word has it from A.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import errno
import os

from . import _leave_model, _libc, _place, _record, _refuse, _sacrifice, _steered, _watching

SCOPE = "/proc/sys/kernel/yama/ptrace_scope"
WORD = "cat"
ASK_SELF, ASK_CHILD, GIVE_LEAVE, END = 1, 2, 3, 4  # what A may be asked for
SET_DUMPABLE, SET_PTRACER, ANYBODY = 4, 0x59616D61, -1  # prctl
STRANGER_ENDS = 5  # seconds to wait for that; it takes no time
CAP_SYS_PTRACE = 19
NOBODY, STRANGER = 65534, 65533  # numbers of users who own nothing here
NO_FILE = "this Linux has no rule of this name: " + SCOPE + " does not exist"
NO_LEAVE = "this Linux has no rule that leave could be given from"
TURNED = "only root can become another user: so we asked for memory of process 1, which is another user's"
NO_OTHER = "only root can become another user, and process 1 is this user's own here"


class Piece(ctypes.Structure):
    """Where memory begins, and how many bytes: C's ``struct iovec``."""

    _fields_ = (("start", ctypes.c_void_p), ("size", ctypes.c_size_t))


def ask(pid: int, address: int) -> int:
    """Ask Linux for a word in a process's memory; return it as a number, or minus an error number."""
    piece, number = ctypes.POINTER(Piece), ctypes.c_ulong
    call = _libc.function("process_vm_readv", ctypes.c_ssize_t, ctypes.c_int, piece, number, piece,
                          number, number)  # fmt: skip
    buffer = ctypes.create_string_buffer(len(WORD))
    into, at = Piece(ctypes.addressof(buffer), len(WORD)), Piece(address, len(WORD))
    if call(pid, ctypes.byref(into), 1, ctypes.byref(at), 1, 0) < 0:
        return -ctypes.get_errno()
    return int.from_bytes(buffer.raw, "little")


def answer(number: int) -> str:
    """Return such a number in words: the word that was read, or the error's name."""
    if number < 0:
        return errno.errorcode.get(-number, str(-number))
    return number.to_bytes(8, "little").rstrip(b"\0").decode("latin-1")


def become(user: int) -> None:
    """Be this user from here on, for good, but let others look at us as before."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    _libc.function("prctl")(SET_DUMPABLE, 1, 0, 0, 0)


def may_trace() -> bool:
    """Tell whether this process has root's right to look into other processes."""
    with open("/proc/self/status") as file:
        rights = int(_record.keyed(file.read())["CapEff"], 16)
    return bool(rights >> CAP_SYS_PTRACE & 1)


def can_become(user: int) -> bool:
    """Tell whether this process could become another user: a child of it tries."""

    def attempt(report):
        try:
            become(user)
        except OSError:
            report(False)
        else:
            report(True)

    return _sacrifice.run(attempt).lines == [True]


class A:
    """The process with the word: what it does when it is asked. It lives in a process of its own."""

    def __init__(self, address: int) -> None:
        self.address, self.child = address, None

    def prepare(self) -> None:
        """Make the child, then write the word."""
        _place.take(self.address)
        self.children, own = _watching.Children(), os.getpid()
        self.child = _steered.Steered(self.children, "child", lambda _: ask(own, self.address))
        _place.put(self.address, WORD)

    def answer(self, asked: int) -> int:
        """Do what is asked for."""
        if asked == ASK_SELF:
            return ask(os.getpid(), self.address)
        if asked == ASK_CHILD:
            return self.child.ask(0)
        if asked == GIVE_LEAVE:
            return _libc.function("prctl")(SET_PTRACER, ctypes.c_long(ANYBODY), 0, 0, 0)
        self.children.kill()
        self.child.close()
        return 0


class Family:
    """All of them, and a process of another user where one can be made; ended by :meth:`close`.

    To be made in a child, which becomes an ordinary user here if that is asked for.
    """

    def __init__(self, address: int, ordinary: bool) -> None:
        self.address, self._strangers = address, _watching.Children()
        self._children, self.stranger = _watching.Children(), None
        if can_become(STRANGER):
            self.stranger = self._steered(self._strangers, lambda: become(STRANGER))
            if ordinary:
                become(NOBODY)
        self.user, self.may_trace, member = os.geteuid(), may_trace(), A(address)
        self.a = _steered.Steered(self._children, "A", member.answer, member.prepare)
        self.sibling = self._steered(self._children)

    def _steered(self, children: _watching.Children, prepare=None) -> _steered.Steered:
        return _steered.Steered(children, "asks", lambda pid: ask(pid, self.address), prepare)

    def numbers(self) -> dict[str, int | None]:
        """Let each of the family ask, and the stranger; return what each got (see :func:`ask`)."""
        pid = self.a.pid
        found = {
            _leave_model.ITSELF: self.a.ask(ASK_SELF),  # first: only then A has its word
            _leave_model.PARENT: ask(pid, self.address),
            _leave_model.CHILD: self.a.ask(ASK_CHILD),
            _leave_model.SIBLING: self.sibling.ask(pid),
            _leave_model.OTHER_USER: self.stranger.ask(pid) if self.stranger else None,
        }
        given = self.a.ask(GIVE_LEAVE) == 0
        found[_leave_model.WITH_LEAVE] = self.sibling.ask(pid) if given else None
        return found

    def close(self) -> None:
        """End all of them. The stranger is not ours to kill: it ends when nobody can ask it."""
        self.a.ask(END)
        self._children.kill()
        for each in (self.a, self.sibling, self.stranger):
            if each:
                each.close()
        if self.stranger:
            self._strangers.ended(STRANGER_ENDS)


def family(address: int, ordinary: bool) -> dict:
    """Return what each asker got, in words, and why an answer is missing; to be called in a child."""
    them = Family(address, ordinary)
    numbers, why = them.numbers(), {}
    them.close()
    if numbers[_leave_model.WITH_LEAVE] is None:
        why[_leave_model.WITH_LEAVE] = NO_LEAVE
    if them.stranger is None:
        number, reason = turned_round(address, them.user)
        numbers[_leave_model.OTHER_USER], why[_leave_model.OTHER_USER] = number, reason
    answers = {who: None if each is None else answer(each) for who, each in numbers.items()}
    return {"answers": answers, "why": why, "user": them.user, "may_trace": them.may_trace}


def turned_round(address: int, user: int) -> tuple[int | None, str]:
    """Ask for memory of another user's process, as who cannot become another user."""
    try:
        owner = os.stat("/proc/1").st_uid
    except OSError:  # not shown to us: then it is another's
        owner = None
    if owner == user:
        return None, NO_OTHER
    return ask(1, address), TURNED


def scope() -> tuple[int | None, str | None]:
    """Return this machine's rule, 0 to 3, or why there is none."""
    try:
        with open(SCOPE) as file:
            return int(file.read()), None
    except FileNotFoundError:
        return None, NO_FILE
    except (OSError, ValueError) as error:
        return None, f"{SCOPE} cannot be read here: {error}"


def require() -> None:
    """Refuse where the C library has no such call."""
    _libc.function("process_vm_readv")
    _refuse.require(os, "setresuid")
