"""What lies where in the memory of a living process?

The process reads its own list of regions, ``/proc/self/maps``, after it has asked for one mapping
of known size, so that this one is found again in the list. (A shared mapping: Linux may join a
private one with its neighbour.) Of a file's path only the last name is reported.
"""

import mmap
import os

PROBE = {
    "name": "memory_map",
    "title": "The regions of a process's memory",
    "times": "nothing: it reports the regions that Linux lists",
    "unit": "facts",
    "facts": {
        "regions": "list[dict[str, int | str]]",
        "sizes": "dict[str, float]",
        "asked_mb": "int",
        "rss_mb": "float",
    },
    "params": {
        "asked_mb": {
            "type": "int",
            "default": 8,
            "min": 1,
            "max": 256,
            "unit": "MB",
            "help": "how much memory it asks for first",
        },
    },
    "takes": {"mb": "asked_mb"},
    "baseline": "none",
    "needs": [],
}
MB = 2**20
KINDS = ("code", "data", "heap", "stack", "library", "anonymous", "asked", "system")


def regions(maps, asked):
    """Return each region of the text of a maps file: start, size, rights, name and kind."""
    found = []
    for line in maps.splitlines():
        fields = line.split(None, 5)
        start, end = (int(part, 16) for part in fields[0].split("-"))
        name = fields[5] if len(fields) > 5 else ""
        rights = fields[1]
        kind = "asked" if start <= asked < end else kind_of(name, rights)
        found.append(
            {
                "start": start,
                "bytes": end - start,
                "rights": rights,
                "name": os.path.basename(name),
                "kind": kind,
            }
        )
    return found


def kind_of(name, rights):
    """Return what a region is, by its name and its rights."""
    if name.startswith("["):
        return {"[heap]": "heap", "[stack]": "stack"}.get(name, "system")
    if not name:
        return "anonymous"
    if "x" in rights:
        return "library" if ".so" in name else "code"
    return "library" if ".so" in name else "data"


def address(mapping):
    """Return where a mapping lies."""
    import ctypes

    return ctypes.addressof(ctypes.c_char.from_buffer(mapping))


def report(params):
    from .. import _proc, _refuse

    _refuse.require_proc()
    size = params["asked_mb"] * MB
    asked = mmap.mmap(-1, size)
    with open("/proc/self/maps") as file:
        found = regions(file.read(), address(asked))
    with open("/proc/self/statm") as file:
        rss = _proc.resident_bytes(file.read())
    sizes = dict.fromkeys(KINDS, 0.0)
    for region in found:
        sizes[region["kind"]] += region["bytes"] / MB
    return {"regions": found, "sizes": sizes, "asked_mb": params["asked_mb"], "rss_mb": rss / MB}
