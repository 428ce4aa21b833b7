"""What came out, in words: the sentences that rules, judges and verbs of chapter 06 share."""

from collections.abc import Mapping
from typing import Any

from conclib.results import Observation
from conclib.results.events import exit_text
from conclib.results.quantity import BYTES, TIME
from conclib.results.wording import listed

Facts = Mapping[str, Any]
Seen = Mapping[str, Observation]
HEARTS = "ABCDEFGH"
TOGETHER = ["A", "C", "D", "G"]  # the hearts that share a process, where the walls are mixed
GO_ON, PAUSE, STAND, END = FATES = "go on", "stop, then go on", "stand still", "end too"
NO_ROW = "not run here"
STATES = {0: "held", 1: "free"}  # what the number of a lock says


def counted(number: int, name: str) -> str:
    """Write a number of things: ``'1 process'``, ``'4 processes'``."""
    many = f"{name}es" if name.endswith("s") else f"{name}s"
    return f"{number:,} {name if number == 1 else many}"


# Hearts -------------------------------------------------------------------------------------------
def flat(facts: Facts) -> str:
    """Say whose lines went flat: ``'Flat: A and C.'``."""
    names = facts["flat"]
    return f"Flat at the end: {listed(names)}." if names else "No line went flat."


def spoke(facts: Facts) -> list[str]:
    """Return those of the flat hearts that said their last words."""
    return [name for name in facts["flat"] if facts["last_words"][name]]


def last_words(facts: Facts) -> str:
    """Say which of the flat hearts said their last words."""
    if not facts["flat"]:
        return ""
    names = spoke(facts)
    return f"Last words: {listed(names) if names else 'none'}."


def exits(facts: Facts) -> str:
    """Say how the processes ended, those alike together: ``'process 1 was ended by SIGSEGV'``."""
    by_end: dict[int, list[str]] = {}
    for name, code in sorted(facts["exits"].items()):
        by_end.setdefault(code, []).append(name)
    said = [f"{numbered(names)} {exit_text(code)}" for code, names in by_end.items()]
    return listed(said)


def numbered(names: list[str]) -> str:
    """Name processes together: ``'processes 2, 3 and 5'``."""
    numbers = [name.rpartition(" ")[2] for name in names]
    return names[0] if len(names) == 1 else f"processes {listed(numbers)}"


def home(facts: Facts, heart: str) -> list[str]:
    """Return the hearts that live in the same process as one of them, itself too."""
    return [name for name in HEARTS if facts["walls"][name] == facts["walls"][heart]]


def wrong(facts: Facts) -> list[str]:
    """Return the hearts whose answers were wrong."""
    return [name for name in HEARTS if facts["answers"][name] == "wrong"]


def answers(facts: Facts) -> str:
    """Say whose answers were wrong."""
    names = wrong(facts)
    return f"Wrong answers: {listed(names) if names else 'none'}."


def paused(facts: Facts) -> list[str]:
    """Return the hearts, but the faulty one, that stopped and then went on."""
    return [name for name in HEARTS
            if facts["fates"][name] == PAUSE and name != facts["faulty"]]  # fmt: skip


def silent(facts: Facts) -> list[str]:
    """Return the hearts, but the faulty one, that Linux was asked about while they were silent."""
    return sorted(name for name, looks in facts["looks"].items()
                  if looks and name != facts["faulty"])  # fmt: skip


def asleep(facts: Facts) -> bool:
    """Whether those who were silent were found asleep in most looks."""
    names = silent(facts)
    looks, found = (sum(facts[each][name] for name in names) for each in ("looks", "asleep"))
    return found * 2 > looks


def gap(facts: Facts) -> str:
    """Say what Linux has to say of the hearts that were silent for a while."""
    names = silent(facts)
    if not names:
        return "Nobody was silent."
    looks, found = (sum(facts[each][name] for name in names) for each in ("looks", "asleep"))
    said = (
        f"While {listed(names)} were silent, Linux listed them all the time, by the same task ids, "
        f"asleep in {found} of {looks} looks"
    )
    if None in (facts["gap_ns"], facts["gap_cpu_ns"]):
        return f"{said}. How much CPU they used is not shown here."
    used, long = TIME.write(facts["gap_cpu_ns"]), TIME.write(facts["gap_ns"])
    return f"{said}; CPU used: at most {used} in {long}."


def dealt(seen: Seen) -> str:
    """Say how flat lines and private memory change with the number of processes."""
    count = {walls: len(item.facts["flat"]) for walls, item in seen.items()}
    lines = ", ".join(f"{n} with {counted(int(walls), 'process')}" for walls, n in count.items())
    return f"Flat lines: {lines}."


def megabytes(number: float | None) -> str:
    """Write a size in MB, or that it is not known."""
    return "not known" if number is None else BYTES.write(number * 2**20)


# Cells --------------------------------------------------------------------------------------------
def cells(facts: Facts) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return the cells of a matrix by fault and container."""
    return {(each["fault"], each["container"]): each for each in facts["cells"]}


# Pools --------------------------------------------------------------------------------------------
def answered(facts: Facts, round_: int = -1) -> str:
    """Say how many tasks were answered after a worker was killed."""
    return f"{facts['answers'][round_]} of {facts['tasks']} tasks were answered"


def killed(facts: Facts, round_: int) -> str:
    """Say what a round of killing came to."""
    new = "a new one came" if facts["replaced"][round_] else "no new one came"
    return (
        f"An idle worker was killed, {new}: {facts['alive'][round_]} workers alive, and "
        f"{answered(facts, round_)}."
    )


def first_killed(facts: Facts) -> str:
    """Say what came of the first round, where there were two."""
    return f"The first time {answered(facts, 0)}."


def set_back(facts: Facts) -> str:
    """Say what the number was while nothing was answered, and what came once it was set back."""
    numbers = sorted(set(facts["numbers"]))
    if not numbers:
        return f"{answered(facts)}, so the number was not looked at."
    found = listed([STATES[number] for number in numbers])
    looks = f"Looked at {len(facts['numbers'])} times: {found}."
    if facts["answers_after"] is None:
        return f"{looks} It was free at the end, so the parent did not free it."
    after = f"{facts['answers_after']} of {facts['tasks']} tasks were answered"
    return f"{looks} Then the parent freed it: {after}."
