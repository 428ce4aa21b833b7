"""The command line: exit codes, words for people, one JSON object for programs."""

import json
import os
import re
import subprocess
import sys

import pytest

import conclib
from conclib import cli
from conclib.lab import catalogue
from conclib.lesson import store
from conclib.lesson.copying import working_copy
from conclib.results import Unavailable, encoding
from tests import made_up

QUICK = ["measure", "empty", "--budget", "0.02", "--runs", "1"]
KNOWN = made_up.measurement([20.0, 21.0, 22.0, 23.0, 24.0, 25.0], baseline=(10.0,))


@pytest.fixture
def run(capsys):
    """Run a command in this process; return exit code, output, errors."""

    def call(*words):
        try:
            code = cli.main(words)
        except SystemExit as leaving:  # argparse ends by itself
            code = leaving.code
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def asked(monkeypatch):
    """Put a known result in the place of measuring; return what was asked for."""
    calls = []

    def measure(probe, **options):
        calls.append((probe, options))
        return KNOWN

    monkeypatch.setattr("conclib.lab.measure", measure)
    return calls


# Asking -------------------------------------------------------------------------------------------
def test_help_and_version_end_with_0(run):
    code, out, _ = run("--help")
    assert code == 0 and all(
        name in out for name in ("doctor", "list", "measure", "crash", "inspect", "lab", "record")
    )
    assert run("--version")[:2] == (0, f"conclib {conclib.__version__}\n")


@pytest.mark.parametrize(
    "words",
    [[], ["nothing"], ["doctor", "more"], ["measure"], ["measure", "fork", "--runs", "many"],
     ["lab", "--port", "abc"], ["list", "--jsn"]],
)  # fmt: skip
def test_bad_usage_ends_with_2_and_prints_nothing_as_a_result(run, words):
    code, out, err = run(*words)
    assert code == 2 and out == "" and err.startswith("usage: conclib")


BAD = {
    "no such probe": (["nothing"], "must be one of"),
    "a probe of facts": (["fork_twice"], "it reports, so use cl.observe"),
    "a path": (["../x"], "must be one of"),
    "no value": (["fork", "--set", "ballast_mb"], "must be K=V"),
    "no name": (["fork", "--set", "=3"], "must be K=V"),
    "unknown parameter": (["fork", "--set", "balast_mb=3"], "Did you mean 'ballast_mb'?"),
    "too small": (["fork", "--set", "ballast_mb=-1"], "from 0 to 1,024 MB"),
    "too large": (["fork", "--set", "ballast_mb=99999"], "from 0 to 1,024 MB"),
    "no whole number": (["fork", "--set", "ballast_mb=1.5"], "whole number"),
    "no choice": (["fork", "--set", "pages=5k"], "Did you mean '4k'?"),
    "an option as a parameter": (["fork", "--set", "budget=3"], "no parameter of a probe"),
    "no runs": (["fork", "--runs", "0"], "from 1 to 10"),
    "no budget": (["fork", "--budget", "0"], "from 0.01 to 60 seconds"),
    "not a number": (["fork", "--budget", "nan"], "from 0.01 to 60 seconds"),
    "no such CPU": (["fork", "--cpu", "99999"], "cpu must be a whole number"),
    "no CPU at all": (["fork", "--cpu=-1"], "cpu must be a whole number"),
    "half a CPU": (["fork", "--cpu", "0.5"], "cpu='0.5': must be 'one' or one of: ["),
    "a word for a CPU": (["fork", "--cpu", "two"], "cpu='two': must be 'one' or one of: ["),
    "nothing for a CPU": (["fork", "--cpu", ""], "cpu='': must be 'one' or one of: ["),
    "no such Python": (["fork", "--python", "/no/python"], "path of an executable file"),
}


@pytest.mark.parametrize(("words", "says"), BAD.values(), ids=BAD)
def test_a_bad_argument_ends_with_2_and_one_line_that_says_what_is_allowed(run, words, says):
    code, out, err = run("measure", *words)
    assert code == 2 and out == ""
    assert err.startswith("conclib: ") and says in err and err.count("\n") == 1


# Measuring ----------------------------------------------------------------------------------------
def test_what_is_given_reaches_the_measurement(run, asked):
    words = ["--set", "ballast_mb=64", "--set", "pages=huge", "--budget", "0.5", "--runs", "2"]
    assert run("measure", "fork", *words, "--cpu", "0", "--python", sys.executable)[0] == 0
    options = {"ballast_mb": 64, "pages": "huge", "budget": 0.5, "runs": 2, "cpu": 0}
    assert asked == [("fork", {**options, "python": sys.executable, "on_progress": None})]


@pytest.mark.parametrize(("word", "cpu"), [("one", "one"), ("0", 0), ("12", 12)])
def test_a_cpu_is_named_as_in_a_notebook(run, asked, word, cpu):
    assert run("measure", "fork", "--cpu", word)[0] == 0
    assert asked[0][1]["cpu"] == cpu and type(asked[0][1]["cpu"]) is type(cpu)


def test_a_result_for_people_says_what_was_timed(run, asked):
    code, out, err = run("measure", "fork")
    assert (code, err) == (0, "")
    assert out == f"{KNOWN}\nTimed: {KNOWN.times}.\n"


def test_a_result_for_programs_is_one_object_that_loads_back(run, asked):
    code, out, err = run("measure", "fork", "--json")
    assert (code, err) == (0, "") and out.count("\n") == 1
    assert encoding.loads(out) == KNOWN


@pytest.mark.worker
def test_a_real_measurement_loads_back(run):
    code, out, err = run(*QUICK, "--json")
    assert (code, err) == (0, "")
    result = encoding.loads(out)
    assert result.probe == "empty" and result.source == "live" and len(result.runs) == 1


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [(Unavailable("not on this machine"), 1, "conclib: not on this machine\n"),
     (OSError("disk full"), 1, "conclib: disk full\n"),
     (ValueError("budget"), 2, "conclib: budget\n"),
     (KeyboardInterrupt(), 130, "conclib: stopped\n")],
)  # fmt: skip
def test_what_goes_wrong_is_said_in_one_line_with_its_code(run, monkeypatch, error, code, says):
    def fail(*given, **options):
        raise error

    monkeypatch.setattr("conclib.lab.measure", fail)
    assert run("measure", "fork", "--json") == (code, "", says)


# Looking ------------------------------------------------------------------------------------------
def test_the_list_has_every_probe_with_what_it_times_and_its_parameters(run):
    code, out, _ = run("list")
    assert code == 0
    for info in catalogue().values():
        assert re.search(rf"^{info.name} +{re.escape(info.title)}$", out, re.M)
        words = [info.times] if isinstance(info.times, str) else list(info.times.values())
        assert info.kind != "timed" or all(each in out for each in words)
        assert all(f"{name}={param.default} " in out for name, param in info.params.items())
    assert "{" not in out
    assert out.count("nothing to measure") == sum(i.kind == "facts" for i in catalogue().values())


def test_the_list_as_json_allows_what_measuring_takes(run):
    code, out, _ = run("list", "--json")
    listed = json.loads(out)
    assert code == 0 and listed["schema"] == 1 and set(listed["probes"]) == set(catalogue())
    params = listed["probes"]["fork"]["params"]
    assert params["ballast_mb"] == {"type": "int", "default": 0, "allowed": [0, 1024]}
    assert params["timed"]["allowed"] == ["call", "wait"]


@pytest.mark.worker
def test_doctor_as_json_and_for_people_say_the_same_machine(run):
    code, out, _ = run("doctor", "--json")
    report = json.loads(out)
    assert code == 0 and out.count("\n") == 1 and report["schema"] == 1
    assert set(report) == {"schema", "machine", "conditions", "features", "noise"}
    assert all(entry["works"] or entry["reason"] for entry in report["features"].values())
    code, out, _ = run("doctor")
    assert code == 0 and report["machine"]["cpu"] in out
    missing = [name for name, entry in report["features"].items() if not entry["works"]]
    assert all(re.search(rf"^Not here +{name}: ", out, re.M) for name in missing)


def test_a_reader_that_has_seen_enough_is_no_error():
    script = f"{sys.executable} -m conclib.cli list --json 2>err | true; cat err; rm err"
    found = subprocess.run(
        ["/bin/sh", "-c", script], capture_output=True, text=True, timeout=60,
        cwd=os.environ["TMPDIR"],
    )  # fmt: skip
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


# Opening the course -------------------------------------------------------------------------------
@pytest.fixture
def started(monkeypatch):
    """Catch the command that ``conclib lab`` becomes."""
    commands = []
    monkeypatch.setattr(os, "execve", lambda path, command, _: commands.append(command))
    return commands


@pytest.mark.parametrize("ip", ["0.0.0.0", "::", "127.0.0.2", "192.168.1.1", "example.org", ""])
def test_the_lab_listens_on_loopback_only(run, started, tmp_path, ip):
    code, out, err = run("lab", "--ip", ip, "--folder", str(tmp_path / "copy"))
    assert (code, out) == (2, "") and "127.0.0.1, localhost, ::1" in err
    assert started == [] and not (tmp_path / "copy").exists()


@pytest.mark.parametrize("port", ["80", "0", "-1", "65536"])
def test_a_port_of_the_system_is_refused(run, started, tmp_path, port):
    code, _, err = run("lab", f"--port={port}", "--folder", str(tmp_path / "copy"))
    assert code == 2 and "from 1,024 to 65,535" in err
    assert started == [] and not (tmp_path / "copy").exists()


def test_the_lab_opens_the_students_copy(run, started, tmp_path, monkeypatch):
    monkeypatch.setenv("CONCLIB_COURSE", str(tmp_path / "copy"))
    _, out, err = run("lab", "--port", "8999", "--no-browser")
    (command,) = started
    assert err == "" and command[:4] == [sys.executable, "-P", "-m", "jupyterlab"]
    assert {f"--ServerApp.root_dir={tmp_path / 'copy'}", "--ip=127.0.0.1", "--port=8999",
            "--no-browser"} <= set(command)  # fmt: skip
    assert "index.ipynb is ready" in out and f"{tmp_path / 'copy'}\n" in out
    assert working_copy.refresh(tmp_path / "copy") == []


@pytest.fixture
def course(monkeypatch, tmp_path):
    """A student's folder for the course, and what JupyterLab's notebook kernels are told."""
    told = []
    monkeypatch.setenv("CONCLIB_COURSE", str(tmp_path / "copy"))
    monkeypatch.setattr(os, "execve", lambda path, command, told_env: told.append(told_env))
    return tmp_path, told


def test_a_session_has_a_store_and_a_copy_of_its_own(run, course, home, monkeypatch):
    folder, told = course
    run("lab", "--session", "lecture-A")
    assert told[0]["CONCLIB_SESSION"] == "lecture-A"
    assert (folder / "copy-lecture-A" / "index.ipynb").exists() and not (folder / "copy").exists()
    monkeypatch.setenv("CONCLIB_SESSION", "lecture-A")
    assert store.home() == home / "sessions" / "lecture-A"
    store.append(store.PREDICTIONS, {"schema": 1, "event": "revealed", "id": "x"})
    monkeypatch.setenv("CONCLIB_SESSION", "lecture-B")
    assert store.read(store.PREDICTIONS) == [], "lecture B sees nothing of lecture A"
    monkeypatch.delenv("CONCLIB_SESSION")
    assert store.read(store.PREDICTIONS) == [], "nor does the student"


def test_a_fresh_session_puts_aside_what_it_held_and_keeps_it(run, course, home, monkeypatch):
    folder, told = course
    run("lab", "--session", "rehearsal")
    monkeypatch.setenv("CONCLIB_SESSION", "rehearsal")
    store.append(store.PREDICTIONS, {"schema": 1, "event": "revealed", "id": "x"})
    (folder / "copy-rehearsal" / "mine.txt").write_text("my notes")
    for number in (1, 2):
        _, out, _ = run("lab", "--fresh", "rehearsal")
        assert "put aside as copy-rehearsal (put aside" in out
        assert (folder / "copy-rehearsal" / "index.ipynb").exists()
        assert not (folder / "copy-rehearsal" / "mine.txt").exists()
        assert (folder / f"copy-rehearsal (put aside {number})").exists()
    assert store.read(store.PREDICTIONS) == []
    kept = home / "sessions" / "rehearsal (put aside 1)" / "predictions.jsonl"
    assert "revealed" in kept.read_text()
    assert (folder / "copy-rehearsal (put aside 1)" / "mine.txt").read_text() == "my notes"
    assert told[-1]["CONCLIB_SESSION"] == "rehearsal"


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\nb", ".", " ", "x" * 41, "-x", "é"])
def test_a_name_that_is_none_is_refused_before_anything_is_made(run, course, name):
    folder, told = course
    for option in ("--session", "--fresh"):
        code, _, err = run("lab", f"{option}={name}")
        assert code == 2 and "session=" in err and "lecture-A" in err
    assert told == [] and list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_ends_with_1(run, started, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, err = run("lab", "--folder", str(tmp_path / "file" / "copy"))
    assert code == 1 and err.startswith("conclib: ") and started == []


# Progress ----------------------------------------------------------------------------------------
@pytest.mark.worker
def test_a_terminal_sees_progress_and_keeps_none_of_it(run, monkeypatch):
    """What is printed for programs stays alone on standard output."""
    assert run(*QUICK)[2] == "", "no terminal, no progress"
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    code, out, errors = run(*QUICK, "--json")
    assert code == 0 and encoding.loads(out).probe == "empty"
    assert "process 1 of 1: measuring" in errors
    assert errors.endswith(cli.CLEAR)
    assert "\n" not in errors


# Crashing -----------------------------------------------------------------------------------------
@pytest.mark.worker
def test_a_crash_for_people_and_for_programs(run):
    code, out, err = run("crash", "null-pointer", "--in", "process", "--siblings", "1")
    assert (code, err) == (0, "")
    assert "was ended by SIGSEGV" in out.splitlines()[1]
    assert "the other one went on. Answers: 1 right, 0 wrong, 1 lost." in out.splitlines()[-1]
    code, out, err = run("crash", "exception", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "") and out.count("\n") == 1
    assert {"schema", "fault", "container", "actors", "endings", "events", "summary"} <= set(found)
    assert (found["schema"], found["fault"], found["container"]) == (1, "exception", "thread")
    assert found["summary"].startswith("thread 2 was ended by ZeroDivisionError")
    back = encoding.loads(out)
    assert (back.probe, back.facts["summary"]) == ("crash", found["summary"])


@pytest.mark.parametrize(
    ("words", "says"),
    [(["null-pinter"], "fault='null-pinter': fault must be one of: null pointer"),
     (["exception", "--in", "threads"], "Did you mean 'thread'?"),
     (["exception", "--siblings", "99"], "siblings must be a whole number from 1 to 7")],
)  # fmt: skip
def test_a_crash_that_is_none_is_refused_with_the_nearest(run, words, says):
    code, out, err = run("crash", *words)
    assert (code, out) == (2, "") and says in err and err.count("\n") == 1
