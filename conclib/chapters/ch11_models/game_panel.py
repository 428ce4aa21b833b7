"""The scheduling game on the page: press who is on next; run your play for real when it is over.

A thin shell over plain functions: ``conclib.models.game`` plays, ``game_words`` says,
``game_drawing`` draws and ``game_run`` runs. Keys: a letter for a task, a full stop for nobody,
Backspace for one tick back, Home to begin again. With two CPUs a letter chooses, and the full stop
ends the tick.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import ipywidgets

from conclib.chapters.ch11_models import game_drawing, game_pictures, game_run, game_words
from conclib.chapters.ch11_models.game_keys import Letters
from conclib.models import game
from conclib.probes import _cards
from conclib.results import Cancelled, Observation
from conclib.widgets import parts
from conclib.widgets.running import Running

HOW = (
    "Who is on in the next tick? Press a task, or its letter. More keys: the full stop for nobody, "
    "Backspace for one tick back, Home to begin again."
)
CHOOSE = "Choose up to two tasks, by their letters too, then press Next tick, or the full stop."
NOT_OVER = "Play to the end first: a play is run as a whole."
RUNNING = "Running your play, then the same cards under Linux."
STOPPED = "Stopped. Nothing is shown of this run."
SOLUTION = "a play at par"
SOLVED = "A play at par, not yours: {}. Take ticks back to see how it came about."
BEGINNING = "This is the beginning."
SUFFIXES = {"C": "", "W": ", waits", "B": ", blocks", "-": ", done"}
FIRST = 1  # the level that is played before the rules are compared
PRESSED = "conclib-game-"  # class of a button that a key presses


class SchedulerGame(Running):
    """The board on the page.

    Attributes:
        play: what has been played so far.
        chosen: with two CPUs, who has been chosen for the next tick.
    """

    def __init__(
        self, level: int | game.Level = 1, *, cpus: int = 1, face_down: bool = False
    ) -> None:
        super().__init__()
        self.play = game.Play(game_run.level_of(level, cpus))
        self.chosen: tuple[str, ...] = ()
        self._level: object = level  # what it was asked for by: a number, or a level of one's own
        self._solved: game.Play | None = None
        self._guard = threading.RLock()
        self.sentence = " ".join(
            ["You are the scheduler.", game_words.goal_text(self.play.level),
             game_words.state_text(self.play, face_down)]
        )  # fmt: skip
        self._make(face_down)
        self.show()

    def _make(self, face_down: bool) -> None:
        """Make all parts, and put them one below the other."""
        self.goal, self.board, self.state = parts.html(), parts.html(), parts.html()
        self.message, self.rules = parts.html(), parts.html()
        self.ran, self.code = parts.html(), parts.html()
        self._make_buttons()
        self.hidden = _checkbox("cards face down", face_down, self.show)
        self.two = _checkbox("two CPUs", self.play.level.cpus == 2, self._begin_level)
        row = lambda *items: ipywidgets.HBox(items, layout=parts.ROW)  # noqa: E731
        self.box = parts.form(
            "you are the scheduler",
            [self.goal, self.board, self.state, row(*self.tasks.values(), self.next, self.back),
             self.message, row(self.again, self.solution, self.another, self.two, self.hidden),
             row(self.run, self.stop), self.rules, self.ran, self.code, self._keys()],
        )  # fmt: skip

    def _make_buttons(self) -> None:
        make = parts.button
        self.tasks = {name: make(name, "", partial(self.press, name)) for name in _cards.NAMES}
        self.next = make("Nobody", "nobody is on in the next tick", self.tick)
        self.back = make("One tick back", "take the last tick back", self.go_back)
        self.again = make("Begin again", "the same level from tick 1", self.restart)
        self.another = make("Another level", "the next one, without end", self.go_on)
        self.solution = make("Show one at par", "a play that needs the fewest", self.solve)
        self.run = make("Run mine for real", "by another process", self.begin, "primary")
        self.stop = make("Stop", "end what runs", self.end)

    def _keys(self) -> Letters:
        """Give each button the class by which its key finds it."""
        keyed = {**{name.lower(): each for name, each in self.tasks.items()},
                 ".": self.next, "Backspace": self.back, "Home": self.again}  # fmt: skip
        names = {key: f"{PRESSED}{'dot' if key == '.' else key.lower()}" for key in keyed}
        for key, each in keyed.items():
            each.add_class(names[key])
        return Letters(presses=names, layout={"display": "none"})

    # Playing -----------------------------------------------------------------------------------
    def press(self, name: str) -> None:
        """Put a task on; with two CPUs, choose it for the next tick, or take that back."""
        if self.play.level.cpus == 1:
            self._move(name)
            return
        left = tuple(each for each in self.chosen if each != name)
        wanted = left if name in self.chosen else (*left, name)
        try:
            self.play.put(*wanted)
        except ValueError as refusal:
            self.say(_sentence(refusal))
            return
        self.chosen = wanted
        self.show()

    def tick(self) -> None:
        """End the tick with nobody on, or with those who are chosen."""
        self._move(*self.chosen)

    def _move(self, *names: str) -> None:
        try:
            self.play = self.play.put(*names) if names else self.play.idle()
        except ValueError as refusal:
            self.say(_sentence(refusal))
            return
        self.chosen = ()
        self.show()
        if self.play.over:
            self.say(game_words.end_text(self.play))

    def go_back(self) -> None:
        """Take the last tick back."""
        if not self.play.moves:
            self.say(BEGINNING)
            return
        self.play, self.chosen = self.play.back(), ()
        self.show()

    def restart(self) -> None:
        """Begin the level again."""
        self.play, self.chosen = game.Play(self.play.level), ()
        self.show()

    def solve(self) -> None:
        """Put a play at par on the board; it can be taken back tick by tick."""
        level = self.play.level
        self.play = self._solved = game.play(level, game.goal(level).text)
        self.chosen = ()
        self.show()
        self.say(SOLVED.format(self.play.text))

    def go_on(self) -> None:
        """Show the next level: after the three with names those of seeds, without end."""
        seed = self._level if isinstance(self._level, int) else 0
        self._level = game.next_seed(seed, 1 + self.two.value)
        self._begin_level()

    def _begin_level(self) -> None:
        """Begin the level, with as many CPUs as are chosen; what runs ends."""
        self.background.stop()
        self.background.wait()
        level = game_run.level_of(self._level, 1 + self.two.value)
        self.play, self.chosen = game.Play(level), ()
        self.show()

    # Showing -----------------------------------------------------------------------------------
    def show(self) -> None:
        """Draw the play as it stands; what was said of another one goes."""
        play, hidden = self.play, self.hidden.value
        self.goal.value = parts.strong(game_words.goal_text(play.level))
        self.board.value = game_drawing.svg(play, hidden)
        self.state.value = parts.paragraph(game_words.state_text(play, hidden))
        two = play.level.cpus > 1
        self.message.value = "" if play.moves else parts.paragraph(CHOOSE if two else HOW)
        self.next.description = "Next tick" if two else "Nobody"
        for name, each in self.tasks.items():
            each.layout.display = None if name in play.level.tasks else "none"
            if name in play.level.tasks:
                each.description = self._label(name)
                each.tooltip = f"put {name} on in the next tick"
        self.rules.value = self.ran.value = self.code.value = ""
        if play.over:
            self._show_end()

    def _label(self, name: str) -> str:
        """Return what stands on a task's button: what it does, unless it is ready."""
        if name in self.chosen:
            return f"{parts.CHOSEN}{name}"
        does = self.play.level.does(self.play.state)[self.play.level.tasks.index(name)]
        return f"{name}{SUFFIXES[does]}"

    def _show_end(self) -> None:
        self.message.value = parts.announced(game_words.end_text(self.play), aloud=False)
        who = SOLUTION if self.play is self._solved else game_words.YOU
        rules = self._level != FIRST  # not yet there: the next question is which of them is best
        self.rules.value = parts.table(game_words.beside_rules(self.play, who, rules=rules))
        call = f"models.run_mine({self.play.text!r}, {game_words.level_code(self.play.level)})"
        self.code.value = parts.code(call)

    # Running -----------------------------------------------------------------------------------
    def begin(self) -> None:
        """Begin to run the play, if it is over."""
        if not self.play.over:
            self.say(NOT_OVER)
            return
        super().begin()

    def begun(self) -> None:
        """Say that it runs."""
        self.message.value = parts.paragraph(RUNNING)

    def run_now(self, stop: Any = None) -> Observation:
        """Run the play in this thread, and show what came of it; raises what goes wrong."""
        try:
            seen = game_run.run_mine(self.play, stop=stop)
        except Cancelled:
            self.say(STOPPED)
            raise
        except Exception as error:
            self.say(f"Not done: {error}")
            raise
        drawn = game_pictures.beside(seen)
        with self._guard:
            self.ran.value = drawn.to_html()
        self.say(game_words.run_text(seen))
        return seen


def _checkbox(label: str, value: bool, changed: Callable[[], None]) -> ipywidgets.Checkbox:
    made = ipywidgets.Checkbox(
        value=value, description=label, indent=False, layout={"width": "auto"}
    )
    made.observe(lambda _: changed(), "value")
    return made


def _sentence(refusal: ValueError) -> str:
    text = str(refusal)
    return f"{text[:1].upper()}{text[1:]}."
