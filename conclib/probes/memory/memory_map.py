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
ASKED = "asked"  # the kind of what it asked for itself


def regions(maps, program, asked):
    """Return each region of the text of a maps file: addresses, rights, kind, last part of a name.

    Args:
        maps: the text; ``program`` the path of the program that runs.
        asked: an address in the mapping that was asked for.
    """
    from .. import _elf, _regions

    found = _regions.label(_regions.parse(maps), program, loads=_elf.loads)
    _regions.locate(found, asked)["kind"] = ASKED
    return [
        {
            "start": each["start"],
            "end": each["end"],
            "perms": each["perms"],
            "kind": each["kind"],
            "path": os.path.basename(each["path"]),
        }
        for each in found
    ]


def address(mapping):
    """Return where a mapping lies."""
    import ctypes

    return ctypes.addressof(ctypes.c_char.from_buffer(mapping))


def report(params):
    from .. import _proc, _refuse, _regions

    _refuse.require_proc()
    size = params["asked_mb"] * MB
    asked = mmap.mmap(-1, size)
    with open("/proc/self/maps") as file:
        found = regions(file.read(), os.readlink("/proc/self/exe"), address(asked))
    with open("/proc/self/statm") as file:
        rss = _proc.resident_bytes(file.read())
    sizes = dict.fromkeys((ASKED, *_regions.KINDS), 0.0)
    for region in found:
        sizes[region["kind"]] += (region["end"] - region["start"]) / MB
    return {"regions": found, "sizes": sizes, "asked_mb": params["asked_mb"], "rss_mb": rss / MB}
