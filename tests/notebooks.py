"""The stored notebooks: their cells, sources, outputs and claims. And cells that are run."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "notebooks"

# What a notebook says of its language: what Python's kernel would, without the version. An export
# to a script takes its name from it, and an editor its colours.
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}

Notebook = dict[str, Any]


def stored_notebooks() -> list[Path]:
    """Return the stored notebooks, in order."""
    return sorted(FOLDER.glob("*.ipynb"))


def read(path: Path) -> Notebook:
    """Return a notebook as the plain data that its file holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell: dict) -> str:
    """Return a cell's source as one text."""
    return "".join(cell["source"])


def tags(cell: dict) -> set[str]:
    """Return a cell's tags."""
    return set(cell.get("metadata", {}).get("tags", []))


def cells(notebook: Notebook, kind: str) -> Iterator[tuple[int, dict]]:
    """Yield each cell of a kind with its number, which counts all cells from 1."""
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] == kind:
            yield number, cell


def runs_elsewhere(cell: dict) -> bool:
    """Tell whether a cell's body runs in a worker, not in the notebook kernel."""
    return source(cell).startswith(("%%probe", "%%sacrifice"))


def parsed(cell: dict) -> ast.Module | None:
    """Return the cell's code as a tree, without its line magics; ``None`` for a cell magic."""
    text = source(cell)
    if text.startswith("%%"):
        return None
    return ast.parse(re.sub(r"^[%!].*$", "pass", text, flags=re.M))


def outputs(cell: dict) -> Iterator[dict[str, str]]:
    """Yield each output as a mapping from kind (``text/html``, ``stdout``) to its text."""
    for output in cell.get("outputs", []):
        if output["output_type"] == "stream":
            yield {output["name"]: "".join(output["text"])}
        elif output["output_type"] == "error":
            yield {"error": "\n".join(output.get("traceback", []))}
        else:
            data = output["data"].items()
            yield {kind: item if isinstance(item, str) else _joined(item) for kind, item in data}


def _joined(item: Any) -> str:
    return "".join(item) if isinstance(item, list) else json.dumps(item)


def words(notebook: Notebook) -> str:
    """Return all sources and all text outputs of a notebook."""
    parts = [source(cell) for cell in notebook["cells"]]
    for _, cell in cells(notebook, "code"):
        parts += [text for output in outputs(cell) for kind, text in output.items()
                  if not kind.startswith("image/")]  # fmt: skip
    return "\n".join(parts)


def claim_homes() -> dict[str, str]:
    """Return the home chapter (``"04"``) of each claim, as ``data/claims.toml`` has it."""
    claims = tomllib.loads((FOLDER.parent / "data" / "claims.toml").read_text(encoding="utf-8"))
    return homes(claims["claim"])


def homes(claims: list[dict]) -> dict[str, str]:
    """Return each claim's home chapter; raises where one has none, or more than one."""
    found: dict[str, str] = {}
    for claim in claims:
        if claim["id"] in found or not re.fullmatch(r"\d\d", str(claim.get("home"))):
            raise ValueError(f"{claim['id']}: home={claim.get('home')!r}, twice or no chapter")
        found[claim["id"]] = claim["home"]
    return found


def claims_named(path: Path) -> set[str]:
    """Return the claim ids (``creation.fork``) that a notebook's sources and outputs name."""
    return set(re.findall(r"\b[a-z]+(?:\.[a-zA-Z0-9]+)?\b", words(read(path)))) & set(claim_homes())


def run_cells(*cells: str) -> Any:
    """Run cells in a fresh notebook kernel; an error stays in the cell's output."""
    import asyncio

    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    client = NotebookClient(book, timeout=60, kernel_name="python3")
    try:
        asyncio.run(client.async_execute())  # its own event loop, closed at the end
    except CellExecutionError:
        return client.nb
    return client.nb
