"""The region picker: press a kind of region, read what it is for and what lies in it.

It is a shell over a plain function, :func:`about`, which says the same for one kind.
"""

from typing import TYPE_CHECKING

from conclib.chapters.ch01_process import rules
from conclib.results import Observation, arguments
from conclib.results.wording import listed

if TYPE_CHECKING:
    from conclib.widgets import parts as _parts

FOR = {  # what each kind of region is for
    "text": "the program's own code, as the CPU runs it. It may be read and run, not written.",
    "read-only data": "texts and tables of the program that never change.",
    "data": "variables that start with a value; the values come from the program's file.",
    "bss": "variables that start at 0. No file is needed for zeros, so none lies behind it.",
    "heap": "blocks that the program asks for while it runs. It grows at its upper edge.",
    "stack": "the local variables of calls that are under way. It grows at its lower edge.",
    "thread stack": "the calls of one more thread.",
    "shared library": "code and data of a library that many programs use.",
    "file": "a file that the program has mapped, to read it as if it were memory.",
    "shared memory": "memory that several processes use together.",
    "vdso": "code that Linux lends to each process, to answer some questions quickly.",
    "guard": "nothing: it is kept free, so that whoever walks out of his region is stopped.",
    "reserved": "nothing yet: addresses that are kept free for later.",
    "anonymous": "memory of no file: bigger blocks, and what Python keeps its objects in.",
}


def kinds(seen: Observation) -> list[str]:
    """Return the kinds of region that a process has, lowest address first, each once."""
    facts = rules.facts_of(seen, "six_objects")
    return list(dict.fromkeys(each["kind"] for each in facts["regions"]))


def about(seen: Observation, kind: str) -> str:
    """Say what a kind of region is for, how many there are, and which of six objects lie there.

    Args:
        seen: what ``cl.observe("six_objects")`` gave.
        kind: one of :func:`kinds`.

    Raises:
        TypeError, ValueError: another result, or a kind that this process has not.
    """
    arguments.choice("kind", kind, kinds(seen))
    own = [each for each in seen.facts["regions"] if each["kind"] == kind]
    size = rules.far(sum(each["end"] - each["start"] for each in own))
    rights = listed(dict.fromkeys(each["perms"][:3] for each in own))
    inside = [each["name"] for each in seen.facts["objects"] if each["kind"] == kind]
    count = "1 region" if len(own) == 1 else f"{len(own)} regions"
    holds = f" In it: {listed(inside)}." if inside else ""
    return f"{kind}: {FOR[kind]} Here: {count}, {size}, rights {rights}.{holds}"


def regions(seen: Observation) -> "_parts.Shell":
    """Show a button for each kind of region; press one, and read what it is for.

    Args:
        seen: what ``cl.observe("six_objects")`` gave.

    Raises:
        TypeError: it is something else.
    """
    from conclib.widgets import parts

    class Picker(parts.Shell):
        """The buttons, and below them what is said."""

        def __init__(self) -> None:
            self.sentence = "Region picker: press a kind of region, and read what it is for."
            self.options = parts.Options(kinds(seen), self.pressed)
            self.message = parts.html()
            self.box = parts.form(self.sentence, [self.options.box, self.message])

        def pressed(self, kind: str) -> str:
            """Say what a kind is for."""
            self.options.mark(kind)
            said = about(seen, kind)
            self.message.value = parts.announced(said)
            return said

    return Picker()
