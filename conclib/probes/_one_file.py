"""One open file, which every task of a trial knows by the same number: open, read, rewind, close.

The number is a high one, so that it is nobody else's.
"""

from __future__ import annotations  # a worker may be an older Python

import os

FILE = 200  # the number of the open file, in each task's own list


def open_file(path):
    """Open a file anew, from its beginning, in place of the one that may be open."""
    fd = os.open(path, os.O_RDONLY)
    os.dup2(fd, FILE)
    os.close(fd)


def read(count):
    """Return the next letters of the open file."""
    return os.read(FILE, count).decode()


def rewind():
    """Go back to the beginning of the open file."""
    os.lseek(FILE, 0, os.SEEK_SET)


def close():
    """Close the open file."""
    os.close(FILE)
