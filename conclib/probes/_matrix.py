"""Judging what several tasks found before and after a change: is it one thing, or has each his own?

Pure functions: what was found in, a judgement out. There is no table of what is true here.
"""

from __future__ import annotations  # a worker may be an older Python

FIVE = ("memory", "working directory", "open files", "reaction to signals", "priority")
NAMES = ("memory", "open files", "file offset", "working directory", "umask", "reaction to signals",
         "environment", "limits", "pid", "user", "signal mask", "priority", "CPU set",
         "name")  # fmt: skip
MAKER, *OTHERS = TASKS = ("maker", "thread", "child", "stranger")
SHARED, OWN, DOUBT, OPEN = "shared", "own", "?", "not known"


def chosen(thing):
    """Return the names of the things that a word stands for."""
    return {"all": NAMES, "five": FIVE}.get(thing, (thing,))


def pairs(changer):
    """Return pairs of who changes and who looks.

    Args:
        changer: one of ``TASKS``, then all others look; or ``"other"``: each of the other three
            changes, and the maker looks.
    """
    if changer == "other":
        return [(other, MAKER) for other in OTHERS]
    return [(changer, other) for other in TASKS if other != changer]


def key(changer, looker, pairs):
    """Return the name of a cell's column: of the two, the one that is not in all pairs."""
    return changer if len({one for one, _ in pairs}) > 1 else looker


def others(pairs):
    """Return the names of all columns."""
    return [key(*pair, pairs) for pair in pairs]


def cell(changer, looker, seen, asked, *, equal, fixed=False):
    """Judge one thing of two tasks.

    Args:
        changer, looker: of ``TASKS``.
        seen: what all found ``before`` and ``after``, by task, and why it was ``refused``, in words.
        asked: kcmp's answer, and why there is none.
        equal: whether the two had the same before anything was changed.
        fixed: nobody can change it, and two that have the same share it.

    Returns:
        ``mark`` (one of the four words), ``shared`` (``None`` where it is not known), each witness
        (``behaviour``, ``kcmp``), ``witness`` in words, ``why`` something is not known, whether it was
        ``equal_at_first``, and what each found.
    """
    own = {f"changer_{when}": seen[when][changer] for when in ("before", "after")}
    own |= {when: seen[when][looker] for when in ("before", "after")}
    behaviour, why = (equal, "") if fixed else behaved(own, seen)
    kcmp, reason = asked
    mark, shared = judged(behaviour, kcmp)
    return {
        "mark": mark, "shared": shared, "behaviour": behaviour, "kcmp": kcmp,
        "witness": witness(behaviour, kcmp, fixed), "why": "; ".join(filter(None, (why, reason))),
        "equal_at_first": equal, **own,
    }  # fmt: skip


def behaved(own, seen):
    """Return whether a looker met the change; ``None`` and why where that says nothing."""
    if own["changer_after"] == own["changer_before"]:
        return None, seen["refused"] or "nothing was changed"
    if own["after"] == own["before"]:
        return False, ""
    if own["after"] == own["changer_after"]:
        return True, ""
    return None, "it became something else there"


def judged(behaviour, kcmp):
    """Return a mark and what is known, from two witnesses, either of which may be silent."""
    known = {each for each in (behaviour, kcmp) if each is not None}
    if len(known) == 1:
        shared = known.pop()
        return SHARED if shared else OWN, shared
    return (DOUBT if known else OPEN), None


def witness(behaviour, kcmp, fixed=False):
    """Say in words how it was found."""
    first = "both were asked for it" if fixed else "one changed it, the other looked"
    words = {True: "says it is the same", False: "says they are two"}
    found = [] if behaviour is None else [first]
    return "; ".join(found + ([] if kcmp is None else [f"kcmp {words[kcmp]}"]))
