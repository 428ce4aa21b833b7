"""Notices about saving, printed in the main thread: a thread's print may land in another cell."""

import threading

_waiting: list[str] = []


def notify(text: str) -> None:
    """Print a notice now, or as soon as the main thread comes by; nothing where it is empty."""
    if text and text not in _waiting:
        _waiting.append(text)
    show_what_waits()


def show_what_waits() -> None:
    """Print what other threads had to say."""
    if threading.current_thread() is threading.main_thread():
        while _waiting:
            print(_waiting.pop(0))
