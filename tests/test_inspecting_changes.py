"""What has changed between two looks at a process's memory; and how a map is put in few blocks."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib import inspecting, plots
from conclib.inspecting import AddressSpace, Region, Totals
from conclib.plots import space_blocks
from tests.proc_trees import inspect

FILE = "/lib/liba.so"


def region(start, end, perms="rw-p", kind="anonymous", path="", *, offset=0, rss=0):
    return Region(start, end, perms, kind, path, offset, rss, rss, rss, rss)


def space(*regions, **totals):
    held = Totals(**{"vms": 0, "rss": 0, "pss": 0, "uss": 0, **totals})
    return AddressSpace(7, regions, held, (), "prog")


def changes(before, after):
    """Return what, direction, start and end of each change."""
    found = space(*before).difference(space(*after))
    return [(each.what, each.direction, each.start, each.end) for each in found]


HEAP = {"kind": "heap", "path": "[heap]"}
STACK = {"kind": "stack", "path": "[stack]"}
CASES = {
    "nothing": ([region(1, 5)], [region(1, 5)], []),
    "new": ([], [region(1, 5)], [("new", "", 1, 5)]),
    "gone": ([region(1, 5)], [], [("gone", "", 1, 5)]),
    "heap grows at its top": (
        [region(1, 5, **HEAP)], [region(1, 9, **HEAP)], [("grew", "up", 5, 9)],
    ),
    "stack grows at its bottom": (
        [region(5, 9, **STACK)], [region(2, 9, **STACK)], [("grew", "down", 2, 5)],
    ),
    "a heap that grew downward would be told so": (
        [region(5, 9, **HEAP)], [region(2, 9, **HEAP)], [("grew", "down", 2, 5)],
    ),
    "both edges": ([region(4, 5)], [region(2, 7)], [("grew", "down", 2, 4), ("grew", "up", 5, 7)]),
    "shrinks at its top": ([region(1, 9)], [region(1, 5)], [("shrank", "down", 5, 9)]),
    "shrinks at its bottom": ([region(1, 9)], [region(5, 9)], [("shrank", "up", 1, 5)]),
    "a hole": ([region(1, 9)], [region(1, 3), region(5, 9)], [("gone", "", 3, 5)]),
    "a hole that is filled": ([region(1, 3), region(5, 9)], [region(1, 9)], [("new", "", 3, 5)]),
    "rights": ([region(1, 5)], [region(1, 5, "r--p")], [("rights", "", 1, 5)]),
    "rights of a part": (
        [region(1, 9)], [region(1, 3), region(3, 5, "r--p"), region(5, 9)], [("rights", "", 3, 5)],
    ),
    "other rights and larger": (
        [region(1, 3), region(3, 9, "---p")], [region(1, 5), region(5, 9, "---p")],
        [("rights", "", 3, 5)],
    ),
    "another file in its place": (
        [region(1, 5)], [region(1, 5, path=FILE)], [("gone", "", 1, 5), ("new", "", 1, 5)],
    ),
    "the same file elsewhere": (
        [region(1, 5, path=FILE)], [region(11, 15, path=FILE)],
        [("gone", "", 1, 5), ("new", "", 11, 15)],
    ),
    "another place of the same file": (
        [region(1, 5, path=FILE)], [region(1, 5, path=FILE, offset=4)],
        [("gone", "", 1, 5), ("new", "", 1, 5)],
    ),
    "a library's BSS where plain memory was": (
        [region(1, 5)], [region(1, 5, kind="shared library")],
        [("gone", "", 1, 5), ("new", "", 1, 5)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_named_and_its_direction_is_what_was_seen(case):
    before, after, expected = CASES[case]
    assert changes(before, after) == expected


@st.composite
def maps(draw):
    """Draw a list of regions in order, with gaps or without."""
    edges = sorted(draw(st.sets(st.integers(0, 40), max_size=12)))
    pairs = pairwise(edges)
    kept = [pair for pair in pairs if draw(st.booleans())]
    rights, paths = st.sampled_from(["rw-p", "r--p"]), st.sampled_from(["", "[heap]"])
    return [region(*pair, draw(rights), path=draw(paths)) for pair in kept]


def covered(regions):
    return {(place, each.path) for each in regions for place in range(each.start, each.end)}


@given(maps(), maps())
def test_changes_are_just_what_one_list_has_and_the_other_has_not(before, after):
    found = space(*before).difference(space(*after))
    came = [each for each in found if each.what in ("new", "grew")]
    went = [each for each in found if each.what in ("gone", "shrank")]
    for some, more, less in ((came, after, before), (went, before, after)):
        places = [
            (place, each.region.path) for each in some for place in range(each.start, each.end)
        ]
        assert len(places) == len(set(places))
        assert set(places) == covered(more) - covered(less)
    assert list(space(*before).difference(space(*before))) == []


def test_a_difference_in_words_json_and_frame():
    before = space(region(1, 5, **HEAP), region(9, 11), rss=4096, pss=None)
    after = space(region(1, 9, **HEAP), region(9, 11, "r--p"), rss=12288, pss=1)
    found = before.difference(after)
    assert "heap grew up by 4" in found.text and "rw-p, now r--p" in found.text
    assert found.totals == {"vms": 0, "rss": 8192, "pss": None, "uss": 0}
    assert "RSS +8.00 kB" in found.text and "PSS not known" in found.text and "±0 B" in found.text
    kept = json.loads(json.dumps(found.to_json()))
    assert [each["what"] for each in kept["changes"]] == ["grew", "rights"]
    assert kept["changes"][1]["perms_before"] == "rw-p" and kept["totals"]["rss"] == 8192
    assert list(found.to_frame()["direction"]) == ["up", ""] and len(found) == 2
    assert "heap grew up" in found._repr_html_() and "\n" not in repr(found)


def test_of_nothing_it_says_nothing_and_of_much_a_library_is_one_line():
    assert "nothing has changed" in repr(space().difference(space()))
    assert "nothing has changed" in space().difference(space())._repr_html_()
    library = [
        region(start, start + 4, path=FILE, offset=start, kind="shared library")
        for start in range(0, 20, 4)
    ]
    bss = region(20, 24, kind="shared library")
    found = space().difference(space(*library, bss))
    assert len(found) == 6 and found.text.count("\n") == 1
    assert "shared library liba.so is new: 6 regions, 24" in found.text


def test_two_processes_are_both_named():
    other = AddressSpace(8, (), Totals(), (), "child")
    assert repr(space().difference(other)).startswith("process 7 (prog), then process 8 (child)")


@pytest.mark.parametrize("after", [None, 7, [region(1, 2)]])
def test_what_is_no_address_space_is_refused(after):
    with pytest.raises(TypeError, match=r"after=\w+: must be what cl.inspect gave"):
        space().difference(after)


# Pictures --------------------------------------------------------------------------------------
def test_a_map_keeps_true_order_and_every_byte():
    found = inspect("bracket")
    blocks = space_blocks.blocks(found)
    assert [each.start for each in blocks] == sorted(each.start for each in blocks)
    assert sum(each.size for each in blocks) == sum(each.size for each in found)
    assert sum(each.count for each in blocks) == len(found)
    assert sum(each.rss for each in blocks) == sum(each.rss for each in found)
    kinds = {kind for each in blocks for kind in each.kinds}
    assert kinds == {each.kind for each in found}


@pytest.mark.parametrize("count", [1, 19, 300, 5000])
@pytest.mark.parametrize("apart", [1, 2**21])
def test_however_many_regions_a_picture_has_few_blocks(count, apart):
    size = 8192
    many = [
        region(10**9 + number * (size + apart), 10**9 + number * (size + apart) + size)
        for number in range(count)
    ]
    ends = [region(0, size, "r-xp", "text", "/p"), region(10**15, 10**15 + size, **STACK)]
    blocks = space_blocks.blocks([ends[0], *many, ends[1]])
    assert len(blocks) <= 2 * space_blocks.MAX_BLOCKS
    assert {"text", "stack"} <= {each.kind for each in blocks if each.count == 1}
    assert sum(each.size for each in blocks) == size * (count + 2)


def test_what_is_marked_stays_alone_and_is_named():
    found = inspect("bracket")
    (text,) = found.kind("text")
    library = next(each for each in found if each.part == "text" and each.kind != "text")
    marks = {"main": text.start + 5, "printf": library.start, "nowhere": 3}
    picture = plots.space(found, marks=marks)
    assert (
        f"main: {text.start + 5:x}" in picture.alt and f"printf: {library.start:x}" in picture.alt
    )
    rows = [row for row in picture.table.rows if "printf" in row[-1]]
    assert len(rows) == 1 and rows[0][0] == f"{library.start:x}-{library.end:x}"


def test_regions_that_a_probe_reports_are_drawn_as_those_of_a_record():
    found = inspect("bracket")
    told = [each.to_json() for each in found]
    title = "Where?"
    assert (
        plots.space(told, title=title).alt.split(" From")[1]
        == (plots.space(found, title=title).alt.split(" From")[1])
    )


@pytest.mark.parametrize("bad", [[], [{}], [{"start": 1, "end": 2}]])
def test_what_has_no_regions_cannot_be_drawn(bad):
    with pytest.raises(ValueError, match="region"):
        plots.space(bad)


def test_what_came_and_went_is_marked_in_the_picture():
    page = 4096
    before = space(region(page, 5 * page, **HEAP), region(10**9, 10**9 + page))
    after = space(region(page, 9 * page, **HEAP), region(10**12, 10**12 + page))
    picture = plots.space_changes(before.difference(after))
    assert "↑ heap grew up by 16.0 kB" in picture.alt
    assert "anonymous is gone: 4.00 kB" in picture.alt and "anonymous is new" in picture.alt
    same = plots.space_changes(before.difference(before))
    assert "as before: heap" in same.alt and "grew" not in same.alt


def test_every_kind_has_a_look_of_its_own():
    from conclib.plots.space_drawing import LOOKS
    from conclib.probes._regions import KINDS

    assert set(LOOKS) == set(KINDS)
    assert len(set(LOOKS.values())) == len(LOOKS)


def test_plot_draws_what_was_inspected(monkeypatch):
    import conclib as cl

    found = inspect("bracket")
    assert cl.plot(found, title="Here?").text().startswith("Here?")
    assert "as before" in cl.plot(found.difference(found)).text()
    for result, kind in ((found, "lanes"), (found.difference(found), "map")):
        with pytest.raises(TypeError, match="is a 'map', two are 'changes'"):
            cl.plot(result, kind)
    assert isinstance(inspecting.Change("new", 1, 2, region(1, 2)).text, str)
