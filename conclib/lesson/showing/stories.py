"""A story told from a real run: who did what, step by step, and the source it came from.

The events were noted by the processes themselves, the ends were seen by waitid; the words for each
kind of event stand in ``chapter.toml``. They are told in the order of their times. It is the same
in every run, because the probe has its parent wait for its child (``probes/_forked_prints.py``).
"""

import ast
from dataclasses import dataclass, field
from html import escape
from typing import Any

from conclib.lesson import texts
from conclib.lesson.showing.shown import Shown, show
from conclib.results import Observation


@dataclass(frozen=True, repr=False)
class Story(Shown):
    """A run, told.

    Attributes:
        name, title: the probe and its question.
        steps: one sentence for each event, in order.
        lines: what was printed, in order.
    """

    name: str
    title: str
    steps: tuple[str, ...]
    lines: tuple[str, ...]
    picture: Any = field(default=None, repr=False, compare=False)

    def text(self) -> str:
        """Return the steps, numbered, and the lines printed."""
        steps = "\n".join(f"  {number}. {step}" for number, step in enumerate(self.steps, start=1))
        return f"{self.title}\n\n{steps}\n\n{printed(self.lines)}"

    def html(self) -> str:
        """Return the same; beside a picture to step through it is folded: no spoiling."""
        if self.picture is None:
            return super().html()
        return f"<details><summary>All steps, in words</summary>{super().html()}</details>"


def story(name: str) -> Story:
    """Run a small program that forks, in a process of its own, and tell who did what.

    Args:
        name: which story (each chapter names its own).
    """
    entry = texts.entry("stories", name)
    from conclib import lab

    seen = lab.observe(name)
    events = happened(seen)
    steps = tuple(narrated(event, entry["sentences"]) for event in events)
    lines = tuple(seen.facts["lines"])
    title = entry["title"] + (f" ({seen.origin})" if seen.source == "recorded" else "")
    picture = _picture(title, events, steps, entry.get("draw", {}))
    return show(Story(name, title, steps, lines, picture))


def happened(seen: Observation) -> list[dict[str, Any]]:
    """Return events and endings in order of time, each with its place, who, what and text."""
    found = [(each.t_ns, each.actor, each.what, each.data.get("text", "")) for each in seen.events]
    found += [(each.t_ns, each.actor, "exit", each.text) for each in seen.endings]
    return [
        {"t": place, "who": who, "what": what, "text": text}
        for place, (_, who, what, text) in enumerate(sorted(found, key=lambda each: each[0]))
    ]


def _picture(
    title: str, seen: list[dict[str, Any]], steps: tuple[str, ...], drawn: dict[str, str]
) -> Any:
    """Return the branching lines, each step told in the chapter's words."""
    from conclib import plots

    events = [{**event, "text": drawn_text(event, drawn)} for event in seen]
    scenes = [{**event, "narration": step} for event, step in zip(events, steps, strict=True)]
    return plots.story_lines(scenes, title=title)


def drawn_text(event: dict[str, Any], drawn: dict[str, str]) -> str:
    """Return what the drawing needs beside an event.

    That is a print's text, which child it concerns, or what the chapter wants to stand there
    (``drawn``, by who and what).
    """
    if event["what"] in ("fork", "wait"):
        return "child"
    if event["what"] == "print":
        return event["text"]
    return drawn.get(f"{event['who']}.{event['what']}", "")


def narrated(event: dict[str, Any], say: dict[str, str]) -> str:
    """Return the sentence for an event: the chapter's words, else who and what."""
    words = say.get(f"{event['who']}.{event['what']}", "The {who}: {text}.")
    return words.format(**event)


def printed(lines: tuple[str, ...]) -> str:
    """Say what stands on the page."""
    count = f"{len(lines)} lines" if len(lines) != 1 else "1 line"
    return f"On the page, {count}: {', '.join(lines)}." if lines else "On the page: nothing."


# The source -------------------------------------------------------------------------------------
@dataclass(frozen=True, repr=False)
class Source(Shown):
    """A probe's source as students read it: its metadata is folded away."""

    name: str
    code: str

    def text(self) -> str:
        """Return the source."""
        return self.code

    def html(self) -> str:
        """Return the source, marked by weight and slant only: it reads in every theme."""
        try:
            from pygments import highlight
            from pygments.formatters import HtmlFormatter
            from pygments.lexers import PythonLexer
        except ImportError:
            return f"<pre>{escape(self.code)}</pre>"
        style = HtmlFormatter(style="bw", noclasses=True, nobackground=True)
        return highlight(self.code, PythonLexer(), style)


def show_source(name: str) -> Source:
    """Open the box: show the source of a probe, as the measuring process runs it.

    Args:
        name: the probe's name; an unknown one is refused with the nearest.
    """
    from conclib import lab

    return show(Source(name, folded(lab.source(name))))


def folded(code: str) -> str:
    """Return a probe's source with the literal after ``PROBE =`` folded to three dots."""
    lines = code.splitlines()
    for node in ast.parse(code).body:
        named = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "PROBE"
        if named:
            lines[node.lineno - 1 : node.end_lineno] = ["PROBE = {...}  # title, parameters, caps"]
            break
    return "\n".join(lines) + "\n"
