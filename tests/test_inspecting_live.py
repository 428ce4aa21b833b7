"""Living processes, inspected: held against nm, gdb and psutil, while they move, end, or refuse."""

import json
import mmap
import os
import re
import shutil
import subprocess
import sys
from ctypes import CDLL, addressof, c_char, c_void_p
from pathlib import Path

import psutil
import pytest

import conclib as cl
from conclib import cli, inspecting
from conclib.inspecting import process_files
from tests import interpreters, living

pytestmark = (
    pytest.mark.worker
)  # once more as an ordinary user: root does not notice what is denied

KINDS = {"t": "text", "r": "read-only data", "d": "data", "b": "bss"}  # of nm's letters
PLACES = {"fixed": "read-only data", "seven": "data", "zero": "bss", "many": "bss", "main": "text"}
SECTIONS = {"fixed": ".rodata", "seven": ".data", "zero": ".bss", "many": ".bss", "main": ".text"}
# Of every CPython since 3.11: text, fixed text, a variable with a value, one that starts at 0.
OF_PYTHON = ("Py_Main", "Py_Version", "PyLong_Type", "Py_DebugFlag")


LINKED = {
    "pie": ("-pie", "-fPIE"),
    "fixed": ("-no-pie", "-fno-pie"),
    # code and fixed text share a region, and two parts of the file begin at offset 0
    "joined": ("-pie", "-fPIE", "-Wl,-z,noseparate-code"),
}


@pytest.fixture(scope="module", params=LINKED.values(), ids=LINKED)
def program(request, tmp_path_factory):
    """Return the C program, to be loaded anywhere and at a fixed place."""
    return living.build(tmp_path_factory.mktemp("symbols"), *request.param)


@pytest.fixture(scope="module")
def any_program(tmp_path_factory):
    return living.build(tmp_path_factory.mktemp("symbols"))


def letters(file, *options):
    """Return nm's letter for each symbol of a file, in lower case."""
    if shutil.which("nm") is None:
        pytest.skip("no nm here")
    done = subprocess.run(["nm", *options, str(file)], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return {row[2].partition("@")[0]: row[1].lower() for row in rows if len(row) == 3}


def gdb_sections(pid, addresses):
    """Return the section that gdb names for each address of a living process."""
    if shutil.which("gdb") is None:
        pytest.skip("no gdb here")
    asked = [word for address in addresses for word in ("-ex", f"info symbol {address:#x}")]
    command = ["gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-p", str(pid), *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    found = re.findall(r" in section (\S+)", done.stdout)
    if len(found) != len(addresses):
        pytest.skip(f"gdb may not look at a process here: {done.stderr[-200:]}")
    return found


# Where symbols lie ------------------------------------------------------------------------------
def test_symbols_lie_where_nm_says(program):
    with living.living(str(program)) as (process, told):
        space = inspecting.inspect(process.pid)
    said = letters(program)
    for name, kind in PLACES.items():
        place = space.locate(told[name])
        assert (place.kind, place.section) == (kind, SECTIONS[name]), name
        assert KINDS[said[name]] == place.kind and place.file == str(program)
    (data,) = space.kind("data")
    assert "bss" in data.also and told["zero"] in data, "both lie in one page"
    assert space.locate(told["local"]).kind == "stack"
    assert space.locate(told["block"]).kind == "heap"
    assert space.locate(0).kind == "nothing"
    assert {each.kind for each in space} >= {"text", "data", "bss", "stack"}


def test_symbols_lie_where_gdb_says(program):
    with living.living(str(program)) as (process, told):
        space = inspecting.inspect(process.pid)
        said = gdb_sections(process.pid, [told[name] for name in PLACES])
    assert [space.locate(told[name]).section for name in PLACES] == said


def pythons():
    """Return the Pythons here: the one that runs the tests, the distribution's, others."""
    found = [sys.executable, "/usr/bin/python3"]
    found += [interpreters.interpreter(f"python3.{minor}") for minor in (11, 12, 13)]
    there = {os.path.realpath(path): path for path in found if path and Path(path).exists()}
    return list(there.values())


@pytest.mark.parametrize("python", pythons())
def test_a_pythons_own_symbols_lie_where_nm_and_gdb_say(python):
    """A distribution's Python has them in the program; a build of one's own, in its library."""
    with living.living(python, "-I", "-c", living.OWN_SYMBOLS, *OF_PYTHON) as (process, told):
        space = inspecting.inspect(process.pid)
        places = [space.locate(told[name]) for name in OF_PYTHON]
        said = letters(places[0].file, "-D")
        sections = gdb_sections(process.pid, list(told.values()))
    assert [place.section for place in places] == sections
    assert [place.part for place in places] == [KINDS[said[name]] for name in OF_PYTHON]
    shared = "libpython" in places[0].file
    assert {place.kind == "shared library" for place in places} == {shared}
    assert all(place.file == places[0].file for place in places)


def test_a_program_whose_file_is_deleted_is_read_all_the_same(any_program, tmp_path):
    copy = tmp_path / "gone"
    shutil.copy(any_program, copy)
    with living.living(str(copy)) as (process, told):
        copy.unlink()
        space = inspecting.inspect(process.pid)
        place = space.locate(told["zero"])
    assert space.program.endswith(" (deleted)") and (place.kind, place.section) == ("bss", ".bss")


# What it holds ----------------------------------------------------------------------------------
@pytest.mark.serial
def test_totals_of_a_stopped_process_are_those_of_psutil(any_program):
    """Each process that starts and loads the same libraries changes the shares meanwhile."""
    with living.living(str(any_program), "3") as (process, _):
        living.stop(process.pid)
        for _ in range(50):
            held = inspecting.inspect(process.pid).totals
            other = psutil.Process(process.pid).memory_full_info()
            if held.pss == other.pss:
                break
    assert (held.vms, held.pss, held.uss) == (other.vms, other.pss, other.uss)


def test_each_thread_has_a_stack(any_program):
    with living.living(str(any_program), "4") as (process, _):
        space = inspecting.inspect(process.pid)
        stacks = space.kind("thread stack")
        assert len(space.tasks) == 5 and len(stacks) == 4
        if not any(each.guessed for each in stacks):  # tracing may not be allowed here
            own = [task.stack_pointer for task in space.tasks if task.tid != process.pid]
            assert sorted(space.locate(pointer).region.start for pointer in own) == sorted(
                each.start for each in stacks
            )


def test_this_process_is_inspected_without_a_number():
    thing = bytearray(2**23)
    space = cl.inspect()
    assert space.pid == os.getpid() == space.tasks[0].tid
    where = addressof(c_char.from_buffer(thing))
    place = space.locate(where)
    assert place.kind in ("anonymous", "heap") and place.section is None
    assert place.region.start <= where < place.region.end


def test_a_thousand_mappings_are_all_listed():
    rights = [mmap.PROT_READ, mmap.PROT_READ | mmap.PROT_WRITE]  # neighbours would be joined
    blocks = [mmap.mmap(-1, 4096, prot=rights[number % 2]) for number in range(1000)]
    space = inspecting.inspect()
    assert len(space.kind("shared memory")) >= 1000
    assert [each.start for each in space] == sorted(each.start for each in space)
    for block in blocks:
        block.close()


# What changes -----------------------------------------------------------------------------------
def test_what_is_asked_for_is_new_and_what_is_given_back_is_gone():
    size = 64 * 2**20
    before = inspecting.inspect()
    block = mmap.mmap(-1, size)
    after = inspecting.inspect()
    (new,) = [each for each in before.difference(after).of("new") if each.size == size]
    assert new.region.kind == "shared memory"
    block.close()
    assert any(each.size == size for each in after.difference(inspecting.inspect()).of("gone"))


def test_other_rights_of_one_page_are_one_change():
    block = mmap.mmap(-1, 16 * mmap.PAGESIZE)
    start = addressof(c_char.from_buffer(block))
    before = inspecting.inspect()
    assert CDLL(None).mprotect(c_void_p(start + 4 * mmap.PAGESIZE), mmap.PAGESIZE, 1) == 0
    (change,) = before.difference(inspecting.inspect()).of("rights")
    assert (change.perms_before, change.region.perms) == ("rw-s", "r--s")
    assert (change.start, change.size) == (start + 4 * mmap.PAGESIZE, mmap.PAGESIZE)


# What moves, ends or refuses --------------------------------------------------------------------
@pytest.mark.slow
def test_a_process_that_maps_and_unmaps_while_it_is_read_is_read(any_program):
    """Row 29: until it ends, too."""
    with living.living(str(any_program), "2", "move") as (process, _):
        for _ in range(60):
            space = inspecting.inspect(process.pid)
            edges = [edge for each in space for edge in (each.start, each.end)]
            assert edges and edges == sorted(edges)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert len(inspecting.inspect(process.pid)) == 0


def test_one_that_has_ended_is_a_zombie_until_it_is_collected():
    """Row 29."""
    process = subprocess.Popen([sys.executable, "-I", "-S", "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    space = inspecting.inspect(process.pid)
    assert len(space) == 0 and space.tasks[0].state == "Z" and "only its record" in space.text
    process.wait()
    with pytest.raises(inspecting.CannotInspect) as caught:
        inspecting.inspect(process.pid)
    assert caught.value.reason == "gone"


@pytest.fixture
def somebody_elses():
    """Yield the number of a process of another user: root starts one, to others the first is."""
    if os.getuid() != 0:
        yield 1
        return
    process = subprocess.Popen(["sleep", "60"], user=65534, cwd="/")
    yield process.pid
    process.kill()
    process.wait()


def test_another_users_process_is_refused(somebody_elses):
    """Row 31."""
    with pytest.raises(inspecting.CannotInspect, match="another user"):
        inspecting.inspect(somebody_elses)


def test_one_that_does_not_let_itself_be_read_is_denied():
    """Row 31: root is let in; who is not, learns why."""
    code = "import ctypes, sys; ctypes.CDLL(None).prctl(4, 0); print('ready', flush=True); input()"
    with living.living(sys.executable, "-I", "-c", code) as (process, _):
        try:
            assert len(inspecting.inspect(process.pid)) > 0
        except inspecting.CannotInspect as caught:
            assert caught.reason == "denied" and "protected" in str(caught)


# The command ------------------------------------------------------------------------------------
def test_the_command_prints_the_json_of_a_process(capsys, any_program):
    with living.living(str(any_program)) as (process, told):
        assert cli.main(["inspect", str(process.pid), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert cli.main(["inspect", str(process.pid)]) == 0
    words = capsys.readouterr().out
    assert found["pid"] == process.pid and found["tasks"][0]["tid"] == process.pid
    (held,) = [each for each in found["regions"] if each["start"] <= told["main"] < each["end"]]
    assert held["kind"] == "text" and held["path"] == str(any_program)
    assert f"process {process.pid} (symbols)" in words and f"{held['start']:x}" in words


def test_without_a_number_the_command_inspects_itself_and_says_so(capsys):
    assert cli.main(["inspect", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["pid"] == os.getpid() and "no PID was given" in said.err


@pytest.mark.parametrize("pid", ["0", "-1", "4194305", "abc", "1.5", ""])
def test_the_command_refuses_what_is_no_process_with_2(capsys, pid):
    """Row 48."""
    try:
        code = cli.main(["inspect", pid])
    except SystemExit as leaving:
        code = leaving.code
    said = capsys.readouterr()
    assert code == 2 and said.out == "" and "pid" in said.err.lower()


def test_the_command_gives_its_reason_and_2_where_it_is_not_there_or_not_ours(
    capsys, somebody_elses
):
    process = subprocess.Popen([sys.executable, "-I", "-S", "-c", ""])
    process.wait()
    assert cli.main(["inspect", str(process.pid)]) == 2
    assert "there is no such process" in capsys.readouterr().err
    assert cli.main(["inspect", str(somebody_elses), "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "another user" in said.err


def test_what_is_denied_gives_2_too(capsys, monkeypatch):
    read = process_files.read_text

    def denied(path):
        if path.endswith("maps"):
            raise PermissionError(path)
        return read(path)

    monkeypatch.setattr(
        inspecting.reading.inspect, "__kwdefaults__", {"proc": "/proc", "read": denied}
    )
    assert cli.main(["inspect", str(os.getpid())]) == 2
    assert "does not let you read" in capsys.readouterr().err
