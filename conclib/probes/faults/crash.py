"""One goes wrong. What becomes of the others?

Some actors do the same work side by side, in a container that you choose: threads of one process,
processes of one parent, workers of a pool. After a third of its work one of them goes wrong, in a
way that you choose. The measuring process has started them and only looks: at their signs of life,
at what Linux says of each, at what their parent is told. See ``_faults.py`` for what each fault is,
``_containers.py`` for the containers, ``_crew_watch.py`` for the looking.
"""

from .. import _crew_watch, _refuse

PROBE = {
    "name": "crash",
    "title": "One of them goes wrong",
    "times": "nothing: it reports who lived and who died",
    "unit": "facts",
    "facts": {
        "faulty": "str",
        "others": "str",
        "fates": "dict[str, str]",
        "beats": "dict[str, int]",
        "finished": "dict[str, bool]",
        "exists": "dict[str, bool]",
        "answers": "dict[str, str]",
        "last_words": "dict[str, bool]",
        "parent_saw": "list[str]",
        "lost": "list[str]",
        "stacks": "dict[str, list[str]]",
        "notice_ns": "int | None",
        "recovery_ns": "int | None",
        "private_mb": "float | None",
        "summary": "str",
    },
    "params": {
        "fault": {
            "type": "choice",
            "default": "null pointer",
            "choices": [
                "null pointer", "wild write", "read-only write", "abort", "stack overflow",
                "endless recursion", "illegal instruction", "division in C", "bus error",
                "exception", "sys.exit", "os._exit", "memory hog", "endless loop", "deadlock",
                "endless sleep", "SIGKILL", "SIGTERM handled", "SIGTERM ignored", "SIGSEGV sent",
                "silent corruption", "C keeps the GIL", "C lets go of the GIL",
            ],
            "help": "what goes wrong",
        },
        "container": {
            "type": "choice",
            "default": "thread",
            "choices": [
                "main thread", "thread", "process", "spawned process", "executor", "thread pool",
                "supervised", "lock holder", "file lock holder", "groups",
            ],
            "help": "where it happens, and beside whom",
        },
        "siblings": {"type": "int", "default": 3, "min": 1, "max": 7, "help": "how many others"},
        "beats": {
            "type": "int",
            "default": 30,
            "min": 12,
            "max": 200,
            "help": "how often each shows that it lives",
        },
        "code": {
            "type": "int",
            "default": 7,
            "min": 0,
            "max": 255,
            "help": "exit code of sys.exit and os._exit",
        },
        "lives": {
            "type": "int",
            "default": 1,
            "min": 1,
            "max": 4,
            "help": "in how many lives a supervised one goes wrong",
        },
        "groups": {
            "type": "text",
            "default": "ACDG B E F H",
            "pattern": r"(?!.*([A-H]).*\1)(?=[A-H ]{2})[A-H]{1,8}( [A-H]{1,8}){0,7}",
            "allowed": "two letters or more from A to H, each once, with a space between two processes",
            "help": "in groups: who lives in one process with whom",
        },
        "who": {
            "type": "choice",
            "default": "C",
            "choices": ["A", "B", "C", "D", "E", "F", "G", "H"],
            "help": "in groups: who goes wrong",
        },
    },
    "takes": {
        "processes": "9 if container == 'groups' else siblings + 2",
        "threads": "9 if container == 'groups' else siblings + 2",
        "mb": "64",
    },
    "beside": ["_faults", "_faults_of_c", "_faults_of_python", "_supervisor", "_fates"],
    "baseline": "none",
    "needs": ["fork"],
}  # fmt: skip


def observe(params, tell):
    """Start them, look until nothing is to be expected any more, and return what became of each."""
    _refuse.require_proc()
    watch = _crew_watch.Watch(params, tell)
    try:
        watch.start()
        while watch.look():
            pass
        return watch.conclude()
    finally:
        watch.close()
