"""What the exercises of chapter 01 find in an answer: nothing, or the belief behind a wrong one."""

from typing import Any

STEPS = ("stop", "exec", "end", "wait")
LEFT = ("both", "both", "record", "nothing")
WORDS = ("both", "map", "record", "nothing")
BELIEFS = {  # what a wrong word at a step shows
    ("stop", "record"): "stop_frees",
    ("exec", "map"): "new_process",
    ("exec", "nothing"): "new_process",
    ("end", "nothing"): "all_at_once",
    ("end", "both"): "kept_whole",
    ("end", "map"): "swapped",
    ("wait", "record"): "never_gone",
    ("wait", "both"): "never_gone",
}
DEEP = {6400: None, 1612: "added", 4800: "first_only", 400: "divided", 12800: "doubled_too_often"}


def what_is_left(answer: Any) -> str | None:
    """Check what is left of a process after each of four steps."""
    if not isinstance(answer, list | tuple) or len(answer) != len(STEPS):
        return f"Give a list of four words, one for each of the steps {', '.join(STEPS)}."
    odd = [word for word in answer if word not in WORDS]
    if odd:
        return f"{odd[0]!r} is none of the words. They are: {', '.join(WORDS)}."
    found = list(zip(STEPS, answer, LEFT, strict=True))
    wrong = [(step, word) for step, word, right in found if word != right]
    return BELIEFS.get(wrong[0], "step_by_step") if wrong else None


def how_deep(answer: Any) -> str | None:
    """Check how deep calls come under another limit."""
    if isinstance(answer, bool) or not isinstance(answer, int):
        return "Give a whole number of calls, such as 400."
    return DEEP.get(answer, "proportion")


CHECKS = {
    "what-is-left": what_is_left,
    "how-deep": how_deep,
}
