"""The house: who may import whom, what a bare import brings in, and what every module must have.

The rules are in ``house.py``; each is also tried on a bad example: a check that cannot fail holds
nothing.
"""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hiding import hiding_variables, module_names
from tests.house import (
    CONTRACTS,
    DOORS,
    HEAVY,
    LAYERS,
    LONGEST,
    MAY_START,
    MODULES,
    PACKAGE,
    PROBES,
    ROOT,
    SETTINGS,
    forbidden,
    loosened,
    name_of,
    names_of_chapters,
    of_other_tests,
    parsed,
    process_starts,
    undocumented,
    unexplained_ignores,
    unhinted,
    untested,
    wrong_imports,
)
from tests.notebooks import claim_homes, claims_named, homes, stored_notebooks

PYTHON = ("conclib", "tests", "benchmarks")  # where our own Python files lie
TEXTS = {name_of(path): path.read_text() for path in MODULES}


def faults(rule: Callable[[str, str], object]) -> dict[str, object]:
    """Return by module what a rule finds; ``rule(text, name)`` gives nothing if all is well."""
    found = {name: rule(text, name) for name, text in TEXTS.items()}
    return {name: wrong for name, wrong in found.items() if wrong}


# The rules -----------------------------------------------------------------------------------
def test_there_is_something_to_check():
    assert len(MODULES) > 10
    assert faults(lambda text, name: name) == {name: name for name in TEXTS}


def test_a_probe_knows_the_standard_library_and_nobody_knows_a_probe():
    assert faults(wrong_imports) == {}


def test_every_package_is_in_a_layer():
    assert {name.split(".")[0] for name in TEXTS} <= LAYERS | DOORS


def test_only_a_worker_starts_processes():
    others = {name for name in TEXTS if name.split(".")[0] not in MAY_START}
    assert faults(lambda text, name: name in others and process_starts(text)) == {}


def test_a_module_is_short_and_says_what_it_is_about():
    assert faults(lambda text, _: text.count("\n") > LONGEST) == {}
    assert faults(lambda text, _: not ast.get_docstring(parsed(text))) == {}


def test_public_functions_have_docstrings_and_type_hints():
    typed = {name for name in TEXTS if not name.startswith("probes.")}  # theirs a contract fixes
    assert faults(lambda text, name: name in typed and unhinted(text)) == {}
    assert faults(lambda text, name: name in typed and undocumented(text)) == {}


def test_no_variable_of_a_comprehension_hides_what_its_module_has():
    """Row 71: notebooks are held to it in ``test_notebook_rules.py``."""
    found = {}
    for path in (path for top in PYTHON for path in (ROOT / top).rglob("*.py")):
        tree = parsed(path.read_text())
        found[str(path.relative_to(ROOT))] = hiding_variables(tree, module_names(tree))
    assert len(found) > 100
    assert {name: hiding for name, hiding in found.items() if hiding} == {}


def test_the_engine_names_no_chapter_and_no_probe():
    assert faults(lambda text, name: names_of_chapters(text, name, PROBES)) == {}


def test_nobody_imports_a_test_module():
    found = {path.name: of_other_tests(path.read_text()) for path in ROOT.glob("tests/**/*.py")}
    assert {name: names for name, names in found.items() if names} == {}


def test_types_are_checked_strictly():
    assert loosened(SETTINGS["tool"]["mypy"]) == []
    check = (ROOT / "Makefile").read_text().partition("\ncheck:")[2].partition("\n\n")[0]
    assert "\t$(BIN)/mypy\n" in check
    assert ".mypy_cache/" in (ROOT / ".gitignore").read_text().splitlines()
    assert ".mypy_cache" not in SETTINGS["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]


def test_an_error_of_types_is_silenced_for_a_reason_only():
    assert faults(lambda text, _: unexplained_ignores(text)) == {}


# The rules can fail --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "module, text",
    [
        ("lab.x", "from conclib.probes.create import fork"),
        ("inspecting.x", "from conclib.probes import create"),
        ("probes.create.fork", "import conclib.results"),
        ("probes.create.fork", "from . import pthread"),
        ("probes.create.fork", "from .pthread import body"),
        ("probes.create.fork", "from ..memory import first_write"),
        ("probes.create.fork", "import psutil"),
        ("probes._proc", "from conclib.probes.create import fork"),
    ],
)
def test_a_wrong_import_is_found(module, text):
    assert wrong_imports(text, module) != []


@pytest.mark.parametrize(
    "module, text",
    [
        ("results.x", "from conclib.results import errors\nfrom . import errors"),
        ("inspecting.x", "from conclib.probes import _proc\nfrom conclib.probes._proc import stat"),
        ("probes.create.fork", "import ctypes\nfrom .. import _proc\nfrom ctypes import util"),
        ("probes._ballast", "from . import _proc\nfrom ._proc import stat"),
        ("widgets.x", "from conclib import lab\nfrom conclib.lesson.texts import of"),
        ("cli", "from conclib import lab, results"),
    ],
)
def test_a_right_import_is_not(module, text):
    assert wrong_imports(text, module) == []


@pytest.mark.parametrize(
    "module, text",
    [
        ("lesson.x", "x = 'pthread'"),
        ("plots.x", "KINDS = {'fork': 1}"),
        ("lab.x", "def f():\n    return '04'"),
        ("widgets.x", "import_module('ch04_creation')"),
        ("lesson.x", "x = f'exercises_{n}'"),
        ("lesson.x", "x = 'No marks. Chapter 12 asks again.'"),
        ("lesson.x", "x = f'for each MB: {n}'"),
        ("lesson.x", "x = 'beside a small parent'"),
        ("plots.x", "x = f'{n:g} MB'"),
        ("widgets.x", "ax.set_xticks([0, 1], ['small parent', 'big parent'])"),
        ("lab.x", "x = f'Try ballast_mb={n}'"),
    ],
)
def test_a_name_that_the_engine_must_not_know_is_found(module, text):
    assert names_of_chapters(text, module, {"fork", "pthread"}) != []


@pytest.mark.parametrize(
    "module, text",
    [
        ("lesson.x", "def f():\n    'A parent forks.'\n    x = path.parent"),
        ("plots.x", "SCRIPT = 'window.parent.focus();'"),
        ("lesson.x", "x = 'forks are many'"),
        ("results.x", "x = 'MB'"),  # units belong to the quantities
        ("chapters.ch04_creation.verbs", "x = 'fork'"),
        ("lesson.showing.stories", "x = 'fork'"),
    ],
)
def test_what_the_engine_may_say_is_not(module, text):
    assert names_of_chapters(text, module, {"fork", "pthread"}) == []


@pytest.mark.parametrize(
    "text",
    [
        "import subprocess",
        "def f():\n    from multiprocessing import Process",
        "import multiprocessing.pool",
        "import os\nos.fork()",
        "import os\nstart = os.posix_spawn",
        "from os import fork",
        "import os\nos.system('ls')",
        "from concurrent.futures import ProcessPoolExecutor",
        "import asyncio\nasyncio.create_subprocess_exec('ls')",
    ],
)
def test_a_start_of_a_process_is_found(text):
    assert process_starts(text) != []


def test_what_starts_no_process_is_not():
    assert process_starts("import os, signal\nos.kill(1, 0)\nforked = os.getpid()") == []


@pytest.mark.parametrize(
    "text",
    [
        "from tests.test_lab import run",
        "from tests import test_lab",
        "import tests.chapters.test_ch04",
    ],
)
def test_an_import_of_a_test_module_is_found(text):
    assert of_other_tests(text) != []


def test_an_import_of_a_helper_is_not():
    assert of_other_tests("from tests.made_up import around\nfrom tests import leaks") == []


def test_a_bare_function_is_found():
    bad = 'def f(a, *, b: int):\n    return a\nclass C:\n    def m(self) -> int:\n        "Doc."\n'
    assert unhinted(bad) == ["f(a -> ?)"]
    assert undocumented(bad) == ["f"]
    assert undocumented("def _f(): pass\nclass _C:\n    def m(self): pass") == []


HIDING = {
    "a function": "def record(): pass\ndef f(x): return [record() for record in x]",
    "a class": "class Run: pass\nr = {Run for Run in x}",
    "an import": "import os.path\nr = {os: 1 for os in x}",
    "another name": "import pandas as pd\nr = (pd for pd in x)",
    "from an import": "from a import b\nr = [[b for _, (a, *b) in y] for y in x]",
    "an import under a condition": "if x:\n    try: import a\n    except E: pass\n[a for a in x]",
    "in a method": "import a\nclass C:\n    def m(self): return [a for a in self]",
    "a variable": (
        "A = (1, 2)\ndef f(x):\n    a = [A for A in x]\n    return [each in A for each in a]"
    ),
    "a variable under a condition": (
        "if x:\n    for A, B in y: pass\ndef f(x):\n    return A, {A for A in x}"
    ),
    "what is built in": "def f(x):\n    y = [id for id in x]\n    return [id(each) for each in y]",
    "in a function within": "def f(x):\n    def g(): return {id: 1 for id in x}\n    return id(g)",
    "in its own iterable": "def f(x):\n    return [set for set in set(x)]",
    "in a lambda": "f = lambda x: (len(x), [len for len in x])",
}


@pytest.mark.parametrize("text", HIDING.values(), ids=HIDING)
def test_a_variable_that_hides_something_is_found(text):
    """Row 71."""
    tree = parsed(text)
    assert len(hiding_variables(tree, module_names(tree))) == 1


def test_a_variable_that_hides_nothing_of_its_module_is_not():
    text = (
        "import a\ndef f(y):\n    import b\n    def c(): pass\n    return [a for b in y for c in b]"
    )
    tree = parsed(text)
    assert module_names(tree) == {"a", "f"}
    assert hiding_variables(tree, module_names(tree)) == []


BESIDE = {
    "another function uses it": "def f(x): return [id for id in x]\ndef g(x): return id(x)",
    "within it alone": "A = 1\ndef f(x): return [A + id for A, id in x if A > id]",
    "its own variable": "def f(x):\n    id = [id for id in x]\n    return id[0]",
    "its argument": "def f(id): return id, [id for id in x]",
    "in a second one": "def f(x): return [id for id in x], [id for id in x]",
}


@pytest.mark.parametrize("text", BESIDE.values(), ids=BESIDE)
def test_a_variable_beside_something_of_its_name_is_not(text):
    tree = parsed(text)
    assert hiding_variables(tree, module_names(tree)) == []


@pytest.mark.parametrize(
    "change, found",
    [
        ({"strict": False}, ["strict"]),
        ({"python_version": "3.13"}, ["python_version"]),
        ({"files": ["conclib/lab", "conclib/results", "conclib/worker"]}, ["conclib/textbook"]),
        ({"overrides": [{"module": "conclib.lab.*", "ignore_errors": True}]}, ["overrides"]),
        ({"disallow_any_generics": False}, ["disallow_any_generics"]),
        ({"follow_imports": "skip"}, ["follow_imports"]),
    ],
)
def test_a_loosened_check_of_types_is_found(change, found):
    assert loosened({**SETTINGS["tool"]["mypy"], **change}) == found


@pytest.mark.parametrize(
    "comment, good",
    [
        ("# type: ignore", False),
        ("# type: ignore[attr-defined]", False),
        ("# type: ignore -- not on Windows", False),
        ("# type: ignore[attr-defined] -- not on Windows", True),
        ("# type: ignore[attr-defined]  # not on Windows", True),
    ],
)
def test_a_silenced_error_needs_its_code_and_a_reason(comment, good):
    assert (unexplained_ignores(f"x = 1\ny = x.z  {comment}\n") == []) == good


# What a bare import brings in ----------------------------------------------------------------
def loaded_by(statement: str) -> set[str]:
    """Return the heavy modules that a fresh interpreter has loaded after a statement."""
    code = f"import sys\n{statement}\nprint(*(set({HEAVY}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return set(done.stdout.split())


def test_a_bare_import_is_light():
    assert loaded_by("import conclib") == set()
    assert loaded_by("import conclib, pandas") >= {"pandas", "numpy"}, "the check sees nothing"


def test_the_measuring_side_is_light():
    """`conclib measure` in a shell should not wait for what only a notebook needs."""
    assert loaded_by("import conclib.lab, conclib.textbook, conclib.cli") == set()


def test_every_public_name_exists():
    import conclib

    assert len(conclib.__all__) > 10
    for name in conclib.__all__:
        assert getattr(conclib, name) is not None
    with pytest.raises(AttributeError) as caught:
        conclib.mesure  # noqa: B018 -- asked for, and not used
    assert str(caught.value) == (
        "conclib has no 'mesure'. Did you mean 'measure'? help(cl) lists what it has."
    )


def test_no_module_takes_the_place_of_a_public_name():
    """A package that is imported becomes an attribute, and would hide the verb of its name."""
    import conclib

    assert "observe" in conclib.__all__
    assert {name_of(path).split(".")[0] for path in MODULES} & set(conclib.__all__) == set()


# The contracts of import-linter can fail ------------------------------------------------------
BAD = {
    "layers": {"results": "from conclib.lab import measure"},
    "layers, inside a function": {"results": "def f():\n    import conclib.lab"},
    "layers, for types": {
        "results": "import typing\nif typing.TYPE_CHECKING:\n    from conclib import lesson"
    },
    "layers, relative": {"results": "from ..worker import session"},
    "layers, sideways": {"plots": "from conclib.textbook import claims"},
    "pictures": {"plots": "from conclib import worker"},
    "panels": {"widgets": "from conclib import textbook"},
    "worker": {"lesson": "from conclib import worker"},
    "lab": {"lab": "from conclib.probes import _proc"},
    "public": {"lesson": "from conclib import measure"},
    "circles": {"lab": "from conclib.lab import y"},
}


def linted(folder: Path, bad: dict[str, str]) -> set[str]:
    """Return the names of the contracts that a small house breaks, with this text in a package."""
    inside = Path(folder, "conclib")
    for name in [*LAYERS, ""]:
        (inside / name).mkdir(parents=True, exist_ok=True)
        (inside / name / "__init__.py").touch()
    for module in {end for line in CONTRACTS[-1]["ignore_imports"] for end in line.split(" -> ")}:
        Path(folder, *module.split(".")).with_suffix(".py").touch()
    for package, text in bad.items():
        (inside / package / "x.py").write_text(text)
        (inside / package / "y.py").write_text(f"import conclib.{package}.x")
    for line in CONTRACTS[-1]["ignore_imports"]:
        source, target = line.split(" -> ")
        path = Path(folder, *source.split(".")).with_suffix(".py")
        path.write_text(f"{path.read_text()}import {target}\n")
    shutil.copy(ROOT / "pyproject.toml", folder)
    code = "from importlinter.cli import lint_imports as lint; exit(lint(no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )  # fmt: skip
    broken = {item["id"] for item in CONTRACTS if f"{item['name']} BROKEN" in done.stdout}
    assert done.returncode == bool(broken), done.stdout + done.stderr
    return broken


@pytest.mark.slow
@pytest.mark.parametrize("case", ["", *BAD])
def test_a_contract_is_broken_by_a_wrong_import_and_by_nothing_else(tmp_path, case):
    broken = linted(tmp_path, BAD.get(case, {}))
    assert case.split(",")[0] in broken if case else not broken


# The registry --------------------------------------------------------------------------------
def test_every_probe_is_tested():
    tests = {path.name: path.read_text() for path in Path(__file__).parent.rglob("test_*.py")}
    tests.pop(Path(__file__).name)
    assert len(PROBES) > 10
    assert untested(PROBES, tests) == set()


def test_every_probe_lies_in_the_folder_of_a_topic():
    """Elsewhere it would not be found."""
    assert {path.stem for path in PACKAGE.glob("probes/**/[!_]*.py")} == PROBES


def test_an_untested_probe_is_found():
    assert untested({"fork", "pthread"}, {"t": "measure('fork')"}) == {"pthread"}
    assert untested({"fork"}, {"t": '@parametrize("name", catalogue())'}) == set()


# The claims ----------------------------------------------------------------------------------
def test_every_claim_has_one_home_and_stands_in_it_once_that_is_built():
    chapters = {path.name[:2]: path for path in stored_notebooks()}
    assert len(claim_homes()) > 40
    for name, home in claim_homes().items():
        if home in chapters:
            assert name in claims_named(chapters[home]), f"{name} is not in {chapters[home].name}"


@pytest.mark.parametrize("home", ["", "4", "04 and 07", None])
def test_a_homeless_claim_is_found(home):
    with pytest.raises(ValueError, match=r"creation\.fork"):
        homes([{"id": "creation.fork", "home": home}])


def test_a_claim_with_two_homes_is_found():
    with pytest.raises(ValueError, match=r"creation\.fork"):
        homes([{"id": "creation.fork", "home": home} for home in ("04", "07")])


# What must not stand in the repository -------------------------------------------------------
def tracked() -> list[Path]:
    """Return the files under version control, and those that would be."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in sorted(set(listing.stdout.split("\n"))) if name]


def test_nothing_forbidden_stands_in_the_repository():
    found = {}
    for path in tracked():
        if path.is_file() and path != Path(__file__):
            text = path.read_bytes().decode(errors="ignore")
            if forbidden(text):
                found[str(path.relative_to(ROOT))] = forbidden(text)
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "cd /root/x",
        "open('/home/anna/course')",
        "/Users/anna/x",
        "https://files.pythonhosted.org/packages/x",
        "pip install --index-url http://local",
    ],
)
def test_what_is_forbidden_is_found(text):
    assert forbidden(text) != []


def test_what_is_allowed_is_not():
    assert forbidden("see https://example.org/home/ and ~/course, /dev/shm, /proc/self/fd") == []
