"""The checks of chapter 11: they read an answer, and name the belief behind a wrong one."""

import re
from typing import Any

from conclib.chapters.ch11_models import own_scheduler
from conclib.results import arguments

ALL, READERS, CPUS = 5000, 200, 4  # as the question has them
COMPUTING = ALL - 4000 - READERS
MENDED = re.compile(
    r"await(asyncio\.)?to_thread\(time\.sleep,[\w.]+\)"
    r"|await[\w.()]*\.run_in_executor\(None,time\.sleep,[\w.]+\)"
)


def mend_the_sleep(answer: Any) -> str | None:
    """See whether a line lets another thread of Linux make the call."""
    if not isinstance(answer, str):
        return f"The answer is a line of code as a text, such as 'time.sleep(2)', not {answer!r}."
    line = re.sub(r"\s+", "", arguments.shown(answer)[:200] if len(answer) > 200 else answer)
    if MENDED.fullmatch(line):
        return None
    for name, found in BELIEFS.items():
        if re.fullmatch(found, line):
            return name
    if "to_thread(time.sleep(" in line or ",time.sleep(" in line:
        return "That calls time.sleep first, and hands over what it gave back. Hand over the call."
    if "to_thread" in line or "run_in_executor" in line:
        return (
            "Near. Give the function and what it is called with, apart from each other; await it."
        )
    return (
        "Not this one. Which line has the call made by another thread of Linux, and waits for it?"
    )


BELIEFS = {
    "plain": r"time\.sleep\([\w.]+\)",
    "await": r"awaittime\.sleep\([\w.]+\)",
    "own": r"await(asyncio\.)?sleep\([\w.]+\)",
    "task": r"(await)?asyncio\.(create_task|ensure_future|gather)\(.*\)",
}


def how_many_threads(answer: Any) -> str | None:
    """Count the threads of Linux that a program in Go needs at least."""
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return f"The answer is a number of threads, not {answer!r}."
    known = {READERS + CPUS: None, ALL: "all", CPUS: "cpus", READERS: "readers",
             COMPUTING: "computing", READERS + COMPUTING: "computing"}  # fmt: skip
    if answer in known:
        return known[answer]
    return f"Not {arguments.shown(answer)}. Who holds a thread of Linux, and who is parked?"


CHECKS = {
    "mend-the-sleep": mend_the_sleep,
    "how-many-threads": how_many_threads,
    own_scheduler.ID: own_scheduler.finish_the_scheduler,
}
