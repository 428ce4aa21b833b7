"""Which limits hold for this process: its control groups (cgroups), its own and all above it.

A container, a batch system or a login session puts its processes into a group, and limits the
group: so much memory, so much CPU time. What the *machine* has says little then. A limit of any
group above counts too, so all of them are looked at.

``/proc/self/cgroup`` names this process's groups, and ``/proc/self/mountinfo`` where their files
are: version 2 has one tree for everything, version 1 a tree for each controller, and a machine may
have both. A container often sees only its own part of a tree; the mount's *root* says which.

Used inside a worker (CPU time) and by those who start workers (memory).
"""

import os

PROC = "/proc/self"


def _text(path):
    """Return a file's text; a group or a mount may have a name that is no text, byte by byte."""
    try:
        with open(path, "rb") as file:
            return os.fsdecode(file.read())
    except OSError:
        return ""


def trees(mountinfo):
    """Yield ``(controllers, root, folder)`` of each mounted tree; version 2's controllers: None.

    A line: ``36 25 0:31 ROOT FOLDER options - cgroup name rw,memory`` (or ``cgroup2``). Only blanks
    and the end of a line part them: a name may hold whatever else ``split`` would take for a blank.
    """
    for line in mountinfo.split("\n"):
        where, _, what = line.partition(" - ")
        fields, kind = where.split(" "), what.split(" ")
        if len(fields) < 5 or len(kind) < 3 or not kind[0].startswith("cgroup"):
            continue
        controllers = None if kind[0] == "cgroup2" else kind[2].split(",")
        yield controllers, _unescaped(fields[3]), _unescaped(fields[4])


def _unescaped(name):
    r"""Return a name in which mountinfo has written blanks and backslashes as ``\040``."""
    first, *rest = name.split("\\")
    return first + "".join(_letter(part[:3]) + part[3:] for part in rest)


def _letter(digits):
    """Return the character that three octal digits stand for."""
    octal = len(digits) == 3 and not digits.strip("01234567")
    return chr(int(digits, 8)) if octal else "\\" + digits


def group_of(cgroup, controller):
    """Return this process's path in the tree of a controller; None: that of version 2.

    A line: ``4:memory:/user/anna`` (version 1) or ``0::/user/anna``.
    """
    for line in cgroup.split("\n"):
        number, _, rest = line.partition(":")
        names, _, path = rest.partition(":")
        if (controller is None and number == "0" and not names) or (
            controller is not None and controller in names.split(",")
        ):
            return path
    return None


def folders(controller, proc=PROC):
    """Return the folders of this process's groups, its own first, then each one above it.

    Args:
        controller: ``"memory"`` or ``"cpu"``: which limits are asked for.
        proc: the process's folder under ``/proc``.
    """
    cgroup, found = _text(proc + "/cgroup"), []
    for controllers, root, folder in trees(_text(proc + "/mountinfo")):
        if controllers is not None and controller not in controllers:
            continue
        path = group_of(cgroup, None if controllers is None else controller)
        if path is not None:
            found += [folder + part for part in _upward(_inside(path, root))]
    return found


def _inside(path, root):
    """Return a group's path as seen from a mount's root; "" where the mount shows less than it."""
    root = root.rstrip("/")
    return path[len(root) :] if (path + "/").startswith(root + "/") else ""


def _upward(path):
    """Return ``/a/b``, ``/a`` and the empty path of the mount itself."""
    parts = [part for part in path.split("/") if part not in ("", "..")]
    return ["".join("/" + part for part in parts[:end]) for end in range(len(parts), -1, -1)]


def number(*path):
    """Return the whole number in a file; None where there is none, or it says "max"."""
    text = _text(os.path.join(*path)).strip()
    return int(text) if text.lstrip("-").isdecimal() else None


def quota(proc=PROC):
    """Return the CPU time allowed per time, in CPUs; None without a limit. The lowest counts."""
    found = [cpus for cpus in map(_cpus, folders("cpu", proc)) if cpus is not None]
    return min(found) if found else None


def _cpus(folder):
    words = _text(os.path.join(folder, "cpu.max")).split()
    if len(words) == 2 and all(map(str.isdecimal, words)) and int(words[1]):
        return int(words[0]) / int(words[1])
    allowed, period = (number(folder, "cpu.cfs_" + name) for name in ("quota_us", "period_us"))
    return allowed / period if allowed and period and allowed > 0 else None


def throttled(proc=PROC):
    """Return how often a group of ours was stopped for having used its quota; None: not known."""
    counts = []
    for folder in folders("cpu", proc):
        words = _text(os.path.join(folder, "cpu.stat")).split()
        if "nr_throttled" in words:
            counts.append(int(words[words.index("nr_throttled") + 1]))
    return sum(counts) if counts else None
