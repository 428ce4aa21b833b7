"""The live control block of chapter 01: a process that counts, is frozen, and goes on.

The panel reads; it never sends a signal. A process of the measuring process counts, and is stopped
and let go on by the probe ``freeze``, again and again; the panel looks at its record meanwhile.
"""

from threading import Event
from typing import TYPE_CHECKING, Any

from conclib.inspecting import ControlBlock, control_text, pcb
from conclib.inspecting.fields import SHORT
from conclib.results import arguments

if TYPE_CHECKING:
    from conclib.widgets.living import LivePanel

MORE = ("program counter", "stack pointer", "switches by force")  # beside the chief fields
MAX_PID = 2**22
TRIES, RUN_MS, HOLD_MS = 5, 1000, 1000
LABEL = "live control block"
COUNTING = (
    "Live control block of a process that counts: press Run, and watch it while it is frozen and "
    'let go on. In text: cl.observe("freeze").'
)
READING = "Live control block of process {pid}: press Run to follow it. In text: cl.pcb({pid})."


def live(pid: int | None = None) -> "LivePanel":
    """Show a control block that refreshes by itself, and marks what has changed.

    ``process.live()`` watches a process that counts and is frozen now and then;
    ``process.live(pid)`` any process that you may look at. It only reads.

    Args:
        pid: the process's number; ``None`` begins one that counts.

    Raises:
        TypeError, ValueError: no such number can be.
    """
    from conclib.widgets.living import LivePanel

    if pid is None:
        return LivePanel(LABEL, COUNTING, read=look, view=view, run=count, who="child")
    number = arguments.integer("pid", pid, 1, MAX_PID)
    return LivePanel(LABEL, READING.format(pid=number), read=pcb, view=view, pid=number)


def look(pid: int) -> ControlBlock | None:
    """Return a process's control block; ``None`` once it is gone."""
    block = pcb(pid)
    return None if block.condition == "gone" else block


def view(now: ControlBlock, before: ControlBlock | None) -> str:
    """Return a control block as HTML, with a mark at what has changed since the look before."""
    changed = now.changed(before) if before is not None else ()
    return control_text.brief(now, changed, (*SHORT, *MORE))


def count(see: Any, stop: Event) -> str:
    """Run the counting process; return what was seen of it, in a sentence."""
    from conclib import lab

    seen = lab.observe(
        "freeze", tries=TRIES, run_ms=RUN_MS, hold_ms=HOLD_MS, on_event=see, stop=stop
    )
    return seen_sentence(seen.facts, seen.origin)


def seen_sentence(facts: Any, origin: str) -> str:
    """Say what became of the count, and whether the process took part in being stopped."""
    tries = len(facts["tries"])
    agreed = facts["agreed"]
    took = {
        None: f"Whether it asked for that was not shown here: {facts['reason']}.",
        0: "It was never inside a system call then: it was not asked, and it did not notice.",
    }.get(agreed, f"In {agreed} of them it was inside a system call.")
    return (
        f"Stopped {tries} times ({origin}). The count stood still in {facts['stood_still']} of "
        f"them, and went on afterwards in {facts['went_on']}. {took}"
    )
