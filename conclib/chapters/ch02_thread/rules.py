"""What decides in chapter 02: a rule for each of its choices.

Each rule looks at what was observed and returns the option that it speaks for, and a sentence with
what was seen. Where that fits no option, or something could not be read, it returns none: the
question stays open.
"""

from collections.abc import Iterable
from typing import Any

from conclib.lesson.registry import Words
from conclib.lesson.showing.looked import as_sentence, in_words, observed
from conclib.results.wording import listed

Found = tuple[str | None, str]
FIVE = ("memory", "working directory", "open files", "reaction to signals", "priority")
COMPARED = ("thread", "child")
ALONE = ("4", "34", "1234")  # the readers that the options name
FOR_THE_OTHER = {
    True: "was changed for the other one",
    False: "stayed as it was for the other one",
    None: "could not be looked at by the other one",
}
FEW, MANY = (2, 6), 10  # orders: what the options call two to six, and more than ten


# The opening ------------------------------------------------------------------------------------
def own_process(result: Any, rule: Words, options: list[str]) -> Found:
    """Which readers have a process to themselves? By the process numbers that they reported."""
    facts = observed(result, "letters")[0].facts
    alone = readers_alone(facts)
    pids = {task["pid"] for task in facts["tasks"].values()}
    sentence = f"Measured: {len(facts['tasks'])} readers in {len(pids)} processes"
    sentence += f"; alone in theirs: {listed(alone)}." if alone else "."
    return dict(zip(ALONE, options, strict=True)).get("".join(alone)), sentence


def readers_alone(facts: Words) -> list[str]:
    """Return the readers whose process has no other reader in it."""
    pids = {name: task["pid"] for name, task in facts["tasks"].items()}
    return [name for name, pid in pids.items() if list(pids.values()).count(pid) == 1]


# Act 1 ------------------------------------------------------------------------------------------
def shared_count(result: Any, rule: Words, options: list[str]) -> Found:
    """How many of the five things are shared with a thread, and how many with a child?"""
    cells = cells_of(result, COMPARED, FIVE)
    found = {other: [cells[thing][other]["shared"] for thing in FIVE] for other in COMPARED}
    own = [thing for thing, yes in zip(FIVE, found["thread"], strict=True) if yes is False]
    text = ", ".join(f"{other} {sum(map(bool, yes))}" for other, yes in found.items())
    unknown = any(yes is None for some in found.values() for yes in some)
    sentence = f"Measured, of these five: {text}."
    if own:
        sentence += f" Not shared with the thread: {listed(own)}."
    open_ = {f"{FIVE[n]} ({other})" for other, some in found.items()
             for n, yes in enumerate(some) if yes is None}  # fmt: skip
    if open_:
        sentence += f" Not known, and not counted: {listed(sorted(open_))}."
    return (text if text in options and not unknown else None), sentence


def cells_of(result: Any, others: Iterable[str], things: Iterable[str]) -> Words:
    """Return what is known of these things and these others, in the last matrix of a result.

    Raises:
        TypeError: it has not got all of them.
    """
    cells: Words = observed(result, "sharing")[-1].facts["cells"]
    if not all(thing in cells and {*others} <= {*cells[thing]} for thing in things):
        raise TypeError('result: this question needs a matrix of all things, changes="maker"')
    return cells


def why_read_on(result: Any, rule: Words, options: list[str]) -> Found:
    """Why did the child read on? What the parent gets after it tells."""
    items = [e for e in observed(result, "reads_on") if e.params["who"] == "forked child"]
    if not items:
        raise TypeError('result: this question needs a forked child: who="forked child"')
    facts, closed = items[-1].facts, items[-1].params["then"] == "closes"
    sentence = (
        f"Measured: the parent read {facts['before']}; the child read {facts['other']} and "
        f"{'closed the file' if closed else 'left the file open'}; then the parent got "
        f"{facts['after']}. {kcmp_text(facts)}"
    )
    by_list, by_place, by_file = options
    if facts["other"] != following(facts["before"]):
        return None, sentence
    if facts["after"] == facts["other"]:
        return by_place, sentence
    if closed and facts["after"] == "EBADF":
        return by_list, sentence
    went_on = closed and facts["after"] == following(facts["other"])
    agrees = facts["same_file"] is not False and facts["tables_shared"] is not True
    return (by_file if went_on and agrees else None), sentence


ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def following(letters: str) -> str:
    """Return the letters of the alphabet that come after some, as many: ``EFGH`` of ``ABCD``."""
    place = ALPHABET.find(letters)
    return "" if place < 0 else ALPHABET[place + len(letters) : place + 2 * len(letters)]


def kcmp_text(facts: Words) -> str:
    """Say what Linux itself answered when it was asked to compare, or why it was not asked."""
    if facts["same_file"] is None:
        return f"(Linux could not be asked to compare: {facts['why']}.)"
    file = "one open file" if facts["same_file"] else "two open files"
    if facts["tables_shared"] is None:
        return f"Asked to compare (by kcmp), Linux says: {file}. Of the lists it said nothing."
    tables = "one list" if facts["tables_shared"] else "two lists"
    return f"Asked to compare (by kcmp), Linux says: {tables}, {file}."


# Act 2 ------------------------------------------------------------------------------------------
def addresses(result: Any, rule: Words, options: list[str]) -> Found:
    """How many different addresses: of instruction, local record and global variable?"""
    facts = observed(result, "four_stacks")[0].facts
    numbers = [facts["addresses"][name] for name in ("instruction", "local", "global")]
    first, second, third = map(in_words, numbers)
    sentence = (
        f"Measured, different addresses: {first} of the instruction, {second} of the local record, "
        f"{third} of the global variable."
    )
    if None in numbers:
        sentence += f" {as_sentence(facts['why'])}"
    text = f"{first}, {second} and {third}"
    return (text if text in options else None), sentence


def four_values(result: Any, rule: Words, options: list[str]) -> Found:
    """Four copies, one place refilled, or a distance from each stack pointer?"""
    facts = observed(result, "four_stacks")[0].facts
    code, values = facts["addresses"]["instruction"], len(set(facts["values"]))
    apart = distances(facts["threads"].values())
    known = listed([f"{far:,}" for far in sorted(set(apart))]) if apart else "an unknown number of"
    places = f"{in_words(code)} address{'' if code == 1 else 'es'} of code"
    sentence = (
        f"Measured, while all waited: {places}; {values} values at the same time, each {known} "
        "bytes above its own thread's stack pointer."
    )
    copies, refilled, counted = options
    count = len(facts["threads"])
    if code == count > 1:
        return copies, sentence
    if values == 1:
        return refilled, sentence
    one_code = code == 1 and values == count
    return (counted if one_code and len(set(apart)) == 1 else None), sentence


def distances(threads: Iterable[Words]) -> list[int]:
    """Return how far each thread's local lies above its stack pointer; empty if one is unknown."""
    pairs = [(each["local"], each["stack_pointer"]) for each in threads]
    known = all(pointer is not None for _, pointer in pairs)
    return [local - pointer for local, pointer in pairs] if known else []


def orders(result: Any, rule: Words, options: list[str]) -> Found:
    """How many orders came out from the starting line?"""
    items = {each.params["gate"]: each.facts for each in observed(result, "order_signed")}
    if "yes" not in items:
        raise TypeError('result: this question needs the run with a starting line, gate="yes"')
    kinds = items["yes"]["kinds"]
    sentence = f"Measured: {kinds} different orders in {items['yes']['rounds']} rounds"
    if "no" in items:
        sentence += f"; without a starting line, {items['no']['kinds']}"
    one, few, many = options
    found = one if kinds == 1 else few if FEW[0] <= kinds <= FEW[1] else None
    return (many if kinds > MANY else found), f"{sentence}."


# Act 3 ------------------------------------------------------------------------------------------
def thousand(result: Any, rule: Words, options: list[str]) -> Found:
    """What came of B's write: nothing, its end, or 1,000 in A's record?"""
    facts = observed(result, "overwrite_local", aim="record")[0].facts
    stays, stopped, finds = options
    if facts["ended"] != "lived":
        return stopped, f"Measured: the process was ended by {facts['ended']}."
    sentence = (
        f"Measured: A's record held {in_words(facts['before'])}; B wrote "
        f"{in_words(facts['written'])}, and nobody stopped it; A found {in_words(facts['found'])}."
    )
    if facts["found"] == facts["written"] != facts["before"]:
        return finds, sentence
    return (stays if facts["found"] == facts["before"] else None), sentence


def why_open(result: Any, rule: Words, options: list[str]) -> Found:
    """Why could B do it? A run in which it was told nothing and A was awake decides."""
    items = [
        each
        for each in observed(result, "overwrite_local")
        if each.params["how"] == "searched" and each.params["watcher"] == "running"
    ]
    if not items:
        raise TypeError('result: this question needs how="searched" and watcher="running"')
    facts = items[-1].facts
    told, asleep, space = options
    sentence = (
        f"Measured: B was told no address and found A's value at {in_words(facts['hits'])} "
        f"place{'' if facts['hits'] == 1 else 's'} of A's stack. A, which looked all the time, "
        f"found {in_words(facts['found'])}."
    )
    if facts["hits"] == 0:
        return told, sentence
    if facts["ended"] != "lived" or facts["found"] is None:
        return None, sentence
    kept = asleep if facts["found"] == facts["before"] else None
    return (space if facts["found"] == facts["written"] else kept), sentence


def house(result: Any, rule: Words, options: list[str]) -> Found:
    """Which sentence of the old picture holds: three results, one for each."""
    written = observed(result, "overwrite_local", aim="record")[-1].facts
    forked = observed(result, "fork_beside")[-1].facts
    cells = cells_of(result, ["thread"], ["working directory"])
    moved = cells["working directory"]["thread"]["shared"]
    room = None if written["found"] is None else written["found"] != written["written"]
    people = forked["tasks_child"] == forked["tasks_parent"] > 1
    sentence = (
        f"Measured: A found {in_words(written['found'])} on its own stack. The parent had "
        f"{in_words(forked['tasks_parent'])} threads, its child {in_words(forked['tasks_child'])}. "
        f"The folder that one thread changed {FOR_THE_OTHER[moved]}."
    )
    holds = [name for name, yes in zip(options, (room, people, moved), strict=True) if yes]
    return (holds[0] if len(holds) == 1 and None not in (room, moved) else None), sentence


RULES = {
    "own-process": own_process,
    "shared-count": shared_count,
    "why-read-on": why_read_on,
    "addresses": addresses,
    "four-values": four_values,
    "orders": orders,
    "thousand": thousand,
    "why-open": why_open,
    "house": house,
}
