"""A rate, of which more is better: written, shaped, predicted, drawn and judged; all made up."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib import plots
from conclib.lesson import texts
from conclib.lesson.judging import subjects
from conclib.lesson.judging.agreement import agree
from conclib.lesson.judging.comparing import compare
from conclib.lesson.predicting.predictions import predict, standing
from conclib.lesson.showing import figures
from conclib.lesson.store import kept
from conclib.results import encoding, fitting, shapes
from conclib.results.axis import Axis, of_params
from conclib.results.quantity import BYTES, COUNT, RATE
from conclib.textbook import judging_claims
from conclib.textbook.claims_file import parse_claims
from conclib.widgets.drawing import Drawing
from conclib.widgets.exploring import Line
from tests import made_up
from tests.lesson_fonts import open_fonts

CLIENTS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


RATES = {clients: made_up.rate(clients) for clients in CLIENTS}
SWEEP = made_up.sweep(
    {f"{x:g}": item for x, item in RATES.items()}, "clients", "clients at the same time"
)


# Written ------------------------------------------------------------------------------------------
def test_a_rate_is_written_with_its_unit():
    item = RATES[8]
    assert item.quantity is RATE and item.net_text == "800 /s"
    assert item.interval_text == "795–805 /s"
    card = item._repr_html_()
    assert "800 /s" in card and "least 790 /s" in card
    assert " ns" not in card and "baseline" not in card


def test_a_rate_is_stored_and_loaded_with_its_unit():
    data = json.loads(encoding.dumps(RATES[8]))
    assert data["unit"] == "/s" and encoding.from_json(data) == RATES[8]
    with pytest.raises(
        encoding.RecordError, match="unit='miles': unit must be one of: ns, B, /s, ×"
    ):
        encoding.from_json({**data, "unit": "miles"})
    with pytest.raises(ValueError, match="unit='miles'"):
        made_up.measurement([1.0], unit="miles")


# Shaped -------------------------------------------------------------------------------------------
def test_its_shape_is_a_saturation_where_it_was_made_one():
    shape = shapes.measured(SWEEP.curve)
    assert (shape.word, shape.at) == ("saturation", 8.0)
    assert shape.slope == pytest.approx(100)


@pytest.mark.parametrize(
    ("curve", "word", "at"),
    [
        (lambda x: 5, "flat", None),
        (lambda x: 0, "flat", None),
        (lambda x: 5 + 3 * x, "linear", None),
        (lambda x: 500 - 3 * x, "linear", None),
        (lambda x: 10 + 5 * max(0, x - 8), "knee", 8),
        (lambda x: 100 * min(x, 4) + 10 * max(0, x - 4), "knee", 4),
        (lambda x: 100 * min(x, 4), "saturation", 4),
        (lambda x: 9 if x in (1, 4, 16) else 1, "unclear", None),
    ],
)
@pytest.mark.parametrize("scale", [1e-3, 1, 1e9])
def test_a_made_up_shape_is_found_whatever_its_unit(curve, word, at, scale):
    shape = fitting.model_of([(x, scale * curve(x)) for x in reversed(CLIENTS)])
    assert (shape.word, shape.at) == (word, at)


@given(st.lists(st.floats(-0.002, 0.002), min_size=6, max_size=6))
def test_a_little_noise_changes_no_shape(noise):
    points = [(x, (100 + 50 * x) * (1 + n)) for x, n in zip(CLIENTS, noise, strict=True)]
    assert fitting.model_of(points).word == "linear"


def test_too_few_points_are_unclear_and_no_points_an_error():
    assert fitting.model_of([(1, 1), (2, 2), (3, 3), (4, 4)]).word == "unclear"
    for bad in ([], [(1, 1), (1, 2)], [(1, float("nan"))]):
        with pytest.raises(ValueError, match="points="):
            fitting.model_of(bad)


# Predicted ----------------------------------------------------------------------------------------
SERVED = {  # a rate at a size, by its shape; 100 for each is what one alone gives
    "flat": lambda x: 500,
    "gentle rise": lambda x: 80 + 20 * x,
    "steep rise": lambda x: 100 * x,
    "knee": lambda x: 100 + 50 * max(0, x - 8),
    "saturation": lambda x: 100 * min(x, 8),
    "fall": lambda x: 5000 - 100 * x,
    "unclear": lambda x: 100 * min(x, 8) - 25 * max(0, x - 8),
}


def served(shape, places=CLIENTS):
    """Return rates of this shape, as the experiment of the toy chapter would give them."""
    items = {
        f"{x:g}": made_up.rate(
            x, SERVED[shape](x), probe="first_write",
            params={"ballast_mb": int(x), "after": "nothing", "write": "first"},
        )
        for x in places
    }  # fmt: skip
    return made_up.sweep(items, title="what is asked for at a time")


def one_alone():
    """Keep what the toy chapter's guide is: the rate of one alone."""
    kept.keep([served("steep rise").points[0][1]])


@pytest.mark.parametrize("shape", SERVED)
@pytest.mark.parametrize("guided", [True, False])
@pytest.mark.parametrize("guess", [*shapes.HEIGHTS, [0, 0.5, 0.6, 0.6, 0.6], ...])
def test_a_rate_of_any_shape_is_held_against_any_prediction(course, shape, guided, guess):
    if guided:
        one_alone()
    made = predict("served", shape=guess)
    found = compare(served(shape), predicted="served")
    mine = "saturation" if isinstance(guess, list) else guess
    known = shape if guided or not shape.endswith(" rise") else "rise"
    assert texts.entry("curves", "served")["sentences"][known] in found.sentence
    assert ("that holds" in found.sentence) == (mine == known != "unclear")
    assert standing("served") is None or standing("served").locked
    assert made.filled == bool(found.picture.alt.count("Your prediction goes"))


def test_a_predicted_rate_is_drawn_and_written_in_its_unit(course):
    one_alone()
    predict("served", shape="saturation")
    found = compare(served("saturation"), predicted="served")
    assert "levels off (from 8 MB on). You predicted saturation: that holds." in found.sentence
    rows = {row[0]: row[1] for row in found.table}
    assert rows["one more MB, up to 8 MB"] == "100 /s" and rows["32 MB"].startswith("800 /s (")
    assert rows["if it serves each at full speed"] == "100 /s"
    assert "Your prediction goes from 100 /s at 1 MB to 1.70 k/s at 32 MB." in found.picture.alt
    assert not any(" ns" in text for text in (found.text(), found.picture.alt))


def test_its_guide_is_of_exactly_the_parameters_and_the_quantity_that_its_chapter_names(course):
    curve = texts.entry("curves", "served")
    assert subjects.guide(served("flat"), curve) is None
    kept.keep([served("steep rise").points[2][1]])
    assert subjects.guide(served("flat"), curve) is None, "four of them are not one"
    params = {"ballast_mb": 1, "after": "nothing", "write": "first"}
    kept.keep([made_up.measurement([5.0] * 9, probe="first_write", params=params, baseline=())])
    assert subjects.guide(served("flat"), curve) is None, "a time is no rate"
    one_alone()
    assert subjects.guide(served("flat"), curve) == pytest.approx(100)


def test_four_values_leave_a_predicted_bend_open(course):
    predict("served", shape="knee")
    found = compare(served("knee", CLIENTS[2:]), predicted="served")
    assert "not contradicted; whether it bends" in found.sentence


def test_the_sliders_draw_it_at_the_heights_that_the_picture_has(course):
    shown = Drawing(predict("served"))
    shown.take("knee")
    assert shown.heights == shapes.HEIGHTS["knee"] and shown.given() == {"shape": "knee"}
    shown.close()


# Agreeing -----------------------------------------------------------------------------------------
def test_rates_agree_in_their_unit():
    items = {"one": made_up.rate(1), "another": made_up.rate(4)}
    assert "from 100 /s to 400 /s, the largest ×4 the smallest" in repr(agree(items))
    twice = replace(made_up.rate(4), runs=made_up.rate(4).runs * 2)
    assert "The two intervals overlap. Their medians reach from 400 /s to" in repr(agree(twice))
    with pytest.raises(TypeError, match="a rate is not compared with a time"):
        agree({"a rate": made_up.rate(1), "a time": made_up.measurement([50.0] * 9)})


def test_its_doubts_are_in_its_unit_and_nothing_of_it_is_late():
    run = [95e3 + 60e3 * (i % 2) + 400 * (i % 5 - 2) for i in range(60)]
    two = made_up.measurement(run, run, run, baseline=(), unit="/s")
    assert any("around 95.0 k/s and 155 k/s" in reason for reason in two.unstable)
    odd = [100.0 + i % 3 for i in range(50)] + [900.0] * 10
    far = made_up.measurement(odd, odd, odd, baseline=(), unit="/s")
    assert any("of the values are far too high" in reason for reason in far.unstable)


# Drawn --------------------------------------------------------------------------------------------
def test_a_curve_has_axes_in_the_units_of_its_quantities():
    picture = plots.curve(SWEEP, title="How much does it serve?")
    (ax,) = picture.figure.axes
    assert ax.get_xlabel() == "clients at the same time"
    assert ax.get_ylabel() == "how many a second (more is better)"
    labels = [tick.get_text() for tick in ax.get_yticklabels()]
    assert all(text.endswith("/s") for text in labels) and not any(" ns" in x for x in labels)
    assert "levels off at 8 (1: 100 /s, 2: 200 /s, 4: 400 /s, 8: 800 /s" in picture.alt
    assert ("8", "800 /s", "795–805 /s") in [row[1:4] for row in picture.table.rows]
    assert picture.png().startswith(b"\x89PNG")


def test_the_picture_that_fits_a_sweep_of_rates_is_its_curve():
    found = figures.plot(SWEEP)
    assert found.picture.alt.startswith("How does it change with clients at the same time?")
    assert figures.fitting({"one": SWEEP, "two": SWEEP}) == "curve"


def test_a_sweep_of_rates_is_explored_in_its_unit():
    line = Line.through(SWEEP)
    assert "At 6 the line says" in line.sentence(6) and " /s." in line.sentence(6)


def test_a_table_of_values_names_their_unit():
    frame = SWEEP.to_frame()
    assert set(frame["unit"]) == {"/s"} and frame["value"].max() == 810
    assert "value_ns" not in frame


def test_an_axis_has_a_unit_of_its_quantity():
    size = Axis("ballast_mb", (0, 64), BYTES, "memory touched", "MB")
    assert (size.text, size.per, size.write(64)) == ("memory touched (MB)", "per MB", "64 MB")
    assert of_params("ballast_mb", [64, 0], "memory touched", "MB") == size
    clients = of_params("clients", [8, 1], unit="people")
    assert (clients.quantity, clients.text, clients.per) == (COUNT, "clients", "for one more")
    assert clients.write(1300) == "1,300"
    with pytest.raises(ValueError, match="unit='s': must be one of: B, kB"):
        Axis("x", (1,), BYTES, "", "s")


@pytest.mark.parametrize("values", [(), (2.0, 1.0), (1.0, 1.0)])
def test_an_axis_has_values_that_rise(values):
    with pytest.raises(ValueError, match="must be numbers that rise"):
        Axis("x", values)
    assert of_params("x", [4, 1, 4]).values == (1, 4)


# Judged -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("band", "word"),
    [
        ("[700, 900]", "supported"),
        ("[2000, 9000]", "not supported"),
        ("[805, 900]", "inconclusive"),
    ],
)
def test_a_claim_of_a_rate_is_judged_in_its_unit(band, word):
    text = (
        f'[[claim]]\nid = "serve.rate"\nhome = "10"\ntext = "t"\nsettled = "s"\nband = {band}\n'
        'unit = "/s"\n[[claim.readings]]\nname = "a"\nwhat = "eight clients"\nprobe = "made_up"\n'
        "params = { clients = 8 }\n"
    )
    found = judging_claims.verdict_of_claim(parse_claims(text)["serve.rate"], list(RATES.values()))
    assert found.word == word
    assert found.rows[0].measured_text == "795–805 /s"
