"""The course as a whole: all chapters in a table, and what they hand down to the lab.

The lab knows no chapter. What is recorded for them, and what a machine must be able to do for them,
stands in each ``chapter.toml``; of chapters to come, in ``to_come.toml``.
"""

from typing import Any

from conclib import chapters
from conclib.lab import MachineReport, doctor
from conclib.lesson import registry


def to_come() -> dict[str, dict[str, Any]]:
    """Return title and needs of the chapters that are still to come, by number."""
    from conclib.lesson.words_forms import files

    return files.to_come(chapters.FOLDER / "to_come.toml")


def planned() -> dict[str, registry.Words]:
    """Return title and needs of every chapter by number, those that are to come included."""
    return dict(sorted({**to_come(), **chapters.known()}.items()))


def needs() -> dict[str, str]:
    """Return for each feature of a machine which chapter needs it: ``"04: native threads"``."""
    return {
        feature: f"{number}: {words}"
        for number, chapter in planned().items()
        for feature, words in chapter.get("needs", {}).items()
    }


def recorded() -> list[dict[str, Any]]:
    """Return what each chapter wants recorded, as ``lab.recording`` takes it."""
    return [words["recorded"] for words in planned().values() if "recorded" in words]


def machine() -> MachineReport:
    """Look at this machine: what it is, how steady, and what can be measured (about half a second).

    Each feature is tried in a worker. What does not work here is named with the chapter that needs
    it, and is shown from recordings there.
    """
    return doctor.machine(needs())
