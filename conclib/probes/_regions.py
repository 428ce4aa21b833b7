"""The regions of a process's memory, from what Linux lists of them. Pure functions: text in, data out.

Linux keeps for each process a list of *regions*: from which address to which, with which rights, and
which file lies behind, if any. ``/proc/PID/maps`` shows a line for each::

    559e4c1d2000-559e4c2fe000 r-xp 0002d000 08:01 131 /usr/bin/python3

``smaps`` shows the same line, and figures in kB below it. What a region is *for* (text, data, heap
...) Linux does not say; it follows from the file behind, the rights and the neighbours.
"""

from __future__ import annotations  # a worker may be an older Python

import os

FIGURES = {  # of smaps, and what we call them; in bytes here
    "Rss": "rss",
    "Pss": "pss",
    "Private_Clean": "private_clean",
    "Private_Dirty": "private_dirty",
    "Shared_Clean": "shared_clean",
    "Shared_Dirty": "shared_dirty",
    "AnonHugePages": "huge",
    "Swap": "swap",
}
KINDS = (
    "text",  # the program's own code
    "read-only data",  # fixed texts and tables of the program
    "data",  # its variables that start with a value
    "bss",  # its variables that start at 0
    "heap",
    "stack",  # of the main thread
    "thread stack",
    "shared library",
    "file",  # any other file that is mapped
    "shared memory",
    "vdso",  # code and data that Linux itself lends to each process
    "guard",  # kept free: nobody may touch it
    "anonymous",  # memory of no file: what the program asked for
)
LENT = ("[vdso]", "[vvar]", "[vvar_vclock]", "[vsyscall]", "[uprobes]", "[sigpage]", "[vectors]")


def parse(text: str) -> list[dict]:
    """Return the regions of the text of a ``maps`` or ``smaps`` file, in order of address.

    Each is ``{"start", "end", "perms", "offset", "inode", "path"}``, addresses as whole numbers; of
    smaps with the figures that :data:`FIGURES` names, in bytes.
    """
    regions: list[dict] = []
    for line in text.splitlines():
        first, _, rest = line.partition(" ")
        if first.endswith(":"):
            name = FIGURES.get(first[:-1])
            if name:
                regions[-1][name] = int(rest.split()[0]) * 1024
        elif first:
            regions.append(region(line))
    return regions


def region(line: str) -> dict:
    """Return the region of one line of a ``maps`` file."""
    fields = line.split(None, 5)
    start, _, end = fields[0].partition("-")
    return {
        "start": int(start, 16),
        "end": int(end, 16),
        "perms": fields[1],
        "offset": int(fields[2], 16),
        "inode": int(fields[4]),
        "path": fields[5] if len(fields) > 5 else "",
    }


def label(regions: list[dict], program: str, stacks: tuple[int, ...] = ()) -> list[dict]:
    """Give each region its ``kind``, one of :data:`KINDS`, and return the list.

    Args:
        regions: what :func:`parse` returned.
        program: the path of the program that runs, as ``/proc/PID/exe`` names it.
        stacks: the stack pointers of threads other than the main one, where they are known.
    """
    before: dict = {"end": 0, "kind": "", "path": ""}
    for each in regions:
        each["kind"] = kind(each, program, stacks, before)
        before = each
    return regions


def kind(each: dict, program: str, stacks: tuple[int, ...], before: dict) -> str:
    """Return what a region is for; ``before`` is the region below it."""
    path, perms = each["path"], each["perms"]
    if path.startswith("["):
        return _named(path)
    if perms.startswith("---"):
        return "guard"
    if path and path == program:
        return "text" if "x" in perms else "data" if "w" in perms else "read-only data"
    if path:
        return _of_file(os.path.basename(path), path, perms)
    if any(each["start"] <= pointer < each["end"] for pointer in stacks):
        return "thread stack"
    if before["kind"] in ("data", "bss") and before["end"] == each["start"] and "w" in perms:
        return "bss"  # the loader puts it behind the data, without a file
    return "shared memory" if perms.endswith("s") else "anonymous"


def _named(path: str) -> str:
    if path in LENT:
        return "vdso"
    if path.startswith("[stack"):
        return "stack" if path == "[stack]" else "thread stack"
    return "heap" if path == "[heap]" else "anonymous"


def _of_file(name: str, path: str, perms: str) -> str:
    if path.startswith(("/dev/zero", "/dev/shm/", "/memfd:", "/SYSV")):
        return "shared memory"
    if name.endswith(".so") or ".so." in name or name.startswith("ld-"):
        return "shared library"
    return "file"


def locate(regions: list[dict], address: int) -> dict | None:
    """Return the region that an address lies in; ``None`` if it lies in none."""
    for each in regions:
        if each["start"] <= address < each["end"]:
            return each
    return None
