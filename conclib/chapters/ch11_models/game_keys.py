"""Letters for the buttons of a panel: a key that is pressed in it presses its button.

A part that nobody sees, as ``conclib.widgets.keys``, which has asked JupyterLab to leave all keys
of the panel alone. What is typed into a field, and what is held with Ctrl, Alt or Meta, stays what
it is.
"""

from typing import Any

import anywidget
import traitlets

SCRIPT = """
function render({ model, el }) {
  let form, tries = 0;
  const press = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const name = model.get("presses")[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const button = name && form.querySelector("button." + name);
    if (!button || !button.checkVisibility()) return;
    event.preventDefault();
    event.stopPropagation();
    button.click();
  };
  const begin = () => {
    form = el.closest(".conclib-form");
    if (form) form.addEventListener("keydown", press);
    else if (tries++ < 200) setTimeout(begin, 50);
  };
  begin();
  return () => { tries = 200; if (form) form.removeEventListener("keydown", press); };
}
export default { render };
"""


class Letters(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget has no types for mypy
    """The unseen part.

    Attributes:
        presses: for each key, as a browser names it, the class of the button that it presses.
    """

    _esm = SCRIPT
    presses = traitlets.Dict().tag(sync=True)

    def __repr__(self) -> str:
        return "letters of a panel"

    def _repr_mimebundle_(self, **more: Any) -> Any:
        bundle = super()._repr_mimebundle_(**more)
        shown = bundle[0] if isinstance(bundle, tuple) else bundle
        shown["text/plain"] = repr(self)  # its own holds an address
        return bundle
