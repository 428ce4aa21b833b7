"""Reading another process's memory with Linux's leave: who asks, and who gets it?

A has a word. Its parent, its child, its sibling, a process of another user and A itself ask Linux for
it (``process_vm_readv``). A refusal is an answer. Who gets it depends on the user, and on a number
that this machine has or has not (``ptrace_scope``).
"""

from __future__ import annotations  # a worker may be an older Python

from .. import _answering, _leave, _leave_model, _place, _refuse

PROBE = {
    "name": "with_leave",
    "title": "Who may read A's memory",
    "times": "nothing: it reports who got the word, and who was refused",
    "unit": "facts",
    "kind": "process",
    "facts": {
        "word": "str",
        "answers": "dict[str, str | None]",
        "got": "dict[str, bool | None]",
        "rule": "dict[str, bool]",
        "as_the_rule": "bool",
        "barred": "bool",
        "why": "dict[str, str]",
        "user": "int",
        "may_trace": "bool",
        "ptrace_scope": "int | None",
        "scope_why": "str | None",
    },
    "params": {
        "user": {
            "type": "choice",
            "default": "yours",
            "choices": ["yours", "ordinary"],
            "help": "whose processes these are: yours, or, where you are root, an ordinary user's",
        },
    },
    "takes": {"processes": "5", "descriptors": "16"},
    "baseline": "none",
    "needs": ["fork"],
}


def report(params):
    _refuse.require_proc()
    _leave.require()
    address, ordinary = _place.free(), params["user"] == "ordinary"
    told = _answering.run(lambda report: report(_leave.family(address, ordinary))).one()
    scope, scope_why = _leave.scope()
    answers = told["answers"]
    got = {who: None if each is None else each == _leave.WORD for who, each in answers.items()}
    rule = {who: _leave_model.allowed(who, scope, told["may_trace"]) for who in _leave_model.ASKERS}
    return {
        "word": _leave.WORD,
        "answers": answers,
        "got": got,
        "rule": rule,
        "as_the_rule": all(got[who] in (None, rule[who]) for who in rule),
        "barred": not got[_leave_model.ITSELF],
        "why": told["why"],
        "user": told["user"],
        "may_trace": told["may_trace"],
        "ptrace_scope": scope,
        "scope_why": scope_why,
    }
