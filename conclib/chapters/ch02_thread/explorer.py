"""The sharing explorer: choose a thing, who changes it and who looks; it is tried at once.

It is a shell over a plain function, :func:`tried`, which does the same for one choice.
"""

from typing import TYPE_CHECKING, Any

from conclib.chapters.ch02_thread import matrix
from conclib.lesson.showing.looked import Looked, recorded
from conclib.results import Cancelled, Observation, arguments
from conclib.widgets.running import Running

if TYPE_CHECKING:
    import ipywidgets

THINGS = (
    "memory", "open files", "file offset", "working directory", "umask", "reaction to signals",
    "environment", "limits", "pid", "user", "signal mask", "priority", "CPU set", "name",
)  # fmt: skip
TASKS = {called: name for name, called in matrix.CALLED.items()}
SAME = "Choose two different tasks: one changes, the other looks."
HEAD = ("thing", "changes", "from", "to", "looks", "found before", "found after", "so it is")
WORDS = {
    matrix.SHARED: "so it is one thing that both have",
    matrix.OWN: "so each has its own",
    matrix.DOUBT: "two witnesses disagree, so nothing follows",
    matrix.OPEN: "so it is not known",
}


def tried(
    thing: str, *, changes: str = "parent", looks: str = "thread", stop: Any = None
) -> Looked:
    """Have one task change a thing and another one look, before and after.

    ``thread.tried("memory", changes="forked child", looks="parent")``

    Args:
        thing: one of ``THINGS``.
        changes, looks: two of ``"parent"``, ``"thread"``, ``"forked child"``, ``"stranger"``.
        stop: an event; when it is set all is ended and ``Cancelled`` is raised.

    Raises:
        ValueError: no such thing or task, or one task twice.
    """
    from conclib import lab

    arguments.choice("thing", thing, THINGS)
    changer = TASKS[arguments.choice("changes", changes, TASKS)]
    arguments.choice("looks", looks, TASKS)
    if changes == looks:
        raise ValueError(f"looks={looks!r}: {SAME}")
    item = lab.observe("sharing", changes=changer, stop=stop)  # of all things: one recording each
    return Looked({"sharing": item}, sentence(item, thing, looks))


def sentence(item: Observation, thing: str, looks: str) -> str:
    """Say what was changed, what the one who looks found, and what follows.

    Args:
        item: an observation of ``sharing`` in which one task changes what all others look at.
        thing, looks: as for :func:`tried`.
    """
    cell = matrix.facts_of(item)["cells"][thing][TASKS[looks]]
    changes = matrix.CALLED[item.facts["changer"]]
    if cell["behaviour"] is None and cell["kcmp"] is None:
        return f"{thing}: the {changes} could not change it ({cell['why']}), {WORDS[cell['mark']]}."
    if cell["changer_before"] == cell["changer_after"]:  # nobody can change a number of a process
        found = f"the {changes} has {cell['changer_before']}, the {looks} {cell['before']}"
        return f"{thing}: {found}; {WORDS[cell['mark']]}."
    change = f"the {changes} changed {cell['changer_before']} to {cell['changer_after']}"
    found = f"the {looks} had {cell['before']} and found {cell['after']}"
    return f"{thing}: {change}; {found}; {WORDS[cell['mark']]}{also(cell)}."


def also(cell: Any) -> str:
    """Say what Linux answered, if it was asked."""
    return {None: "", True: " (kcmp: the same)", False: " (kcmp: not the same)"}[cell["kcmp"]]


def row(item: Observation, thing: str, looks: str) -> tuple[str, ...]:
    """Return one try as a row of the table."""
    cell = item.facts["cells"][thing][TASKS[looks]]
    changes = matrix.CALLED[item.facts["changer"]]
    return (thing, changes, cell["changer_before"], cell["changer_after"], looks, cell["before"],
            cell["after"], matrix.in_words(cell))  # fmt: skip


def explorer() -> "Explorer":
    """Show the explorer: choose a thing, who changes it, who looks; press Try it."""
    return Explorer()


class Explorer(Running):
    """Three lists, a button, a sentence, and a table of all that was tried."""

    def __init__(self) -> None:
        import ipywidgets

        from conclib.widgets import parts

        super().__init__()
        self.sentence = (
            "Sharing explorer: choose a thing, who changes it and who looks, then press Try it. "
            'In text: thread.tried("memory", changes="parent", looks="thread").'
        )
        self.rows: list[tuple[str, ...]] = []
        self.thing = _list("thing", THINGS, THINGS[0])
        self.changes = _list("who changes it", tuple(TASKS), "parent")
        self.looks = _list("who looks", tuple(TASKS), "thread")
        self.try_it = parts.button("Try it", "change it and look, really", self.begin, "primary")
        self.message, self.table = parts.html(), parts.html()
        lists = [self.thing, self.changes, self.looks, self.try_it]
        line = ipywidgets.HBox(lists, layout=parts.ROW)
        self.box = parts.form("sharing explorer", [line, self.message, self.table])

    def run_now(self, stop: Any = None) -> Looked:
        """Try what is chosen in this thread; raises what goes wrong, and says it before."""
        thing, changes, looks = self.thing.value, self.changes.value, self.looks.value
        try:
            found = tried(thing, changes=changes, looks=looks, stop=stop)
        except Cancelled:
            self.say("Stopped.")
            raise
        except Exception as error:
            self.say(SAME if SAME in str(error) else f"Not done: {error}")
            raise
        self._show(found, row(found.seen["sharing"], thing, looks))
        return found

    def _show(self, found: Looked, row: tuple[str, ...]) -> None:
        """Show what came out; the sentence last, for with it the panel looks ready for more."""
        from conclib.widgets import parts

        self.rows.append(row)
        self.table.value = parts.table([HEAD, *self.rows])
        self.say(found.sentence + recorded(found.seen))


def _list(label: str, options: tuple[str, ...], value: str) -> "ipywidgets.Dropdown":
    import ipywidgets

    from conclib.widgets import controls

    return ipywidgets.Dropdown(
        options=options, value=value, description=label, tooltip=label, style=controls.WORDS,
        layout={"width": "auto"},
    )  # fmt: skip
