"""What a measurement says, and records that are loaded from files one does not trust."""

import json
import pickle
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import conclib as cl
from conclib.results import (
    DifferentMachines,
    Machine,
    Measurement,
    Measurements,
    RecordError,
    Run,
    encoding,
    files,
    hooks,
    statistics,
)
from tests import made_up
from tests.made_up import MACHINE, OTHER_MACHINE, OTHER_PYTHON, measurement

times = st.floats(min_value=0, max_value=1e12)
some = st.lists(times, min_size=1, max_size=60)
enough = st.lists(times, min_size=6, max_size=60)


# What a measurement says ---------------------------------------------------------------------
@given(some, some)
def test_net_is_never_negative(values, baseline):
    item = measurement(values, baseline=baseline)
    assert item.net is None or item.net > 0
    assert all(value >= 0 for value in item.net_values)
    if item.net is None:
        assert item.net_text == "below resolution"
        assert any("below resolution" in doubt for doubt in item.unstable)
        assert item.net_interval is None
    if item.net_interval is not None:
        assert 0 <= item.net_interval[0] <= item.net_interval[1]


@given(st.lists(enough, min_size=1, max_size=4))
def test_the_interval_is_the_envelope_of_the_workers(runs):
    item = measurement(*runs)
    each = [statistics.median_interval(run) for run in runs]
    assert item.interval == statistics.envelope(each)
    assert item.n == sum(map(len, runs))


def test_few_values_have_no_interval_and_say_so():
    item = measurement([100, 101, 102])
    assert item.interval is None and item.interval_text == "no interval"
    assert "few samples (3)" in item.unstable


def test_slow_outliers_leave_the_median_and_are_said():
    """Row 33: a fifth of the values are late by a factor of fifty."""
    calm = [100 + i % 5 for i in range(50)]
    late = [value * 50 if i % 5 == 0 else value for i, value in enumerate(calm)]
    clean, disturbed = measurement(calm), measurement(late)
    assert disturbed.median == pytest.approx(clean.median, rel=0.02)
    assert clean.unstable == ()
    assert disturbed.unstable, "a fifth of the values late by fifty times, and no word about it"


def test_workers_that_disagree_are_said():
    item = measurement([100.0] * 30, [200.0] * 30)
    assert any("disagree" in doubt for doubt in item.unstable)


def test_a_measurement_cannot_be_changed():
    item = measurement([100.0] * 6)
    with pytest.raises(AttributeError):
        item.probe = "other"
    with pytest.raises(TypeError):
        item.params["ballast_mb"] = 5
    with pytest.raises(TypeError):
        item.conditions["load"] = 0


def test_a_measurement_of_nothing_or_of_no_known_source_is_refused():
    with pytest.raises(ValueError, match="at least one value"):
        measurement([])
    with pytest.raises(ValueError, match="source='guessed'"):
        measurement([1.0], source="guessed")


def test_the_line_says_where_it_comes_from():
    assert "measured here" in repr(measurement([100.0] * 30))
    recorded = repr(measurement([100.0] * 30, source="recorded", date="2026-01-02"))
    assert f"recorded on {MACHINE.label}, 2026-01-02" in recorded


def test_the_card_gives_its_spread_as_it_gives_its_result_without_the_baseline():
    card = measurement([float(v) for v in range(30, 60)], baseline=(10.0,) * 9)._repr_html_()
    assert "34.5 ns, baseline of 10.0 ns subtracted" in card and "fastest 20.0 ns" in card
    assert "slowest tenth above 46.1 ns" in card and "included" not in card
    below = measurement([20.0] * 9, baseline=(20.0,) * 9)._repr_html_()
    assert "below resolution" in below and "fastest 20.0 ns" in below
    assert "baseline included: fastest" in below


def test_the_card_escapes_what_it_is_given():
    bad = "<script>alert(1)</script>"
    item = measurement([100.0] * 6, title=bad, times=bad, params={"x": bad}, notes=(bad,))
    for card in (item._repr_html_(), Measurements({bad: item})._repr_html_()):
        assert "<script" not in card
        assert "&lt;script&gt;" in card
        assert card.count("<table>") == card.count("</table>") == 1


def test_the_frame_has_a_row_for_each_value():
    frame = Measurements({"a": measurement([20.0, 30.0], [40.0]), "b": measurement([50.0])})
    table = frame.to_frame()
    assert list(table["label"]) == ["a", "a", "a", "b"]
    assert list(table["run"]) == [1, 1, 2, 1]
    assert list(table["net_ns"]) == [10.0, 20.0, 30.0, 40.0]
    assert set(table["ballast_mb"]) == {0}


# Several together ----------------------------------------------------------------------------
@pytest.mark.parametrize("other", [OTHER_MACHINE, OTHER_PYTHON])
def test_results_of_different_machines_are_not_put_together_in_silence(other):
    items = {"a": measurement([1.0]), "b": measurement([1.0], machine=other)}
    with pytest.raises(DifferentMachines) as caught:
        Measurements(items)
    assert MACHINE.label in str(caught.value) and other.label in str(caught.value)
    assert list(Measurements(items, mixed=True)) == ["a", "b"]


def test_a_ratio_is_of_the_net_costs_and_its_interval_holds_it():
    both = Measurements({"dear": measurement([210.0] * 6), "cheap": measurement([20.0] * 6)})
    assert both.ratio("dear", "cheap") == 20.0
    low, high = both.ratio_interval("dear", "cheap")
    assert low <= 20.0 <= high


def test_a_ratio_to_something_below_resolution_does_not_exist():
    both = Measurements({"dear": measurement([210.0] * 6), "none": measurement([10.0] * 6)})
    assert both.ratio("dear", "none") is None
    assert both.ratio_interval("dear", "none") is None


def test_an_unknown_label_lists_the_known_ones():
    with pytest.raises(KeyError, match="measured were: a"):
        Measurements({"a": measurement([1.0])})["b"]


# Records -------------------------------------------------------------------------------------
plain = st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3)
records = st.builds(
    Measurement,
    probe=st.text(max_size=8),
    title=st.text(max_size=8),
    times=st.text(max_size=8),
    params=plain,
    runs=st.lists(
        st.builds(
            Run,
            st.lists(times, max_size=8).map(tuple),
            st.lists(times, max_size=3).map(tuple),
            st.integers(1, 10**6),
            st.integers(0, 9),
        ),
        min_size=1,
        max_size=3,
    )
    .filter(lambda runs: any(run.values for run in runs))
    .map(tuple),
    machine=st.just(MACHINE) | st.just(OTHER_PYTHON),
    conditions=plain,
    source=st.sampled_from(["live", "recorded"]),
    date=st.just("2026-01-02"),
    notes=st.lists(st.text(max_size=5), max_size=2).map(tuple),
)


@given(records)
def test_a_record_loads_back_as_it_was(item):
    assert encoding.loads(encoding.dumps(item)) == item


def test_a_file_holds_one_record_or_a_list_or_one_a_line(tmp_path):
    items = [measurement([1.0] * 6), measurement([2.0] * 6, probe="pthread")]
    lines = [encoding.dumps(item) for item in items]
    path = tmp_path / "record.json"
    for text, expected in (
        (lines[0], items[:1]),
        (json.dumps(json.loads(lines[0]), indent=2), items[:1]),
        (f"[{lines[0]}, {lines[1]}]", items),
        ("\n".join(lines) + "\n", items),
    ):
        path.write_text(text)
        assert encoding.load(path) == expected


def record(**changes) -> dict:
    return json.loads(encoding.dumps(measurement([1.0, 2.0, 3.0]))) | changes


BROKEN = {
    "no object": [1, 2],
    "another schema": record(schema=2),
    "no schema": {key: value for key, value in record().items() if key != "schema"},
    "probe no text": record(probe=3),
    "unknown source": record(source="cited"),
    "params no object": record(params=[]),
    "conditions missing": {k: v for k, v in record().items() if k != "conditions"},
    "values no list": record(values="1, 2, 3"),
    "values of text": record(values=["1", "2", "3"]),
    "values of truth": record(values=[True, True, True]),
    "value with 400 digits": record(values=[10**400, 2.0, 3.0]),
    "negative value": record(values=[1.0, -2.0, 3.0]),
    "no values": record(values=[], n=0, runs=[]),
    "too few for its runs": record(values=[1.0]),
    "n does not fit": record(n=4),
    "runs no list": record(runs={}),
    "run without a baseline": record(runs=[{"n": 3, "loops": 1, "warmups": 0}]),
    "run with a half count": record(runs=[{"n": 3, "loops": 1.5, "warmups": 0, "baseline": []}]),
    "run no object": record(runs=[3]),
    "notes no texts": record(notes=[1]),
    "machine missing": record(machine=None),
    "machine with a host name": record(machine=MACHINE.to_json() | {"host": "box"}),
    "machine of wrong type": record(machine=MACHINE.to_json() | {"cpus": "2"}),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_a_malformed_record_is_rejected(data):
    with pytest.raises(RecordError):
        encoding.loads(json.dumps(data))


@given(st.data())
def test_a_truncated_record_is_rejected_wherever_it_is_cut(data):
    text = encoding.dumps(measurement([1.0] * 6))
    with pytest.raises(RecordError):
        encoding.loads(text[: data.draw(st.integers(0, len(text) - 1))])


@given(st.sampled_from(sorted(record())), st.none() | st.integers() | st.text() | st.lists(times))
def test_a_field_of_any_other_kind_is_rejected_or_changes_nothing_it_should_not(field, value):
    """Whatever stands in a field: a RecordError, or a measurement; never another exception."""
    assume(type(value) is not type(record()[field]))
    try:
        assert isinstance(encoding.from_json(record(**{field: value})), Measurement)
    except RecordError:
        pass


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_rejected(number):
    text = encoding.dumps(measurement([1.0] * 6)).replace("1.0", number, 1)
    with pytest.raises(RecordError):
        encoding.loads(text)


def test_a_computed_field_is_not_believed():
    """A median that was tampered with is computed again from the values."""
    assert encoding.from_json(record(median=99.0, ci95=[0, 1], net_median=5)).median == 2.0


def test_a_file_of_a_gigabyte_is_not_read(tmp_path):
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(2**30)  # a hole: takes no room on the disk
    with pytest.raises(RecordError, match=r"huge\.json: larger than"):
        encoding.load(path)


class Bomb:
    """Would raise, loudly, if anybody unpickled it."""

    def __reduce__(self):
        return (pytest.fail, ("a recording was unpickled",))


def test_a_pickle_is_rejected_and_never_unpickled(tmp_path):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        path = tmp_path / "record.json"
        path.write_bytes(pickle.dumps(Bomb(), protocol=protocol))
        with pytest.raises(RecordError):
            encoding.load(path)


def test_deep_nesting_and_a_missing_file_are_record_errors(tmp_path):
    with pytest.raises(RecordError):
        encoding.loads("[" * 100_000)
    with pytest.raises(RecordError, match="missing"):
        encoding.load(tmp_path / "missing.json")
    with pytest.raises(RecordError):
        encoding.load(tmp_path)


def test_a_machine_names_no_host():
    import platform

    fields = set(MACHINE.to_json())
    assert fields == {"os", "cpu", "cpus", "memory_mb", "python"}
    assert platform.node() not in MACHINE.label
    assert Machine.from_json(MACHINE.to_json()) == MACHINE


# Files and hooks -----------------------------------------------------------------------------
@pytest.mark.parametrize("part", ["..", "a/../../b", "/etc", "a\0b", "a\nb"])
def test_a_path_does_not_lead_out_of_the_data(part):
    with pytest.raises(ValueError, match="parts="):
        files.data_path(part)


def test_a_listener_hears_each_piece_of_news_once_however_often_it_was_added():
    heard = []
    hook = hooks.Hook()
    for _ in range(2):
        hook.listen(heard.append)
    hook.fire(["fork", "pthread"])
    assert heard == [["fork", "pthread"]]


def test_each_workers_own_baseline_is_subtracted_before_they_are_put_together():
    """Workers whose baselines differ differ by that much in what is left."""
    runs = tuple(Run((100.0,) * 30, (base,) * 30) for base in (10.0, 50.0, 90.0))
    item = replace(made_up.measurement([100.0] * 30), runs=runs)
    assert item.net == 50.0
    assert item.net_interval == (10.0, 90.0)
    assert "its fresh workers disagree by more than a quarter" in item.unstable
    assert sorted(set(item.net_values)) == [10.0, 50.0, 90.0]
    assert sorted(item.to_frame()["net_ns"].unique()) == [10.0, 50.0, 90.0]


@pytest.mark.parametrize("field", [{"unit": "furlong"}, {"schema": True},
    {"conditions": {"rss_mb": "x"}}, {"conditions": {"load": None}},
    {"conditions": {"cpus_allowed": True}}])  # fmt: skip
def test_a_record_that_would_break_its_card_is_no_record(field):
    data = {**encoding.to_json(made_up.measurement([1.0, 2.0, 3.0])), **field}
    with pytest.raises(RecordError, match=next(iter(field))):
        encoding.from_json(data)


def test_what_the_command_writes_loads_by_its_public_name(tmp_path):
    item = made_up.measurement([1.0, 2.0, 3.0])
    path = tmp_path / "one.json"
    path.write_text(encoding.dumps(item))
    assert cl.load(str(path)) == cl.load(path) == [item]
    with pytest.raises(TypeError, match="path=7"):
        cl.load(7)
