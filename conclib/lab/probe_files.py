"""What can be measured: the probes, read from their files without running them.

A probe's ``PROBE`` is a literal, so ``ast.literal_eval`` reads it. The file itself is only ever
imported inside a worker.
"""

import ast
import keyword
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from conclib.lab import fact_forms, params, takes
from conclib.lab.params import Param
from conclib.models import programs
from conclib.results import arguments
from conclib.results.arguments import Params, Value
from conclib.results.errors import WorkerError
from conclib.results.probe_texts import FOLDER, files, literal

OWN = "own:"  # probes given as text are named own:NAME
MAX_PHASE = 60.0  # seconds
WHOLE = ("wait", "join")  # what timed="whole" means, for whichever probe has it


@dataclass(frozen=True)
class ProbeInfo:
    """What a probe file says of itself."""

    name: str
    title: str
    times: str | Mapping[Value, str]
    unit: str
    params: Mapping[str, Param]
    baseline: str
    needs: tuple[str, ...]
    packages: tuple[str, ...] = ()  # installed ones that it imports
    programs: Mapping[str, Mapping[Value, str]] = field(default_factory=dict)
    beside: tuple[str, ...] = ()  # files that it shares with others, and that are to be read, too
    text: str | None = None
    facts: Mapping[str, fact_forms.Form] = field(default_factory=dict)
    phases: Mapping[str, float] = field(default_factory=dict)
    takes: Mapping[str, ast.expr] = field(default_factory=dict)

    def taken(self, params: Params) -> dict[str, int]:
        """Return how much of each resource it takes with these parameters (see ``takes.py``)."""
        zero = dict.fromkeys(takes.RESOURCES, 0)
        return zero | {name: takes.amount(node, params) for name, node in self.takes.items()}

    def taking(self, name: str, params: Params) -> str:
        """Return the parameters that decide how much of a resource it takes, with their values."""
        return takes.used(self.takes[name], params) if name in self.takes else self.name

    def program(self, params: Params) -> str:
        """Return the name of the program that it needs with these parameters; empty if none."""
        found = [each.get(params[name], "") for name, each in self.programs.items()]
        return next(filter(None, found), "")

    @property
    def kind(self) -> str:
        """``"timed"``, or ``"facts"`` for a probe that reports instead."""
        return "facts" if self.unit == "facts" else "timed"

    def times_for(self, params: Params) -> str:
        """Say in words what is timed with these parameters."""
        return self.times if isinstance(self.times, str) else self.times[params["timed"]]

    def complete(self, given: Mapping[str, object]) -> dict[str, Value]:
        """Return all parameters, given ones checked and the others at their defaults.

        Raises:
            TypeError, ValueError: an unknown parameter or a value that is not allowed.
        """
        for name in given:
            if name not in self.params:
                known = ", ".join(self.params) or "no parameters"
                raise TypeError(
                    f"{name}={given[name]!r}: {self.name} takes {known}."
                    f"{arguments.nearest(name, self.params)}"
                )
        values = {
            name: param.check(self._whole(param, given[name])) if name in given else param.default
            for name, param in self.params.items()
        }
        self._check_needs(values)
        return values

    def _whole(self, param: Param, value: object) -> object:
        if param.name == "timed" and value == "whole":
            return next((choice for choice in param.choices if choice in WHOLE), value)
        return value

    def _check_needs(self, values: Params) -> None:
        for name, param in self.params.items():
            for other, allowed in param.goes_with(values[name]).items():
                if values[other] not in allowed:
                    raise ValueError(
                        f"{name}={values[name]!r}: goes only with {other}="
                        f"{' or '.join(map(repr, allowed))}, got {other}={values[other]!r}"
                    )
            if param.needs and values[name] and not values[param.needs]:
                raise ValueError(
                    f"{name}={values[name]!r}: Linux allows it only together with "
                    f"{param.needs}=1, got {param.needs}={values[param.needs]!r}"
                )


def _info(entry: Mapping[str, Any], text: str | None = None) -> ProbeInfo:
    return ProbeInfo(
        name=entry["name"],
        title=entry["title"],
        times=entry["times"],
        unit=entry["unit"],
        params={name: params.param(name, each) for name, each in entry["params"].items()},
        baseline=entry["baseline"],
        needs=tuple(entry["needs"]),
        packages=tuple(entry.get("packages", ())),
        programs=_programs(entry),
        beside=tuple(entry.get("beside", ())),
        text=text,
        facts=_facts(entry),
        phases=_phases(entry),
        takes=_takes(entry),
    )


def _takes(entry: Mapping[str, Any]) -> dict[str, ast.expr]:
    """Return what it declares to take, by resource."""
    declared = entry.get("takes", {})
    return {name: takes.parse(name, text, entry["params"]) for name, text in declared.items()}


def _programs(entry: Mapping[str, Any]) -> dict[str, Mapping[Value, str]]:
    """Return, for each parameter that decides it, which value needs which program.

    Raises:
        ValueError: it is no parameter, or no value that it allows.
    """
    declared: dict[str, Mapping[Value, str]] = entry.get("programs", {})
    for name, each in declared.items():
        allowed = entry["params"].get(name, {}).get("choices", ())
        for value in each:
            if value not in allowed:
                raise ValueError(f"programs.{name}: {value!r} is none of: {', '.join(allowed)}")
    return declared


def _facts(entry: Mapping[str, Any]) -> dict[str, fact_forms.Form]:
    """Return the declared type of each fact; a probe that reports must declare them."""
    declared = entry["facts"] if entry["unit"] == "facts" else {}
    return {name: fact_forms.parse(text) for name, text in declared.items()}


def _phases(entry: Mapping[str, Any]) -> dict[str, float]:
    """Return the named phases, each with its deadline in seconds."""
    phases = entry.get("phases", {})
    for name, seconds in phases.items():
        arguments.seconds(f"phases.{name}", seconds, MAX_PHASE, 0.01)
    return dict(phases)


@cache
def catalogue() -> dict[str, ProbeInfo]:
    """Return every probe by name, in alphabetical order.

    Raises:
        ValueError: a probe file is half written; the message names the file and what it lacks.
            Or two have the same name; the message names both.
        WorkerError: the files cannot be read now, as where no descriptor is left.
    """
    try:
        return {name: from_file(path) for name, path in files(FOLDER).items()}
    except OSError as failure:
        raise WorkerError(f"the probes cannot be read: {failure}") from None


def from_file(path: Path) -> ProbeInfo:
    """Return what a probe file says of itself.

    Raises:
        ValueError: it has no ``PROBE``, or one that lacks something, or another name.
    """
    try:
        entry = literal(ast.parse(path.read_text(encoding="utf-8")))
        if not isinstance(entry, dict):
            raise ValueError("it needs PROBE = {...}, a literal dictionary")
        info = _info(entry)
        if info.name != path.stem:
            raise ValueError(f"PROBE's name is {info.name!r}; it must be the file's, {path.stem!r}")
    except KeyError as error:
        raise ValueError(f"{path.name}: PROBE lacks {error}") from None
    except (ValueError, TypeError, AttributeError, SyntaxError) as error:
        raise ValueError(f"{path.name}: {error}") from None
    return info


def probe(name: object, kind: str = "timed") -> ProbeInfo:
    """Return the probe of this name; an unknown one is refused with the nearest name."""
    info = catalogue().get(name) if isinstance(name, str) else None
    if info is not None and info.kind != kind:
        verb, does = ("observe", "it reports") if kind == "timed" else ("measure", "it is timed")
        raise ValueError(f"probe={name!r}: {does}, so use cl.{verb}({name!r})")
    known = {each: info for each, info in catalogue().items() if info.kind == kind}
    return known[arguments.choice("probe", name, known)]


def source(name: str) -> str:
    """Return the text of a probe's file, of one beside it, or of a program that it looks at."""
    infos = catalogue().values()
    beside = {each for info in infos for each in info.beside}
    built = {each for info in infos for table in info.programs.values() for each in table.values()}
    built = {each for each in built if programs.has_source(each)}
    arguments.choice("name", name, [*catalogue(), *sorted(beside | built)])
    if name in built:
        return (programs.FOLDER / name).read_text(encoding="utf-8")
    path = FOLDER / f"{name}.py" if name in beside else files(FOLDER)[name]
    return path.read_text(encoding="utf-8")


def _own_entry(tree: ast.Module) -> Mapping[str, Any]:
    try:
        entry = literal(tree) or {}
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        entry = None
    if not isinstance(entry, dict):
        raise ValueError(
            "text: PROBE must be a plain dictionary, as {'title': 'My loop'}, with nothing in it "
            "that has to be run; it may also be left out"
        )
    return entry


def own_probe(name: str, text: str) -> ProbeInfo:
    """Return a probe given as text, after checking all that can be checked without running it.

    Raises:
        ValueError: it is no Python, or has no ``body(state, loops)``.
        TypeError: the text must be a str.
    """
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(
            f"name={arguments.shown(name)}: must be a name as for a variable, such as my_loop"
        )
    arguments.label("name", name)
    if not isinstance(text, str):
        raise TypeError(f"text={type(text).__name__}: a probe of your own is given as source text")
    try:
        tree = ast.parse(text, "<your probe>")
    except (RecursionError, MemoryError):  # how a parser's stack ends, by version
        raise ValueError("text: this is no Python: nested too deeply") from None
    except (SyntaxError, ValueError) as error:
        raise ValueError(f"text: this is no Python: {error}") from None
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    body = functions.get("body")
    if body is None or len(body.args.args) != 2:
        raise ValueError("text: a probe needs `def body(state, loops):` with the timed work in it")
    entry = _own_entry(tree)
    return ProbeInfo(
        name=OWN + name,
        title=str(entry.get("title", "Your own probe")),
        times=str(entry.get("times", "the body that you wrote")),
        unit="ns",
        params={},
        baseline="your baseline" if "baseline" in functions else "a loop around nothing",
        needs=(),
        text=text,
    )
