"""Run a small program that forks, and see what each of the two processes prints, and when.

Python's text files are buffered: ``write`` puts text into this process's memory, and only ``flush``
(or a full buffer, or the end) hands it to the system. The screen here does the same.

The order is the same in every run, because it is *made* so: before a process sends its buffer it
waits for the end of a child that it has.
"""

from . import _notes


class Screen(_notes.Notes):
    """A screen to print on: ``write`` fills this process's buffer, ``flush`` sends it."""

    def __init__(self, pipe):
        super().__init__(pipe)
        self._buffer = []

    def write(self, line):
        self._buffer.append(line)

    def flush(self):
        self.see_child_end()
        for line in self._buffer:
            self.note("print", text=line)
        self._buffer.clear()


def observe(story, tell):
    """Run ``story(screen)``; tell what happened, and return what was printed, and by whom."""
    noted = _notes.observe(story, tell, Screen)
    prints = [(who, data["text"]) for who, what, data in noted if what == "print"]
    by = {name: [text for each, text in prints if each == name] for name in ("parent", "child")}
    return {"lines": [text for _, text in prints], "by": by}
