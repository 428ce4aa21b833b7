"""The regions of a process's memory, from what Linux lists of them. Pure functions: text in, data out.

Linux keeps for each process a list of *regions*: from which address to which, with which rights, and
which file lies behind, if any. ``/proc/PID/maps`` shows a line for each::

    559e4c1d2000-559e4c2fe000 r-xp 0002d000 08:01 131 /usr/bin/python3

``smaps`` shows the same line, and figures in kB below it. What a region is *for* (text, data, heap
...) Linux does not say; it follows from the file behind, the rights and the neighbours.
"""

from __future__ import annotations  # a worker may be an older Python

from bisect import bisect_left

FIGURES = {  # of smaps, and what we call them; in bytes here
    "Rss": "rss",
    "Pss": "pss",
    "Private_Clean": "private_clean",
    "Private_Dirty": "private_dirty",
    "Shared_Clean": "shared_clean",
    "Shared_Dirty": "shared_dirty",
    "AnonHugePages": "huge",
    "Private_Hugetlb": "private_hugetlb",
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
    "shared library",  # its "part" says which: text, read-only data, data or bss
    "file",  # any other file that is mapped
    "shared memory",
    "vdso",  # code and data that Linux itself lends to each process
    "guard",  # nobody may touch it: it lies below a stack, or is as small as what does
    "reserved",  # nobody may touch it yet: addresses that are kept free for later
    "anonymous",  # memory of no file: what the program asked for
)
LENT = ("[vdso]", "[vvar]", "[vvar_vclock]", "[vsyscall]", "[uprobes]", "[sigpage]", "[vectors]")
HEXADECIMAL = tuple("0123456789abcdef")  # with what the line of a region begins
LARGEST_GUARD = 2**16  # bytes; one page is usual
DELETED = " (deleted)"  # what Linux adds to the name of a file that is in no folder any more


def parse(text: str) -> list[dict]:
    """Return the regions of the text of a ``maps`` or ``smaps`` file, in order of address.

    Each is ``{"start", "end", "perms", "offset", "inode", "path"}``, addresses as whole numbers; of
    smaps with the figures that :data:`FIGURES` names, in bytes. A last line that is cut off, as when
    the process ended meanwhile, is left out.
    """
    regions: list[dict] = []
    for line in text.split("\n"):  # not splitlines: a file's name may hold other ends of lines
        name = FIGURES.get(line.partition(":")[0])
        if name:
            if regions and line.endswith(" kB"):
                regions[-1][name] = int(line[line.index(":") + 1 : -3]) * 1024
        elif line[:1] in HEXADECIMAL and line.count(" ") > 4:  # rights, offset, device, inode, name
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
        "path": fields[5].replace("\\012", "\n") if len(fields) > 5 else "",
    }


def label(regions, program: str, stacks: tuple[int, ...] = (), loads=None) -> list[dict]:
    """Give each region its ``kind``, one of :data:`KINDS`, and its ``part``; return the list.

    ``part`` is ``"text"``, ``"read-only data"``, ``"data"`` or ``"bss"`` for what belongs to the
    program or to a library, and ``""`` for all else.

    Args:
        regions: what :func:`parse` returned.
        program: the path of the program that runs, as ``/proc/PID/exe`` names it.
        stacks: the stack pointers of threads other than the main one, where they are known.
        loads: what returns the loaded parts of a file (``_elf.loads``). With it the BSS of libraries
            is told from other memory of no file; without, it stays ``"anonymous"``. And a region of
            data within whose last page the BSS begins gets ``"also": ("bss",)``.
    """
    pointers = sorted(stacks)
    before = data = {"end": 0, "kind": "", "part": ""}
    for each in regions:
        stays = before["end"] == each["start"]  # nothing lies between the two
        named = bool(each["path"])
        each["kind"], each["part"] = _of_file(each, program) if named else _of_none(each, pointers)
        if each["part"] == "data":
            data = each
            if loads and zeros_begin(each, loads(each["path"])) < each["end"]:
                each["also"] = ("bss",)  # it begins within the last page of the data
        elif stays and each["kind"] == "anonymous" and before["part"] in ("data", "bss"):
            each["kind"], each["part"] = _behind(each, data, loads)
        elif stays and each["kind"] == "thread stack" and before["kind"] == "reserved":
            before["kind"] = "guard"
        before = each
    return regions


def _of_file(each: dict, program: str) -> tuple[str, str]:
    """Return kind and part of a region that Linux gives a name: a file's path, or one in brackets."""
    path = each["path"]
    if path.startswith("["):
        return _named(path), ""
    part = part_of(each["perms"])
    if path == program:  # which may lie in memory alone
        return part or "reserved", part
    if path.startswith(("/dev/zero", "/dev/shm/", "/memfd:", "/SYSV")):
        return "shared memory", ""
    return ("shared library", part) if is_library(path) else ("file", "")


def part_of(perms: str) -> str:
    """Return the part of a program that has these rights; ``""`` for a gap that nobody may touch."""
    if "x" in perms:
        return "text"
    return "data" if "w" in perms else "read-only data" if "r" in perms else ""


def is_library(path: str) -> bool:
    """Whether a file is a shared library, by its name: ``libc.so.6``, ``_ssl.so``, ``ld-2.31.so``."""
    name = path.rpartition("/")[2]
    name = name[: -len(DELETED)] if name.endswith(DELETED) else name
    return name.endswith(".so") or ".so." in name


def _named(path: str) -> str:
    if path in LENT:
        return "vdso"
    if path.startswith("[stack"):
        return "stack" if path == "[stack]" else "thread stack"  # [stack:TID], before Linux 4.5
    if path.startswith("[anon:") and "stack" in path:  # a name that the C library gave it
        return "thread stack"
    if path.startswith("[anon_shmem:"):
        return "shared memory"
    return "heap" if path == "[heap]" else "anonymous"


def _of_none(each: dict, pointers: list[int]) -> tuple[str, str]:
    """Return kind and part of a region of no file and no name."""
    if each["perms"].startswith("---"):
        return ("guard" if each["end"] - each["start"] <= LARGEST_GUARD else "reserved"), ""
    if bisect_left(pointers, each["start"]) < bisect_left(pointers, each["end"]):
        return "thread stack", ""  # a pointer lies in it
    return ("shared memory" if each["perms"].endswith("s") else "anonymous"), ""


def _behind(each: dict, data: dict, loads) -> tuple[str, str]:
    """Return kind and part of memory of no file that lies directly behind the data of a file.

    The loader puts what starts at 0 behind the data, and no file is needed for zeros. But Linux joins
    neighbours of equal rights in one region, so behind a library's data may lie other memory too.
    """
    known = loads(data["path"]) if loads else []
    if each["end"] <= bss_end(data, known):
        return data["kind"] if data["kind"] != "data" else "bss", "bss"
    if data["kind"] == "data" and "w" in each["perms"] and not known:
        return "bss", "bss"
    return "anonymous", ""


def bss_end(data: dict, parts: list[dict], page: int = 4096) -> int:
    """Return at which address the BSS behind a region of data ends, in whole pages; 0 if unknown.

    Args:
        data: the region that is writable and has the file behind it.
        parts: the file's loaded parts, as ``_elf.loads`` returns them.
        page: bytes of a page.
    """
    start, part = _last_part(data, parts, page)
    return -(-(start + part["size"]) // page) * page if part else 0


def zeros_begin(data: dict, parts: list[dict], page: int = 4096) -> int:
    """Return the address behind what a region of data has in the file, where the BSS begins.

    That of its end where it has none, or where this is not known; the arguments are as above.
    """
    start, part = _last_part(data, parts, page)
    return start + part["file_size"] if part and part["size"] > part["file_size"] else data["end"]


def _last_part(data: dict, parts: list[dict], page: int) -> tuple[int, dict]:
    """Return the last loaded part that lies in a region, and where it begins in memory."""
    behind = data["offset"] + data["end"] - data["start"]  # in the file
    for part in reversed(parts):  # Linux may have joined several in one region: the last counts
        first, last = part["offset"] // page * page, part["offset"] + part["file_size"]
        if part["writable"] and first < behind and data["offset"] < last:
            return data["start"] - data["offset"] + part["offset"], part
    return 0, {}


def locate(regions: list[dict], address: int) -> dict | None:
    """Return the region that an address lies in; ``None`` if it lies in none."""
    for each in regions:
        if each["start"] <= address < each["end"]:
            return each
    return None
