"""A course of two notebooks, for tests of the student's copy of it."""

import json
import stat
from pathlib import Path

NAMES = ("00_one.ipynb", "index.ipynb")


def notebook(code: str) -> str:
    """Return a stored notebook with a cell of text and one of code, which has an output."""
    shown = {"output_type": "stream", "name": "stdout", "text": ["42"]}
    return json.dumps(
        {
            "cells": [
                {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Größe µs"]},
                {"cell_type": "code", "id": "b", "metadata": {"tags": ["x"]}, "source": [code],
                 "execution_count": 7, "outputs": [shown]},
            ],
            "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5,
        }
    )  # fmt: skip


def write(folder: Path, code: str) -> Path:
    """Write the course, or a new version of it, with this code; beside it what is no notebook."""
    (folder / "presenter").mkdir(parents=True, exist_ok=True)
    (folder / "presenter" / "00.md").write_text("for instructors")
    for name in NAMES:
        (folder / name).write_text(notebook(code), encoding="utf-8")
    return folder


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return what each file of a folder holds, by name, hidden ones too; ``None`` for all else."""
    return {
        path.name: path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else None
        for path in folder.iterdir()
    }
