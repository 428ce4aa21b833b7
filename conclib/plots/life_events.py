"""What may happen in a story, and how each thing is put into words beside its mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conclib.plots import style
from conclib.results import arguments

BEGIN = ("fork", "thread")  # somebody begins here, as a branch of whom it happens to
END = ("exit", "fault", "killed")
WHATS = ("start", "print", *BEGIN, "exec", "acquire", "release", "ask", "wait", "note", *END)
LOCK = "the lock"  # where an event does not say which
MAX_LETTERS = 36  # letters of a label; the narration has the whole text


@dataclass(frozen=True)
class Event:
    """One thing that happened: when (a whole number, only its order counts), to whom, what.

    Attributes:
        t, who, what: these three; ``what`` is one of ``WHATS``.
        text: what belongs to it: what was printed, an exit code, whom a fork made, which lock.
        narration: the sentence that tells it; empty for a plain one.
        kind: what ``who`` is: a process, a thread or a task.
    """

    t: int
    who: str
    what: str
    text: str = ""
    narration: str = ""
    kind: str = style.PROCESS.name

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Event":
        """Build an event from plain data, refusing what is not one."""
        arguments.integer("t", data.get("t"), 0, 10**9)
        arguments.choice("what", data.get("what"), WHATS)
        kind = arguments.choice("kind", data.get("kind", style.PROCESS.name), style.KINDS)
        texts = {name: str(data.get(name, "")) for name in ("who", "text", "narration")}
        if not texts["who"]:
            raise ValueError(f"who={data.get('who')!r}: every event says to whom it happened")
        return cls(t=data["t"], what=data["what"], kind=kind, **texts)

    @property
    def sentence(self) -> str:
        """What happened, as a sentence."""
        more, lock = f" ({self.text})" if self.text else "", self.text or LOCK
        words = {
            "start": "starts",
            "print": f"prints “{self.text}”",
            "fork": "calls fork: from here on there is one process more",
            "thread": "starts a thread",
            "exec": f"becomes another program: {self.text or 'exec'}",
            "acquire": f"takes {lock}",
            "release": f"gives {lock} back",
            "ask": f"asks for {lock}, and waits",
            "note": f"notes: {self.text}",
            "wait": f"waits for {self.text or 'its child'} to end, and collects it",
            "exit": f"ends{more}",
            "fault": f"crashes{more}",
            "killed": f"is killed{more}",
        }
        who = f"The {self.who}" if self.who.isalpha() else self.who[0].upper() + self.who[1:]
        return self.narration or f"{who} {words[self.what]}."

    @property
    def label(self) -> str:
        """What stands beside its mark."""
        lock = self.text or LOCK
        short = {
            **dict.fromkeys(("start", "print", "note"), self.text),
            **{what: what for what in BEGIN},
            "acquire": f"takes {lock}",
            "release": "lets go",
            "ask": f"asks for {lock}",
            "wait": "",  # a bracket says it
        }
        text = " ".join(short.get(self.what, f"{self.what} {self.text}").split())
        return text if len(text) <= MAX_LETTERS else text[: MAX_LETTERS - 1] + "…"
