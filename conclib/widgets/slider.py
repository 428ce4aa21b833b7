"""A slider with a name: a browser's own range input, which ipywidgets' slider is not.

The handle of ipywidgets' slider is read out as "slider" and nothing else, and no trait of it says
more. So this is the browser's element with a label of ours. JupyterLab would take its arrow keys
and go to another cell; ``data-lm-suppress-shortcuts`` leaves them to the element. Nothing is
fetched: the few lines of script below come with the widget.
"""

from typing import Any

import anywidget
import traitlets

SCRIPT = """
function render({ model, el }) {
  const input = document.createElement("input");
  input.type = "range";
  input.className = "conclib-slider";
  input.dataset.lmSuppressShortcuts = "true";
  const follow = () => {
    for (const name of ["min", "max", "step"]) input[name] = model.get(name);
    input.setAttribute("aria-label", model.get("label"));
    input.title = model.get("label");
    input.value = model.get("value");
  };
  if (model.get("upright")) {
    Object.assign(input.style, { writingMode: "vertical-lr", direction: "rtl", height: "9em" });
  } else {
    input.style.width = "14em";
  }
  follow();
  model.on("change", follow);
  input.addEventListener(model.get("upright") ? "input" : "change", () => {
    model.set("value", Number(input.value));
    model.save_changes();
  });
  el.append(input);
  return () => model.off("change", follow);
}
export default { render };
"""


class Slider(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget has no types for mypy
    """A slider, for the mouse and the arrow keys.

    Attributes:
        value: where it stands.
        min, max, step: its ends, and how far an arrow key goes.
        label: what it sets; read out with its value.
        upright: drawn from bottom to top, and followed while it moves; else from left to right,
            and read when it is let go.
    """

    _esm = SCRIPT
    value = traitlets.Float(0.0).tag(sync=True)
    min = traitlets.Float(0.0).tag(sync=True)
    max = traitlets.Float(1.0).tag(sync=True)
    step = traitlets.Float(1.0).tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    upright = traitlets.Bool(False).tag(sync=True)

    def __repr__(self) -> str:
        return f"slider: {self.label}"

    def _repr_mimebundle_(self, **more: Any) -> Any:
        bundle = super()._repr_mimebundle_(**more)
        parts = bundle[0] if isinstance(bundle, tuple) else bundle
        parts["text/plain"] = repr(self)  # its own holds an address
        return bundle
