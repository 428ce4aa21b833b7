"""Which cells of a notebook show what is measured: that differs in every run, and is not compared.

nbval runs every cell, and compares what it shows with what is stored, unless the cell has the tag
``nbval-ignore-output``. So that nobody has to think of it, the tag follows from the code: a cell
has it exactly if it

* calls anything of ``cl`` or of a chapter that is not in ``STEADY``, or is a ``%%`` cell; or
* uses a name to which an earlier cell has given the result of such a call.

``make outputs`` writes the tags, and a rule of the notebooks holds them.
"""

import ast
from typing import Any

from tests.notebooks import Notebook, cells, parsed, tags

IGNORED = "nbval-ignore-output"
OF_NBVAL = {IGNORED, "raises-exception"}  # others hide a cell from a strict run, or do nothing

# What shows the same on every machine as long as it is given nothing measured: what is asked, what
# is only read, and what a program prints that has its own order.
STEADY = {
    "case_file", "check", "choose", "claim", "glossary", "hint", "panel", "predict", "pretest",
    "quiz", "recall", "show_source", "solution", "story", "used_to_think",
}  # fmt: skip


def measured_cells(notebook: Notebook) -> set[int]:
    """Return the numbers of the cells that show what is measured; all cells count, from 1."""
    found: set[int] = set()
    names: set[str] = set()  # what holds something measured
    roots = {"cl"}  # the library, and the chapters that were imported
    for number, cell in cells(notebook, "code"):
        tree = parsed(cell)
        if tree is None:
            found.add(number)
            continue
        for statement in tree.body:
            roots |= _chapters(statement)
            if _is_measured(statement, names, roots):
                found.add(number)
                names |= _bound(statement)
            else:
                names -= _bound(statement)
    return found


def _chapters(statement: ast.stmt) -> set[str]:
    """Return the names that an import gives to chapters."""
    if isinstance(statement, ast.ImportFrom) and statement.module == "conclib.chapters":
        return {alias.asname or alias.name for alias in statement.names}
    return set()


def _is_measured(statement: ast.stmt, names: set[str], roots: set[str]) -> bool:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
            return True
        of_ours = isinstance(node, ast.Attribute) and getattr(node.value, "id", "") in roots
        if of_ours and node.attr not in STEADY:
            return True
    return False


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives something to."""
    named = [node.id for node in ast.walk(statement)
             if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]  # fmt: skip
    return {*named, *filter(None, [getattr(statement, "name", None)])}


def tag(notebook: Notebook) -> None:
    """Give each cell the tag that it needs, and take it from those that do not, in place."""
    measured = measured_cells(notebook)
    for number, cell in cells(notebook, "code"):
        _set_tags(cell, [IGNORED] if number in measured else [])


def _set_tags(cell: dict[str, Any], wanted: list[str]) -> None:
    others = [each for each in cell["metadata"].get("tags", []) if not each.startswith("nbval-")]
    cell["metadata"].pop("tags", None)
    if others or wanted:
        cell["metadata"]["tags"] = [*others, *wanted]


def tagged_if_measured(notebook: Notebook) -> list[str]:
    """A cell is kept from being compared exactly if it shows what is measured."""
    measured, complaints = measured_cells(notebook), []
    for number, cell in cells(notebook, "code"):
        odd = {each for each in tags(cell) if each.startswith("nbval-")} - OF_NBVAL
        complaints += [f"cell {number}: the tag {each} means nothing here" for each in sorted(odd)]
        if (number in measured) != (IGNORED in tags(cell)):
            what = "lacks" if number in measured else "measures nothing, and has"
            complaints.append(f"cell {number}: {what} the tag {IGNORED}; `make outputs` sets it")
    return complaints
