"""The rules of a chapter, as plain functions.

A rule takes a notebook (the file's JSON) and returns complaints, each with the number of its cell;
an empty list is a pass. ``ALL`` names them, so that a test can run each over every stored notebook,
and can try each on a bad notebook made for it.
"""

import ast
import json
import re
import sys
from collections.abc import Callable

from conclib import chapters
from tests import reading
from tests.hiding import hiding_variables, module_names
from tests.house import PROBES
from tests.measured import tagged_if_measured
from tests.notebooks import (
    LANGUAGE,
    Notebook,
    cells,
    claim_homes,
    outputs,
    parsed,
    runs_elsewhere,
    source,
    tags,
    words,
)

NAME = re.compile(r"(\d\d_[a-z][a-z_]*|index)\.ipynb")

LONGEST_CELL = 10  # lines of code that are not blank
LONGEST_CORE = 40  # cells that are in no side room
MIN_PROSE = 0.4  # share of markdown cells
MAX_BYTES = 1_500_000

# A number with a unit of time or memory. A chapter's length in minutes is none of these.
NUMBER = re.compile(
    r"(?<![\w.])\d[\d.,]*(?:\s?[–-]\s?\d[\d.,]*)?[\s  ]?"
    r"(?:ns|µs|μs|us|ms|s|(?:nano|micro|milli)?seconds?|[kKMG]i?B|bytes|(?:kilo|mega|giga)bytes?)\b"
)
# Where such a number may stand: in a line that says whose it is.
SOURCED = re.compile(r"\(textbook\)|\]\(https?://")

# Names of things rather than results: the ruler's copy, and the page that Linux counts in.
NAMES = {"1 MB", "4 kB"}

# What a cell must not do itself: the notebook kernel never forks, never times, starts no thread.
BARRED_MODULES = {
    "_thread", "asyncio", "concurrent", "ctypes", "multiprocessing", "os", "pty", "resource",
    "signal", "subprocess", "threading", "time", "timeit",
}  # fmt: skip
OUTSIDE = {"conclib", "pandas"}
BARRED_MAGIC = re.compile(r"^\s*(!|%%?(time|timeit|prun|bash|sh|system|sx|script|cd|env)\b)", re.M)

PLACES = re.compile(
    r"(?<![\w.:/])/(?:root|home|Users|work|tmp|var|opt)/\w[^\s\"'<]*|\bat 0x[0-9a-f]{6,}"
)
IMG = re.compile(r"<img\b[^>]*>", re.I)
ALT = re.compile(r"""\balt\s*=\s*("[^"]*\w[^"]*"|'[^']*\w[^']*')""", re.I)

# The function, or the keyword, that takes an id, and the table that must hold it: one of the
# lessons' texts, or the chapters, claims and probes.
TAKES_ID = {
    "predict": "predictions",
    "predicted": "predictions",
    "choose": "choices",
    "check": "exercises",
    "practise": "practice",
    "wrap_up": "chapters",
    "hint": "exercises",
    "solution": "exercises",
    "mystery_race": "races",
    "story": "stories",
    "quiz": "chapters",
    "recall": "chapters",
    "case_file": "chapters",
    "used_to_think": "chapters",
    "glossary": "chapters",
    "verdict": "claims",
    "claim": "claims",
    "show_source": "probes",
    "panel": "probes",
}

Complaints = list[str]


def short_cells(notebook: Notebook) -> Complaints:
    """A code cell has ten lines at most."""
    sizes = [
        (n, sum(bool(line.strip()) for line in source(cell).splitlines()))
        for n, cell in cells(notebook, "code")
    ]
    return [f"cell {n}: {size} lines" for n, size in sizes if size > LONGEST_CELL]


def about_half_prose(notebook: Notebook) -> Complaints:
    """About half of the cells are markdown."""
    prose, code = len(list(cells(notebook, "markdown"))), len(list(cells(notebook, "code")))
    share = prose / max(prose + code, 1)
    return [] if share >= MIN_PROSE else [f"{share:.0%} of the cells are markdown"]


def short_core(notebook: Notebook) -> Complaints:
    """The core path, without the side rooms, has forty cells at most."""
    core = sum("side-room" not in tags(cell) for cell in notebook["cells"])
    return [] if core <= LONGEST_CORE else [f"{core} cells on the core path"]


ASKS = {"predict", "choose", "quiz", "recall", "pretest", "check", "practise"}
MEASURES = {
    "measure", "measure_many", "sweep", "observe", "story", "mystery_race", "ruler", "same_work",
    "clone_dial", "machine", "shoot", "freeze", "leave_unasked", "life",
}  # fmt: skip


def asks_or_measures(notebook: Notebook) -> Complaints:
    """A cell asks or measures, never both: one press too many would lose the prediction."""
    complaints = []
    for n, cell in cells(notebook, "code"):
        nodes = ast.walk(parsed(cell) or ast.Module([], []))
        calls = [node for node in nodes if isinstance(node, ast.Call)]
        calls = [call for call in calls if isinstance(call.func, ast.Attribute)]
        judged = {id(c) for c in calls if any(k.arg == "result" for k in c.keywords)}
        asks = {c.func.attr for c in calls if id(c) not in judged} & ASKS
        measures = {c.func.attr for c in calls} & MEASURES
        if asks and measures:
            complaints.append(f"cell {n}: {', '.join(sorted(asks | measures))}")
    return complaints


def few_words(notebook: Notebook) -> Complaints:
    """A cell shows few words unfolded: its prose, or what it puts out."""
    sizes = [
        (n, reading.words_shown(cell))
        for n, cell in enumerate(notebook["cells"], start=1)
        if not source(cell).startswith("| chapter |")  # the table of chapters grows
    ]
    return [f"cell {n}: {size} words" for n, size in sizes if size > reading.MAX_WORDS]


def minutes_are_true(notebook: Notebook) -> Complaints:
    """The opening states how long the core path takes, as it is computed, and at most 40."""
    said = reading.stated(notebook)
    if said is None:
        return []
    found = reading.minutes(notebook)
    print(f"{source(notebook['cells'][0]).splitlines()[0]}: {found:.0f} minutes, stated {said}")
    wrong = said != reading.rounded(found) or said > reading.MOST
    return (
        [f"about {found:.0f} minutes, stated are {said}, at most {reading.MOST}"] if wrong else []
    )


def few_definitions(notebook: Notebook) -> Complaints:
    """One code cell in ten may define a function."""
    code = [cell for _, cell in cells(notebook, "code")]
    defining = [
        cell
        for cell in code
        if (tree := parsed(cell)) and any(isinstance(n, ast.FunctionDef) for n in ast.walk(tree))
    ]
    too_many = len(defining) > max(1, len(code) // 10)
    return [f"{len(defining)} of {len(code)} cells define a function"] if too_many else []


def no_hiding_variables(notebook: Notebook) -> Complaints:
    """No variable of a comprehension hides a function or import (see ``hiding.py``)."""
    code = list(cells(notebook, "code"))
    trees = [(n, parsed(cell)) for n, cell in code]
    names = set().union(*(module_names(tree) for _, tree in trees if tree))
    found = [(n, hiding_variables(tree, names)) for n, tree in trees if tree]
    for n, cell in code:
        if runs_elsewhere(cell):
            own = ast.parse(source(cell).partition("\n")[2])
            found.append((n, hiding_variables(own, module_names(own))))
    return [f"cell {n}, {complaint}" for n, complaints in found for complaint in complaints]


def no_numbers_in_prose(notebook: Notebook) -> Complaints:
    """A number with a unit stands in a line marked ``(textbook)`` or with a link to its source."""
    return [
        f"cell {n}: {found.group()!r} in {line.strip()[:60]!r}"
        for n, cell in cells(notebook, "markdown")
        for line in source(cell).splitlines()
        if not SOURCED.search(line)
        for found in NUMBER.finditer(line)
        if found.group() not in NAMES
    ]


def has_outputs(notebook: Notebook) -> Complaints:
    """Every code cell was run, in order, and one that ends in an expression shows something."""
    complaints, due = [], 0
    for n, cell in cells(notebook, "code"):
        if not source(cell).strip():
            complaints.append(f"cell {n}: empty")
            continue
        due += 1
        if cell.get("execution_count") != due:
            complaints.append(f"cell {n}: run as {cell.get('execution_count')}, {due} was due")
        if _shows(cell) and not cell.get("outputs"):
            complaints.append(f"cell {n}: no output stored")
    return complaints


def _shows(cell: dict) -> bool:
    tree = parsed(cell)
    if tree is None:
        return True
    quiet = source(cell).rstrip().endswith(";")
    return bool(tree.body) and isinstance(tree.body[-1], ast.Expr) and not quiet


def no_errors(notebook: Notebook) -> Complaints:
    """No output is an error, and nothing was written to standard error."""
    return [
        f"cell {n}: {kind}: {text[-80:]!r}"
        for n, cell in cells(notebook, "code")
        if "raises-exception" not in tags(cell)
        for output in outputs(cell)
        for kind, text in output.items()
        if kind in ("error", "stderr")
    ]


def plain_metadata(notebook: Notebook) -> Complaints:
    """Kernel and language are Python, of no version; no widget state, no time stamps."""
    data = notebook["metadata"]
    complaints = [
        f"metadata: {name}" for name in data if name not in ("kernelspec", "language_info")
    ]
    if data.get("kernelspec", {}).get("name") != "python3":
        complaints.append(f"kernelspec: {data.get('kernelspec')}")
    if data.get("language_info") != LANGUAGE:
        complaints.append(f"language_info: {data.get('language_info')}; it must be {LANGUAGE}")
    for n, cell in enumerate(notebook["cells"], start=1):
        complaints += [f"cell {n}: metadata {name}" for name in cell["metadata"]
                       if name not in ("tags", "slideshow")]  # fmt: skip
    return complaints


def sound_ids(notebook: Notebook) -> Complaints:
    """It is notebook format 4.5, and each cell has an id of its own."""
    ids = [cell.get("id") for cell in notebook["cells"]]
    complaints = [f"cell {n}: no id" for n, name in enumerate(ids, start=1) if not name]
    complaints += [f"id {name!r} twice" for name in {i for i in ids if i and ids.count(i) > 1}]
    if (notebook["nbformat"], notebook["nbformat_minor"]) != (4, 5):
        complaints.append(f"format {notebook['nbformat']}.{notebook['nbformat_minor']}")
    return complaints


def no_places(notebook: Notebook) -> Complaints:
    """No output and no source names a folder of a machine, or an object's address."""
    return [f"{found.group()!r}" for found in PLACES.finditer(words(notebook))]


def only_public_names(notebook: Notebook) -> Complaints:
    """All goes through ``import conclib as cl`` or a chapter; the kernel starts, times nothing."""
    complaints = []
    for n, cell in cells(notebook, "code"):
        if runs_elsewhere(cell):
            continue
        complaints += [
            f"cell {n}: {m.group().strip()}" for m in BARRED_MAGIC.finditer(source(cell))
        ]
        for node in ast.walk(parsed(cell) or ast.Module([], [])):
            complaints += [f"cell {n}: {name}" for name in _wrong_imports(node)]
    return complaints


def _wrong_imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        if node.module == "conclib.chapters":
            return [a.name for a in node.names if not re.fullmatch(r"ch\d\d_\w+", a.name)]
        names = [(node.module or "", None)]
    elif isinstance(node, ast.Import):
        names = [(alias.name, alias.asname) for alias in node.names]
    else:
        return []
    return [name for name, alias in names if not _may_import(name, alias, type(node))]


def _may_import(name: str, alias: str | None, kind: type) -> bool:
    top = name.split(".", maxsplit=1)[0]
    if top == "conclib":
        return (name, alias, kind) == ("conclib", "cl", ast.Import)
    return top not in BARRED_MODULES and (top in OUTSIDE or top in sys.stdlib_module_names)


def pictures_have_words(notebook: Notebook) -> Complaints:
    """Every image has an alternative text, in outputs and in markdown."""
    complaints = []
    for n, cell in cells(notebook, "markdown"):
        complaints += [
            f"cell {n}: image without words" for _ in re.finditer(r"!\[\s*\]", source(cell))
        ]
        complaints += _wordless(n, source(cell))
    for n, cell in cells(notebook, "code"):
        for output in outputs(cell):
            complaints += _wordless(n, output.get("text/html", ""))
            bare = any(kind.startswith("image/") for kind in output)
            text = output.get("text/plain", "")
            if bare and "text/html" not in output and (not text or text.startswith("<")):
                complaints.append(f"cell {n}: a bare image, its text is {text!r}")
    return complaints


def _wordless(number: int, html: str) -> Complaints:
    return [f"cell {number}: {tag[:40]}" for tag in IMG.findall(html) if not ALT.search(tag)]


def small_file(notebook: Notebook) -> Complaints:
    """A notebook stays small enough to be read on a code-hosting site."""
    size = len(json.dumps(notebook))
    return [] if size <= MAX_BYTES else [f"{size / 1e6:.1f} MB"]


def ids_used(notebook: Notebook) -> list[tuple[int, str, str]]:
    """Return (cell, function or keyword, id) wherever a call is given the id of something."""
    found = []
    for n, cell in cells(notebook, "code"):
        for node in ast.walk(parsed(cell) or ast.Module([], [])):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                given = [(node.func.attr, value) for value in node.args[:1]]
                given += [(keyword.arg, keyword.value) for keyword in node.keywords]
                found += [(n, name, value.value) for name, value in given
                          if name in TAKES_ID and isinstance(value, ast.Constant)
                          and isinstance(value.value, str)]  # fmt: skip
    return found


def known_ids() -> dict[str, set[str]]:
    """Return every id that exists, by table."""
    found = {
        "chapters": set(chapters.known()),
        "claims": set(claim_homes()),
        "probes": PROBES,
    }
    for chapter in chapters.known().values():
        for table, entries in chapter.items():
            if isinstance(entries, dict):
                found.setdefault(table, set()).update(entries)
    return found


def unknown_ids(notebook: Notebook, known: dict[str, set[str]]) -> Complaints:
    """Return the ids that are not among the known ones of their table."""
    return [
        f"cell {n}: {function}({name!r})"
        for n, function, name in ids_used(notebook)
        if name not in known.get(TAKES_ID[function], set())
    ]


ALL: tuple[Callable[[Notebook], Complaints], ...] = (
    short_cells, no_numbers_in_prose, has_outputs, no_errors, plain_metadata, sound_ids,
    no_places, only_public_names, pictures_have_words, small_file, few_definitions,
    about_half_prose, short_core, no_hiding_variables, asks_or_measures, few_words,
    minutes_are_true, tagged_if_measured,
)  # fmt: skip
