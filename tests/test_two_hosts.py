"""Results of two machines in one picture: it names them. All that compares refuses them."""

import json
from dataclasses import replace

import pytest

import conclib as cl
from conclib.chapters.ch04_creation import pictures
from conclib.lesson.showing.figures import plot
from conclib.results import DifferentMachines, Measurements
from tests import made_up
from tests.made_up import HOST, OTHER_HOST, RUNTIME

MACHINES = [f"{host.label}, {RUNTIME.label}" for host in (HOST, OTHER_HOST)]
VALUES = [1e6 + place for place in range(20)]
LAPTOP, LAB = made_up.measurement(VALUES), made_up.measurement(VALUES, host=OTHER_HOST)
BOTH = {"laptop": LAPTOP, "lab machine": LAB}


def sweep(host):
    items = {
        f"{mb}": made_up.measurement([1e6 * (mb + 1)] * 9, host=host, params={"ballast_mb": mb})
        for mb in (0, 64, 128)
    }
    return made_up.sweep(items, title="memory touched")


def dial_step(host):
    return made_up.measurement(
        VALUES, host=host, probe="clone", params=dict.fromkeys(pictures.FLAGS, 1)
    )


DRAWN = {
    "side by side": lambda: plot(BOTH),
    "spread": lambda: plot(BOTH, "spread"),
    "curve": lambda: plot({"laptop": sweep(HOST), "lab machine": sweep(OTHER_HOST)}),
    "dial": lambda: plot({"laptop": dial_step(HOST), "lab machine": dial_step(OTHER_HOST)}),
}


def written(picture) -> str:
    """Return all that stands in small print on the picture, its lines joined."""
    return " ".join(" ".join(text.get_text() for text in picture.figure.texts).split())


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    for draw in DRAWN.values():
        draw().picture.png()


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_a_picture_of_two_machines_names_them(draw):
    shown = draw()
    named = f"Different machines: laptop: {MACHINES[0]}; lab machine: {MACHINES[1]}."
    assert named in written(shown.picture)
    for machine in MACHINES:
        assert f"measured on {machine}" in shown.text()
    assert "measured here" not in shown.text()


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_so_does_its_table(draw):
    cells = {cell for row in draw().picture.table.rows for cell in row}
    assert {f"measured on {machine}" for machine in MACHINES} <= cells


def test_one_machine_is_not_named_and_a_recording_names_its_own():
    alone = plot({"once": LAPTOP, "again": LAPTOP})
    assert "measured here" in alone.text() and "machines" not in written(alone.picture)
    other = replace(LAB, source="recorded", date="2026-11-20")
    mixed = plot({"live": LAPTOP, "recorded": other})
    assert "measured here" in mixed.text() and f"recorded on {MACHINES[1]}" in mixed.text()
    assert "Different machines" not in written(mixed.picture)


def test_two_files_are_loaded_and_drawn(tmp_path):
    for name, item in BOTH.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(item.to_json()))
    loaded = {name: cl.load(tmp_path / f"{name}.json") for name in BOTH}
    assert plot(loaded).text() == plot(BOTH).text()


def test_what_compares_refuses_two_machines():
    with pytest.raises(DifferentMachines):
        Measurements(BOTH)
    with pytest.raises(DifferentMachines):
        cl.agree(BOTH)
    with pytest.raises(TypeError, match="result=dict"):
        cl.compare(BOTH)


BAD = {
    "a list": ([LAPTOP, LAB], "result=list: must be what cl.measure"),
    "nothing": ({}, "result=dict: must be what cl.measure"),
    "a list in a dict": ({"laptop": [LAPTOP]}, r"result\['laptop'\]=list: must be what cl.measure"),
    "several that are no sweep": ({"laptop": Measurements({"a": LAPTOP})}, "result.*=Measurements"),
    "both sorts": ({"laptop": LAPTOP, "lab": sweep(OTHER_HOST)}, "single results and sweeps"),
}


@pytest.mark.parametrize(("result", "message"), BAD.values(), ids=BAD)
def test_what_is_no_result_is_refused_by_name(result, message):
    with pytest.raises(TypeError, match=message):
        plot(result)


def test_a_kind_that_does_not_fit_is_refused():
    with pytest.raises(TypeError, match="no sweep; a curve shows"):
        plot(BOTH, "curve")
    with pytest.raises(TypeError, match="kind='spread': several sweeps"):
        plot({"laptop": sweep(HOST)}, "spread")
