"""The ``conclib`` command: thin, stable, and usable from scripts.

Exit codes: 0 only for a result; 1 when something could not be done here (the reason is said); 2
for bad usage. What is printed for people goes to standard output; ``--json`` prints one object.
"""

import os
import sys

from conclib.search_path import outside

# before anything else is looked for: no file of the folder that this is started in shall be run
sys.path[:] = outside(sys.path, os.environ.get("PYTHONPATH", ""))

# ruff: noqa: E402 -- hence these come after it
import argparse
from collections.abc import Sequence
from pathlib import Path

from conclib import __version__
from conclib.commands import crashing, listing
from conclib.results import ConclibError, arguments, hooks

CLEAR = "\r\033[K"  # back to the beginning of a terminal's line, and empty it
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="conclib", description="Learn processes and threads by measuring them."
    )
    parser.add_argument("--version", action="version", version=f"conclib {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (declare, _, text) in COMMANDS.items():
        declare(commands.add_parser(name, help=text))
    return parser


def _json_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _measure_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("probe", help="a name from `conclib list`")
    add("--set", action="append", default=[], metavar="K=V", dest="settings",
        help="one of the probe's parameters, such as ballast_mb=64; may be repeated")  # fmt: skip
    add("--budget", type=float, default=1.0, help="seconds of measuring (1)")
    add("--runs", type=int, help="fresh measuring processes (3)")
    add("--cpu", type=_number_or_text, metavar="N",
        help="pin to this CPU; `one` takes any that is allowed")  # fmt: skip
    add("--python", help="path of another Python for the measuring process")
    _json_options(command)


def _lab_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--folder", type=Path, help="where your copy lies (~/conclib-course)")
    add("--port", type=int, default=8888, help="a free one from here on is taken (8888)")
    add("--ip", default="127.0.0.1", help="a loopback address")
    add("--no-browser", action="store_true", help="print the address, open nothing")
    session = command.add_mutually_exclusive_group().add_argument
    session("--session", metavar="NAME",
            help="a store and a copy of its own, for a lecture or a class")  # fmt: skip
    session("--fresh", metavar="NAME",
            help="the same, begun anew; what it held is put aside")  # fmt: skip


def _inspect_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("pid", nargs="?", type=int, metavar="PID",
                         help="a process of yours (the command itself)")  # fmt: skip
    _json_options(command)


def _record_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("probe", nargs="?", help="this one alone (all of them)")
    command.add_argument("--budget", type=float, default=2.0, help="seconds for each run (2)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    if sys.stdout is None:  # closed: nobody would see a result
        return 1
    if hasattr(sys.stdout, "reconfigure"):  # a terminal without a µ shows something in its place
        sys.stdout.reconfigure(errors="replace")
    options = _parser().parse_args(argv)
    hooks.on_notice.listen(_notice)
    _, run, _ = COMMANDS[options.command]
    try:
        with hooks.asking("cli"):
            return run(options)
    except BrokenPipeError:  # the reader has seen enough: `conclib list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, TypeError) as error:
        print(f"conclib: {error}", file=sys.stderr)
        return 2
    except (ConclibError, OSError) as error:
        print(f"conclib: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("conclib: stopped", file=sys.stderr)
        return 130


def _notice(text: str) -> None:
    """Print what the user should see beside the result."""
    if sys.stderr is not None:
        print(f"conclib: {text}", file=sys.stderr)


def _doctor(options: argparse.Namespace) -> int:
    from conclib.chapters import overview

    report = overview.machine()
    print(report.dumps() if options.json else report)
    return 0


def _number_or_text(text: str) -> int | str:
    """Return a whole number where one was given; what is allowed, measuring knows."""
    try:
        return int(text)
    except ValueError:
        return text


def _setting(text: str) -> tuple[str, int | str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ValueError(f"--set {text}: must be K=V, such as ballast_mb=64")
    return name, _number_or_text(value)


def _settings(texts: Sequence[str]) -> dict[str, int | str]:
    """Return the parameters that were set, each once."""
    settings: dict[str, int | str] = {}
    for name, value in map(_setting, texts):
        if name in settings:
            raise ValueError(f"--set {name}={value}: given before, as {name}={settings[name]}")
        settings[name] = value
    return settings


def _measure(options: argparse.Namespace) -> int:
    from conclib.lab import measure
    from conclib.results import encoding

    settings = _settings(options.settings)
    reserved = {"probe", "budget", "runs", "cpu", "python", "on_progress", "stop"} & set(settings)
    if reserved:
        raise ValueError(f"--set {reserved.pop()}=...: this is no parameter of a probe")
    seen = sys.stderr is not None and sys.stderr.isatty()
    try:
        result = measure(
            options.probe,
            budget=options.budget,
            runs=options.runs,
            cpu=options.cpu,
            python=options.python,
            on_progress=_say_progress if seen else None,
            **settings,
        )
    finally:
        if seen:
            print(CLEAR, end="", file=sys.stderr, flush=True)
    if result.source != "live":
        print(f"conclib: {result.notes[-1]}; this is a recording", file=sys.stderr)
    print(encoding.dumps(result) if options.json else f"{result}\nTimed: {result.times}.")
    return 0


def _inspect(options: argparse.Namespace) -> int:
    import json

    from conclib.inspecting import inspect

    found = inspect(options.pid)
    if options.pid is None:
        _notice("no PID was given, so this is the process of this command itself")
    if options.json:
        for note in found.notes:
            _notice(note)
    print(json.dumps(found.to_json()) if options.json else found.text)
    return 0


def _say_progress(progress: hooks.Progress) -> None:
    """Keep one line of a terminal up to date, on standard error: the result stays alone."""
    line = f"{CLEAR}{progress.fraction:4.0%}  {progress.words}"
    print(line, end="", file=sys.stderr, flush=True)


def _lab(options: argparse.Namespace) -> int:
    from conclib.lesson.copying import jupyterlab, working_copy
    from conclib.lesson.store import sessions

    if options.ip not in LOOPBACK:
        raise ValueError(f"--ip {options.ip}: must be one of: {', '.join(LOOPBACK)}")
    arguments.integer("port", options.port, 1024, 65535)
    named = options.session if options.fresh is None else options.fresh
    session = sessions.current() if named is None else sessions.checked(named)
    folder = options.folder or working_copy.default_folder(session)
    folder = folder.expanduser().resolve()
    if options.fresh is not None:
        _put_aside(session, folder)
    for sentence in working_copy.refresh(folder):
        print(sentence)
    print(f"Your copy of the course: {folder}")
    command = jupyterlab.command(
        folder, ip=options.ip, port=options.port, browser=not options.no_browser
    )
    sys.stdout.flush()
    # becomes JupyterLab: no child of ours is left behind
    os.execve(sys.executable, command, jupyterlab.environment(session))


def _put_aside(session: str, folder: Path) -> None:
    """Put away what a session held before: its store and its copy of the course."""
    from conclib.lesson import store
    from conclib.lesson.store import sessions

    for place in (sessions.folder(store.course_home(), session), folder):
        aside = sessions.put_aside(place)
        if aside is not None:
            print(f"What {place} held is put aside as {aside.name}.")


def _record(options: argparse.Namespace) -> int:
    from conclib.chapters import overview
    from conclib.lab import recording

    tables = overview.recorded()
    for sentence in recording.record(tables, budget=options.budget, probe=options.probe):
        print(sentence, flush=True)
    return 0


COMMANDS = {  # how each declares its options, what runs it, and what it is for
    "doctor": (_json_options, _doctor, "what this machine is and what works on it"),
    "list": (_json_options, listing.run, "every probe, its parameters and what it times"),
    "measure": (_measure_options, _measure, "measure one probe"),
    "crash": (crashing.options, crashing.run, "let one of several go wrong, and see who lives"),
    "inspect": (_inspect_options, _inspect, "what lies where in a living process of yours"),
    "lab": (_lab_options, _lab, "open JupyterLab on your own copy of the course"),
    "record": (_record_options, _record, "measure the course's recorded runs anew"),
}

if __name__ == "__main__":
    sys.exit(main())
