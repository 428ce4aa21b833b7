"""Another Python by its version: looked for, run on, recorded, or its recording shown."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import conclib as cl
from conclib import lab
from conclib.lab import observing, pythons, recording, resources
from conclib.lesson.words_forms import shown
from conclib.results import Observation, Unavailable, WorkerError, recordings
from conclib.results.identity import Runtime
from tests import made_up

OWN = ".".join(map(str, sys.version_info[:2]))


@pytest.fixture
def places(tmp_path, monkeypatch) -> Callable[[str], Path]:
    """Empty places for Pythons, and a function that puts one there."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "uv"))

    def put(name: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o755)
        return path

    return put


@pytest.fixture
def stored(tmp_path, monkeypatch) -> Iterator[Path]:
    """A folder of recordings of our own."""
    monkeypatch.setattr(recordings.files, "data_path", lambda _: tmp_path)
    for each in (recordings._all, recordings._elsewhere):
        each.cache_clear()
    yield tmp_path
    for each in (recordings._all, recordings._elsewhere):
        each.cache_clear()


def seen(version: str = "3.9.18", build: str = "") -> Observation:
    runtime = Runtime("CPython", version, True, build)
    params = lab.catalogue()["noise"].complete({})
    return Observation("noise", "t", params, made_up.HOST, runtime, {"a": 1}, date="2026-11-30")


# Looking ------------------------------------------------------------------------------------------
def test_one_is_found_on_the_path_in_pyenv_and_in_uv_and_a_shim_is_none(places, monkeypatch):
    there = [places("bin/python3.9"), places("pyenv/versions/3.9.18/bin/python3.9"),
             places("uv/cpython-3.9.20-linux/bin/python3.9")]  # fmt: skip
    places("bin/python3.10").chmod(0o644)
    places("pyenv/versions/3.13.0t/bin/python3.13t")
    assert pythons.candidates("3.9") == list(map(str, there))
    assert pythons.candidates("3.10") == []
    assert {"3.9", "3.13t", OWN} <= set(pythons.found()) and "3.10" not in {*pythons.found()} - {
        OWN
    }
    monkeypatch.setenv("PATH", str(places("shims/python3.8").parent))
    assert pythons.candidates("3.8") == []


def test_a_folder_of_such_a_name_is_no_python_and_one_that_is_closed_is_passed_by(
    places, monkeypatch
):
    there = places("bin/python3.9")
    places("bin/python3.10/notes")

    def closed(folder, pattern):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "glob", closed)
    assert pythons.candidates("3.9") == [str(there)] and pythons.candidates("3.10") == []


def test_where_too_little_is_left_a_recording_is_looked_for(stored, places, monkeypatch):
    def little(*_, **__):
        raise resources.TooMuch("two threads, and one may be", here, "")

    monkeypatch.setattr(observing, "observed", little)
    places("bin/python3.9")
    here = True
    with pytest.raises(Unavailable, match="one may be, and nothing was recorded"):
        pythons.observe_on("3.9", "noise")
    here = False
    with pytest.raises(resources.TooMuch):
        pythons.observe_on("3.9", "noise")


def test_one_file_with_two_names_is_one_python(places):
    real = places("pyenv/versions/3.9.18/bin/python3.9")
    (real.parents[4] / "bin").mkdir()
    (real.parents[4] / "bin/python3.9").symlink_to(real)
    assert len(pythons.candidates("3.9")) == 1


@pytest.mark.parametrize("version", ["3", "python3.9", "3.9.18", "", "2.7"])
def test_what_is_no_version_is_refused(version):
    with pytest.raises(ValueError, match=r"must be a version such as '3\.9'"):
        lab.observe_on(version, "noise")


# Running ------------------------------------------------------------------------------------------
def test_the_first_that_runs_it_and_is_of_that_version_is_taken(places, monkeypatch):
    tried = [str(places(f"pyenv/versions/3.9.{n}/bin/python3.9")) for n in range(3)]
    given = iter([WorkerError("does not start"), seen("3.8.1"), seen("3.9.2")])

    def observed(probe: str, *, python: str, **_: object) -> Observation:
        assert python == tried.pop(0)
        found = next(given)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(observing, "observed", observed)
    assert lab.observe_on("3.9", "noise").runtime.version == "3.9.2"


def test_a_free_threaded_build_is_another_version():
    assert pythons.is_version(seen("3.13.0", "t"), "3.13t")
    assert not pythons.is_version(seen("3.13.0"), "3.13t")
    assert not pythons.is_version(seen("3.13.0", "t"), "3.13")


@pytest.mark.worker
def test_this_python_is_one_of_them_and_what_it_gives_is_not_kept(home):
    item = lab.observe_on(OWN, "noise")
    assert item.source == "live" and pythons.is_version(item, OWN)
    assert not list(Path(home).rglob("results.jsonl"))


def test_every_python_that_can_run_it_is_asked_and_no_other_is_made_up(monkeypatch):
    stored = replace(seen("3.10.1"), source="recorded")
    answers = {
        "3.9": seen(),
        "3.10": stored,
        "3.11": Unavailable("no fork"),
        "3.12": seen("3.12.1"),
    }

    def observe_on(version: str, probe: str, **params: object) -> Observation:
        assert (probe, params) == ("noise", {"x": 1})
        if isinstance(answers[version], Exception):
            raise answers[version]
        return answers[version]

    monkeypatch.setattr(pythons, "found", lambda: list(answers))
    monkeypatch.setattr(pythons, "observe_on", observe_on)
    assert list(lab.observe_on_all("noise", x=1)) == ["3.9", "3.12"]


# Recording ----------------------------------------------------------------------------------------
TABLE = {"facts": ["noise"], "elsewhere": [{"python": "3.9", "probe": "noise"}]}


def test_it_is_recorded_apart_and_stands_in_for_that_version_alone(stored, places, monkeypatch):
    monkeypatch.setattr(observing, "observed", lambda *_, **__: seen(OWN + ".0"))
    monkeypatch.setattr(pythons, "observe_on", lambda *_, **__: seen())
    list(recording.record([TABLE], folder=stored, probe="noise"))
    monkeypatch.undo()
    monkeypatch.setattr(recordings.files, "data_path", lambda _: stored)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(pythons, "FOLDERS", ())
    assert cl.load(stored / "python3.9" / "noise.json") == replace(seen(), source="recorded")
    item = lab.observe_on("3.9", "noise")
    assert item.source == "recorded" and "CPython 3.9.18" in item.origin
    assert item.notes == ("not observed here: no Python 3.9 was found here",)
    assert [each.runtime.version for each in recordings.recorded(Observation)] == [OWN + ".0"]
    with pytest.raises(Unavailable, match=r"no Python 3\.7 was found here, and nothing"):
        lab.observe_on("3.7", "noise")


def test_what_is_not_here_is_not_recorded_and_what_was_stays(stored, places, monkeypatch):
    def nowhere(version: str, probe: str, **_: object) -> Observation:
        raise Unavailable(f"no Python {version} was found here, and nothing was recorded on one")

    monkeypatch.setattr(observing, "observed", lambda *_, **__: seen(OWN + ".0"))
    monkeypatch.setattr(pythons, "observe_on", nowhere)
    said = list(recording.record([TABLE], folder=stored, probe="noise"))
    assert said[-1].startswith("noise on Python 3.9: no Python 3.9 was found here")
    monkeypatch.setattr(pythons, "observe_on", lambda *_, **__: replace(seen(), source="recorded"))
    said = list(recording.record([TABLE], folder=stored, probe="noise"))
    assert said[-1] == "noise on Python 3.9: not available here, so not recorded"
    assert not (stored / "python3.9").exists()


@pytest.mark.parametrize(
    ("run", "error", "says"),
    [
        ({"python": "9", "probe": "noise"}, ValueError, "a version such as '3.9'"),
        ({"python": "3.9", "probe": "noice"}, ValueError, "probe='noice'"),
        ({"python": "3.9", "probe": "noise", "x": 1}, TypeError, "x=1"),
    ],
)
def test_what_cannot_be_recorded_elsewhere_is_refused(run, error, says):
    with pytest.raises(error, match=says):
        recording.wanted_elsewhere([{"elsewhere": [run]}])


def test_a_chapter_must_say_on_which_python():
    shown.Recorded(elsewhere=[{"python": "3.9", "probe": "noise"}])
    for run, says in (({"probe": "noise"}, "must name a python"), ({"python": "3.9"}, "a probe")):
        with pytest.raises(ValueError, match=says):
            shown.Recorded(elsewhere=[run])
