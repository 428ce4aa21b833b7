"""Programs that are started from their source: their run-time system compiles them by itself.

Java and Erlang do so in less than a second, and in memory, so nothing is built ahead and nothing
kept. Which Java is found is read from the file ``release`` that lies in each; nothing is started to
find out.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from conclib.models import toolchains
from conclib.results import Unavailable

OLDEST = 21  # the first Java with virtual threads
COMPILER = "jdk.compiler"  # the module without which Java runs no source
JAVA = (  # small, quick to start, and no file in the folder for temporary ones
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-Xmx768m",
)
ERLANG = ("+P", "1000000", "+Bi", "-noshell")  # so many tasks at most; no menu after a signal
LOAD = (  # what Erlang does first: compile the source that it is given, load it, run it
    "{ok, tasks, Code} = compile:file(hd(init:get_plain_arguments()), [binary]), "
    '{module, _} = code:load_binary(tasks, "tasks.erl", Code), tasks:main().'
)


class Java(NamedTuple):
    """A Java that was found: its program, its version in words, and what it has."""

    path: str
    version: str
    number: int
    compiler: bool


def java(source: Path) -> tuple[str, ...]:
    """Return the command that runs a source in the newest Java that is found here.

    Raises:
        Unavailable: none, none of version 21 or later, or none with a compiler.
    """
    paths = toolchains.candidates("java")
    if not paths:
        raise Unavailable(toolchains.missing("java"))
    found = [each for each in map(about_java, paths) if each is not None]
    suited = [each for each in found if each.number >= OLDEST and each.compiler]
    if not suited:
        seen = ", ".join(sorted({describe(each) for each in found})) or "one of no known version"
        raise Unavailable(
            f"a Java of version {OLDEST} or later with its compiler is needed, and what was found "
            f"is {seen}; to have it: {toolchains.INSTALL['java']}"
        )
    newest = max(suited, key=lambda each: each.number)
    return (newest.path, *JAVA, str(source))


def about_java(path: str) -> Java | None:
    """Return which Java a program is, from the file beside it; ``None`` if that does not say."""
    real = os.path.realpath(path)
    try:
        text = (Path(real).parent.parent / "release").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    said = dict(re.findall(r'^(\w+)="?([^"\n]*)', text, re.MULTILINE))
    version = said.get("JAVA_VERSION", "")
    number = re.match(r"\d+", version)
    if number is None:
        return None
    return Java(real, version, int(number.group()), COMPILER in said.get("MODULES", "").split())


def describe(found: Java) -> str:
    """Return which Java it is, in words."""
    return f"Java {found.version}" + ("" if found.compiler else " without a compiler")


def erlang(source: Path) -> tuple[str, ...]:
    """Return the command that runs a source in Erlang.

    Raises:
        Unavailable: it is not here.
    """
    found = toolchains.candidates("erlang")
    if not found:
        raise Unavailable(toolchains.missing("erlang"))
    return (found[0], *ERLANG, "-eval", LOAD, "-extra", str(source))


COMMANDS: dict[str, Callable[[Path], tuple[str, ...]]] = {".java": java, ".erl": erlang}
