"""What one more costs: threads, processes, shared memory, reads that copy. Order, invariants."""

import os
import resource
import threading

import pytest

from conclib import lab, worker
from conclib.probes import _accounts, _refuse, _rent_model
from conclib.results import Cancelled, Observation
from conclib.worker import Request, Worker, forms
from tests.interpreters import interpreter

PROBES = ("more_threads", "more_processes", "rent", "rent_drawn", "counted_reads", "collected",
          "many_copies", "python_threads")  # fmt: skip
SMALL = {"more_threads": {"count": 120}, "more_processes": {"count": 3}, "rent": {"size_mb": 8},
         "many_copies": {"copies": 4, "filled_mb": 4}}  # fmt: skip
STREAMED = (forms.Actor, forms.Event, forms.Ending)
KB_OF_A_PAGE = os.sysconf("SC_PAGE_SIZE") // 1024


def seen(name: str, **params) -> Observation:
    """Run a probe, and hold what holds for all of them: nothing is left."""
    item = lab.observe(name, **params)
    assert item.source == "live" and item.facts["left"] == 0
    return item


def under(python: str, name: str, **params) -> dict:
    """Run a probe in a worker of another Python; return its facts."""

    def use(workers: list[Worker]) -> dict:
        workers[0].send_request()
        workers[0].answer(forms.Ready)
        while not isinstance(message := workers[0].answer(*STREAMED, forms.Facts), forms.Facts):
            pass
        return message.data

    whole = lab.probe_files.probe(name, "facts").complete(params)
    return worker.run_workers([Request(name, whole, python=python)], use, deadline=30)


# Threads ------------------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.serial
def test_ten_thousand_threads_cost_each_what_a_hundred_do(home):
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    item = seen("more_threads", count=10_000)
    first, *_, last = item.facts["steps"]
    assert first["threads"] == 100 and last["threads"] == item.facts["there"] == 10_000
    for scale in ("virtual", "rss", "tables"):
        assert last[scale] <= 1.3 * first[scale]
    assert item.facts["took_ms"] < 10_000 and item.facts["refused"] == ""
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own < 50 * 1024


@pytest.mark.worker
def test_the_stacks_size_is_reserved_and_what_is_touched_is_resident(home):
    sizes = [seen("more_threads", count=120, stack_kb=kb) for kb in (64, 512, 8192)]
    reserved, there = ([item.facts["steps"][-1][name] for item in sizes]
                       for name in ("virtual", "rss"))  # fmt: skip
    assert [round(kb) for kb in reserved] == [kb + KB_OF_A_PAGE for kb in (64, 512, 8192)]
    assert max(there) - min(there) < KB_OF_A_PAGE < 64
    touched = seen("more_threads", count=120, touched_kb=256).facts["steps"][-1]["rss"]
    assert touched - there[-1] == pytest.approx(256, abs=8)


@pytest.mark.worker
def test_what_was_touched_stays_until_it_is_given_back(home):
    waited = seen("more_threads", count=50, touched_kb=64, then="wait").facts
    assert waited["then_kb"] >= waited["each_mb"]["rss"] * 1024 - 1
    given = seen("more_threads", count=50, touched_kb=64, then="give back").facts
    assert given["then_kb"] < given["each_mb"]["rss"] * 1024 - 60


@pytest.mark.worker
def test_one_touch_of_a_huge_page_makes_more_resident_or_there_are_none_here(home):
    small, huge = (seen("more_threads", count=20, touched_kb=4, pages=pages).facts["steps"][-1]
                   for pages in ("4k", "huge"))  # fmt: skip
    more = huge["rss"] - small["rss"]
    # none, or a huge page a thread; a stack may lie across the edge of two
    assert abs(more) <= 8 or 2048 / 2 < more < 2 * 2048


@pytest.mark.worker
def test_a_limited_address_space_holds_as_many_threads_as_it_has_place_for_stacks(home):
    """Row 25: refused part-way; how many there were, and why no more, is reported."""
    big = seen("more_threads", count=2000, limit_mb=1024).facts
    assert 110 < big["there"] <= 128 and big["refused"] == os.strerror(11)
    assert big["all_mb"]["rss"] < 10
    assert seen("more_threads", count=1000, limit_mb=1024, stack_kb=256).facts["there"] == 1000


@pytest.mark.worker
def test_too_small_a_limit_refuses_the_first_thread_and_says_so(home):
    item = seen("more_threads", count=10, limit_mb=1, stack_kb=8192)
    assert item.facts["there"] <= 1 and item.facts["refused"]


@pytest.mark.worker
def test_a_ladder_that_is_stopped_leaves_nothing(home):
    stop = threading.Event()
    with pytest.raises(Cancelled):
        lab.observe("more_threads", count=10_000, on_event=lambda _: stop.set(), stop=stop)


@pytest.mark.worker
def test_a_python_thread_reserves_more_than_its_stack(home):
    each = seen("python_threads", count=4).facts["each_mb"]
    native = seen("more_threads", count=50).facts["each_mb"]
    assert each["virtual"] > native["virtual"] and each["virtual"] > 10 * each["rss"]


# Processes ----------------------------------------------------------------------------------------
@pytest.mark.worker
def test_one_more_waiting_duplicate_has_nearly_nothing_to_itself(home):
    item = seen("more_processes", count=20, filled_mb=32)
    one, *_, last = item.facts["steps"]
    assert (one["processes"], last["processes"]) == (1, 20)
    assert last["virtual"] > last["rss"] > 32 * 1024 > last["pss"] > last["uss"]
    assert last["uss"] < 1024 and last["uss"] <= 1.3 * max(one["uss"], 1)
    assert last["pss"] < one["pss"]


@pytest.mark.worker
def test_a_fresh_python_has_more_to_itself_than_a_duplicate(home):
    fork, fresh = (seen("more_processes", kind=kind, count=5).facts for kind in ("fork", "spawn"))
    assert fresh["each_mb"]["uss"] > 5 * fork["each_mb"]["uss"]
    assert fresh["each_mb"]["rss"] >= fresh["each_mb"]["uss"]


@pytest.mark.worker
@pytest.mark.slow
@pytest.mark.serial
def test_five_hundred_processes_are_there_and_gone(home):
    item = seen("more_processes", count=500)
    assert item.facts["there"] == 500 or item.facts["refused"]


@pytest.mark.worker
def test_duplicates_say_they_have_more_than_they_take(home):
    facts = seen("many_copies", copies=20, filled_mb=16).facts
    assert facts["alive"] == facts["processes"] == 21
    assert facts["sum_mb"] > 20 * 16 > 3 * facts["shares_mb"]
    assert facts["machine_mb"] > facts["shares_mb"]


# The rent -----------------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("first", ["parent", "children"])
@pytest.mark.parametrize("do", ["wait", "read"])
def test_only_the_last_holders_end_gives_back_what_all_hold(home, first, do):
    facts = seen("rent", size_mb=32, first=first, do=do).facts
    size, last = 32 * 1024, facts["ends"][-1]
    assert facts["figures"]["uss"][last] == [0, 0, 0, size, None]
    shares = facts["figures"]["pss"][last][:4]
    assert shares == [pytest.approx(size / n, abs=1) for n in (4, 3, 2, 1)]
    assert facts["in_ram_kb"] == [pytest.approx(size, abs=4)] * 4 + [0]
    assert facts["figures"]["rss"][last] == [size] * 4 + [None]


@pytest.mark.worker
def test_what_is_rewritten_is_ones_own(home):
    facts = seen("rent", size_mb=32, do="rewrite").facts
    assert facts["figures"]["uss"]["child 1"][0] == 8 * 1024
    assert facts["in_ram_kb"][0] == pytest.approx((32 + 24) * 1024, abs=4)


@pytest.mark.worker
@pytest.mark.parametrize("seed", [1, 2, 3, 5, 8, 13, 21, 34])
def test_what_is_computed_of_a_seed_is_what_is_there(home, seed):
    facts, drawn = seen("rent_drawn", seed=seed).facts, _rent_model.drawn(seed)
    held = _rent_model.bricks(drawn["size"], drawn["rewrites"])
    for step in range(len(facts["ends"]) + 1):
        for name in facts["names"]:
            for scale, megabytes in _rent_model.figures(held, name).items():
                found = facts["figures"][scale][name][step]
                assert found is None or found == pytest.approx(round(megabytes * 1024), abs=1)
        held = _rent_model.without(held, facts["ends"][step]) if step < len(drawn["ends"]) else []


def test_bricks_and_their_shares():
    held = _rent_model.bricks(4, {"parent": 0, "child 1": 1, "child 2": 2})
    assert _rent_model.figures(held, "parent") == {"rss": 4, "pss": pytest.approx(1 / 3 + 1.5),
                                                   "uss": 0}  # fmt: skip
    assert _rent_model.figures(held, "child 2")["uss"] == 2
    assert len(held) == 4 + 3
    left = _rent_model.without(_rent_model.without(held, "child 1"), "child 2")
    assert _rent_model.figures(left, "parent") == {"rss": 4, "pss": 4, "uss": 4} and len(left) == 4
    assert _rent_model.without(left, "parent") == []


@pytest.mark.parametrize("seed", range(1, 400))
def test_no_seed_has_more_rewritten_than_there_is(seed):
    drawn = _rent_model.drawn(seed)
    assert sum(drawn["rewrites"].values()) <= drawn["size"]
    assert 2 <= len(drawn["rewrites"]) <= 4 and set(drawn["ends"]) <= set(drawn["rewrites"])
    assert drawn == _rent_model.drawn(seed)


# Reads that copy ----------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("over", ["list", "collector off", "tuple"])
def test_reading_objects_copies_all_that_share_a_page_with_them(home, over):
    facts = seen("counted_reads", over=over, objects=200_000).facts
    assert facts["read"] == 2000
    assert facts["grew_mb"]["uss"] > 0.9 * facts["objects_mb"]
    assert facts["grew_mb"]["rss"] < 1 < facts["grew_mb"]["pss"]
    assert facts["faults"] * KB_OF_A_PAGE / 1024 == pytest.approx(facts["grew_mb"]["uss"], abs=0.5)


@pytest.mark.worker
@pytest.mark.parametrize("over", ["one object", "array"])
def test_reading_what_has_no_counts_of_its_own_copies_nothing(home, over):
    facts = seen("counted_reads", over=over, objects=200_000).facts
    assert facts["read"] == 2000 and facts["grew_mb"]["uss"] < 0.3


@pytest.mark.worker
def test_few_enough_reads_leave_pages_alone(home):
    few = seen("counted_reads", every=2000, objects=400_000).facts
    assert few["read"] == 200 and few["grew_mb"]["uss"] < 0.3 * few["objects_mb"]


@pytest.mark.worker
def test_the_collector_copies_lists_and_what_is_frozen_it_leaves_alone(home):
    def grown(of: str, freeze: str) -> float:
        facts = seen("collected", of=of, freeze=freeze, objects=100_000).facts
        return facts["grew_mb"]["uss"]

    assert grown("lists", "no") > 4 * grown("tuples", "no")
    assert grown("lists", "no") > 8 * grown("lists", "yes")


# Everywhere ---------------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.slow
@pytest.mark.parametrize("name", PROBES)
@pytest.mark.parametrize("version", ["python3.9", "python3.12", "python3.13", "python3.14"])
def test_a_probe_runs_under_other_pythons(name, version):
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no {version} here")
    assert under(python, name, **SMALL.get(name, {}))["left"] == 0


@pytest.mark.worker
@pytest.mark.slow
@pytest.mark.parametrize("over", ["list", "one object", "array"])
@pytest.mark.parametrize("version", ["python3.12", "python3.13", "python3.14"])
def test_immortal_objects_do_not_spoil_it(over, version):
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no {version} here")
    grown = under(python, "counted_reads", over=over)["grew_mb"]["uss"]
    assert (grown > 20) if over == "list" else (grown < 0.5)


def test_a_rollup_that_is_missing_is_added_up_from_its_parts(monkeypatch):
    """Row 28."""
    parts = [("a-b r-xp", 8, 4, 1, 2), ("c-d rw-p", 4, 4, 0, 4)]
    names = ("Rss", "Pss", "Private_Clean", "Private_Dirty")
    lines = [
        f"{name}: {kb} kB" for _, *sizes in parts for name, kb in zip(names, sizes, strict=True)
    ]
    texts = {"smaps": "\n".join([parts[0][0], *lines])}

    def read(path: str) -> str:
        try:
            return texts[path.rpartition("/")[2]]
        except KeyError:
            raise FileNotFoundError(path) from None

    monkeypatch.setattr(_accounts, "read", read)
    assert _accounts.resident(7) == {"rss": 12, "pss": 8, "uss": 7}
    texts.clear()
    with pytest.raises(_refuse.Unavailable, match="neither smaps_rollup nor smaps"):
        _accounts.resident(7)


@pytest.mark.parametrize(
    ("name", "params", "says"),
    [
        ("more_threads", {"count": 10_001}, "count=10001"),
        ("more_threads", {"stack_kb": 8}, "stack_kb=8"),
        ("more_threads", {"count": 10_000, "touched_kb": 4096}, "MB would be taken"),
        ("more_processes", {"count": 501}, "count=501"),
        ("more_processes", {"kind": "spawn", "count": 500}, "MB would be taken"),
        ("rent", {"size_mb": 1}, "size_mb=1"),
        ("rent_drawn", {"seed": 0}, "seed=0"),
        ("counted_reads", {"over": "a set"}, "over='a set'"),
        ("collected", {"freeze": "maybe"}, "freeze='maybe'"),
        ("many_copies", {"copies": 500}, "copies=500"),
        ("python_threads", {"count": 0}, "count=0"),
    ],
)
def test_too_much_is_refused_before_anything_starts(name, params, says):
    """Rows 44 and 45."""
    with pytest.raises(ValueError) as caught:
        lab.observe(name, **params)
    assert says in str(caught.value)
