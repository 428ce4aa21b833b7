"""Made-up answers of ``with_leave``, for rules that this machine may lack (ptrace_scope 0 to 3).

They say what Linux's documentation promises (admin-guide/LSM/Yama), and none was measured.
"""

from typing import Any

from conclib.probes import _leave, _leave_model
from conclib.results import Observation
from tests.made_up import HOST, RUNTIME

SCOPES = (None, 0, 1, 2, 3)
NOBODY = 65534


def facts(scope: int | None, *, root: bool = False) -> dict[str, Any]:
    """Return the facts of a machine with this rule.

    Args:
        scope: 0 to 3, or ``None`` for a machine without the rule; root: whether all are root's.
    """
    rule = {who: _leave_model.allowed(who, scope, root) for who in _leave_model.ASKERS}
    answers: dict[str, str | None] = {
        who: _leave.WORD if allowed else "EPERM" for who, allowed in rule.items()
    }
    got: dict[str, bool | None] = dict(rule)
    why = {}
    if scope is None:
        answers[_leave_model.WITH_LEAVE] = got[_leave_model.WITH_LEAVE] = None
        why[_leave_model.WITH_LEAVE] = _leave.NO_LEAVE
    if not root:
        why[_leave_model.OTHER_USER] = _leave.TURNED
    return {
        "word": _leave.WORD, "answers": answers, "got": got, "rule": rule, "as_the_rule": True,
        "barred": False, "why": why, "user": 0 if root else NOBODY, "may_trace": root,
        "ptrace_scope": scope, "scope_why": _leave.NO_FILE if scope is None else None,
    }  # fmt: skip


def observation(scope: int | None, *, root: bool = False) -> Observation:
    """Return the same as an observation."""
    return Observation(
        "with_leave", "Who may read A's memory", {"user": "yours"}, HOST, RUNTIME,
        facts(scope, root=root),
    )  # fmt: skip
