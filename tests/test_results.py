"""What a measurement says, and records that are loaded from files one does not trust."""

import json
import os
import pickle
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import conclib as cl
from conclib.results import (
    DifferentMachines,
    Measurement,
    Measurements,
    RecordError,
    Run,
    Runtime,
    encoding,
    files,
    hooks,
    identity,
    reading,
    statistics,
)
from conclib.results.axis import of_params
from tests import house, made_up
from tests.made_up import HOST, OTHER_HOST, OTHER_RUNTIME, RUNTIME, measurement

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


SORTS = 17  # each of three workers' values and baselines, all together, and their deviations


def test_a_card_sorts_the_values_a_handful_of_times_and_once_more_not_at_all(monkeypatch):
    item = made_up.measurement(*[range(100 + n, 140 + n) for n in range(3)], baseline=range(10, 40))
    sorts, real = [], statistics.in_order

    def counted(values, at_least=1):
        sorts.append(len(values))
        return real(values, at_least)

    monkeypatch.setattr(statistics, "in_order", counted)
    card = item._repr_html_()
    assert 0 < len(sorts) <= SORTS
    sorts.clear()
    assert item.estimate and item.unstable == item.unstable and repr(item)
    assert sorts == []
    assert card == replace(item)._repr_html_(), "what is kept does not go with a copy"
    assert replace(item, runs=item.runs[:1]).median != item.median


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
    assert f"recorded on {HOST.label}, {RUNTIME.label}, 2026-01-02" in recorded
    made_up = measurement([100.0] * 30, source="made up")
    assert "n=30, made up)" in repr(made_up) and made_up.source_text == "made up"


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
    assert list(table["net"]) == [10.0, 20.0, 30.0, 40.0]
    assert set(table["ballast_mb"]) == {0}


# Several together ----------------------------------------------------------------------------
def test_results_of_different_hosts_are_not_put_together_in_silence():
    items = {"a": measurement([1.0]), "b": measurement([1.0], host=OTHER_HOST)}
    with pytest.raises(DifferentMachines) as caught:
        Measurements(items)
    assert HOST.label in str(caught.value) and OTHER_HOST.label in str(caught.value)
    assert list(Measurements(items, mixed=True)) == ["a", "b"]


def test_an_upgrade_makes_no_new_host_and_another_cpu_does():
    upgraded = replace(HOST, release="7.0", memory_mb=4096)
    assert upgraded == HOST and upgraded.key == HOST.key and upgraded.label != HOST.label
    assert list(Measurements({"a": measurement([1.0]), "b": measurement([1.0], host=upgraded)}))
    assert replace(HOST, cpus=3) != HOST and replace(HOST, system="Darwin") != HOST


def test_two_runtimes_on_one_host_are_compared_and_labelled():
    one, other = measurement([210.0] * 9), measurement([20.0] * 9, runtime=OTHER_RUNTIME)
    both = Measurements({"a": one, "b": other})
    freed = "CPython 3.13.0 (free-threaded, GIL off)"
    for shown in (repr(both), both._repr_html_()):
        assert "measured here under CPython 3.11.7" in shown
        assert f"measured here under {freed}" in shown
    assert both.ratio("a", "b").label == f"a under CPython 3.11.7 against b under {freed}"
    alone = Measurements({"b": other})
    assert alone.origin("b") == "measured here" and "under" not in repr(alone)


@pytest.mark.parametrize(
    ("runtime", "label"),
    [
        (Runtime("CPython", "3.11.7"), "CPython 3.11.7"),
        (Runtime("CPython", "3.13.0", build="t"), "CPython 3.13.0 (free-threaded)"),
        (Runtime("CPython", "3.13.0", build="td"), "CPython 3.13.0 (free-threaded, debug build)"),
        (Runtime("PyPy", "3.11.7", gil=False), "PyPy 3.11.7 (GIL off)"),
    ],
)
def test_a_runtime_says_what_sets_it_apart(runtime, label):
    assert runtime.label == label


def test_a_ratio_is_of_the_net_costs_and_its_interval_holds_it():
    both = Measurements({"slow": measurement([210.0] * 6), "cheap": measurement([20.0] * 6)})
    assert both.ratio("slow", "cheap").value == 20.0
    low, high = both.ratio("slow", "cheap").interval
    assert low <= 20.0 <= high


def test_a_ratio_to_something_below_resolution_does_not_exist():
    both = Measurements({"slow": measurement([210.0] * 6), "none": measurement([10.0] * 6)})
    assert both.ratio("slow", "none").value is None
    assert both.ratio("slow", "none").interval is None


def test_an_unknown_label_lists_the_known_ones():
    with pytest.raises(KeyError, match="measured were: a"):
        Measurements({"a": measurement([1.0])})["b"]


def test_a_number_finds_the_label_that_is_its_text_or_stands_at_it():
    items = {label: measurement([1.0], params={"size": at}) for label, at in (("0", 0), ("x", 64))}
    swept = Measurements(items, varied=of_params("size", [0, 64]))
    assert swept[0] is swept["0"] and swept[64] is swept["x"]
    assert 64.0 in swept and 65 not in swept
    with pytest.raises(KeyError, match="64: measured were: 0, x"):
        Measurements(items)[64]  # no axis, so no place on it
    twice = Measurements({"0": items["0"], "y": items["0"]}, varied=swept.varied)
    with pytest.raises(KeyError, match="0: measured were: 0, y"):
        twice[0]


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
    host=st.just(HOST) | st.just(OTHER_HOST),
    runtime=st.just(RUNTIME) | st.just(OTHER_RUNTIME),
    conditions=plain,
    source=st.sampled_from(["live", "recorded", "made up"]),
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
        assert encoding.load_all(path) == expected
        assert encoding.load(path) == (expected if len(expected) > 1 else expected[0])


def record(**changes) -> dict:
    return json.loads(encoding.dumps(measurement([1.0, 2.0, 3.0]))) | changes


STORED = identity.to_json(HOST, RUNTIME)
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
    "machine with a host name": record(machine=STORED | {"host": "box"}),
    "machine of wrong type": record(machine=STORED | {"cpus": "2"}),
    "machine of half a kind": record(machine=STORED | {"cpus": True}),
    "machine without a Python": record(machine={k: v for k, v in STORED.items() if k != "python"}),
    "a name with half a character": record(machine=STORED | {"\ud800": 1}),
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


# Files that somebody else wrote --------------------------------------------------------------
def test_a_file_of_a_gigabyte_is_not_read(tmp_path):
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(2**30)  # a hole: takes no room on the disk
    with pytest.raises(RecordError, match=r"^huge\.json: larger than 16 MB, not read$"):
        encoding.load(path)


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


KINDS = {
    "a named pipe": os.mkfifo,
    "a folder": os.mkdir,
    "a socket": make_socket,
    "a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("through", ["itself", "a link"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_a_plain_file_is_refused_by_its_kind(monkeypatch, tmp_path, kind, through):
    """Row 69: a FIFO would block for ever, /dev/zero never ends, a socket cannot be opened."""
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    KINDS[kind](Path("it"))
    if through == "a link":
        Path("link").symlink_to("it")
    name = "it" if through == "itself" else "link"
    with pytest.raises(RecordError) as caught:
        cl.load(name)
    assert str(caught.value) == f"{name}: {kind}, not a plain file, so not read"


SWAPPED = """
import sys
from pathlib import Path
import conclib as cl
plain = Path(sys.argv[1]).stat()
Path.stat = lambda self: plain
try:
    cl.load(sys.argv[2])
except cl.ConclibError as error:
    print(error)
"""


def test_a_fifo_that_takes_a_files_place_does_not_block(tmp_path):
    """Row 69: between the look and the opening it may become another kind of file."""
    plain, fifo = tmp_path / "plain", tmp_path / "fifo"
    plain.write_text("{}")
    os.mkfifo(fifo)
    command = [sys.executable, "-c", SWAPPED, plain, fifo]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=house.ROOT)
    assert (done.stdout, done.stderr) == ("fifo: a named pipe, not a plain file, so not read\n", "")


@pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="no /proc here")  # noqa: PTH110
def test_a_file_that_holds_more_than_it_says_is_cut_at_the_cap():
    """Row 69: one that grows while it is read; files in /proc say that they are empty."""
    path = Path("/proc/self/maps")
    assert path.stat().st_size == 0
    with pytest.raises(RecordError, match=r"^maps: larger than 0 MB, not read$"):
        reading.read_bytes(path, 1000)
    assert len(reading.read_bytes(path, 2**24)) > 1000


@pytest.mark.parametrize("path", ["a\0b", "a\nb", "a\rb", Path("a\0b")])
def test_a_path_that_no_file_has_is_refused_by_name(path):
    """Row 50."""
    with pytest.raises(ValueError) as caught:
        cl.load(path)
    assert str(caught.value) == f"path={str(path)!r}: path must not hold NUL or a line break"


FLOODS = {  # what begins, goes on and ends a file of 15 MB, and what is said about it
    "empty lists": (b"[", b"[],", b"0]", "more than 1,000,000 values"),
    "lists side by side": (b"", b"[]", b"", "more than 1,000,000 values"),
    "lists in each other": (b"", b"[", b"", "more than 1,000,000 values"),
    "empty objects": (b"[", b"{},", b"0]", "more than 1,000,000 values"),
    "objects, one a line": (b"", b"{}\n", b"", ", line 1: schema=None: this version reads"),
    "empty lines": (b'{"schema": 1}', b"\n", b"\n{}", ", line 1: {'schema': 1}: Object missing"),
    "numbers": (b"[", b"1234567890.12345,", b"1]", "a record is one JSON object, got float"),
    "one text": (b'{"schema": "', b"x", '😀"}'.encode(), "schema='xxxxxxxxxxxxxxx"),
    "blanks": (b"", b" ", b"", "not JSON, or cut off"),
}
MEMORY = """
import sys
import conclib as cl
def peak():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) // 1024
cl.load, (before := peak())
try:
    cl.load(sys.argv[1])
except cl.ConclibError as error:
    print(error)
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("begin", "part", "end", "reason"), FLOODS.values(), ids=FLOODS)
def test_a_small_file_of_very_many_values_takes_little_memory(tmp_path, begin, part, end, reason):
    """Row 69: an empty list takes two bytes in a file, and 64 in memory."""
    path = tmp_path / "flood.json"
    path.write_bytes(begin + part * (15_000_000 // len(part)) + end)
    command = [sys.executable, "-c", MEMORY, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=house.ROOT)
    said, megabytes = done.stdout.splitlines()
    assert said.startswith("flood.json") and reason in said and len(said) < 200
    assert int(megabytes) < 150


def test_a_file_of_brackets_beyond_the_cap_is_refused_by_its_size(tmp_path):
    """Row 69."""
    path = tmp_path / "flood.json"
    path.write_bytes(b"[]" * 15_000_000)
    with pytest.raises(RecordError, match=r"^flood\.json: larger than 16 MB, not read$"):
        cl.load(path)


def test_an_error_names_the_file_and_the_line(tmp_path):
    """Row 49: truncated, of another schema, with NaN."""
    path = tmp_path / "some.json"
    good = encoding.dumps(measurement([1.0, 2.0, 3.0]))
    for text, reason in (
        (good[:-9], "some.json: not JSON, or cut off: "),
        (f"{good}\n\n{good[:-9]}\n{good}", "some.json, line 3: not JSON, or cut off: "),
        (good.replace('"schema": 1', '"schema": 9'), "some.json: schema=9: this version reads"),
        (good.replace("3.0", "NaN"), "some.json: NaN is not a number that can be measured"),
        (good.replace("3.0", "-Infinity"), "some.json: -Infinity is not a number that can be"),
        (good.replace("3.0", "9" * 5000), "some.json: Exceeds the limit"),
        (good.replace("3.0", "9" * 4000), "some.json: values[2]=999999"),
        (good.replace('"fork"', str([0] * 9999)), "some.json: probe=[0, 0, 0, 0"),
    ):  # fmt: skip
        path.write_text(text)
        with pytest.raises(RecordError) as caught:
            cl.load(path)
        assert str(caught.value).startswith(reason)
        assert len(str(caught.value)) < 250


class Bomb:
    """Would raise, loudly, if anybody unpickled it."""

    def __reduce__(self):
        return (pytest.fail, ("a recording was unpickled",))


def test_a_pickle_is_rejected_and_never_unpickled(tmp_path):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        path = tmp_path / "record.json"
        path.write_bytes(pickle.dumps(Bomb(), protocol=protocol))
        with pytest.raises(RecordError, match=r"^record\.json: "):
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

    assert set(STORED) == {"os", "cpu", "cpus", "memory_mb", "python"}
    assert set(identity.to_json(HOST, OTHER_RUNTIME)) - set(STORED) == {"gil", "build"}
    assert platform.node() not in made_up.measurement([1.0]).machine


def test_what_only_describes_a_host_is_loaded_back_too():
    host = encoding.loads(encoding.dumps(measurement([1.0]))).host
    assert (host.release, host.memory_mb, host.label) == ("6.1", 2048, HOST.label)


@pytest.mark.parametrize(
    ("conditions", "gil"), [({}, True), ({"gil": True}, True), ({"gil": False}, False)]
)
def test_a_machine_of_an_older_version_is_read(conditions, gil):
    """It named neither GIL nor build; the GIL stood among the conditions."""
    item = encoding.from_json(record(machine=STORED, conditions=conditions))
    assert item.host == HOST and item.machine.startswith("Linux 6.1, Example CPU, 2 CPUs, CPython")
    assert item.runtime == replace(RUNTIME, gil=gil)


# Files and hooks -----------------------------------------------------------------------------
@pytest.mark.parametrize("part", ["..", "a/../../b", "/etc", "a\0b", "a\nb"])
def test_a_path_does_not_lead_out_of_the_data(part):
    with pytest.raises(ValueError, match="parts="):
        files.data_path(part)


def test_nor_by_a_link(tmp_path, monkeypatch):
    """Row 50. A folder for all of it may be a link itself, as in a checkout."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "within").symlink_to("file")
    (tmp_path / "real" / "out").symlink_to(tmp_path)
    (tmp_path / "data").symlink_to("real")
    monkeypatch.setattr(files, "_PACKAGE", tmp_path / "package")
    assert files.data_path("within") == tmp_path / "data" / "within"
    for parts in (("out",), ("out", "file")):
        with pytest.raises(ValueError) as caught:
            files.data_path(*parts)
        assert str(caught.value) == (
            f"parts={parts!r}: must be names inside data/, and lead out by a link"
        )


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
    assert "its fresh processes disagree by more than a quarter" in item.unstable
    assert sorted(set(item.net_values)) == [10.0, 50.0, 90.0]
    assert sorted(item.to_frame()["net"].unique()) == [10.0, 50.0, 90.0]


@pytest.mark.parametrize("field", [{"unit": "furlong"}, {"schema": True},
    {"conditions": {"rss_mb": "x"}}, {"conditions": {"load": None}},
    {"conditions": {"cpus_allowed": True}}])  # fmt: skip
def test_a_record_that_would_break_its_card_is_no_record(field):
    data = {**made_up.measurement([1.0, 2.0, 3.0]).to_json(), **field}
    with pytest.raises(RecordError, match=next(iter(field))):
        encoding.from_json(data)


def test_what_the_command_writes_loads_by_its_public_name(tmp_path):
    item = made_up.measurement([1.0, 2.0, 3.0])
    path = tmp_path / "one.json"
    path.write_text(encoding.dumps(item))
    assert cl.load(str(path)) == cl.load(path) == item
    with pytest.raises(TypeError, match="path=7: path must be a str or a Path"):
        cl.load(7)


def test_a_file_without_a_result_is_refused(tmp_path):
    path = tmp_path / "none.json"
    path.write_text("[]")
    assert encoding.load_all(path) == []
    with pytest.raises(RecordError, match=r"^none\.json: holds no result$"):
        cl.load(path)
