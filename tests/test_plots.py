"""Pictures: what they say in words, how they look in grey, and that they leave nothing behind.

Every kind of picture is drawn once from made-up results (``PICTURES``), in a column and for a
room, and the rules hold for all of them: no text cut off or over another, black or blue text only,
the facts in words too. What one picture alone must do stands further down.
"""

import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from itertools import combinations

import matplotlib
import matplotlib.style
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

from conclib import plots
from conclib.chapters.ch04_creation import pictures
from conclib.plots import Cited, Guessed, Measured, Range, lettering, scene, sheet, style
from conclib.plots.lifelines import Event
from conclib.results import Measurements, probe_texts
from conclib.results.quantity import BYTES, RATE, RATIO, SHARE, TIME
from tests import colours, made_up, proc_trees
from tests.made_up import measurement

FLAGS = ("vm", "files", "fs", "sighand", "thread")


def made(ns, probe="fork", *, runs=3, n=20, wide=0.05, **fields):
    """Return a measurement around ``ns``: rising values, one far too late in each run."""
    values = [ns * (1 + wide * place / n) + 10 for place in range(n - 1)]
    params = {"ballast_mb": 0, **fields.pop("params", {})}
    return measurement(*[[*values, 3 * ns]] * runs, probe=probe, params=params, **fields)


def recorded(ns, probe="fork", **fields):
    return made(ns, probe, source="recorded", date="2026-11-20", **fields)


def sweep(cost, probe="fork", sizes=(0, 64, 128, 256)):
    items = {f"{mb}": made(cost(mb), probe, params={"ballast_mb": mb}) for mb in sizes}
    return made_up.sweep(items, title="memory touched")


def dial_step(on, ns):
    switches = {flag: int(place < on) for place, flag in enumerate(FLAGS)}
    return made(ns, "clone", params=switches)


THREAD, SMALL, BIG = made(22e3, "pthread", n=200), made(160e3), made(4.6e6, title="fork, big")
PYTHON = recorded(9e6, "python_spawn", n=8)
FOUR = {"thread": THREAD, "fork, small parent": SMALL, "fork, parent of 256 MB": BIG,
        "Python": PYTHON}  # fmt: skip
CURVES = {
    "fork": sweep(lambda mb: 160e3 + 17e3 * mb),
    "posix_spawn": sweep(lambda mb: 470e3, "posix_spawn"),
    "huge pages": sweep(lambda mb: 200e3 + 600 * mb),
}
RATES = made_up.sweep(
    {f"{x}": made_up.rate(x) for x in (1, 2, 4, 8, 16, 32)}, "clients", "clients at the same time"
)


def memory(size, threads=1):
    values = [size + step for step in range(-10, 11)]
    params = {"threads": threads}
    return measurement(values, probe="crowd", params=params, baseline=(), unit="B")


GROWTH = made_up.sweep({f"{x}": memory(x * 20 * 2**10, x) for x in (2, 4, 8, 16)}, "threads")
GUESS, BAND = Range(50e3, 500e3, "your prediction"), Range(1e6, 10e6, "textbook")
PAPERS = [
    Cited(0.5e6, "posix_spawn, one paper", 2019),
    Cited(0.6e6, "fork and exit, another", 1996),
    Cited(28e6, "fork at 40 MB, a third one", 2002),
]
RACE = {"A": 2, "B": 1, "C": 3}
TWICE = [
    {"t": 0, "who": "parent", "what": "start"},
    {"t": 1, "who": "parent", "what": "print", "text": "one"},
    {"t": 2, "who": "parent", "what": "fork", "text": "child"},
    {"t": 3, "who": "parent", "what": "print", "text": "two"},
    {"t": 3, "who": "child", "what": "print", "text": "two"},
    {"t": 4, "who": "child", "what": "exit", "text": "0"},
    {"t": 5, "who": "parent", "what": "wait", "text": "child"},
]
CROWD = [
    {"t": 0, "who": "a supervisor with a name", "what": "start"},
    {"t": 1, "who": "a supervisor with a name", "what": "fork", "text": "child 1"},
    {"t": 2, "who": "child 1", "what": "exec", "text": "/bin/true & <b>"},
    {"t": 2, "who": "a supervisor with a name", "what": "fork", "text": "child 2"},
    {"t": 3, "who": "child 2", "what": "print", "text": "a rather long line of output\n"},
    {"t": 4, "who": "child 2", "what": "print", "text": "and one more that goes on " + "on " * 50},
    {"t": 4, "who": "child 1", "what": "fork", "text": "grandchild"},
    {"t": 5, "who": "grandchild", "what": "fault", "text": "SIGSEGV"},
    {"t": 6, "who": "child 1", "what": "wait", "text": "grandchild"},
    {"t": 8, "who": "child 2", "what": "exit", "text": "0"},
]

HELD = [
    ("parent", "start", ""), ("parent", "thread", "thread"), ("thread", "acquire", ""),
    ("parent", "fork", "child"), ("child", "start", ""), ("child", "ask", "its copy"),
    ("thread", "release", ""), ("thread", "exit", ""), ("child", "note", "still waits"),
    ("child", "killed", ""), ("parent", "wait", "child"), ("parent", "exit", ""),
]  # fmt: skip
LOCK = [
    {"t": t, "who": who, "what": what, "text": text,
     "kind": "thread" if who == "thread" else "process"}
    for t, (who, what, text) in enumerate(HELD)
]  # fmt: skip


def at(*items):
    """The numbers that a picture of these measurements must say in words."""
    return [item.net_text for item in items]


TEXT_COLOURS = (style.INK, style.BLUE)

# Each picture: how it is drawn, and what its text must contain.
PICTURES = {
    "one distribution": (
        lambda: plots.distribution(SMALL),
        [*at(SMALL), SMALL.interval_text, TIME.write(SMALL.min - SMALL.baseline)],
    ),
    "four distributions": (
        lambda: plots.distribution(FOUR),
        [*at(*FOUR.values()), PYTHON.origin],
    ),
    "in order": (
        lambda: plots.in_order(SMALL),
        ["process 3", "20 values"],
    ),
    "comparison": (
        lambda: plots.comparison(
            [Measured.of(label, item) for label, item in FOUR.items()],
            prediction=GUESS, band=BAND, cited=PAPERS,
        ),
        [*at(*FOUR.values()), "50–500 µs", "1–10 ms", "(2002): 28 ms", "1996", PYTHON.origin],
    ),
    "comparison of ratios": (
        lambda: plots.comparison(
            [Measured("fork over thread", 17.0, (15.5, 18.2), quantity=RATIO)],
            prediction=Range(2, 20, "your prediction"), band=Range(50, 200, "textbook"),
        ),
        ["×17", "×2 to ×20", "×50 to ×200"],
    ),
    "below resolution": (
        lambda: plots.comparison([Measured("empty", None, None, (0.0, 0.0, 3.0))]),
        ["below resolution"],
    ),
    "against size": (
        lambda: plots.curve(CURVES),
        ["µs per MB", "no rise beyond its noise", "256 MB"],
    ),
    "against what was expected": (
        lambda: plots.curve(
            CURVES["fork"], drawn=[(0, 1e5), (128, 2e6), (256, 5e7)],
            expected={"copies all memory": 40e3, "loads the program again": 0}),
        ["µs per MB", "from 100 µs at 0 MB to 50.0 ms at 256 MB",
         "If it copies all memory: 40.0 µs per MB.", "If it loads the program again: no rise."],
    ),
    "a guess that leaves at once": (
        lambda: plots.curve(CURVES["fork"], drawn=[(0, 1e5), (256, 9e7)]),
        ["to 90.0 ms at 256 MB"],
    ),
    "side by side": (
        lambda: plots.comparison(FOUR),
        [*at(*FOUR.values()), PYTHON.origin],
    ),
    "a rate over clients": (
        lambda: plots.curve(RATES),
        ["levels off at 8", "8: 800 /s", "How does it change with clients at the same time?"],
    ),
    "rates side by side": (
        lambda: plots.comparison(RATES, band=Range(500, 5000, "x")),
        ["800 /s", "95 % interval 795–805 /s", "X: 500 /s to 5 k/s."],
    ),
    "how a rate spreads": (
        lambda: plots.distribution(RATES["8"]),
        ["median 800 /s", "least 790 /s", "most 810 /s"],
    ),
    "a rate in order": (
        lambda: plots.in_order(RATES["8"]), ["21 values around 800 /s"],
    ),
    "bytes side by side": (
        lambda: plots.comparison(
            {"thread": memory(20 * 2**10), "process": memory(9 * 2**20)}
        ),
        ["20.0 kB", "9.00 MB"],
    ),
    "bytes over threads": (
        lambda: plots.curve(GROWTH), ["≈ 20.0 kB for one more", "16: 320 kB"],
    ),
    "dial": (
        lambda: pictures.dial(
            {"fork": dial_step(0, 5.8e6), "+ memory": dial_step(1, 30e3),
             "thread": dial_step(5, 26e3)},
        ),
        ["nothing is shared", "share memory.", *at(dial_step(5, 26e3))],
    ),
    "race": (
        lambda: plots.race(RACE),
        ["Lane B: first", "Lane C: third", "which lane"],
    ),
    "race, recorded, level": (
        lambda: plots.race(
            {"A": 1, "B": 1, "C": None}, recorded="recorded on another"
        ),
        ["Lane A: first", "Lane B: first", "Lane C: not timed", "recorded on another"],
    ),
    "ruler": (
        lambda: plots.ruler(
            [("function call", 45, "live"), ("system call", 190, "live"),
             ("copying 1 MB", 75e3, "live"), ("fork", 37e4, "recorded"),
             ("blink of an eye (2005)", 3e8, "cited")],
        ),
        ["45.0 ns", "300 ms (published)", "370 µs (recorded)"],
    ),
    "calibration": (
        lambda: plots.calibration(
            [Guessed("calls", 2, 20, 17), Guessed("fork", 1e6, 1e7, 1e5)]
        ),
        ["1.0 decades wide, hit", "off by 1.0"],
    ),
    "a map": (
        lambda: plots.space(proc_trees.inspect("bracket"), marks={"main": 0x5600C023E200}),
        [") R (", "text from", "main: 5600c023e200", "stack from", "TB free", "in memory"],
    ),
    "a map that has changed": (
        lambda: plots.space_changes(
            proc_trees.inspect("no_rollup").difference(proc_trees.inspect("bracket"))
        ),
        ["heap is gone", "heap is new", "thread stack is new"],
    ),
}  # fmt: skip
STORIES = {"fork twice": TWICE, "a crowd": CROWD, "a lock": LOCK}
each_picture = pytest.mark.parametrize("name", PICTURES)
each_size = pytest.mark.parametrize("stage", [False, True], ids=["column", "room"])
each_story = pytest.mark.parametrize("events", STORIES.values(), ids=list(STORIES))


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    figure = as_figure(sheet.new_figure(1, 1))
    for family in (style.FONT, style.MONO, "serif"):
        for weight in ("normal", "bold"):
            figure.text(0, 0, "µ≈▶ x", fontfamily=family, fontweight=weight)
    figure.canvas.draw()
    lettering.text_width("x")


def sized(stage, draw):
    """Draw for a room, or for a notebook's column."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONCLIB_STAGE", str(int(stage)))
        return draw()


def fresh(name, stage=False):
    return sized(stage, PICTURES[name][0])


drawn = cache(fresh)  # drawn once for all tests that only look


def figure_of(events, stage=False):
    """Return a story's still as a figure, before it becomes a PNG."""
    told = sorted((Event.of(event) for event in events), key=lambda event: event.t)
    layout = plots.lifelines.Layout(told, sorted({event.t for event in told}))
    return sized(stage, lambda: layout.scene().to_figure("Who does what, and when?"))


def texts(figure):
    """Return every text of a figure that is seen, with its box in pixels."""
    figure.canvas.draw()
    seen = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = [(text, text.get_window_extent()) for text in seen]
    return [(text, box) for text, box in boxes if box.width > 0]


def as_figure(figure):
    """Let a figure measure its texts: it needs a canvas that can draw."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    return figure


# For every picture ---------------------------------------------------------------------------
@each_picture
def test_the_facts_are_there_in_words(name):
    picture, facts = drawn(name), PICTURES[name][1]
    assert repr(picture) == picture.alt
    assert [fact for fact in facts if fact not in picture.alt] == []
    assert picture.table is not None and picture.table.rows
    assert all(len(row) == len(picture.table.columns) for row in picture.table.rows)


def cut_or_crossed(figure):
    """Return the texts that leave the paper, and the pairs that lie over each other."""
    found, width, height = texts(as_figure(figure)), *figure.canvas.get_width_height()
    cut = [
        text.get_text() for text, box in found
        if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]  # fmt: skip
    pairs = combinations([(text.get_text(), box.padded(-2)) for text, box in found], 2)
    return cut, [(one, other) for (one, a), (other, b) in pairs if a.overlaps(b)]


@pytest.mark.slow
@each_picture
@each_size
def test_no_text_is_cut_off_or_lies_over_another(name, stage):
    assert cut_or_crossed(drawn(name, stage).figure) == ([], [])


@each_story
@each_size
def test_no_text_of_a_story_is_cut_off_or_lies_over_another(events, stage):
    assert cut_or_crossed(figure_of(events, stage)) == ([], [])


def test_the_check_of_texts_finds_a_bad_one():
    figure = as_figure(sheet.new_figure(4, 2))
    figure.text(0.95, 0.5, "this one leaves the paper")
    figure.text(0.1, 0.5, "first")
    figure.text(0.11, 0.51, "second")
    cut, crossed = cut_or_crossed(figure)
    assert cut == ["this one leaves the paper"] and crossed == [("first", "second")]


@pytest.mark.slow
@each_picture
def test_text_is_black_or_blue_on_white(name):
    figure = as_figure(drawn(name).figure)
    colours = {matplotlib.colors.to_hex(text.get_color()).upper() for text, _ in texts(figure)}
    assert colours <= set(TEXT_COLOURS)
    assert matplotlib.colors.to_hex(figure.get_facecolor()).upper() == style.PAPER


@pytest.mark.slow
@each_picture
def test_a_picture_is_the_same_each_time_whatever_the_students_own_settings(name):
    plain = fresh(name).png()
    with matplotlib.rc_context():
        matplotlib.style.use("dark_background")
        matplotlib.rcParams.update({
            "font.size": 20, "font.family": "serif", "axes.grid": True, "axes.linewidth": 5,
            "lines.linewidth": 6, "lines.marker": "v", "xtick.top": True, "savefig.dpi": 10,
            "figure.dpi": 30, "axes.labelsize": 30, "xtick.labelsize": 4, "scatter.edgecolors": "r",
        })  # fmt: skip
        assert fresh(name).png() == plain


@pytest.mark.slow
@each_picture
def test_a_room_gets_the_same_picture_larger(name, monkeypatch):
    column, room = drawn(name), drawn(name, True)
    assert room.width > 1.4 * column.width and room.alt == column.alt
    monkeypatch.delenv("CONCLIB_STAGE", raising=False)
    assert PICTURES[name][0]().width == column.width


@pytest.mark.slow
def test_drawing_changes_no_setting_and_never_loads_pyplot():
    code = """
import sys, matplotlib
before = dict(matplotlib.rcParams)
from tests import test_plots as t
for name in t.PICTURES:
    t.fresh(name).png()
for events in t.STORIES.values():
    t.plots.story_lines(events)
assert dict(matplotlib.rcParams) == before
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_the_room_is_entered_without_matplotlib():
    code = "import sys, conclib.plots; assert not {'matplotlib', 'numpy', 'PIL'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# The visual language -------------------------------------------------------------------------
def test_contrast_is_counted_as_wcag_does():
    assert colours.contrast("#000000") == pytest.approx(21)
    assert colours.contrast("#777777") == pytest.approx(4.48, abs=0.01)  # a well-known near miss
    assert colours.grey("#808080") == 128


def test_text_and_marks_are_seen_on_white():
    assert all(colours.contrast(colour) >= 4.5 for colour in TEXT_COLOURS)
    others = [style.PREDICTION, style.TEXTBOOK, style.LANE, style.CITED, style.FAULT]
    assert all(colours.contrast(colour) >= 3 for colour in others)
    assert all(colours.contrast(kind.colour) >= 3 for kind in style.KINDS.values())


def test_kinds_differ_in_shape_where_grey_makes_them_alike():
    for one, other in combinations(style.KINDS.values(), 2):
        assert one.marker != other.marker and one.colour != other.colour
    assert abs(colours.grey(style.THREAD.colour) - colours.grey(style.TASK.colour)) < 20


@pytest.mark.parametrize(
    "probe, params, kind",
    [
        ("fork", {}, "process"),
        ("mp_forkserver", None, "process"),
        ("pthread", {}, "thread"),
        ("python_thread", {}, "thread"),
        ("pool_task", {"pool": "process"}, "process"),
        ("pool_task", {"pool": "thread"}, "thread"),
        ("clone", {"vm": 1, "thread": 0}, "process"),
        ("clone", {"vm": 1, "thread": 1}, "thread"),
        ("pool_task", {}, "thread"),
        ("clone", {}, "process"),
        ("system_call", {}, "other"),
        ("own:greenlet", {}, "other"),
        ("nosuchprobe", {}, "other"),
        ("../fork", {}, "other"),
    ],
)
def test_a_probe_has_its_kind(probe, params, kind):
    assert probe_texts.kind_of(probe, params) == kind


def test_a_new_probe_says_itself_what_it_starts(tmp_path, monkeypatch):
    monkeypatch.setattr(probe_texts, "FOLDER", tmp_path)
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk" / "greenlet.py").write_text('PROBE = {"kind": "task"}')
    (tmp_path / "talk" / "broken.py").write_text("PROBE = {")
    assert probe_texts.kind_of("greenlet") == "task"
    assert probe_texts.kind_of("broken") == "other"


def test_every_kind_that_a_probe_declares_is_drawn():
    for path in probe_texts.files(probe_texts.FOLDER).values():
        declared = probe_texts._declared(path)
        kinds = [declared] if isinstance(declared, str) else next(iter(declared.values())).values()
        assert set(kinds) <= set(style.KINDS), path.name


def medians(figure):
    """Return fill and edge of every median drawn."""
    markers = {kind.marker for kind in style.KINDS.values()}
    lines = [line for line in figure.axes[0].lines if line.get_markersize() == 8]
    return [
        tuple(matplotlib.colors.to_hex(x).upper() for x in (line.get_mfc(), line.get_mec()))
        for line in lines if line.get_marker() in markers
    ]  # fmt: skip


@pytest.mark.parametrize("draw", [plots.distribution, plots.comparison, plots.curve])
def test_recorded_is_hollow_and_live_is_solid(draw):
    live = made_up.sweep({"a": made(1e6), "b": made(2e6, params={"ballast_mb": 64})})
    old = made_up.sweep({"a": recorded(1e6), "b": recorded(2e6, params={"ballast_mb": 64})})
    process = style.PROCESS.colour.upper()
    assert medians(draw(live).figure) == [(process, process)] * 2
    assert medians(draw(old).figure) == [(style.PAPER, process)] * 2
    assert "recorded on" in draw(old).alt and "recorded on" not in draw(live).alt
    false = made_up.sweep({
        "a": made(1e6, source="made up"),
        "b": made(2e6, source="made up", params={"ballast_mb": 64}),
    })  # fmt: skip
    assert medians(draw(false).figure) == [(style.PAPER, process)] * 2
    assert "made up" in draw(false).alt
    assert not any(word in draw(false).alt for word in ("measured here", "recorded", "process"))


def test_times_are_written_out_on_a_log_axis():
    _, ax = sheet.sheet("", 1)
    style.log_axis(ax, TIME, 5e2, 2e7)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["1 µs", "10 µs", "100 µs", "1 ms",
                                                            "10 ms"]  # fmt: skip
    assert "×10" in ax.get_xlabel()


@pytest.mark.parametrize("low, high", [(1, 10), (300, 500), (160e3, 640e3), (1, 1e12), (9, 11e3)])
def test_a_log_axis_has_a_few_round_ticks_inside_it(low, high):
    ticks = style.log_ticks(TIME, *style.log_limits([low, high]), 6)
    assert 2 <= len(ticks) <= 6 and ticks == sorted(ticks)
    assert all(low / 10 <= tick <= high * 10 for tick in ticks)


@pytest.mark.parametrize(
    ("quantity", "low", "high", "ticks"),
    [
        (BYTES, 2**10, 2**20, ["1 kB", "10 kB", "100 kB", "1 MB"]),
        (RATE, 90, 2e6, ["100 /s", "1 k/s", "10 k/s", "100 k/s", "1 M/s"]),
        (RATIO, 0.5, 300, ["×1", "×10", "×100"]),
        (SHARE, 0.01, 1, ["1.00 %", "10.0 %", "100 %"]),
    ],
)
def test_a_log_axis_is_round_in_the_units_of_its_quantity(quantity, low, high, ticks):
    _, ax = sheet.sheet("", 1)
    style.log_axis(ax, quantity, low, high)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ticks


@pytest.mark.parametrize(
    ("quantity", "top", "ticks"),
    [
        (TIME, 1.9e6, ["0 ms", "0.5 ms", "1 ms", "1.5 ms"]),
        (BYTES, 300 * 2**20, ["0 MB", "50 MB", "100 MB", "150 MB", "200 MB", "250 MB", "300 MB"]),
        (RATE, 900, ["0 /s", "200 /s", "400 /s", "600 /s", "800 /s"]),
    ],
)
def test_a_linear_axis_has_one_unit(quantity, top, ticks):
    _, ax = sheet.sheet("", 1)
    style.linear_axis(ax, quantity, top)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ticks
    assert ax.get_xlabel() == quantity.axis + " (more is better)" * (quantity is RATE)


def test_round_numbers_have_no_zeros_that_nobody_measured():
    assert TIME.plain_range(50e3, 500e3) == "50–500 µs"
    assert TIME.plain_range(500e3, 2e6) == "500 µs to 2 ms"
    assert TIME.plain(0.5) == "0.5 ns" and TIME.plain(2e9) == "2 s"
    assert TIME.plain(1e13) == "10,000 s"
    assert BYTES.plain(0, "MB") == "0 MB" and BYTES.plain(3 * 2**29, "MB") == "1,536 MB"


# Labels of any kind --------------------------------------------------------------------------
def kinds_of(label):
    """Return how to draw every picture that shows a student's labels, with this one."""
    costs = {label: SMALL, f"b{label}": PYTHON}
    rows = [Measured.of(*item) for item in costs.items()]
    curves = {label: CURVES["fork"], f"b{label}": CURVES["posix_spawn"]}
    steps = {label: dial_step(0, 5.8e6), f"b{label}": dial_step(5, 26e3)}
    familiar = [(label, 45, "live"), (label, 4e4, "recorded"), (label, 3e8, "cited")]
    around = {"prediction": Range(50e3, 500e3, label), "band": Range(1e6, 10e6, label)}
    return {
        "side by side": lambda: plots.comparison(costs),
        "against size": lambda: plots.curve(curves),
        "distribution": lambda: plots.distribution(costs),
        "comparison": lambda: plots.comparison(rows, **around, cited=[Cited(1e6, label)]),
        "dial": lambda: pictures.dial(steps),
        "race": lambda: plots.race({label: 1, f"b{label}": 2}),
        "ruler": lambda: plots.ruler(familiar),
        "calibration": lambda: plots.calibration([Guessed(label, 2, 20, 17)]),
    }


LONG = {"unbroken": "x" * 200, "wide": "W" * 200, "words": "a rather long label " * 10}


@pytest.mark.slow
@each_size
@pytest.mark.parametrize("label", LONG.values(), ids=LONG)
def test_a_long_label_leaves_room_for_the_picture(label, stage):
    """Row 70: cut in its middle where it is drawn; whole in the picture's words and table."""
    for kind, draw in kinds_of(label).items():
        picture = sized(stage, draw)
        assert cut_or_crossed(picture.figure) == ([], []), kind
        assert sheet.axes_width(picture.figure.axes[0]) > 1.1, kind
        assert " " in label or any("…" in t.get_text() for t in picture.figure.findobj(Text)), kind
        assert label in picture.alt and label in str(picture.table), kind


ODD = {  # a label, and how it is drawn
    "mathtext": (r"$x$ and \frac{1}{2} $", r"$x$ and \frac{1}{2} $"),
    "a single dollar": ("$", "$"),
    "line breaks": ("one\ntwo\r\nthree\n", "one two three"),
    "tabs": ("a\tb\tc", "a b c"),
    "NUL": ("a\0b", "a□b"),
    "colours of a terminal": ("\x1b[31mred", "□[31mred"),
    "ten emoji": ("🚀🎉🐍🔥💥🧪🐙🦀🐳🐧", "□" * 10),
    "right to left": ("שלום עולם", "שלום עולם"),
    "signs that the font lacks": ("进程", "□□"),
    "half a character": ("a\ud800", "a□"),
    "empty": ("", None),
    "blank": (" \t ", None),
}


@pytest.mark.slow
@pytest.mark.parametrize(("label", "drawn_as"), ODD.values(), ids=ODD)
def test_an_odd_label_is_drawn_without_a_warning(label, drawn_as):
    """Row 70: warnings are errors here, and matplotlib warns of each glyph that it lacks."""
    for kind in ("side by side", "against size"):
        picture = kinds_of(label)[kind]()
        seen = " ".join(text.get_text() for text, _ in texts(as_figure(picture.figure)))
        assert drawn_as is None or drawn_as in seen, kind
        assert label in picture.alt, kind


@given(st.text(max_size=60), st.floats(0.2, 3))
def test_a_text_is_cut_in_its_middle_and_only_if_it_is_too_wide(text, width):
    one_line, short = " ".join(text.split()), lettering.shortened(text, width)
    if lettering.text_width(one_line) <= width:
        assert short == one_line
    else:
        begin, _, end = short.rpartition("…") if "…" not in text else (short, "", "")
        assert one_line.startswith(begin.rstrip()) and one_line.endswith(end.lstrip())
        assert lettering.text_width(short) <= width or short == "…"


@given(st.text(max_size=200), st.integers(1, 5))
def test_a_text_is_fitted_into_its_lines(text, count):
    lines = lettering.fit(text, 1.5, count)
    assert len(lines) <= count
    assert all(lettering.text_width(line) <= 1.5 for line in lines)
    whole = lettering.wrap(text, 1.5)
    assert len(whole) > count or lines == whole


def test_as_much_as_fits_is_kept_from_both_ends():
    wide = lettering.text_width("abcd…wxyz")
    assert lettering.shortened("abcdefghijklmnopqrstuvwxyz", wide) == "abcd…wxyz"
    assert lettering.shortened("abcdefghijklmnopqrstuvwxyz", 0.01) == "…"
    assert lettering.fit("one two three four", lettering.text_width("one two"), 2) != []


# Refused -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "draw, what",
    [
        (lambda: plots.distribution({}), "result"),
        (lambda: plots.comparison([]), "measured"),
        (lambda: plots.curve({}), "series"),
        (lambda: plots.curve({"fork": Measurements({})}), "series"),
        (lambda: plots.comparison({}), "measured"),
        (lambda: pictures.dial({}), "results"),
        (lambda: plots.race({}), "places"),
        (lambda: plots.ruler([]), "rows"),
        (lambda: plots.calibration([]), "history"),
        (lambda: plots.story_lines([]), "events"),
        (lambda: plots.moving([], title="t", still=drawn("race"), height=1), "steps"),
    ],
)
def test_nothing_cannot_be_drawn(draw, what):
    with pytest.raises(ValueError, match=rf"{what}.*needed to draw"):
        draw()


@pytest.mark.parametrize(
    "draw, error, what",
    [
        (lambda: Range(5, 2, "x"), ValueError, "low"),
        (lambda: Range(0, 2, "x"), ValueError, "low"),
        (lambda: Range(1, float("inf"), "x"), ValueError, "high"),
        (lambda: Cited(float("nan"), "x"), ValueError, "value"),
        (lambda: Measured("x", -1.0), ValueError, "value"),
        (lambda: Measured("x", 1.0, kind="fibre"), ValueError, "kind"),
        (lambda: Guessed("x", 1, 2, 0), ValueError, "measured"),
        (
            lambda: plots.comparison({"x": SMALL, "y": RATES["8"]}),
            ValueError,
            "must be of one quantity, got time, rate",
        ),
        (
            lambda: plots.curve({"x": CURVES["fork"], "y": RATES}),
            ValueError,
            r"over one axis, got memory touched \(MB\) and clients at the same time",
        ),
        (lambda: plots.curve(Measurements({"x": SMALL})), TypeError, r"no sweep: cl\.sweep"),
        (lambda: plots.race(dict.fromkeys("ABCDEFG", 1)), ValueError, "7 lanes"),
        (lambda: plots.ruler([("x", 1, "heard")]), ValueError, "source"),
        (lambda: pictures.dial({"x": SMALL}), ValueError, "vm"),
        (lambda: plots.curve(CURVES, drawn=[(0, -2)]), ValueError, "drawn y"),
        (lambda: plots.story_lines([{"t": True, "who": "a", "what": "print"}]), TypeError, "t="),
        (lambda: plots.story_lines([{"t": 1, "who": "", "what": "exit"}]), ValueError, "who"),
        (lambda: plots.story_lines([{"t": 1, "who": "a", "what": "dies"}]), ValueError, "what"),
        (
            lambda: plots.story_lines([{"t": 1, "who": "a", "what": "exit", "kind": "fork"}]),
            ValueError,
            "kind",
        ),
        (lambda: plots.Picture(sheet.new_figure(1, 1), ""), ValueError, "alt"),
    ],
)
def test_bad_input_is_named(draw, error, what):
    with pytest.raises(error, match=what):
        draw()


def test_a_measurement_without_a_size_has_no_place_on_the_size_axis():
    item = measurement([1e6] * 20, probe="pthread", params={"timed": "call"})
    lost = Measurements({"x": item}, varied=CURVES["fork"].varied)
    with pytest.raises(ValueError, match=r"'x' .* has no ballast_mb: no place on the axis"):
        plots.curve(lost)


# Single pictures -----------------------------------------------------------------------------
def test_a_picture_is_stored_with_alt_text_in_every_form():
    hostile = {'<script>alert("x")</script>': SMALL}
    data, metadata = plots.distribution(hostile)._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain", "image/png"}
    assert "<script>" not in data["text/html"] and "&lt;script&gt;" in data["text/html"]
    image = r'<img alt="[^"]+" width="\d+" style="max-width:100%[^>]+ src="data:image/png;base64,'
    assert re.search(image, data["text/html"])
    assert "<details>" in data["text/html"]
    assert metadata["image/png"]["alt"] == data["text/plain"]


@pytest.mark.slow
@each_picture
def test_the_paper_is_white_to_its_edges(name):
    from PIL import Image

    image = Image.open(BytesIO(drawn(name).png())).convert("RGB")
    corners = [(x, y) for x in (0, image.width - 1) for y in (0, image.height - 1)]
    assert {image.getpixel(corner) for corner in corners} == {(255, 255, 255)}
    assert len(image.getcolors()) > 2


def test_a_picture_becomes_an_image_for_a_widget():
    picture = drawn("side by side")
    assert '<img class="plot" alt="' in picture.to_img(css_class="plot")


def test_dots_lie_the_same_way_each_time_and_all_are_drawn():
    picture = plots.distribution({"few": made(1e6, runs=1, n=7), "many": THREAD})
    counts = [len(dots.get_offsets()) for dots in picture.figure.axes[0].collections]
    assert counts == [7, THREAD.n]


def test_the_race_tells_neither_what_runs_nor_how_far_apart():
    picture = plots.race(RACE)
    words = picture.alt + picture.to_html() + str(picture.table)
    plain = re.sub(r"base64,[^\"]+", "", words)
    assert not re.search(r"fork|thread|spawn|process|\bms\b|µs|×", plain)


def test_a_slope_is_claimed_only_beyond_the_noise():
    noisy = sweep(lambda mb: 470e3 + mb)
    assert "no rise beyond its noise" in plots.curve(noisy).alt
    assert "≈ 17.4 µs per MB" in plots.curve(CURVES["fork"]).alt  # the middle of made()
    single = sweep(lambda mb: 1e6, sizes=(64,))
    assert "one value only" in plots.curve(single).alt
    assert "Fork: falls (" in plots.curve({"Fork": sweep(lambda mb: 9e5 - 2e3 * mb)}).alt
    peak = sweep(lambda mb: 9e6 if mb == 64 else 1e5 + 1e3 * mb)
    assert "no steady rise" in plots.curve(peak).alt
    few = {f"{mb}": measurement([1e5 + mb] * 3, params={"ballast_mb": mb}) for mb in (0, 64)}
    assert "no interval to judge by" in plots.curve(made_up.sweep(few)).alt


BENT = {
    "bends up at 64 MB": lambda mb: 1e5 + 1e4 * max(0, mb - 64),
    "bends down at 64 MB": lambda mb: 1e5 + 1e4 * min(mb, 64) + 2e3 * max(0, mb - 64),
    "levels off at 64 MB": lambda mb: 1e5 + 1e4 * min(mb, 64),
}


@pytest.mark.parametrize("said", BENT)
def test_a_bend_is_named_with_its_place(said):
    five = sweep(BENT[said], sizes=(0, 32, 64, 128, 192, 256))
    assert said in plots.curve(five).alt


def test_a_prediction_is_as_wide_and_as_far_off_as_its_decades():
    assert Guessed("hit", 1, 100, 10).width == pytest.approx(2)
    assert Guessed("hit", 1, 100, 10).distance == 0
    assert Guessed("low", 1, 10, 1000).distance == pytest.approx(2)
    assert Guessed("high", 10, 100, 1).distance == pytest.approx(1)


def test_labels_are_moved_apart_and_keep_their_order():
    assert sheet.spread([3.0, 1.0, 1.1], gap=1) == [3.0, 1.0, 2.0]
    assert sheet.spread([], gap=1) == []


# Pictures that move --------------------------------------------------------------------------
class Elements(HTMLParser):
    """All elements of a page with their attributes, in order."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def __getitem__(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


def frame_of(moving):
    return Elements(moving.html)["iframe"][0]["srcdoc"]


def steps_of(moving):
    """Return each step's drawing and narration, as the frame holds them."""
    return re.findall(r'<figure class="frame".*?>(<svg.*?</svg>)<figcaption.*?>(.*?)</figcaption>',
                      frame_of(moving))  # fmt: skip


def test_a_story_tells_who_prints_what_step_by_step():
    story = plots.story_lines(TWICE)
    drawings, narration = zip(*steps_of(story), strict=True)
    assert len(drawings) == len({event["t"] for event in TWICE})
    assert [drawing.count(">two<") for drawing in drawings] == [0, 0, 0, 2, 2, 2]
    assert [">child<" in drawing for drawing in drawings] == [False, False, True, True, True, True]
    assert narration[3] == "The parent prints “two”. The child prints “two”."
    assert all(say in story.alt for say in narration) and repr(story) == story.alt


def test_the_child_begins_where_the_fork_is_not_at_the_start():
    lines = plots.lifelines.Layout([Event.of(e) for e in TWICE], list(range(6))).lanes
    assert (lines["child"].parent, lines["child"].begin, lines["child"].end) == ("parent", 2, 4)
    assert lines["parent"].begin == 0


def things_of(events):
    told = [Event.of(event) for event in events]
    return plots.lifelines.Layout(told, sorted({event.t for event in told})).scene().things


def test_a_wait_is_a_bracket_until_the_child_ends_however_it_was_noted():
    after, before = things_of(TWICE), things_of([*TWICE[:4], {**TWICE[6], "t": 3}, *TWICE[4:6]])
    for things, steps in ((after, {4, 5}), (before, {4})):
        assert [thing.text for thing in things if getattr(thing, "text", "") == "waits"] == [
            "waits"
        ]
        assert {t.step for t in things if isinstance(t, scene.Line) and t.dashed} == steps


def life_of(who, events):
    """Return (step, width, dashed) of each piece of a life line, and the marks and labels on it."""
    things = things_of(events)
    y = next(t.y for t in things if isinstance(t, scene.Label) and t.text == who)
    lines = [t for t in things if isinstance(t, scene.Line) and {p[1] for p in t.points} == {y}]
    marks = [(t.step, t.shape, t.colour) for t in things if isinstance(t, scene.Mark) and t.y == y]
    return [(t.step, t.width, t.dashed) for t in lines], marks


def test_a_thread_is_a_branch_in_its_own_colour_and_shape():
    lane = plots.lifelines.Layout([Event.of(e) for e in LOCK], list(range(len(LOCK)))).lanes
    assert (lane["thread"].parent, lane["thread"].begin, lane["thread"].end) == ("parent", 1, 7)
    assert life_of("thread", LOCK)[1] == [(2, "circle", "#D55E00"), (6, "circle", "#D55E00")]
    assert {mark[1:] for mark in life_of("parent", LOCK)[1]} == {("square", style.BLUE)}


def test_the_line_is_thick_while_a_lock_is_held():
    thick = [step for step, width, _ in life_of("thread", LOCK)[0] if width > 2.5]
    assert thick == [3, 4, 5, 6]


def test_who_waits_for_a_lock_is_dashed_until_the_black_cross():
    pieces, marks = life_of("child", LOCK)
    assert [step for step, _, dashed in pieces if dashed] == [6, 7, 8, 9]
    assert marks[-1] == (9, "cross", style.FAULT)
    brackets = [t.step for t in things_of(LOCK) if getattr(t, "text", "") == "waits"]
    assert sorted(brackets) == [9, 10], "the child's for the lock, the parent's for the child"


@pytest.mark.parametrize(("then", "dashed"), [("acquire", [2]), ("note", [2, 3, 3])])
def test_a_wait_ends_with_the_lock_or_goes_on_to_the_edge(then, dashed):
    happened = [("a", "start"), ("a", "ask"), ("a", then), ("b", "start")]
    events = [{"t": t, "who": who, "what": what} for t, (who, what) in enumerate(happened)]
    assert [step for step, _, waits in life_of("a", events)[0] if waits] == dashed
    assert max(x for t in things_of(events) if isinstance(t, scene.Line) for x, _ in t.points) < 720


def test_no_branch_crosses_another_lane():
    lines = [t.points for t in things_of(CROWD) if isinstance(t, scene.Line) and t.width == 2.5]
    branches = [points for points in lines if points[0][0] == points[1][0]]
    lanes: dict[float, list[float]] = {}
    for (left, y), (right, end) in lines:
        if y == end:
            lanes.setdefault(y, []).extend((left, right))
    assert len(branches) == 3 and len(lanes) == 4
    for (x, top), (_, bottom) in branches:
        between = [xs for y, xs in lanes.items() if top < y < bottom]
        assert not [xs for xs in between if min(xs) < x < max(xs)]


@pytest.mark.parametrize("forker", ["parent", "nobody before"])
def test_processes_that_fork_each_other_have_no_circle(forker):
    events = [{"t": 1, "who": "parent", "what": "fork", "text": forker},
              {"t": 1, "who": forker, "what": "fork", "text": "parent"}]  # fmt: skip
    assert len(steps_of(plots.story_lines(events))) == 1


def test_the_still_and_the_moving_one_never_show_together():
    page = Elements(plots.story_lines(TWICE).html)
    (image,), (frame,) = page["img"], page["iframe"]
    assert f".{image['class']}{{display:none!important}}" in plots.story_lines(TWICE).html
    assert image["alt"] == plots.story_lines(TWICE).alt
    assert frame["sandbox"] == "allow-scripts" and "src" not in frame and frame["title"]


def test_a_moving_picture_fetches_nothing():
    html = plots.story_lines(CROWD).html
    inner = frame_of(plots.story_lines(CROWD))
    for text in (html, inner):
        assert not re.search(r"https?:|//\w|@import|url\(", re.sub(r"base64,[^\"]+", "", text))
        sources = [a for _, a in Elements(text).found if {"src", "href"} & set(a)]
        assert all(a.get("src", "").startswith("data:image/png") for a in sources)
    assert "default-src 'none'" in inner


def test_a_moving_picture_is_the_same_each_time_and_has_a_name_of_its_own():
    assert plots.story_lines(TWICE).html == plots.story_lines(TWICE).html
    classes = [Elements(plots.story_lines(e).html)["img"][0]["class"] for e in STORIES.values()]
    assert len(set(classes)) == len(STORIES)


def test_what_a_program_printed_cannot_become_markup():
    text = '</script><img src=x onerror="alert(1)">'
    events = [{"t": 0, "who": f"a{text}", "what": "print", "text": text, "narration": text}]
    story = plots.story_lines(events, title=f"title {text}")
    inner = Elements(frame_of(story))
    assert len(inner["script"]) == 1 and inner["img"] == []
    assert len(Elements(story.html)["img"]) == 1


def test_a_moving_picture_is_stepped_by_mouse_keyboard_and_number():
    inner = Elements(frame_of(plots.story_lines(TWICE)))
    kinds = [a["type"] for a in inner["input"]]
    assert kinds == ["range", "number"] and len(inner["button"]) == 2
    controls = [*inner["input"], *inner["button"]]
    assert all(a["data-lm-suppress-shortcuts"] == "true" for a in controls)
    assert [a["max"] for a in inner["input"]] == ["6", "6"]
    text = frame_of(plots.story_lines(TWICE))
    assert all(key in text for key in ("ArrowLeft", "ArrowRight", "Home", "End"))
    assert "prefers-reduced-motion" in text and 'aria-live="polite"' in text


def test_on_stage_what_moves_is_larger_and_fits_beside_the_bars(monkeypatch):
    def made(height: int) -> str:
        return plots.moving(
            [("<svg></svg>", "a")], title="t", still=drawn("race"), height=height
        ).html

    monkeypatch.delenv("CONCLIB_STAGE", raising=False)
    assert 'height="400"' in made(400) and "font-size:19px" not in made(400)
    monkeypatch.setenv("CONCLIB_STAGE", "1")
    assert 'height="540"' in made(400) and "font-size:19px" in made(400)
    assert 'height="600"' in made(500)


def test_on_stage_letters_in_a_scene_have_18_pixels(monkeypatch):
    monkeypatch.setenv("CONCLIB_STAGE", "1")
    drawn = scene.Scene(720, 100, (scene.Label(0, 5, 5, "A"),)).to_svg(0)
    size = float(re.search(r'font-size="([\d.]+)"', drawn)[1])
    assert size * (sheet.STAGE_WIDTH * sheet.STAGE_PIXELS - 20) / 720 >= 18  # in its frame's edges
