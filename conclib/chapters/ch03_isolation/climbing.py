"""The staircase to click on: "A steps", "B steps", one step back, begin again.

It runs in a sealed frame, with nothing behind it (see ``plots/moving.py``); where nothing may move
the still of ``lattice.py`` stands in its place. What each click shows was seen in a real run: the
frame only looks it up.
"""

import json
from hashlib import sha256
from html import escape

from conclib.chapters.ch03_isolation import lattice
from conclib.chapters.ch03_isolation.stairs import LOST, RIGHT, SIDE, Stairs
from conclib.plots import picture, style
from conclib.plots.moving import POLICY, STYLE, Moving
from conclib.probes import _order_model
from conclib.results import Observation, arguments

HEIGHT = 488  # pixels of the frame
PLAIN = 'data-lm-suppress-shortcuts="true"'  # else JupyterLab would take the keys
TITLE = "Can you find an order that loses nothing?"
START = (
    "Press A steps or B steps, until both are done. Keys: a, b, and Backspace for one step back."
)


def staircase_to_climb(seen: Observation, order: str = "", *, title: str = TITLE) -> Moving:
    """Make the picture, with a button for each of the two, one to go back and one to begin again.

    Args:
        seen: what the probe ``staircase`` saw of all orders.
        order: how far it has been climbed at first; ``"AAB"`` is the beginning of an order.
        title: the question that the picture answers.

    Raises:
        ValueError: only some of the orders were run, or programs with more than one change; or no
            order begins so. TypeError: the order is no text.
    """
    found = Stairs.of(seen)
    begun(order)
    if set(found.ends) != set(_order_model.orders(SIDE, SIDE)):
        raise ValueError('seen: all orders are needed, as cl.observe("staircase") runs them')
    if order not in found.places:  # with a lock, not each of them can happen
        raise ValueError(f"order={order!r}: no order of these begins so, for example 'AAB' does")
    whole = order if order in found.ends else ""
    still = lattice.picture(seen, whole, title=title)
    page = _page(found, order, title)
    css = "u" + sha256(f"{page}{still.alt}".encode()).hexdigest()[:12]
    html = (
        f"<style>.{css}{{display:none!important}}</style>{still.to_img(css_class=css)}"
        f'<iframe title="{escape(title)}" sandbox="allow-scripts" width="100%" height="{HEIGHT}" '
        f'style="max-width:{still.width}px;height:{HEIGHT}px;border:0;background:{style.PAPER}" '
        f'srcdoc="{escape(page)}"></iframe>{picture.as_table(still.table)}'
    )
    return Moving(html, still)


def data(found: Stairs, order: str = "") -> dict[str, object]:
    """Return what the frame is given: the places by path, and what is written and drawn."""
    places = {
        path: [*place.cells(), place.text, int(place.waits)] for path, place in found.places.items()
    }
    right = found.ends_of(RIGHT)
    return {
        "places": places,
        "ends": {each: lattice.conclusion(found, each) for each in found.ends},
        "lost": found.of_outcome(LOST),
        "names": {each: [found.label(each, step) for step in _order_model.STEPS] for each in "AB"},
        "wall": lattice.WALL if found.locked else "",
        "square": lattice.SQUARE,
        "right": right,
        "order": order,
        "start": START,
        "look": {"thread": style.THREAD.colour, "ink": style.INK, "lane": style.LANE,
                 "grid": style.GRID, "paper": style.PAPER},
    }  # fmt: skip


def begun(order: object) -> str:
    """Return an order, or the beginning of one, as far as that can be climbed.

    Raises:
        TypeError, ValueError: no order begins so.
    """
    allowed = f"at most {SIDE} A and {SIDE} B, in any order, for example 'AAB'"
    text = arguments.text("order", order, "[AB]*", allowed)
    if max(text.count("A"), text.count("B")) > SIDE:
        raise ValueError(f"order={arguments.shown(text)}: order must be {allowed}")
    return text


def _page(found: Stairs, order: str, title: str) -> str:
    inside = json.dumps(data(found, order)).replace("<", "\\u003c")
    words = {"A": "A steps →", "B": "B steps ↑", "back": "◀ one step back", "again": "Begin again"}
    buttons = "".join(f'<button data-do="{do}" {PLAIN}>{text}</button>'
                      for do, text in words.items())  # fmt: skip
    foot = f'<p class="sentence">{escape(found.recorded)}</p>' if found.origin else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{escape(title)}</title><style>{STYLE}.bar{{flex-wrap:wrap;margin-top:8px}}</style></head>"
        f'<body><h1>{escape(title)}</h1><figure class="frame"><svg viewBox="0 0 720 356" '
        f'role="img" aria-label="{escape(title)}"></svg></figure><p class="sentence said"></p>'
        f'<div class="bar">{buttons}</div>{foot}'
        f'<p class="aloud" aria-live="polite"></p><script>{{const data={inside};{SCRIPT}}}</script>'
        f"</body></html>"
    )


SCRIPT = """
const svg = document.querySelector('svg'), aloud = document.querySelector('.aloud');
const said = document.querySelector('.said'), look = data.look;
const buttons = [...document.querySelectorAll('[data-do]')];
const cell = 86, left = 110, low = 300;
const x = n => left + n * cell, y = n => low - n * cell;
const tried = new Set();
let path = data.order, waiting = '';
const count = (text, who) => text.split(who).length - 1;
const at = text => [count(text, 'A'), count(text, 'B')];
const safe = words => words.replace(/&/g, '&amp;').replace(/</g, '&lt;');
function text(px, py, words, more) {
  return `<text x="${px}" y="${py}" font-size="14" fill="${look.ink}" text-anchor="middle"
    ${more || ''}>${safe(words)}</text>`;
}
function square() {
  const from = 0.72, wide = 1.56, place = `x="${x(from)}" y="${y(from + wide)}"
    width="${wide * cell}" height="${wide * cell}"`;
  const lines = (data.wall || data.square).split('\\n');
  return `<defs><pattern id="h" width="8" height="8" patternUnits="userSpaceOnUse"
    patternTransform="rotate(45)"><path d="M0 0V8" stroke="${look.lane}" stroke-width="1.4"/>
    </pattern></defs><rect ${place} fill="url(#h)" ${data.wall ?
      `stroke="${look.ink}" stroke-width="6"` : ''}/>
    <rect x="${x(1) + 5}" y="${y(2) + 5}" width="${cell - 10}" height="${cell - 10}"
      fill="${look.paper}"/>` + lines.map((line, n) => text(x(1.5),
      y(1.5) + 4 + 16 * (n - (lines.length - 1) / 2), line, 'style="font-size:12px"')).join('');
}
function lattice() {
  let out = '';
  for (let n = 0; n <= 3; n++) out += `<path d="M${x(n)} ${y(0)}V${y(3)}M${x(0)} ${y(n)}H${x(3)}"
    stroke="${look.lane}" stroke-dasharray="4 3" fill="none"/>`;
  for (let n = 0; n < 3; n++) {
    out += text(x(n + 0.5), low + 32, data.names.A[n]);
    out += text(left - 36, y(n + 0.5) + 5, data.names.B[n]);
  }
  return out + text(x(1.5), low + 52, 'steps of A →', 'font-weight="bold"') +
    text(24, y(1.5), 'steps of B →', `font-weight="bold" transform="rotate(-90 24 ${y(1.5)})"`);
}
const points = order => [...Array(order.length + 1).keys()].map(n => at(order.slice(0, n)));
function line(order, more) {
  const dash = data.lost.includes(order) ? 'stroke-dasharray="12 5"' : '';
  const where = points(order).map(([a, b]) => `${x(a)},${y(b)}`).join(' ');
  return `<polyline points="${where}" fill="none" ${dash} ${more}/>`;
}
function before() {
  return [...tried].filter(order => order !== path).map(order =>
    line(order, `stroke="${look.lane}" stroke-width="3"`)).join('');
}
function walked() {
  let out = line(path, `stroke="${look.thread}" stroke-width="6"`);
  points(path).forEach(([a, b], n) => {
    out += `<circle cx="${x(a)}" cy="${y(b)}" r="${n === path.length ? 10 : 6}"
      fill="${look.thread}" stroke="${look.paper}" stroke-width="2"/>`;
  });
  if (!waiting) return out;
  const [a, b] = at(path);
  return out + `<rect x="${x(a) - 26}" y="${y(b) - 13}" width="52" height="26"
    fill="${look.paper}" stroke="${look.ink}" stroke-width="2"/>` +
    text(x(a), y(b) + 5, 'waits', 'font-weight="bold"');
}
function boxes() {
  const names = ['number', "A's copy", "B's copy"], values = data.places[path];
  return names.map((name, n) => text(490 + n * 90, 60, name) +
    `<rect x="${455 + n * 90}" y="74" width="70" height="44" fill="${look.paper}"
      stroke="${look.ink}" stroke-width="${n ? 1 : 2.5}"/>` +
    text(490 + n * 90, 103, values[n], 'style="font-size:20px"')).join('') +
    text(580, 160, 'your order: ' + (path || '–'), 'font-weight="bold"') + list();
}
function list() {
  const shown = [...tried].slice(-5).reverse();
  const all = Object.keys(data.ends).length;
  const head = tried.size ? [`tried: ${tried.size} of ${all} orders`] : [];
  return [...head, ...shown.map(order => order + ': ' + data.places[order][0] +
    (data.lost.includes(order) ? ', an update is lost' : ', nothing is lost'))].map(
    (words, n) => text(580, 192 + 22 * n, words)).join('');
}
function draw() {
  if (data.ends[path] && !waiting) tried.add(path);
  svg.innerHTML = square() + lattice() + before() + walked() + boxes();
}
function can(who) { return data.places[path + who] !== undefined && !data.ends[path]; }
function show(loud) {
  draw();
  const words = waiting ? data.places[path + waiting][3] : !path ? data.start :
    data.places[path][3] + (data.ends[path] ? ' ' + data.ends[path] : '');
  said.textContent = words;
  if (loud) aloud.textContent = words;
  buttons.forEach(button => {
    const does = button.dataset.do;
    const idle = does === 'A' || does === 'B' ? !can(does) : !path && !waiting;
    button.setAttribute('aria-disabled', idle);
  });
}
function act(does) {
  if (does === 'again') { path = ''; waiting = ''; }
  else if (does === 'back') { if (waiting) waiting = ''; else path = path.slice(0, -1); }
  else if (!can(does)) return;
  else if (data.places[path + does][4]) waiting = does;
  else { path += does; waiting = ''; }
  show(true);
}
buttons.forEach(button => { button.onclick = () => act(button.dataset.do); });
document.onkeydown = event => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const does = {a: 'A', b: 'B', ArrowRight: 'A', ArrowUp: 'B', Backspace: 'back', ArrowLeft: 'back',
    Home: 'again'}[event.key];
  if (!does) return;
  event.preventDefault();
  act(does);
};
document.addEventListener('keydown', event => {
  const onwards = event.key === 'Enter' && event.shiftKey;
  if (!onwards && event.key !== 'Escape') return;
  event.preventDefault();
  window.parent.focus();
  window.parent.postMessage({conclib: onwards ? 'onwards' : 'back'}, '*');
}, true);
show(false);
"""
