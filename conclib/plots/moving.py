"""Pictures that move without a notebook kernel, and stand still where nothing may move.

One ``text/html`` bundle holds both: a PNG with alt text, and a frame with the drawing of every
step, a slider and a small script. A style hides the PNG. So

* a trusted notebook, and a page exported from it, shows the moving one, with nothing running;
* a notebook that is not trusted, and a code-hosting site, strips style and frame: the PNG is left.

The frame is sealed: it may run its own script and nothing else, it can reach neither the notebook
nor the net. It brings its own white paper, so the dark theme leaves it alone. Its names are made
from its content, so that drawing the same thing twice gives the same bytes.

Escape and Shift+Enter lead out of the frame, as out of a panel: it gives the focus back to the page
and asks it where to go on (``conclib.widgets.keys`` hears that in JupyterLab).

Arrow keys, Home and End step; so do the buttons, the slider and the number box. What is read aloud
is only where somebody has arrived, not every step passed on the way. Reduced motion is honoured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from conclib.plots import picture, style
from conclib.plots.picture import Picture
from conclib.plots.records import some

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"

STYLE = (
    """
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;padding:6px 10px;background:PAPER;color:INK;height:100vh;display:flex;
  flex-direction:column;font:14px/1.35 "DejaVu Sans",Verdana,sans-serif}
h1{font-size:15px;margin:0 0 2px}
.frame{margin:0;flex:1;min-height:0;display:flex;flex-direction:column}
.frame[hidden]{display:none}
.frame svg{flex:1;min-height:0;width:100%}
@media (max-width:500px){.frame{overflow-x:auto}.bar{flex-wrap:wrap}
  .frame svg{width:500px;flex:none}}
.sentence{margin:2px 0;min-height:2.7em}
.bar{display:flex;gap:8px;align-items:center}
.bar input[type=range]{flex:1;min-width:60px;accent-color:BLUE}
.bar input[type=number]{width:4em}
button,input{font:inherit;color:INK}
button{padding:2px 10px;background:PAPER;border:1px solid INK;border-radius:4px}
button[aria-disabled=true]{opacity:.45}
:focus-visible{outline:3px solid BLUE;outline-offset:1px}
.aloud{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media (prefers-reduced-motion:no-preference){.new{animation:in .35s}}
@keyframes in{from{opacity:0}}
""".replace("PAPER", style.PAPER)
    .replace("INK", style.INK)
    .replace("BLUE", style.BLUE)
)
ON_STAGE = "body{font-size:19px}h1{font-size:21px}"
LARGER, TALLEST = 1.35, 600  # on stage: growth; pixels between JupyterLab's bars

SCRIPT = """
const frames = [...document.querySelectorAll('.frame')], last = frames.length - 1;
const [back, next] = document.querySelectorAll('button');
const [range, number] = document.querySelectorAll('input');
const aloud = document.querySelector('.aloud');
let now = 0;
function show(step, arrived) {
  now = Math.max(0, Math.min(last, Number.isFinite(step) ? Math.round(step) : now));
  frames.forEach((frame, place) => { frame.hidden = place !== now; });
  range.value = number.value = now + 1;
  range.setAttribute('aria-valuetext', `step ${now + 1} of ${last + 1}`);
  back.setAttribute('aria-disabled', now === 0);
  next.setAttribute('aria-disabled', now === last);
  const fresh = [...frames[now].querySelectorAll('.new')].pop();
  if (fresh && now) { // on a phone the drawing is wider than the page
    const box = fresh.getBoundingClientRect();
    frames[now].scrollLeft += box.left + box.width / 2 - frames[now].clientWidth / 2;
  }
  if (arrived) aloud.textContent = frames[now].querySelector('.sentence').textContent;
}
back.onclick = () => show(now - 1, true);
next.onclick = () => show(now + 1, true);
range.oninput = () => show(range.value - 1, false);
range.onchange = () => show(range.value - 1, true);
number.onchange = () => show(parseFloat(number.value) - 1, true);
document.onkeydown = event => {
  if (event.target.tagName === 'INPUT' || event.altKey || event.ctrlKey || event.metaKey) return;
  const to = {ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last}[event.key];
  if (to === undefined) return;
  event.preventDefault();
  show(to, true);
};
document.addEventListener('keydown', event => {
  const onwards = event.key === 'Enter' && event.shiftKey;
  if (!onwards && event.key !== 'Escape') return;
  event.preventDefault();
  window.parent.focus();
  window.parent.postMessage({conclib: onwards ? 'onwards' : 'back'}, '*');
}, true);
show(FIRST, false);
"""


@dataclass(frozen=True, repr=False)
class Moving:
    """A moving picture, its still and its text: what a notebook stores for it.

    Attributes:
        html: the whole bundle.
        still: what stands where nothing may move; it shows the whole story, too.
    """

    html: str
    still: Picture

    @property
    def alt(self) -> str:
        """The same facts in full sentences."""
        return self.still.alt

    def png(self) -> bytes:
        """Return the still as a PNG file."""
        return self.still.png()

    def save(self, path: str | Path) -> Path:
        """Write the still to a file, as :meth:`Picture.save` does; return the file's path."""
        return self.still.save(path)

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return picture.bundle(self.html, self.alt, self.png(), self.still.width)


def moving(
    steps: Sequence[tuple[str, str]],
    *,
    title: str,
    still: Picture,
    height: int,
    whole: bool = False,
) -> Moving:
    """Make a moving picture out of drawn steps.

    Args:
        steps: for each step its drawing (an ``<svg>``, made here and trusted) and what it shows,
            in a sentence or two.
        title: the question that the picture answers.
        still: the picture that stands where nothing may move; its words and its table are those of
            the moving one, and its width is the frame's.
        height: of the frame on the page, in pixels; larger where ``CONCLIB_STAGE`` asks for it.
        whole: whether it begins with its last step, in which all is there.

    Raises:
        ValueError: no steps.
    """
    some("steps", steps)
    page = _page(steps, title, len(steps) - 1 if whole else 0)
    height = min(round(height * LARGER), TALLEST) if style.on_stage() else height
    name = "u" + sha256(f"{page}{still.alt}".encode()).hexdigest()[:12]
    html = (
        f"<style>.{name}{{display:none!important}}</style>"
        f"{still.to_img(css_class=name)}"
        f'<iframe title="{escape(title)}" sandbox="allow-scripts" width="100%" height="{height}" '
        f'style="max-width:{still.width}px;height:{height}px;border:0;background:{style.PAPER}" '
        f'srcdoc="{escape(page)}"></iframe>{picture.as_table(still.table)}'
    )
    return Moving(html, still)


def _page(steps: Sequence[tuple[str, str]], title: str, first: int) -> str:
    frames = "".join(
        f'<figure class="frame"{"" if place == first else " hidden"}>{svg}'
        f'<figcaption class="sentence">{escape(sentence)}</figcaption></figure>'
        for place, (svg, sentence) in enumerate(steps)
    )
    larger = ON_STAGE if style.on_stage() else ""
    script = SCRIPT.replace("FIRST", str(first))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{escape(title)}</title><style>{STYLE}{larger}</style></head><body>"
        f"<h1>{escape(title)}</h1>{frames}{_controls(len(steps))}"
        f'<p class="aloud" aria-live="polite"></p><script>{script}</script></body></html>'
    )


def _controls(count: int) -> str:
    plain = 'data-lm-suppress-shortcuts="true"'  # else JupyterLab would take the arrow keys
    limits = f'min="1" max="{count}" value="1" step="1"'
    away = ' style="display:none"' if count == 1 else ""  # nowhere to step to
    return (
        f'<div class="bar"{away}><button {plain}>◀ Back</button>'
        f'<input type="range" {limits} {plain} aria-label="Step">'
        f"<button {plain}>Next ▶</button>"
        f'<label>step <input type="number" {limits} {plain}> of {count}</label></div>'
    )
