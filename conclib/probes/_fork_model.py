"""What a small program that forks prints: by the rules, and as wrong beliefs about fork have it.

A program is a tuple of steps (``_fork_programs.py``). A process goes through them with a buffer,
which is memory: at a fork two processes go on from there, each with its own copy of the buffer::

    write a      fork ---- write b ---- end: sends a, b
                   \\
                    \\----- write b ---- end: sends a, b      four lines from two calls of write

Nothing is forked here, so that a notebook kernel can ask, too.
"""


class Rules:
    """How it is. Each belief differs from it in one thing.

    Args:
        program: all of its steps, from the top.
    """

    def __init__(self, program):
        self.program = program

    def go(self, steps, buffer=(), child=False):
        """Return the lines that a process sends from these steps on, and all that come from it."""
        sent = []
        for place, (what, *more) in enumerate(steps):
            rest = steps[place + 1 :]
            if what == "write":
                buffer = (*buffer, *more)
            elif what == "flush":
                sent, buffer = [*sent, *buffer], ()
            elif what == "exit":
                return [*sent, *self.at_exit(buffer)]
            elif what == "fork":
                return [*sent, *self.go(rest, buffer), *self.born(rest, buffer)]
            elif child:
                return [*sent, *self.go((*more[0], *rest), buffer, child)]
        return [*sent, *buffer]

    def born(self, rest, buffer):
        """Return what a new child sends, given what comes after the fork and what is unsent."""
        return self.go(rest, buffer, child=True)

    def at_exit(self, _buffer):
        """Return what ``os._exit`` sends of the buffer."""
        return ()


# Beliefs ----------------------------------------------------------------------------------------
class Restarts(Rules):
    """A child begins at the top, and runs all of the program by itself."""

    def born(self, rest, buffer):
        return self.go(alone(self.program, child=True))


class Forgets(Rules):
    """What was not sent at the fork stays with the parent."""

    def born(self, rest, buffer):
        return self.go(rest, (), child=True)


class AddsTwo(Rules):
    """A fork makes two children, and children fork no more."""

    def born(self, rest, buffer):
        return 2 * self.go(alone(rest, child=True), buffer)


class Silent(Rules):
    """A child prints nothing."""

    def born(self, rest, buffer):
        return []


class SendsAtExit(Rules):
    """``os._exit`` sends what is left, like any other end."""

    def at_exit(self, buffer):
        return buffer


BELIEFS = {
    "restart": Restarts,
    "forgotten": Forgets,
    "double": AddsTwo,
    "silent": Silent,
    "unsent": SendsAtExit,
}


def alone(steps, child):
    """Return the steps that one process goes through if no fork does anything."""
    kept = []
    for step in steps:
        if step[0] == "child":
            kept += alone(step[1], child) if child else ()
        elif step[0] != "fork":
            kept.append(step)
    return tuple(kept)


# Answers ----------------------------------------------------------------------------------------
def lines(program, belief=None):
    """Return the lines that appear, those of a parent before those of its child.

    Args:
        program: its steps.
        belief: one of ``BELIEFS``; ``None`` for what is true.
    """
    rules = Rules if belief is None else BELIEFS[belief]
    return rules(program).go(program)


def calls(program, what="write"):
    """Return an entry for each time that a step is taken, by whichever process.

    What is written and flushed at once is sent by nobody but its writer, and never copied.
    """
    return lines(counting(program, what))


def counting(program, what):
    """Return a program that prints whenever a step is taken, and nothing else."""
    changed = []
    for step in program:
        if step[0] == "child":
            changed.append(("child", counting(step[1], what)))
            continue
        if step[0] == what:
            changed += [("write", step[-1]), ("flush",)]
        if step[0] in ("fork", "exit"):
            changed.append(step)
    return tuple(changed)


def wrong_counts(program):
    """Return the wrong numbers of lines that exactly one belief gives, each with that belief."""
    right = len(lines(program))
    counts = {belief: len(lines(program, belief)) for belief in BELIEFS}
    every = list(counts.values())
    return {n: belief for belief, n in counts.items() if n != right and every.count(n) == 1}
