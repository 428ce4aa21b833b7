"""Who holds which memory, and what the figures of a process must come to: computed, nothing is run.

One mapping, in bricks of 1 MB. A parent fills it and forks children: each brick is then held by all of
them. Who rewrites a brick gets one of its own in its place; the others go on sharing the old one. So
a mapping is a list of bricks, and a brick is the set of those that hold it. A process pays its share
of each brick, as tenants do of a rent: with n in it, one n-th. When one of them ends, the others
hold what it held, and a brick that nobody holds any more goes back to the machine.
"""

import random

PARENT = "parent"
ASKED = ("pss", "uss", "back")  # what is asked about a house, by its seed
WRONG = 3  # wrong answers that each come from one belief


def names(children):
    """Return the names of the processes, the parent first."""
    return [PARENT] + [f"child {number + 1}" for number in range(children)]


def bricks(size, rewrites):
    """Return the bricks after all rewriting: each a tuple of those that hold it.

    Args:
        size: of the mapping, in MB; rewrites: how many MB each process rewrites, by name, the
            parent first. Each takes the next ones: no two rewrite the same brick.
    """
    everybody = tuple(rewrites)
    writers = [name for name, count in rewrites.items() for _ in range(count)]
    shared = [
        tuple(name for name in everybody if name != writer)
        for writer in writers + [None] * (size - len(writers))
    ]
    return [brick for brick in shared if brick] + [(writer,) for writer in writers]


def without(held, gone):
    """Return the bricks when a process has ended; what it alone held is gone."""
    left = (tuple(name for name in brick if name != gone) for brick in held)
    return [brick for brick in left if brick]


def figures(held, name):
    """Return a process's ``rss``, ``pss`` and ``uss`` from its bricks, in MB."""
    counts = [len(brick) for brick in held if name in brick]
    return {
        "rss": len(counts),
        "pss": sum(1 / count for count in counts),
        "uss": counts.count(1),
    }


def drawn(seed):
    """Return what a seed gives: a size in MB, what each process rewrites, who ends, what is asked.

    All sizes are multiples of 12, so that shares among two, three or four are whole numbers. What
    is drawn is a question only where three beliefs or more give other answers.
    """
    draw = random.Random(seed).random  # what is built on it may differ from Python to Python

    def pick(items):
        return items[int(draw() * len(items))]

    while True:
        everybody = names(pick((2, 2, 3, 3, 1)))
        rewrites = dict.fromkeys(everybody, 0)
        for _ in range(pick((1, 2, 2))):
            rewrites[pick(everybody)] = pick((12, 24))
        gone = pick(everybody)
        about = pick([name for name in everybody if name != gone])
        found = {"size": pick((48, 60, 72, 84, 96)), "rewrites": rewrites, "ends": [gone],
                 "asked": ASKED[seed % len(ASKED)], "about": about}  # fmt: skip
        if len(wrong(found)) >= WRONG:
            return found


def before_and_after(house):
    """Return the bricks before the end of the one that ends, and after it."""
    held = bricks(house["size"], house["rewrites"])
    return held, without(held, house["ends"][0])


def right(house):
    """Return what is asked about a house, in MB."""
    before, after = before_and_after(house)
    if house["asked"] == "back":
        return len(before) - len(after)
    return figures(after, house["about"])[house["asked"]]


def believed(house):
    """Return what each belief about memory would answer, in MB."""
    before, after = before_and_after(house)
    asked, gone, about = house["asked"], house["ends"][0], house["about"]
    everybody = len(house["rewrites"])
    if asked == "back":
        then = figures(before, gone)
        return {
            "reach": then["rss"],
            "share": then["pss"],
            "equal": house["size"] / everybody,
            "doing": house["rewrites"][gone],
        }
    then, now = figures(before, about), figures(after, about)
    other = "uss" if asked == "pss" else "pss"
    return {
        "reach": now["rss"],
        "stale": then[asked],
        "equal": house["size"] / (everybody - 1),
        "doing": house["rewrites"][about],
        "mixed": now[other],
    }


def wrong(house):
    """Return the beliefs whose answer nobody else gives and that is not right, with that answer."""
    answers, correct = believed(house), right(house)
    alone = {
        belief: answer
        for belief, answer in answers.items()
        if abs(answer - correct) > 0.5
        and not any(abs(answer - other) < 0.5 for name, other in answers.items() if name != belief)
    }
    return alone
