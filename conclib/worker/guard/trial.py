"""The trial: no guard is trusted that has not held here, against a bomb that stops by itself.

Code tries what a victim must not be able to do: read, write and change a file of ours, reach a
server of ours, signal us, and start 200 processes. What it says of that is not believed where it
can be looked at from outside: the file afterwards, the connections that came, the tasks counted.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
from collections.abc import Callable
from typing import Any

SECRET = "nobody else may read this"
BOMB = 200  # forks at which it stops by itself
TOO_MANY = 2  # times as many as are allowed; the user's other programs may end some meanwhile

CODE = """
import json, os, socket, time

def works(act):
    try:
        return act() is not False
    except OSError:
        return False

def reads():
    with open({path!r}) as file:
        return file.read() == {secret!r}

def writes():
    with open({path!r}, "a") as file:
        file.write("!")

def connects():
    with socket.socket() as client:
        client.connect(("127.0.0.1", {port}))

done = {{
    "read": works(reads),
    "write": works(writes),
    "change": works(lambda: os.chmod({path!r}, 0o640)),
    "connect": works(connects),
    "signal": works(lambda: os.kill({pid}, 0)),
    "forks": 0,
}}
while done["forks"] < {bomb}:
    try:
        pid = os.fork()
    except OSError:
        break
    if pid == 0:
        time.sleep(9)
        os._exit(0)
    done["forks"] += 1
time.sleep(0.05)
print(json.dumps(done))
"""


def held(run: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """Run the trial behind a guard; return what it let through, judged from outside where possible.

    Args:
        run: runs code behind the guard, and returns the keeper's report.

    Returns:
        ``faults``: a sentence for each thing that it let through; ``reads``: whether files of the
        user's could be read; ``python``, ``landlock``: see the keeper's report.
    """
    server = socket.create_server(("127.0.0.1", 0))
    with server, tempfile.NamedTemporaryFile("w+") as file:
        file.write(SECRET)
        file.flush()
        before = os.stat(file.name)
        port = server.getsockname()[1]
        names = {"path": file.name, "secret": SECRET, "port": port, "pid": os.getpid()}
        report = run(CODE.format(**names, bomb=BOMB))
        after = os.stat(file.name)
        server.setblocking(False)
        reached = _reached(server)
    changed = (before.st_mode, before.st_size) != (after.st_mode, after.st_size)
    said, faults = _said(report), []
    faults += ["a file could be changed"] if changed or said.get("write") else []
    faults += ["a server could be reached"] if reached or said.get("connect") else []
    faults += ["a process outside could be signalled"] if said.get("signal", True) else []
    return _judged(report, said, faults)


def _judged(report: dict[str, Any], said: dict[str, Any], faults: list[str]) -> dict[str, Any]:
    if not said:
        last = report["output"].strip().splitlines()[-1:] or [f"it ended: {report['ended']}"]
        faults = [f"the trial itself did not run ({last[0][:200]})"]
    elif max(report["tasks"], said["forks"] + 1) > TOO_MANY * report["allowed_tasks"]:
        faults.append(f"it let {max(said['forks'] + 1, report['tasks'])} tasks live at once")
    elif report["tasks"] <= said["forks"]:
        faults.append(f"of {said['forks'] + 1} processes the keeper counted {report['tasks']}")
    if not report["clean"]:
        faults.append("something was left behind")
    return {
        "faults": faults,
        "reads": bool(said.get("read")),
        "python": report["python"],
        "landlock": report["landlock"],
    }


def _said(report: dict[str, Any]) -> dict[str, Any]:
    """Return what the code printed last, if that is what it should be."""
    try:
        said = json.loads(report["output"].strip().splitlines()[-1])
        return said if isinstance(said, dict) and isinstance(said["forks"], int) else {}
    except (ValueError, IndexError, KeyError):
        return {}


def _reached(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except OSError:
        return False
    return True
