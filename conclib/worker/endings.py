"""How a process ended: looked up without collecting it, and said in words.

An ended process that nobody has collected (a zombie) keeps its number, and its group's number,
from being used again. So the look comes first, then the kill of the group, and only then the
collecting.
"""

import os
import subprocess

from conclib.results import events


def ending(process: subprocess.Popen[bytes]) -> int | None:
    """Return how a process ended, if possible without collecting it; ``None`` while it lives."""
    try:
        info = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except (AttributeError, ChildProcessError):  # macOS; or something else here collected it
        return process.poll()
    if info is None:
        return None
    return info.si_status if info.si_code == os.CLD_EXITED else -info.si_status


def ended_how(returncode: int | None) -> str:
    """Say in words how a worker ended that had not sent its last message."""
    if returncode is None:
        return "closed its report and went on"
    text = events.exit_text(returncode)
    if returncode >= 0:
        return f"{text} before it had answered: what it ran must not exit, it returns"
    hint = " (killed from outside, perhaps out of memory)" if text.endswith("SIGKILL") else ""
    return text + hint
