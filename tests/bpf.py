"""What Linux would answer: the filter's program, run here, for any of the processors."""

from collections.abc import Sequence

from conclib.worker.guard.seccomp import (
    ALLOW,
    ANY_BIT,
    ARCHITECTURES,
    AT_LEAST,
    EQUAL,
    KILL,
    LOAD,
    RETURN,
    Line,
)

JUMPS = {
    EQUAL: lambda held, number: held == number,
    AT_LEAST: lambda held, number: held >= number,
    ANY_BIT: lambda held, number: bool(held & number),
}


def answer(
    program: Sequence[Line], machine: str, number: int, arguments: Sequence[int] = ()
) -> int | str:
    """Return what becomes of a call: the error's number, ``"allowed"`` or ``"killed"``.

    Args:
        program: the filter.
        machine: whose call it is, as in ``calls.MACHINES``.
        number, arguments: the call.
    """
    words = [*arguments, *[0] * (6 - len(arguments))]
    data = {0: number, 4: ARCHITECTURES[machine]}
    data |= {16 + 8 * place: word & 0xFFFFFFFF for place, word in enumerate(words)}
    held = place = 0
    while True:
        line = program[place]
        place += 1
        if line.code == LOAD:
            held = data[line.number]
        elif line.code == RETURN:
            return {ALLOW: "allowed", KILL: "killed"}.get(line.number, line.number & 0xFFFF)
        else:
            place += line.true if JUMPS[line.code](held, line.number) else line.false
