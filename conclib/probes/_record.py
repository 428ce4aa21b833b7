"""What Linux keeps of a process besides its memory, from the texts under ``/proc/PID``.

Pure functions: text in, data out. Operating-system books call the whole of it the *process control
block*; Linux keeps one for each thread, and shows it in several files: ``stat`` (numbers in a fixed
order), ``status`` (the same and more, by name), ``syscall``, ``schedstat``, ``limits``, ``cgroup``.
"""

from __future__ import annotations  # a worker may be an older Python

STATES = {
    "R": "running, or ready to run",
    "S": "sleeping: it waits for something",
    "D": "waiting, and not to be disturbed",
    "T": "stopped",
    "t": "stopped by a debugger",
    "Z": "zombie: it has ended, and nobody has asked how",
    "X": "gone",
    "I": "idle",
}
RUNNING = "running"  # the whole text of ``syscall`` while the task is on a CPU
NO_CALL = -1  # in place of a system call's number: it was in none


def stat_fields(text: str) -> dict[int, str]:
    """Return the fields of a ``stat`` file by the numbers that proc(5) gives them, 1 to about 52.

    The second is the program's name in brackets, and a program may be named ``) R (``. So the
    others are counted from the *last* closing bracket on.

    Raises:
        ValueError: it is not the text of such a file.
    """
    head, bracket, tail = text.rpartition(")")
    pid, opening, name = head.partition(" (")
    fields = tail.split()
    if not bracket or not opening or len(fields) < 20:
        raise ValueError("not the text of a stat file")
    return {1: pid, 2: name, **dict(enumerate(fields, start=3))}


def keyed(text: str) -> dict[str, str]:
    """Return lines like ``State:\\tR (running)`` as a dictionary of texts."""
    pairs = (line.partition(":") for line in text.splitlines())
    return {name.strip(): value.strip() for name, colon, value in pairs if colon}


def registers(text: str) -> tuple[int, int, int] | None:
    """Return where a task stands, from its ``syscall`` file: call, stack pointer, program counter.

    The call is the number of the system call that it is in, ``NO_CALL`` if it is in none. ``None``
    while it is on a CPU: then the numbers are in the CPU, and nowhere else.
    """
    fields = text.split()
    if fields in ([], [RUNNING]):
        return None
    return int(fields[0]), int(fields[-2], 16), int(fields[-1], 16)


def in_mask(mask: str) -> list[int]:
    """Return the numbers of the signals whose bits are set in a mask such as ``SigCgt``."""
    bits = int(mask, 16)
    return [number + 1 for number in range(bits.bit_length()) if bits >> number & 1]


def limits(text: str) -> dict[str, int | None]:
    """Return the soft limits of a ``limits`` file by name; ``None`` for one without a bound."""
    found: dict[str, int | None] = {}
    for line in text.splitlines()[1:]:
        name, value = line[:26].strip(), line[26:].split()
        if value:
            found[name] = None if value[0] == "unlimited" else int(value[0])
    return found
