"""The address space of a process: parsed, named and told, from recorded trees and made-up lines."""

import json
import os
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib import inspecting
from conclib.inspecting import elsewhere, process_files, reading, region, sections, space_text
from conclib.inspecting.totals import NO_SHARES, SUMMED
from conclib.probes import _elf, _regions
from conclib.results import ConclibError, Unavailable, wording
from tests.proc_trees import inspect, pid_of

PAGE = 4096
PROGRAM = "/bin/prog"
KEYS = ("start", "end", "perms", "kind", "path", "size", "rss", "pss", "private")


def line(start, end, perms="rw-p", path="", offset=0):
    """Return a line of maps; addresses in pages."""
    return f"{start * PAGE:x}-{end * PAGE:x} {perms} {offset * PAGE:08x} 00:00 0 {path}\n"


def kinds(*lines, stacks=(), loads=None):
    """Return kind and part of each region of lines of maps."""
    regions = _regions.parse("".join(lines))
    labelled = _regions.label(regions, PROGRAM, tuple(place * PAGE for place in stacks), loads)
    return [(each["kind"], each["part"]) for each in labelled]


# Parsing ----------------------------------------------------------------------------------------
def test_a_line_of_maps_becomes_a_region():
    (found,) = _regions.parse("559e4c1d2000-559e4c2fe000 r-xp 0002d000 08:01 131    /usr/bin/a b\n")
    assert found == {
        "start": 0x559E4C1D2000, "end": 0x559E4C2FE000, "perms": "r-xp", "offset": 0x2D000,
        "inode": 131, "path": "/usr/bin/a b",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/tmp/a\\012b", "/tmp/a\nb"),  # as Linux writes a line break
        ("/tmp/a\x0bb\x85c\u2028d", "/tmp/a\x0bb\x85c\u2028d"),  # no ends of lines, for Linux
        ("/tmp/Rss: 4 kB", "/tmp/Rss: 4 kB"),
        ("/tmp/x (deleted)", "/tmp/x (deleted)"),
        ("/tmp/" + "x" * 5000, "/tmp/" + "x" * 5000),
        ("", ""),
    ],
)
def test_a_path_stays_as_it_is(written, path):
    text = line(1, 2, path=written) + "Rss:       8 kB\n" + line(2, 3)
    first, second = _regions.parse(text)
    assert first["path"] == path and first["rss"] == 8192 and "rss" not in second


def test_smaps_are_in_bytes_and_what_is_not_known_is_left_out():
    text = (
        line(1, 2) + "Rss: 4 kB\nPss: 1 kB\nPrivate_Dirty: 0 kB\nVmFlags: rd wr\nTHPeligible: 0\n"
    )
    (found,) = _regions.parse(text)
    assert (found["rss"], found["pss"], found["private_dirty"]) == (4096, 1024, 0)
    assert "swap" not in found


@given(st.integers(0, 20_000))
def test_a_text_that_breaks_off_anywhere_is_read_as_far_as_it_goes(end):
    whole = process_files.read_text
    text = whole(f"tests/data/proc/bracket/{pid_of('bracket')}/smaps")
    complete, found = _regions.parse(text), _regions.parse(text[:end])
    assert [each["start"] for each in found] == [each["start"] for each in complete[: len(found)]]
    for one, other in zip(found[:-1], complete, strict=False):
        assert one == other


def test_nothing_has_no_regions():
    assert _regions.parse("") == [] and _regions.label([], PROGRAM) == []
    assert _regions.locate([], 0) is None


# Kinds --------------------------------------------------------------------------------------------
def test_the_programs_parts_are_told_by_rights_and_its_bss_lies_behind_the_data():
    found = kinds(
        line(1, 2, "r--p", PROGRAM), line(2, 3, "r-xp", PROGRAM), line(3, 4, "rw-p", PROGRAM),
        line(4, 6), line(8, 9, path="[heap]"),
    )  # fmt: skip
    names = ["read-only data", "text", "data", "bss"]
    assert found == [*((name, name) for name in names), ("heap", "")]


def test_a_program_that_lies_in_memory_alone_has_its_parts_too():
    text = line(1, 2, "r-xp", "/memfd:x (deleted)") + line(2, 3, "rw-p", "/memfd:x (deleted)")
    found = _regions.label(_regions.parse(text), "/memfd:x (deleted)")
    assert [each["kind"] for each in found] == ["text", "data"]


@given(st.text("rwxp-s[]/: .so0aelf\n\0\u2028", max_size=200))
def test_whatever_a_text_holds_each_region_gets_a_kind(text):
    try:
        regions = _regions.parse(text)
    except ValueError:  # a line that is none of Linux's
        return
    assert all(each["kind"] in _regions.KINDS for each in _regions.label(regions, PROGRAM))


def test_memory_that_does_not_touch_the_data_is_no_bss():
    assert kinds(line(1, 2, "rw-p", PROGRAM), line(3, 4))[1] == ("anonymous", "")
    assert kinds(line(1, 2, "r--p", PROGRAM), line(2, 3))[1] == ("anonymous", "")


@pytest.mark.parametrize(
    ("perms", "path", "kind"),
    [
        ("r-xp", "/lib/libc.so.6", "shared library"),
        ("r-xp", "/lib/x/_ssl.cpython-311-x86_64-linux-gnu.so", "shared library"),
        ("r-xp", "/lib/libold.so (deleted)", "shared library"),
        ("r-xp", "/lib64/ld-2.31.so", "shared library"),
        ("r--p", "/usr/lib/locale/C.utf8/LC_CTYPE", "file"),
        ("r--p", "/srv/so.txt", "file"),
        ("rw-s", "/dev/zero (deleted)", "shared memory"),
        ("rw-s", "/memfd:x (deleted)", "shared memory"),
        ("rw-s", "/dev/shm/x", "shared memory"),
        ("rw-s", "/SYSV00000000 (deleted)", "shared memory"),
        ("rw-s", "", "shared memory"),
        ("rw-p", "[stack]", "stack"),
        ("rw-p", "[stack:123]", "thread stack"),
        ("rw-p", "[anon: glibc: pthread stack: 7]", "thread stack"),
        ("rw-p", "[anon: glibc: malloc]", "anonymous"),
        ("rw-s", "[anon_shmem:x]", "shared memory"),
        ("r-xp", "[vdso]", "vdso"),
        ("--xp", "[vsyscall]", "vdso"),
        ("rw-p", "", "anonymous"),
        ("---p", "", "guard"),
        ("---p", "/lib/libc.so.6", "shared library"),
        ("---p", PROGRAM, "reserved"),
    ],
)
def test_a_regions_kind(perms, path, kind):
    assert kinds(line(1, 2, perms, path))[0][0] == kind
    assert kind in _regions.KINDS


def test_a_thread_stack_is_where_a_threads_stack_pointer_is_and_a_guard_lies_below():
    found = kinds(
        line(1, 2, "---p"), line(2, 9), line(20, 90, "---p"), line(90, 99), stacks=(5, 91)
    )
    assert [kind for kind, _ in found] == ["guard", "thread stack", "guard", "thread stack"]
    assert kinds(line(20, 90, "---p"), line(90, 99))[0][0] == "reserved"


LOADS = [
    {"offset": 0, "address": 0, "file_size": 2 * PAGE, "size": 2 * PAGE, "writable": False},
    {"offset": 2 * PAGE, "address": 3 * PAGE, "file_size": 90, "size": PAGE + 9, "writable": True},
]


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        (102, ("shared library", "bss")),
        (103, ("anonymous", "")),
        (101.5, ("shared library", "bss")),
    ],
)
def test_a_librarys_bss_ends_where_its_file_says(end, kind):
    lines = [line(100, 101, "rw-p", "/lib/liba.so", 2), line(101, int(end * 2) // 2 or 0)]
    lines[1] = f"{101 * PAGE:x}-{int(end * PAGE):x} rw-p 0 00:00 0 \n"
    assert kinds(*lines, loads=lambda _: LOADS)[1] == kind
    assert kinds(*lines)[1] == ("anonymous", "")


@pytest.mark.parametrize(("file_size", "also"), [(90, ("bss",)), (PAGE, ())])
def test_where_the_bss_begins_within_the_datas_last_page_the_data_says_so(file_size, also):
    known = [{**LOADS[1], "file_size": file_size, "size": PAGE + 9}]
    lines = [line(100, 101, "rw-p", PROGRAM, 2), line(101, 102)]
    data, bss = _regions.label(_regions.parse("".join(lines)), PROGRAM, loads=lambda _: known)
    assert data.get("also", ()) == also and bss["part"] == "bss"
    assert region.region(data).name == f"{', '.join(['data', *also])} prog"


def test_a_page_of_bss_with_other_rights_is_bss_still():
    lines = [line(100, 101, "rw-p", PROGRAM, 2), line(101, 102), line(102, 103, "r--p"),
             line(103, 104)]  # fmt: skip
    known = [{**LOADS[1], "size": 4 * PAGE}]
    assert [part for _, part in kinds(*lines, loads=lambda _: known)] == ["data"] + ["bss"] * 3
    assert [part for _, part in kinds(*lines)] == ["data", "bss", "", ""]


@pytest.mark.parametrize(
    "content", [b"", b"\x7fELF", b"\x7fELF\x02\x01" + b"\0" * 10, b"#!/bin/sh\n" * 9]
)
def test_a_file_of_another_form_has_no_loaded_parts(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    assert _elf.loads(str(tmp_path / "x")) == []
    assert sections.sections(str(tmp_path / "x")) == ()
    assert _elf.loads(str(tmp_path)) == [] == _elf.loads("/nowhere")
    assert sections.sections("/nowhere") == ()


# Recorded trees --------------------------------------------------------------------------------
def test_a_process_named_like_the_end_of_a_field_is_read_rightly():
    """Row 30."""
    space = inspect("bracket")
    assert space.name == ") R (" and [task.state for task in space.tasks] == ["T", "T"]
    assert [task.name for task in space.tasks] == [") R (", "prog"]
    assert space.notes == () and len(space) == len(space.regions) > 20
    assert {"text", "data", "heap", "stack", "thread stack", "guard", "vdso"} <= {
        each.kind for each in space
    }
    (stack,) = space.kind("thread stack")
    assert space.tasks[1].stack_pointer in stack and not stack.guessed
    assert stack.size == 8 * 2**20 and stack.rss < stack.size


def test_totals_are_linuxs_own_sums():
    space = inspect("bracket")
    held = space.totals
    assert 0 < held.uss <= held.pss <= held.rss < held.vms
    assert held.rss == sum(each.rss for each in space)
    assert held.uss == sum(each.private for each in space)
    assert held.vms == sum(each.size for each in space if each.path != "[vsyscall]")
    assert 0 <= held.pss - sum(each.pss for each in space) < 1024 * len(space)


def test_without_smaps_rollup_the_regions_are_summed_and_it_says_so():
    """Row 28."""
    space = inspect("no_rollup")
    assert space.notes == (SUMMED,)
    assert space.totals.rss == sum(each.rss for each in space)
    whole = inspect("bracket")
    apart = inspect("bracket", smaps_rollup=PermissionError)
    assert (apart.totals.rss, apart.totals.uss) == (whole.totals.rss, whole.totals.uss)
    assert 0 <= whole.totals.pss - apart.totals.pss < 1024 * len(whole)


def test_without_smaps_there_are_regions_and_no_shares_and_it_says_so():
    space = inspect("bracket", smaps=FileNotFoundError, smaps_rollup=FileNotFoundError)
    assert len(space) == len(inspect("bracket")) and space.notes == (NO_SHARES,)
    assert space.totals.pss is None is space.totals.uss and space.totals.rss > 0
    assert all(each.rss is None and each.private is None for each in space)
    assert "not known" in space.text and json.loads(json.dumps(space.to_json()))
    assert space.to_json()["regions"][0]["rss"] is None


def test_a_zombie_has_a_record_and_no_map():
    """Row 29."""
    space = inspect("zombie")
    assert len(space) == 0 and space.tasks[0].state == "Z"
    assert vars(space.totals) == {"vms": 0, "rss": 0, "pss": 0, "uss": 0}
    assert space.notes == (reading.ZOMBIE,) and reading.ZOMBIE in space.text
    assert "only its record is left" in space._repr_html_() and space.to_frame().empty
    assert space.locate(4096).kind == "nothing"


@pytest.mark.parametrize(
    ("case", "instead", "reason"),
    [
        ("vanished", {}, "gone"),
        ("vanished", {"maps": ProcessLookupError}, "gone"),
        ("denied", {"smaps": PermissionError, "maps": PermissionError}, "denied"),
        ("bracket", {"stat": FileNotFoundError}, "gone"),
        ("bracket", {"status": ProcessLookupError}, "gone"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(case, instead, reason):
    """Rows 29 and 31."""
    with pytest.raises(inspecting.CannotInspect, match=f"^pid={pid_of(case)}: ") as caught:
        inspect(case, **instead)
    assert caught.value.reason == reason and isinstance(caught.value, ConclibError)
    assert isinstance(caught.value, ValueError), "the command's exit code is 2"


def test_another_users_process_is_refused_for_root_too():
    """Row 31."""
    with pytest.raises(inspecting.CannotInspect, match="another user") as caught:
        inspect("bracket", owner=os.getuid() + 1)
    assert caught.value.reason == "not yours"


def changing(*texts):
    """Return what is another text each time it is read; the last one stays."""
    left = list(texts)

    class Changing:
        def __str__(self):
            return left.pop(0) if len(left) > 1 else left[0]

    return Changing()


def stat(state="S", start=5):
    """Return the text of a stat file."""
    return f"7 (x) {state} " + "1 " * 18 + f"{start} 1 1"


@pytest.mark.parametrize("smaps", [None, "", PermissionError])
def test_one_that_ends_while_it_is_read_is_a_zombie(smaps):
    """Row 29: its map was read, is empty, or may not be read any more."""
    more = {} if smaps is None else {"smaps": smaps, "maps": smaps}
    found = inspect("bracket", stat=changing(stat(), stat("Z")), **more)
    assert found.notes == (reading.ZOMBIE,) and len(found) == 0


@pytest.mark.parametrize("later", [stat(start=6), ""], ids=["its number given again", "gone"])
def test_one_that_is_gone_when_all_is_read_is_gone(later):
    with pytest.raises(inspecting.CannotInspect, match="no such process"):
        inspect("bracket", stat=changing(stat(), later))


def test_a_thread_of_linux_itself_has_no_memory():
    space = inspect("bracket", smaps="", maps="", smaps_rollup="", statm="0 0 0 0 0 0 0")
    assert space.notes == (reading.SYSTEM,) and len(space) == 0


def test_a_program_of_32_bits():
    space = inspect("bits32")
    assert [each.kind for each in space][:5] == [
        "read-only data", "text", "read-only data", "data", "bss",
    ]  # fmt: skip
    assert all(each.end <= 2**32 for each in space) and space.kind("stack")


def test_where_there_is_no_proc_psutil_is_asked_or_it_says_what_is_missing(tmp_path, monkeypatch):
    """Row 32."""
    monkeypatch.setattr(elsewhere, "inspect", lambda pid: pid)
    assert inspecting.inspect(7, proc=str(tmp_path / "none")) == 7


def test_a_part_that_overlaps_one_before_it_is_left_out_and_said():
    text = line(1, 3) + "Rss: 4 kB\n" + line(2, 4) + "Rss: 4 kB\n" + line(5, 6) + "Rss: 4 kB\n"
    space = inspect("bracket", smaps=text)
    assert [each.start // PAGE for each in space] == [1, 5] and reading.MOVED in space.notes


def test_a_list_that_broke_off_says_so():
    space = inspect("bracket", smaps=line(1, 3) + "Rss: 4 kB\n" + line(3, 4, "r--p"))
    assert [each.rss for each in space] == [4096, None] and reading.CUT in space.notes


def test_a_stack_that_nobody_named_is_a_guess_and_called_so():
    space = inspect("bracket", syscall=PermissionError)
    (stack,) = space.kind("thread stack")
    assert stack.guessed and "(a guess)" in stack.name and "a guess" in space.notes[0]
    assert stack == inspect("bracket").kind("thread stack")[0].__class__(**{**vars(stack)})
    named = inspect("bracket").kind("thread stack")[0]
    assert (stack.start, stack.end) == (named.start, named.end)
    running = inspect("bracket", syscall="running")
    assert running.kind("thread stack")[0].guessed


# Elsewhere than on Linux --------------------------------------------------------------------------
class NoSuchProcess(Exception):
    pass


class AccessDenied(Exception):
    pass


def fake_psutil(**process):
    """Return a psutil that knows one process of ours."""
    usual = {
        "memory_info": lambda: SimpleNamespace(vms=9, rss=5),
        "memory_full_info": lambda: SimpleNamespace(uss=3),
        "status": lambda: "sleeping",
        "name": lambda: "prog",
        "exe": lambda: "/bin/prog",
        "threads": lambda: [SimpleNamespace(id=7)],
        "uids": lambda: SimpleNamespace(real=os.getuid()),
    }
    made = SimpleNamespace(**{**usual, **process})
    return SimpleNamespace(
        Process=lambda pid: made, NoSuchProcess=NoSuchProcess, AccessDenied=AccessDenied
    )


def test_elsewhere_it_is_what_psutil_knows_and_says_so():
    space = elsewhere.inspect(7, fake_psutil())
    assert vars(space.totals) == {"vms": 9, "rss": 5, "pss": None, "uss": 3}
    assert space.notes == (elsewhere.NOTE, elsewhere.NO_REGIONS) and not space.regions
    assert [task.tid for task in space.tasks] == [7]


def test_elsewhere_regions_are_listed_where_they_have_addresses():
    rows = [
        SimpleNamespace(addr="3000-4000", perms="r-x", path="/bin/prog", rss=1),
        SimpleNamespace(addr="1000-2000", perms="rw-", path="[anon]", rss=2),
        SimpleNamespace(addr="0x77", perms="r", path="C:\\x", rss=3),
    ]
    space = elsewhere.inspect(7, fake_psutil(memory_maps=lambda grouped: rows))
    assert [(each.start, each.kind) for each in space] == [(0x1000, "anonymous"), (0x3000, "file")]


@pytest.mark.parametrize(
    ("error", "reason"), [(NoSuchProcess, "gone"), (AccessDenied, "denied"), (None, "not yours")]
)
def test_elsewhere_too_a_process_may_be_refused(error, reason):
    def fail():
        if error:
            raise error
        return SimpleNamespace(real=os.getuid() + 1)

    with pytest.raises(inspecting.CannotInspect) as caught:
        elsewhere.inspect(7, fake_psutil(uids=fail))
    assert caught.value.reason == reason


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_without_proc_on_linux_or_without_psutil_it_is_not_available(monkeypatch, system):
    """Row 32."""
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setitem(sys.modules, "psutil", None)
    with pytest.raises(Unavailable, match="no /proc here"):
        elsewhere.inspect(7)


# What is asked ------------------------------------------------------------------------------------
@pytest.mark.parametrize("pid", [0, -1, 2**22 + 1])
def test_a_number_that_no_process_has_is_refused(pid):
    """Row 48."""
    with pytest.raises(ValueError, match=f"pid={pid}: pid must be a whole number from 1 to"):
        inspecting.inspect(pid)


@pytest.mark.parametrize("pid", [True, 1.0, "1"])
def test_what_is_no_number_is_refused(pid):
    with pytest.raises(TypeError, match="pid must be a whole number"):
        inspecting.inspect(pid)


@pytest.mark.parametrize("address", [-1, 2**64, 1.5, "0x10", None])
def test_what_is_no_address_is_refused(address):
    with pytest.raises((TypeError, ValueError), match="address"):
        inspect("bracket").locate(address)


# How it is shown ----------------------------------------------------------------------------------
def test_json_is_of_the_form_that_is_promised():
    space = inspect("bracket")
    found = json.loads(json.dumps(space.to_json()))
    assert list(found) == ["schema", "pid", "regions", "totals", "tasks"]
    assert found["schema"] == 1 and found["pid"] == pid_of("bracket")
    assert all(tuple(each) == KEYS for each in found["regions"])
    assert set(found["totals"]) == {"vms", "rss", "pss", "uss"}
    assert all({"tid", "state"} <= set(each) for each in found["tasks"])
    first = found["regions"][0]
    assert first["size"] == first["end"] - first["start"] == space.regions[0].size


def test_text_card_and_frame_have_each_region():
    space = inspect("bracket")
    assert space.text.count("\n") > len(space) and ") R (" in space.text
    assert all(f"{each.start:x}-{each.end:x}" in space.text for each in space)
    assert (
        f"All {len(space)} regions" in space._repr_html_() and "<script" not in space._repr_html_()
    )
    frame = space.to_frame()
    assert len(frame) == len(space) and tuple(frame.columns[:9]) == KEYS
    assert "\n" not in repr(space) and repr(space.totals) in repr(space.totals)
    assert "Region(" in repr(space.regions[0])


def test_of_very_many_regions_a_notebook_shows_some_and_says_so():
    text = "".join(line(2 * number, 2 * number + 1) + "Rss: 4 kB\n" for number in range(1, 1503))
    card = inspect("bracket", smaps=text)._repr_html_()
    assert "The first 1000 of 1,502 regions; to_frame() has all" in card
    assert len(card) < 500_000


def test_a_hostile_name_can_be_printed_and_is_no_markup():
    evil = "/tmp/\x1b[31m<script>\udcff\\012x"
    space = inspect("bracket", smaps=line(1, 2, path=evil) + "Rss: 4 kB\n")
    space.text.encode("utf-8")
    assert "\x1b" not in space.text and "<script>" not in space._repr_html_()
    assert wording.printable("a\nb") == "a\\nb"
    json.dumps(space.to_json()).encode()


def test_many_tasks_are_counted_by_state():
    made = [inspecting.Task(number, "S") for number in range(5)] + [inspecting.Task(9, "R")]
    assert space_text.tasks_text(made) == "6: 5 waiting, 1 running or ready"
    assert space_text.tasks_text(()) == "none"
    assert inspecting.Task(1, "?").state_text == "in the state ?"
