"""Where each probe's file lies, and what it says of itself: read as text, never imported here.

A probe is asked for by its bare name, whatever folder it lies in.

``PROBE["kind"]`` names the kind of actor that a probe starts, which is how it is drawn. It is a
word, or, where a parameter decides, ``{parameter: {value: word}}``; the first value is the default.
"""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from conclib.results.arguments import Params

FOLDER = Path(__file__).resolve().parent.parent / "probes"
Kinds = str | Mapping[str, Mapping[object, str]]
OTHER = "other"  # a probe that starts no actor, or one that is not known here


@cache
def files(folder: Path) -> dict[str, Path]:
    """Return the file of each probe by its name, in alphabetical order.

    Args:
        folder: where the folders by topic lie: ``FOLDER``; another one for tests.

    Raises:
        ValueError: two probes have the same name.
        OSError: the folders cannot be read, as where no descriptor is left.
    """
    found: dict[str, Path] = {}
    topics = [path for path in _named(folder) if path.is_dir()]
    paths = [path for topic in topics for path in _named(topic) if path.suffix == ".py"]
    for path in sorted(paths, key=lambda each: (each.stem, each)):
        if path.stem in found:
            one, other = (each.relative_to(folder) for each in (found[path.stem], path))
            raise ValueError(f"{one} and {other}: two probes of one name; rename one of them")
        found[path.stem] = path
    return found


def _named(folder: Path) -> list[Path]:
    """Return what is in a folder and not shared by probes.

    Where it cannot be read this fails, while ``glob`` finds nothing then, from Python 3.13 on.
    """
    return [path for path in folder.iterdir() if not path.name.startswith("_")]


def module_of(probe: str) -> str:
    """Return the module that a worker loads a probe from: ``"topic.name"``."""
    path = files(FOLDER)[probe]
    return f"{path.parent.name}.{path.stem}"


def literal(tree: ast.Module, name: str = "PROBE") -> object:
    """Return the value of ``PROBE = {...}``, or of another name, in a parsed file; nothing is run.

    ``None`` where there is no such line.

    Raises:
        ValueError: it is there, but is no literal.
    """
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=found_name)], value=value) if found_name == name:
                found: object = ast.literal_eval(value)
                return found
    return None


@cache
def _declared(path: Path) -> Kinds:
    try:
        entry = literal(ast.parse(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, SyntaxError):
        return OTHER
    found: Kinds = entry.get("kind", OTHER) if isinstance(entry, dict) else OTHER
    return found


def kind_of(probe: str, params: Params | None = None) -> str:
    """Return what a probe starts: ``"process"``, ``"thread"``, ``"task"`` or ``"other"``.

    Args:
        probe: the probe's name; for one that has no file here, ``"other"``.
        params: its parameters, which may decide.
    """
    path = files(FOLDER).get(probe)
    declared = OTHER if path is None else _declared(path)
    if isinstance(declared, str):
        return declared
    ((param, kinds),) = declared.items()
    value = (params or {}).get(param, next(iter(kinds)))
    return kinds.get(value, OTHER)
