"""What decides in chapter 04, beside the rules that fit any chapter: the clone dial."""

from typing import TYPE_CHECKING

from conclib.results import Measurement

if TYPE_CHECKING:
    from conclib.textbook import Verdict

FLAGS = ("vm", "fs", "files", "sighand", "thread")
CHEAPER = 2.0  # how many times cheaper a thread must be for the dial to have done anything


def clone_dial(items: list[Measurement]) -> "Verdict | None":
    """Judge by the dial: is the task that shares everything clearly the cheaper one?

    Returns:
        The verdict; ``None`` if the two ends of the dial were not measured beside
        parents of the same size.
    """
    from conclib import textbook

    ends = _dial_ends(items)
    if ends is None:
        return None
    fork, thread = ends
    if fork.net is None or thread.net is None:
        return textbook.Verdict("inconclusive", "an end of the dial is below resolution")
    found = fork.estimate.compare(thread.estimate, CHEAPER)
    if found == "unresolved":
        return textbook.Verdict("inconclusive", "an end of the dial has no interval to judge")
    text = f"with every flag set, clone costs {thread.net_text}; with none, {fork.net_text}"
    word = {"higher": "supported", "lower": "not supported"}.get(found, "inconclusive")
    return textbook.Verdict(word, text)


def _dial_ends(items: list[Measurement]) -> tuple[Measurement, Measurement] | None:
    """Return the latest pair, no flag and every flag, beside parents of the same size."""
    latest: dict[tuple[int, int], Measurement] = {}
    for item in items:
        if item.probe == "clone":
            latest[item.params["ballast_mb"], sum(item.params[flag] for flag in FLAGS)] = item
    for size, flags in reversed(latest):
        if flags == len(FLAGS) and (size, 0) in latest:
            return latest[size, 0], latest[size, flags]
    return None


JUDGES = {"creation.steps": {"clone-dial": clone_dial}}
