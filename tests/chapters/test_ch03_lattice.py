"""The staircase of chapter 03, the bars of a million: words, tables, what can be clicked on."""

import json
import re
from contextlib import closing
from dataclasses import replace
from html import unescape

import pytest

from conclib import lab
from conclib.chapters.ch03_isolation import adding, climbing, climbing_panel, lattice
from conclib.chapters.ch03_isolation.stairs import Stairs
from conclib.plots.picture import OVERSAMPLING
from conclib.probes import _order_model
from conclib.results import Cancelled, Observation, Unavailable
from conclib.results.identity import Runtime
from tests import made_up

ONE = _order_model.ONE


def seen(a: str = "+1", b: str = "+1", lock: str = "none", start: int = 0,
         orders: list[str] | None = None) -> Observation:  # fmt: skip
    """Return what a run of these programs would see, as the model has it."""
    counts = [len(_order_model.steps(each)) for each in (a, b)]
    orders = orders or _order_model.orders(*counts)
    runs = {order: _order_model.Run(start, a, b, order, lock) for order in orders}
    facts = {
        "orders": orders,
        "ends": {order: each.end for order, each in runs.items()},
        "outcomes": {order: _order_model.outcome(each) for order, each in runs.items()},
        "waits": {order: each.waits for order, each in runs.items()},
        "steps": {order: each.steps for order, each in runs.items()},
    }
    params = {"start": start, "a": a, "b": b, "lock": lock, "order": "all"}
    return Observation("staircase", "t", params, made_up.HOST, made_up.RUNTIME, facts)


# The picture --------------------------------------------------------------------------------------
def test_its_words_say_how_many_orders_lose_and_what_they_end_with():
    text = lattice.picture(seen(start=5, a="+2", b="*3")).alt
    assert "18 orders go through the square: an update is lost, the end is 7 or 15." in text
    assert "2 orders go round it: nothing is lost, the end is 17 or 21." in text
    assert "Recorded" not in text
    drawn = lattice.picture(seen())
    assert len(drawn.table.rows) == 20 and drawn.table.rows[0] == ("AAABBB", "right", "2")


@pytest.mark.parametrize(
    ("order", "lock", "says"),
    [
        ("AABABB", "none", "The end is 1, where one after the other gives 2: an update is lost"),
        ("AABABB", "one each", "What A wrote is gone: B had read before that."),
        ("AAABBB", "none", "The end is 2: one was done before the other one had read."),
        ("AABABB", ONE, "So AABABB cannot happen: the lock lets the two in one after the other."),
        ("AABABB", ONE, "B wants to read, and finds the lock taken: B waits until A is done."),
    ],
)
def test_one_order_is_told_step_by_step(order, lock, says):
    drawn = lattice.picture(seen(lock=lock), order)
    assert says in drawn.alt and drawn.table.rows[0][0] == "start"
    assert drawn.png() != lattice.picture(seen(lock=lock)).png()


@pytest.mark.parametrize("stage", ["", "1"])
def test_no_word_leaves_the_paper_in_a_room_either(monkeypatch, stage):
    monkeypatch.setenv("CONCLIB_STAGE", stage)
    item = replace(seen(start=900, a="*3", b="*4"), source="recorded", date="2026-11-30")
    figure = lattice.picture(item, "ABABAB").figure
    figure.draw_without_rendering()
    paper = figure.bbox
    pixels = paper.height / OVERSAMPLING
    assert not stage or pixels < 720, "with its title it fits a projector of 1280 by 720"
    for text in figure.findobj(lambda each: getattr(each, "get_text", str)()):
        box = text.get_window_extent()
        assert paper.x0 <= box.x0 and box.x1 <= paper.x1, text.get_text()
        assert paper.y0 <= box.y0 and box.y1 <= paper.y1, text.get_text()


def test_without_an_order_that_loses_nothing_no_right_end_is_named():
    alone = Stairs.of(seen(orders=["AABABB"]))
    assert lattice.conclusion(alone, "AABABB").startswith("The end is 1: an update is lost")
    assert lattice.picture(seen(orders=["AABABB"]), "AABABB").alt.count("1 order goes") == 1


def test_minus_and_times_are_written_as_people_do():
    found = Stairs.of(seen(a="-4", b="*3", start=5))
    assert [found.label(name, "change") for name in "AB"] == ["−4", "×3"]
    assert "A takes away 4, in its copy: that is 1 now." in found.places["AA"].text
    assert "B multiplies by 3, in its copy: that is 15 now." in found.places["BB"].text


def test_a_recorded_one_says_so():
    item = replace(seen(), source="recorded", date="2026-11-30")
    assert "Recorded on" in lattice.picture(item).alt
    assert "Recorded on" in unescape(climbing.staircase_to_climb(item).html)


@pytest.mark.parametrize("order", ["AAB", "AAAABB", "never"])
def test_an_order_that_was_not_run_is_refused(order):
    with pytest.raises(ValueError, match=f"order='{order}'"):
        lattice.picture(seen(), order)


def test_two_changes_are_not_drawn():
    with pytest.raises(ValueError, match="only programs of one change each are drawn"):
        lattice.picture(seen(a="+1 +1"))


# Climbing -----------------------------------------------------------------------------------------
def given(item: Observation, order: str = "") -> dict:
    """Return the data that a frame is given, read out of its page."""
    page = unescape(climbing.staircase_to_climb(item, order).html)
    return json.loads(re.search(r"const data=(\{.*?\});\n", page, re.DOTALL).group(1))


def test_every_place_that_can_be_reached_is_there_and_as_it_was_seen():
    data, item = given(seen(start=5, a="+2", b="*3")), seen(start=5, a="+2", b="*3")
    assert len(data["places"]) == 69 and len(data["ends"]) == 20 and len(data["lost"]) == 18
    for order, steps in item.facts["steps"].items():
        for n, step in enumerate(steps, 1):
            cells = [str(step["number"])] + [
                "–" if step[name] is None else str(step[name]) for name in "AB"
            ]
            assert data["places"][order[:n]][:3] == cells
    assert data["wall"] == "" and data["order"] == ""


def test_with_one_lock_the_square_is_a_wall_and_who_walks_into_it_waits():
    data = given(seen(lock=ONE), "AA")
    assert data["wall"] and data["lost"] == [] and data["order"] == "AA"
    waiting = {path for path, place in data["places"].items() if place[4]}
    assert waiting == {"AB", "AAB", "BA", "BBA"}
    assert {"AAABBB", "BBBAAA"} < set(data["places"]) and "ABA" not in data["places"]
    assert given(seen(lock="one each"))["wall"] == ""


def test_a_beginning_that_there_is_not_and_too_few_orders_are_refused():
    with pytest.raises(ValueError, match="order='AAAA': order must be at most 3 A and 3 B"):
        climbing.staircase_to_climb(seen(), "AAAA")
    with pytest.raises(ValueError, match="order='ABA': no order of these begins so"):
        climbing.staircase_to_climb(seen(lock=ONE), "ABA")
    with pytest.raises(ValueError, match="seen: all orders are needed"):
        climbing.staircase_to_climb(seen(orders=["AABABB"]))


# The panel ----------------------------------------------------------------------------------------
def test_the_panel_runs_what_was_chosen_and_shows_it(monkeypatch):
    asked = []

    def run_all(stop, **params):
        asked.append(params)
        return seen(**params)

    monkeypatch.setattr(climbing_panel, "run_all", run_all)
    with closing(climbing_panel.StairsPanel()) as panel:
        panel.b.value, panel.lock.value, panel.start.value = "*2", ONE, 5
        panel.run_now()
        assert asked == [{"start": 5, "a": "+1", "b": "*2", "lock": ONE}]
        assert "All 20 orders were really run" in panel.message.value
        assert "<iframe" in panel.plot.value and "alt=" in panel.plot.value


@pytest.mark.parametrize(
    ("failure", "says"),
    [(Cancelled("stopped"), "Stopped."), (Unavailable("no fork here"), "Not done: no fork here")],
)
def test_what_goes_wrong_is_said(monkeypatch, failure, says):
    def fail(stop, **params):
        raise failure

    monkeypatch.setattr(climbing_panel, "run_all", fail)
    with closing(climbing_panel.StairsPanel()) as panel:
        with pytest.raises(type(failure)):
            panel.run_now()
        assert says in panel.message.value and panel.plot.value == ""


@pytest.mark.worker
def test_what_is_really_run_can_be_climbed():
    item = climbing_panel.run_all(start=1, a="+2", b="*3", lock="none")
    assert len(given(item)["places"]) == 69


# A million each -----------------------------------------------------------------------------------
def added(lost: int = 0, who: str = "threads", **facts) -> Observation:
    whole = {"expected": 200, "found": 200 - lost, "lost": lost, "exceptions": [],
             "exits": ["exit code 0"], "overlap": 0.9, "python": "3.12.3", "gil": True}  # fmt: skip
    params = {"who": who, "times": 100}
    return Observation("million", "t", params, made_up.HOST, made_up.RUNTIME, whole | facts)


@pytest.mark.parametrize(
    ("item", "says"),
    [
        (added(50), "50 of 200 additions are lost (25%). No exception, and each exit code is 0"),
        (added(50, exits=["exit code 1"]), "Seen: exit code 1."),
        (added(50, exceptions=["E: x"]), "Seen: E: x, exit code 0."),
        (added(), "none of 200 additions is lost. That tells which orders came up, not which can."),
        (added(overlap=0.1), "They were at work together for only 10% of the time."),
        (replace(added(), source="recorded"), "(Python 3.12.3, recorded)"),
    ],
)
def test_what_was_lost_is_said_and_who_noticed(item, says):
    assert says in adding.sentence("two threads", item)


def on(version: str, gil: bool = True, lost: int = 0) -> Observation:
    runtime = Runtime("CPython", f"{version}.1", gil, "" if gil else "t")
    return replace(added(lost, gil=gil), runtime=runtime)


def test_every_python_found_is_shown_and_some_that_were_recorded(monkeypatch):
    found = {"3.12": on("3.12"), "3.9": on("3.9", lost=9)}
    stored = {"3.13t": replace(on("3.13", False, 80), source="recorded", date="2026-11-30")}
    monkeypatch.setattr(lab, "observe_on_all", lambda *_, **__: dict(found))
    monkeypatch.setattr(lab, "observe_on", lambda version, *_, **__: stored[version])
    names = ["3.9", "3.12", "3.13t"]
    assert list(adding.on_every_python("million")) == names

    def nowhere(version: str, *_: object, **__: object) -> Observation:
        raise Unavailable("none")

    monkeypatch.setattr(lab, "observe_on", nowhere)
    assert list(adding.on_every_python("million")) == names[:2]


def test_the_bars_stand_below_what_there_should_be():
    older = replace(added(80), source="recorded", date="2026-11-30")
    drawn = adding.picture({"threads": added(), "processes": added(50, "processes"), "3.9": older})
    assert [row[0] for row in drawn.table.rows] == ["without loss", "threads", "processes", "3.9"]
    assert "processes: 150 (50 lost)." in drawn.alt and "3.9: 120 (80 lost) (recorded" in drawn.alt
