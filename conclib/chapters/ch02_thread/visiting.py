"""The picture of act 3: thread B writes to thread A's stack, or to the fence below it."""

from conclib.chapters.ch02_thread import stack_scene
from conclib.chapters.ch02_thread.stack_scene import GAP, LEFT, WIDTH, Stack, Thing
from conclib.lesson.showing.looked import in_words, origin
from conclib.plots import Picture, Table, style
from conclib.plots.moving import Moving, moving
from conclib.plots.scene import Label, Line, Mark, Scene
from conclib.results import Observation
from conclib.results.quantity import BYTES

TITLE = "Thread B writes to thread A's stack: what happens?"
BOTH = "Dot: A's local record. Hatched: the fence below a stack."
EDGE, LINE = 14, 17  # pixels
WAY = LEFT - 70  # where the arrow goes up or down, left of the column
TIP = 7  # of an arrow


def visited(item: Observation, *, title: str = TITLE) -> Moving:
    """Draw both stacks: what A keeps, where B writes, and what A finds.

    Args:
        item: what ``overwrite_local`` reported; ``title``: the question that the picture answers.
    """
    said = sentences(item)
    scenes = [_scene(item, step) for step in range(len(said))]
    rows = tuple((str(number), sentence) for number, sentence in enumerate(said, start=1))
    hollow = f" Hollow: {origin(item)}." if origin(item) else ""
    still = Picture(
        scenes[-1].to_figure(title),
        f"{title} {' '.join(said)}{hollow}",
        Table(("step", "what"), rows),
    )
    steps = [(scene.to_svg(step), said[step]) for step, scene in enumerate(scenes)]
    return moving(steps, title=title, still=still, height=scenes[0].height + 130)


def sentences(item: Observation) -> list[str]:
    """Say step by step what was seen: A keeps a number, B writes, A looks or is ended."""
    facts = item.facts
    before, written = in_words(facts["before"]), in_words(facts["written"])
    keeps = f"A keeps {before} in a local record, on its own stack."
    if facts["told"] or facts["hits"] or facts["aimed_at"] == "fence":
        return [keeps, f"{_aim(item)} and writes {written} there.", _outcome(item)]
    return [
        keeps,
        f"{_searched(item)} did not find the number, and writes nothing.",
        _outcome(item),
    ]


def _aim(item: Observation) -> str:
    facts = item.facts
    if facts["aimed_at"] == "fence":
        return f"B aims at the fence, {BYTES.write(facts['below_local'])} below that record,"
    if facts["told"]:
        return "B was told the address,"
    places = "1 place" if facts["hits"] == 1 else f"{in_words(facts['hits'])} places"
    return f"{_searched(item)} found the number at {places}"


def _searched(item: Observation) -> str:
    size = in_words(item.facts["searched_kb"])
    return f"B was told nothing. It looked through {size} kB of A's stack,"


def _outcome(item: Observation) -> str:
    """Say what A finds, or that nobody is left to look."""
    facts = item.facts
    if facts["ended"] != "lived":
        return f"Linux ends the process, and A with it: {facts['ended']}."
    meanwhile = f" It had looked {in_words(facts['looks'])} times." if facts["looks"] else ""
    same = ", as before" if facts["found"] == facts["before"] else ""
    return f"A looks at its own record and finds {in_words(facts['found'])}{same}.{meanwhile}"


def _stacks(item: Observation, step: int) -> list[Stack]:
    """Return both stacks, the highest first, with what A's record holds at a step."""
    facts = item.facts
    now = facts["found"] if step == 2 and facts["found"] is not None else facts["before"]
    found = [
        Stack(name, low, high, True, None, (facts["local"],) if name == "A" else (),
              in_words(now) if name == "A" else "")
        for name, (low, high) in facts["stacks"].items()
    ]  # fmt: skip
    return stack_scene.in_order(found)


def _scene(item: Observation, step: int) -> Scene:
    stacks = _stacks(item, step)
    zoom = stack_scene.zoom_of(stacks)
    head = f"Hollow: {origin(item)}." if origin(item) else BOTH
    things: list[Thing] = [Label(0, EDGE, LINE / 2, head, anchor="start", bold=bool(origin(item)))]
    y, tops = float(LINE + GAP), {}
    for stack in stacks:
        tops[stack.name] = y
        moves = step if step == 2 else 0
        things += stack_scene.drawn(stack, y, zoom, step=moves, solid=not origin(item))
        y += stack_scene.height(stack) + GAP
    if step and item.facts["found"] != item.facts["before"]:
        own = next(stack for stack in stacks if stack.name == "A")
        things += _arrow(item, tops, stack_scene.y_of(own, own.locals[0], tops["A"], zoom), step)
    return Scene(WIDTH, round(y), tuple(things))


def _arrow(item: Observation, tops: dict[str, float], record: float, step: int) -> list[Thing]:
    """Return B's arrow to where it writes, its words, and the end of the process if it came."""
    facts, fence = item.facts, stack_scene.ZOOM + stack_scene.FOLD + stack_scene.FENCE / 2
    at_fence = facts["aimed_at"] == "fence"
    start = tops["B"] + stack_scene.ZOOM / 2
    end = tops["A"] + fence if at_fence else record
    tip = LEFT - 2.0 if at_fence else stack_scene.x_of(0) - 9
    way = ((LEFT - 4.0, start), (WAY, start), (WAY, end), (tip, end))
    head = ((tip - TIP, end - TIP), (tip, end), (tip - TIP, end + TIP))
    things: list[Thing] = [Line(1, way, width=2), Line(1, head, width=2)]
    words = f"B writes {in_words(facts['written'])}"
    things.append(Label(1, WAY - 8, (start + end) / 2, words, anchor="end", bold=True))
    if step == 2 and facts["ended"] != "lived":
        things.append(Mark(2, LEFT + 20, end, "cross", style.FAULT))
        things.append(Label(2, WAY - 8, (start + end) / 2 + LINE, facts["ended"], anchor="end"))
    return things
