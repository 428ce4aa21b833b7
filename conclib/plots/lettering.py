"""Text that fits: broken into lines, cut in its middle, and in letters that the font has.

A label can be anything that a student types: 200 letters without a blank, line breaks, an emoji.
Whoever draws one measures it here first. What is cut out of a drawing stays in the picture's words
and in its table.
"""

from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache

from conclib.plots import style

BOX = "□"  # stands for a letter that the font does not have
CUT = "…"


@lru_cache(maxsize=8)
def _letters(font: str, weight: str) -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return frozenset(get_font(findfont(FontProperties(family=font, weight=weight))).get_charmap())


def drawable(text: str, font: str = style.FONT, weight: str = "normal") -> str:
    """Return a text with a box for every letter that the font lacks; line breaks stay."""
    known = _letters(font, weight)
    return "".join(c if c == "\n" or ord(c) in known else BOX for c in text)


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = style.BODY, weight: str = "normal") -> float:
    """Return how wide one line of text will be, in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=style.FONT, size=size, weight=weight)
    drawn = drawable(text, weight=weight)
    return text_to_path.get_text_width_height_descent(drawn, font, False)[0] / 72


def wrap(text: str, width: float, size: float = style.BODY, weight: str = "normal") -> list[str]:
    """Break a text into lines of at most ``width`` inches; a longer word is cut in its middle."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(shortened(word, width, size, weight))
    return lines


def shortened(text: str, width: float, size: float = style.BODY, weight: str = "normal") -> str:
    """Return a text on one line of at most ``width`` inches, cut in its middle if it is longer."""
    text = " ".join(text.split())
    return _longest(text, lambda part: text_width(part, size, weight) <= width)


def fit(text: str, width: float, count: int) -> list[str]:
    """Break a text into at most ``count`` lines of ``width`` inches, cut if it is longer."""
    text = " ".join(text.split())
    return wrap(_longest(text, lambda part: len(wrap(part, width)) <= count), width)


def _longest(text: str, fits: Callable[[str], bool]) -> str:
    """Return the text, or as much of its beginning and its end as fits."""
    if fits(text):
        return text
    too_much = bisect_left(range(len(text)), True, key=lambda keep: not fits(_cut(text, keep)))
    return _cut(text, max(too_much - 1, 0))


def _cut(text: str, keep: int) -> str:
    """Return ``keep`` letters of a text, from both its ends."""
    return text[: (keep + 1) // 2].rstrip() + CUT + text[len(text) - keep // 2 :].lstrip()
