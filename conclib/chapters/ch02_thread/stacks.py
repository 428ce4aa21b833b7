"""The picture of act 2: threads that wait at one place of one function, each on its own stack."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from conclib.chapters.ch02_thread import stack_scene
from conclib.chapters.ch02_thread.stack_scene import GAP, LEFT, TICK, WIDTH, Stack, Thing
from conclib.lesson.showing.looked import UNKNOWN, in_words, origin
from conclib.plots import Picture, Table
from conclib.plots.moving import Moving, moving
from conclib.plots.scene import Label, Line, Scene
from conclib.results import Observation
from conclib.results.quantity import BYTES
from conclib.results.wording import listed

TITLE = "One line of code, one stack for each thread: where is what?"
DEEPER = "Calls within calls: where does the local variable of each call lie?"
EDGE = 14  # pixels
CODE = 176  # the right edge of what all of them have in common
TALL, LINE = 66, 17  # pixels: a box of it, and from line to line within
ALL_STACKS = "Filled: in use, down to the stack pointer. Dot: a local record. Hatched: the fence."
HEADS = ("thread", "instruction", "stack pointer", "local record", "size in it", "stack", "in use",
         "fence below")  # fmt: skip


def stacks_of(item: Observation, level: int = -1) -> list[Stack]:
    """Return the stacks that were seen, with the highest first, as they were at one level of calls.

    Args:
        item: what ``four_stacks`` reported; ``level``: 0 for the outermost call, -1 the innermost.
    """
    facts = item.facts
    found = []
    for name, each in facts["threads"].items():
        places, pointers = facts["local_at"][name], facts["stack_pointer_at"][name]
        there = tuple(places[: range(len(places))[level] + 1])
        found.append(
            Stack(
                name, each["stack_start"], each["stack_end"], each["fence_start"] is not None,
                pointers[level], there, in_words(each["value"]),
            )
        )  # fmt: skip
    return stack_scene.in_order(found)


def four_stacks(item: Observation, *, title: str = TITLE) -> Picture:
    """Draw where each of the waiting threads has its stack, and what lies on it.

    Args:
        item: what ``four_stacks`` reported; ``title``: the question that the picture answers.
    """
    stacks = stacks_of(item)
    zoom = stack_scene.zoom_of(stacks)
    return _picture(item, _scene(item, stacks, zoom), title)


def deeper(item: Observation, *, title: str = DEEPER) -> Moving:
    """Draw the same threads in one call, then in two within each other, and so on.

    Args:
        item: what ``four_stacks`` reported of a ``depth`` above 1; ``title``: the question.
    """
    levels = range(len(next(iter(item.facts["local_at"].values()))))
    zoom = stack_scene.zoom_of(stacks_of(item))
    scenes = [_scene(item, stacks_of(item, level), zoom) for level in levels]
    steps = [(scene.to_svg(1), _sentence(item, level)) for level, scene in enumerate(scenes)]
    still = _picture(item, scenes[-1], title)
    still = replace(still, alt=f"{still.alt} {_sentence(item, len(scenes) - 1)}")
    return moving(steps, title=title, still=still, height=scenes[0].height + 130)


def _sentence(item: Observation, level: int) -> str:
    """Say how deep the threads are, and how far apart the records of two calls lie."""
    places = item.facts["local_at"]
    if level == 0:
        return f"Each thread is in one call: {len(places)} local records, one on each stack."
    apart = {one[level - 1] - one[level] for one in places.values()}
    far = listed([f"{each:,}" for each in sorted(apart)])
    return (
        f"Each thread is in {level + 1} calls within each other. The innermost has a record of its "
        f"own, {far} bytes below that of the call around it; all the others are still there."
    )


def _scene(item: Observation, stacks: Sequence[Stack], zoom: int) -> Scene:
    """Place the stacks one below the other, and left of them what they have in common."""
    head = f"Hollow: {origin(item)}." if origin(item) else ALL_STACKS
    things: list[Thing] = [Label(0, EDGE, LINE / 2, head, anchor="start", bold=bool(origin(item)))]
    y, ends = float(LINE + GAP), {}
    for stack in stacks:
        things += stack_scene.drawn(stack, y, zoom, step=1, solid=not origin(item))
        ends[stack.name] = stack_scene.y_of(stack, stack.inside, y, zoom)
        y += stack_scene.height(stack) + GAP
    things += _in_common(item, ends, y / 2)
    return Scene(WIDTH, round(y), tuple(things))


def _in_common(item: Observation, ends: Mapping[str, float], middle: float) -> list[Thing]:
    """Return boxes for code and global variable, and a line to the code from each thread."""
    threads, facts = item.facts["threads"], item.facts
    places = list(dict.fromkeys(each["instruction"] for each in threads.values()))
    things: list[Thing] = []
    y = middle - (len(places) + 1) * (TALL + GAP) / 2 + LINE / 2
    for place in places:
        here = [name for name, each in threads.items() if each["instruction"] == place]
        where = f"in {facts['waits_in']}, {facts['waits_file']}" if place else ""
        who = "all" if len(here) == len(threads) else listed(here)
        things += _texts(y, f"code, for {who}", where, _hex(place))
        if place:
            things += [
                Line(1, ((CODE, y + TALL / 2), (LEFT - TICK, ends[name])), width=1) for name in here
            ]
        y += TALL + GAP
    shared = list(dict.fromkeys(each["global"] for each in threads.values()))
    return things + _texts(y, "a global variable", "environ", ", ".join(map(_hex, shared)))


def _texts(y: float, *lines: str) -> list[Thing]:
    """Return a box with lines of text in it, the first one bold."""
    words: list[Thing] = [
        Label(0, EDGE + 8, y + 14 + number * LINE, text, anchor="start", bold=number == 0)
        for number, text in enumerate(lines)
    ]
    return [stack_scene.box(EDGE, y, CODE, y + TALL), *words]


def _hex(address: int | None) -> str:
    return f"{address:x}" if address else UNKNOWN


def _picture(item: Observation, scene: Scene, title: str) -> Picture:
    """Return a scene as a picture, with the same facts in words and as a table."""
    threads, facts = item.facts["threads"], item.facts
    rows = tuple(_row(name, each) for name, each in threads.items())
    said = [
        ", ".join(f"{head} {cell}" for head, cell in zip(HEADS, row, strict=True)) for row in rows
    ]
    number = facts["addresses"]["instruction"]
    code = f"Addresses of instruction: {in_words(number)}. {facts['why']}".strip()
    hollow = f" Hollow: {origin(item)}." if origin(item) else ""
    alt = f"{title} {'. '.join(said)}. {code}{hollow}"
    return Picture(scene.to_figure(title), alt, Table(HEADS, rows))


def _row(name: str, each: Mapping[str, Any]) -> tuple[str, ...]:
    pointer, local = each["stack_pointer"], each["local"]
    used = each["stack_end"] - (local if pointer is None else pointer)
    fence = each["fence_start"]
    return (
        name,
        _hex(each["instruction"]),
        _hex(pointer),
        _hex(local),
        in_words(each["value"]),
        f"{each['stack_start']:x}-{each['stack_end']:x}",
        BYTES.write(used),
        UNKNOWN if fence is None else BYTES.write(each["fence_end"] - fence),
    )
