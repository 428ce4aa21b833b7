"""How much there is to read: words unfolded in a cell, minutes of a chapter's core path.

The minutes are an estimate that leans to the long side: plain reading alone came out at half of
what a first reader needed. So what makes one stop counts, too: a question to think about, a picture
to look at, an exercise.
"""

import html
import math
import re

from conclib.lesson import texts
from tests.notebooks import Notebook, cells, outputs, source, tags

MAX_WORDS = 120  # unfolded, of one cell
PER_MINUTE = 200  # words
QUESTION, PICTURE, EXERCISE = 1.0, 0.5, 3.0  # minutes
STATED = re.compile(r"\*\*Core path: (\d+) minutes")
STEP = 5  # what is stated is rounded up to this
MOST = 40

WORD = re.compile(r"\w[\w'’.,%-]*")
DETAILS = re.compile(r"<details.*?<summary>(.*?)</summary>.*?</details>", re.S)
UNSEEN = re.compile(r"<style.*?</style>|<iframe.*?</iframe>", re.S)


def count(text: str) -> int:
    """Return how many words a text has."""
    return len(WORD.findall(text))


def unfolded(page: str) -> str:
    """Return the text that a page of HTML shows before anything is opened."""
    shown = UNSEEN.sub(" ", DETAILS.sub(r" \1 ", page))
    return html.unescape(re.sub(r"<[^>]+>", " ", shown))


def words_shown(cell: dict) -> int:
    """Return how many words a cell shows unfolded: its prose, or its stored outputs."""
    if cell["cell_type"] == "markdown":
        return count(re.sub(r"\]\([^)]*\)", "]", source(cell)))
    return sum(
        count(unfolded(each["text/html"]) if "text/html" in each else each.get("text/plain", ""))
        for each in outputs(cell)
    )


def core(notebook: Notebook) -> list[dict]:
    """Return the cells that lie in no side room."""
    return [cell for cell in notebook["cells"] if "side-room" not in tags(cell)]


def asked(cell: dict) -> list[tuple[str, str]]:
    """Return what a cell asks: the verb and the id, ``("choose", "why")``."""
    return re.findall(r"cl\.(predict|choose|quiz|check|practise)\(\s*\"([\w-]+)\"", source(cell))


def answered(cell: dict) -> int:
    """Return how many words more a cell shows once all that it asks is answered."""
    found = 0
    for verb, id in asked(cell):
        if verb == "choose":
            entry = texts.entry("choices", id)
            said = entry["settle"].get("explain", "") if "result=" in source(cell) else ""
            found += count(said) or max(map(count, entry["feedback"].values()))
        elif verb == "quiz":
            found += sum(map(_answers, texts.chapter(id)["quiz"]))
    return found


def _answers(question: dict) -> int:
    """Return the words of one quiz question that is folded, with the feedback to its answer."""
    said = question["feedback"][question["options"].index(question["right"])]
    return sum(map(count, question["options"])) + count(said)


def minutes(notebook: Notebook, measuring: float = 1.0) -> float:
    """Return the minutes that the core path takes.

    Args:
        notebook: with its outputs.
        measuring: minutes for which the notebook itself is at work.
    """
    words = sum(words_shown(cell) + answered(cell) for cell in core(notebook))
    pictures = sum("image/png" in each for cell in core(notebook) for each in outputs(cell))
    thinking = sum(map(_thinking, core(notebook)))
    return measuring + words / PER_MINUTE + PICTURE * pictures + thinking


def _thinking(cell: dict) -> float:
    """Return the minutes for what a cell asks; what a result decides is asked no more."""
    found = 0.0
    for verb, id in asked(cell):
        if verb in ("check", "practise"):
            found += EXERCISE
        elif verb == "quiz":
            found += QUESTION * len(texts.chapter(id)["quiz"])
        elif verb == "predict" or "result=" not in source(cell):
            found += QUESTION
    return found


def rounded(found: float) -> int:
    """Return the minutes as the opening states them."""
    return math.ceil(found / STEP) * STEP


def stated(notebook: Notebook) -> int | None:
    """Return the minutes that the opening states; ``None`` where it states none."""
    found = next((STATED.search(source(cell)) for _, cell in cells(notebook, "markdown")), None)
    return int(found[1]) if found else None
