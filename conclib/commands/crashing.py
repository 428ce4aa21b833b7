"""``conclib crash FAULT --in CONTAINER``: one of several goes wrong; who lives?

A name may be written with ``-`` for each space: ``null-pointer`` is ``"null pointer"``.
"""

import argparse
import json
import sys
from collections.abc import Iterable


def options(command: argparse.ArgumentParser) -> None:
    """Declare what may be given."""
    add = command.add_argument
    add("fault", metavar="FAULT", help="what goes wrong: null-pointer, say; a wrong name lists all")
    add("--in", dest="container", metavar="CONTAINER", default="thread",
        help="where: thread, process, executor, say; a wrong name lists all (thread)")  # fmt: skip
    add("--siblings", type=int, default=3, metavar="N", help="how many others, 1 to 7 (3)")
    add("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Run it, print what was seen, and return 0."""
    from conclib import plots
    from conclib.lab import crashing

    fault = _spelled(options.fault, crashing.all_faults())
    container = _spelled(options.container, crashing.all_containers())
    found = crashing.crash(fault, container, siblings=options.siblings)
    if found.source != "live":
        print(f"conclib: {found.notes[-1]}; this is a recording", file=sys.stderr)
    if options.json:
        named = {"fault": fault, "container": container, "summary": found.facts["summary"]}
        print(json.dumps({**found.to_json(), **named}))
    else:
        print(plots.lanes_text(found), found.facts["summary"], sep="\n\n")
    return 0


def _spelled(given: str, names: Iterable[str]) -> str:
    """Return the name that was meant where only its spaces are written in another way."""
    plain = given.replace("-", " ").casefold()
    return next((name for name in names if name.replace("-", " ").casefold() == plain), given)
