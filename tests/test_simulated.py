"""``cl.simulate``: its costs, its words, its chart; and the panel over it."""

import re
from contextlib import closing
from dataclasses import replace

import pytest

import conclib as cl
from conclib import lab, plots
from conclib.lesson import simulated as verb
from conclib.lesson import simulated_rows
from conclib.lesson.store import kept
from conclib.models import costs
from conclib.plots import gantt
from conclib.plots.gantt import Bar, Moment, Row
from conclib.plots.scene import Box, Scene
from conclib.results import recordings
from conclib.widgets import simulating
from tests.lesson_fonts import open_fonts
from tests.made_up import OTHER_HOST, around

FREE = {"user_switch_us": 0, "linux_switch_us": 0}
HELD_UP = {"reader": "C1 B8 C1", "heart": "C1 W2 C1 W2 C1"}
MS = 1_000_000


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch):
    """No recording stands in, and nothing is kept yet."""
    monkeypatch.setattr(recordings, "find", lambda *_, **__: None)


def sentences(chart: plots.Moving) -> list[str]:
    return re.findall(r"class=&quot;sentence&quot;&gt;(.*?)&lt;/", chart.html)


# Costs --------------------------------------------------------------------------------------------
def measured(probe: str, ns: float, **more):
    return replace(around(ns, probe=probe, params={}, host=lab.host()), **more)


def test_switches_cost_what_was_measured_here(unmeasured):
    kept.keep([measured("user_switch", 80), measured("thread_switch", 4000)])
    paid = cl.simulate("N:1", 2).costs
    assert [each.ns for each in paid] == [80, 2000]  # the second is measured there and back
    assert [each.origin for each in paid] == ["measured here"] * 2


def test_the_last_measurement_on_this_host_counts(unmeasured):
    kept.keep([measured("user_switch", 80), measured("user_switch", 90)])
    kept.keep([measured("user_switch", 9000, host=OTHER_HOST)])
    kept.keep([measured("user_switch", -5)])  # below resolution
    assert cl.simulate("N:1", 2).costs[0].ns == 90


def test_what_nobody_measured_is_left_out_and_said(unmeasured):
    found = cl.simulate("N:1", 2)
    assert [each.ns for each in found.costs] == [0, 0]
    assert 'not measured yet: cl.measure("thread_switch", cpu="one")' in found.text()


def test_a_recording_stands_in_and_says_so(monkeypatch):
    there = measured("user_switch", 70, source="recorded", host=OTHER_HOST, date="2026-11-30")
    monkeypatch.setattr(recordings, "find", lambda *_, **__: there)
    paid = cl.simulate("N:1", 2).costs
    assert paid[0].ns == 70 and paid[0].origin.startswith("recorded on")


def test_given_costs_are_taken():
    paid = cl.simulate("N:1", 2, user_switch_us=1.5, linux_switch_us=0).costs
    assert [(each.ns, each.origin) for each in paid] == [(1500, "given"), (0, "given")]


@pytest.mark.parametrize("us", [-1, "2", float("nan"), 10**9, True])
def test_costs_that_are_none_are_refused(us):
    with pytest.raises((TypeError, ValueError), match="linux_switch_us"):
        cl.simulate(linux_switch_us=us)


# Words --------------------------------------------------------------------------------------------
def test_it_says_that_it_is_simulated_and_what_stood_still():
    found = cl.simulate("N:1", HELD_UP, **FREE)
    assert found.sentence.startswith("Simulated, N:1: 2 tasks on 1 kernel thread and 2 CPUs are")
    assert (
        "For 8.00 ms every kernel thread slept in a call while a task could have" in found.sentence
    )
    assert "every kernel thread" not in cl.simulate("1:1", HELD_UP, **FREE).sentence
    assert dict(found.rows)["kernel threads"] == "1"
    assert "longest pause" in found.text() and "longest pause" in found.html()


def test_numbers_and_texts_name_tasks():
    assert list(cl.simulate(tasks=3, **FREE).run.case.programs) == ["T1", "T2", "T3"]
    assert list(cl.simulate(tasks="C1; W1 C2", **FREE).run.case.programs) == ["T1", "T2"]
    with pytest.raises(TypeError, match=r"tasks=2\.5"):
        cl.simulate(tasks=2.5)
    with pytest.raises(TypeError, match="tasks=None"):
        cl.simulate(tasks=None)


def test_events_are_a_table_too():
    frame = cl.simulate("N:1", HELD_UP, **FREE).run.to_frame()
    assert list(frame.columns) == ["ms", "what", "task", "kernel_thread", "cpu", "why", "by"]


# The chart ----------------------------------------------------------------------------------------
def test_rows_show_who_ran_who_waited_and_who_slept():
    found = {row.name: row for row in simulated_rows.rows(cl.simulate("N:1", HELD_UP, **FREE).run)}
    assert [row.kind for row in found.values()] == ["task", "task", "thread", "other", "other"]
    reader = [(bar.start / MS, bar.end / MS, bar.what) for bar in found["reader"].bars]
    assert reader == [(0, 1, gantt.RUNS), (1, 9, gantt.ASLEEP), (9, 10, gantt.RUNS)]
    heart = [(bar.start / MS, bar.end / MS, bar.what) for bar in found["heart"].bars]
    assert heart[:3] == [(0, 10, gantt.READY), (10, 11, gantt.RUNS), (11, 13, gantt.WAITS)]
    assert Bar(MS, 9 * MS, gantt.ASLEEP) in found["K1"].bars
    assert found["CPU 2"].bars == ()


def test_each_step_says_what_happened():
    told = sentences(cl.simulate("N:1", HELD_UP, **FREE).chart)
    assert told[1] == "Until 1.00 ms. reader blocks, and K1 sleeps with it."
    assert any("heart waits, and K1 is free." in each for each in told)
    assert told[-1].endswith("heart is done.")
    one = sentences(cl.simulate("1:1", HELD_UP, **FREE).chart)
    assert any("heart waits, and K2 sleeps." in each for each in one)


def test_switches_and_time_slices_are_drawn_and_said():
    found = cl.simulate("1:1", "C4; C4", cpus=1, slice_ms=2, linux_switch_us=200)
    cpu = {row.name: row for row in simulated_rows.rows(found.run)}["CPU 1"]
    assert [bar.what for bar in cpu.bars].count(gantt.SWITCHES) == 4
    assert any("has to stop: Linux" in each for each in sentences(found.chart))


def test_what_is_too_much_to_draw_is_cut_and_said():
    found = cl.simulate("1:1", 40, rounds=20, **FREE)
    assert "Not drawn: 28 more tasks, 28 more kernel threads." in found.chart.alt
    assert "Drawn are the first" in found.chart.alt
    assert len(sentences(found.chart)) <= gantt.MAX_STEPS
    assert len(found.chart.html) < 1_500_000


def test_a_long_name_leaves_room_for_the_bars():
    row = Row("x" * 200, "task", (Bar(0, 10, gantt.RUNS),))
    assert gantt._Layout([row], [Moment(0, "it begins")], 10).left < 0.4 * gantt.WIDTH


def test_a_bar_grows_and_is_one_box_at_each_step():
    row = Row("T1", "task", (Bar(0, 10, gantt.ASLEEP),))
    moments = [Moment(time, f"at {time}") for time in (2, 6, 10)]
    layout = gantt._Layout([row], moments, 10)
    boxes = [each for each in layout.scene().things if isinstance(each, Box) and each.step]
    grown = [(each.step, each.until, each.grown) for each in boxes]
    assert grown == [(1, 2, True), (2, None, True)]
    first = layout.scene().to_svg(0)
    assert first.count("<rect") == 2  # the bar, and the one in the key
    assert "url(#hatch0)" in first and 'id="hatch0"' in first


def test_hatches_stay_inside_their_box():
    lines = Box(0, 10, 5, 47, 21, hatched=True).hatches
    assert len(lines) > 5 and Box(0, 10, 5, 47, 21).hatches == []
    assert all(10 <= x <= 47 and 5 <= y <= 21 for line in lines for x, y in line)
    assert Scene(60, 30, (Box(0, 10, 5, 47, 21, hatched=True),)).to_figure("Hatched?").axes[0].lines


# The panel ----------------------------------------------------------------------------------------
@pytest.fixture
def panel():
    with closing(simulating.SimulatorPanel()) as made:
        yield made


def test_chart_and_figures_follow_each_control_at_once(panel):
    before = panel.plot.value, panel.table.value
    panel.controls["blocking"].children[0].value = 50
    assert panel.choice["blocking"] == 50
    assert panel.plot.value != before[0] and panel.table.value != before[1]
    panel.controls["model"].value = "N:1"
    assert "Simulated, N:1" in panel.message.value
    assert "change nothing" in panel.message.value


@pytest.mark.slow
def test_each_slider_has_a_number_box(panel):
    for name in ("tasks", "kernel_threads", "cpus", "blocking", "spare"):
        box, slider = panel.controls[name].children
        box.value = 7 if name != "blocking" else 35
        assert slider.value // slider.step == box.value // slider.step
        assert panel.choice[name] == box.value


def test_a_number_that_is_not_allowed_changes_nothing(panel):
    before = panel.plot.value
    panel.controls["cpus"].children[0].field.value = "0"
    assert panel.choice["cpus"] == 2 and panel.plot.value == before


def test_real_counts_stand_beside_it():
    asked = []

    def beside(model):
        asked.append(model)
        return (("really run", ""), ("threads of Linux", f"many in {model}"))

    with closing(simulating.SimulatorPanel(beside)) as made:
        assert "many in M:N" in made.real.value
        made.choose("model", "1:1")
        assert "many in 1:1" in made.real.value and asked == ["M:N", "1:1"]


def test_the_panel_needs_no_widget_to_be_tried():
    paid = {name: costs.given(name, 0) for name in (costs.USER, costs.LINUX)}
    view = simulating.shown({**simulating.DEFAULTS, "blocking": 100}, paid)
    assert view.rows[0] == verb.HEAD and "kernel thread slept" in view.sentence
    assert view.html.startswith("<style>")


def test_its_text_is_the_same_each_time(panel):
    assert repr(panel) == repr(panel).strip() and "cl.simulate(" in panel.text()
