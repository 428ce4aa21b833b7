"""Two folders with a file of the same name: in one it holds big letters, in the other small ones."""

from __future__ import annotations  # a worker may be an older Python

import os
import shutil
import string
import tempfile
from contextlib import contextmanager

NAME = "letters"
LETTERS = {"big": string.ascii_uppercase, "small": string.ascii_lowercase}


@contextmanager
def folder():
    """Make them in a folder of the measuring process's own place for files; remove it afterwards."""
    place = os.path.realpath(tempfile.mkdtemp(prefix="share-"))
    try:
        for name, text in LETTERS.items():
            os.mkdir(f"{place}/{name}")
            with open(f"{place}/{name}/{NAME}", "w") as file:
                file.write(text)
        yield place
    finally:
        shutil.rmtree(place)
