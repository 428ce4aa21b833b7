"""What all panels share: the text that stands in a notebook without them, and small HTML parts.

A panel's text is a fixed sentence, as plain text and as HTML. The widgets' own would hold ids that
differ in every run, and nbval would see a difference where there is none.

Text takes its colour from the page, so that it reads in the dark theme, too; pictures bring their
own white paper.
"""

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

from conclib.lesson.showing.shown import paragraphs, table_html
from conclib.widgets.keys import FORM, Keys

if TYPE_CHECKING:
    import ipywidgets

CONTROLS = "Run this cell for its controls."
TWICE = 0.7  # seconds from a press in which a second one is that of a double-click
GAP = {"margin": "4px 0"}
OPTION = "conclib-option"
LOCKED = "conclib-locked"  # nothing that is pressed in it counts any more
UNSEEN = "conclib-unseen"  # read out, and not drawn
# A button in another colour alone would not be told apart by all; a tick would say "right".
CHOSEN = "\N{BLACK CIRCLE} "
# A button's text is long, and ipywidgets' own does not break: only a style sheet can say so.
# Nor is its own mark of the keyboard's place strong enough: black and white, on any colour.
STYLE = (
    f"<style>.{OPTION}{{white-space:normal;height:auto;min-height:30px;line-height:1.4;"
    "text-align:left;padding:4px 12px;margin:2px 0}"
    f".{LOCKED} :is(button,input){{opacity:.5}}"
    f".{UNSEEN}{{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}}"
    f".{FORM} :is(button,select,input,summary):focus-visible"
    "{outline:3px solid #000!important;outline-offset:-3px;"
    "box-shadow:inset 0 0 0 5px #fff!important}"
    "</style>"
)
ROW = {"flex_flow": "row wrap", "align_items": "center", "grid_gap": "2px 14px", **GAP}


class Shell:
    """Base of all panels: shows ``box``, and tells in a sentence what it is.

    Subclasses set ``box`` (an ipywidgets box) and ``sentence``.
    """

    box: "ipywidgets.Box"
    sentence: str

    def __repr__(self) -> str:
        return self.sentence

    def _repr_mimebundle_(self, **more: Any) -> dict[str, Any]:
        text = {"text/plain": self.text(), "text/html": paragraphs(self.text())}
        return {**self.box._repr_mimebundle_(**more), **text}

    def text(self) -> str:
        """Return what stands where no widget can: deterministic, without an object's address."""
        return f"{self.sentence} {CONTROLS}"

    def close(self) -> None:
        """Take the panel off the page."""
        close_all(self.box)


def close_all(widget: "ipywidgets.Widget") -> None:
    """Close a widget and all that lie in it; closing a box alone would leave the others open."""
    for child in getattr(widget, "children", ()):
        close_all(child)
    for part in ("style", "layout"):
        if getattr(widget, part, None) is not None:
            getattr(widget, part).close()
    widget.close()


def form(label: str, children: "Sequence[ipywidgets.Widget]") -> "ipywidgets.VBox":
    """Return the box of a panel, one part below the other, which keeps its keys to itself.

    Args:
        label: what it asks or is, for those who do not see it.
        children: its parts.
    """
    import ipywidgets

    unseen = [html(STYLE, display="none"), Keys(label=label, layout={"display": "none"})]
    made = ipywidgets.VBox([*children, *unseen])
    made.add_class(FORM)
    return made


def html(value: str = "", **layout: Any) -> "ipywidgets.HTML":
    """Return a widget that shows HTML."""
    import ipywidgets

    return ipywidgets.HTML(value, layout={**GAP, **layout})


def button(description: str, tooltip: str, pressed: Any, style: str = "") -> "ipywidgets.Button":
    """Return a button; ``pressed`` is called without arguments.

    Buttons are never disabled while they have a meaning: a disabled one loses the keyboard's
    place. What makes no sense at the moment is answered with a sentence instead.
    """
    import ipywidgets

    made = ipywidgets.Button(
        description=description, tooltip=tooltip, button_style=style, layout={"width": "auto"}
    )
    made.on_click(lambda _: pressed())
    return made


class Options:
    """A button for each answer, one below the other; the chosen one is marked.

    Args:
        options: the answers.
        pressed: called with the answer pressed.
        labels: what to write on the buttons, if not the answers themselves.
        tooltips: what to say of each when the mouse rests on it, if not what is written on it.
    """

    def __init__(
        self,
        options: Sequence[str],
        pressed: Callable[[str], object],
        labels: Sequence[str] | None = None,
        tooltips: Sequence[str] = (),
    ) -> None:
        import ipywidgets

        self.labels = dict(zip(options, labels or options, strict=True))
        self.tooltips = dict(zip(options, tooltips, strict=False))
        self.buttons = {
            option: button(label, self.tooltips.get(option, label), partial(pressed, option))
            for option, label in self.labels.items()
        }
        for each in self.buttons.values():
            each.add_class(OPTION)
        self.box = ipywidgets.VBox(list(self.buttons.values()))

    def mark(self, chosen: str | None) -> None:
        """Mark one answer as chosen, and no other."""
        for option, each in self.buttons.items():
            each.button_style = "primary" if option == chosen else ""
            each.description = (CHOSEN if option == chosen else "") + self.labels[option]
            each.tooltip = self.tooltips.get(option, each.description)


def reason(given: str | None = None) -> "ipywidgets.Text":
    """Return the field for a reason, which counts once it is left."""
    import ipywidgets

    return ipywidgets.Text(
        value=given or "", description="because", placeholder="your reason, in a few words",
        continuous_update=False, layout={"width": "auto", "max_width": "32em"},
        style={"description_width": "initial"},
    )  # fmt: skip


def strong(text: str) -> str:
    """Return a question as HTML."""
    return f"<div style='line-height:1.4'><b>{paragraphs(text)}</b></div>"


def paragraph(text: str) -> str:
    """Return a line of text as HTML."""
    return f"<div style='line-height:1.4'>{escape(text)}</div>" if text else ""


def announced(text: str, aloud: bool = True) -> str:
    """Return paragraphs that a screen reader reads out when it appears, unless ``aloud`` is false.

    An HTML widget replaces its whole content. A polite region that is *new* stays silent in most
    browsers; an alert that is new is read.
    """
    region = " role='alert' aria-live='polite'" if aloud else ""
    return f"<div class='conclib-message'{region} style='line-height:1.4'>{paragraphs(text)}</div>"


def unseen(text: str) -> str:
    """Return paragraphs that are read out as :func:`announced`, and not drawn."""
    return f"<div class='{UNSEEN}'>{announced(text)}</div>"


def table(rows: list[tuple[str, ...]]) -> str:
    """Return rows as a table; the first row is the head.

    A panel lies outside what JupyterLab styles as a table, so its columns need room of their own.
    """
    roomy = table_html(rows).replace("text-align:left", "text-align:left;padding-right:1em")
    return f"<div style='line-height:1.4'>{roomy}</div>"


def code(text: str) -> str:
    """Return a line of code as HTML, with what it is."""
    return f"<div style='line-height:1.4'>The same in code: <code>{escape(text)}</code></div>"


def progress(fraction: float, words: str) -> str:
    """Return a progress bar and, beside it, in words, what is being done."""
    share = min(max(fraction, 0.0), 1.0)
    return (
        f"<progress max='1' value='{share:.3f}' aria-label='progress of the measurement' "
        "style='width:14em;height:1.1em;vertical-align:middle;accent-color:#0072B2'></progress> "
        f"<span class='conclib-doing'>{escape(words)}</span>"
    )
