"""Run the campaign and print its table: ``python -m tests.soak [RUNS [SEED]]``.

With ``--save FILE`` the result is kept as JSON, from which ``benchmarks/README.md`` is made.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from conclib import chapters
from conclib.lesson import registry
from tests.soak import callers, campaign, crashes, guarded, keeping, others, probes

FAULTS = [
    *probes.FAULTS, *callers.FAULTS, *keeping.FAULTS, *others.FAULTS, *crashes.FAULTS,
    *guarded.FAULTS,
]  # fmt: skip


def arguments() -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("runs", nargs="?", type=int, default=500, help="how many (500)")
    parser.add_argument("seed", nargs="?", type=int, default=1, help="where chance begins (1)")
    parser.add_argument("--crashes", action="store_true", help="crashes of a crew only")
    parser.add_argument("--save", type=Path, help="keep the result in this file")
    return parser.parse_args()


def say(number: int, name: str, wrong: list[str]) -> None:
    """Print a run that went wrong, and a sign of life."""
    if wrong:
        print(f"run {number}, {name}: {'; '.join(wrong)}", flush=True)
    elif number % 50 == 49:
        print(f"{number + 1} runs", flush=True)


def main() -> int:
    """Run the campaign in a temporary folder and a home of its own; 1 if anything was wrong."""
    options, start = arguments(), time.monotonic()
    folder = tempfile.mkdtemp(prefix="ct-")
    os.environ |= {"TMPDIR": folder, "CONCLIB_HOME": f"{folder}-home"}
    tempfile.tempdir = None
    registry.find_with(chapters)
    try:
        faults = crashes.FAULTS if options.crashes else FAULTS
        tally = campaign.run(faults, options.runs, options.seed, folder, say)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(f"{folder}-home", ignore_errors=True)
    if options.save:
        options.save.write_text(json.dumps({**vars(tally), "flat": tally.flat}))
    for name, count in tally.runs.items():
        print(f"{name:<42} {count:>4} runs, {len(tally.wrong.get(name, [])):>3} wrong")
    print(
        f"{tally.good} of {options.runs} as promised, as {tally.user}, in "
        f"{campaign.elapsed(start)}; memory {tally.growth:+.1f} MB, "
        f"descriptors {sorted(set(tally.descriptors))}"
    )
    if not tally.flat:
        print("This process did not stay flat.")
    return 0 if tally.good == options.runs and tally.flat else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("stopped")
