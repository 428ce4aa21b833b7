"""``make soak``: the campaign of faults as this user and, from root, as an ordinary one too.

The campaign itself is in ``tests/soak``. Here its results become a section of the page.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.table import update
from conclib.lab import machines
from tests.soak.__main__ import FAULTS

ROOT = Path(__file__).resolve().parent.parent
HEADING = "## Faults survived"
WORDS = """\
`make soak` provokes faults drawn by chance from a seed, mixed, in workers, callers and files, and
holds each outcome against what is promised. After every run no process, thread, descriptor, name
in shared memory or temporary entry may be left. A run is wrong if anything else came of it. Over
all of them, the caller's memory and descriptors have to stay flat.
"""


def campaign(command: Sequence[str], runs: int, seed: int, folder: Path) -> dict[str, Any]:
    """Run one campaign by this command and return what it kept.

    Raises:
        RuntimeError: it ended without a result.
    """
    kept = folder / "result.json"
    kept.unlink(missing_ok=True)
    subprocess.run(
        [*command, "-m", "tests.soak", str(runs), str(seed), "--save", str(kept)],
        cwd=ROOT,
        check=False,
    )
    if not kept.exists():
        raise RuntimeError(f"{command}: the campaign ended without a result")
    return json.loads(kept.read_text())


def commands() -> list[list[str]]:
    """Return how to run Python as each user that this one can be."""
    mine = [sys.executable]
    return [mine, ["bash", ".ci/as_user", "python"]] if os.getuid() == 0 else [mine]


def wrong(tally: Mapping[str, Any], fault: str) -> int:
    """Return how many runs of a fault did not come as promised."""
    return len(tally["wrong"].get(fault, []))


def section(tallies: Sequence[Mapping[str, Any]], machine: str, date: str) -> str:
    """Return the page's section: a line for each fault, with the runs as each user.

    Args:
        tallies: what each campaign kept (see ``tests.soak.campaign.Tally``).
        machine: a machine's label, never a host name.
        date: ISO 8601.
    """
    users = [tally["user"] for tally in tallies]
    lines = [
        HEADING,
        "",
        WORDS,
        f"{machine}; {date}; seed {tallies[0]['seed']}.",
        "",
        "| fault | rows of the list | " + " | ".join(f"as {user}" for user in users) + " | wrong |",
        "|---|---|" + "---|" * (len(users) + 1),
    ]
    for fault in FAULTS:
        counts = [str(tally["runs"].get(fault.name, 0)) for tally in tallies]
        bad = sum(wrong(tally, fault.name) for tally in tallies)
        lines.append(f"| {fault.name} | {fault.rows} | {' | '.join(counts)} | {bad} |")
    totals = [str(sum(tally["runs"].values())) for tally in tallies]
    bad = sum(wrong(tally, fault.name) for tally in tallies for fault in FAULTS)
    lines.append(f"| **all** | | {' | '.join(totals)} | {bad} |")
    return "\n".join([*lines, "", *map(_steady, tallies), ""])


def _steady(tally: Mapping[str, Any]) -> str:
    """Say what became of the caller itself."""
    descriptors = sorted(set(tally["descriptors"]))
    memory = tally["memory"]
    return (
        f"The caller as {tally['user']}: {memory[0]:.0f} MB resident after the first run, "
        f"{memory[-1]:.0f} MB after the last; {' or '.join(map(str, descriptors))} descriptors: "
        f"{'flat' if tally['flat'] else '**not flat**'}."
    )


def main() -> int:
    """Run the campaigns, rewrite the section, and return 1 if a run was wrong or a caller grew."""
    runs, seed = (int(each) for each in (*sys.argv[1:3], *("500", "1")[len(sys.argv[1:3]) :]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)  # another user keeps a result here
        tallies = [campaign(command, runs, seed, folder) for command in commands()]
    today = datetime.date.today().isoformat()
    text = section(tallies, machines.label(), today)
    update(text)
    print(text)
    return 1 if any(tally["wrong"] or not tally["flat"] for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
