"""``python -m tests.generate``: write the tables of chapters, in README.md and in the index, anew.

What a table holds comes from the chapters' own words. A test holds that it is fresh, so that a new
chapter needs no hand in either file. ``make outputs`` does this first.
"""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from conclib.chapters import known, overview
from tests.notebooks import FOLDER

README = FOLDER.parent / "README.md"
INDEX = FOLDER / "index.ipynb"
HEAD = ["| chapter | question | state |", "|---|---|---|"]
TABLE = re.compile(re.escape("\n".join(HEAD)) + r"(\n\|[^\n]*\|)+")


def table(name: Callable[[str], str] = str) -> str:
    """Return the table of chapters in Markdown; ``name`` writes a chapter's number."""
    ready = known()
    rows = [
        f"| {name(number)} | {words['title']} | {'ready' if number in ready else 'planned'} |"
        for number, words in overview.planned().items()
    ]
    return "\n".join([*HEAD, *rows])


def linked(number: str) -> str:
    """Return a chapter's number as a link to its notebook, once there is one."""
    file = next(FOLDER.glob(f"{number}_*.ipynb"), None)
    return f"[{number}]({file.name})" if file else number


def readme(text: str) -> str:
    """Return the text of README.md with a fresh table."""
    return _renewed(text, table())


def index(text: str) -> str:
    """Return the index notebook's JSON with a fresh table in the one cell that holds it."""
    book = json.loads(text)
    (cell,) = [cell for cell in book["cells"] if TABLE.search("".join(cell["source"]))]
    renewed = _renewed("".join(cell["source"]), table(linked))
    cell["source"] = renewed.splitlines(keepends=True)
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _renewed(text: str, fresh: str) -> str:
    renewed, count = TABLE.subn(lambda _: fresh, text)
    if count != 1:
        raise ValueError(f"text: holds {count} tables of chapters; it must hold one")
    return renewed


FILES: dict[Path, Callable[[str], str]] = {README: readme, INDEX: index}


def main() -> int:
    """Write what is not fresh, and name it."""
    for path, renew in FILES.items():
        old = path.read_text(encoding="utf-8")
        if (new := renew(old)) != old:
            path.write_text(new, encoding="utf-8")
            print(f"{path.name} is renewed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
