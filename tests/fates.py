"""What becomes of the others when one of a crew goes wrong, for each fault in each container."""

GO_ON, PAUSE, STAND, END = "go on", "stop, then go on", "stand still", "end too"
SIGNALS = {
    "null pointer": 11, "wild write": 11, "read-only write": 11, "abort": 6, "stack overflow": 11,
    "illegal instruction": 4, "division in C": 8, "bus error": 7, "SIGKILL": 9, "SIGSEGV sent": 11,
}  # fmt: skip
STANDING = ("endless loop", "deadlock", "endless sleep")
ONE_PROCESS = ("main thread", "thread", "thread pool")


def expected(fault: str, container: str) -> str:
    """Return what becomes of the others in one cell of the matrix."""
    ends_a_process = fault in SIGNALS or fault == "os._exit"
    if container in ONE_PROCESS:
        kept = PAUSE if fault == "C keeps the GIL" else GO_ON
        return END if ends_a_process else kept
    if container == "groups":  # three in one process with it, four elsewhere
        return "differ" if ends_a_process or fault == "C keeps the GIL" else GO_ON
    if container == "executor":
        return END if ends_a_process else GO_ON
    if container in ("lock holder", "file lock holder"):
        held = ends_a_process and container == "lock holder"
        waits = fault.startswith("C ")
        return STAND if held or fault in STANDING else PAUSE if waits else GO_ON
    return GO_ON
