"""The benchmarks' own arithmetic, table and floors. Whether a target is met is for `make bench`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import crashes, creation, floors, maps, patience, startup, table
from benchmarks.floors import Timed
from benchmarks.rounds import differences, interleaved, ratios, slopes, spread
from conclib.results import Run, Unavailable
from conclib.worker.forms import Batch

CPU = max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else -1


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """Return the compiled floor; warnings are errors in it."""
    if floors.compiler() is None:
        pytest.skip("no C compiler here")
    return floors.build(tmp_path_factory.mktemp("floor"))


# Rounds and pairs ----------------------------------------------------------------------------
def test_things_take_turns_and_each_begins_a_round():
    called = []
    things = {name: lambda name=name: called.append(name) or len(called) for name in "abc"}
    found = interleaved(things, rounds=3, warmups=1)
    assert "".join(called) == "abc" + "bca" + "cab" + "abc"
    assert found == {"a": [6, 8, 10], "b": [4, 9, 11], "c": [5, 7, 12]}


def test_a_ratio_is_taken_within_its_round():
    """Both sides drift alike: the ratio of two medians taken apart would not see that."""
    assert ratios([11, 22, 44], [10, 20, 40]) == pytest.approx([1.1, 1.1, 1.1])
    assert differences([5, 9], [2, 3]) == [3, 6]


@pytest.mark.parametrize("ours, floor", [([1, 2], [1]), ([1], [0]), ([1], [-2])])
def test_pairs_that_are_none_are_refused(ours, floor):
    with pytest.raises(ValueError):
        ratios(ours, floor)


def test_a_slope_forgets_what_both_sizes_share():
    small, big = Timed(net=500, resident_mb=70), Timed(net=1500, resident_mb=270)
    slower = [Timed(each.net + 99, each.resident_mb + 9) for each in (small, big)]
    assert slopes([small, slower[0]], [big, slower[1]]) == [5.0, 5.0]
    with pytest.raises(ValueError, match="big"):
        slopes([big], [small])


def test_what_a_floor_costs_is_without_its_baseline():
    assert floors.net(Run(values=(30.0, 10.0, 20.0), baseline=(4.0, 5.0, 9.0))) == 15.0


def test_a_spread_names_both_ends_and_how_many():
    assert spread([1.04, 0.971, 1.0]) == "0.97 to 1.04, 3 rounds"


# Verdicts and the page -----------------------------------------------------------------------
@pytest.mark.parametrize(
    "row, met",
    [
        (table.near_floor("a", [0.5, 1.09, 3.0], "x"), True),
        (table.near_floor("a", [1.11, 1.12, 1.0], "x"), False),
        (table.near_floor("a", [0.89, 0.8, 1.0], "quicker than C: it times something else"), False),
        (table.below("a", [59.9], 60, "ms"), True),
        (table.below("a", [60.0], 60, "ms"), False),
        (table.at_least("a", [10.0], 10, "x"), True),
        (table.at_least("a", [9.9], 10, "x"), False),
        (table.not_measured("a", "no compiler"), False),
    ],
)
def test_a_row_knows_whether_its_target_is_met(row, met):
    assert row.met is met
    assert row.line().split(" | ")[-1] == ("yes |" if met else "**no** |")


def test_the_page_is_a_table_with_its_machine_and_date():
    rows = [table.below("a | b", [1.0, 2.0, 6.0], 3, "ms", "c"), table.not_measured("d", "e")]
    text = table.page(rows, "Linux 6.1, a CPU", "2026-01-02", "So it was")
    assert text.startswith(table.HEAD)
    assert "\nLinux 6.1, a CPU; 2026-01-02. So it was.\n" in text
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert lines[2] == r"| a \| b | below 3 ms | 2.0 ms (c) | 1.0 to 6.0, 3 rounds | yes |"
    assert {line.replace(r"\|", "").count("|") for line in lines} == {6}


def test_the_stored_page_has_the_words_of_today():
    """Whoever changes the words runs `make bench` again."""
    assert table.PAGE.read_text(encoding="utf-8").startswith(table.HEAD)


def test_each_command_writes_its_own_sections_and_keeps_the_others():
    old = "# Page\nwords\n\n## Results\nold\n\n## Faults survived\nall\n"
    assert table.updated(old, "# Page\nnew words\n\n## Results\nnew\n") == (
        "# Page\nnew words\n\n## Results\nnew\n\n## Faults survived\nall\n"
    )
    assert table.updated("# Page\n\n## Results\nold\n", "## Faults survived\nall\n") == (
        "# Page\n\n## Results\nold\n\n## Faults survived\nall\n"
    )
    assert table.updated(old, old) == old


@pytest.mark.parametrize("met, code", [(True, 0), (False, 1)])
def test_the_command_writes_the_page_and_fails_if_a_target_was_missed(
    met, code, tmp_path, monkeypatch, capsys
):
    row = table.Row("start", "below", "it is", "–", met)
    monkeypatch.setattr(table, "PAGE", tmp_path / "README.md")
    monkeypatch.setattr(command, "jobs", lambda *_: [("start", lambda: row)])
    assert command.main() == code
    assert row.line() in (tmp_path / "README.md").read_text()
    assert capsys.readouterr().err == ("" if met else "missed: start\n")


def test_what_cannot_be_had_here_is_a_row_that_says_why(monkeypatch, tmp_path):
    monkeypatch.setattr(floors, "compiler", lambda: None)
    wanted = command.jobs(tmp_path, CPU)[:3]
    rows = list(command.measured(wanted))
    assert [row.met for row in rows] == [False] * 3
    assert all("no C compiler" in row.result for row in rows)


# Floors --------------------------------------------------------------------------------------
@pytest.mark.parametrize("operation", ["pthread", "fork", "posix_spawn"])
def test_a_floor_gives_values_that_are_proved(program, operation):
    with floors.running(program, operation, 1, CPU) as floor:
        assert CPU < 0 or os.sched_getaffinity(floor.pid) == {CPU}
        assert os.getsid(floor.pid) == floor.pid, "a worker has a session of its own, too"
        floor.ask(ask="batch", samples=7)
        batch = floor.answer(Batch)
        floor.finish()
    assert len(batch.values) == 7 and len(batch.baseline) == 5
    assert min(batch.values) > 0
    assert max(batch.baseline) > 0


def test_a_floors_ballast_is_there(program):
    with floors.running(program, "fork", 0, CPU) as floor:
        small = floor.ready["resident_mb"]
    with floors.running(program, "fork", 24, CPU) as floor:
        assert floor.ready["resident_mb"] - small == pytest.approx(24, abs=1)


def test_a_floor_that_ends_early_is_an_error(program):
    with (
        pytest.raises(RuntimeError, match="the floor ended where batch was due"),
        floors.running(program, "pthread", 0, CPU) as floor,
    ):
        floor.ask(ask="batch", samples=0)
        floor.answer(Batch)


def test_an_unknown_operation_is_refused(program):
    ended = subprocess.run([program, "clone", "0", "-1"], capture_output=True, text=True)
    assert ended.returncode == 2
    assert "no operation clone" in ended.stderr


def test_a_compiler_that_refuses_is_an_error(tmp_path, monkeypatch):
    if floors.compiler() is None:
        pytest.skip("no C compiler here")
    broken = tmp_path / "floor.c"
    broken.write_text("int main(void) { int unused; return 0; }")
    monkeypatch.setattr(floors, "SOURCE", broken)
    with pytest.raises(RuntimeError, match="unused"):
        floors.build(tmp_path)


# One tiny round of each row ------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize(
    "make, more",
    [
        (creation.pthread, {}),
        (creation.posix_spawn, {"ballast_mb": 1}),
        (creation.fork_slope, {"sizes": (0, 64)}),
    ],
)
def test_a_probe_meets_its_floor(program, make, more):
    row = make(program, CPU, rounds=1, budget=0.01, **more)
    assert " × C (" in row.result and row.spread.endswith("1 rounds")


@pytest.mark.worker
def test_starts_are_measured():
    rows = startup.worker(rounds=1) + startup.importing(rounds=1)
    assert [row.target.split()[0] for row in rows] == ["below"] * 4


# A map, and what others say of it ------------------------------------------------------------
PMAP = """\
7:   python3 -c x
         Address Perm   Offset Device Inode Size Rss Pss Private_Clean Private_Dirty VmFlags Mapping
    55cddff06000 r--p 00000000  fe:00     4  188   9   8             7             1 rd mr   py (1)
ffffffffff600000 --xp 00000000  00:00     0    4   0   0             0             0      ex
                                         === === === ============= =============
                                         192   9   8             7             1 KB
"""


def test_what_pmap_prints_is_read_whatever_columns_it_has():
    found = {"55cddff06000 r--p": (188, 9, 8, 8), "ffffffffff600000 --xp": (4, 0, 0, 0)}
    assert maps.pmap_figures(PMAP) == found
    assert maps.pmap_figures(PMAP.replace("Inode ", "Inode More ").replace(" 4  188", " 4 3 188")
                             .replace(" 0    4 ", " 0 3 4 ")) == found  # fmt: skip


def test_an_entry_that_differs_or_is_missing_is_a_miss():
    same = {"a": (1, 2), "b": (3,)}
    assert maps.row("x", same, same).met and "0 of 2 entries" in maps.row("x", same, same).result
    for other in ({"a": (1, 3), "b": (3,)}, {"b": (3,)}, {**same, "c": (0,)}):
        assert not maps.row("x", same, other).met
    assert not maps.row("x", {}, {}).met, "nothing was compared"


@pytest.mark.worker
@pytest.mark.serial
@pytest.mark.parametrize("name", maps.OTHERS)
def test_figures_are_those_of_others_to_the_kilobyte(name):
    with maps.stopped() as pid:
        try:
            row = maps.row(name, *maps.undisturbed(pid, maps.OTHERS[name]))
        except Unavailable as reason:
            pytest.skip(str(reason))
    assert row.met, row.result


@pytest.mark.worker
def test_the_time_of_a_map_is_measured():
    row = maps.reading(rounds=1)
    assert row.target == "below 50 ms" and row.spread.endswith("1 rounds")


# Time to an answer ---------------------------------------------------------------------------
RECORD = {
    "benchmarks": [
        {
            "runs": [
                {"metadata": {"duration": 1.0}, "warmups": [[1, 0.1]]},
                {"metadata": {"duration": 1.0}, "values": [10.0, 20.0, 10.0]},
                {"metadata": {"duration": 2.0}, "values": [20.0, 10.0, 20.0]},
                {"metadata": {"duration": 1.0}, "values": [15.0] * 20},
            ]
        }
    ]
}


def test_pyperfs_time_ends_where_its_interval_is_narrow_enough():
    runs = patience.processes(RECORD)
    # 6 s in all, 1 s of it between the four processes: a quarter for each.
    assert patience.narrow_after(6.0, runs, width=0.4) == pytest.approx(4.0 + 0.75)
    assert patience.narrow_after(6.0, runs, width=0.1) == pytest.approx(5.0 + 1.0)
    assert patience.narrow_after(6.0, runs[:3], width=0.1) is None


def test_the_row_beside_pyperf_says_what_is_compared():
    runs = patience.processes(RECORD)
    row = patience.compared([(0.1, 0.05), (0.2, 0.06), (0.3, 0.07)], 6.0, runs)
    assert row.met
    assert row.result.startswith("30 times (0.20 s for ±6.0%; pyperf as narrow after 6.0 s")
    never = patience.compared([(1.0, 0.05)], 6.0, runs[:3])
    assert "never as narrow in 6.0 s" in never.result and not never.met


def test_pyperf_times_the_probes_own_body():
    pytest.importorskip("pyperf")
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.pyperf_pthread", "--debug-single-value"],
        capture_output=True,
        text=True,
        cwd=Path(command.__file__).parent.parent,
    )
    assert ended.returncode == 0, ended.stderr
    assert "\npthread: " in ended.stdout


def test_without_pyperf_the_row_says_so(monkeypatch):
    monkeypatch.setattr(patience.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Unavailable, match="pyperf is not installed"):
        patience.run_pyperf(CPU)


def test_of_a_crash_the_slowest_counts():
    row = table.below("a", [1.0, 2.0, 60.0], 50, "ms", of=max)
    assert row.result == "60.0 ms" and not row.met


@pytest.mark.worker
def test_a_crash_is_noticed_and_answered():
    rows = crashes.segfault(rounds=1)
    assert [row.target for row in rows] == ["below 50 ms", "below 3 s"] * 2
