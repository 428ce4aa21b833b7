"""Notices about saving, printed in the main thread: a thread's print may land in another cell."""

import threading

_unsaid: list[str] = []


def say(text: str) -> None:
    """Print a notice now, or as soon as the main thread comes by; nothing where it is empty."""
    if text and text not in _unsaid:
        _unsaid.append(text)
    say_what_waits()


def say_what_waits() -> None:
    """Print what other threads had to say."""
    if threading.current_thread() is threading.main_thread():
        while _unsaid:
            print(_unsaid.pop(0))
