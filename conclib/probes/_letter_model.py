"""What a reader gets from a file that several tasks have open: as it is, and by wrong beliefs about it.

A *place* is how far a file has been read. It belongs to an *open file*, which comes into being with
each ``open``. A list of open files leads from a number to an open file::

    parent, thread:  list 0 --.
                               >--> open file: "letters", place 4
    child:           list 1 --'

A program is a tuple of steps (``_letter_steps.py``): who, what, and a detail. Nothing is run here, so
that a notebook kernel can ask, too.
"""

from __future__ import annotations  # a worker may be an older Python

from . import _letters

PARENT, THREAD, CHILD = TASKS = ("parent", "thread", "child")
CLOSED = "EBADF"  # what Linux calls it if there is no such open file


class OpenFile:
    """A file that was opened: which one, and how far it has been read."""

    def __init__(self, folder, place=0):
        self.folder, self.place = folder, place

    def copy(self):
        """Return another open file that stands at the same place."""
        return OpenFile(self.folder, self.place)


class Rules:
    """How it is. Each belief differs from it in one thing.

    The parent has opened ``letters`` in the folder ``big``; then it has forked the child, and started
    the thread. That is where a program begins.
    """

    lists = {PARENT: 0, THREAD: 0, CHILD: 1}  # noqa: RUF012 -- never changed
    folders = {PARENT: 0, THREAD: 0, CHILD: 1}  # noqa: RUF012
    copied = ()  # the tasks that begin with an open file of their own

    def __init__(self):
        first = OpenFile("big")
        self.files = {self.lists[task]: first for task in TASKS}
        for task in self.copied:
            self.files[self.lists[task]] = first.copy()
        self.now_in = dict.fromkeys(self.folders.values(), "big")

    def step(self, who, what, detail=""):
        """Take a step; return what it gives: letters, an error's name, or nothing."""
        return getattr(self, what)(who, detail)

    def opens(self, who, _detail):
        self.files[self.lists[who]] = self.new_file(self.now_in[self.folders[who]])
        return ""

    def new_file(self, folder):
        """Return what comes into being when a file is opened."""
        return OpenFile(folder)

    def goes(self, who, folder):
        self.now_in[self.folders[who]] = folder
        return ""

    def closes(self, who, _detail):
        return "" if self.files.pop(self.lists[who], None) else CLOSED

    def rewinds(self, who, _detail):
        if not (file := self.files.get(self.lists[who])):
            return CLOSED
        file.place = 0
        return ""

    def reads(self, who, count):
        if not (file := self.files.get(self.lists[who])):
            return CLOSED
        start, file.place = file.place, file.place + count
        return _letters.LETTERS[file.folder][start : file.place]


# Beliefs ----------------------------------------------------------------------------------------
class CopiedPlace(Rules):
    """A forked child gets a copy of the place: processes share nothing."""

    copied = (CHILD,)


class ParentsList(Rules):
    """A forked child works with its parent's list of open files."""

    lists = dict.fromkeys(TASKS, 0)


class ThreadsPlace(Rules):
    """A thread has its own open files."""

    lists = {PARENT: 0, CHILD: 1, THREAD: 2}  # noqa: RUF012
    copied = (THREAD,)


class ThreadsFolder(Rules):
    """A thread has a current folder of its own."""

    folders = {PARENT: 0, CHILD: 1, THREAD: 2}  # noqa: RUF012


class ChildsFolder(Rules):
    """Where a forked child goes, its parent is, too."""

    folders = dict.fromkeys(TASKS, 0)


class OnDisk(Rules):
    """The place is stored with the file: whoever opens it goes on where others have stopped."""

    def __init__(self):
        super().__init__()
        self.known = {"big": self.files[0], "small": OpenFile("small")}

    def new_file(self, folder):
        return self.known[folder]


BELIEFS = {
    "copied place": CopiedPlace,
    "parent's list": ParentsList,
    "thread's place": ThreadsPlace,
    "thread's folder": ThreadsFolder,
    "child's folder": ChildsFolder,
    "on disk": OnDisk,
}


# Answers ----------------------------------------------------------------------------------------
def given(program, belief=None):
    """Return what each step of a program gives: letters, ``CLOSED``, or an empty text.

    Args:
        program: its steps.
        belief: one of ``BELIEFS``; ``None`` for what is true.
    """
    rules = (Rules if belief is None else BELIEFS[belief])()
    return [rules.step(*each) for each in program]


def answers(program):
    """Return what the last step gives: in truth (``None``), and by each belief."""
    return {belief: given(program, belief)[-1] for belief in (None, *BELIEFS)}


def wrong_answers(program):
    """Return the wrong last answers that exactly one belief gives, each with that belief."""
    by = answers(program)
    every = list(by.values())
    return {one: belief for belief, one in by.items() if belief and every.count(one) == 1}
