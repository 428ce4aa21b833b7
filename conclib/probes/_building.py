"""Building a program, inside the measuring process: with the first tool found that is new enough.

The tool gets a home and caches of its own in this process's private folder, which is removed with
all that is in it, and reaches no network. What it says is quoted where it fails.
"""

import os
import re
import subprocess

from . import _precautions, _refuse

SECONDS = 50  # for one run of a tool
MAX_TEXT = 1500  # characters of what a tool said


def report(params):
    """Build ``source`` into ``output``; return what built it.

    ``params``: tools (paths), arguments, settings, oldest, version, source, output.
    """
    folder = os.environ["TMPDIR"]
    environment = {name: text.format(folder=folder) for name, text in params["settings"].items()}
    environment = {"PATH": os.environ.get("PATH", os.defpath), "TMPDIR": folder, **environment}
    refused = []
    for tool in params["tools"]:
        version = usable(tool, params, environment, folder, refused)
        if version:
            names = {"source": params["source"], "output": os.path.join(folder, "built")}
            arguments = [each.format(**names) for each in params["arguments"]]
            said = run([tool, *arguments], environment, folder)
            if said.returncode:
                raise RuntimeError(f"{version}: {last(said.stdout)}")
            keep(names["output"], params["output"])
            return {"tool": tool, "version": version}
    raise _refuse.Unavailable("; ".join(refused))


def usable(tool, params, environment, folder, refused):
    """Return a tool's version if it is new enough; else note why it is not."""
    oldest = params["oldest"]
    try:
        said = run([tool, *params["version"]], environment, folder)
    except (OSError, subprocess.TimeoutExpired) as error:
        refused.append(f"{tool} does not start: {error}")
        return ""
    text = said.stdout.decode(errors="replace").strip()
    found = re.search(r"(\d+)\.(\d+)", text)
    if said.returncode or not found:
        refused.append(f"{tool} does not say its version: {last(said.stdout)}")
        return ""
    if tuple(map(int, found.groups())) < tuple(oldest):
        wanted = ".".join(map(str, oldest))
        refused.append(f"{tool} is too old: {text}; {wanted} or later is needed")
        return ""
    return text


def run(command, environment, folder):
    """Run a tool to its end; what it says comes in one piece."""
    return subprocess.run(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
        check=False,
        preexec_fn=_precautions.die_with_parent,
    )


def keep(built, output):
    """Copy what was built to where it is kept, whole, before anybody gives it its name there."""
    with open(built, "rb") as source, open(output, "wb") as copy:
        while piece := source.read(1 << 20):
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    os.chmod(output, 0o700)


def last(text):
    """Return the end of what a tool said."""
    return text.decode(errors="replace").strip()[-MAX_TEXT:]
