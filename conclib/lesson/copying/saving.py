"""What JupyterLab saves: an output's text, and not the widget that stood in its place on the page.

A question's output holds three forms of the same thing: text, HTML, and a reference to a widget,
which the page shows first. The widget lives in the notebook kernel. When the notebook is opened
again there is none, and the page would show an error in place of the text. So the reference is
dropped on the way to the disk: the page that is open keeps its widgets, the file keeps the text.

The server calls ``before_saving``; ``jupyterlab.command`` tells it to.
"""

from typing import Any

from conclib.lesson.showing.shown import VIEW

READABLE = {"text/plain", "text/html"}


def before_saving(*, model: dict[str, Any], **_: Any) -> None:
    """Drop the widgets of a notebook that is about to be saved; a hook of Jupyter's server.

    Args:
        model: what is saved, as Jupyter's contents manager describes it; changed in place.
    """
    if model.get("type") == "notebook" and isinstance(model.get("content"), dict):
        without_widgets(model["content"])


def without_widgets(notebook: dict[str, Any]) -> None:
    """Drop each widget of a notebook (its JSON) that has a text, and what widgets had stored."""
    for cell in notebook.get("cells", ()):
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if READABLE & set(data):
                data.pop(VIEW, None)
    notebook.get("metadata", {}).pop("widgets", None)
