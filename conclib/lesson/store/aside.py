"""What stands in a student's files and is no record: nothing of it is lost, and it is said once.

A *line* that is no record stays where it is. A copy of it goes to ``NAME.set-aside``, and whatever
has a copy there has been reported: that is how the next notebook kernel knows. (Of a file with more
than 32 MB of such lines only the first are copied and reported.) A link, a folder or a pipe in the
place of a *file* is renamed to ``NAME.set-aside-1``, so that saving can go on.
"""

from collections.abc import Sequence
from pathlib import Path

from conclib.lesson.store import lines, records
from conclib.lesson.store.reader import Bad
from conclib.results import paths


def put_away(path: Path) -> str:
    """Rename what stands in a file's place and is no ordinary file.

    Returns:
        What to tell the student; nothing where all is well.

    Raises:
        OSError: it cannot be renamed.
    """
    kind = paths.kind_at(path)
    if not kind:
        return ""
    place = paths.set_aside(path)
    return f"{path.name} was {kind}, not an ordinary file. It is set aside as {place.name}."


def report(path: Path, bad: Sequence[Bad], may_write: bool) -> str:
    """Copy lines that are no records to the file beside it, unless they are there already.

    Args:
        path: the file they stand in; ``bad``: the lines.
        may_write: whether its lock is held.

    Returns:
        What to tell the student; nothing where all are known.
    """
    place, copied = path.with_name(f"{path.name}.set-aside"), ""
    try:
        new = _unknown(place, bad, records.longest(path.name))
        if new and may_write:
            lines.append(place, [item.text for item in new])
            copied = f"; a copy is in {place.name}"
    except OSError:
        new = list(bad)
    return _sentence(path.name, new, copied) if new else ""


def _sentence(name: str, new: Sequence[Bad], copied: str) -> str:
    what, are, stay = new[0].place, "is", "It stays"
    if len(new) > 1:
        what, are, stay = f"{what} and {len(new) - 1} more", "are", "They stay"
    return (
        f"{name}: {what} cannot be read and {are} skipped ({new[0].reason}). {stay} there{copied}."
    )


def _unknown(place: Path, bad: Sequence[Bad], longest: int) -> list[Bad]:
    """Return those of which there is no copy yet, each text once; a copy has so many bytes."""
    new: dict[bytes, Bad] = {}
    for item in bad:
        new.setdefault(item.text, item)
    try:
        with lines.reading(place) as file:
            for line in lines.each(file, longest):
                new.pop(line.text, None)
    except FileNotFoundError:
        pass
    return list(new.values())
