"""Memory that several hold: who reaches which part, what each pays, and what leaves with whom.

A column for each holder; upwards the memory that is really there. A part that several hold spans
their columns, light, and says by how many it is divided; what one alone has is solid. At the feet
stand the three figures. At the right, the same memory once more as one bar: what is really in RAM.

A press on a holder's button ends it: its column fades, what was its alone leaves the bar, and the
others' shares count up. That runs in a sealed frame, with nothing behind it (see ``moving.py``);
where nothing may move a PNG stands in its place, with the same numbers as text and as a table.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from conclib.plots import picture, sheet, style
from conclib.plots.moving import POLICY, STYLE, Moving
from conclib.plots.picture import Picture, Table
from conclib.plots.records import some

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LIGHT = "#9CC9E6"  # a shared part: paler than a process's blue, dark enough for black text
COLUMN, BODY = 1.0, 2.9  # inches
FIGURES = ("RSS", "PSS", "USS")
HEIGHT = 470  # pixels of the frame


@dataclass(frozen=True)
class Part:
    """A piece of memory and those who hold it.

    Attributes:
        size: in MB, above 0; ``holders``: their names, one or more.
    """

    size: float
    holders: tuple[str, ...]


def figures(parts: Sequence[Part], name: str) -> tuple[float, float, float]:
    """Return what a holder reaches, its share, and what it alone has, in MB."""
    mine = [part for part in parts if name in part.holders]
    return (
        sum(part.size for part in mine),
        sum(part.size / len(part.holders) for part in mine),
        sum(part.size for part in mine if len(part.holders) == 1),
    )


def holders(names: Sequence[str], parts: Sequence[Part], *, title: str) -> Moving:
    """Make the picture, with a button for each holder.

    Args:
        names: the holders, from left to right.
        parts: the memory, from the bottom up.
        title: the question that the picture answers.

    Raises:
        ValueError: nobody, nothing, or a part held by somebody who has no column.
    """
    some("names", names)
    some("parts", parts)
    strangers = sorted({name for part in parts for name in part.holders} - set(names))
    if strangers:
        raise ValueError(f"parts: {strangers[0]!r} is none of the names: {', '.join(names)}")
    still = _still(names, parts, title)
    page = _page(names, parts, title)
    css = "u" + sha256(f"{page}{still.alt}".encode()).hexdigest()[:12]
    html = (
        f"<style>.{css}{{display:none!important}}</style>{still.to_img(css_class=css)}"
        f'<iframe title="{escape(title)}" sandbox="allow-scripts" width="100%" height="{HEIGHT}" '
        f'style="max-width:{still.width}px;height:{HEIGHT}px;border:0;background:{style.PAPER}" '
        f'srcdoc="{escape(page)}"></iframe>{picture.as_table(still.table)}'
    )
    return Moving(html, still)


# The still ----------------------------------------------------------------------------------------
def _still(names: Sequence[str], parts: Sequence[Part], title: str) -> Picture:
    total = sum(part.size for part in parts)
    figure, ax = sheet.sheet(title, BODY, left=0.85, right=0.3, below=0.95, foot=FOOT)
    width = len(names) + 1.6
    ax.set_xlim(-0.1, width)
    ax.set_ylim(0, total)
    style.style_axes(ax, grid="")
    ax.set_xticks([])
    style.axis_title(ax, "MB, really in RAM", "y")
    _draw_parts(ax, names, parts)
    _draw_feet(ax, names, parts, total)
    return Picture(figure, f"{title} {_in_words(names, parts)}", _table(names, parts))


FOOT = "Light and ÷n: held by n. Solid: one's own. RSS: what it reaches; PSS: its share; USS: its own."


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Return places that follow each other as (first, last)."""
    found: list[tuple[int, int]] = []
    for place in sorted(places):
        if found and found[-1][1] == place - 1:
            found[-1] = found[-1][0], place
        else:
            found.append((place, place))
    return found


def _draw_parts(ax: "Axes", names: Sequence[str], parts: Sequence[Part]) -> None:
    bottom, bar = 0.0, len(names) + 0.5
    for part in parts:
        alone = len(part.holders) == 1
        look = {"facecolor": style.BLUE if alone else LIGHT, "edgecolor": style.PAPER, "lw": 0.8}
        for first, last in _runs([names.index(name) for name in part.holders]):
            ax.bar((first + last) / 2 + 0.5, part.size, last - first + 0.86, bottom, **look)
            if not alone:
                middle = bottom + part.size / 2
                sheet.write(ax, (first + last) / 2 + 0.5, middle, f"÷{len(part.holders)}", ha="center")
        ax.bar(bar + 0.4, part.size, 0.6, bottom, **look)
        bottom += part.size


def _draw_feet(ax: "Axes", names: Sequence[str], parts: Sequence[Part], total: float) -> None:
    line = total / BODY * 0.19  # a line of text, in MB of the axis
    sums = [0.0, 0.0, 0.0]
    for place, name in enumerate(names):
        found = figures(parts, name)
        sums = [a + b for a, b in zip(sums, found, strict=True)]
        _foot(ax, place + 0.5, line, name, found)
    _foot(ax, len(names) + 0.9, line, "all, added", sums)
    for row, name in enumerate(FIGURES):
        sheet.write(ax, -0.15, -line * (row + 1.9), name, size=style.SMALL, ha="right")
    sheet.write(ax, len(names) + 0.9, total + line * 0.5, f"in RAM: {total:.4g}", ha="center")


def _foot(ax: "Axes", x: float, line: float, name: str, found: Sequence[float]) -> None:
    sheet.write(ax, x, -line * 0.8, name, ha="center", fontweight="bold", size=style.SMALL)
    for row, number in enumerate(found):
        sheet.write(ax, x, -line * (row + 1.9), f"{number:.4g}", ha="center", size=style.SMALL)


def _in_words(names: Sequence[str], parts: Sequence[Part]) -> str:
    total = sum(part.size for part in parts)
    each = []
    for name in names:
        numbers = zip(FIGURES, figures(parts, name), strict=True)
        each.append(f"{name}: " + ", ".join(f"{what} {mb:.4g} MB" for what, mb in numbers))
    return f"Really in RAM: {total:.4g} MB. {'. '.join(each)}. {_ends(names, parts)}"


def _ends(names: Sequence[str], parts: Sequence[Part]) -> str:
    """Say what leaves if they end from left to right."""
    said, left = [], list(parts)
    for name in names:
        back = figures(left, name)[2]
        left = [Part(p.size, rest) for p in left if (rest := tuple(h for h in p.holders if h != name))]
        said.append(f"{name} {back:.4g} MB")
    return f"If they end in this order, it gives back: {', '.join(said)}."


def _table(names: Sequence[str], parts: Sequence[Part]) -> Table:
    rows = [(name, *(f"{mb:.4g} MB" for mb in figures(parts, name))) for name in names]
    sums = [sum(figures(parts, name)[n] for name in names) for n in range(len(FIGURES))]
    rows.append(("all, added", *(f"{mb:.4g} MB" for mb in sums)))
    rows.append(("really in RAM", *["–"] * 2, f"{sum(p.size for p in parts):.4g} MB"))
    return Table(("", *FIGURES), tuple(rows))


# The frame ----------------------------------------------------------------------------------------
def _page(names: Sequence[str], parts: Sequence[Part], title: str) -> str:
    data = {
        "names": list(names),
        "parts": [{"size": p.size, "of": [names.index(h) for h in p.holders]} for p in parts],
        "blue": style.BLUE,
        "light": LIGHT,
        "ink": style.INK,
        "grid": style.LANE,
    }
    inside = json.dumps(data).replace("<", "\\u003c")
    buttons = "".join(_button(name, place) for place, name in enumerate(names))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{escape(title)}</title><style>{STYLE}.bar{{flex-wrap:wrap}}</style></head>"
        f'<body><h1>{escape(title)}</h1><figure class="frame"><svg viewBox="0 0 720 330" '
        f'role="img" aria-label="{escape(title)}"></svg></figure><p class="sentence"></p>'
        f'<div class="bar">{buttons}<button data-again {PLAIN}>Begin again</button></div>'
        f'<p class="aloud" aria-live="polite"></p><script>const data={inside};{SCRIPT}</script>'
        f"</body></html>"
    )


PLAIN = 'data-lm-suppress-shortcuts="true"'  # else JupyterLab would take the keys


def _button(name: str, place: int) -> str:
    return f'<button data-place="{place}" {PLAIN}>× end {escape(name)}</button>'


SCRIPT = """
const svg = document.querySelector('svg'), aloud = document.querySelector('.aloud');
const sentence = document.querySelector('.sentence');
const buttons = [...document.querySelectorAll('[data-place]')];
const count = data.names.length, total = data.parts.reduce((sum, part) => sum + part.size, 0);
const left = 60, top = 28, high = 210, wide = Math.min(110, 520 / count), gap = 6;
const bar = left + count * wide + 40, scale = high / total;
let gone = [];
const held = () => data.parts.map(part => ({size: part.size,
  of: part.of.filter(place => !gone.includes(place))}));
const figures = place => held().filter(part => part.of.includes(place)).reduce(
  (sum, part) => [sum[0] + part.size, sum[1] + part.size / part.of.length,
    sum[2] + (part.of.length === 1 ? part.size : 0)], [0, 0, 0]);
const inRam = () => held().reduce((sum, part) => sum + (part.of.length ? part.size : 0), 0);
const written = number => String(Math.round(number * 10) / 10);
function box(x, y, width, height, fill, more) {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"
    stroke="#FFFFFF" ${more || ''}/>`;
}
function text(x, y, words, more) {
  return `<text x="${x}" y="${y}" font-size="13" fill="${data.ink}" text-anchor="middle"
    ${more || ''}>${words}</text>`;
}
function runs(places) {
  const found = [];
  for (const place of places) {
    const last = found[found.length - 1];
    if (last && last[1] === place - 1) last[1] = place; else found.push([place, place]);
  }
  return found;
}
function safe(words) { return words.replace(/&/g, '&amp;').replace(/</g, '&lt;'); }
function draw() {
  let y = top + high, out = '';
  data.names.forEach((name, place) => {
    const faded = gone.includes(place);
    out += `<rect x="${left + place * wide + gap / 2}" y="${top}" width="${wide - gap}"
      height="${high}" fill="none" stroke="${data.blue}" stroke-width="1.5"
      opacity="${faded ? 0.2 : 1}" ${faded ? 'stroke-dasharray="4 4"' : ''}/>`;
    out += text(left + (place + 0.5) * wide, top + high + 18, safe(name),
      `font-weight="bold" opacity="${faded ? 0.35 : 1}"`);
    const numbers = faded ? ['–', '–', '–'] : figures(place).map(written);
    numbers.forEach((number, row) => {
      out += text(left + (place + 0.5) * wide, top + high + 38 + 18 * row, number);
    });
  });
  for (const part of held()) {
    const height = part.size * scale, alone = part.of.length === 1;
    y -= height;
    for (const [first, last] of runs(part.of)) {
      const x = left + first * wide + gap, width = (last - first + 1) * wide - 2 * gap;
      out += box(x, y, width, height, alone ? data.blue : data.light);
      if (!alone && height > 12) out += text(x + width / 2, y + height / 2 + 5, '÷' + part.of.length);
    }
    out += part.of.length ? box(bar, y, 60, height, alone ? data.blue : data.light)
      : `<rect x="${bar}" y="${y}" width="60" height="${height}" fill="none"
        stroke="${data.grid}" stroke-dasharray="3 3"/>`;
  }
  const living = data.names.map((_, place) => place).filter(place => !gone.includes(place));
  const sums = [0, 1, 2].map(row => living.reduce((sum, place) => sum + figures(place)[row], 0));
  out += text(bar + 30, top - 8, 'in RAM: ' + written(inRam()) + ' MB', 'font-weight="bold"');
  out += text(bar + 30, top + high + 18, 'all, added', 'font-weight="bold"');
  ['RSS', 'PSS', 'USS'].forEach((name, row) => {
    out += text(left - 22, top + high + 38 + 18 * row, name);
    out += text(bar + 30, top + high + 38 + 18 * row, written(sums[row]));
  });
  svg.innerHTML = out;
}
function show(words, loud) {
  draw();
  sentence.textContent = words;
  if (loud) aloud.textContent = words;
  buttons.forEach((button, place) => button.setAttribute('aria-disabled', gone.includes(place)));
}
function end(place) {
  if (gone.includes(place)) return;
  const before = inRam();
  gone.push(place);
  const back = before - inRam(), other = data.names.findIndex((_, n) => !gone.includes(n));
  const rest = other < 0 ? 'Nobody is left.' : data.names[other] + ' now has ' +
    ['RSS', 'PSS', 'USS'].map((name, row) => name + ' ' + written(figures(other)[row])).join(', ')
    + ' MB.';
  show(data.names[place] + ' has ended: ' + written(back) + ' MB came back. ' + rest, true);
}
const start = 'Press × to end one of them, in any order. Numbers are MB of this one mapping.';
buttons.forEach((button, place) => { button.onclick = () => end(place); });
document.querySelector('[data-again]').onclick = () => { gone = []; show(start, true); };
show(start, false);
"""


def of_bricks(bricks: Sequence[tuple[str, ...]]) -> list[Part]:
    """Join neighbouring bricks of 1 MB that have the same holders."""
    parts: list[Part] = []
    for brick in bricks:
        if parts and parts[-1].holders == brick:
            parts[-1] = Part(parts[-1].size + 1, brick)
        else:
            parts.append(Part(1, brick))
    return parts


