"""A rate, of which more is better, with a knee: written, shaped, drawn and judged; made up."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib import plots
from conclib.lesson.showing.figures import fitting, plot
from conclib.results import encoding, shapes
from conclib.results.axis import Axis, of_params
from conclib.results.quantity import BYTES, COUNT, RATE
from conclib.textbook import claim_verdicts
from conclib.textbook.claims_file import parse_claims
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
    shape = shapes.shape_of([(x, item.net) for x, item in RATES.items()])
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
    shape = shapes.shape_of([(x, scale * curve(x)) for x in reversed(CLIENTS)])
    assert (shape.word, shape.at) == (word, at)


@given(st.lists(st.floats(-0.002, 0.002), min_size=6, max_size=6))
def test_a_little_noise_changes_no_shape(noise):
    points = [(x, (100 + 50 * x) * (1 + n)) for x, n in zip(CLIENTS, noise, strict=True)]
    assert shapes.shape_of(points).word == "linear"


def test_too_few_points_are_unclear_and_no_points_an_error():
    assert shapes.shape_of([(1, 1), (2, 2), (3, 3), (4, 4)]).word == "unclear"
    for bad in ([], [(1, 1), (1, 2)], [(1, float("nan"))]):
        with pytest.raises(ValueError, match="points="):
            shapes.shape_of(bad)


def test_a_slope_is_given_relative_to_a_guide():
    points = [(x, 30 * x) for x in CLIENTS]
    assert shapes.relative_slope(points, 10) == pytest.approx(3)
    with pytest.raises(ValueError, match="guide=0"):
        shapes.relative_slope(points, 0)


def test_a_crossover_is_where_the_lower_becomes_the_higher():
    slow_start = [(x, 10 + x) for x in CLIENTS]
    steep = [(x, 3 * x) for x in CLIENTS]
    assert shapes.crossover(slow_start, steep) == pytest.approx(5)
    assert shapes.crossover(steep, slow_start) == pytest.approx(5)
    assert shapes.crossover(slow_start, [(x, 11 + x) for x in CLIENTS]) is None


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
    found = plot(SWEEP)
    assert found.picture.alt.startswith("How does it change with clients at the same time?")
    assert fitting({"one": SWEEP, "two": SWEEP}) == "curve"


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
    found = claim_verdicts.verdict_of_claim(parse_claims(text)["serve.rate"], list(RATES.values()))
    assert found.word == word
    assert found.rows[0].measured_text == "795–805 /s"
