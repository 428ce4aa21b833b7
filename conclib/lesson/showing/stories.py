"""A story told from a real run: who did what, step by step, and the source it came from.

The events were noted by the processes and threads themselves, the ends were seen by waitid and in
/proc; the words for each kind of event stand in ``chapter.toml``. They are told in the order of
their times. It is the same in every run, because the programs make it so (``probes/_notes.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conclib.lesson import texts
from conclib.lesson.showing.shown import Shown, show
from conclib.results import Event, Observation
from conclib.results.events import KILLED, RAISED, SIGNALLED
from conclib.results.tables import folded


@dataclass(frozen=True, repr=False)
class Story(Shown):
    """A run, told.

    Attributes:
        name, title: the probe and its question.
        steps: one sentence for each event, in order.
        lines: what was printed, in order; empty where the program prints nothing.
    """

    name: str
    title: str
    steps: tuple[str, ...]
    lines: tuple[str, ...]
    picture: Any = field(default=None, repr=False, compare=False)

    def text(self) -> str:
        """Return the steps, numbered, and the lines printed, if there are any."""
        steps = "\n".join(f"  {number}. {step}" for number, step in enumerate(self.steps, start=1))
        return f"{self.title}\n\n{steps}\n\n{printed(self.lines)}".rstrip()

    def html(self) -> str:
        """Return the same; beside a picture to step through it is folded: no spoiling."""
        if self.picture is None:
            return super().html()
        return folded("All steps, in words", super().html())


def story(name: str) -> Story:
    """Run a small program that forks, in a process of its own, and tell who did what.

    Args:
        name: which story (each chapter names its own).
    """
    entry = texts.entry("stories", name)
    from conclib import lab

    seen = lab.observe(name)
    item = in_words(seen, entry)
    picture = _picture(item, happened(seen), entry.get("draw", {}))
    return show(replace(item, picture=picture))


def in_words(seen: Observation, entry: Mapping[str, Any]) -> Story:
    """Return a run in the words of its chapter, without a picture."""
    steps = tuple(narrated(event, entry["sentences"]) for event in happened(seen))
    title = entry["title"] + (f" ({seen.origin})" if seen.source == "recorded" else "")
    return Story(seen.probe, title, steps, tuple(seen.facts.get("lines", ())))


ENDS = {KILLED: "killed", SIGNALLED: "fault", RAISED: "fault"}  # drawn; all others as "exit"


def happened(seen: Observation) -> list[dict[str, Any]]:
    """Return events and endings in order of time: each with its place, who, kind, what, text."""
    kinds = {actor.name: actor.kind for actor in seen.actors}
    found = [(each.t_ns, each.actor, each.what, _text(each, seen)) for each in seen.events]
    found += [
        (each.t_ns, each.actor, ENDS.get(each.how, "exit"), each.text) for each in seen.endings
    ]
    return [
        {"t": place, "who": who, "kind": kinds[who], "what": what, "text": text}
        for place, (_, who, what, text) in enumerate(sorted(found, key=lambda each: each[0]))
    ]


def _text(event: Event, seen: Observation) -> str:
    """Return what was printed, or whom a process made or collects."""
    kind = {"fork": "process", "wait": "process", "thread": "thread"}.get(event.what)
    made = [each.name for each in seen.actors if (each.maker, each.kind) == (event.actor, kind)]
    return event.data.get("text", made[0] if len(made) == 1 else "")


def _picture(item: Story, events: list[dict[str, Any]], drawn: Mapping[str, str]) -> Any:
    """Return the branching lines, each step told in the chapter's words."""
    from conclib import plots

    scenes = [
        {**drawable(event, drawn), "narration": step}
        for event, step in zip(events, item.steps, strict=True)
    ]
    return plots.story_lines(scenes, title=item.title)


def drawable(event: dict[str, Any], drawn: Mapping[str, str]) -> dict[str, Any]:
    """Return an event as the drawing needs it.

    What the drawing has no mark for is a note, and where the chapter wants words to stand beside an
    event (``drawn``, by who and what) they do. How somebody ended stands in the narration alone.
    """
    from conclib.plots.life_events import END, WHATS

    what = event["what"] if event["what"] in WHATS else "note"
    text = "" if what in END else event["text"]
    return {**event, "what": what, "text": drawn.get(f"{event['who']}.{event['what']}", text)}


def narrated(event: dict[str, Any], say: Mapping[str, str]) -> str:
    """Return the sentence for an event: the chapter's words, else who and what."""
    words = say.get(f"{event['who']}.{event['what']}", "The {who}: {text}.")
    return words.format(**event)


def printed(lines: tuple[str, ...]) -> str:
    """Say what stands on the screen, if anything does."""
    count = f"{len(lines)} lines" if len(lines) != 1 else "1 line"
    return f"On the screen, {count}: {', '.join(lines)}." if lines else ""
