"""One of two threads gives up its user. Whose user is changed: the thread's, or the process's?

Linux keeps a user for each task. The C library's ``setresuid`` has every thread of the process make
the same system call; the bare system call reaches the thread that makes it. Only root may change its
user; others ask the same of a thing that everybody may give up: gaining rights by new programs
(``no_new_privs``).
"""

from __future__ import annotations  # a worker may be an older Python

from .. import _answering, _refuse, _users

PROBE = {
    "name": "set_user",
    "title": "Whose user is changed?",
    "times": "nothing: it reports what Linux lists of two threads, before and after",
    "unit": "facts",
    "facts": {
        "what": "str",
        "call": "str",
        "before": "dict[str, int]",
        "after": "dict[str, int]",
        "changed": "list[str]",
        "why": "str",
    },
    "params": {
        "call": {
            "type": "choice",
            "default": "library",
            "choices": ["library", "system call"],
            "help": "who is asked: the C library, or Linux directly",
        },
    },
    "takes": {"processes": "1", "threads": "1", "descriptors": "8"},
    "baseline": "none",
    "needs": ["fork"],
}


def report(params):
    _refuse.require_proc()
    what, why = _users.what_can_be_changed()
    before, after = _answering.run(_users.story(what, params["call"])).whole()
    changed = [name for name in before if after[name] != before[name]]
    return {
        "what": what,
        "call": params["call"] if what == "user" else "system call",
        "before": before,
        "after": after,
        "changed": changed,
        "why": why,
    }
