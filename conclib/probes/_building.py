"""Building a program, inside the measuring process: with the first tool found that is new enough.

The tool gets a home and caches of its own in this process's private folder, which is removed with
all that is in it, and reaches no network. What it says is quoted where it fails.
"""

import os
import re
import select
import stat
import subprocess
import time

from . import _precautions, _refuse

SECONDS = 50  # for all that tools do
MAX_TEXT = 1500  # characters of what a tool said


def report(params):
    """Build ``source`` into ``output``; return what built it, or why it could not be kept there.

    ``params``: tools (paths), arguments, settings, oldest, version, ask (seconds for a tool to
    say its version), source, output.
    """
    folder = os.environ["TMPDIR"]
    environment = {name: text.format(folder=folder) for name, text in params["settings"].items()}
    environment = {"PATH": os.environ.get("PATH", os.defpath), "TMPDIR": folder, **environment}
    refused, until = [], time.monotonic() + SECONDS
    for tool in params["tools"]:
        version = usable(tool, params, environment, folder, refused)
        if version:
            names = {"source": params["source"], "output": os.path.join(folder, "built")}
            arguments = [each.format(**names) for each in params["arguments"]]
            code, said = run([tool, *arguments], environment, folder, until - time.monotonic())
            if code:
                raise RuntimeError(f"{version}: {last(said)}")
            try:
                kept = keep(names["output"], params["output"])
            except OSError as error:  # the disk is full, say
                return {"refused": error.strerror}
            if not kept:
                raise RuntimeError(f"{version} has built no program: {last(said)}")
            return {"tool": tool, "version": version}
    raise _refuse.Unavailable("; ".join(refused))


def usable(tool, params, environment, folder, refused):
    """Return a tool's version if it is new enough; else note why it is not."""
    oldest = params["oldest"]
    try:
        code, said = run([tool, *params["version"]], environment, folder, params["ask"])
    except (OSError, TooLong) as error:
        refused.append(f"{tool} does not start: {error}")
        return ""
    text = last(said)
    found = re.search(r"(\d+)\.(\d+)", text)
    if code or not found:
        refused.append(f"{tool} does not say its version: {text}")
        return ""
    if tuple(map(int, found.groups())) < tuple(oldest):
        wanted = ".".join(map(str, oldest))
        refused.append(f"{tool} is too old: {text}; {wanted} or later is needed")
        return ""
    return text


class TooLong(RuntimeError):
    """A tool was not done in time."""


def run(command, environment, folder, seconds):
    """Run a tool to its end; return its exit code and the end of what it said."""
    child = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=_precautions.die_with_parent,  # noqa: PLW1509
    )
    try:
        said = heard(child, time.monotonic() + seconds)
        if child.poll() is None:
            raise TooLong(f"{' '.join(command[:2])} was not done after {seconds:.0f} s")
        return child.returncode, said
    finally:
        child.kill()  # whatever it has started goes with this measuring process
        child.wait()
        child.stdout.close()


def heard(child, until):
    """Take what a tool says until it has ended or its time is over; return the end of that.

    Who has inherited its output and lives on is not waited for.
    """
    poll, said = select.poll(), b""
    poll.register(child.stdout, select.POLLIN)
    while time.monotonic() < until:
        ended = child.poll() is not None
        if poll.poll(0 if ended else 20):
            piece = os.read(child.stdout.fileno(), 65536)
            said = (said + piece)[-4 * MAX_TEXT :]
            if piece:
                continue
            time.sleep(0 if ended else 0.01)  # it has closed its output
        if ended:
            break
    return said


def keep(built, output):
    """Copy what was built to where it is kept, whole, before anybody gives it its name there.

    Returns whether a program was built, and not something else, or nothing.
    """
    try:
        source = os.open(built, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    if not stat.S_ISREG(os.fstat(source).st_mode):
        os.close(source)
        return False
    with open(source, "rb") as program, open(output, "wb") as copy:
        while piece := program.read(1 << 20):
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    os.chmod(output, 0o700)
    return True


def last(text):
    """Return the end of what a tool said."""
    return text.decode(errors="replace").strip()[-MAX_TEXT:]
