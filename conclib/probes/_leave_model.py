"""Who may read another process's memory by asking Linux: the rule, to be held against what happens.

Two things decide: the user, and on most systems a number in ``/proc/sys/kernel/yama/ptrace_scope``:
0 all processes of the same user, 1 its ancestors alone (parents and theirs) and whom it gives leave,
2 root only, 3 nobody at all. Where there is no such file, it is as with 0. *Root* is here who has the
right ``CAP_SYS_PTRACE``: in many containers root has not.
Nothing is measured here.
"""

from __future__ import annotations  # a worker may be an older Python

ITSELF, PARENT, CHILD, SIBLING = "itself", "parent", "child", "sibling"
WITH_LEAVE, OTHER_USER = "sibling with leave", "another user"
ASKERS = (ITSELF, PARENT, CHILD, SIBLING, WITH_LEAVE, OTHER_USER)
SCOPES = {
    0: "all processes of the same user",
    1: "its ancestors, and whom it gives leave",
    2: "root only",
    3: "nobody",
}
FAMILY = {0: (PARENT, CHILD, SIBLING, WITH_LEAVE), 1: (PARENT, WITH_LEAVE)}


def allowed(asker: str, scope: int | None, root: bool) -> bool:
    """Tell whether an asker gets what it asks for.

    Args:
        asker: one of ``ASKERS``; scope: 0 to 3, ``None`` where there is no such rule.
        root: whether all but ``another user`` have root's right to look into other processes.
    """
    if asker == ITSELF:
        return True
    if asker == OTHER_USER or scope == 3:
        return False
    return root or asker in FAMILY.get(scope or 0, ())
