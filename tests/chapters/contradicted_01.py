"""What the experiments of chapter 01's quiz show: as a rule, and where they do not tell."""

from typing import Any

from conclib.results import Observation
from tests.made_up import HOST, RUNTIME


def seen(probe: str, **facts: Any) -> Observation:
    """Return an observation that has these facts."""
    return Observation(probe, "A title", {}, HOST, RUNTIME, facts)


SHOT = [True, True, True]

# For each wrong answer of each question: a typical result, and one that does not speak against it.
SHOWN = {
    ("who-checks", "a"): (
        seen("one_byte", ended={"fixed text": "SIGSEGV"}),
        seen("one_byte", ended={"fixed text": "lived"}),
    ),
    ("who-checks", "b"): (
        seen("unlock", unlocked={"C": "lived"}),
        seen("unlock", unlocked={"C": "SIGSEGV"}),
    ),
    ("new-places", "a"): (seen("two_at_once", moved=True), seen("two_at_once", moved=False)),
    ("new-places", "c"): (seen("run_again", all_stayed=True), seen("run_again", all_stayed=False)),
    ("stack-end", "b"): (
        seen("stack_limit", met_the_heap=False),
        seen("stack_limit", met_the_heap=True),
    ),
    ("stack-end", "c"): (
        seen("stack_limit", memory_was_full=False),
        seen("stack_limit", memory_was_full=True),
    ),
    ("exec-replaces", "a"): (
        seen("exec_keeps", same_number=True),
        seen("exec_keeps", same_number=False),
    ),
    ("exec-replaces", "b"): (
        seen("exec_keeps", files_kept=True),
        seen("exec_keeps", files_kept=False),
    ),
    ("zombie-remedy", "a"): (
        seen("undead", listed={"A": SHOT, "B": [False] * 3}),
        seen("undead", listed={"A": [True, False, False], "B": [False] * 3}),
    ),
    ("zombie-remedy", "c"): (seen("zombie", later="record"), seen("zombie", later="nothing")),
}
