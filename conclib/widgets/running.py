"""A panel that runs one thing at a time: Run begins it in a reader thread, Stop ends it.

What is run, a subclass says in ``run_now``; it also works without the thread, for code and tests.
"""

import threading

from conclib.results import ConclibError
from conclib.widgets import parts, words
from conclib.widgets.background import Background


class Running(parts.Shell):
    """The way in and out that such panels have in common.

    A subclass has a ``message``, a field of HTML; ``run_now(stop)``, which runs in this thread,
    shows what comes out and raises what goes wrong; and ``begun()``, which shows that it runs.
    """

    def __init__(self) -> None:
        self.background = Background()

    def run_now(self, stop: threading.Event | None = None) -> object:
        """Run in this thread until the end, or until ``stop`` is set."""
        raise NotImplementedError

    def begun(self) -> None:
        """Show that something runs now."""

    def say(self, text: str) -> None:
        """Show a message, and have it read out."""
        self.message.value = parts.announced(text)

    def begin(self) -> None:
        """Begin in the reader thread, and return at once; what is in the way is said."""
        try:
            stop = self.background.claim()
        except ConclibError as refusal:
            self.say(str(refusal))
            return
        self.begun()
        self.background.run(lambda: self._release_after(stop))

    def end(self) -> None:
        """Ask for the end."""
        if not self.background.stop():
            self.say(words.IDLE)

    def _release_after(self, stop: threading.Event) -> None:
        try:
            self.run_now(stop)
        finally:
            self.background.release()

    def close(self) -> None:
        """Stop what runs, and take the panel off the page."""
        self.background.close()
        super().close()
