"""The board of the scheduling game: what it shows and says, by buttons alone; and its pictures."""

import re
import threading
from contextlib import closing, contextmanager
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from conclib import lab
from conclib.chapters.ch11_models import (
    game_cells,
    game_drawing,
    game_pictures,
    game_run,
    game_words,
)
from conclib.models import game
from conclib.plots import sheet
from conclib.results import Cancelled, Observation
from tests.made_up import HOST, RUNTIME
from tests.panels import code_in, open_widgets, read_aloud

ipywidgets = pytest.importorskip("ipywidgets")
BEST = "Q R R P P P P P Q R"  # of level 1


@contextmanager
def board(*given, **more):
    from conclib.chapters.ch11_models.game_panel import SchedulerGame

    with closing(SchedulerGame(*given, **more)) as panel:
        yield panel


def press(panel, play: str) -> None:
    """Press what a play says, on a board with one CPU."""
    for who in play.split():
        (panel.next if who == "." else panel.tasks[who]).click()


def seen(**facts: object) -> Observation:
    """Return a made-up run of level 1, at par."""
    spans = {"P": [[60.0, 160.0]], "Q": [[0.0, 20.0], [160.0, 181.0]],
             "R": [[20.0, 60.0], [181.0, 202.0]]}  # fmt: skip
    linux = {"P": [[0.0, 3.0], [9.0, 206.0]], "Q": [[3.0, 203.0]], "R": [[6.0, 9.0], [9.5, 204.0]]}
    told = {
        "spans": {"mine": spans, "linux": linux},
        "done_ms": {who: {name: each[-1][1] for name, each in of.items()}
                    for who, of in (("mine", spans), ("linux", linux))},
        "mine_ms": 202.0, "linux_ms": 206.0, "mine_puts": 5, "linux_puts": 108, "why": "",
        "os_threads": {"mine": 1, "linux": 3}, "cpu_ms": {"mine": 200.2, "linux": 200.3}, **facts,
    }  # fmt: skip
    params = lab.catalogue()["played_cards"].complete({})
    return Observation("played_cards", "t", params, HOST, RUNTIME, told)


# The board ------------------------------------------------------------------------------------
def test_a_level_is_played_to_its_goal_and_compared_with_the_rules():
    with board() as panel:
        assert "Goal: all done after tick 10. Par: somebody is put on 5 times." in panel.goal.value
        press(panel, BEST)
        assert panel.play.over and panel.play.text == BEST
        end = "All is done after tick 10, with 5 times somebody was put on: the goal, at par."
        assert read_aloud(panel.message) == end and "role='alert'" in panel.message.value
        assert "late" not in panel.rules.value  # which rule is best, is asked only after it
        rows = game_words.beside_rules(panel.play)
        assert [row[-1] for row in rows[1:]] == [
            "reached, at par", "late", "reached", "reached, at par",
        ]  # fmt: skip
        own = game_words.beside_rules(panel.play, rules=False)
        assert own == rows[:2] and all(row[0] in panel.rules.value for row in own)
        assert code_in(panel.code.value) == f"models.run_mine('{BEST}', level=1)"


def test_only_the_end_and_a_refusal_are_read_aloud():
    with board() as panel:
        press(panel, "Q R")
        assert "alert" not in panel.message.value + panel.state.value
        assert read_aloud(panel.state).startswith("After tick 2, 2 put on: P is ready")
        assert panel.tasks["Q"].description == "Q, waits"
        press(panel, "Q")
        assert read_aloud(panel.message) == "Q waits, ready after tick 6, so it cannot be on now."
        assert panel.play.text == "Q R"
        panel.tasks["R"].click()
        assert panel.message.value == ""


def test_ticks_are_taken_back_and_a_level_begun_again():
    with board() as panel:
        panel.back.click()
        assert read_aloud(panel.message) == "This is the beginning."
        press(panel, "Q . R")
        panel.back.click()
        assert panel.play.text == "Q ."
        panel.again.click()
        assert panel.play == game.Play(game.LEVELS[1])


def test_a_play_at_par_is_shown_and_is_not_called_the_students_own():
    with board(3) as panel:
        panel.solution.click()
        assert game_words.outcome(panel.play) == "reached, at par"
        assert "a play at par" in panel.rules.value and ">you<" not in panel.rules.value
        assert all(rule in panel.rules.value for rule in game.RULES)
        assert read_aloud(panel.message).startswith(f"A play at par, not yours: {panel.play.text}.")
        panel.back.click()
        assert panel.play.ticks == 9


def test_face_down_nothing_tells_what_lies_ahead():
    with board(3, face_down=True) as panel:
        assert "5 to compute" not in panel.text() and "blocks" not in panel.text()
        press(panel, "P")
        shown = panel.state.value + panel.board.value
        assert "P blocks an OS thread" in shown
        assert "ready after" not in shown and "to compute" not in shown
        panel.hidden.value = False
        assert "P blocks an OS thread, ready after tick 5" in panel.state.value


def test_with_two_cpus_tasks_are_chosen_and_the_tick_is_ended():
    with board(cpus=2) as panel:
        panel.tasks["P"].click()
        panel.tasks["Q"].click()
        assert panel.play.ticks == 0 and panel.chosen == ("P", "Q")
        panel.tasks["R"].click()
        assert "no more than 2 can be on at once" in panel.message.value
        panel.tasks["Q"].click()
        assert panel.chosen == ("P",) and panel.tasks["P"].description.endswith("P")
        panel.tasks["R"].click()
        panel.next.click()
        assert panel.play.text == "PR" and panel.chosen == ()
        panel.two.value = False
        assert panel.play == game.Play(game.LEVELS[1])


def test_levels_go_on_and_each_can_be_written_down():
    with board() as panel:
        for name in ("level 2", "level 3"):
            panel.another.click()
            assert panel.play.level.name == name
        panel.another.click()
        level = panel.play.level
        number = int(level.name.removeprefix("seed "))
        assert game_run.level_of(number) == level and number > 3
        assert f"Level {number}: " in panel.goal.value
        assert game_words.level_code(level) == f"level={number}"
        shown = [each.layout.display for each in panel.tasks.values()]
        assert shown == [None] * len(level.tasks) + ["none"] * (6 - len(level.tasks))
    own = game.Level("C1; C2 W1 C1", threads=2)
    assert eval(f"dict({game_words.level_code(own)})", {"game": game}) == {"level": own}
    two = game_run.level_of(23, cpus=2)
    call = eval(f"dict({game_words.level_code(two)})")
    assert game_run.level_of(call["level"], call["cpus"]) == two


def test_a_level_of_ones_own_is_played_on_two_cpus_too():
    own = game.Level("C3; C1 B2 C1; C2", threads=1)
    with board(own) as panel:
        assert panel.play.level == own
        panel.two.value = True
        assert panel.play.level == replace(own, cpus=2, threads=2)
        panel.two.value = False
        assert panel.play.level == own
        panel.another.click()
        assert panel.play.level == game.LEVELS[1]


@pytest.mark.parametrize("level", [0, -1, 10**9 + 1, "1", 1.0, True, None])
def test_no_such_level(level):
    with pytest.raises((TypeError, ValueError), match="level="), board(level):
        pass


def test_a_board_leaves_no_widget_behind_and_its_text_is_the_same_each_time():
    before = open_widgets(ipywidgets)
    with board() as one, board() as two:
        assert one.text() == two.text() == repr(one) + " Run this cell for its controls."
        assert "0x" not in one.text()
        press(one, BEST)
    assert open_widgets(ipywidgets).keys() == before.keys()


def test_how_a_play_went():
    level = game.LEVELS[1]
    said = {rule: game_words.end_text(game.by_rule(level, rule)) for rule in game.RULES}
    assert said["first come"] == (
        "All is done after tick 12, and tick 10 can be reached. A CPU stood idle in ticks 9 and 10."
    )
    assert said["take turns"].endswith("Somebody was put on 9 times, and 5 are enough.")
    slow = game.play(game.LEVELS[1], ". " * 9 + BEST)
    assert "4, 5, 6 and more." in game_words.end_text(slow)


# Drawing --------------------------------------------------------------------------------------
class Tags(HTMLParser):
    """Counts tags, and notes those that are not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("level", [*game.LEVELS.values(), game.offered(23, 2)])
def test_each_state_of_a_play_is_drawn(level, hidden):
    play = game.by_rule(level, "first come")
    while True:
        tags = Tags()
        tags.feed(game_drawing.svg(play, hidden))
        assert tags.open == []
        if not play.moves:
            break
        play = play.back()


def test_the_cells_are_what_was_played():
    shown = game_cells.board(game.by_rule(game.LEVELS[3], "first come"))
    rows = {row.label: row.cells for row in shown.rows}
    assert "".join(cell.letters for cell in rows["CPU"]) == "PQ–––RRRRSPQ–S"
    assert [cell.letters for cell in rows["OS thread 2"]] == ["Q"] * 5
    assert [cell.what for cell in rows["P"][:5]] == ["on", *["naps"] * 4]
    assert (shown.now, shown.goal, shown.columns) == (14, 10, 14)


def test_on_stage_pictures_and_letters_fit_a_room(monkeypatch):
    monkeypatch.setenv("CONCLIB_STAGE", "1")
    drawn = game_pictures.beside(seen())
    assert drawn.figure.get_figheight() * sheet.STAGE_PIXELS <= 620, "between JupyterLab's bars"
    sizes = re.findall(r'font-size="(\d+)"', game_drawing.svg(game.Play(game.LEVELS[3])))
    larger = game_drawing.ON_STAGE / game_drawing.WIDE
    assert min(map(int, sizes)) * larger >= 18


def test_pictures_say_what_they_show():
    drawn = game_pictures.beside(seen())
    assert drawn.png() and drawn.alt.endswith(
        "Really run (observed here), 20 ms of CPU time for a tick. Your scheduler: all done after "
        "202 ms, for 10 ticks of 20 ms; 5 put on, 1 OS thread. Linux's own, 3 OS threads, one for "
        "each task: after 206 ms; it put somebody on 108 times."
    )
    assert ("the play, really run", "R", "202 ms") in drawn.table.rows
    unknown = game_pictures.beside(seen(linux_puts=None, why="Linux does not say here."))
    assert unknown.alt.endswith("after 206 ms; Linux does not say here.")
    assert game_words.run_text(seen(mine_ms=260.0)).endswith("other programs used the CPU, too.")
    recorded = replace(seen(), source="recorded")
    assert recorded.origin in game_pictures.beside(recorded).alt
    played = game_pictures.played(game.play(game.LEVELS[3], "P Q ."))
    assert played.png() and "Q blocks an OS thread, ready after tick 6" in played.alt


# Really run -----------------------------------------------------------------------------------
def test_a_play_is_run_when_it_is_over_and_not_before(monkeypatch):
    calls = []
    monkeypatch.setattr(lab, "observe", lambda probe, **more: calls.append(more) or seen())
    with pytest.raises(ValueError, match="it must be over"):
        game_run.run_mine("Q R")
    with board() as panel:
        panel.run.click()
        assert "Play to the end first" in panel.message.value and calls == []
        press(panel, BEST)
        panel.run.click()
        panel.background.wait()
        assert calls[0]["play"] == BEST and calls[0]["cards"] == game.LEVELS[1].cards
        assert "Linux's own" in panel.message.value
        assert "you" in panel.rules.value and "<img" in panel.ran.value
        panel.back.click()
        assert panel.ran.value == panel.rules.value == ""


def test_a_run_is_stopped_and_what_goes_wrong_is_said(monkeypatch):
    def waits(_: str, *, stop: threading.Event, **__: object) -> None:
        stop.wait()
        raise Cancelled("stopped")

    monkeypatch.setattr(lab, "observe", waits)
    with board() as panel:
        press(panel, BEST)
        panel.run.click()
        panel.stop.click()
        panel.background.wait()
        assert read_aloud(panel.message) == "Stopped. Nothing is shown of this run."
        monkeypatch.setattr(lab, "observe", lambda *_, **__: 1 / 0)
        panel.run.click()
        panel.background.wait()
        assert read_aloud(panel.message) == "Not done: division by zero"


@pytest.mark.worker
def test_a_play_is_really_run():
    with board(3) as panel:
        press(panel, game.goal(panel.play.level).text)
        item = panel.run_now()
        assert item.source == "live" and item.facts["mine_puts"] == 8
        assert "Really run (observed here)" in panel.message.value
