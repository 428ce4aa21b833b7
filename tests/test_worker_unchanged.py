"""What a probe changes it changes in children of its own: the measuring process stays as it was."""

from pathlib import Path

import pytest

from conclib import lab, probes
from tests.barred import reported

TOPICS = ("share", "stack", "isolate", "race")
NAMES = [
    (topic, path.stem)
    for topic in TOPICS
    for path in sorted((Path(probes.__file__).parent / topic).glob("[!_]*.py"))
]

TEXT = """
import importlib, os, resource, signal, threading

def state():
    numbers = [number for number in range(256) if is_open(number)]
    return {{
        "open": [[number, os.fstat(number).st_ino, flags(number)] for number in numbers],
        "folder": os.getcwd(),
        "umask": [line for line in open("/proc/self/status") if line.startswith("Umask")],
        "signals": [str(signal.getsignal(number)) for number in signal.valid_signals()],
        "mask": sorted(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, []))),
        "environment": dict(os.environ),
        "limits": [resource.getrlimit(number) for number in range(16)],
        "user": [os.getresuid(), os.getresgid(), os.getgroups()],
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        "cpus": sorted(os.sched_getaffinity(0)),
        "name": open("/proc/self/comm").read(),
        "tasks": os.listdir("/proc/self/task"),
        "session": [os.getsid(0), os.getpgid(0)],
        "children": open(f"/proc/self/task/{{os.getpid()}}/children").read(),
    }}

def is_open(number):
    try:
        return bool(os.fstat(number))
    except OSError:
        return False

def flags(number):
    import fcntl
    return [fcntl.fcntl(number, fcntl.F_GETFD), fcntl.fcntl(number, fcntl.F_GETFL)]

def report(params):
    probe = importlib.import_module(".{topic}.{name}", __package__)
    before = state()
    probe.report({params})
    return {{"before": before, "after": state()}}
"""


@pytest.mark.worker
@pytest.mark.parametrize(("topic", "name"), NAMES, ids=[name for _, name in NAMES])
def test_a_probe_leaves_the_measuring_process_as_it_was(topic, name):
    params = dict(lab.catalogue()[name].complete({}))
    seen = reported(TEXT.format(topic=topic, name=name, params=params))
    assert len(seen["before"]["open"]) >= 3
    assert seen["after"] == seen["before"]
