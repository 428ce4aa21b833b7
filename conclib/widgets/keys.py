"""The keyboard inside a panel: its keys are its own, and some of them lead into it and out of it.

JupyterLab reads single letters as commands: ``b`` makes a cell, ``d`` twice deletes one, and arrow
keys go to another cell, also while an answer's button has the focus. So a panel asks JupyterLab to
leave the keys of all its parts alone (``data-lm-suppress-shortcuts``, on each of them). Then:

    Tab             leads from the cell to its first part, past JupyterLab's own buttons for the cell
    Escape          leads back to the cell
    Shift+Enter     leads to the next cell; the panel's own cell does not run again
    arrow up, down  go from one answer to the next

They do so from a text field, too, whose own script lets no key out: so they are taken on the way in.
A picture that moves is a sealed frame, which can only ask to be left. From a table below it, and from
the bars around the notebook, where Tab leads in the end, Escape leads back to the cell as well.

This is a part of a panel that nobody sees. It also says what the panel asks, as the name of a
group, and which answer is pressed; and it sees to it that a message is read out once. Where there
is no JupyterLab around it, it changes no key.
"""

from typing import Any

import anywidget
import traitlets

FORM = "conclib-form"
FOCUSABLE = "conclib-focusable"  # text that can be given the focus; Tab passes it by
SCRIPT = """
const OPTIONS = "button.conclib-option";
const INSIDE = ["button", "input", "select", "summary", "a[href]"]
  .map((each) => `.conclib-form ${each}`).concat(".jp-OutputArea iframe").join();
const ACTIVE = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell.jp-mod-active";
const READ = 30000; // ms; an alert that is put back on the page later would be read out again

function leave(form, onwards) {
  const cell = form.closest(".jp-Cell");
  const to = (onwards && cell.nextElementSibling) || cell;
  if (!to.hasAttribute("tabindex")) to.tabIndex = -1;
  to.focus();
  to.scrollIntoView({ block: "nearest" });
}

function hear(event) {
  const way = event.data && event.data.conclib;
  const asks = (frame) => frame.contentWindow === event.source;
  const frame = [...document.querySelectorAll(".jp-Cell iframe")].find(asks);
  if (frame && (way === "back" || way === "onwards")) leave(frame, way === "onwards");
}

function back(event) {
  const at = event.target;
  if (event.key !== "Escape" || at.closest(".cm-editor, input, textarea, select")) return;
  const bar = at.closest(".lm-TabBar, .jp-StatusBar-Widget") || at === document.body;
  const cell = bar ? document.querySelector(ACTIVE) : at.closest(".jp-Cell");
  if (cell && cell !== at) leave(cell, false);
}

function enter(event) {
  const at = event.target;
  if (event.key !== "Tab" || event.shiftKey || !at.matches(".jp-Cell")) return;
  const first = [...at.querySelectorAll(INSIDE)].find((each) => each.checkVisibility());
  if (!first) return;
  first.focus();
  event.preventDefault();
}

function step(button, by) {
  const all = [...button.parentElement.querySelectorAll(OPTIONS)];
  const next = all[all.indexOf(button) + by];
  if (next) next.focus();
}

function mark(form) {
  for (const each of form.querySelectorAll(".conclib-focusable .widget-html-content"))
    each.tabIndex = -1; // ipywidgets gives the focus to this part of it
  for (const each of form.querySelectorAll("button, select, input, summary, a, [tabindex]"))
    each.dataset.lmSuppressShortcuts = "true";
  for (const each of form.querySelectorAll(OPTIONS))
    each.setAttribute("aria-pressed", each.classList.contains("mod-primary"));
  for (const each of form.querySelectorAll("[role=alert]:not([data-read])")) {
    each.dataset.read = "true";
    setTimeout(() => { each.removeAttribute("role"); each.removeAttribute("aria-live"); }, READ);
  }
}

function key(form, event) {
  const option = event.target.closest(OPTIONS);
  const arrow = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const out = event.key === "Escape" || (event.key === "Enter" && event.shiftKey);
  if (out && form.closest(".jp-Cell")) leave(form, event.key === "Enter");
  else if (arrow && option) step(option, arrow);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

if (!window.conclibKeys) {
  window.conclibKeys = true; // once a page
  window.addEventListener("message", hear);
  document.addEventListener("keydown", back);
  document.addEventListener("keydown", enter);
}

function render({ model, el }) {
  let tries = 0, watch, form;
  const keys = (event) => key(form, event);
  const begin = () => {
    form = el.closest(".conclib-form");
    if (!form) {
      if (tries++ < 200) setTimeout(begin, 50);
      return;
    }
    form.setAttribute("role", "group");
    form.setAttribute("aria-label", model.get("label"));
    form.addEventListener("keydown", keys, true);
    watch = new MutationObserver(() => mark(form));
    watch.observe(form, { subtree: true, childList: true, attributeFilter: ["class"] });
    mark(form);
  };
  begin();
  return () => {
    tries = 200;
    if (watch) watch.disconnect();
    if (form) form.removeEventListener("keydown", keys, true);
  };
}
export default { render };
"""


class Keys(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget has no types for mypy
    """The unseen part of a panel that looks after its keys.

    Attributes:
        label: what the panel asks or is; read out when somebody comes into it.
    """

    _esm = SCRIPT
    label = traitlets.Unicode("").tag(sync=True)

    def __repr__(self) -> str:
        return "keys of a panel"

    def _repr_mimebundle_(self, **more: Any) -> Any:
        bundle = super()._repr_mimebundle_(**more)
        shown = bundle[0] if isinstance(bundle, tuple) else bundle
        shown["text/plain"] = repr(self)  # its own holds an address
        return bundle
