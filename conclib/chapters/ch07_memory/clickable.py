"""The rent as a picture to click on: a button for each holder ends it.

It runs in a sealed frame, with nothing behind it (see ``plots/moving.py``); where nothing may move
the still of ``holders.py`` stands in its place.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from html import escape

from conclib.chapters.ch07_memory.holders import LIGHT, Part, still
from conclib.plots import picture, style
from conclib.plots.moving import POLICY, STYLE, Moving
from conclib.plots.records import some

HEIGHT = 470  # pixels of the frame


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
    drawn = still(names, parts, title)
    page = _page(names, parts, title)
    css = "u" + sha256(f"{page}{drawn.alt}".encode()).hexdigest()[:12]
    html = (
        f"<style>.{css}{{display:none!important}}</style>{drawn.to_img(css_class=css)}"
        f'<iframe title="{escape(title)}" sandbox="allow-scripts" width="100%" height="{HEIGHT}" '
        f'style="max-width:{drawn.width}px;height:{HEIGHT}px;border:0;background:{style.PAPER}" '
        f'srcdoc="{escape(page)}"></iframe>{picture.as_table(drawn.table)}'
    )
    return Moving(html, drawn)


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
        f'<p class="aloud" aria-live="polite"></p><script>{{const data={inside};{SCRIPT}}}</script>'
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
    const ends = [Math.min(...part.of), Math.max(...part.of)];  // one part, also across a gap
    const [from, to] = ends.map(place => left + (place + 0.5) * wide);
    if (!alone && part.of.length) out += `<path d="M${from} ${y + height / 2} H${to}"
      stroke="${data.light}" stroke-width="3"/>`;
    for (const [first, last] of runs(part.of)) {
      const x = left + first * wide + gap, width = (last - first + 1) * wide - 2 * gap;
      out += box(x, y, width, height, alone ? data.blue : data.light);
      const middle = y + height / 2 + 5;
      if (!alone && height > 12) out += text(x + width / 2, middle, '÷' + part.of.length);
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
