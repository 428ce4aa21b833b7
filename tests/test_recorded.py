"""Where nothing can be measured the course goes on, from recordings that say so.

``run_workers`` is made to fail as it does on a system without POSIX processes; then every call of
the chapters must find a recording with exactly its parameters.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import conclib as cl
from conclib import cli, lab
from conclib.chapters import ch00_measuring, overview
from conclib.lab import machines, measuring, observing, pythons, recording
from conclib.lesson.store import kept
from conclib.results import (
    Observation,
    RecordError,
    Unavailable,
    encoding,
    files,
    recordings,
)
from tests import made_up
from tests.notebooks import source

CHAPTERS = sorted(path.stem for path in files.notebooks_path().glob("[0-9]*.ipynb"))


RECORDED = [*recordings.recorded(cl.Measurement), *recordings.recorded(cl.Observation)]


def test_everything_that_is_recorded_is_there_once_and_is_wanted():
    names = [(item.probe, tuple(sorted(item.params.items()))) for item in RECORDED]
    assert len(names) == len(set(names))
    wanted = {
        (probe, tuple(sorted(lab.catalogue()[probe].complete(params).items())))
        for probe, params in recording.wanted(overview.recorded())
    }
    assert not wanted - set(names), f"run: conclib record {min(wanted - set(names))[0]}"
    assert not set(names) - wanted, "no chapter wants it"
    for item in RECORDED:
        assert item.source == "recorded" and item.date and item.machine


def test_what_is_recorded_on_another_python_is_there_and_is_wanted():
    """It is asked for by that Python's version, and never stands in for this one."""
    wanted = {
        (version, probe, tuple(sorted(lab.catalogue()[probe].complete(params).items())))
        for version, probe, params in recording.wanted_elsewhere(overview.recorded())
    }
    folders = (path.name.removeprefix("python") for path in recordings.folder().glob("python3*"))
    there = {
        (version, item.probe, tuple(sorted(item.params.items())))
        for version in folders
        for item in recordings.recorded(cl.Observation, version)
        if pythons.is_version(item, version)
    }
    assert not wanted - there, f"run: conclib record {min(wanted - there)[1]}"
    assert not there - wanted, "no chapter wants it"


def test_a_list_stands_for_each_of_its_values_and_the_defaults_are_there_already():
    runs = [{"probe": "fork", "ballast_mb": [0, 64], "timed": ["call", "wait"]}]
    more = recording.wanted([{"runs": runs}, {"facts": ["noise"]}])[len(recording.wanted()) :]
    assert more == [
        ("noise", {}),
        ("fork", {"ballast_mb": 0, "timed": "wait"}),
        ("fork", {"ballast_mb": 64, "timed": "call"}),
        ("fork", {"ballast_mb": 64, "timed": "wait"}),
    ]


FACTS = Observation("memory_map", "t", {"asked_mb": 8}, made_up.HOST, made_up.RUNTIME, {"a": 1})


def test_what_reports_is_observed_and_what_is_timed_is_measured(monkeypatch, tmp_path):
    timed = made_up.measurement([5.0] * 300, probe="empty", params={})
    seen = []
    monkeypatch.setattr(observing, "observed", lambda *x, **more: seen.append((x, more)) or FACTS)
    monkeypatch.setattr(measuring, "measure", lambda probe, **_: timed)
    tables = [{"facts": ["memory_map"], "runs": [{"probe": "memory_map", "asked_mb": [9]}]}]
    for name in ("memory_map", "empty"):
        said = list(recording.record(tables, folder=tmp_path, probe=name))
        assert all(sentence.startswith(name) for sentence in said)
    assert seen == [(("memory_map",), {}), (("memory_map",), {"asked_mb": 9})]
    assert cl.load(tmp_path / "memory_map.json") == [replace(FACTS, source="recorded")] * 2
    item = cl.load(tmp_path / "empty.json")
    assert item.source == "recorded" and item.n == 100


def test_what_is_not_live_is_not_recorded(nowhere, tmp_path):
    said = list(recording.record([], folder=tmp_path, probe="empty"))
    assert said[-1] == "empty: not available here, so not recorded"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.worker
def test_the_command_records_facts(home, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(recording.files, "data_path", lambda _: tmp_path)
    assert cli.main(["record", "memory_map"]) == 0
    assert capsys.readouterr().out.startswith("memory_map(asked_mb=8): 4 facts")
    item = cl.load(tmp_path / "memory_map.json")
    assert item.source == "recorded" and item.facts["sizes"]["asked"] == 8.0
    assert kept.observations() == []


@pytest.mark.parametrize("probe", ["capabilities", "memory_mop"])
def test_what_no_chapter_wants_recorded_is_refused(probe, capsys):
    assert cli.main(["record", probe]) == 2
    assert f"probe='{probe}'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("run", "error", "says"),
    [
        ({"probe": "forc"}, ValueError, "probe='forc'"),
        ({"probe": "fork", "balast_mb": 1}, TypeError, "balast_mb=1"),
        ({"probe": "fork", "ballast_mb": [0, 9999]}, ValueError, "ballast_mb=9999"),
    ],
    ids=["probe", "parameter", "value"],
)
def test_what_cannot_be_recorded_is_refused(run, error, says):
    with pytest.raises(error, match=says):
        recording.wanted([{"runs": [run]}])
    with pytest.raises(ValueError, match="probe='forc'"):
        recording.wanted([{"facts": ["forc"]}])


@pytest.mark.worker
def test_one_probe_alone_is_recorded_timed_or_observed(tmp_path):
    tables = overview.recorded()
    for probe in ("empty", "fork_twice"):
        (said,) = recording.record(tables, budget=0.05, folder=tmp_path / probe, probe=probe)
        assert said.startswith(f"{probe}(")
        assert [path.name for path in (tmp_path / probe).iterdir()] == [f"{probe}.json"]
    with pytest.raises(ValueError, match="fork_twic"):
        next(recording.record(tables, folder=tmp_path / "none", probe="fork_twic"))
    assert not (tmp_path / "none").exists()


def test_what_the_chapters_observe_is_recorded():
    wanted = {name for table in overview.recorded() for name in table.get("facts", ())}
    there = {item.probe for item in recordings.recorded(cl.Observation)}
    assert wanted <= there, f"run: conclib record {min(wanted - there)}"


def cells(chapter: str) -> list[str]:
    book = json.loads((files.notebooks_path() / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    code = [source(cell) for cell in book["cells"] if cell["cell_type"] == "code"]
    return [text for text in code if not text.startswith("%%")]


def records_in(value: object) -> list:
    """Return what was measured or observed in what a cell gave a name to."""
    if isinstance(value, cl.Measurement | cl.Observation):
        return [value]
    several = value if isinstance(value, cl.Measurements) else getattr(value, "seen", None)
    return list(several.values()) if isinstance(several, Mapping) else []


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_runs_where_nothing_can_be_measured(nowhere, chapter):
    names: dict = {}
    for text in cells(chapter):
        exec(compile(text.replace('cl.check("own-probe", ...)', ""), chapter, "exec"), names)
    records = [record for value in names.values() for record in records_in(value)]
    assert records, "a chapter measures something, or observes"
    live = [repr(item) for item in records if item.source != "recorded"]
    assert not live, live
    why = {cl.Measurement: "not measured here", cl.Observation: "not observed here"}
    assert all("recorded on" in repr(item) and why[type(item)] in repr(item) for item in records)
    for value in names.values():
        if hasattr(value, "close"):
            value.close()


def test_a_recorded_story_says_so(nowhere):
    assert "recorded on" in cl.story("fork_twice").title
    assert cl.story("fork_twice").lines == ("one", "two", "two")
    assert "recorded on" in ch00_measuring.same_work().sentence


# What the first version recorded ------------------------------------------------------------------
OLDER = Path(__file__).parent / "data" / "recorded_schema_1"


def test_a_measurement_that_the_first_version_recorded_is_read():
    stored = json.loads((OLDER / "pthread.json").read_text())
    items = cl.load(OLDER / "pthread.json")
    for item, old in zip(items, stored, strict=True):
        assert (item.probe, item.title, item.times) == (old["probe"], old["title"], old["times"])
        assert (dict(item.params), item.source, item.date) == (
            old["params"], "recorded", old["date"]
        )  # fmt: skip
        assert (list(item.values), item.median) == (old["values"], old["median"])
        assert list(item.interval) == old["ci95"]
        assert [list(run.baseline) for run in item.runs] == [r["baseline"] for r in old["runs"]]
        assert item.origin.startswith(
            f"recorded on {old['machine']['os']}, {old['machine']['cpu']}"
        )
        assert encoding.from_json(json.loads(encoding.dumps(item))) == item
    assert [item.params["timed"] for item in items] == ["call", "join"]


def test_facts_that_the_first_version_recorded_are_read_and_what_nobody_saw_stays_a_fact():
    old = json.loads((OLDER / "fork_twice.json").read_text())
    item = cl.load(OLDER / "fork_twice.json")
    assert (item.probe, dict(item.params), dict(item.facts)) == ("fork_twice", {}, old["data"])
    assert item.fact("lines") == ["one", "two", "two"] and len(item.fact("events")) == 9
    assert (item.actors, item.events, item.endings) == ((), (), ())
    assert item.origin.endswith(f"{old['machine']['python']}, {old['date']}")
    assert encoding.from_json(json.loads(encoding.dumps(item))) == item


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"data": [1]}, "data=.1.: Expected `object`"),
        ({"machine": {}}, "machine={}: Object missing required field `os`"),
        ({"more": 1}, "unknown field `more`"),
        ({"probe": ""}, "probe=''"),
        ({"schema": 2}, "this version reads schema 1"),
    ],
)
def test_facts_of_another_form_are_refused_by_place(change, says):
    old = json.loads((OLDER / "fork_twice.json").read_text())
    with pytest.raises(RecordError, match=says):
        encoding.from_json({**old, **change})


# Which one takes the place of a live one ----------------------------------------------------------
@pytest.mark.parametrize("asked", [True, False])
def test_a_recording_with_the_same_pin_is_preferred_and_another_says_so(monkeypatch, asked):
    free, pinned = (
        made_up.measurement([5.0] * 9, source="recorded", notes=("quiet",), conditions=conditions)
        for conditions in ({}, {"pinned": 1})
    )
    like, unlike = (pinned, free) if asked else (free, pinned)
    monkeypatch.setattr(recordings, "_all", lambda: (unlike, like))
    assert recordings.find(cl.Measurement, "fork", like.params, asked) == like
    monkeypatch.setattr(recordings, "_all", lambda: (unlike,))
    found = recordings.find(cl.Measurement, "fork", like.params, asked)
    assert found.notes == ("quiet", recordings.OTHER_PIN[asked]) and found.runs == unlike.runs


@pytest.mark.parametrize(("cpu", "noted"), [("one", False), (None, True)])
def test_what_is_shown_instead_of_a_measurement_says_that_it_was_pinned(nowhere, cpu, noted):
    item = cl.measure("fork", cpu=cpu)
    assert item.pinned and (recordings.OTHER_PIN[False] in item.notes) == noted


@pytest.mark.parametrize(("cpu", "noted"), [(0, True), ("one", machines.can_pin()), (None, False)])
def test_so_does_an_observation(nowhere, cpu, noted):
    item = observing.observe("noise", cpu=cpu)
    assert not item.pinned and (recordings.OTHER_PIN[True] in item.notes) == noted


def test_facts_with_other_parameters_are_not_used(nowhere):
    with pytest.raises(Unavailable):
        observing.observe("noise", rounds=21)


def test_what_this_machine_can_do_is_never_a_recording(nowhere):
    report = cl.machine()
    assert report.features and not any(entry["works"] for entry in report.features.values())
    assert "POSIX" in repr(report)
