"""The rules of the house, as plain functions on source text.

What a probe may import, who may start a process, what a public function must have, and
what must not stand in any file. ``test_house.py`` runs them.
"""

import ast
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "conclib"
MODULES = sorted(PACKAGE.rglob("*.py"))
PROBES = {path.stem for path in PACKAGE.glob("probes/[!_]*/[!_]*.py")}
LONGEST = 300  # lines of a module

# The packages and top-level modules, as the layers of import-linter's contract have them. That
# contract holds the direction of imports (pyproject.toml); here is what it cannot say.
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = SETTINGS["tool"]["importlinter"]["contracts"]
LAYERS = set(re.findall(r"conclib\.(\w+)", " ".join(CONTRACTS[0]["layers"])))
DOORS = {"__init__", "__main__"}

# The packages whose types are checked, and how: another setting of mypy lets something through.
TYPED = {"conclib/results", "conclib/worker", "conclib/lab", "conclib/textbook"}
STRICT = {
    "strict": True,
    "python_version": SETTINGS["project"]["requires-python"].removeprefix(">="),
    "follow_imports": "silent",
    "enable_error_code": ["ignore-without-code"],
}

# Ways to start a process. A worker is started in one room; a probe runs inside a worker.
STARTS = {"subprocess", "multiprocessing", "pty", "_posixsubprocess"}
STARTING_CALLS = re.compile(
    r"^(os\.(fork|forkpty|posix_spawn|posix_spawnp|spawn\w+|system|popen)"
    r"|asyncio\.create_subprocess_\w+|(concurrent\.futures\.)?ProcessPoolExecutor)$"
)
MAY_START = {"worker", "probes"}
HEAVY = ("matplotlib", "pandas", "numpy", "ipywidgets", "IPython", "msgspec")


@cache
def parsed(text: str) -> ast.Module:
    """Return the tree of a source text; each is asked for by several rules, and none changes it."""
    return ast.parse(text)


def name_of(path: Path) -> str:
    """Return a module's name below ``conclib``: ``lab.sampling``, ``worker.__init__``, ``cli``."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def imports(text: str, module: str) -> set[str]:
    """Return every module that a source imports, anywhere in it, as absolute dotted names."""
    package = ["conclib", *module.split(".")[:-1]]
    found = set()
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def wrong_imports(text: str, module: str) -> list[str]:
    """Return the imports that go out of a probe's small world, or from outside into a probe."""
    if module.startswith("probes."):
        return sorted(name for name in imports(text, module) if not _fits_a_probe(name))
    into = re.compile(r"conclib\.probes\.[a-z]")
    return sorted(name for name in imports(text, module) if into.match(name))


def _fits_a_probe(name: str) -> bool:
    """A probe knows the standard library and its neighbours' shared files, nothing else."""
    return (
        name.split(".", maxsplit=1)[0] in sys.stdlib_module_names
        or re.match(r"(conclib\.)?probes\._[a-z]", name) is not None
    )


def loosened(settings: dict) -> list[str]:
    """Return what is missing from mypy's settings, and what would let something through."""
    missing = [name for name, value in STRICT.items() if settings.get(name) != value]
    files = set(settings.get("files", ()))
    return sorted([*missing, *(TYPED - files), *(set(settings) - set(STRICT) - {"files"})])


def unexplained_ignores(text: str) -> list[str]:
    """Return the lines in which mypy is silenced without an error's code and a reason."""
    explained = re.compile(r"# type: ignore\[[\w-]+\] +(--|#) \w")
    return [
        line for line in text.splitlines() if "type: ignore" in line and not explained.search(line)
    ]


def of_other_tests(text: str) -> list[str]:
    """Return what a source imports from test modules: what several need stands in a helper."""
    return sorted(name for name in imports(text, "") if re.search(r"^tests\.(.*\.)?test_", name))


def process_starts(text: str) -> list[str]:
    """Return the ways to start a process that a source uses."""
    tree = parsed(text)
    found = {name for name in imports(text, "x") if name.split(".")[0] in STARTS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and STARTING_CALLS.match(ast.unparse(node)):
            found.add(ast.unparse(node))
    found |= {name for name in imports(text, "x") if STARTING_CALLS.match(name)}
    return sorted(found)


def public_functions(text: str) -> list[tuple[str, ast.FunctionDef]]:
    """Return the public functions and methods of a module with their names, not nested ones."""
    found = []
    for node in parsed(text).body:
        inner = [node, *(node.body if isinstance(node, ast.ClassDef) else [])]
        owner = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        functions = [x for x in inner if isinstance(x, ast.FunctionDef | ast.AsyncFunctionDef)]
        if not owner.startswith("_"):
            found += [(owner + x.name, x) for x in functions if not x.name.startswith("_")]
    return found


def undocumented(text: str) -> list[str]:
    """Return the public functions without a docstring."""
    return [name for name, node in public_functions(text) if not ast.get_docstring(node)]


def unhinted(text: str) -> list[str]:
    """Return the public functions with an argument or a result that has no type hint."""
    found = []
    for name, node in public_functions(text):
        every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        every += [extra for extra in (node.args.vararg, node.args.kwarg) if extra]
        bare = [a.arg for a in every if a.annotation is None and a.arg not in ("self", "cls")]
        if bare or node.returns is None:
            found.append(f"{name}({', '.join(bare)}{'' if node.returns else ' -> ?'})")
    return found


FORBIDDEN = {
    "an absolute path of somebody's machine": re.compile(
        r"(?<![\w.])/(?:root|home/\w+|Users/\w+|work)/(?!\.\.)\w"
    ),
    "a registry or a mirror": re.compile(
        r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|conda\.anaconda|artifactory|nexus|mirror)"
        r"[\w.-]*|--(?:extra-)?index-url",
        re.IGNORECASE,
    ),
    "a secret": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_\w{30,}"),
}


def forbidden(text: str) -> list[str]:
    """Return what must not stand in a file that others read."""
    return [
        f"{what}: {found.group()}"
        for what, pattern in FORBIDDEN.items()
        for found in pattern.finditer(text)
    ]


def untested(probes: set[str], tests: dict[str, str]) -> set[str]:
    """Return the probes that no test names, unless some test runs over the whole catalogue."""
    if any(re.search(r"parametrize\([^)]*catalogue\(\)", text) for text in tests.values()):
        return set()
    everything = "\n".join(tests.values())
    return {name for name in probes if not re.search(rf"[\"']{name}[\"']", everything)}


# What the engine must not know: it serves chapters that nobody has thought of yet.
ENGINE = {"lesson", "plots", "widgets", "lab", "textbook", "results"}
CHAPTER_NAME = re.compile(r"\d\d|ch\d\d_\w+|exercises_\w*")
# A probe's name that stands for something else: an event, a parameter's value, or the lab's own
# instruments, which are no subject of any chapter.
OTHER_MEANING = {
    "lesson.showing.stories": {"fork"},
    "plots.life_events": {"fork"},
    "lab.probe_files": {"phases"},
    "lab.variants": {"fork"},
    "lab.__init__": {"capabilities", "crash"},
    "lab.crashing": {"crash", "fates"},
    "lab.doctor": {"capabilities", "noise"},
    "lab.measuring": {"empty"},
}
SUBJECTS = re.compile(  # words of one chapter's subject; ``window.parent`` is a browser's word
    r"\b((?<!window\.)parent|MB)\b|\b[Cc]hapter \d"
)
BALLAST = re.compile(r"\bballast_")  # the parameter that chapter varies


def texts_in(text: str) -> list[str]:
    """Return every string in a source, but for docstrings."""
    tree = parsed(text)
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [n.value for n in strings if isinstance(n.value, str) and id(n) not in bare]


def names_of_chapters(text: str, module: str, probes: set[str]) -> list[str]:
    """Return the strings in a module of the engine that are a chapter's or a probe's name.

    In lesson, plots and widgets also those that speak of a chapter's subject.
    """
    package = module.split(".", maxsplit=1)[0]
    if package not in ENGINE:
        return []
    barred = probes - OTHER_MEANING.get(module, set())
    found = [word for word in texts_in(text) if word in barred or CHAPTER_NAME.fullmatch(word)]
    found += [word for word in texts_in(text) if BALLAST.search(word)]
    if package in ("lesson", "plots", "widgets"):
        found += [word for word in texts_in(text) if SUBJECTS.search(word)]
    return found
